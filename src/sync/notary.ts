// Receipts: when envelopes are durable here, a word signed by the seat goes to every link that the document is live
// on. One signature serves all links; while one is being made the next gathers. One notary serves a whole program.
import { encodeBase64url } from "../bytes/base64url"
import type { CertificateHash } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import { equalBytes } from "../bytes/writer"
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

const NOTHING: Uint8Array = new Uint8Array(0)

class Clerk {
  readonly listeners = new Set<{ f(receipt: Receipt): void; failed(error: unknown): void }>()
  readonly #keeper: Keeper
  readonly #seat: Seat
  readonly #seatHash: CertificateHash
  readonly #world: World
  readonly #paceMs: number
  readonly #gathered = new Map<string, VectorEntry>()
  readonly #stops: readonly Stop[]
  /** What was last said to all of what this place is. */
  #claimed = NOTHING
  #busy = false
  #whole: { readonly of: string; readonly receipt: Promise<Receipt> } | null = null

  constructor(keeper: Keeper, seat: Seat, world: World, paceMs: number) {
    this.#keeper = keeper
    this.#seat = seat
    this.#seatHash = decodeSeat(seat.certificate).hash
    this.#world = world
    this.#paceMs = paceMs
    this.#stops = [
      keeper.onStored(entries => {
        for (const entry of entries) this.#gathered.set(entry.sessionId, entry)
        this.#next()
      }),
      seat.claim?.onChange(() => this.#next()) ?? (() => undefined),
    ]
  }

  whole(): Promise<Receipt | null> {
    const entries = this.#keeper.storedVector()
    if (entries.length === 0) return Promise.resolve(null)
    const said = { channel: CHANNELS.body, at: 0, entries, claim: this.#claim() }
    const of = encodeBase64url(H(receiptBytes(this.#keeper.docId, said)))
    if (this.#whole?.of !== of) this.#whole = { of, receipt: this.#signed(entries, said.claim) }
    return this.#whole.receipt
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }

  #claim(): Uint8Array {
    return this.#seat.claim?.read() ?? NOTHING
  }

  // What this place is goes along once, and again when that is something else.
  #next(): void {
    const claim = this.#claim()
    const isNews = !equalBytes(claim, this.#claimed) && this.#keeper.storedVector().length > 0
    if (this.#busy || (this.#gathered.size === 0 && !isNews)) return
    this.#busy = true
    const entries = [...this.#gathered.values()]
    this.#gathered.clear()
    if (isNews) this.#claimed = claim
    this.#signed(entries, isNews ? claim : NOTHING)
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

  async #signed(entries: readonly VectorEntry[], claim: Uint8Array): Promise<Receipt> {
    const said = { channel: CHANNELS.body, at: this.#world.now(), entries, claim }
    const signature = await this.#seat.sign("stored", receiptBytes(this.#keeper.docId, said))
    return { ...said, seat: this.#seatHash, signature }
  }
}
