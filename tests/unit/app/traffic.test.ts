import { expect, test } from "vitest"
import { DeviceTraffic } from "../../../src/app/traffic"
import type { Cabinet } from "../../../src/storage/keys"
import { Budget, type Limits, mayGoLarge } from "../../../src/sync/budget"
import { createClock, TestProfile, TestTab, turns } from "./tabs"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** What lies on the disk, whichever window looks. */
function disk(): Cabinet<string, unknown> {
  const rows = new Map<string, unknown>()
  return {
    get: async name => rows.get(name) ?? null,
    put: async (name, value) => void rows.set(name, value),
    delete: async name => void rows.delete(name),
    all: async () => [...rows].map(([name, value]) => ({ name, value })),
  }
}

function windowOf(
  settings: Cabinet<string, unknown>,
  world = createClock(),
  tab = new TestTab("a", new TestProfile()),
) {
  let told = 0
  const traffic = new DeviceTraffic({
    world,
    settings,
    page: tab.page,
    onChange: () => told++,
    onProblem: error => {
      throw error
    },
  })
  return { traffic, world, tab, told: () => told }
}

test("a pause ends by itself, half a minute late at most", async () => {
  const { traffic, world } = windowOf(disk())
  await traffic.start()
  traffic.pauseUntil(world.now() + 30 * MINUTE_MS)
  await world.pass(29 * MINUTE_MS)
  expect(traffic.pause.value).not.toBeNull()
  await world.pass(1.5 * MINUTE_MS)
  expect(traffic.pause.value).toBeNull()
})

test("it lasts over a restart, and is over when it is over although nothing ran", async () => {
  const settings = disk()
  const first = windowOf(settings)
  await first.traffic.start()
  const until = first.world.now() + 30 * MINUTE_MS
  first.traffic.pauseUntil(until)
  await turns()
  first.traffic.close()
  const startedAt = async (at: number) => {
    const clock = createClock()
    const { traffic } = windowOf(settings, { ...clock, now: () => at })
    await traffic.start()
    traffic.close()
    return traffic.pause.value
  }
  expect(await startedAt(until - MINUTE_MS)).toEqual({ until, clockWentBack: false })
  expect(await startedAt(until + 1)).toBeNull()
  expect(await startedAt(until - MINUTE_MS), "over for good").toBeNull()
})

test("a window that was asleep looks as soon as it is looked at, and others are told", async () => {
  const { traffic, world, tab, told } = windowOf(disk())
  await traffic.load()
  traffic.pauseUntil(world.now() + MINUTE_MS)
  const looking = tab.page.onChange(now => now === "visible" && traffic.look())
  await world.pass(2 * MINUTE_MS)
  expect(traffic.pause.value).not.toBeNull()
  tab.show()
  await turns()
  expect(traffic.pause.value).toBeNull()
  expect(told()).toBe(2)
  looking()
})

test("a clock that is put back by more than an hour is noticed, and by less it is not", async () => {
  const settings = disk()
  const clock = createClock()
  let offset = 3 * HOUR_MS
  const { traffic } = windowOf(settings, { ...clock, now: () => clock.now() + offset })
  await traffic.load()
  traffic.pauseUntil(clock.now() + offset + 2 * HOUR_MS)
  offset -= 59 * MINUTE_MS
  traffic.look()
  expect(traffic.pause.value?.clockWentBack).toBe(false)
  offset -= 2 * MINUTE_MS
  traffic.look()
  expect(traffic.pause.value?.clockWentBack).toBe(true)
  traffic.resume()
  expect(traffic.pause.value).toBeNull()
})

test("another window reads the pause, the cap and the hours from the disk", async () => {
  const settings = disk()
  const [one, other] = [windowOf(settings), windowOf(settings)]
  await Promise.all([one.traffic.start(), other.traffic.start()])
  one.traffic.pauseUntil(one.world.now() + HOUR_MS)
  one.traffic.limit({ capKBs: 50, hours: "night" })
  await turns()
  await other.traffic.load()
  expect(other.traffic.pause.value?.until).toBe(one.traffic.pause.value?.until)
  expect(other.traffic.limits.value).toEqual({ capKBs: 50, hours: "night" })
})

test("large things have their hours, by the clock of the device", () => {
  const at = (day: number, hour: number, minute = 0) => new Date(2026, 5, day, hour, minute).getTime() // 1 June: a Monday
  expect([at(1, 6, 59), at(1, 7), at(1, 21, 59), at(1, 22)].map(each => mayGoLarge("night", each))).toEqual([
    true,
    false,
    false,
    true,
  ])
  const work = [at(1, 8, 59), at(1, 9), at(5, 17, 29), at(5, 17, 30), at(6, 12), at(7, 12)]
  expect(work.map(each => mayGoLarge("outside-work", each))).toEqual([true, false, false, true, true, true])
  expect(mayGoLarge("any", at(3, 12))).toBe(true)
})

test("over a minute no more leaves than the cap, what is live does not wait, and a rest gathers one second", async () => {
  const clock = createClock()
  let limits: Limits = { capKBs: 10, hours: "any" }
  const budget = new Budget(clock, () => limits)
  await clock.pass(HOUR_MS / 60)
  let large = 0
  let live = 0
  const sending = (async () => {
    for (;;) {
      await budget.room()
      if (limits.capKBs === null) return
      budget.spend(4_000)
      large += 4_000
    }
  })()
  for (let second = 0; second < 60; second++) {
    budget.spend(2_000) // live: it asks nobody
    live += 2_000
    await clock.pass(1_000)
  }
  const most = 61 * 10_000 + 4_000
  expect(large + live).toBeLessThanOrEqual(most)
  expect(large + live, "and little less").toBeGreaterThan(0.9 * most)
  expect(large).toBeGreaterThan(0.7 * (most - live))
  limits = { capKBs: null, hours: "any" }
  await clock.pass(2_000)
  await sending
})
