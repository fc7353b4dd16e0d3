// The asynchronous driver of one conversation over one link: it performs what the conversation asks for — checking,
// reading, writing, signing — against a shelf, and feeds the results back. Nothing queues without bound: frames are
// taken one after the other, and nothing is read from disk for an end that does not take what it was sent.
import type { DocId, PublicKey } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import { concat } from "../bytes/writer"
import type { Verify } from "../crypto/signing"
import type { Source } from "../log/keeper"
import { Budget, type Limits, NO_LIMITS } from "./budget"
import { encodeMessage } from "./codec"
import { Conversation } from "./conversation"
import { Documents } from "./documents"
import type { Effect } from "./effects"
import type { Lane, Link } from "./link"
import { type EndKind, MESSAGE_BYTES_MAX, type Message } from "./messages"
import type { Notary } from "./notary"
import type { FarEnd, Problem, Prover, Report, Shelf } from "./shelf"

const TICK_MS = 5_000
/** Small messages of one turn share a frame up to this size. */
const FRAME_BYTES = 256 * 1024
/** An answer larger than this leaves the way to what is live. */
const LIVE_ANSWER_BYTES_MAX = 16 * 1024
/** Beyond this the link is full: what is new is announced and fetched later. */
const WAITING_BYTES_MAX = 1024 * 1024
/** What may have come and not been looked at: an end that asks one thing at a time never reaches it. */
const INBOX_BYTES_MAX = 4 * MESSAGE_BYTES_MAX

export interface ExchangeOptions {
  /** This exchange's own name, unlike any other's in the program: the source of what it appends. */
  readonly name: Source
  readonly world: World
  readonly verify: Verify
  readonly kind: EndKind
  /** A relay's own key; null for everybody else. */
  readonly relayKey: PublicKey | null
  /** The key that the relay at the far end must have; null to take the one it names (first use). */
  readonly expectedRelayKey: PublicKey | null
  /** What ties proofs to this link: the sorted DTLS fingerprints. Empty for relays (their key does) and memory. */
  readonly binding: Uint8Array
  readonly features?: readonly string[]
  /** Signs receipts for all links of this program. */
  readonly notary: Notary
  /** What this link may take of the way; absent: as much as fits. */
  readonly limits?: () => Limits
  readonly report: (report: Report) => void
}

/** Why an exchange ended. `hostile`: bad bytes were proven, and whoever dials waits before the next attempt. */
export interface Ending {
  readonly why: string
  readonly hostile: boolean
}

export interface Exchange {
  readonly name: Source
  /** Null until it has said hello. */
  readonly far: FarEnd | null
  /** Who the other end is in a document; null unless it has proven it. */
  prover(docId: DocId): Prover | null
  /** Sends presence (≤ 2 KiB, opaque here) if the document is live on this link and there is room. */
  presence(docId: DocId, bytes: Uint8Array): void
  /** Says BYE and closes the link. */
  close(why: string): void
  readonly ended: Promise<Ending>
}

/** Starts the conversation as soon as the link is ready. It lasts until the link closes. */
export function connect(link: Link, shelf: Shelf, options: ExchangeOptions): Exchange {
  return new LinkExchange(link, shelf, options)
}

class LinkExchange implements Exchange {
  readonly name: Source
  readonly ended: Promise<Ending>
  readonly #link: Link
  readonly #options: ExchangeOptions
  readonly #conversation: Conversation
  readonly #budget: Budget
  readonly #documents: Documents
  readonly #stops: Stop[] = []
  #tell: (ending: Ending) => void = () => undefined
  #over = false
  #inbox: Uint8Array[] = []
  #inboxBytes = 0
  #working = false
  #lostBecause: string | null = null
  #outbox: { readonly bytes: Uint8Array; readonly lane: Lane }[] = []
  #full = false
  /** What has to be done before the next frame, and what may take longer. */
  #jobs: Promise<void> = Promise.resolve()
  #asides: Promise<void> = Promise.resolve()
  /** Text waits for neither. */
  #blobsOut: Promise<void> = Promise.resolve()
  #blobsIn: Promise<void> = Promise.resolve()

