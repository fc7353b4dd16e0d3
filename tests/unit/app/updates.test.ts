import { describe, expect, it } from "vitest"
import { type UpdatesOptions, type Worker, watchUpdates } from "../../../src/app/updates"
import { createClock, TestProfile, TestTab } from "./tabs"

const HOUR_MS = 60 * 60_000

/** A page with a worker in the hands of the test. */
function page(given: Partial<UpdatesOptions> = {}) {
  const heard: Record<"waiting" | "controlling", (() => void)[]> = { waiting: [], controlling: [] }
  const done: string[] = []
  let seen: () => void = () => undefined
  let now = 0
  const worker: Worker = {
    register: () => Promise.resolve(done.push("register")),
    update: () => Promise.resolve(void done.push("ask")),
    waitingRelease: () => Promise.resolve({ version: "2", hash: 7, notes: ["Faster", null] }),
    messageSkipWaiting: () => void done.push("skip waiting"),
    addEventListener: (type, listener) => void heard[type].push(listener),
  }
  const updates = watchUpdates({
    worker,
    controlled: true,
    flush: () => Promise.resolve(void done.push("flush")),
    reload: () => void done.push("reload"),
    world: { now: () => now, random: () => new Uint8Array(8), after: () => () => undefined },
    composition: { isOver: true, over: () => Promise.resolve() },
    others: null,
    onVisible: f => {
      seen = f
      return () => {
        seen = () => undefined
      }
    },
    ...given,
  })
  return {
    updates,
    done,
    happens: (type: "waiting" | "controlling") => {
      for (const listener of heard[type]) listener()
    },
    seenAfter: (ms: number) => {
      now += ms
      seen()
    },
  }
}

const turn = () => new Promise(resolve => setTimeout(resolve, 0))

describe("a newer version", () => {
  it("is announced, and nothing else happens until somebody says yes", async () => {
    const { updates, done, happens } = page()
    expect(updates.waiting.value).toBeNull()
    happens("waiting")
    await turn()
    expect(updates.waiting.value).toEqual({ version: "2", hash: "", notes: ["Faster"] })
    expect(done).toEqual(["register"])
    updates.take()
    await turn()
    expect(done).toEqual(["register", "flush", "skip waiting"])
  })

  it("takes over only when the words are on the disk, also in a window where nobody was asked", async () => {
    const { done, happens } = page()
    happens("controlling")
    happens("controlling")
    await turn()
    expect(done).toEqual(["register", "flush", "reload"])
  })

  it("does not take the page away when the flush fails", async () => {
    const { done, happens } = page({ flush: () => Promise.reject(new Error("the disk is full")) })
    happens("controlling")
    await turn()
    expect(done).not.toContain("reload")
  })

  it("does not reload a first visit when its first worker starts, but does for the one after it", async () => {
    const { done, happens } = page({ controlled: false })
    happens("controlling")
    await turn()
    expect(done).not.toContain("reload")
    happens("controlling")
    await turn()
    expect(done).toContain("reload")
  })

  it("is asked for when the page is looked at, at most once an hour", () => {
    const { updates, done, seenAfter } = page()
    seenAfter(HOUR_MS / 2)
    expect(done).not.toContain("ask")
    seenAfter(HOUR_MS / 2)
    seenAfter(HOUR_MS / 2)
    expect(done.filter(each => each === "ask")).toHaveLength(1)
    updates.stop()
    seenAfter(3 * HOUR_MS)
    expect(done.filter(each => each === "ask")).toHaveLength(1)
  })

  it("is no trouble when workers are forbidden or there is no network", async () => {
    const worker: Worker = {
      register: () => Promise.reject(new Error("not here")),
      update: () => Promise.reject(new Error("no network")),
      waitingRelease: () => Promise.resolve(null),
      messageSkipWaiting: () => undefined,
      addEventListener: () => undefined,
    }
    const { updates, seenAfter } = page({ worker })
    // A rejection that nobody took would fail the run.
    seenAfter(2 * HOUR_MS)
    await turn()
    expect(updates.waiting.value).toBeNull()
  })
})

