// What this device is towards others in one document: its seat, and what it says of itself in its receipts
// (people/claim.ts). That is sealed anew only when its words or the document's key have changed, so that the same words
// are the same bytes and nobody is told twice.
import type { ReadonlySignal } from "@preact/signals-core"
import type { Random } from "../crypto/sealing"
import { sign } from "../crypto/signing"
import { type Claimant, type PlaceKind, sealClaim } from "../people/claim"
import type { MemberKeys, Membership, Standing } from "../people/membership"
import type { Seat, SeatClaim } from "../sync/shelf"
import type { Me } from "./model"

/** What there is to say. */
export interface OwnPlace {
  readonly kind: PlaceKind
  readonly me: ReadonlySignal<Me>
}

interface Sealed {
  readonly name: string
  readonly epoch: Standing["epoch"]
  readonly bytes: Uint8Array
}

const NOTHING = new Uint8Array(0)

/** The seat of this device. `standing`: null as long as it cannot read the document. */
export function seatOf(
  { docId, grantCertificate }: Membership,
  { seat, seatCertificate, seatHash }: MemberKeys,
  own: OwnPlace,
  standing: ReadonlySignal<Standing | null>,
  random: Random,
): Seat {
  return {
    seatPub: seat.publicKey,
    certificate: seatCertificate,
    grantCertificate,
    sign: (kind, bytes) => sign(kind, bytes, seat),
    claim: seatClaim({ docId, seat: seatHash }, own, standing, random),
  }
}

// Whoever is out says nothing.
function seatClaim(
  claimant: Claimant,
  { kind, me }: OwnPlace,
  standing: ReadonlySignal<Standing | null>,
  random: Random,
): SeatClaim {
  let sealed: Sealed | null = null
  return {
    read() {
      const now = standing.peek()
      if (now === null || now.isRemoved) return NOTHING
      const { name } = me.peek()
      if (sealed?.name !== name || sealed.epoch !== now.epoch)
        sealed = { name, epoch: now.epoch, bytes: sealClaim({ kind, name }, claimant, now, random) }
      return sealed.bytes
    },
    onChange(f) {
      let begun = false
      const told = () => begun && f()
      const stops = [me.subscribe(told), standing.subscribe(told)]
      begun = true
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

/** What kind of thing a browser runs on, from what it says of itself. `shortSidePx`: of its screen. */
export function kindOfPlace(agent: string, hasTouch: boolean, shortSidePx: number): PlaceKind {
  if (/iPad|Tablet/.test(agent) || (/Android/.test(agent) && !/Mobile/.test(agent))) return "tablet"
  if (/iPhone|iPod|Mobile/.test(agent)) return "phone"
  // An iPad says that it is a Mac.
  if (/Macintosh/.test(agent) && hasTouch) return shortSidePx < 600 ? "phone" : "tablet"
  return /Macintosh|Windows|X11|CrOS|Linux/.test(agent) ? "computer" : "device"
}
