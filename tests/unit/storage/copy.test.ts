import { afterEach, beforeEach, expect, test } from "vitest"
import type * as Y from "yjs"
import { createDocument } from "../../../src/replica/document"
import { openCopy, ROWS_MAX } from "../../../src/storage/copy"
import { freshIndexedDB, reasonOf, whileDiskIsFull } from "./browser"

beforeEach(freshIndexedDB)

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function opened(name = "copy") {
  const doc = createDocument()
  const copy = await openCopy(name, doc)
  open.push(copy)
  return { doc, copy, text: doc.getText("body") }
}

async function rows(name = "copy"): Promise<number> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const count = await new Promise<number>(resolve => {
    const request = database.transaction("updates").objectStore("updates").count()
    request.onsuccess = () => resolve(request.result)
  })
  database.close()
  return count
}

test("what was typed is there at the next opening, as a change that is not local", async () => {
  const first = await opened()
  first.text.insert(0, "hello")
  await first.copy.close()
  const doc = createDocument()
  const locals: boolean[] = []
  doc.on("afterTransaction", (transaction: Y.Transaction) => locals.push(transaction.local))
  open.push(await openCopy("copy", doc))
  expect(doc.getText("body").toString()).toBe("hello")
  expect(locals).toEqual([false])
})

test("opening adds no row and writes nothing into the document", async () => {
  const first = await opened()
  first.text.insert(0, "hello")
  await first.copy.close()
  await (await opened()).copy.close()
  await (await opened()).copy.close()
  expect(await rows()).toBe(1)
})

test("rows are made one while typing goes on, and nothing is missing", async () => {
  const { text, copy } = await opened()
  for (let i = 0; i < 2 * ROWS_MAX; i++) text.insert(text.length, "x")
  await copy.settled()
  await copy.close()
  expect(await rows()).toBeLessThanOrEqual(ROWS_MAX + 1)
  expect((await opened()).text.length).toBe(2 * ROWS_MAX)
})

test("trimming takes in what another tab wrote before it deletes rows", async () => {
  const one = await opened()
  const two = await opened()
  one.text.insert(0, "one ")
  await one.copy.settled()
  two.text.insert(0, "two ")
  await two.copy.settled()
  await two.copy.trim()
  expect(two.text.toString()).toContain("one")
  expect(await rows()).toBe(1)
  await one.copy.trim()
  expect(one.text.toString()).toBe(two.text.toString())
})

test("marks come back in order, and one may stand in for all", async () => {
  const first = await opened()
  await first.copy.mark(new Uint8Array([1]))
  await first.copy.mark(new Uint8Array([2]))
  await first.copy.close()
  const second = await opened()
  expect(second.copy.marks).toEqual([new Uint8Array([1]), new Uint8Array([2])])
  await second.copy.mark(new Uint8Array([3]), "instead")
  await second.copy.close()
  expect((await opened()).copy.marks).toEqual([new Uint8Array([3])])
})

test("a row that a full disk refused is told, and no mark is written over it", async () => {
  const { text, copy } = await opened()
  const told: string[] = []
  copy.onFailure(error => told.push(error.reason))
  text.insert(0, "kept ")
  await copy.settled()
  await whileDiskIsFull(async () => {
    text.insert(0, "refused ")
    expect(await reasonOf(copy.mark(new Uint8Array([1])))).not.toBe("did not reject")
    expect(await reasonOf(copy.settled())).not.toBe("did not reject")
  })
  expect(told[0]).toBe("full")
  expect(copy.marks).toEqual([])
})

test("when there is room again the next settling keeps all that was refused", async () => {
  const { text, copy } = await opened()
  await whileDiskIsFull(async () => {
    text.insert(0, "refused at first")
    expect(await reasonOf(copy.settled())).toBe("full")
  })
  await copy.settled()
  await copy.mark(new Uint8Array([1]))
  await copy.close()
  const again = await opened()
  expect(again.text.toString()).toBe("refused at first")
  expect(again.copy.marks).toHaveLength(1)
})

test("a damaged row is told as `damaged` and does not hang the opening", async () => {
  const first = await opened()
  first.text.insert(0, "x")
  await first.copy.close()
  const database = await new Promise<IDBDatabase>(resolve => {
    const request = indexedDB.open("copy")
    request.onsuccess = () => resolve(request.result)
  })
  await new Promise(resolve => {
    const transaction = database.transaction("updates", "readwrite")
    transaction.objectStore("updates").add(new Uint8Array([9, 9, 9, 9]))
    transaction.oncomplete = resolve
  })
  database.close()
  expect(await reasonOf(openCopy("copy", createDocument()))).toBe("damaged")
})
