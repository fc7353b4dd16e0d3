// What was typed in the moment in which a page goes away: put by where a browser keeps it at once, and made rows later.
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { createDocument } from "../../../src/replica/document"
import { openCopy } from "../../../src/storage/copy"
import { freshIndexedDB, whileDiskIsFull } from "./browser"

let pageHides: (() => void)[] = []
const shelf: Record<string, string> = {}
const storage = Object.assign(Object.create({ getItem: (k: string) => shelf[k] ?? null }), {}) as Storage
beforeEach(() => {
  freshIndexedDB()
  pageHides = []
  for (const key of Object.keys(shelf)) delete shelf[key]
  vi.stubGlobal("addEventListener", (_: string, f: () => void) => void pageHides.push(f))
  vi.stubGlobal("removeEventListener", (_: string, f: () => void) => {
    pageHides = pageHides.filter(each => each !== f)
  })
  vi.stubGlobal(
    "localStorage",
    new Proxy(storage, {
      ownKeys: () => Object.keys(shelf),
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get: (_, name) =>
        ({
          getItem: (key: string) => shelf[key] ?? null,
          setItem: (key: string, value: string) => {
            shelf[key] = value
          },
          removeItem: (key: string) => {
            delete shelf[key]
          },
        })[String(name)],
    }),
  )
})
afterEach(() => vi.unstubAllGlobals())

async function open() {
  const doc = createDocument()
  const copy = await openCopy("copy", doc)
  return { doc, copy, text: doc.getText("body") }
}

test("a row that never became one is there at the next opening, and is put by no longer once it is one", async () => {
  const first = await open()
  first.text.insert(0, "And mor")
  await first.copy.settled()
  await whileDiskIsFull(async () => {
    first.text.insert(7, "e.")
    for (const hide of pageHides) hide() // before the row is kept, and it never is
    expect(Object.keys(shelf)).toHaveLength(1)
    await new Promise(resolve => setTimeout(resolve, 20))
  })
  const second = await open()
  expect(second.text.toString()).toBe("And more.")
  await second.copy.settled()
  await vi.waitFor(() => expect(Object.keys(shelf)).toEqual([]))
  await second.copy.close()
  const third = await open()
  expect(third.text.toString()).toBe("And more.")
  await third.copy.close()
})

test("words put by by two windows come together, each once", async () => {
  const first = await open()
  const second = await open()
  first.text.insert(0, "one ")
  second.text.insert(0, "two ")
  for (const hide of pageHides) hide()
  freshIndexedDB()
  const third = await open()
  expect([...third.text.toString().matchAll(/one |two /g)]).toHaveLength(2)
  await third.copy.settled()
  await vi.waitFor(() => expect(Object.keys(shelf)).toEqual([]))
  await third.copy.close()
  const fourth = await open()
  expect(fourth.text.toString()).toBe(third.text.toString())
  await fourth.copy.close()
})

test("nothing is put by when every row is kept, and damage is left out", async () => {
  const { text, copy } = await open()
  text.insert(0, "kept")
  await copy.settled()
  for (const hide of pageHides) hide()
  expect(Object.keys(shelf)).toEqual([])
  await copy.close()
  expect(pageHides).toEqual([])
  shelf["sheaf.last/copy/1"] = "AAECAw"
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined)
  const again = await open()
  expect(again.text.toString()).toBe("kept")
  expect(warned).toHaveBeenCalled()
  warned.mockRestore()
  await again.copy.close()
})
