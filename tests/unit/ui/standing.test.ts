import { signal } from "@preact/signals-core"
import { describe, expect, it } from "vitest"
import type { RelayState } from "../../../src/app/model"
import { calmed, type Facts, type Standing, standing, standingOfRow } from "../../../src/ui/standing"

const calm: Facts = {
  saved: { state: "saved", at: 1 },
  content: "here",
  relay: null,
  places: 1,
  elsewhere: false,
  unsentMs: 0,
  written: true,
  removed: false,
  outdated: false,
  pausedUntil: null,
  target: 2,
}
const NOW = new Date(2026, 4, 3, 13, 0).getTime()
const relay = (link: RelayState["link"], everything: boolean | null): RelayState => ({
  name: "relay.example",
  link,
  receipt: everything === null ? null : { everything, at: 1 },
})
const kind = (facts: Partial<Facts>) => standing({ ...calm, ...facts }, NOW).kind

describe("where a document stands", () => {
  it("says first of all that it is not saved", () => {
    const failed: Facts["saved"] = { state: "failed", problem: { kind: "disk-full" } }
    expect(kind({ saved: failed, places: 5, relay: relay("live", true) })).toBe("failed")
    expect(kind({ saved: failed, content: "waiting" })).toBe("failed")
  })

  it("does not worry anybody about an empty document", () => {
    expect(kind({ written: false })).toBe("blank")
    expect(kind({ written: true })).toBe("only-here")
    expect(kind({ written: true, removed: true })).toBe("removed")
  })

  it("does not count a relay that has signed for nothing", () => {
    expect(kind({ relay: relay("live", null), unsentMs: 0 })).toBe("only-here")
    expect(kind({ relay: relay("away", null), unsentMs: 60_000 })).toBe("only-here")
  })

  it("tells changes on their way from changes that wait", () => {
    expect(kind({ relay: relay("live", false), unsentMs: 5_000 })).toBe("sending")
    expect(kind({ relay: relay("away", false), elsewhere: true, unsentMs: 5_000 })).toBe("unsent")
    expect(kind({ relay: relay("refused", false), elsewhere: true, unsentMs: 5_000 })).toBe("unsent")
    expect(kind({ elsewhere: true, unsentMs: 5_000 })).toBe("unsent")
  })

  it("never calls safe what has not left in full", () => {
    for (const link of ["connecting", "live", "away", "refused"] as const) {
      expect(kind({ relay: relay(link, false), unsentMs: 1, places: 4 })).not.toBe("safe")
    }
  })

  it("names the one other place by its kind", () => {
    expect(standing({ ...calm, places: 2, relay: relay("live", true) }, NOW).text).toBe(
      "Here and on the relay",
    )
    expect(standing({ ...calm, places: 2 }, NOW).text).toBe("On 1 other device")
  })

  it("is safe, and bound, from three places on", () => {
    const safe = standing({ ...calm, places: 3 }, NOW)
    expect(safe).toMatchObject({ kind: "safe", shape: "bound", tone: "safe", text: "Safe in 3 places" })
  })

  it("is enough when its person says so", () => {
    expect(kind({ places: 2, target: 1 })).toBe("safe")
    expect(standing({ ...calm, places: 3, target: 3 }, NOW)).toMatchObject({
      kind: "some",
      text: "In 3 places",
    })
  })

  it("says until when nothing is sent, unless something more serious is to be said", () => {
    const pausedUntil = new Date(2026, 4, 3, 14, 0).getTime()
    expect(standing({ ...calm, pausedUntil }, NOW).text).toBe("Paused until 14:00")
    expect(kind({ pausedUntil, content: "waiting" })).toBe("waiting")
    expect(kind({ pausedUntil, written: false })).toBe("blank")
  })

  it("asks for the update when others use a newer version", () => {
    expect(kind({ outdated: true, places: 5 })).toBe("outdated")
  })

  it("asks for attention when work has waited for a day", () => {
    const waited = (unsentMs: number) =>
      standing({ ...calm, relay: relay("away", true), elsewhere: true, unsentMs }, NOW).tone
    expect(waited(23 * 3_600_000)).toBe("plain")
    expect(waited(25 * 3_600_000)).toBe("wait")
  })

  it("gives each row of the list its shape, and a warning only where words could be lost", () => {
    const row = {
      id: "x",
      title: "Minutes",
      snippet: "",
      target: 2,
      editedAt: 0,
      shared: false,
      right: "admin",
      pinned: false,
      folder: "",
      trashedAt: null,
    } as const
    const shape = (places: number) => standingOfRow({ ...row, places }).shape
    expect([0, 1, 2, 3, 9].map(shape)).toEqual(["one", "one", "two", "bound", "bound"])
    expect(standingOfRow({ ...row, places: 1 })).toMatchObject({ tone: "wait", text: "Only here" })
    expect(standingOfRow({ ...row, title: " ", places: 1 })).toMatchObject({ tone: "plain", shape: "dashed" })
  })
})

/** Time by hand: runs what is due when `pass` is told to. */
function handClock() {
  let now = 0
  let waiting: { at: number; run: () => void }[] = []
  return {
    after: (delayMs: number, run: () => void) => {
      const entry = { at: now + delayMs, run }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter(each => each !== entry)
      }
    },
    pass: (ms: number) => {
      now += ms
      for (const { run } of waiting.filter(each => each.at <= now)) run()
      waiting = waiting.filter(each => each.at > now)
    },
    pending: () => waiting.length,
  }
}

describe("the standing without its flicker", () => {
  const safe = standing({ ...calm, places: 3 }, NOW)
  const sending = standing({ ...calm, places: 3, relay: relay("live", true), unsentMs: 1 }, NOW)
  const unsent = standing(
    { ...calm, places: 3, relay: relay("away", true), elsewhere: true, unsentMs: 1 },
    NOW,
  )
  const failed = standing({ ...calm, saved: { state: "failed", problem: { kind: "disk-full" } } }, NOW)

  function watched(first: Standing) {
    const source = signal(first)
    const clock = handClock()
    const { shown, stop } = calmed(source, clock.after)
    return { source, clock, shown, stop }
  }

  it("does not blink for a change that is sent within seconds", () => {
    const { source, clock, shown } = watched(safe)
    source.value = sending
    clock.pass(4_000)
    source.value = safe
    clock.pass(60_000)
    expect(shown.value.kind).toBe("safe")
    expect(clock.pending()).toBe(0)
  })

  it("shows a worse standing once it has lasted, even if it kept changing its reason", () => {
    const { source, clock, shown } = watched(safe)
    for (let turn = 0; turn < 6; turn += 1) {
      source.value = turn % 2 === 0 ? sending : unsent
      clock.pass(1_000)
    }
    expect(shown.value.kind).not.toBe("safe")
  })

  it("shows a better one soon, and trouble at once", () => {
    const { source, clock, shown } = watched(unsent)
    source.value = safe
    expect(shown.value.kind).toBe("unsent")
    clock.pass(800)
    expect(shown.value.kind).toBe("safe")
    source.value = failed
    expect(shown.value.kind).toBe("failed")
  })

  it("leaves nothing running when it is stopped", () => {
    const { source, clock, stop } = watched(safe)
    source.value = unsent
    stop()
    expect(clock.pending()).toBe(0)
  })
})
