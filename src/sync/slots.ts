// The documents of one conversation, found by their name or by the number that either end has given them.
import type { DocId } from "../bytes/ids"
import type { Slot } from "./slot"

export class Slots implements Iterable<Slot> {
  readonly #byName = new Map<DocId, Slot>()
  readonly #byOurs = new Map<number, Slot>()
  readonly #byTheirs = new Map<number, Slot>()

  get size(): number {
    return this.#byName.size
  }

  /** How many documents both ends have found that they mean. */
  get matched(): number {
    return this.#byTheirs.size
  }

  [Symbol.iterator](): Iterator<Slot> {
    return this.#byName.values()
  }

  get(docId: DocId): Slot | null {
    return this.#byName.get(docId) ?? null
  }

  byTheirs(number: number): Slot | null {
    return this.#byTheirs.get(number) ?? null
  }

  byOurs(number: number): Slot | null {
    return this.#byOurs.get(number) ?? null
  }

  add(slot: Slot): void {
    this.#byName.set(slot.docId, slot)
    this.#byOurs.set(slot.ours, slot)
  }

  /** Both ends mean this document, and the other one labels it so. False: it labels another one so already. */
  match(slot: Slot, theirs: number): boolean {
    if (this.#byTheirs.has(theirs)) return false
    this.#byTheirs.set(theirs, slot)
    slot.matched(theirs)
    return true
  }

  delete(slot: Slot): void {
    this.#byName.delete(slot.docId)
    this.#byOurs.delete(slot.ours)
    if (slot.theirs !== null) this.#byTheirs.delete(slot.theirs)
    slot.blobs?.close()
  }
}
