// Updates that were judged and wait for the end of a turn: one transaction for all of them, in causal order.
import * as Y from "yjs"

/** The origin of every change that was absorbed. */
export const ARRIVED = { name: "arrived" } as const

export class Staging {
  readonly #doc: Y.Doc
  #staged: Uint8Array[] = []
  #fault: unknown = null

  constructor(doc: Y.Doc) {
    this.#doc = doc
  }

  /** Set when the document may not hold what it should: nothing may be marked or sealed upon it any more. */
  get fault(): unknown {
    return this.#fault
  }

  add(payload: Uint8Array): void {
    this.#staged.push(payload)
  }

  /** Applies what was added. False: there was nothing. `onProblem` hears of whoever listens to the document and fails. */
  apply(onProblem: (error: unknown) => void): boolean {
    if (this.#staged.length === 0) return false
    const staged = this.#staged
    this.#staged = []
    let applied = 0
    try {
      this.#doc.transact(() => {
        for (const payload of staged) {
          Y.applyUpdate(this.#doc, payload, ARRIVED)
          applied++
        }
      }, ARRIVED)
    } catch (error) {
      // Whoever listens to the document may fail after all was applied; what stopped half-way is a bug of ours.
      if (applied < staged.length) this.#fault = error
      onProblem(error)
    }
    if (this.#doc.store.pendingStructs || this.#doc.store.pendingDs) {
      this.#fault ??= new Error("an update that obeyed the rules left something pending")
      onProblem(this.#fault)
    }
    return true
  }
}