describe("windows of one browser", () => {
  it("are all safe before a newer version is taken", async () => {
    const { open, clock } = windows()
    const [asking, other] = [open("asking"), open("other")]
    asking.updates.take()
    await clock.pass(1_000)
    expect(other.done).toEqual(["flush"])
    expect(asking.done).toEqual(["flush", "skip waiting"])
  })

  it("wait for the one in which a word is being composed, however long it takes", async () => {
    const { open, clock } = windows()
    const [asking, composing] = [open("asking"), open("composing")]
    composing.compose()
    asking.updates.take()
    await clock.pass(60_000)
    expect(asking.done).not.toContain("skip waiting")
    expect(composing.done).toEqual([])
    composing.finish()
    await clock.pass(1_000)
    expect(composing.done).toEqual(["flush"])
    expect(asking.done).toContain("skip waiting")
  })

  it("wait for the one that cannot keep its words, until it can or is gone", async () => {
    const { open, clock } = windows()
    const [asking, full, second] = [open("asking"), open("full"), open("second")]
    for (const window of [full, second]) window.fill(true)
    asking.updates.take()
    await clock.pass(30_000)
    expect(asking.done).not.toContain("skip waiting")
    full.fill(false)
    await clock.pass(30_000)
    expect(asking.done).not.toContain("skip waiting")
    second.tab.go()
    await clock.pass(1_000)
    expect(asking.done).toContain("skip waiting")
  })

  it("do not wait for one that is asleep", async () => {
    const { open, clock } = windows()
    const [asking, asleep] = [open("asking"), open("asleep")]
    asleep.tab.hang()
    asking.updates.take()
    await clock.pass(2_000)
    expect(asking.done).not.toContain("skip waiting")
    await clock.pass(2_000)
    expect(asking.done).toContain("skip waiting")
  })

  it("are not replaced in the middle of a word, when the newer version takes over", async () => {
    const { open, clock } = windows()
    const composing = open("composing")
    composing.compose()
    composing.takenOver()
    await clock.pass(10_000)
    expect(composing.done).toEqual([])
    composing.finish()
    await clock.pass(100)
    expect(composing.done).toEqual(["flush", "reload"])
  })
})

/** Windows of one browser, each with a worker, an input method and a disk in the hands of the test. */
function windows() {
  const shared = new TestProfile()
  const clock = createClock()
  const open = (name: string) => {
    const tab = new TestTab(name, shared)
    void tab.locks.take(`tab/${name}`)
    const done: string[] = []
    let controlling: () => void = () => undefined
    let isOver = true
    let forEnd: (() => void)[] = []
    let isFull = false
    const updates = watchUpdates({
      worker: {
        register: () => Promise.resolve(),
        update: () => Promise.resolve(),
        waitingRelease: () => Promise.resolve(null),
        messageSkipWaiting: () => void done.push("skip waiting"),
        addEventListener: (type, listener) => {
          if (type === "controlling") controlling = listener
        },
      },
      controlled: true,
      flush: async () => {
        if (isFull) throw new Error("the disk is full")
        done.push("flush")
      },
      reload: () => void done.push("reload"),
      world: { ...clock, after: (ms, f) => clock.after(ms, () => tab.whenAwake(f)) },
      composition: {
        get isOver() {
          return isOver
        },
        over: () => new Promise(resolve => forEnd.push(resolve)),
      },
      others: {
        tab: name,
        channel: shared.channel("updates", tab),
        tabs: async () => (await shared.locks.held("tab/")).map(held => held.slice(4)),
      },
      onVisible: () => () => undefined,
    })
    return {
      tab,
      updates,
      done,
      takenOver: () => controlling(),
      fill(full: boolean) {
        isFull = full
      },
      compose() {
        isOver = false
      },
      finish() {
        isOver = true
        for (const resolve of forEnd) resolve()
        forEnd = []
      },
    }
  }
  return { open, clock }
}
