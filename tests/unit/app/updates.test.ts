import { describe, expect, it } from "vitest"
import { type UpdatesOptions, type Worker, watchUpdates } from "../../../src/app/updates"

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
    expect(updates.waiting.value).toBe(false)
    happens("waiting")
    await turn()
    expect(updates.waiting.value).toBe(true)
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
      messageSkipWaiting: () => undefined,
      addEventListener: () => undefined,
    }
    const { updates, seenAfter } = page({ worker })
    // A rejection that nobody took would fail the run.
    seenAfter(2 * HOUR_MS)
    await turn()
    expect(updates.waiting.value).toBe(false)
  })
})
