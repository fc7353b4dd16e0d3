// What absorb has at hand of each session: envelopes read from the log that are next to be applied, and the run of a
// rollup that is next, to be compared with it. Reading waits; taking from here does not.
import type { EnvelopeId, SessionId } from "../bytes/ids"
import type { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import { KINDS, splitEnvelope } from "../records/envelope"
import type { Plain } from "../records/plain"
import type { Closure } from "./closure"
import { Held } from "./held"
import { readRun } from "./runs"
import type { BodyKeys } from "./sealing"

const READ_BYTES = 64 * 1024

interface Stretch {
  next: number
  readonly bytes: Uint8Array[]
}

export class Stretches {
  /** What has just come. */
  readonly held = new Held()
  readonly #keeper: Keeper
  readonly #closure: Closure
  readonly #keys: BodyKeys
  readonly #read = new Map<SessionId, Stretch>()
  readonly #runs = new Map<EnvelopeId, readonly Plain[] | null>()

  constructor(keeper: Keeper, closure: Closure, keys: BodyKeys) {
    this.#keeper = keeper
    this.#closure = closure
    this.#keys = keys
  }

  /** Has what is next of a session at hand, up to `to`. Rejects with StorageError. */
  async fill(sessionId: SessionId, to: number): Promise<void> {
    const from = this.#closure.reach(sessionId) + 1
    const at = this.#read.get(sessionId)
    if (at?.next === from && at.bytes.length > 0) return this.#fetchRun(sessionId, at)
    const held = this.held.take({ sessionId, from, to })
    const bytes = held.length > 0 ? held : await this.#keeper.read({ sessionId, from, to }, READ_BYTES)
    if (bytes.length === 0) throw new StorageError("damaged", "the log does not hold what its index names")
    const read = { next: from, bytes: [...bytes] }
    this.#read.set(sessionId, read)
    await this.#fetchRun(sessionId, read)
  }

  /** What is next of a session, or null if nothing is at hand. */
  next(sessionId: SessionId): Uint8Array | null {
    return this.#read.get(sessionId)?.bytes[0] ?? null
  }

  /** What was next is applied. */
  shift(sessionId: SessionId): void {
    const stretch = this.#read.get(sessionId)
    stretch?.bytes.shift()
    if (stretch) stretch.next = this.#closure.reach(sessionId) + 1
  }

  /** What is at hand of a session is not what is next any more. */
  forget(sessionId: SessionId): void {
    this.#read.delete(sessionId)
  }

  /** The run of a rollup, once: null if it is not held whole, undefined if it was not read. */
  takeRun(rollup: EnvelopeId): readonly Plain[] | null | undefined {
    const run = this.#runs.get(rollup)
    this.#runs.delete(rollup)
    return run
  }

  // A rollup whose run is applied is compared with it, so the run is read once more.
  async #fetchRun(sessionId: SessionId, { bytes: [first] }: Stretch): Promise<void> {
    const session = this.#keeper.log.session(sessionId)
    if (!first || !session) return
    const { id, header } = splitEnvelope(first)
    if (header.kind !== KINDS.rollup || this.#closure.reach(sessionId) !== header.seq - 1) return
    if (this.#runs.has(id)) return
    const run = { sessionId, from: header.from, to: header.seq - 1 }
    const key = this.#keys.of(session)
    if (key) this.#runs.set(id, await readRun(this.#keeper, run, key))
  }
}
