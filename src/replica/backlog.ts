// What the log holds of sessions and the document does not, opened ahead of its turn: for finding out what waits for
// what. Each session is read once, as far as it is asked for.
import type { SessionId } from "../bytes/ids"
import type { Keeper } from "../log/keeper"
import { type Header, KINDS, splitEnvelope } from "../records/envelope"
import type { Head } from "../records/plain"
import type { Tied, Unapplied } from "./circle"
import type { Closure } from "./closure"
import { isEqual, rollUp } from "./rollup"
import { readRun } from "./runs"
import { type BodyKeys, openBody } from "./sealing"

export interface BacklogOptions {
  /** How far a session may be read; -1: not at all. */
  readonly reachOf: (sessionId: SessionId) => number
  readonly isApplied: (dep: Head) => boolean
  readonly keys: BodyKeys
}

const READ_BYTES = 256 * 1024

export class Backlog implements Unapplied {
  readonly #keeper: Keeper
  readonly #closure: Closure
  readonly #options: BacklogOptions
  readonly #read = new Map<SessionId, Tied[]>()

  constructor(keeper: Keeper, closure: Closure, options: BacklogOptions) {
    this.#keeper = keeper
    this.#closure = closure
    this.#options = options
  }

  isApplied(dep: Head): boolean {
    return this.#options.isApplied(dep)
  }

  async read(sessionId: SessionId, seq: number): Promise<readonly Tied[] | null> {
    const read = this.#read.get(sessionId) ?? []
    this.#read.set(sessionId, read)
    for (;;) {
      const at = read.findIndex(({ head }) => head.seq >= seq)
      if (at >= 0) return read.slice(0, at + 1)
      if (!(await this.#more(sessionId, read))) return null
    }
  }

  async #more(sessionId: SessionId, read: Tied[]): Promise<boolean> {
    const { reachOf, keys } = this.#options
    const session = this.#keeper.log.session(sessionId)
    const from = (read.at(-1)?.head.seq ?? this.#closure.reach(sessionId)) + 1
    const to = reachOf(sessionId)
    const key = session && keys.of(session)
    if (!session || !key || from > to) return false
    const before = read.length
    for (const bytes of await this.#keeper.read({ sessionId, from, to }, READ_BYTES)) {
      const { id, header, body } = splitEnvelope(bytes)
      const next = (read.at(-1)?.head.seq ?? this.#closure.reach(sessionId)) + 1
      const opening = openBody(body, key)
      // What fails here is for its own turn to say; whatever waits for it goes on waiting.
      if (!opening.ok) break
      const head = { sessionId, seq: header.seq, id }
      const tied = await this.#tie(
        { session, head, plain: opening.plain, after: header.seq - 1, run: null },
        header,
        next,
      )
      if (!tied) break
      read.push(tied)
    }
    return read.length > before
  }

  async #tie(tied: Tied, header: Header, next: number): Promise<Tied | null> {
    const { session, head, plain } = tied
    const { sessionId, seq, id } = head
    if (header.kind !== KINDS.rollup)
      return (header.kind === KINDS.update) === plain.payload.length > 0 ? tied : null
    const run = { first: header.from, seq }
    if (seq > next)
      return this.#keeper.log.isVouched(id, sessionId) ? { ...tied, run, after: run.first - 1 } : null
    const { clientId } = session
    const before = { sessionId, from: header.from, to: seq - 1 }
    const key = this.#options.keys.of(session)
    const plains = key && (await readRun(this.#keeper, before, key))
    if (!plains || !isEqual(plain, rollUp(plains, clientId))) return null
    return { ...tied, run, plain: { ...plain, payload: new Uint8Array(0) } }
  }
}
