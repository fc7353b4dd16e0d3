// The places that keep a document, as a person knows them: the relay by its address, a device by its kind and whose it
// is. What a device is comes from its own receipts (people/claim.ts), the name else from the company one has kept.
import { computed, type ReadonlySignal } from "@preact/signals-core"
import type { CertificateHash, DocId, PublicKey } from "../bytes/ids"
import { type Claim, openClaim, type PlaceKind } from "../people/claim"
import type { Keyring } from "../people/keyring"
import type { Holding } from "./holding"
import type { Holder } from "./receipts"

/** A place besides this device that has signed for something of a document. */
export interface HoldingPlace {
  readonly key: string
  /** host: it keeps sealed copies and cannot read them. */
  readonly kind: PlaceKind | "host"
  /** Of the person whose it is, or the host's own; empty: not known. Untrusted words. */
  readonly name: string
  /** Another one of this person's own. */
  readonly own: boolean
  /** Wall clock of that place, ms, when it last signed. */
  readonly at: number
  readonly everything: boolean
}

interface PlacesParts {
  readonly docId: DocId
  readonly keyring: Keyring
  /** A grant that only this person's devices have; null: theirs is shared with others. */
  readonly ownGrant: PublicKey | null
  /** The name of a host by its key; null: not known. */
  readonly hostName: (grantPub: PublicKey) => string | null
  readonly names: ReadonlyMap<CertificateHash, string>
}

/** The places of a document as they are now: those that have everything first, then by when they were last heard of. */
export function watchPlaces(holding: Holding): ReadonlySignal<readonly HoldingPlace[]> {
  const { docId, names, keys } = holding
  const hostName = (key: PublicKey) => holding.relayName(key)
  return computed(() => {
    const standing = holding.entered.value?.standing
    const ownGrant = standing?.role === "admin" ? keys.grant.publicKey : null
    const keyring: Keyring = standing?.keyring ?? new Map()
    return placesOf(holding.holders.value, { docId, keyring, ownGrant, hostName, names })
  })
}

function placesOf(holders: readonly Holder[], parts: PlacesParts): readonly HoldingPlace[] {
  return holders
    .map(holder => ({
      key: holder.seatPub,
      at: holder.at,
      everything: holder.everything,
      ...who(holder, parts),
    }))
    .sort((a, b) => Number(b.everything) - Number(a.everything) || b.at - a.at)
}

function who(
  { blind, grantPub, seat, claim }: Holder,
  { docId, keyring, ownGrant, hostName, names }: PlacesParts,
): Pick<HoldingPlace, "kind" | "name" | "own"> {
  if (blind) return { kind: "host", name: hostName(grantPub) ?? "", own: false }
  const said = claimed(claim, docId, seat, keyring)
  return {
    kind: said?.kind ?? "device",
    name: said?.name || (names.get(seat) ?? ""),
    own: grantPub === ownGrant,
  }
}

// Opened once: the same bytes say the same for ever, and what cannot be opened yet may be later.
const opened = new WeakMap<Uint8Array, Claim>()

function claimed(bytes: Uint8Array, docId: DocId, seat: CertificateHash, keyring: Keyring): Claim | null {
  if (bytes.length === 0) return null
  const claim = opened.get(bytes) ?? openClaim(bytes, { docId, seat }, keyring)
  if (claim) opened.set(bytes, claim)
  return claim
}
