// Receipts: when envelopes are durable here, a word signed by the seat goes to every link that the document is live
// on. One signature serves all links; while one is being made the next gathers. One notary serves a whole program.
import { encodeBase64url } from "../bytes/base64url"
import type { CertificateHash } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import { H } from "../crypto/hash"
import type { Keeper } from "../log/keeper"
import type { Receipt } from "../log/ledger"
import type { VectorEntry } from "../log/log"
import { decodeSeat } from "../records/certificate"
import { CHANNELS } from "../records/envelope"
import { receiptBytes } from "./proofs"
import type { Seat } from "./shelf"

/** One document's receipts, for one link. */
export interface Following {
  /** A receipt for all that is durable now; null if nothing is. */
  whole(): Promise<Receipt | null>
  readonly stop: Stop
}

export class Notary {
  readonly #world: World
  readonly #paceMs: number
  readonly #clerks = new Map<Keeper, Clerk>()

  /** `paceMs`: the least time between two receipts for one document; 0 at a relay. */
  constructor(world: World, paceMs: number) {
    this.#world = world
    this.#paceMs = paceMs
  }

  /** Calls `f` with each receipt for what becomes durable from now on. A failing signature reaches `failed`. */
  follow(
    keeper: Keeper,
    seat: Seat,
    f: (receipt: Receipt) => void,
    failed: (error: unknown) => void,
  ): Following {
    const clerk = this.#clerks.get(keeper) ?? new Clerk(keeper, seat, this.#world, this.#paceMs)
    this.#clerks.set(keeper, clerk)
    const listener = { f, failed }
    clerk.listeners.add(listener)
    return {
      whole: () => clerk.whole(),
      stop: () => {
        clerk.listeners.delete(listener)
        if (clerk.listeners.size > 0) return
        clerk.close()
        this.#clerks.delete(keeper)
      },
    }
  }
}

class Clerk {
  readonly listeners = new Set<{ f(receipt: Receipt): void; failed(error: unknown): void }>()
  readonly #keeper: Keeper
  readonly #seat: Seat
  readonly #seatHash: CertificateHash
  readonly #world: World
  readonly #paceMs: number
  readonly #gathered = new Map<string, VectorEntry>()
  readonly #stop: Stop
  #busy = false
  #whole: { readonly of: string; readonly receipt: Promise<Receipt> } | null = null

  constructor(keeper: Keeper, seat: Seat, world: World, paceMs: number) {
    this.#keeper = keeper
    this.#seat = seat
    this.#seatHash = decodeSeat(seat.certificate).hash
    this.#world = world
    this.#paceMs = paceMs
    this.#stop = keeper.onStored(entries => {
      for (const entry of entries) this.#gathered.set(entry.sessionId, entry)
      this.#next()
    })
  }

  whole(): Promise<Receipt | null> {
    const entries = this.#keeper.storedVector()
    if (entries.length === 0) return Promise.resolve(null)
    const of = encodeBase64url(H(receiptBytes(this.#keeper.docId, CHANNELS.body, 0, entries)))
    if (this.#whole?.of !== of) this.#whole = { of, receipt: this.#signed(entries) }
    return this.#whole.receipt
  }

  close(): void {
    this.#stop()
  }

  #next(): void {
    if (this.#busy || this.#gathered.size === 0) return
    this.#busy = true
    const entries = [...this.#gathered.values()]
    this.#gathered.clear()
    this.#signed(entries)
      .then(receipt => {
        for (const { f } of this.listeners) f(receipt)
      })
      .catch((error: unknown) => {
        for (const { failed } of this.listeners) failed(error)
      })
      .finally(() => this.#rest())
  }

  #rest(): void {
    const rested = () => {
      this.#busy = false
      this.#next()
    }
    if (this.#paceMs === 0) rested()
    else this.#world.after(this.#paceMs, rested)
  }

  async #signed(entries: readonly VectorEntry[]): Promise<Receipt> {
    const at = this.#world.now()
    const bytes = receiptBytes(this.#keeper.docId, CHANNELS.body, at, entries)
    const signature = await this.#seat.sign("stored", bytes)
    return { seat: this.#seatHash, channel: CHANNELS.body, at, entries, signature }
  }
}
