// Records of writing sessions: what a device must remember to finish sealing what was typed, should it stop at any
// moment (protocol §4). A record is durable before the editor accepts a key, and it lives in the same database as the
// log, so that envelopes and the record that speaks of them change together.
import type { CertificateHash, DocId, EnvelopeId, SessionId } from "../bytes/ids"
import { StorageError } from "../log/store"
import type { Database, Writing } from "./database"

/** One writing session of this device. Secrets in it are raw, like the readable copy beside it. */
export interface SessionRecord {
  readonly docId: DocId
  readonly sessionId: SessionId
  /** 32 bytes. */
  readonly seed: Uint8Array
  /** The number that Yjs knows it by. */
  readonly clientId: number
  /** The certificate under which it was opened. */
  readonly epoch: CertificateHash
  /** Clocks of `clientId` below this are in the log. */
  readonly sealedUpTo: number
  /** The last envelope it sealed; null: none yet. */
  readonly head: { readonly seq: number; readonly id: EnvelopeId } | null
  /** The greatest lamport time it has used. */
  readonly lamport: number
}

/** A record to keep, or the session whose record has done its work. */
export type RecordChange = { readonly keep: SessionRecord } | { readonly drop: SessionId }

/** The records of all documents. */
export interface SessionRecords {
  /** Records of a document, in no particular order. Rejects with StorageError. */
  of(docId: DocId): Promise<SessionRecord[]>
  /** Durable when it resolves. Rejects with StorageError. */
  change(docId: DocId, change: RecordChange): Promise<void>
}

export function openSessions(database: Database): SessionRecords {
  return {
    of: docId =>
      database.read(["sessions"], async transaction => {
        const rows = await transaction.objectStore("sessions").getAll(IDBKeyRange.bound([docId], [docId, []]))
        return rows.map(readRecord)
      }),
    change: (docId, change) =>
      database.write(["sessions"], transaction => {
        putRecord(transaction, docId, change)
      }),
  }
}

/** Writes the change as part of a transaction over "sessions". Its failure is the transaction's. */
export function putRecord(transaction: Writing, docId: DocId, change: RecordChange): void {
  const store = transaction.objectStore("sessions")
  const request =
    "keep" in change
      ? store.put(change.keep, [docId, change.keep.sessionId])
      : store.delete([docId, change.drop])
  // The transaction aborts with it and tells its caller; said here so that it is not reported twice.
  request.catch(() => undefined)
}

function readRecord(row: unknown): SessionRecord {
  const record = row as Partial<SessionRecord> | null
  if (
    !(record?.seed instanceof Uint8Array) ||
    record.seed.length !== 32 ||
    typeof record.sessionId !== "string" ||
    !Number.isSafeInteger(record.clientId) ||
    !Number.isSafeInteger(record.sealedUpTo)
  )
    throw new StorageError("damaged", "a stored session record does not have the expected form")
  return record as SessionRecord
}
