// A browser's storage for tests: an IndexedDB of its own each time, and a disk that fills up when told to.
import "fake-indexeddb/auto"
import { IDBFactory } from "fake-indexeddb"

/** Replaces the IndexedDB by an empty one. */
export function freshIndexedDB(): void {
  globalThis.indexedDB = new IDBFactory()
}

/** Runs `f` while every transaction that adds or puts something is aborted for its room, as on a full disk. */
export async function whileDiskIsFull<T>(f: () => Promise<T>): Promise<T> {
  const { add, put } = IDBObjectStore.prototype
  const refusing = (write: typeof add): typeof add =>
    function (this: IDBObjectStore, value, key) {
      const request = write.call(this, value, key)
      const { transaction } = this as unknown as { transaction: { _abort(reason: string): void } }
      queueMicrotask(() => transaction._abort("QuotaExceededError"))
      return request
    }
  Object.assign(IDBObjectStore.prototype, { add: refusing(add), put: refusing(put) })
  try {
    return await f()
  } finally {
    Object.assign(IDBObjectStore.prototype, { add, put })
  }
}

/** The name of StorageError's reason that `promise` rejects with. */
export async function reasonOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return "did not reject"
  } catch (error) {
    return (error as { reason?: string }).reason ?? `another error: ${String(error)}`
  }
}
