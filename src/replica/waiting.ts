// What sessions wait for that have something to be applied: for another session to be applied, for somebody to vouch
// for a rollup, or for the key of their epoch. Whoever takes them off this list looks at them again.
import type { SessionId } from "../bytes/ids"

export class Waiting {
  /** Session waited for → those that wait. */
  readonly #waiters = new Map<SessionId, Set<SessionId>>()
  /** Sessions whose next is a rollup that nobody vouches for yet, and whose run is not here. */
  readonly unvouched = new Taken()
  /** Sessions of an epoch that cannot be read here yet. */
  readonly keyless = new Taken()

  /** `waiter` can go on when something more of `sessionId` is applied. */
  waitFor(sessionId: SessionId, waiter: SessionId): void {
    const waiters = this.#waiters.get(sessionId) ?? new Set()
    this.#waiters.set(sessionId, waiters.add(waiter))
  }

  /** Takes off those that waited for a session. */
  takeWaitersOf(sessionId: SessionId): Iterable<SessionId> {
    const waiters = this.#waiters.get(sessionId) ?? []
    this.#waiters.delete(sessionId)
    return waiters
  }

  /** All that wait for another session, each once. */
  waiters(): SessionId[] {
    return [...new Set([...this.#waiters.values()].flatMap(some => [...some]))]
  }
}

class Taken {
  readonly #sessions = new Set<SessionId>()

  add(sessionId: SessionId): void {
    this.#sessions.add(sessionId)
  }

  /** Takes off all of them. */
  take(): SessionId[] {
    const all = [...this.#sessions]
    this.#sessions.clear()
    return all
  }
}
