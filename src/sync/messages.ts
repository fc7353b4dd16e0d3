// The words of the conversation (protocol §6): what two ends may say to each other, and when. Shapes only; the
// bytes are in codec.ts. A slot is a small number that the sender of a message has given to a document on this
// link; a relay takes over the numbers of the end that offers.
import type { BlobId, DocId, PublicKey } from "../bytes/ids"
import type { Receipt } from "../log/ledger"
import type { Range, VectorEntry } from "../log/log"

export const PROTOCOL = 1
export const MESSAGE_BYTES_MAX = 8 * 1024 * 1024
export const ENVELOPES_BYTES_MAX = 512 * 1024
export const PRESENCE_BYTES_MAX = 2 * 1024
export const DOCUMENTS_PER_LINK_MAX = 2_000
export const RANGES_MAX = 1_000
/** Pieces of blobs that are asked for in one go. */
export const PIECES_MAX = 8
/** Blobs that one message may tell of. */
export const BLOBS_PER_MESSAGE_MAX = 1_000
export const NONCE_BYTES = 32

/** What an end is. The index is the byte on the wire. */
export const END_KINDS = ["peer", "relay", "tab", "file"] as const
export type EndKind = (typeof END_KINDS)[number]

/** How a relay answers an offer in the clear. The index is the byte on the wire. */
export const ANSWERS = ["have", "willing", "refused"] as const
export type Answer = (typeof ANSWERS)[number]

/** A document offered by a tag that only those recognise who know its name, or by its name. */
export type Offered =
  | { readonly slot: number; readonly tag: Uint8Array }
  | { readonly slot: number; readonly docId: DocId }

/** 0. First, once, by both ends as soon as the link is ready. */
export interface Hello {
  readonly type: "hello"
  readonly protocolMin: number
  readonly protocolMax: number
  /** 32 random bytes of this link. */
  readonly nonce: Uint8Array
  readonly features: readonly string[]
  readonly end: EndKind
  /** Wall clock, ms. */
  readonly at: number
  /** A relay's public key; null for everybody else. */
  readonly relayKey: PublicKey | null
}

/** 1. After both HELLOs, and whenever documents are added. To a relay by name, to others by tag. */
export interface Offer {
  readonly type: "offer"
  readonly documents: readonly Offered[]
}

/** 2. By both ends, for each document that both know: who I am in it. */
export interface Prove {
  readonly type: "prove"
  readonly slot: number
  readonly seatCertificate: Uint8Array
  /** Empty unless the verifier may not have it. */
  readonly grantCertificate: Uint8Array
  readonly signature: Uint8Array
}

/** 3. In answer to WANT_CERTS from an end that has proven itself, and when new ones come. Order matters. */
export interface Certs {
  readonly type: "certs"
  readonly slot: number
  readonly certificates: readonly Uint8Array[]
}

/** 4. After the other end has proven itself: do we hold the same? */
export interface Have {
  readonly type: "have"
  readonly slot: number
  readonly channel: number
  /** Of the vector, 32 bytes. */
  readonly digest: Uint8Array
  /** Of the set of certificates, 32 bytes. */
  readonly certificates: Uint8Array
}

/** 5. In answer to a HAVE with another digest (`whole`), and for what was appended but could not be sent (not). */
export interface Vector {
  readonly type: "vector"
  readonly slot: number
  readonly channel: number
  readonly whole: boolean
  /** In answer to BUCKETS: `whole` for these alone. Null: for all. */
  readonly buckets: readonly number[] | null
  readonly entries: readonly VectorEntry[]
}

/** 21. In place of a whole VECTOR where that would be very long; answered with the entries of buckets that differ. */
export interface Buckets {
  readonly type: "buckets"
  readonly slot: number
  readonly channel: number
  /** 256 digests of 16 bytes. */
  readonly digests: Uint8Array
}

/** 6. For what a VECTOR names and is not here, and for gaps; one at a time per document. */
export interface Want {
  readonly type: "want"
  readonly slot: number
  /** How much may come in one go: less where the way is slow. At least one envelope comes. */
  readonly bytesMax: number
  /** From what is missing on; the answer goes on to the end of the chain where it fits. */
  readonly ranges: readonly Range[]
}

/** 7. In answer to a WANT (`answer`; empty if there is nothing of it), and for what has just been appended (not). */
export interface Envelopes {
  readonly type: "envelopes"
  readonly slot: number
  readonly answer: boolean
  readonly envelopes: readonly Uint8Array[]
}

/**
 * 8. When heads are durable here (only what changed since the last one on this link), and for what others have signed
 * that the other end may not have heard.
 */
export interface Stored {
  readonly type: "stored"
  readonly slot: number
  readonly receipt: Receipt
}

/** 9. At most 3 a second. Sealed and signed by whoever is present. */
export interface Presence {
  readonly type: "presence"
  readonly slot: number
  readonly bytes: Uint8Array
}

/** One piece of a blob: 0 is the list of its chunks, what follows are its chunks (§10). */
export interface Piece {
  readonly blobId: BlobId
  readonly index: number
}

/** 10. When both ends listen, for every blob of which something is here; then for those of which more is. */
export interface BlobHave {
  readonly type: "blob-have"
  readonly slot: number
  /** The pieces ascending, at least one. */
  readonly holdings: readonly { readonly blobId: BlobId; readonly pieces: "whole" | readonly number[] }[]
}

/** 11. For pieces that the other end has told of and that are missing here; one at a time per document. */
export interface BlobWant {
  readonly type: "blob-want"
  readonly slot: number
  readonly pieces: readonly Piece[]
}

/** 12. In answer to a WANT, one for each piece, in order; empty if it is not here. */
export interface BlobData extends Piece {
  readonly type: "blob-data"
  readonly slot: number
  readonly bytes: Uint8Array
}

/** 13. Last: the link closes (`slot` null), or a document is no longer offered on it. */
export interface Bye {
  readonly type: "bye"
  readonly slot: number | null
  readonly why: string
}

/** 14 and 19. After 15 s of quiet, and at once in answer. */
export interface Ping {
  readonly type: "ping"
}
export interface Pong {
  readonly type: "pong"
}

/** 16. A relay's answer to each document offered by name. `reason` is empty unless refused. */
export interface Answers {
  readonly type: "answers"
  readonly answers: readonly { readonly slot: number; readonly answer: Answer; readonly reason: string }[]
}

/** 17. When certificates are missing here. */
export interface WantCerts {
  readonly type: "want-certs"
  readonly slot: number
}

/** 18. When something that came was not taken. `reason` is a stable word, `message` says what was expected. */
export interface Failure {
  readonly type: "error"
  readonly slot: number | null
  readonly reason: string
  readonly message: string
}

export type Message =
  | Hello
  | Offer
  | Prove
  | Certs
  | Have
  | Vector
  | Buckets
  | Want
  | Envelopes
  | Stored
  | Presence
  | BlobHave
  | BlobWant
  | BlobData
  | Bye
  | Ping
  | Pong
  | Answers
  | WantCerts
  | Failure
