// What the relay keeps: it counts what everyone takes, refuses what does not fit its chains, and says so when the
// disk does. The acceptance suite of all log stores is in store-suite.test.ts.

import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { realWorld } from "../../src/bytes/world"
import { Keeper } from "../../src/log/keeper"
import { MemoryStore } from "../../src/log/memory"
import { StorageError } from "../../src/log/store"
import type { Envelope } from "../../src/records/envelope"
import { Database } from "../../src/relay/database"
import { Store } from "../../src/relay/store"
import { chance, foundDocument, type Sealed, type TestDocument, verify } from "../unit/sync/world"
import { atEnd, closeAll, temporaryFolder } from "./run"

afterEach(closeAll)

function open(folder = temporaryFolder()) {
  const database = new Database(folder, realWorld, 0)
  atEnd(() => database.close())
  return { folder, database, store: new Store(database) }
}

const sizeOf = (all: readonly { readonly bytes: Uint8Array }[]) =>
  all.reduce((sum, { bytes }) => sum + bytes.length, 0)

async function documentWithWork(seed: number) {
  const document = await foundDocument(seed)
  const editor = await document.invite("edit")
  const sealed = (member = editor) => {
    const writing = document.write(member)
    return [writing.seal(), writing.seal(), writing.seal(5_000)]
  }
  const byEditor = sealed()
  const byAdmin = sealed(document.admin)
  return {
    document,
    editor,
    byEditor,
    byAdmin,
    envelopes: await checked(document, [...byEditor, ...byAdmin]),
  }
}

/** Envelopes as a keeper hands them to a store. */
async function checked(document: TestDocument, sealed: readonly Sealed[]): Promise<readonly Envelope[]> {
  const keeper = await Keeper.found(new MemoryStore(), verify, document.certificates.all())
  const { appended } = await keeper.accept(
    sealed.map(({ bytes }) => bytes),
    "test",
  )
  return appended
}

describe("usage", () => {
  test("is counted by grant, document and relay, and is the same after a restart", async () => {
    const { document, editor, byEditor, byAdmin, envelopes } = await documentWithWork(1)
    const first = open()
    const held = first.store.document(document.docId)
    await held.append({ certificates: document.certificates.all(), envelopes })
    const usage = (store: Store) => {
      const log = store.document(document.docId)
      return {
        editor: log.grantBytes(editor.grant.publicKey),
        admin: log.grantBytes(document.admin.grant.publicKey),
        document: log.bytes,
        relay: store.storedBytes,
      }
    }
    const all = sizeOf(envelopes) + document.certificates.all().reduce((sum, { length }) => sum + length, 0)
    const expected = { editor: sizeOf(byEditor), admin: sizeOf(byAdmin), document: all, relay: all }
    expect(usage(first.store)).toEqual(expected)
    first.database.close()
    expect(usage(open(first.folder).store)).toEqual(expected)
  })

  test("does not count twice what comes twice", async () => {
    const { document, envelopes } = await documentWithWork(2)
    const { store } = open()
    const held = store.document(document.docId)
    const batch = { certificates: document.certificates.all(), envelopes }
    await held.append(batch)
    const before = store.storedBytes
    await held.append(batch)
    expect(store.storedBytes).toBe(before)
  })
})

describe("a disk that is full", () => {
  test("is said by name, nothing of the batch stays, and the document goes on when there is room", async () => {
    const { document, envelopes } = await documentWithWork(3)
    const { store, database } = open()
    const held = store.document(document.docId)
    await held.append({ certificates: document.certificates.all(), envelopes: [] })
    const [usage, loaded] = [store.storedBytes, await held.load()]
    const pages = Number(database.connection.pragma("page_count", { simple: true }))
    database.connection.pragma(`max_page_count = ${pages}`)
    const failure = await held.append({ certificates: [], envelopes }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StorageError)
    expect(failure).toMatchObject({ reason: "full" })
    expect(await held.load()).toEqual(loaded)
    expect(store.storedBytes).toBe(usage)
    database.connection.pragma("max_page_count = 1000000")
    await held.append({ certificates: [], envelopes })
    expect((await held.load())?.sessions.map(({ places }) => places.length)).toEqual([3, 3])
  })
})

test("a keeper finds in the store what a keeper put there", async () => {
  const { document, byEditor, byAdmin } = await documentWithWork(4)
  const { store } = open()
  const first = await Keeper.found(store.document(document.docId), verify, document.certificates.all())
  const { appended, refused, durable } = await first.accept(
    [...byEditor, ...byAdmin].map(({ bytes }) => bytes),
    "test",
  )
  expect({ appended: appended.length, refused }).toEqual({ appended: 6, refused: [] })
  await durable
  const again = await Keeper.open(store.document(document.docId), verify)
  expect(again?.log.vector()).toEqual(first.log.vector())
  const [session] = again?.log.sessions() ?? []
  if (!again || !session) throw new Error("the session is not there")
  const read = await again.read({ sessionId: session.sessionId, from: 0, to: 2 }, 1_000_000)
  expect(read).toEqual(byEditor.map(({ bytes }) => bytes))
})

test("bytes that come out of the store can be copied by slice, as those of any array", async () => {
  const { document, envelopes } = await documentWithWork(5)
  const { store } = open()
  const held = store.document(document.docId)
  await held.append({ certificates: document.certificates.all(), envelopes })
  const [session] = (await held.load())?.sessions ?? []
  const copy = session?.open.slice()
  copy?.fill(0)
  expect(session?.open).toEqual(envelopes[0]?.bytes)
})

test("the relay's key is made once", () => {
  const { store, folder, database } = open()
  const key = store.key(() => chance(6)(32))
  expect(store.key(() => chance(7)(32))).toEqual(key)
  database.close()
  const again = open(folder).store.key(() => chance(8)(32))
  expect(again.publicKey).toBe(key.publicKey)
  // It lies in the one file and nowhere else.
  expect(readdirSync(folder).filter(name => !name.startsWith("sheaf.db"))).toEqual([])
  expect(readFileSync(join(folder, "sheaf.db")).length).toBeGreaterThan(0)
})
