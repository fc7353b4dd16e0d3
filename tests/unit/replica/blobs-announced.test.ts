// A blob that is added to a document: kept, announced in the chain of the words beside it, and known to whoever has the
// log, to other tabs and after a restart.
import { beforeEach, expect, test } from "vitest"
import { type SealedBlob, sealBlob } from "../../../src/replica/blob"
import { chance } from "../sync/world"
import { Device, share, type Tab } from "./rig"

let ana: Device
let bea: Device
let tab: Tab

beforeEach(async () => {
  const shared = await share(301)
  const member = shared.invite("edit")
  ana = new Device(shared, shared.founder, 302)
  bea = new Device(shared, member, 303)
  tab = await ana.open()
})

const random = chance(304)
const blobOf = (size: number): Promise<SealedBlob> =>
  sealBlob(
    random(size),
    { type: "image/png", width: 2, height: 1, likeness: null },
    random,
    async () => undefined,
  )

test("it is announced between the words, and a reader's document holds all of them", async () => {
  const blob = await blobOf(70_000)
  tab.type(0, "before ")
  await tab.replica.flush()
  await tab.replica.addBlob(blob)
  tab.type(7, "after")
  await tab.replica.flush()
  const reader = await bea.open()
  await carry(tab, reader)
  expect(reader.text()).toBe("before after")
  expect(reader.replica.health).toMatchObject({ poison: [], waiting: 0, unread: 0 })
  expect(reader.keeper.blobs.all()).toEqual([blob.announced.blobId])
  await reader.keeper.blobs.ready()
  expect(reader.keeper.blobs.incomplete()).toEqual([blob.announced.blobId])
  expect(reader.keeper.blobs.bytes(blob.announced.blobId)).toBe(blob.announced.bytes)
})

test("in a document without words it opens the session, and is there after a restart", async () => {
  const blob = await blobOf(10)
  await tab.replica.addBlob(blob)
  await tab.replica.close()
  const again = await ana.open()
  await again.keeper.blobs.ready()
  expect(again.keeper.blobs.isWhole(blob.announced.blobId)).toBe(true)
  again.type(0, "still writes")
  await again.replica.flush()
  expect(again.replica.health).toMatchObject({ poison: [], waiting: 0, stuck: null })
})

test("another tab of the same browser has it at once", async () => {
  const other = await ana.open()
  const blob = await blobOf(100)
  await tab.replica.addBlob(blob)
  await expect.poll(() => other.keeper.blobs.isWhole(blob.announced.blobId)).toBe(true)
})

async function carry(from: Tab, to: Tab): Promise<void> {
  for (const { sessionId, seq } of from.keeper.log.heads()) {
    const bytes = await from.keeper.read({ sessionId, from: 0, to: seq }, 1e7)
    await (await to.keeper.accept(bytes, "by hand")).durable
  }
  await to.replica.settled()
}
