// The only source of time and chance. Everything that waits, stamps or draws takes a World, so that a test or a
// simulated run can be one number.

/** Undoes what it was returned by. Safe to call twice. */
export type Stop = () => void

export interface World {
  /** Wall clock, ms since 1970. */
  now(): number
  /** Good randomness, a fresh array of at most 64 KiB. */
  random(length: number): Uint8Array
  /** Calls `f` once, `ms` from now, unless stopped before. At most 24 days: timers cannot count further. */
  after(ms: number, f: () => void): Stop
}

const TIMER_MS_MAX = 2 ** 31 - 1

/** The world as it is: for browsers and Node alike. */
export const realWorld: World = {
  now: () => Date.now(),
  random: length => crypto.getRandomValues(new Uint8Array(length)),
  after: (ms, f) => {
    // Beyond 31 bits a timer fires at once, which is the opposite of what was asked for.
    if (ms > TIMER_MS_MAX) throw new Error(`a timer of ${ms} ms is too long`)
    const timer = setTimeout(f, ms)
    return () => clearTimeout(timer)
  },
}
