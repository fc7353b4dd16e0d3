// What others wrote while one was not looking: the document as one last saw it is kept as a snapshot (which letters there
// were, and which of them were gone), and compared when one comes back: at opening, and when the window was out of
// sight for a while. What arrives soon after that was written meanwhile too; what comes later one sees being written.
import { type Signal, signal } from "@preact/signals-core"
import * as Y from "yjs"
import type { CertificateHash } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Session } from "../records/envelope"
import type { Page } from "./leader"
import type { Missed } from "./past"

/** Out of sight for less, one has hardly been away. */
const AWAY_MS = 3 * 60_000
/** What was written meanwhile arrives within so long, where there is a way at all. */
const ARRIVING_MS = 30_000
const SETTLE_MS = 1_000

export interface AbsenceParts {
  readonly doc: Y.Doc
  readonly world: World
  readonly page: Page | null
  readonly sessions: () => readonly Session[]
  readonly ownSeat: CertificateHash
  readonly names: () => Promise<ReadonlyMap<CertificateHash, string>>
  /** The snapshot that was remembered last; null: this device has never shown the document. */
  readonly seen: Uint8Array | null
  readonly remember: (seen: Uint8Array) => void
  readonly onFailed: (error: unknown) => void
}

export class Absence {
  readonly missed: Signal<Missed | null> = signal(null)
  readonly #parts: AbsenceParts
  readonly #stops: Stop[]
  #seen: Y.Snapshot | null
  #arrivesUntil: number
  #hiddenAt: number | null = null
  #looking: Stop | null = null

  constructor(parts: AbsenceParts) {
    this.#parts = parts
    this.#seen = parts.seen && Y.decodeSnapshot(parts.seen)
    this.#arrivesUntil = parts.world.now() + ARRIVING_MS
    const changed = (_: Uint8Array, __: unknown, ___: Y.Doc, { local }: Y.Transaction) => {
      if (!local && parts.world.now() < this.#arrivesUntil) this.#lookSoon()
    }
    parts.doc.on("update", changed)
    const stopPage = parts.page?.onChange(now =>
      now === "visible" ? this.#back() : now === "hidden" && this.#gone(),
    )
    this.#stops = [() => parts.doc.off("update", changed), () => stopPage?.()]
    this.#lookSoon()
  }

  /** The document as it was last seen, as a Yjs snapshot (V1); null: all of it is new here. */
  get seen(): Uint8Array | null {
    return this.#seen && Y.encodeSnapshot(this.#seen)
  }

  /** One has seen everything that is here now. */
  seeAll(): void {
    this.#keep()
    this.#arrivesUntil = 0
    this.missed.value = null
  }

  close(): void {
    this.#looking?.()
    for (const stop of this.#stops) stop()
    // What was offered and not looked at is offered again.
    if (this.missed.peek() === null && (this.#parts.page?.isVisible() ?? true)) this.#keep()
  }

  #gone(): void {
    this.#hiddenAt = this.#parts.world.now()
    if (this.missed.peek() === null) this.#keep()
  }

  #back(): void {
    const { now } = this.#parts.world
    const away = this.#hiddenAt === null ? 0 : now() - this.#hiddenAt
    this.#hiddenAt = null
    if (away < AWAY_MS) return
    this.#arrivesUntil = now() + ARRIVING_MS
    this.#lookSoon()
  }

  #keep(): void {
    this.#seen = Y.snapshot(this.#parts.doc)
    this.#parts.remember(Y.encodeSnapshot(this.#seen))
  }

  #lookSoon(): void {
    this.#looking ??= this.#parts.world.after(SETTLE_MS, () => {
      this.#looking = null
      this.#look().catch(this.#parts.onFailed)
    })
  }

  async #look(): Promise<void> {
    const { sessions, ownSeat, names, doc } = this.#parts
    const seen = this.#seen
    if (!seen) return
    const seats = new Set(
      sessions()
        .filter(
          ({ seat, clientId }) =>
            seat !== ownSeat && Y.getState(doc.store, clientId) > (seen.sv.get(clientId) ?? 0),
        )
        .map(({ seat }) => seat),
    )
    if (seats.size === 0) return
    const named = await names()
    const people = [...new Set(Array.from(seats, seat => named.get(seat) ?? ""))]
    this.missed.value = { people: people.map(name => ({ name })) }
  }
}
