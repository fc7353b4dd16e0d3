// Whether the last words typed would survive: "saved on this device" is said only after the browser has said so. It
// also marks, now and then, what the readable copy surely contains, so that the next opening has little to do.
import type { Doc, Transaction } from "yjs"
import type { SessionId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import { StorageError } from "../log/store"
import type { ReadableCopy } from "../storage/copy"
import { encodeMark, type Marked, reachOf } from "./applied"
import type { Closure } from "./closure"

export type Saved =
  | { readonly state: "saved"; readonly at: number } // wall clock ms
  | { readonly state: "saving" }
  | { readonly state: "failed"; readonly error: StorageError }

const SETTLE_MS = 50
const MARK_MS = 2_000
const RETRY_MS = 5_000
/** Marks beside each other, until one takes the place of all. */
const MARKS_MAX = 64

export interface SafekeepingOptions {
  readonly doc: Doc
  readonly copy: ReadableCopy
  readonly closure: Closure
  readonly world: World
  /** False once document and closure may differ. */
  readonly mayMark: () => boolean
  readonly onSaved: (saved: Saved) => void
}

export class Safekeeping {
  readonly #options: SafekeepingOptions
  readonly #stops: Stop[]
  #saved: Saved
  #changes = 0
  #timer: Stop | null = null
  #marked: Marked
  #marks: number
  #markTimer: Stop | null = null
  #closed = false

  constructor(options: SafekeepingOptions) {
    this.#options = options
    const { doc, copy, closure, world } = options
    this.#saved = { state: "saved", at: world.now() }
    this.#marked = reachOf(closure)
    this.#marks = copy.marks.length
    doc.on("afterTransaction", this.#onTransaction)
    this.#stops = [
      copy.onFailure(error => {
        this.#say({ state: "failed", error })
        // Also for a reader, whose device writes down what others wrote and who never does anything that tries again.
        if (!this.#closed) this.#timer ??= world.after(RETRY_MS, this.#onTimer)
      }),
      () => doc.off("afterTransaction", this.#onTransaction),
    ]
  }

  get saved(): Saved {
    return this.#saved
  }

  /** The closure has grown: it will be marked soon. */
  grown(): void {
    this.#markTimer ??= this.#options.world.after(MARK_MS, () => {
      this.#markTimer = null
      // A mark that is not kept costs the next opening some time, and nothing else.
      this.mark().catch(() => undefined)
    })
  }

  /** Marks what the document holds now. Rejects with StorageError. */
  async mark(): Promise<void> {
    const { copy, closure, mayMark } = this.#options
    if (!mayMark()) return
    const instead = this.#marks >= MARKS_MAX
    const mark = encodeMark(closure, instead ? new Map<SessionId, number>() : this.#marked)
    if (!mark) return
    const marked = reachOf(closure)
    await copy.mark(mark, instead ? "instead" : "beside")
    this.#marked = marked
    this.#marks = instead ? 1 : this.#marks + 1
  }

  /** Resolves when all that the document holds is durable. Rejects with StorageError. */
  async settle(): Promise<void> {
    this.#timer?.()
    this.#timer = null
    const changes = this.#changes
    const { copy, world } = this.#options
    try {
      await copy.settled()
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.#say({ state: "failed", error })
      this.#timer ??= world.after(RETRY_MS, this.#onTimer)
      throw error
    }
    if (changes === this.#changes) this.#say({ state: "saved", at: world.now() })
    else this.#timer ??= world.after(SETTLE_MS, this.#onTimer)
  }

  close(): void {
    this.#closed = true
    for (const stop of this.#stops) stop()
    this.#timer?.()
    this.#markTimer?.()
  }

  readonly #onTransaction = (transaction: Transaction): void => {
    if (!transaction.local || transaction.changed.size === 0) return
    this.#changes++
    if (this.#saved.state !== "saving") this.#say({ state: "saving" })
    this.#timer ??= this.#options.world.after(SETTLE_MS, this.#onTimer)
  }

  readonly #onTimer = (): void => {
    this.#timer = null
    if (this.#closed) return
    // It says what failed by itself, and tries again.
    this.settle().catch(() => undefined)
  }

  #say(saved: Saved): void {
    this.#saved = saved
    this.#options.onSaved(saved)
  }
}
