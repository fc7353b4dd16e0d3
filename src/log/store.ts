// Where a log rests. One LogStore holds one document; what lies behind it (IndexedDB, SQLite, memory) is for the
// rooms above to say. A store keeps bytes that were checked before, in the order of their chains, and judges nothing.
// tests/unit/log/store-suite.ts is the acceptance suite that every implementation passes.
import type { Announced } from "../records/blob"
import { type Envelope, KINDS } from "../records/envelope"
import type { BlobStore } from "./blob-store"
import type { IndexedPlace } from "./chain"
import type { Range } from "./log"

/** Where the envelope stands that must be stored before this one: the one before it, or before the run it stands for. */
export function followsUpon({ header }: Envelope): number {
  return (header.kind === KINDS.rollup ? header.from : header.seq) - 1
}

/** What a store knows of its document without reading bodies. All of it belongs to the caller. */
export interface StoredLog {
  /** In the order in which they were appended: another `Certificates` can add them one after the other. */
  readonly certificates: readonly Uint8Array[]
  readonly sessions: readonly StoredSession[]
  /** The blobs that envelopes among those appended announce, in no particular order. */
  readonly announced: readonly Announced[]
  /** The bytes of every adoption (kind 7) that is stored. */
  readonly adoptions: readonly Uint8Array[]
}

export interface StoredSession {
  /** The bytes of the envelope that opens the session (kind 0, seq 0). */
  readonly open: Uint8Array
  /** The chain in its order. Runs that were dropped are not among them; the rollups that stand for them are. */
  readonly places: readonly IndexedPlace[]
}

/**
 * What is kept in one go: each chain's envelopes in order. Each follows one that is stored or, as a rollup, stands for
 * a run that does.
 */
export interface Batch {
  readonly certificates: readonly Uint8Array[]
  readonly envelopes: readonly Envelope[]
}

export interface LogStore {
  /** Null: nothing of this document is stored. Rejects with StorageError. */
  load(): Promise<StoredLog | null>

  /**
   * One transaction; resolves when it is durable. A certificate or an envelope that is stored already is passed over
   * (another tab may have been first). Rejects with StorageError, and then nothing of the batch is stored; reason
   * "conflict": another envelope is stored at such a place, or the one before it is not. Keeps `batch`'s bytes
   * only until it settles, unless it is a store in memory; never writes to them.
   */
  append(batch: Batch): Promise<void>

  /**
   * The bytes of a range in order, as many as fit `bytesMax` but at least one; what the store does not reach is left
   * out, so an empty array means that it holds nothing of the range. Rejects with StorageError. The caller may keep
   * the arrays and must not write to them.
   */
  read(range: Range, bytesMax: number): Promise<Uint8Array[]>

  /** Forgets runs, each of which a stored rollup stands for. One transaction. Rejects with StorageError. */
  drop(runs: readonly Range[]): Promise<void>

  /** Where what is announced rests. */
  readonly blobs: BlobStore

  /** Lets go of what it holds open. Safe to call twice; nothing is called after it. */
  close(): Promise<void>
}

/** The blobs that an envelope announces; most announce none. */
export function announcedBy({ header }: Pick<Envelope, "header">): readonly Announced[] {
  return header.kind === KINDS.blobs ? header.blobs : []
}

/** unavailable: there is no storage here · full: no room · damaged: it cannot be read · conflict: see `append`. */
export type StorageReason = "unavailable" | "full" | "damaged" | "conflict" | "failed"

/** Storage did not do what was asked. `reason` is stable; the message is for people who look, without secrets. */
export class StorageError extends Error {
  override readonly name = "StorageError"
  readonly reason: StorageReason
  constructor(reason: StorageReason, message: string, options?: ErrorOptions) {
    super(`${reason}: ${message}`, options)
    this.reason = reason
  }
}
