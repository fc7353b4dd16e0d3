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

/** One session of this device that writes notes (protocol §10): what it has yet to seal is in the record itself. */
export interface NoteRecord
  extends Pick<SessionRecord, "docId" | "sessionId" | "seed" | "epoch" | "head" | "lamport"> {
  /** Events of it that are in the log. */
  readonly sealed: number
  /** Those that follow, each encoded alone (records/note.ts). */
  readonly pending: readonly Uint8Array[]
}

/** A record to keep, or the session whose record has done its work. */
export type RecordChange = { readonly keep: SessionRecord | NoteRecord } | { readonly drop: SessionId }

/** The records of all documents. */
export interface SessionRecords {
  /** Records of a document's text, in no particular order. Rejects with StorageError. */
  of(docId: DocId): Promise<SessionRecord[]>
  /** Records of a document's notes, likewise. */
  notesOf(docId: DocId): Promise<NoteRecord[]>
  /** Durable when it resolves. Rejects with StorageError. */
  change(docId: DocId, change: RecordChange): Promise<void>
}

export function openSessions(database: Database): SessionRecords {
  const rowsOf = (docId: DocId): Promise<unknown[]> =>
    database.read(["sessions"], transaction =>
      transaction.objectStore("sessions").getAll(IDBKeyRange.bound([docId], [docId, []])),
    )
  return {
    of: async docId => (await rowsOf(docId)).filter(row => !isOfNotes(row)).map(readRecord),
    notesOf: async docId => (await rowsOf(docId)).filter(isOfNotes).map(readNoteRecord),
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

function isOfNotes(row: unknown): boolean {
  return typeof row === "object" && row !== null && "pending" in row
}

function readRecord(row: unknown): SessionRecord {
  const record = row as Partial<SessionRecord> | null
  if (!hasKey(record) || !Number.isSafeInteger(record.clientId) || !Number.isSafeInteger(record.sealedUpTo))
    throw damaged()
  return record as SessionRecord
}

function readNoteRecord(row: unknown): NoteRecord {
  const record = row as Partial<NoteRecord> | null
  const { pending, sealed } = record ?? {}
  const isWhole = Array.isArray(pending) && pending.every(each => each instanceof Uint8Array)
  if (!hasKey(record) || !Number.isSafeInteger(sealed) || !isWhole) throw damaged()
  return record as NoteRecord
}

function hasKey<T extends Partial<SessionRecord> | Partial<NoteRecord>>(record: T | null): record is T {
  return (
    record?.seed instanceof Uint8Array && record.seed.length === 32 && typeof record.sessionId === "string"
  )
}

function damaged(): StorageError {
  return new StorageError("damaged", "a stored session record does not have the expected form")
}
