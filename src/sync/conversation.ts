// The conversation between two ends over one link (protocol §6), sans I/O: frames in, effects out, time and chance
// passed in. This file is about the link: who is there, which documents both know, whether it is alive. What is
// said about one document is in slot.ts and catch-up.ts.
import { FormatError, NewerVersionError } from "../bytes/errors"
import type { DocId } from "../bytes/ids"
import type { Keeper } from "../log/keeper"
import type { RefusedItem } from "../log/refusal"
import { decodeFrame } from "./codec"
import type { Effect } from "./effects"
import { type ConversationOptions, helloOf, meet, wrongWith } from "./hello"
import {
  type Answers,
  DOCUMENTS_PER_LINK_MAX,
  type Failure,
  type Hello,
  type Message,
  NONCE_BYTES,
  type Offer,
  type Ping,
} from "./messages"
import { type Meeting, tagOf } from "./proofs"
import { Pulse } from "./pulse"
import type { FarEnd, Problem, Prover, Seat } from "./shelf"
import { Slot } from "./slot"
import { Slots } from "./slots"
import { Tags } from "./tags"

const SKEW_MS = 5 * 60_000

/** A document as the conversation sees it. `held` is null where only the name is known. */
export interface Offerable {
  readonly docId: DocId
  readonly held: Pick<Keeper, "log" | "blobs"> | null
  readonly seat: Pick<Seat, "certificate" | "grantCertificate">
}

interface Met {
  readonly far: FarEnd
  readonly meeting: Meeting
  readonly tags: Tags<Slot>
}

export class Conversation {
  readonly #options: ConversationOptions
  readonly #nonce: Uint8Array
  readonly #slots = new Slots()
  /** Null until the other end has said hello. */
  #met: Met | null = null
  #nextSlot = 0
  readonly #pulse: Pulse
  #closed = false
  #out: Effect[] = []

  constructor(options: ConversationOptions) {
    this.#options = options
    this.#nonce = options.world.random(NONCE_BYTES)
    this.#pulse = new Pulse(options.world.now())
  }

  /** Null until the other end has said hello. */
  get far(): FarEnd | null {
    return this.#met?.far ?? null
  }

  /** Who the other end has proven to be in a document, or null. */
  prover(docId: DocId): Prover | null {
    return this.#slots.get(docId)?.prover ?? null
  }

