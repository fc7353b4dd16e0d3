// IndexedDB passes the acceptance suite of every place where a log rests; and a session's record goes along.
import { beforeEach, expect, test } from "vitest"
import { indexed } from "../../../src/log/chain"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { openDatabase } from "../../../src/storage/database"
import { openLogStore } from "../../../src/storage/log-store"
import { openSessions, type SessionRecord } from "../../../src/storage/sessions"
import { blobSuite } from "../log/blob-suite"
import { storeSuite } from "../log/store-suite"
import { foundDocument, sealMany, verify } from "../sync/world"
import { freshIndexedDB, reasonOf, whileDiskIsFull } from "./browser"

beforeEach(freshIndexedDB)

for (const suite of [storeSuite, blobSuite])
  suite("IndexedDB", async () => {
    const database = await openDatabase()
    return async docId => openLogStore(database, docId)
  })

test("a session's record is kept or lost together with the envelopes it speaks of", async () => {
  const { keeper, docId, envelopes, record } = await prepare()
  const database = await openDatabase()
  const store = openLogStore(database, docId)
  const sessions = openSessions(database)
  await store.append({ certificates: keeper.certificates.all(), envelopes: [] })
  const batch = { certificates: [], envelopes }
  const refused = await whileDiskIsFull(() => reasonOf(store.appendOwn(batch, { keep: record })))
  expect(refused).toBe("full")
  expect(await sessions.of(docId)).toEqual([])
  expect((await store.load())?.sessions).toEqual([])
  await store.appendOwn(batch, { keep: record })
  expect(await sessions.of(docId)).toEqual([record])
  expect((await store.load())?.sessions[0]?.places).toEqual(envelopes.map(indexed))
})

async function prepare() {
  const document = await foundDocument(11)
  const keeper = await Keeper.found(new MemoryStore(), verify, document.certificates.all())
  const { appended } = await keeper.accept(sealMany(document.write(document.admin), 3), "test")
  const [first, , last] = appended
  if (!first || !last) throw new Error("three were sealed")
  const { docId } = document
  const record: SessionRecord = {
    docId,
    sessionId: first.header.sessionId,
    seed: new Uint8Array(32),
    clientId: first.session.clientId,
    epoch: first.session.epoch,
    sealedUpTo: 1,
    head: { seq: 2, id: last.id },
    lamport: 3,
  }
  return { keeper, docId, envelopes: appended, record }
}
