// A log is the set of sealed envelopes that a device holds of one document, as chains: one per session, each
// envelope naming the one before. This file is its index: which ids, in which order, which heads, what another log
// lacks. It is pure: it holds no bodies, knows no disk, no key and no Y.Doc. keeper.ts is the one door into it.
import {
  type DocId,
  type EnvelopeId,
  idBytes,
  idOf,
  NO_ENVELOPE,
  SESSION_ID_BYTES,
  type SessionId,
} from "../bytes/ids"
import type { Reader } from "../bytes/reader"
import { concat, equalBytes, Writer } from "../bytes/writer"
import { H, labelledHash } from "../crypto/hash"
import type { Certificates } from "../records/certificates"
import type { Envelope, Known, Parts, Session } from "../records/envelope"
import { split } from "../records/layout"
import type { Head } from "../records/plain"

/** A stretch of one chain, both ends included. */
export interface Range {
  readonly sessionId: SessionId
  readonly from: number
  readonly to: number
}

/** How far a log holds one chain. `headHash16`: the first 16 bytes of the id at `seq`, so that forks show. */
export interface VectorEntry {
  readonly sessionId: SessionId
  readonly seq: number
  readonly headHash16: Uint8Array
}

/** Two logs hold different envelopes at the same place of one session. */
export interface Fork {
  readonly sessionId: SessionId
  readonly seq: number
}

/** Acceptance step 4 (protocol §4). A gap names what is missing before the envelope, and the envelope itself. */
export type Place = "next" | "known" | "fork" | { readonly gap: Range }

export const HEAD_HASH_BYTES = 16

interface Chain {
  readonly session: Session
  readonly ids: EnvelopeId[]
}

export class Log implements Known {
  readonly certificates: Certificates
  readonly #chains = new Map<SessionId, Chain>()
  #vector: readonly VectorEntry[] | null = null
  #digest: Uint8Array | null = null
  /** Certificates are only ever added: as many as before are the same as before. */
  #certificates: { readonly count: number; readonly digest: Uint8Array } | null = null

  constructor(certificates: Certificates) {
    this.certificates = certificates
  }

  get docId(): DocId {
    return this.certificates.docId
  }

  session(sessionId: SessionId): Session | null {
    return this.#chains.get(sessionId)?.session ?? null
  }

