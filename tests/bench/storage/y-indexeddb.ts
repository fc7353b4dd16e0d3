// The peer: y-indexeddb left to itself.
import { IndexeddbPersistence } from "y-indexeddb"
import { takeStorageStage } from "./stage"

takeStorageStage(async doc => {
  const name = `y-indexeddb-${location.search}`
  const persistence = new IndexeddbPersistence(name, doc)
  await persistence.whenSynced
  return {
    // It does not tell; a reading that is asked for after all writings comes after them.
    settled: () =>
      new Promise((resolve, reject) => {
        const rows = persistence.db?.transaction("updates").objectStore("updates").count()
        if (rows === undefined) throw new Error("y-indexeddb is synced and has no database")
        rows.onsuccess = () => resolve()
        rows.onerror = () => reject(rows.error)
      }),
  }
})
