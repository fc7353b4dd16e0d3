// Two tabs of one profile, of which one closes while the other opens: at whatever step of the start that happens, no
// word is set aside, because all of them are in the log.
import { expect, test } from "vitest"
import * as Y from "yjs"
import { ARRIVED } from "../../../src/replica/staging"
import { whileDiskIsFull } from "../storage/browser"
import { carry, Device, share, turns, until } from "./rig"

test("a tab that opens while another one closes finds its words in the log", async () => {
  const shared = await share(31)
  for (let after = 0; after < 40; after += 2) {
    const device = new Device(shared, shared.founder, 100 + after)
    const first = await device.open()
    first.type(0, "typed and not yet sealed")
    const opening = device.open()
    await turns(after)
    await first.replica.close()
    const second = await opening
    await second.replica.settled()
    expect(second.replica.health.aside, `after ${after} turns`).toEqual([])
    expect(second.text(), `after ${after} turns`).toBe("typed and not yet sealed")
    await second.replica.close()
  }
})

test("a tab whose neighbour went away on a full disk finishes its words when there is room again", async () => {
  const shared = await share(32)
  const device = new Device(shared, shared.founder, 200)
  const first = await device.open()
  first.type(0, "written first")
  const second = await device.open()
  second.type(5, "upon it ")
  first.die()
  await whileDiskIsFull(async () => {
    second.replica.flushNow()
    for (let seconds = 0; seconds < 6; seconds++) {
      second.clock.advance(1_000)
      await turns()
    }
    expect(second.replica.pending).toBe(true)
  })
  await until(() => {
    second.clock.advance(1_000)
    return !second.replica.pending
  })
  const bo = await new Device(shared, shared.invite("edit"), 201).open()
  await carry(second, bo)
  expect(bo.text()).toBe("writtupon it en first")
})

test("a reader's device that was full says so no longer once it has room, although nobody types there", async () => {
  const shared = await share(33)
  const ana = await new Device(shared, shared.founder, 300).open()
  const reader = await new Device(shared, shared.invite("view"), 301).open()
  ana.type(0, "for the reader")
  await whileDiskIsFull(async () => {
    Y.applyUpdate(reader.replica.doc, Y.encodeStateAsUpdate(ana.replica.doc), ARRIVED)
    await until(() => reader.replica.saved.state === "failed")
  })
  await until(() => {
    reader.clock.advance(1_000)
    return reader.replica.saved.state === "saved"
  })
  expect(reader.text()).toBe("for the reader")
})
