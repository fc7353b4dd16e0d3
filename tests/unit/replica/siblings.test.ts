// Two tabs of one browser share a log on the disk, and tell each other when it has grown.
import { expect, test } from "vitest"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { keysOf } from "../../../src/people/membership"
import { keepTabs } from "../../../src/replica/siblings"
import type { Tabs } from "../../../src/storage/tabs"
import { TestProfile, TestTab } from "../app/tabs"
import { foundDocument, verify } from "../sync/world"
import { Device, share, until } from "./rig"

test("a certificate that comes to one tab is known in the other at once", async () => {
  const shared = await share(91)
  const { seatCertificate, seatHash } = keysOf(shared.invite("edit"))
  const device = new Device(shared, shared.founder, 92)
  const [one, other] = [await device.open(), await device.open()]
  const { refused } = await one.keeper.addCertificates([seatCertificate], "a link")
  expect(refused).toEqual([])
  await until(() => other.keeper.certificates.seat(seatHash) !== null)
})

test("what one tab took in while the other was opening is taken up as soon as it listens", async () => {
  const document = await foundDocument(95)
  const store = new MemoryStore()
  const profile = new TestProfile()
  const open = (name: string): Tabs => profile.channel("document", new TestTab(name, profile))
  const listen = (keeper: Keeper, tabs: Tabs) =>
    keepTabs({
      tabs,
      keeper,
      missedSome: false,
      onFlushAsked: () => undefined,
      onProblem: error => {
        throw error
      },
    })
  const one = await Keeper.found(store, verify, document.certificates.all())
  const other = await Keeper.open(store, verify)
  listen(one, open("one"))
  const { sessionId, seal } = document.write(document.admin)
  await (await one.accept([seal().bytes, seal().bytes], "a link")).durable
  if (!other) throw new Error("a log that was begun is there")
  expect(other.log.reach(sessionId)).toBe(-1)
  listen(other, open("other"))
  await until(() => other.log.reach(sessionId) === 1)
})

test("words typed in both tabs at once are in both, each once", async () => {
  const shared = await share(93)
  const device = new Device(shared, shared.founder, 94)
  const [one, other] = [await device.open(), await device.open()]
  for (let turn = 0; turn < 20; turn++) {
    one.type(0, "a")
    other.type(0, "b")
    await Promise.all([one.replica.flush(), other.replica.flush()])
  }
  await until(() => one.text().length === 40 && one.text() === other.text())
  expect(one.text().replaceAll("a", "")).toHaveLength(20)
})

test("what a tab took in while another opened is taken up there, also when it is gone by then", async () => {
  const document = await foundDocument(96)
  const store = new MemoryStore()
  const profile = new TestProfile()
  const one = await Keeper.found(store, verify, document.certificates.all())
  const other = await Keeper.open(store, verify)
  if (!other) throw new Error("a log that was begun is there")
  const { sessionId, seal } = document.write(document.admin)
  await (await one.accept([seal().bytes], "a link")).durable
  keepTabs({
    tabs: profile.channel("document", new TestTab("other", profile)),
    keeper: other,
    missedSome: true,
    onFlushAsked: () => undefined,
    onProblem: error => {
      throw error
    },
  })
  await until(() => other.log.reach(sessionId) === 0)
})

test("a tab that closes tells the others of its last words", async () => {
  const shared = await share(97)
  const device = new Device(shared, shared.founder, 98)
  const [one, other] = [await device.open(), await device.open()]
  one.type(0, "the last words")
  await one.replica.close()
  await until(() => other.text() === "the last words")
})

test("what a tab finishes of one that is gone, while it opens, the others hear of", async () => {
  const shared = await share(99)
  const device = new Device(shared, shared.founder, 100)
  const [one, other] = [await device.open(), await device.open()]
  one.type(0, "left unfinished")
  one.die()
  await device.open()
  await until(() => other.text() === "left unfinished")
})
