// A document that is taken off a device leaves nothing there, and takes nothing else along.
import "fake-indexeddb/auto"
import { openDB } from "idb"
import { expect, test } from "vitest"
import { parseDocId } from "../../../src/bytes/ids"
import { openCopies } from "../../../src/storage/copies"
import { openDatabase } from "../../../src/storage/database"
import { eraseDocument } from "../../../src/storage/erase"
import { openKeys } from "../../../src/storage/keys"

const gone = parseDocId("A".repeat(43))
const kept = parseDocId(`${"B".repeat(42)}A`)

test("nothing of it is left, and all of the others", async () => {
  const database = await openDatabase({}, "erase")
  const keys = openKeys(database)
  const copies = openCopies(database)
  for (const docId of [gone, kept]) {
    await keys.access.put(docId, "secret")
    await keys.settings.put(`holding/${docId}`, {})
    await keys.settings.put(`given/${docId}/edit`, "secret")
    if (docId === kept) await copies.renew(docId, (await copies.of(docId)).name)
    await database.write(["envelopes", "certificates", "sessions"], async transaction => {
      await transaction.objectStore("envelopes").put(new Uint8Array(3), [docId, "s", 0, "id"] as never)
      await transaction.objectStore("certificates").put({ docId, bytes: new Uint8Array(2) })
      await transaction.objectStore("sessions").put({}, [docId, "s"] as never)
    })
    const copy = await openDB((await copies.of(docId)).name)
    copy.close()
  }
  await eraseDocument(database, gone, [`holding/${gone}`, `given/${gone}/edit`])
  const left = await database.read(["envelopes", "certificates", "sessions", "keys", "copies"], async t => ({
    envelopes: await t.objectStore("envelopes").getAllKeys(),
    certificates: (await t.objectStore("certificates").getAll()).map(({ docId }) => docId),
    sessions: await t.objectStore("sessions").getAllKeys(),
    keys: await t.objectStore("keys").getAllKeys(),
    copies: await t.objectStore("copies").getAllKeys(),
  }))
  expect(left).toEqual({
    envelopes: [[kept, "s", 0, "id"]],
    certificates: [kept],
    sessions: [[kept, "s"]],
    keys: [`access/${kept}`, `setting/given/${kept}/edit`, `setting/holding/${kept}`],
    copies: [kept], // the other one had only its first copy
  })
  const names = (await indexedDB.databases()).map(({ name }) => name ?? "")
  expect(names.filter(name => name.startsWith("sheaf-copy/"))).toEqual([`sheaf-copy/${kept}/1`])
})
