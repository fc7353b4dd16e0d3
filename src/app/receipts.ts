// Who holds how much of one document, from signed receipts and from nothing else (product, promise 3). A receipt
// says "durably kept up to here"; whether that is everything is for the log of this device to say.
import type { PublicKey, SessionId } from "../bytes/ids"
import type { VectorEntry } from "../log/log"
import type { Prover } from "../sync/shelf"

/** Somebody who keeps a copy. */
export interface Holder {
  readonly seatPub: PublicKey
  readonly grantPub: PublicKey
  /** A relay or another host that cannot read it. */
  readonly blind: boolean
  /** Wall clock of the signer, ms, of its last receipt. */
  readonly at: number
  readonly everything: boolean
}

/** What is kept between two starts: plain values. */
export type StoredReceipts = readonly {
  readonly seatPub: PublicKey
  readonly grantPub: PublicKey
  readonly blind: boolean
  readonly at: number
  readonly reach: readonly (readonly [SessionId, number])[]
}[]

/** All that either of two says. */
export function mergeReceipts(one: StoredReceipts, other: StoredReceipts): StoredReceipts {
  const merged = new Receipts(one)
  merged.add(other)
  return merged.store()
}

interface Held {
  readonly grantPub: PublicKey
  readonly blind: boolean
  at: number
  readonly reach: Map<SessionId, number>
}

export class Receipts {
  readonly #held = new Map<PublicKey, Held>()

  constructor(stored: StoredReceipts = []) {
    this.add(stored)
  }

  /** Takes what was stored, by an earlier start or another tab. */
  add(stored: StoredReceipts): void {
    for (const { seatPub, grantPub, blind, at, reach } of stored)
      this.#hold(seatPub, grantPub, blind, at, reach)
  }

  /** Takes a receipt whose signature was checked. */
  take(by: Prover, at: number, entries: readonly VectorEntry[]): void {
    const reach = entries.map(({ sessionId, seq }) => [sessionId, seq] as const)
    this.#hold(by.seatPub, by.grantPub, by.role === "host", at, reach)
  }

  /** What a place has signed for turned out not to be there. */
  forget(seatPub: PublicKey): void {
    this.#held.delete(seatPub)
  }

  /** Everybody who signed for something, measured against what this device holds. */
  holders(own: readonly VectorEntry[]): readonly Holder[] {
    return [...this.#held].map(([seatPub, { grantPub, blind, at, reach }]) => ({
      seatPub,
      grantPub,
      blind,
      at,
      everything: own.every(({ sessionId, seq }) => (reach.get(sessionId) ?? -1) >= seq),
    }))
  }

  /** For the next start. */
  store(): StoredReceipts {
    return [...this.#held].map(([seatPub, { reach, ...rest }]) => ({ seatPub, ...rest, reach: [...reach] }))
  }

  #hold(
    seatPub: PublicKey,
    grantPub: PublicKey,
    blind: boolean,
    at: number,
    reach: readonly (readonly [SessionId, number])[],
  ): void {
    const held = this.#held.get(seatPub) ?? { grantPub, blind, at, reach: new Map<SessionId, number>() }
    held.at = Math.max(held.at, at)
    for (const [sessionId, seq] of reach)
      held.reach.set(sessionId, Math.max(seq, held.reach.get(sessionId) ?? -1))
    this.#held.set(seatPub, held)
  }
}
