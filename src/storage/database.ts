// The one IndexedDB database of Sheaf on a device: sealed logs, certificates, session records, the list of documents
// and raw secrets. This file opens it, keeps its layout, and turns the browser's failures into StorageError. What
// the rows mean is for the files beside it. Readable copies are databases of their own (copy.ts).
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb"
import type { BlobId, DocId, EnvelopeId, SessionId } from "../bytes/ids"
import { StorageError, type StorageReason } from "../log/store"

/**
 * The place of an envelope in its store, where a rollup's run begins (-1: it is none), and what its header vouches
 * for. Reading keys alone gives a log's whole index, without any body.
 */
export type EnvelopeKey = [
  docId: DocId,
  sessionId: SessionId,
  seq: number,
  id: EnvelopeId,
  from: number,
  ...vouches: EnvelopeId[],
]

/** The place of a piece of a blob. */
export type PieceKey = [docId: DocId, blobId: BlobId, index: number]

export interface Layout extends DBSchema {
  /** An envelope's bytes as they travel. */
  envelopes: { key: EnvelopeKey; value: Uint8Array }
  /** The same, of adoptions alone. */
  adoptions: { key: EnvelopeKey; value: Uint8Array }
  /** In the order in which they came: the key counts up. */
  certificates: {
    key: number
    value: { readonly docId: DocId; readonly bytes: Uint8Array }
    indexes: { docId: DocId }
  }
  /** What logs announce: how many bytes the sealed chunks of a blob are. */
  announced: { key: [docId: DocId, blobId: BlobId]; value: number }
  /** The pieces of blobs as they travel (blob-store.ts). */
  pieces: { key: PieceKey; value: Uint8Array }
  /** Records of writing sessions (sessions.ts). */
  sessions: { key: [docId: DocId, sessionId: SessionId]; value: unknown }
  /** Rows of the list of documents (keys.ts). */
  documents: { key: DocId; value: unknown }
  /** Secrets and small settings under a word of their own (keys.ts). */
  keys: { key: string; value: unknown }
  /** Which readable copy of a document is the current one, and text set aside (copies.ts). */
  copies: { key: DocId; value: unknown }
}

export type StoreName = StoreNames<Layout>

/**
 * The range of all keys that begin with `prefix`: in IndexedDB's order an array is greater than any string or number,
 * and a prefix is less than what it begins (IndexedDB 3.0 §2.4).
 */
export function within(prefix: (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound(prefix, [...prefix, []])
}

/** What the browser may do to an open database. */
export interface DatabaseEvents {
  /** Another tab holds an older version open and does not let go: ask for it to be closed. */
  readonly onBlocked?: () => void
  /** A newer version of the app wants the database; it has been closed here, and this tab needs a reload. */
  readonly onOutdated?: () => void
  /** The browser closed it without being asked (storage was cleared, the disk went away). */
  readonly onLost?: () => void
}

export interface Database {
  /**
   * Runs `work` in one read-write transaction over `stores` and resolves when it is complete, on disk where the
   * browser offers that. `work` awaits nothing but requests of the transaction. Rejects with StorageError, and
   * then nothing of it was kept; an error thrown by `work` aborts and passes through as it is.
   */
  write<T>(stores: readonly StoreName[], work: (transaction: Writing) => Promise<T> | T): Promise<T>
  /** Runs `work` in one read-only transaction. Rejects with StorageError. */
  read<T>(stores: readonly StoreName[], work: (transaction: Reading) => Promise<T> | T): Promise<T>
  close(): void
}

export type Writing = IDBPTransaction<Layout, StoreName[], "readwrite">
export type Reading = IDBPTransaction<Layout, StoreName[], "readonly">

const NAME = "sheaf"
const VERSION = 1

/** Opens the database, making it at the first time. Rejects with StorageError ("unavailable" in private modes). */
export async function openDatabase(events: DatabaseEvents = {}, name: string = NAME): Promise<Database> {
  if (typeof indexedDB === "undefined")
    throw new StorageError("unavailable", "this browser offers no IndexedDB here")
  try {
    const database = await openDB<Layout>(name, VERSION, {
      upgrade: build,
      blocked: () => events.onBlocked?.(),
      blocking: () => {
        database.close()
        events.onOutdated?.()
      },
      terminated: () => events.onLost?.(),
    })
    return { write: writer(database), read: reader(database), close: () => database.close() }
  } catch (error) {
    throw asStorageError(error, "unavailable", "the database could not be opened")
  }
}

function build(database: IDBPDatabase<Layout>): void {
  database.createObjectStore("envelopes")
  database.createObjectStore("certificates", { autoIncrement: true }).createIndex("docId", "docId")
  for (const name of ["adoptions", "announced", "pieces", "sessions", "documents", "keys", "copies"] as const)
    database.createObjectStore(name)
}

function writer(database: IDBPDatabase<Layout>): Database["write"] {
  return async (stores, work) => {
    const transaction = begin(() => database.transaction([...stores], "readwrite", { durability: "strict" }))
    return complete(transaction, () => work(transaction))
  }
}

/** What `complete` needs of a transaction of any database. */
interface Ending {
  readonly done: Promise<void>
  abort(): void
}

/**
 * Does `work` in a transaction and resolves when that is complete: a full disk shows as an aborted transaction, often
 * after every request succeeded. Rejects with StorageError; an error of `work`'s own aborts and passes through.
 */
export async function complete<T>(transaction: Ending, work: () => Promise<T> | T): Promise<T> {
  const kept = transaction.done.then(
    () => null,
    (error: unknown) => asStorageError(error, "failed", "a write was not kept"),
  )
  let result: T
  try {
    result = await work()
  } catch (error) {
    abort(transaction)
    const refusal = await kept // the transaction's reason says more than the request's
    if (isOfBrowser(error)) throw refusal ?? asStorageError(error, "failed", "a write was not kept")
    throw error
  }
  const refusal = await kept
  if (refusal) throw refusal
  return result
}

function reader(database: IDBPDatabase<Layout>): Database["read"] {
  return async (stores, work) => {
    const transaction = begin(() => database.transaction([...stores], "readonly"))
    try {
      const [result] = await Promise.all([work(transaction), transaction.done])
      return result
    } catch (error) {
      if (isOfBrowser(error)) throw asStorageError(error, "damaged", "a stored row could not be read")
      throw error
    }
  }
}

function begin<T>(start: () => T): T {
  try {
    return start()
  } catch (error) {
    throw asStorageError(error, "unavailable", "the database is closed")
  }
}

function abort(transaction: Ending): void {
  try {
    transaction.abort()
  } catch (error) {
    // It has already ended by itself; `done` tells how.
    if (!isOfBrowser(error)) throw error
  }
}

/** A failure of the browser's storage in our words. `otherwise` is the reason where the browser names none of ours. */
export function asStorageError(error: unknown, otherwise: StorageReason, message: string): StorageError {
  if (error instanceof StorageError) return error
  return new StorageError(reasonOf(error) ?? otherwise, message, { cause: error })
}

// Names of IndexedDB 3.0 §3.1 ("Exceptions"); Firefox's private mode of old throws InvalidStateError at open.
function reasonOf(error: unknown): StorageReason | null {
  switch (isOfBrowser(error) ? error.name : null) {
    case "QuotaExceededError":
      return "full"
    case "SecurityError":
    case "InvalidStateError":
    case "VersionError":
      return "unavailable"
    case "NotReadableError":
    case "DataError":
    case "DataCloneError":
      return "damaged"
    default:
      return null
  }
}

function isOfBrowser(error: unknown): error is DOMException {
  return typeof DOMException !== "undefined" && error instanceof DOMException
}
