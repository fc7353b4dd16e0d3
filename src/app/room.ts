// The room that the browser gives: how much is used, and whether it may clear everything by itself. It is asked to keep
// what is here when there is something to lose, and its answer is told as it is: nothing depends on a yes.
import { type Signal, signal } from "@preact/signals-core"
import type { Room, RoomState } from "./model"

/** The little of `navigator.storage` that is used. */
export interface BrowserStorage {
  persisted(): Promise<boolean>
  persist(): Promise<boolean>
  estimate(): Promise<{ readonly usage?: number; readonly quota?: number }>
}

export class BrowserRoom implements Room {
  readonly state: Signal<RoomState> = signal({ kept: null, usedBytes: null, mostBytes: null })
  readonly #storage: BrowserStorage | null
  #asked = false

  /** @param storage null where the browser says nothing of it */
  constructor(storage: BrowserStorage | null) {
    this.#storage = storage
  }

  async look(): Promise<void> {
    if (!this.#storage) return
    const [kept, { usage, quota }] = await Promise.all([this.#storage.persisted(), this.#storage.estimate()])
    this.state.value = { kept, usedBytes: usage ?? null, mostBytes: quota ?? null }
  }

  async keep(): Promise<void> {
    await this.#storage?.persist()
    await this.look()
  }

  /** Asks once, and only while the browser might still say yes: some show a question, so it comes with a press. */
  async keepOnce(): Promise<void> {
    if (this.#asked || this.state.peek().kept === true) return
    this.#asked = true
    await this.keep()
  }
}