  sessions(): readonly Session[] {
    return [...this.#chains.values()].map(chain => chain.session)
  }

  /** The last place of every chain, in no particular order. */
  heads(): Head[] {
    return [...this.#chains.keys()].map(sessionId => this.head(sessionId)).filter(head => head !== null)
  }

  /** The last place of one chain; null for a session that was never opened here. */
  head(sessionId: SessionId): Head | null {
    const ids = this.#chains.get(sessionId)?.ids
    const id = ids?.at(-1)
    return ids && id ? { sessionId, seq: ids.length - 1, id } : null
  }

  /** The greatest seq held of a session; -1 for one that was never opened here. */
  reach(sessionId: SessionId): number {
    return (this.#chains.get(sessionId)?.ids.length ?? 0) - 1
  }

  /** The id at a place, or null if this log does not reach it. */
  idAt(sessionId: SessionId, seq: number): EnvelopeId | null {
    return this.#chains.get(sessionId)?.ids[seq] ?? null
  }

  /** Where an envelope belongs. Says nothing about whether it is genuine. */
  placeOf({ id, header: { sessionId, seq, prev } }: Pick<Parts, "id" | "header">): Place {
    const reach = this.reach(sessionId)
    if (seq <= reach) return this.idAt(sessionId, seq) === id ? "known" : "fork"
    if (seq > reach + 1) return { gap: { sessionId, from: reach + 1, to: seq } }
    return prev === (this.idAt(sessionId, reach) ?? NO_ENVELOPE) ? "next" : "fork"
  }

  /** Adds an envelope that is next in its chain; anything else is a bug of the caller. */
  append(envelope: Envelope): void {
    const { sessionId, seq } = envelope.header
    if (this.placeOf(envelope) !== "next")
      throw new Error(`an envelope that is not next was appended: seq ${seq}`)
    const chain = this.#chains.get(sessionId)
    if (chain) chain.ids.push(envelope.id)
    else this.#chains.set(sessionId, { session: envelope.session, ids: [envelope.id] })
    this.#changed()
  }

  /** Puts a stored chain back at start-up. `ids` are copied. */
  restore(session: Session, ids: readonly EnvelopeId[]): void {
    if (this.#chains.has(session.sessionId)) throw new Error("a session was restored twice")
    if (ids.length === 0) throw new Error("a session was restored without the envelope that opens it")
    this.#chains.set(session.sessionId, { session, ids: [...ids] })
    this.#changed()
  }

  /** Forgets a chain from `seq` on: only for what the disk turned out not to hold. */
  rollBack(sessionId: SessionId, seq: number): void {
    const chain = this.#chains.get(sessionId)
    if (!chain) return
    chain.ids.length = Math.min(chain.ids.length, seq)
    if (chain.ids.length === 0) this.#chains.delete(sessionId)
    this.#changed()
  }

  /** All heads, sorted by session. Shared: do not write to it. */
  vector(): readonly VectorEntry[] {
    this.#vector ??= this.heads()
      .sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
      .map(head => entryOf(head))
    return this.#vector
  }

  /** 32 bytes that are equal exactly if the vectors are. Shared: do not write to it. */
  digest(): Uint8Array {
    this.#digest ??= digestOf(this.vector())
    return this.#digest
  }

  /** 32 bytes that are equal if two ends hold the same certificates, in whatever order they came. Shared. */
  certificatesDigest(): Uint8Array {
    const all = this.certificates.all()
    if (this.#certificates?.count !== all.length) {
      const hashes = all.map(bytes => H(split(bytes).fields)).sort(compareBytes)
      this.#certificates = { count: all.length, digest: labelledHash("certificates", concat(...hashes)) }
    }
    return this.#certificates.digest
  }

  /** What this log holds and an end with that vector does not. Nothing beyond a fork. */
  lackedBy(theirs: readonly VectorEntry[]): Range[] {
    const bySession = new Map(theirs.map(entry => [entry.sessionId, entry]))
    return this.heads().flatMap(({ sessionId, seq: to }) => {
      const entry = bySession.get(sessionId)
      if (!entry) return [{ sessionId, from: 0, to }]
      return entry.seq < to && !this.#differsAt(entry) ? [{ sessionId, from: entry.seq + 1, to }] : []
    })
  }

  /** What an end with that vector holds and this log does not. Nothing beyond a fork. */
  wantedFrom(theirs: readonly VectorEntry[]): Range[] {
    return theirs.flatMap(({ sessionId, seq: to }) => {
      const reach = this.reach(sessionId)
      return to > reach ? [{ sessionId, from: reach + 1, to }] : []
    })
  }

  /** The sessions in which that vector's head is not what this log holds at the same place. */
  forksWith(theirs: readonly VectorEntry[]): Fork[] {
    return theirs.filter(entry => this.#differsAt(entry)).map(({ sessionId, seq }) => ({ sessionId, seq }))
  }

  #differsAt({ sessionId, seq, headHash16 }: VectorEntry): boolean {
    const id = this.idAt(sessionId, seq)
    return id !== null && !equalBytes(headHashOf(id), headHash16)
  }

  #changed(): void {
    this.#vector = null
    this.#digest = null
  }
}

/** A head as it travels. */
export function entryOf({ sessionId, seq, id }: Head): VectorEntry {
  return { sessionId, seq, headHash16: headHashOf(id) }
}

export function writeEntry(writer: Writer, { sessionId, seq, headHash16 }: VectorEntry): void {
  writer.bytes(idBytes(sessionId)).number(seq).bytes(headHash16)
}

/** The layout that `writeEntry` writes: sessionId16 | seq | headHash16. Throws FormatError. Views. */
export function readEntry(reader: Reader): VectorEntry {
  const sessionId = idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session"))
  const seq = reader.number("a sequence number")
  return { sessionId, seq, headHash16: reader.bytes(HEAD_HASH_BYTES, "the hash of a head") }
}

function headHashOf(id: EnvelopeId): Uint8Array {
  return idBytes(id).subarray(0, HEAD_HASH_BYTES)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

function digestOf(vector: readonly VectorEntry[]): Uint8Array {
  const writer = new Writer()
  for (const entry of vector) writeEntry(writer, entry)
  return labelledHash("vector", writer.end())
}
