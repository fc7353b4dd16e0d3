// What all records share: a version byte, a type byte, fields, and a signature at the end that no id includes.
// Bytes are kept and shipped as they were signed, never encoded again. What a record means is not known here.
import { FormatError, NewerVersionError } from "../bytes/errors"
import {
  type CertificateHash,
  type DocId,
  type EnvelopeId,
  HASH_BYTES,
  idBytes,
  idOf,
  PUBLIC_KEY_BYTES,
  type PublicKey,
  SESSION_ID_BYTES,
  type SessionId,
} from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { concat, Writer } from "../bytes/writer"
import { H } from "../crypto/hash"
import { SIGNATURE_BYTES, type SignatureKind, type SigningKey, sign } from "../crypto/signing"

export const VERSION = 1

/** The second byte of every record. */
export const RECORD_TYPES = { genesis: 1, epoch: 2, grant: 3, seat: 4, session: 5, header: 6 } as const
export type RecordType = keyof typeof RECORD_TYPES

/** A certificate is never larger: 500 grants of some 300 bytes, with cuts. */
export const CERTIFICATE_BYTES_MAX = 1 << 20

/** Starts a record of a type. */
export function begin(type: RecordType): Writer {
  return new Writer().byte(VERSION).byte(RECORD_TYPES[type])
}

/**
 * Signs what was written; a fresh array: fields | signature. Nothing is signed that `decode`, the record's own
 * reader, would refuse: that would be our mistake, sealed for good.
 */
export function finish(
  writer: Writer,
  kind: SignatureKind,
  key: SigningKey,
  decode: (bytes: Uint8Array) => unknown,
): Uint8Array {
  const fields = writer.end()
  assertReadable(kind, () => decode(concat(fields, new Uint8Array(SIGNATURE_BYTES))))
  return concat(fields, sign(kind, fields, key))
}

/** Asserts that what is about to be signed can be read by everybody. */
export function assertReadable(kind: SignatureKind, read: () => unknown): void {
  try {
    read()
  } catch (refusal) {
    throw new Error(`what nobody could read was about to be signed as ${kind}`, { cause: refusal })
  }
}

/** A record taken apart: what was signed, and the signature (64 bytes). Views. */
export interface Signed {
  readonly fields: Uint8Array
  readonly signature: Uint8Array
}

/** Splits a signed record. Throws FormatError. */
export function split(bytes: Uint8Array): Signed {
  if (bytes.length > CERTIFICATE_BYTES_MAX)
    throw new FormatError(`expected a record of at most 1 MiB, got ${bytes.length} bytes`)
  if (bytes.length < SIGNATURE_BYTES)
    throw new FormatError(`expected a signature of ${SIGNATURE_BYTES} bytes, got ${bytes.length}`)
  const at = bytes.length - SIGNATURE_BYTES
  return { fields: bytes.subarray(0, at), signature: bytes.subarray(at) }
}

/** A reader behind the version and type bytes. Throws NewerVersionError, FormatError. */
export function openFields(fields: Uint8Array, type: RecordType): Reader {
  const reader = new Reader(fields)
  expectVersion(reader.byte("a version"))
  const came = reader.byte("a record type")
  if (came !== RECORD_TYPES[type])
    throw new FormatError(`expected a record of type ${type}, got type ${came}`)
  return reader
}

/** The type of a record, without reading further. Throws NewerVersionError, FormatError on an unknown one. */
export function typeOf(bytes: Uint8Array): RecordType {
  const reader = new Reader(bytes)
  expectVersion(reader.byte("a version"))
  const came = reader.byte("a record type")
  for (const type of Object.keys(RECORD_TYPES) as RecordType[]) if (came === RECORD_TYPES[type]) return type
  throw new FormatError(`expected a known record type, got ${came}`)
}

function expectVersion(version: number): void {
  if (version > VERSION) throw new NewerVersionError(`expected version ${VERSION}, got ${version}`)
  if (version !== VERSION) throw new FormatError(`expected version ${VERSION}, got ${version}`)
}

// The fields that many records have

/** One place in one session's chain. */
export interface Head {
  readonly sessionId: SessionId
  readonly seq: number
  readonly id: EnvelopeId
}

export function writeHead(writer: Writer, head: Head): void {
  writer.bytes(idBytes(head.sessionId)).number(head.seq).bytes(idBytes(head.id))
}

export function readHead(reader: Reader): Head {
  return {
    sessionId: readSessionId(reader),
    seq: reader.number("a sequence number"),
    id: readEnvelopeId(reader),
  }
}

export function readDocId(reader: Reader): DocId {
  return idOf<DocId>(reader.bytes(HASH_BYTES, "a document id"))
}

export function readSessionId(reader: Reader): SessionId {
  return idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session"))
}

export function readEnvelopeId(reader: Reader): EnvelopeId {
  return idOf<EnvelopeId>(reader.bytes(HASH_BYTES, "an envelope"))
}

export function readKey(reader: Reader, what: string): PublicKey {
  return idOf<PublicKey>(reader.bytes(PUBLIC_KEY_BYTES, what))
}

export function readHash(reader: Reader): CertificateHash {
  return idOf<CertificateHash>(reader.bytes(HASH_BYTES, "a certificate's hash"))
}

/** What a certificate is known by: H of its fields, without the signature. */
export function hashOf(fields: Uint8Array): CertificateHash {
  return idOf<CertificateHash>(H(fields))
}

/** Throws FormatError if two of a list are the same. `what` is one of them: "grant in an epoch". */
export function expectEachOnce(names: readonly string[], what: string): void {
  if (new Set(names).size !== names.length) throw new FormatError(`expected each ${what} once`)
}
