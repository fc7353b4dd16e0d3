// The blobs of a document in IndexedDB: each piece a row of its own, so that one can be read without the others and a
// picture that comes in many pieces never fills the memory. Keys alone say what is here.
import type { BlobId, DocId } from "../bytes/ids"
import type { BlobStore } from "../log/blob-store"
import { type Database, within } from "./database"

/** The blobs of one document. The database outlives it. */
export function openBlobStore(database: Database, docId: DocId): BlobStore {
  return {
    held: blobId =>
      database.read(["pieces"], async transaction => {
        const prefix = blobId === null ? [docId] : [docId, blobId]
        const keys = await transaction.objectStore("pieces").getAllKeys(within(prefix))
        const held = new Map<BlobId, number[]>()
        for (const [, each, index] of keys) held.set(each, [...(held.get(each) ?? []), index])
        return held
      }),
    put: (blobId, index, bytes) =>
      database.write(["pieces"], async transaction => {
        await transaction.objectStore("pieces").put(bytes, [docId, blobId, index])
      }),
    read: (blobId, index) =>
      database.read(["pieces"], async transaction => {
        return (await transaction.objectStore("pieces").get([docId, blobId, index])) ?? null
      }),
  }
}
