// The only way out of a document. It hears every local change, lets leave what the allow-list names — the editor, its
// undo, named verbs — and decides when a session seals: at once and then every 150 ms in company, seldom alone
// (protocol §4). Whatever else writes into the document is reported and never sets off sealing.
import type { Doc, Transaction } from "yjs"
import type { Stop, World } from "../bytes/world"
import { deletesOf } from "./deletes"
import type { Session } from "./session"
import { stateOf } from "./words"

/** Who hears of it soon. */
export type Company = "nobody" | "relay" | "people"

/** Whether a change of this origin may leave the document. */
export type MayLeave = (origin: unknown) => boolean

const LIVE_MS = 150
const RELAY_MS = 1_000
const ALONE_MS = 5_000
const RETRY_MS = 5_000

export interface OutboxEvents {
  /** A local change that may leave was made. */
  onChange(): void
  /** A local change that may not leave was made: somebody's bug. Its origin, for whoever looks. */
  onStray(origin: unknown): void
  /** Sealed words were not kept; they are tried again. */
  onProblem(error: unknown): void
  /** Words wait for what another tab of this profile has not sealed yet. */
  onWaiting(): void
}

export interface OutboxOptions {
  readonly doc: Doc
  readonly session: Session
  readonly mayLeave: MayLeave
  readonly world: World
  readonly events: OutboxEvents
}

export class Outbox {
  readonly #options: OutboxOptions
  #company: Company = "nobody"
  #timer: Stop | null = null
  #lastSealAt = Number.NEGATIVE_INFINITY
  #isHeldUp = false
  #closed = false

  constructor(options: OutboxOptions) {
    this.#options = options
    options.doc.on("afterTransaction", this.#onTransaction)
  }

  /** Who would hear of changes soon. A change that waits is hurried when company comes. */
  company(company: Company): void {
    if (company === this.#company) return
    this.#company = company
    if (this.#timer) this.#schedule()
  }

  /** Seals what there is, on this thread, and begins to write it: for `pagehide`, where nothing may be awaited. */
  flushNow(): void {
    this.#timer?.()
    this.#timer = null
    const { doc, session, world, events } = this.#options
    if (session.seal(doc)) this.#lastSealAt = world.now()
    this.#isHeldUp = session.waits(doc)
    if (this.#isHeldUp) events.onWaiting()
    session.settle().catch((error: unknown) => {
      events.onProblem(error)
      if (!this.#closed) this.#timer ??= world.after(RETRY_MS, this.#onTimer)
    })
  }

  /** As `flushNow`; resolves when it is durable, rejects if it is not (it is tried again). */
  async flush(): Promise<void> {
    this.flushNow()
    await this.#options.session.settle()
  }

  /** Something was applied: what waited for it may go. */
  retry(): void {
    if (!this.#isHeldUp || this.#closed) return
    this.#timer?.()
    this.#timer = this.#options.world.after(0, this.#onTimer)
  }

  close(): void {
    this.#closed = true
    this.#timer?.()
    this.#timer = null
    this.#options.doc.off("afterTransaction", this.#onTransaction)
  }

  readonly #onTransaction = (transaction: Transaction): void => {
    if (!transaction.local) return
    const { doc, session, mayLeave, events } = this.#options
    // Yjs draws a new number when it meets words of its own that it did not write; those could never be sealed.
    if (doc.clientID !== session.clientId)
      events.onProblem(new Error("the document no longer writes under its session's number"))
    const deletes = deletesOf(transaction.deleteSet)
    const hasWords = stateOf(doc, session.clientId) > (transaction.beforeState.get(session.clientId) ?? 0)
    if (deletes.size === 0 && !hasWords) return
    if (!mayLeave(transaction.origin)) {
      events.onStray(transaction.origin)
      return
    }
    session.gather(deletes)
    events.onChange()
    if (!this.#timer) this.#schedule()
  }

  #schedule(): void {
    this.#timer?.()
    this.#timer = this.#options.world.after(this.#delayMs(), this.#onTimer)
  }

  readonly #onTimer = (): void => {
    this.#timer = null
    this.flushNow()
  }

  #delayMs(): number {
    switch (this.#company) {
      case "people":
        return Math.max(0, this.#lastSealAt + LIVE_MS - this.#options.world.now())
      case "relay":
        return RELAY_MS
      case "nobody":
        return ALONE_MS
      default:
        return this.#company satisfies never
    }
  }
}
