// Waiting, ports, medians and tidying up: the small verbs that every browser test needs. Nothing here
// knows of browsers or relays.
import { createServer } from "node:net"

/** Closes what a test opened, last opened first. Call `close` in afterEach (the `test` of harness.ts does). */
export interface Cleanup {
  add(close: () => void | Promise<void>): void
  /** Runs every closer even when one fails, then throws the first failure. Safe to call twice. */
  close(): Promise<void>
}

export function createCleanup(): Cleanup {
  const closers: (() => void | Promise<void>)[] = []
  return {
    add(close) {
      closers.push(close)
    },
    async close() {
      const failures: unknown[] = []
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close()
        } catch (failure) {
          // One closer's failure must not leave the other processes running.
          failures.push(failure)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** What `waitFor` is waiting for, in words that complete "waited 5000 ms for …". */
export interface Waiting {
  readonly what: string
  readonly timeoutMs?: number
  readonly everyMs?: number
  /** Evaluated only when time is up: what was seen instead, for the failure message. */
  readonly seen?: () => unknown
}

/**
 * Resolves with the first value of `predicate` that is neither false, null nor undefined. A predicate that
 * throws counts as "not yet"; its last message is part of the failure.
 */
export async function waitFor<T>(
  predicate: () => T | Promise<T>,
  { what, timeoutMs = 10_000, everyMs = 50, seen }: Waiting,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs
  let lastFailure = ""
  for (;;) {
    try {
      const value = await predicate()
      if (value !== false && value !== null && value !== undefined) {
        return value as Exclude<T, false | null | undefined>
      }
      lastFailure = ""
    } catch (failure) {
      // A page that is navigating or a server that is starting throws for a while: that is "not yet".
      lastFailure = `; it last failed with: ${failure instanceof Error ? failure.message : String(failure)}`
    }
    if (performance.now() >= deadline) {
      const instead = seen === undefined ? "" : `; saw instead: ${JSON.stringify(await seen())}`
      throw new Error(`waited ${timeoutMs} ms for ${what}, in vain${lastFailure}${instead}`)
    }
    await sleep(everyMs)
  }
}

export function sleep(durationMs: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, durationMs))
}

/** The middle value; of an even count, the mean of the two in the middle. Throws when there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) throw new Error("the median of no numbers was asked for")
  return (lower + upper) / 2
}

/**
 * A free port below the range that systems hand to outgoing connections: a relay that stops and comes back
 * on its port must not find a browser's own socket sitting there.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    if (await canListen(port)) return port
  }
  throw new Error("no free port found between 20000 and 29999")
}

function canListen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once("error", () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}
