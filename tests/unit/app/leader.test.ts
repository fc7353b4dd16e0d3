import { describe, expect, it } from "vitest"
import { type Election, type LeaderNote, standForElection } from "../../../src/app/leader"
import { type Clock, createClock, TestProfile, TestTab, turns } from "./tabs"

describe("who owns the network", () => {
  it("is the first tab, and nobody else as long as it is there", async () => {
    const { open, leaders, clock } = profile()
    open("first")
    open("second")
    await clock.pass(20_000)
    expect(leaders()).toEqual(["first"])
  })

  it("is another tab as soon as the first one is gone", async () => {
    const { open, leaders } = profile()
    const first = open("first")
    open("second")
    await turns()
    first.go()
    await turns()
    expect(leaders()).toEqual(["second"])
  })

  it("is another tab as soon as the first one is frozen, and the thawed one follows", async () => {
    const { open, leaders, clock } = profile()
    const first = open("first")
    open("second")
    await turns()
    first.freeze()
    await turns()
    expect(leaders()).toEqual(["second"])
    first.thaw()
    await clock.pass(10_000)
    expect(leaders()).toEqual(["second"])
  })

  it("is taken from a tab that hangs, within six seconds, and it knows when it wakes", async () => {
    const { open, leaders, clock } = profile()
    const first = open("first")
    open("second")
    await turns()
    first.hang()
    await clock.pass(3_000)
    expect(leaders(), "it may only be busy").toEqual(["first"])
    await clock.pass(2_000)
    expect(leaders()).toContain("second")
    first.wake()
    await clock.pass(10_000)
    expect(leaders()).toEqual(["second"])
  })

  it("is not taken by a tab that nobody looks at, until somebody does", async () => {
    const { open, leaders, clock } = profile()
    const first = open("first")
    const second = open("second", false)
    await turns()
    first.hang()
    await clock.pass(60_000)
    expect(leaders()).toEqual(["first"])
    second.show()
    await clock.pass(6_000)
    expect(leaders()).toContain("second")
  })

  it("is not taken by a tab that has only slept itself", async () => {
    const { open, leaders, clock } = profile()
    open("first")
    const second = open("second")
    await clock.pass(2_000)
    second.hang()
    await clock.pass(60_000)
    second.wake()
    await clock.pass(10_000)
    expect(leaders()).toEqual(["first"])
  })

  it("stays with a hidden tab that is alone, and goes to one that is seen when it was hidden for long", async () => {
    const { open, leaders, clock } = profile()
    const first = open("first")
    await turns()
    first.hide()
    await clock.pass(120_000)
    expect(leaders()).toEqual(["first"])
    open("second")
    await clock.pass(3_000)
    expect(leaders()).toEqual(["second"])
  })

  it("is one tab in the end when two take it at once", async () => {
    const { open, leaders, clock } = profile()
    const first = open("first")
    open("second")
    open("third")
    await turns()
    first.hang()
    await clock.pass(20_000)
    first.wake()
    await clock.pass(5_000)
    expect(leaders()).toHaveLength(1)
    expect(leaders()).not.toContain("first")
  })

  it("is found out by a tab that comes in the background", async () => {
    const { open, heard } = profile()
    open("first")
    await turns()
    open("second", false)
    await turns()
    expect(heard("second")).toContain("first")
  })
})

/** Tabs that stand for election. */
function profile() {
  const shared = new TestProfile()
  const clock: Clock = createClock()
  const leading = new Set<string>()
  const heard = new Map<string, string[]>()
  return {
    clock,
    leaders: () => [...leading],
    heard: (name: string) => heard.get(name) ?? [],
    open(name: string, visible = true): TestTab {
      const tab = new TestTab(name, shared, visible)
      const channel = shared.channel<LeaderNote>("leader", tab)
      const election: Election = standForElection({
        tab: name,
        locks: tab.locks,
        world: { ...clock, after: (ms, f) => clock.after(ms, () => tab.whenAwake(f)) },
        page: tab.page,
        post: note => channel.post(note),
        onLead: () => void leading.add(name),
        onDeposed: () => void leading.delete(name),
      })
      channel.onNote(note => {
        if (note.note === "leads") heard.set(name, [...(heard.get(name) ?? []), note.tab])
        election.hear(note)
      })
      const go = tab.go.bind(tab)
      tab.go = () => {
        leading.delete(name)
        go()
      }
      return tab
    },
  }
}
