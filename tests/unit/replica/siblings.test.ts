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
