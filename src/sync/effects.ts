// What a conversation asks of the world around it. Plain values: the conversation itself does nothing. Where a
// result is needed it comes back through the method named beside it, before the next frame is received.
import type { DocId } from "../bytes/ids"
import type { Receipt } from "../log/ledger"
import type { Range, VectorEntry } from "../log/log"
import type { Message, Piece } from "./messages"
import type { Meeting } from "./proofs"
import type { Prover, Report } from "./shelf"

/** What a document on a link needs of the conversation that it is part of. */
export interface Surroundings {
  readonly weAreRelay: boolean
  readonly meeting: Meeting
  now(): number
  /** Whether what is large may be asked for now. */
  mayGoLarge(): boolean
  do(effect: Effect): void
}

/** A proof as it came, with what its signature must cover. */
export interface Proof {
  readonly seatCertificate: Uint8Array
  readonly grantCertificate: Uint8Array
  readonly signature: Uint8Array
  readonly signed: Uint8Array
}

export type Effect =
  | { readonly do: "send"; readonly message: Message }
  | { readonly do: "report"; readonly report: Report }
  /** Offer what the shelf has for this end → `offer`. */
  | { readonly do: "offer" }
  /** A relay is asked about documents → `looked`. */
  | { readonly do: "look"; readonly asked: readonly { readonly slot: number; readonly docId: DocId }[] }
  /** Sign with one's seat → `proofSigned`. */
  | { readonly do: "sign-proof"; readonly docId: DocId; readonly bytes: Uint8Array }
  /** Take the certificates in, check the grant is listed and the signature holds → `proofChecked`.
   *  `certificates`: what came with it, where the document is not known here; empty otherwise. */
  | {
      readonly do: "check-proof"
      readonly docId: DocId
      readonly proof: Proof
      readonly certificates: readonly Uint8Array[]
    }
  /** Begin the document → `founded`, `notFounded`. */
  | {
      readonly do: "found"
      readonly docId: DocId
      readonly certificates: readonly Uint8Array[]
      readonly by: Prover | null
    }
  /** → `certificatesTaken`. */
  | { readonly do: "take-certificates"; readonly docId: DocId; readonly certificates: readonly Uint8Array[] }
  /** → `accepted`. */
  | {
      readonly do: "accept"
      readonly docId: DocId
      readonly envelopes: readonly Uint8Array[]
      readonly answer: boolean
    }
  /** Read as much as fits, when there is room to send → `supply`. May come back after later frames. */
  | {
      readonly do: "read"
      readonly docId: DocId
      readonly ranges: readonly Range[]
      readonly bytesMax: number
    }
  /** Read pieces of blobs one after the other, each when there is room to send it → `supplyPiece`. May come back later. */
  | { readonly do: "read-pieces"; readonly docId: DocId; readonly pieces: readonly Piece[] }
  /** Check a piece of a blob and keep it → `pieceTaken`. May come back after later frames. */
  | { readonly do: "take-piece"; readonly docId: DocId; readonly piece: Piece; readonly bytes: Uint8Array }
  /** Sign what is durable now → `receipt`. May come back after later frames. */
  | { readonly do: "sign-receipt"; readonly docId: DocId }
  /** Check whose it is and its signature, then report and pass on what is new → `hostile`, or nothing. */
  | { readonly do: "check-receipt"; readonly docId: DocId; readonly receipt: Receipt }
  /**
   * The other end has said what it holds (`entries`; null: nothing new): compare it with what it has signed for, once
   * all certificates that it knows are known here (`informed`). Nothing comes back.
   */
  | {
      readonly do: "compare-receipts"
      readonly docId: DocId
      readonly by: Prover
      readonly entries: readonly VectorEntry[] | null
      readonly informed: boolean
    }
  /** The other end does not offer it any more: let it go, and offer it again after a while if it is still wanted. */
  | { readonly do: "forget"; readonly docId: DocId }
  | { readonly do: "close"; readonly why: string; readonly hostile: boolean }
