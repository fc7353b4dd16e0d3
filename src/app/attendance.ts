// Who is in a document now, and what they hear of this device: presence goes to whoever is live, and what is heard
// becomes people and carets. In company words leave at once, for a relay soon, alone seldom (protocol §4, batching).
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals-core"
import type { CertificateHash } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import { Presence, type Present } from "../replica/presence"
import type { Replica } from "../replica/replica"
import { carriedBy, othersOf, packCaret, personOf, unpackCaret } from "./company"
import type { Holding } from "./holding"
import type { Me, Pause, Person, RemoteCaret } from "./model"
import type { SharedNetwork } from "./shared-network"

/** What a holding tells the text's side. */
export interface HoldingEvents {
  /** Sealed presence of somebody else came over a link. */
  onPresence(bytes: Uint8Array, way: string): void
  /** Somebody who can hear presence has just proven itself. */
  onLive(): void
}

export interface AttendanceParts {
  readonly world: World
  readonly verify: Verify
  readonly network: SharedNetwork
  readonly me: ReadonlySignal<Me>
  readonly pause: ReadonlySignal<Pause | null>
  /** Somebody has said what they are called. */
  readonly onName: (seat: CertificateHash, name: string) => void
}

/** The words that moved a caret go first: without them its new place is nowhere. */
const ANNOUNCE_AFTER_MS = 40

export class Attendance {
  readonly people: Signal<readonly Person[]> = signal([])
  readonly carets: Signal<readonly RemoteCaret[]> = signal([])
  /** The key of whoever's caret one's own screen goes with; null: nobody's. They see it. */
  readonly follows: Signal<string | null> = signal(null)
  /** One works quietly: others see that one is here, and not where. */
  readonly quiet: Signal<boolean> = signal(false)
  readonly #holding: Holding
  readonly #replica: Replica
  readonly #parts: AttendanceParts
  readonly #presence: Presence
  readonly #stops: Stop[]
  #caret: unknown | null = null
  #announcing: Stop | null = null

  constructor(holding: Holding, viewKey: Uint8Array, replica: Replica, parts: AttendanceParts) {
    this.#holding = holding
    this.#replica = replica
    this.#parts = parts
    const { docId, keys } = holding
    const { world, verify, network } = parts
    this.#presence = new Presence({
      docId,
      viewKey,
      seat: { key: keys.seat, hash: keys.seatHash },
      certificates: () => replica.keeper.certificates,
      verify,
      world,
      send: bytes => network.presence(docId, bytes),
      straight: () => holding.direct.peek(),
      pass: (bytes, links) => network.presence(docId, bytes, links),
      onChange: () => this.#heard(),
    })
    holding.events = {
      onPresence: (bytes, way) => this.#receive(bytes, way),
      onLive: () => this.#presence.repeat(),
    }
    this.#stops = [
      network.onPresence(docId, bytes => this.#receive(bytes, null)),
      holding.relay.subscribe(() => this.#keepCompany()),
      holding.direct.subscribe(() => this.#heard()),
      parts.pause.subscribe(() => this.#announce()),
      this.quiet.subscribe(() => this.#announce()),
      this.follows.subscribe(() => this.#announce()),
    ]
    queueMicrotask(() => this.#announce())
  }

  /** One's own caret moved; null when it left the text. */
  caretMoved(caret: unknown | null): void {
    this.#caret = caret
    this.#announcing ??= this.#parts.world.after(ANNOUNCE_AFTER_MS, () => this.#announce())
  }

  /** One's own name has changed. */
  introduced(): void {
    this.#announce()
  }

  /** The document goes on under another key. */
  renew(viewKey: Uint8Array): void {
    this.#presence.renew(viewKey)
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#announcing?.()
    this.#presence.close()
    this.#holding.events = null
  }

  #receive(bytes: Uint8Array, way: string | null): void {
    this.#presence.receive(bytes, way).catch((error: unknown) => {
      // What somebody else says of themselves is never worth more than a line for who looks.
      console.info("Sheaf: presence was not taken:", error instanceof Error ? error.message : error)
    })
  }

  #announce(): void {
    this.#announcing?.()
    this.#announcing = null
    const { me, pause } = this.#parts
    const pausedUntil = pause.peek()?.until ?? null
    const caret = packCaret(this.quiet.peek() ? null : this.#caret)
    this.#presence.set({ ...me.peek(), caret, pausedUntil, follows: this.follows.peek() })
  }

  #heard(): void {
    const present = this.#presence.others()
    for (const { seat, name } of present) if (name !== "") this.#parts.onName(seat, name)
    const own = this.#holding.keys.seatHash
    batch(() => {
      // Another window of one's own is nobody else; its caret is shown all the same, or the text would move by itself.
      this.people.value = othersOf(present, own).map(other =>
        personOf(other, this.#carriedBy(other), this.#presence.key),
      )
      this.carets.value = present.flatMap(each => {
        const caret = unpackCaret(each.caret)
        const { key, name, colour } = personOf(each, this.#carriedBy(each), this.#presence.key)
        return caret === null ? [] : [{ key, name: each.seat === own ? null : name, colour, caret }]
      })
    })
    this.#keepCompany()
  }

  #carriedBy(present: Present): Person["carriedBy"] {
    const { certificates } = this.#replica.keeper
    const seatOf = ({ seat }: Present) => certificates.seat(seat)?.seatPub ?? null
    return carriedBy(present, this.#presence.others(), this.#holding.direct.peek(), seatOf)
  }

  #keepCompany(): void {
    const live = this.#holding.relay.peek()?.link === "live"
    const others = this.#presence.others().some(other => other.pausedUntil === null)
    this.#replica.company(others ? "people" : live ? "relay" : "nobody")
  }
}
