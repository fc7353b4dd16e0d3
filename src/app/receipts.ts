// Who holds how much of one document, from signed receipts and from nothing else (product, promise 3). A receipt
// says "durably kept up to here"; whether that is everything is for the log of this device to say.
import type { CertificateHash, PublicKey, SessionId } from "../bytes/ids"
import type { VectorEntry } from "../log/log"
import type { Report } from "../sync/shelf"

/** Somebody who keeps a copy. */
export interface Holder {
  readonly seatPub: PublicKey
  /** The seat's certificate. */
  readonly seat: CertificateHash
  readonly grantPub: PublicKey
  /** A relay or another host that cannot read it. */
  readonly blind: boolean
  /** Wall clock of the signer, ms, of its last receipt. */
  readonly at: number
  readonly everything: boolean
  /** What it last said of itself, sealed (people/claim.ts); empty: nothing. */
  readonly claim: Uint8Array
}

/** What is kept between two starts: plain values. */
export type StoredReceipts = readonly (Omit<Holder, "everything"> & {
  readonly reach: readonly (readonly [SessionId, number])[]
  /** What it had signed until then does not count any more; wall clock of the signer, ms. */
  readonly forgotten: number
})[]

type StoredReceipt = StoredReceipts[number]

/** A receipt whose signature was checked. */
type Checked = Pick<Extract<Report, { readonly kind: "receipt" }>, "by" | "seat" | "at" | "entries" | "claim">

/** All that either of two says. */
export function mergeReceipts(one: StoredReceipts, other: StoredReceipts): StoredReceipts {
  const merged = new Receipts(one)
  merged.add(other)
  return merged.store()
}

interface Held extends Omit<StoredReceipt, "reach" | "seatPub"> {
  readonly reach: ReadonlyMap<SessionId, number>
}

const NEVER = -1

export class Receipts {
  readonly #held = new Map<PublicKey, Held>()

  constructor(stored: StoredReceipts = []) {
    this.add(stored)
  }

  /** Takes what was stored, by an earlier start or another tab. */
  add(stored: StoredReceipts): void {
    for (const { seatPub, reach, ...rest } of stored) this.#hold(seatPub, { ...rest, reach: new Map(reach) })
  }

  /** Takes a receipt whose signature was checked. */
  take({ by, seat, at, entries, claim }: Checked): void {
    const forgotten = this.#held.get(by.seatPub)?.forgotten ?? NEVER
    if (at <= forgotten) return
    const reach = new Map(entries.map(({ sessionId, seq }) => [sessionId, seq] as const))
    this.#hold(by.seatPub, {
      seat,
      grantPub: by.grantPub,
      blind: by.role === "host",
      at,
      claim,
      reach,
      forgotten,
    })
  }

  /** What a place has signed for turned out not to be there, or nobody waits for it any more. */
  forget(seatPub: PublicKey): void {
    const held = this.#held.get(seatPub)
    if (held) this.#held.set(seatPub, { ...held, forgotten: held.at, reach: new Map() })
  }

  /** Everybody who signed for something, measured against what this device holds. */
  holders(own: readonly VectorEntry[]): readonly Holder[] {
    return [...this.#held]
      .filter(([, { at, forgotten }]) => at > forgotten)
      .map(([seatPub, { seat, grantPub, blind, at, claim, reach }]) => {
        const everything = own.every(({ sessionId, seq }) => (reach.get(sessionId) ?? -1) >= seq)
        return { seatPub, seat, grantPub, blind, at, claim, everything }
      })
  }

  /** For the next start. */
  store(): StoredReceipts {
    return [...this.#held].map(([seatPub, { reach, ...rest }]) => ({ seatPub, ...rest, reach: [...reach] }))
  }

  // What was signed before something was forgotten adds nothing to what was signed since.
  #hold(seatPub: PublicKey, said: Held): void {
    const held = this.#held.get(seatPub)
    if (!held || said.forgotten > held.forgotten) this.#held.set(seatPub, said)
    else if (said.forgotten === held.forgotten) this.#held.set(seatPub, joined(held, said))
  }
}

// Both count; the later one says what the place is.
function joined(a: Held, b: Held): Held {
  const [before, after] = a.at <= b.at ? [a, b] : [b, a]
  const reach = new Map(before.reach)
  for (const [sessionId, seq] of after.reach) reach.set(sessionId, Math.max(seq, reach.get(sessionId) ?? -1))
  return { ...after, claim: after.claim.length > 0 ? after.claim : before.claim, reach }
}
