// When a session's run becomes a rollup, and when runs go (protocol §8): after a pause, when the window is left, at the
// session's end and every 500 envelopes; and a run goes as soon as somebody of another grant vouches for its rollup,
// if this document stands on the rollup too.
import type { Stop, World } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import { KINDS } from "../records/envelope"
import type { Closure } from "./closure"
import type { Session } from "./session"

const PAUSE_MS = 30_000
const RUN_MAX = 500

export interface RollingOptions {
  /** Null: nothing is written here. */
  readonly session: Session | null
  readonly keeper: Keeper
  readonly closure: Closure
  readonly world: World
  readonly onProblem: (error: unknown) => void
}

export class Rolling {
  readonly #options: RollingOptions
  readonly #stop: Stop
  #timer: Stop | null = null
  #last: Promise<void> = Promise.resolve()

  constructor(options: RollingOptions) {
    this.#options = options
    const { keeper, session } = options
    this.#stop = keeper.onAppend(envelopes => {
      if (envelopes.some(({ header }) => header.kind !== KINDS.open && header.vouches.length > 0)) this.drop()
      if (envelopes.some(({ header }) => header.sessionId === session?.sessionId)) this.#sealed()
    })
    this.drop()
  }

  /** Makes a rollup of what the session has sealed since the last, if that is worth one. Never rejects. */
  roll(): Promise<void> {
    const { session, onProblem } = this.#options
    this.#timer?.()
    this.#timer = null
    // A pause in which nothing was kept is tried again at the next.
    if (session) this.#last = this.#last.then(() => session.rollUp()).catch(onProblem)
    return this.#last
  }

  /** Lets go of runs that nobody needs. */
  drop(): void {
    const { keeper, closure, onProblem } = this.#options
    keeper.dropRuns(({ run, seq }) => closure.isRolledUp({ sessionId: run.sessionId, seq })).catch(onProblem)
  }

  close(): void {
    this.#timer?.()
    this.#stop()
  }

  #sealed(): void {
    const { session, world } = this.#options
    this.#timer?.()
    this.#timer = null
    if (!session || session.unrolled === 0) return
    if (session.unrolled >= RUN_MAX) void this.roll()
    else this.#timer = world.after(PAUSE_MS, () => void this.roll())
  }
}
