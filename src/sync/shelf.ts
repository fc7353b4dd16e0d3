// What an exchange finds at its own end: the documents that it holds or wants, who it is in each, and whom it tells
// what it sees. The rooms above implement it: the app for a device, relay/ for a server.
import type { CertificateHash, DocId, PublicKey, SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import type { VectorEntry } from "../log/log"
import type { RefusedItem } from "../log/refusal"
import type { Role } from "../records/roles"
import type { Link } from "./link"
import type { EndKind } from "./messages"

/** The other end of a link, as it says of itself. `relayKey`: null unless it is a relay. */
export interface FarEnd {
  readonly kind: EndKind
  readonly relayKey: PublicKey | null
  readonly link: Link["name"]
  readonly features: readonly string[]
  /** Its wall clock when the link began, ms. */
  readonly since: number
}

/** Who the other end has proven to be in one document. */
export interface Prover {
  readonly seatPub: PublicKey
  readonly grantPub: PublicKey
  readonly role: Role
}

/** Who this end is in one document. A relay's grant and seat are both its own key. */
export interface Seat {
  readonly seatPub: PublicKey
  /** The seat's certificate, signed by its grant. */
  readonly certificate: Uint8Array
  /** The grant's certificate where others may not have it yet (a link made offline); null otherwise. */
  readonly grantCertificate: Uint8Array | null
  /** Signs with the seat's key; see crypto/signing. */
  sign(kind: "proof" | "stored", bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  /** What it says of itself in its receipts; absent at a host, which has no key to seal it with. */
  readonly claim?: SeatClaim
}

/** A place's kind and whose it is, sealed for the document's readers. */
export interface SeatClaim {
  /** At most 512 bytes, opaque here; empty: it says nothing. */
  read(): Uint8Array
  onChange(f: () => void): Stop
}

/** One document at this end. */
export interface ShelvedDocument {
  readonly docId: DocId
  /** Null as long as only its name is known: a newcomer with a link, a relay that is willing to take it. */
  readonly keeper: Keeper | null
  readonly seat: Seat
  /**
   * Begins the document with certificates that came from the other end: genesis first, all of them checked against
   * `docId` already. `by`: who brought them, proven; null where this end is a newcomer, who checks them against the
   * link it followed. Called again, by another link, it gives the same keeper.
   * Rejects with RefusedError ("no-right", "quota", "closed", "bad-certificate") or StorageError.
   */
  found(certificates: readonly Uint8Array[], by: Prover | null): Promise<Keeper>
  /** The exchange has no more use for it: a relay may close the keeper when nobody has. */
  release?(): void
}

export interface Shelf {
  /** The documents meant for that end, to be offered to it. Empty at a relay. */
  documents(end: FarEnd): readonly ShelvedDocument[]
  /** Called after `documents` changed, and after one of them got its keeper. */
  onChange(f: () => void): Stop
  /**
   * A relay's answer to an offer in the clear; null at ends that are no relay. Never rejects for what was asked.
   */
  readonly look: ((docId: DocId, end: FarEnd) => Promise<ShelvedDocument | RefusedItem>) | null
}

/** What an exchange tells about the other end, as it happens. */
export type Report =
  /** It said hello. */
  | { readonly kind: "met"; readonly end: FarEnd }
  /** Both ends have proven who they are: from now on envelopes go both ways as they are made. */
  | { readonly kind: "live"; readonly docId: DocId; readonly by: Prover }
  /** Nothing is left to fetch from it, as far as it has said. Again after each catching up. */
  | { readonly kind: "caught-up"; readonly docId: DocId }
  /**
   * Somebody durably keeps these heads, and has signed so: the other end, or another place whose word it has passed
   * on. `at`: the signer's wall clock, ms.
   */
  | {
      readonly kind: "receipt"
      readonly docId: DocId
      readonly by: Prover
      /** The certificate of the seat that signed. */
      readonly seat: CertificateHash
      readonly at: number
      readonly entries: readonly VectorEntry[]
      /** See SeatClaim; empty: it says nothing of itself in this one. */
      readonly claim: Uint8Array
    }
  /** It holds less than it has signed for: it lost it, or keeps it back. Once for each link. */
  | { readonly kind: "withheld"; readonly docId: DocId; readonly by: Prover; readonly sessionId: SessionId }
  /** Sealed and signed by whoever is present; opaque here. At most 2 KiB. */
  | { readonly kind: "presence"; readonly docId: DocId; readonly by: Prover; readonly bytes: Uint8Array }
  /** Something was not taken: by us, or by the other end. `docId` is null where it is about the link. */
  | {
      readonly kind: "refused"
      readonly docId: DocId | null
      readonly by: "us" | "them"
      /** A stable word: a RefusalReason, "storage", or what the other end says. */
      readonly reason: string
      readonly message: string
    }
  /** Something is wrong with the other end, its clock (`skewMs`: theirs minus ours) or the way there. */
  | { readonly kind: "problem"; readonly problem: Problem; readonly message: string; readonly skewMs: number }

export type Problem =
  | "garbage"
  | "newer-protocol"
  | "older-protocol"
  | "another-relay"
  | "clock-skew"
  | "silent"
  | "flood"
  | "echo"
  /** Something here failed that never should. */
  | "broken"
