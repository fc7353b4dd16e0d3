// Whether the other end is alive: a PING after a while of quiet, and an end that stays silent is dead. Slowness is
// not silence: while a large answer is on its way over a bad connection, nothing else can be heard for minutes.
const QUIET_MS = 15_000
const DEAD_MS = 40_000
const DEAD_WHILE_PULLING_MS = 120_000

export class Pulse {
  #lastHeard: number
  #lastPing: number

  constructor(now: number) {
    this.#lastHeard = now
    this.#lastPing = now
  }

  heard(now: number): void {
    this.#lastHeard = now
  }

  /** What is to be done now. `pulling`: an answer is awaited. */
  tick(now: number, pulling: boolean): "nothing" | "ping" | "dead" {
    const silentMs = now - this.#lastHeard
    if (silentMs >= (pulling ? DEAD_WHILE_PULLING_MS : DEAD_MS)) return "dead"
    if (silentMs < QUIET_MS || now - this.#lastPing < QUIET_MS) return "nothing"
    this.#lastPing = now
    return "ping"
  }
}
