// Tabs of one profile in one program: locks and channels that they share, a clock in the hands of the test, and pages
// that can be hidden, frozen and closed.

import type { Page } from "../../../src/app/leader"
import type { Stop, World } from "../../../src/bytes/world"
import { type LockLine, memoryLocks } from "../../../src/storage/locks"
import type { Channel } from "../../../src/storage/tabs"

/** A clock that stands still until it is told. */
export interface Clock extends World {
  /** Lets time pass, in small steps, so that what waits for turns in between gets them. */
  pass(ms: number): Promise<void>
}

export function createClock(): Clock {
  let now = 1_000_000
  let count = 0
  const timers = new Set<{ readonly at: number; readonly f: () => void }>()
  return {
    now: () => now,
    random: length => new Uint8Array(length).fill(++count),
    after(ms, f) {
      const timer = { at: now + ms, f }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async pass(ms) {
      await turns()
      for (const end = now + ms; now < end; ) {
        now = Math.min(end, now + 50)
        for (const timer of [...timers].filter(({ at }) => at <= now)) if (timers.delete(timer)) timer.f()
        await turns()
      }
    },
  }
}

/** Gives everything that is on its way its turn. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
}

/** What all tabs of a profile share. */
export class TestProfile {
  readonly locks: LockLine = memoryLocks()
  readonly #ends = new Map<string, Set<TestChannel<unknown>>>()

  /** One tab's end of a channel. What `asleep` tabs are told waits until they wake. */
  channel<Note>(name: string, tab: TestTab): Channel<Note> {
    const ends = this.#ends.get(name) ?? new Set()
    this.#ends.set(name, ends)
    const end = new TestChannel<Note>(tab, note => {
      for (const other of ends) if (other !== end) setImmediate(() => other.hear(structuredClone(note)))
    })
    ends.add(end as TestChannel<unknown>)
    return end
  }
}

class TestChannel<Note> implements Channel<Note> {
  readonly #tab: TestTab
  readonly #send: (note: Note) => void
  readonly #listeners = new Set<(note: Note) => void>()

  constructor(tab: TestTab, send: (note: Note) => void) {
    this.#tab = tab
    this.#send = send
  }

  post(note: Note): void {
    if (!this.#tab.isGone) this.#send(note)
  }

  onNote(f: (note: Note) => void): Stop {
    this.#listeners.add(f)
    return () => this.#listeners.delete(f)
  }

  hear(note: Note): void {
    this.#tab.whenAwake(() => {
      for (const listener of this.#listeners) listener(note)
    })
  }

  close(): void {
    this.#listeners.clear()
  }
}

/** One tab: its page, its locks, and what it does when it is awake. */
export class TestTab {
  readonly name: string
  isGone = false
  #visible: boolean
  #asleep = false
  #missed: (() => void)[] = []
  readonly #listeners = new Set<(now: "visible" | "hidden" | "frozen" | "thawed") => void>()
  readonly #held = new Set<Stop>()
  readonly #locks: LockLine

  constructor(name: string, { locks }: TestProfile, visible = true) {
    this.name = name
    this.#visible = visible
    this.#locks = locks
  }

  readonly page: Page = {
    isVisible: () => this.#visible,
    onChange: f => {
      this.#listeners.add(f)
      return () => this.#listeners.delete(f)
    },
  }

  /** The profile's locks: let go of when the tab is gone, as a browser does. */
  readonly locks: LockLine = {
    take: async name => {
      const release = await this.#locks.take(name)
      if (release) this.#held.add(release)
      return release
    },
    enter: (name, how, turn) => {
      const leave = this.#locks.enter(name, how, {
        onHeld: () => this.whenAwake(() => turn.onHeld()),
        onLost: () => this.whenAwake(() => turn.onLost()),
      })
      this.#held.add(leave)
      return leave
    },
    held: prefix => this.#locks.held(prefix),
  }

  show(): void {
    this.#visible = true
    for (const f of this.#listeners) f("visible")
  }

  hide(): void {
    this.#visible = false
    for (const f of this.#listeners) f("hidden")
  }

  /** It is told, and then does nothing until it is thawed. */
  freeze(): void {
    for (const f of this.#listeners) f("frozen")
    this.hang()
  }

  thaw(): void {
    this.wake()
    for (const f of this.#listeners) f("thawed")
  }

  /** It does nothing, and nobody was told: its locks stay its own. */
  hang(): void {
    this.#asleep = true
  }

  wake(): void {
    this.#asleep = false
    for (const f of this.#missed.splice(0)) f()
  }

  /** Closed or crashed. */
  go(): void {
    this.isGone = true
    for (const release of this.#held) release()
  }

  whenAwake(f: () => void): void {
    if (this.isGone) return
    if (this.#asleep) this.#missed.push(f)
    else f()
  }
}
