import { beforeEach, expect, test, vi } from "vitest"
import type { CertificateHash, DocId, EnvelopeId, SessionId } from "../../../src/bytes/ids"
import { openCopies } from "../../../src/storage/copies"
import { openDatabase } from "../../../src/storage/database"
import { openKeys } from "../../../src/storage/keys"
import { openSessions, type SessionRecord } from "../../../src/storage/sessions"
import { freshIndexedDB, reasonOf, whileDiskIsFull } from "./browser"

const doc = "doc-one" as DocId
const other = "doc-two" as DocId

beforeEach(freshIndexedDB)

test("without IndexedDB, and in a private mode that throws, the reason is `unavailable`", async () => {
  vi.stubGlobal("indexedDB", undefined)
  expect(await reasonOf(openDatabase())).toBe("unavailable")
  vi.stubGlobal("indexedDB", {
    open() {
      throw new DOMException("not here", "SecurityError")
    },
  })
  expect(await reasonOf(openDatabase())).toBe("unavailable")
  vi.unstubAllGlobals()
})

test("what was put is there after closing and opening again", async () => {
  const first = await openDatabase()
  await openKeys(first).access.put(doc, { secret: new Uint8Array([1, 2]) })
  await openKeys(first).introduce({ name: "Ana", colour: "moss" })
  first.close()
  const keys = openKeys(await openDatabase())
  expect(await keys.access.get(doc)).toEqual({ secret: new Uint8Array([1, 2]) })
  expect(await keys.access.get(other)).toBeNull()
  expect(await keys.me()).toEqual({ name: "Ana", colour: "moss" })
})

test("a cabinet lists only what is its own, and forgets what is deleted", async () => {
  const keys = openKeys(await openDatabase())
  await keys.access.put(doc, "a")
  await keys.access.put(other, "b")
  await keys.pins.put("https://relay.example", "key")
  await keys.settings.put("language", "ca")
  expect(await keys.access.all()).toEqual([
    { name: doc, value: "a" },
    { name: other, value: "b" },
  ])
  await keys.access.delete(doc)
  expect((await keys.access.all()).map(({ name }) => name)).toEqual([other])
  expect(await keys.pins.all()).toEqual([{ name: "https://relay.example", value: "key" }])
  const row = {
    ...{ title: "Minutes", snippet: "", editedAt: 5, shared: false, places: 1, right: "edit" },
    ...{ target: 2, pinned: false, folder: "", trashedAt: null },
  }
  await keys.library.put(doc, row)
  expect(await keys.library.all()).toEqual([{ name: doc, value: row }])
})

test("a full disk is told as `full`, and nothing of the write is kept", async () => {
  const database = await openDatabase()
  const keys = openKeys(database)
  await keys.access.put(doc, "before")
  expect(await whileDiskIsFull(() => reasonOf(keys.access.put(doc, "after")))).toBe("full")
  expect(await keys.access.get(doc)).toBe("before")
})

test("a quota that shows only when the transaction commits is noticed too", async () => {
  const database = await openDatabase()
  const failing = database.write(["keys"], async transaction => {
    await transaction.objectStore("keys").put(1, "word")
    transaction.abort() // every request has succeeded: the abort is all there is
  })
  expect(await reasonOf(failing)).toBe("failed")
  expect(await database.read(["keys"], t => t.objectStore("keys").get("word"))).toBeUndefined()
})

test("a caller's own error aborts the transaction and passes through", async () => {
  const database = await openDatabase()
  const failing = database.write(["keys"], async transaction => {
    await transaction.objectStore("keys").put(1, "word")
    throw new RangeError("mine")
  })
  await expect(failing).rejects.toThrow(RangeError)
  expect(await database.read(["keys"], t => t.objectStore("keys").get("word"))).toBeUndefined()
})

test("a newer version of the app gets the database at once, and the older tab is told", async () => {
  let outdated = 0
  const old = await openDatabase({ onOutdated: () => outdated++ })
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open("sheaf", 99)
    request.onsuccess = () => {
      request.result.close()
      resolve()
    }
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error("blocked"))
  })
  expect(outdated).toBe(1)
  expect(await reasonOf(openKeys(old).me())).toBe("unavailable")
  expect(await reasonOf(openDatabase()), "a newer layout is not opened by older code").toBe("unavailable")
})

test("session records are kept by document, replaced and dropped", async () => {
  const sessions = openSessions(await openDatabase())
  const record = (sessionId: string, sealedUpTo: number): SessionRecord => ({
    docId: doc,
    sessionId: sessionId as SessionId,
    seed: new Uint8Array(32),
    clientId: 7,
    epoch: "epoch" as CertificateHash,
    sealedUpTo,
    head: { seq: 1, id: "id" as EnvelopeId },
    lamport: 1,
  })
  await sessions.change(doc, { keep: record("a", 0) })
  await sessions.change(doc, { keep: record("b", 3) })
  await sessions.change(other, { keep: { ...record("c", 0), docId: other } })
  await sessions.change(doc, { keep: record("a", 9) })
  expect((await sessions.of(doc)).map(each => [each.sessionId, each.sealedUpTo])).toEqual([
    ["a", 9],
    ["b", 3],
  ])
  await sessions.change(doc, { drop: "a" as SessionId })
  expect((await sessions.of(doc)).map(each => each.sessionId)).toEqual(["b"])
})

test("a copy made anew has a new name, and the one before is known until its words are set aside", async () => {
  const copies = openCopies(await openDatabase())
  const first = await copies.of(doc)
  const second = await copies.renew(doc, (await copies.of(doc)).name)
  expect(second.name).not.toBe(first.name)
  expect(second.previous).toBe(first.name)
  const third = await copies.renew(doc, second.name)
  expect(third.previous, "the oldest one that is not safe").toBe(first.name)
  const aside = { at: 1, text: "lost words", copy: first.name }
  await copies.setAside(doc, aside)
  expect(await copies.of(doc)).toEqual({ name: third.name, previous: null, aside: [aside] })
  await copies.forgetAside(doc)
  expect(await copies.of(doc)).toEqual({ name: third.name, previous: null, aside: [] })
})
