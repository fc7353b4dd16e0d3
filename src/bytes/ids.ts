// Names of things, as text. In memory every id is the base64url text of its bytes, branded so that one kind
// cannot stand in for another; on the wire and at rest they are bytes. Text compares and keys a Map; where the
// protocol says "lowest" it means bytes, and text sorts differently: `compareIds`.
import { decodeBase64url, encodeBase64url } from "./base64url"
import { FormatError } from "./errors"

declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

/** 32 bytes, 43 characters: hash of the genesis (protocol §2). */
export type DocId = Id<"DocId">
/** 32 bytes: hash of an envelope's header (protocol §4). */
export type EnvelopeId = Id<"EnvelopeId">
/** 16 bytes, 22 characters: cut hash of the session's public key. */
export type SessionId = Id<"SessionId">
/** 32 bytes: an Ed25519 public key. */
export type PublicKey = Id<"PublicKey">
/** 32 bytes: hash of a certificate without its signature. */
export type CertificateHash = Id<"CertificateHash">
/** 32 bytes: hash of the list of a blob's chunks (protocol §10). */
export type BlobId = Id<"BlobId">

export const DOC_ID_BYTES = 32
export const ENVELOPE_ID_BYTES = 32
export const SESSION_ID_BYTES = 16
export const PUBLIC_KEY_BYTES = 32
export const HASH_BYTES = 32

type AnyId = DocId | EnvelopeId | SessionId | PublicKey | CertificateHash | BlobId

/** The text of an id's bytes. The caller says which kind it is; lengths are checked by the codecs. */
export function idOf<T extends AnyId>(bytes: Uint8Array): T {
  return encodeBase64url(bytes) as T
}

/** The bytes of an id: a fresh array, the caller's own. */
export function idBytes(id: AnyId): Uint8Array {
  return decodeBase64url(id)
}

/** Below 0, 0 or above 0 as `a` comes before, is, or comes after `b` in the order of bytes. */
export function compareIds<T extends AnyId>(a: T, b: T): number {
  if (a === b) return 0
  const [left, right] = [idBytes(a), idBytes(b)]
  const at = left.findIndex((byte, index) => byte !== right[index])
  return (left[at] ?? 0) - (right[at] ?? 0)
}

/** Parses text from outside (an address, a link) as a document id. Throws FormatError. */
export function parseDocId(text: string): DocId {
  const length = decodeBase64url(text).length
  if (length !== DOC_ID_BYTES) throw new FormatError(`expected a document id of 32 bytes, got ${length}`)
  return text as DocId
}

/** The id before the first of a chain: 32 zero bytes. */
export const NO_ENVELOPE = idOf<EnvelopeId>(new Uint8Array(ENVELOPE_ID_BYTES))
