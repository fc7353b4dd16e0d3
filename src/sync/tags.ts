// How two ends find what both know without telling what only one knows (protocol §6, OFFER): each offers a tag per
// document, and whoever knows the document can work out what the other's tag for it must be.
import { encodeBase64url } from "../bytes/base64url"
import type { DocId } from "../bytes/ids"
import { type Meeting, tagOf, turned } from "./proofs"

export class Tags<Offer extends { readonly docId: DocId }> {
  readonly #meeting: Meeting
  /** What the other end would call documents that are offered here and not matched yet. */
  readonly #awaited = new Map<string, Offer>()
  /** What the other end has offered and nothing here answers to yet, with the slot that it uses. */
  readonly #unanswered = new Map<string, number>()

  constructor(meeting: Meeting) {
    this.#meeting = meeting
  }

  /** How many offers of the other end wait for an answer. */
  get unanswered(): number {
    return this.#unanswered.size
  }

  /** A document is offered here: the slot that the other end has offered it under already, or null. */
  offer(offer: Offer): number | null {
    const tag = encodeBase64url(tagOf(offer.docId, turned(this.#meeting)))
    const theirs = this.#unanswered.get(tag)
    if (theirs === undefined) this.#awaited.set(tag, offer)
    else this.#unanswered.delete(tag)
    return theirs ?? null
  }

  /** The other end has offered a document: the one that is offered here under the same name, or null. */
  offered(tagBytes: Uint8Array, theirs: number): Offer | null {
    const tag = encodeBase64url(tagBytes)
    const offer = this.#awaited.get(tag)
    if (offer) this.#awaited.delete(tag)
    else this.#unanswered.set(tag, theirs)
    return offer ?? null
  }

  /** A document is not offered here any more. */
  withdraw(docId: DocId): void {
    this.#awaited.delete(encodeBase64url(tagOf(docId, turned(this.#meeting))))
  }
}