  /** The link is ready: says hello. */
  begin(): Effect[] {
    return this.#effects(() => {
      this.#pulse.heard(this.#options.world.now())
      this.#send(helloOf(this.#options, this.#nonce))
    })
  }

  /**
   * A frame came: what is to be done, message by message. Each part is to be done with, its results fed back, before
   * the next is asked for. Whatever is in the frame, nothing is thrown. Keeps views of it.
   */
  *receive(frame: Uint8Array): Generator<Effect[]> {
    let messages: Message[] = []
    yield this.#effects(() => {
      this.#pulse.heard(this.#options.world.now())
      messages = this.#decode(frame)
    })
    for (const message of messages) if (!this.#closed) yield this.#effects(() => this.#receive(message))
  }

  /** Time has passed; call every few seconds. */
  tick(now: number): Effect[] {
    return this.#effects(() => {
      const slots = [...this.#slots]
      for (const slot of slots) slot.tick(now)
      const todo = this.#pulse.tick(
        now,
        slots.some(slot => slot.pulling),
      )
      if (todo === "ping") this.#send({ type: "ping" })
      if (todo === "dead") this.#end("silent", "nothing has come for too long", false)
    })
  }

  /** Offers documents; those that are offered already are passed over. */
  offer(documents: readonly Offerable[]): Effect[] {
    return this.#effects(() => {
      const { meeting, far, tags } = this.#expectMet()
      const slots = documents.flatMap(document => {
        if (this.#slots.get(document.docId) || this.#slots.size >= DOCUMENTS_PER_LINK_MAX) return []
        return [this.#open(document, this.#nextSlot++)]
      })
      if (slots.length === 0) return
      const named = ({ docId, ours }: Slot) =>
        far.kind === "relay" ? { slot: ours, docId } : { slot: ours, tag: tagOf(docId, meeting) }
      this.#send({ type: "offer", documents: slots.map(named) })
      for (const slot of slots) {
        const theirs = tags.offer(slot)
        if (theirs !== null) this.#match(slot, theirs)
      }
    })
  }

  /** A document is no longer offered here. */
  withdraw(docId: DocId): Effect[] {
    return this.about(docId, slot => {
      this.#send({ type: "bye", slot: slot.ours, why: "withdrawn" })
      this.#forget(slot)
    })
  }

  /** What a relay has to say about one document that was offered to it by name. */
  looked(
    answers: readonly {
      readonly slot: number
      readonly document: Offerable | RefusedItem
    }[],
  ): Effect[] {
    return this.#effects(() => {
      const said = answers.map(({ slot, document }): Answers["answers"][number] => {
        if ("reason" in document) return { slot, answer: "refused", reason: document.reason }
        return { slot, answer: document.held ? "have" : "willing", reason: "" }
      })
      this.#send({ type: "answers", answers: said })
      for (const { slot, document } of answers)
        if (!("reason" in document) && !this.#slots.get(document.docId))
          this.#match(this.#open(document, slot), slot)
    })
  }

  /**
   * Speaks to one document: feeds a result back, tells what is new. Does nothing if the document was withdrawn while
   * the result was on its way.
   */
  about(docId: DocId, f: (slot: Slot) => void): Effect[] {
    return this.#effects(() => {
      const slot = this.#slots.get(docId)
      if (slot) f(slot)
    })
  }

  /** Ends it from this side. */
  bye(why: string): Effect[] {
    return this.#effects(() => {
      this.#send({ type: "bye", slot: null, why })
      this.#close(why, false)
    })
  }

  #receive(message: Message): void {
    if (message.type === "hello" && !this.#met) this.#hello(message)
    else if (message.type === "ping") this.#send({ type: "pong" })
    else if (message.type === "hello") this.#garbage("a second hello")
    else if (this.#met) this.#receiveMet(message, this.#met)
    else this.#garbage(`expected hello, got ${message.type}`)
  }

  #receiveMet(message: Exclude<Message, Hello | Ping>, { far, tags }: Met): void {
    switch (message.type) {
      case "offer":
        this.#offered(message, tags)
        break
      case "answers":
        if (far.kind === "relay") this.#answered(message)
        else this.#garbage("answers came from an end that is no relay")
        break
      case "bye":
        if (message.slot === null) this.#close(message.why, false)
        else this.#withSlot(message.slot, slot => this.#forgotten(slot))
        break
      case "error":
        this.#failure(message)
        break
      case "pong":
        break
      case "prove":
      case "certs":
      case "want-certs":
      case "have":
      case "vector":
      case "buckets":
      case "want":
      case "envelopes":
      case "stored":
      case "presence":
        this.#withSlot(message.slot, slot => slot.receive(message))
        break
      case "blob-have":
      case "blob-want":
      case "blob-data":
        this.#withSlot(message.slot, slot => slot.blobs?.receive(message))
        break
      default:
        message satisfies never
    }
  }

  #hello(hello: Hello): void {
    const wrong = wrongWith(hello, this.#options, this.#nonce)
    if (wrong) {
      this.#end(wrong.problem, wrong.message, wrong.hostile)
      return
    }
    const skewMs = hello.at - this.#options.world.now()
    if (Math.abs(skewMs) > SKEW_MS) this.#problem("clock-skew", "the clocks differ", skewMs)
    const { far, meeting } = meet(hello, this.#options, this.#nonce)
    this.#met = { far, meeting, tags: new Tags(meeting) }
    this.#do({ do: "report", report: { kind: "met", end: far } })
    this.#do({ do: "offer" })
  }

  #offered({ documents }: Offer, tags: Tags<Slot>): void {
    const asked: { slot: number; docId: DocId }[] = []
    if (documents.length > DOCUMENTS_PER_LINK_MAX - this.#slots.matched - tags.unanswered) {
      this.#end("flood", `expected at most ${DOCUMENTS_PER_LINK_MAX} documents on a link`, true)
      return
    }
    for (const offered of documents) {
      if ("docId" in offered) asked.push(offered)
      else {
        const slot = tags.offered(offered.tag, offered.slot)
        if (slot) this.#match(slot, offered.slot)
      }
    }
    if (asked.length === 0) return
    if (this.#options.kind === "relay") this.#do({ do: "look", asked })
    else this.#garbage("documents were offered by name to an end that is no relay")
  }

  #answered({ answers }: Answers): void {
    for (const { slot: number, answer, reason } of answers) {
      const slot = this.#slots.byOurs(number)
      if (!slot) continue // withdrawn meanwhile
      if (answer === "refused") this.#reportRefusedByThem(slot.docId, reason, "the relay does not take it")
      else this.#match(slot, number)
    }
  }

  #failure({ slot, reason, message }: Failure): void {
    const about = slot === null ? null : this.#slots.byTheirs(slot)
    this.#reportRefusedByThem(about?.docId ?? null, reason, message)
  }

  #reportRefusedByThem(docId: DocId | null, reason: string, message: string): void {
    this.#do({ do: "report", report: { kind: "refused", docId, by: "them", reason, message } })
  }

  #open({ docId, held, seat }: Offerable, ours: number): Slot {
    const { meeting } = this.#expectMet()
    const slot = new Slot(docId, ours, held, seat, {
      weAreRelay: this.#options.kind === "relay",
      meeting,
      now: () => this.#options.world.now(),
      mayGoLarge: this.#options.mayGoLarge ?? (() => true),
      do: effect => this.#do(effect),
    })
    this.#slots.add(slot)
    return slot
  }

  #match(slot: Slot, theirs: number): void {
    if (!this.#slots.match(slot, theirs)) this.#garbage("one slot for two documents")
  }

  #forget(slot: Slot): void {
    this.#slots.delete(slot)
    if (slot.theirs === null) this.#met?.tags.withdraw(slot.docId)
  }

  #forgotten(slot: Slot): void {
    this.#forget(slot)
    this.#do({ do: "forget", docId: slot.docId })
  }

  // What is said about a document that was withdrawn meanwhile is passed over.
  #withSlot(number: number, f: (slot: Slot) => void): void {
    const slot = this.#slots.byTheirs(number)
    if (slot) f(slot)
  }

  #decode(frame: Uint8Array): Message[] {
    try {
      return decodeFrame(frame, this.far !== null)
    } catch (error) {
      if (error instanceof NewerVersionError) this.#end("newer-protocol", error.message, false)
      else if (error instanceof FormatError) this.#garbage(error.message)
      else throw error
      return []
    }
  }

  #garbage(message: string): void {
    this.#end("garbage", message, true)
  }

  #end(problem: Problem, message: string, hostile: boolean): void {
    this.#problem(problem, message)
    this.#close(problem, hostile)
  }

  #problem(problem: Problem, message: string, skewMs = 0): void {
    this.#do({ do: "report", report: { kind: "problem", problem, message, skewMs } })
  }

  #close(why: string, hostile: boolean): void {
    if (this.#closed) return
    this.#do({ do: "close", why, hostile })
    this.#closed = true
  }

  #expectMet(): Met {
    if (!this.#met) throw new Error("documents were spoken of before hello")
    return this.#met
  }

  #send(message: Message): void {
    this.#do({ do: "send", message })
  }

  #do(effect: Effect): void {
    if (!this.#closed) this.#out.push(effect)
  }

  #effects(f: () => void): Effect[] {
    this.#out = []
    f()
    return this.#out
  }
}
