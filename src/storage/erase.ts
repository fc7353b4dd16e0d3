// Taking a document off this device: its log, blobs, keys, list row and readable copies. Nothing of it is left here; what
// others hold is theirs.
import type { DocId } from "../bytes/ids"
import { recordOf } from "./copies"
import { type Database, within } from "./database"
import { lastWords } from "./last-words"

/**
 * Removes everything of a document, and the single settings of these names. One transaction: after a crash it is whole or gone, and readable copies that were
 * left over are no longer named by anything. Nobody may have it open. Rejects with StorageError.
 */
export async function eraseDocument(
  database: Database,
  docId: DocId,
  settings: readonly string[],
): Promise<void> {
  const copy = await database.write(
    [
      "envelopes",
      "adoptions",
      "certificates",
      "announced",
      "pieces",
      "sessions",
      "documents",
      "keys",
      "copies",
    ],
    async transaction => {
      const record = recordOf(docId, await transaction.objectStore("copies").get(docId))
      const keys = transaction.objectStore("keys")
      const certificates = transaction.objectStore("certificates")
      const [, , , , , ...held] = await Promise.all([
        transaction.objectStore("envelopes").delete(within([docId])),
        transaction.objectStore("adoptions").delete(within([docId])),
        transaction.objectStore("sessions").delete(within([docId])),
        transaction.objectStore("announced").delete(within([docId])),
        transaction.objectStore("pieces").delete(within([docId])),
        ...(await certificates.index("docId").getAllKeys(docId)),
      ])
      await Promise.all([
        ...held.map(key => certificates.delete(key)),
        ...[`access/${docId}`, ...settings.map(name => `setting/${name}`)].map(key => keys.delete(key)),
        transaction.objectStore("documents").delete(docId),
        transaction.objectStore("copies").delete(docId),
      ])
      return record
    },
  )
  lastWords(copy.name).forget()
  await deleteDatabase(copy.name)
  if (copy.previous !== null) await deleteDatabase(copy.previous)
}

// A copy that another window still has open goes when that closes.
function deleteDatabase(name: string): Promise<void> {
  return new Promise(resolve => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onblocked = () => resolve()
    request.onerror = () => resolve()
  })
}
