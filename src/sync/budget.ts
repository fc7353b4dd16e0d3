// How much may leave over one link, and when (experience §3.5): text first, large things after. A bucket of bytes fills
// by the second up to a cap; all that leaves takes from it, and what is large waits until it is not empty. What is live
// never waits: where it takes more than there is, the next large thing waits longer. Outside the hours for them large
// things (blobs) wait altogether. Time and limits are passed in.
import type { World } from "../bytes/world"

/** When large things may go. */
export type Hours = "any" | "outside-work" | "night"

/** What a person has set for this device. */
export interface Limits {
  /** For each link, kB a second; null: as much as fits. */
  readonly capKBs: number | null
  readonly hours: Hours
}

export const NO_LIMITS: Limits = { capKBs: null, hours: "any" }

/** How often those who wait look again: limits and hours may have changed. */
const LOOK_MS = 1_000
const WORK = { from: 9 * 60, to: 17 * 60 + 30, days: [1, 2, 3, 4, 5] }
const NIGHT = { from: 22 * 60, to: 7 * 60 }

/** Whether large things may go at a moment (wall clock, ms), by the clock of this device. */
export function mayGoLarge(hours: Hours, at: number): boolean {
  const when = new Date(at)
  const minutes = when.getHours() * 60 + when.getMinutes()
  if (hours === "night") return minutes >= NIGHT.from || minutes < NIGHT.to
  if (hours === "outside-work")
    return !(WORK.days.includes(when.getDay()) && minutes >= WORK.from && minutes < WORK.to)
  return true
}

export class Budget {
  readonly #world: Pick<World, "now" | "after">
  readonly #limits: () => Limits
  /** Bytes that may leave now; below zero: what has left beyond that. */
  #left = 0
  #at: number
  #over = false

  /** `limits` is asked each time: it may change while something waits. */
  constructor(world: Pick<World, "now" | "after">, limits: () => Limits) {
    this.#world = world
    this.#limits = limits
    this.#at = world.now()
    this.#left = this.#perSecond()
  }

  /** So much has left, of whatever kind. */
  spend(bytes: number): void {
    this.#fill()
    this.#left -= bytes
  }

  /** Resolves when an answer to what was asked may leave, or the link is closed. */
  room(): Promise<void> {
    return this.#until(() => this.#hasRoom())
  }

  /** Whether large things may come and go now. */
  mayGoLarge(): boolean {
    return mayGoLarge(this.#limits().hours, this.#world.now())
  }

  /** The link is closed: nobody waits any more. */
  close(): void {
    this.#over = true
  }

  #hasRoom(): boolean {
    this.#fill()
    return this.#left >= 0
  }

  #perSecond(): number {
    const { capKBs } = this.#limits()
    return capKBs === null ? Number.POSITIVE_INFINITY : capKBs * 1_000
  }

  // A second's worth is the most that gathers: what was not used for an hour does not leave all at once.
  #fill(): void {
    const now = this.#world.now()
    const perSecond = this.#perSecond()
    const seconds = Math.max(0, now - this.#at) / 1_000
    this.#at = now
    this.#left =
      perSecond === Number.POSITIVE_INFINITY
        ? perSecond
        : Math.min(perSecond, this.#debt() + seconds * perSecond)
  }

  #debt(): number {
    return Number.isFinite(this.#left) ? this.#left : 0
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!this.#over && !isSo())
      await new Promise<void>(resolve => this.#world.after(this.#waitMs(), resolve))
  }

  #waitMs(): number {
    const missing = Math.max(0, -this.#debt())
    return Math.min(LOOK_MS, Math.max(10, Math.ceil((missing / this.#perSecond()) * 1_000)))
  }
}
