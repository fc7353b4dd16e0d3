// Time of a run. Everything that happens is an event of one queue: timers, frames, and each step of a simulated disk.
// An event runs with all that follows from it before the next one, in the name of one *life* (an opened tab, a running
// host), so that whose disk is meant is never in doubt. Nothing here takes any real time.
import type { Stop, World } from "../../src/bytes/world"
import type { Chance } from "./chance"
import type { Disk } from "./disk"

interface Event {
  readonly at: number
  readonly order: number
  readonly life: Life | null
  readonly f: () => void
  stopped: boolean
}

const START_MS = 1_700_000_000_000
/** Of a few seconds. What is honest needs some thousand. */
const EVENTS_MAX = 100_000

/** A step of a disk takes some time, for there are steps that wait for another by looking again and again. */
const STEP_MS = 0.01

/** Node's own, before anything stands in its place: it lets everything that is ready on this thread happen. */
const nodeTurn = globalThis.setImmediate

/** One opening of the document in one place. What a life that is over still does reaches nobody. */
export class Life {
  readonly name: string
  readonly disk: Disk
  readonly world: World
  /** Has something happen later, whether it lives then or not: what was given to the disk goes its way. */
  readonly later: (ms: number, f: () => void) => void
  alive = true

  constructor(name: string, disk: Disk, clockwork: Clockwork, chance: Chance, skewMs = 0) {
    this.name = name
    this.disk = disk
    this.later = (ms, f) => {
      clockwork.at(clockwork.now + ms, this, f)
    }
    this.world = {
      now: () => Math.floor(clockwork.now) + skewMs,
      random: length => chance.bytes(length),
      after: (ms, f) => clockwork.at(clockwork.now + ms, this, () => this.alive && f()),
    }
  }
}

export class Clockwork {
  now = START_MS
  /** Events that have happened. */
  count = 0
  /** What no part of the program may do: throw out of an event, or leave a failure to nobody. */
  readonly onFailure: (error: unknown, life: Life | null) => void
  #order = 0
  #events: Event[] = []
  #current: Life | null = null

  constructor(onFailure: (error: unknown, life: Life | null) => void) {
    this.onFailure = onFailure
  }

  /** In whose name things happen just now. */
  get current(): Life | null {
    return this.#current
  }

  at(at: number, life: Life | null, f: () => void): Stop {
    const event: Event = { at, order: this.#order++, life, f, stopped: false }
    // Behind everything that is due then: the queue is sorted, and most of what comes is late.
    let place = this.#events.length
    while (place > 0 && (this.#events[place - 1]?.at ?? 0) > at) place--
    this.#events.splice(place, 0, event)
    return () => {
      event.stopped = true
    }
  }

  /** Does something in a life's name, with all that follows from it at once. */
  async in(life: Life | null, f: () => void): Promise<void> {
    this.#current = life
    try {
      f()
    } catch (error) {
      this.onFailure(error, life)
    }
    await new Promise<void>(resolve => nodeTurn(resolve))
    this.#current = null
  }

  /** Lets time pass. */
  async run(ms: number): Promise<void> {
    const until = this.now + ms
    const last = this.count + EVENTS_MAX
    for (let event = this.#events[0]; event && event.at <= until; event = this.#events[0]) {
      this.#events.shift()
      if (event.stopped) continue
      this.now = Math.max(this.now, event.at)
      if (++this.count > last)
        throw new Error(`${EVENTS_MAX} events in ${ms} ms: something goes round in circles`)
      await this.in(event.life, event.f)
    }
    this.now = until
  }

  /** Stands in for the platform's way of doing something next, by which the simulated disk moves. Undone by `Stop`. */
  takeOver(): Stop {
    const next = (f: () => void) => {
      const life = this.#current
      if (!life) throw new Error("something touched a disk in nobody's name")
      this.at(this.now + STEP_MS, life, f)
    }
    const standing = Object.getOwnPropertyDescriptor(globalThis, "indexedDB")
    globalThis.setImmediate = next as unknown as typeof setImmediate
    Object.defineProperty(globalThis, "indexedDB", {
      configurable: true,
      get: () => this.#current?.disk.factory,
    })
    const unhandled = (error: unknown) => this.onFailure(error, this.#current)
    process.on("unhandledRejection", unhandled)
    lifeNow = () => this.#current
    continueAs = life => {
      this.#current = life
    }
    return () => {
      globalThis.setImmediate = nodeTurn
      if (standing) Object.defineProperty(globalThis, "indexedDB", standing)
      process.off("unhandledRejection", unhandled)
      lifeNow = () => null
      continueAs = () => undefined
    }
  }
}

/** In whose name the one run of this process that is under way does something. For the simulated disk, which is global. */
export let lifeNow: () => Life | null = () => null

/** From here to the end of the event things happen in another life's name: one transaction may set off another's. */
export let continueAs: (life: Life | null) => void = () => undefined
