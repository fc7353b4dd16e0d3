// The only source of time and chance. Everything that waits, stamps or draws takes a World, so that a test or a
// simulated run can be one number.

/** Undoes what it was returned by. Safe to call twice. */
export type Stop = () => void

export interface World {
  /** Wall clock, ms since 1970. */
  now(): number
  /** Good randomness, a fresh array. */
  random(length: number): Uint8Array
  /** Calls `f` once, `ms` from now, unless stopped before. */
  after(ms: number, f: () => void): Stop
}

/** The world as it is: for browsers and Node alike. */
export const realWorld: World = {
  now: () => Date.now(),
  random: length => crypto.getRandomValues(new Uint8Array(length)),
  after: (ms, f) => {
    const timer = setTimeout(f, ms)
    return () => clearTimeout(timer)
  },
}