  constructor(link: Link, shelf: Shelf, options: ExchangeOptions) {
    const { name, world, kind, relayKey, expectedRelayKey, binding, features } = options
    this.name = name
    this.#link = link
    this.#options = options
    this.#budget = new Budget(world, options.limits ?? (() => NO_LIMITS))
    const ends = { kind, relayKey, expectedRelayKey, binding, features: features ?? [], link: link.name }
    const mayGoLarge = () => this.#budget.mayGoLarge()
    this.#conversation = new Conversation({ world, ...ends, mayGoLarge })
    this.#documents = new Documents(shelf, this.#conversation, options, {
      perform: effects => this.#perform(effects),
      mayPush: () => !this.#full,
      room: async () => {
        await link.ready("bulk")
        await this.#budget.room()
      },
      failed: error => this.#broke(error),
    })
    this.ended = new Promise(resolve => {
      this.#tell = resolve
    })
    this.#stops.push(
      link.onMessage(frame => this.#arrived(frame)),
      link.onClose(why => this.#lost(why)),
    )
    this.#job(async () => {
      await link.ready()
      this.#perform(this.#conversation.begin())
      this.#tickLater()
    })
    void this.#work()
  }

  get far(): FarEnd | null {
    return this.#conversation.far
  }

  prover(docId: DocId): Prover | null {
    return this.#conversation.prover(docId)
  }

  presence(docId: DocId, bytes: Uint8Array): void {
    if (!this.#full) this.#perform(this.#conversation.about(docId, slot => slot.presence(bytes)))
  }

  close(why: string): void {
    this.#perform(this.#conversation.bye(why))
  }

  // In and out

  #arrived(frame: Uint8Array): void {
    this.#inbox.push(frame)
    this.#inboxBytes += frame.length
    if (this.#inboxBytes > INBOX_BYTES_MAX) {
      this.#problem("flood", "more came than was asked for")
      this.#finish({ why: "flood", hostile: true })
    } else void this.#work()
  }

  // What came before the end is still heard: it may say why.
  #lost(why: string): void {
    this.#lostBecause = why
    void this.#work()
  }

  // One message after the other, each with all that follows from it.
  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    await this.#idle()
    for (let frame = this.#inbox.shift(); frame && !this.#over; frame = this.#inbox.shift()) {
      this.#inboxBytes -= frame.length
      for (const effects of this.#conversation.receive(frame)) {
        this.#perform(effects)
        await this.#idle()
      }
      await this.#documents.notTooFarAhead()
    }
    this.#working = false
    if (this.#lostBecause !== null) this.#finish({ why: this.#lostBecause, hostile: false })
  }

  async #idle(): Promise<void> {
    for (let last: Promise<void> | null = null; last !== this.#jobs; ) {
      last = this.#jobs
      await last
    }
  }

  #flush(): void {
    const messages = this.#outbox
    this.#outbox = []
    let frame: Uint8Array[] = []
    let frameBytes = 0
    const leave = () => {
      const [only] = frame
      if (only) this.#link.send(frame.length === 1 ? only : concat(...frame))
      this.#budget.spend(frameBytes)
      frame = []
      frameBytes = 0
    }
    for (const { bytes, lane } of messages) {
      if (lane === "bulk" || frameBytes + bytes.length > FRAME_BYTES) leave()
      if (lane === "bulk") {
        this.#budget.spend(bytes.length)
        this.#link.send(bytes, lane)
      } else {
        frame.push(bytes)
        frameBytes += bytes.length
      }
    }
    leave()
    if (!this.#full && this.#link.waitingBytes() > WAITING_BYTES_MAX) void this.#waitForRoom()
  }

  async #waitForRoom(): Promise<void> {
    this.#full = true
    await this.#link.ready()
    this.#full = false
    this.#tick()
  }

  #tickLater(): void {
    const stop = this.#options.world.after(TICK_MS, () => {
      this.#stops.splice(this.#stops.indexOf(stop), 1)
      this.#tick()
      if (!this.#over) this.#tickLater()
    })
    this.#stops.push(stop)
  }

  #tick(): void {
    if (this.#over) return
    this.#documents.tick()
    this.#perform(this.#conversation.tick(this.#options.world.now()))
  }

  #finish(ending: Ending): void {
    if (this.#over) return
    this.#flush()
    this.#over = true
    this.#budget.close()
    this.#inbox = []
    for (const stop of this.#stops) stop()
    this.#documents.close()
    this.#link.close()
    this.#tell(ending)
  }

  // Effects

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (this.#over) return
      this.#do(effect)
    }
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case "send":
        if (this.#outbox.length === 0) queueMicrotask(() => this.#over || this.#flush())
        this.#outbox.push(outgoing(effect.message))
        return
      case "report":
        this.#options.report(effect.report)
        return
      case "close":
        this.#finish({ why: effect.why, hostile: effect.hostile })
        return
      case "read":
        this.#aside(() => this.#documents.read(effect))
        return
      case "sign-receipt":
        this.#aside(() => this.#documents.signReceipt(effect))
        return
      case "read-pieces":
        // At other hours nothing is answered: who asked asks again.
        if (!this.#budget.mayGoLarge()) return
        this.#blobsOut = this.#blobsOut.then(() => this.#attempt(() => this.#documents.readPieces(effect)))
        return
      case "take-piece":
        this.#blobsIn = this.#blobsIn.then(() => this.#attempt(() => this.#documents.takePiece(effect)))
        return
      case "offer":
      case "look":
      case "sign-proof":
      case "check-proof":
      case "found":
      case "take-certificates":
      case "accept":
      case "check-receipt":
      case "compare-receipts":
      case "forget":
        this.#job(() => this.#documents.perform(effect))
        return
      default:
        effect satisfies never
    }
  }

  #job(f: () => Promise<void>): void {
    this.#jobs = this.#jobs.then(() => this.#attempt(f))
  }

  #aside(f: () => Promise<void>): void {
    this.#asides = this.#asides.then(() => this.#attempt(f))
  }

  async #attempt(f: () => Promise<void>): Promise<void> {
    if (this.#over) return
    try {
      await f()
    } catch (error) {
      this.#broke(error)
    }
  }

  // What is left to catch here is a bug of this program: the link ends, everything else goes on.
  #broke(error: unknown): void {
    this.#problem("broken", error instanceof Error ? `${error.name}: ${error.message}` : "unknown")
    this.#finish({ why: "broken", hostile: false })
  }

  #problem(problem: Problem, message: string): void {
    this.#options.report({ kind: "problem", problem, message, skewMs: 0 })
  }
}

// Only answers may be heard late. Pieces of blobs depend on nothing; of envelopes one answer is asked for at a time, a document that was withdrawn meanwhile is passed over,
// and envelopes that are pushed past an answer show as a gap, which is asked for when the answer has come.
function outgoing(message: Message): { readonly bytes: Uint8Array; readonly lane: Lane } {
  const bytes = encodeMessage(message)
  const answer = (message.type === "envelopes" && message.answer) || message.type === "blob-data"
  return { bytes, lane: answer && bytes.length > LIVE_ANSWER_BYTES_MAX ? "bulk" : "live" }
}
