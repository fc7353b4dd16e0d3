// What all records share: a version byte, a type byte, fields, and a signature at the end that no id includes.
// Bytes are kept and shipped as they were signed, never encoded again.
import { FormatError, NewerVersionError } from "../bytes/errors"
import { Reader } from "../bytes/reader"
import { concat, Writer } from "../bytes/writer"
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

/** Signs what was written; the result is fields | signature. */
export function finish(writer: Writer, kind: SignatureKind, key: SigningKey): Uint8Array {
  const fields = writer.end()
  return concat(fields, sign(kind, fields, key))
}

/** A record taken apart: what was signed, and the signature (64 bytes). Views. */
export interface Signed {
  readonly fields: Uint8Array
  readonly signature: Uint8Array
}

/** Splits a signed record. Throws FormatError. */
export function split(bytes: Uint8Array): Signed {
  if (bytes.length > CERTIFICATE_BYTES_MAX)
    throw new FormatError(`expected a record below 1 MiB, got ${bytes.length}`)
  if (bytes.length < SIGNATURE_BYTES) throw new FormatError("expected a signature, got fewer bytes")
  const at = bytes.length - SIGNATURE_BYTES
  return { fields: bytes.subarray(0, at), signature: bytes.subarray(at) }
}

/** A reader behind the version and type bytes. Throws NewerVersionError, FormatError. */
export function openFields(fields: Uint8Array, type: RecordType): Reader {
  const reader = new Reader(fields)
  const version = reader.byte("a version")
  if (version > VERSION) throw new NewerVersionError(`expected version ${VERSION}, got ${version}`)
  if (version !== VERSION) throw new FormatError(`expected version ${VERSION}, got ${version}`)
  const came = reader.byte("a record type")
  if (came !== RECORD_TYPES[type])
    throw new FormatError(`expected a record of type ${type}, got type ${came}`)
  return reader
}

/** The type of a record, without reading further. Throws FormatError on an unknown one. */
export function typeOf(bytes: Uint8Array): RecordType {
  for (const type of Object.keys(RECORD_TYPES) as RecordType[])
    if (bytes[1] === RECORD_TYPES[type]) return type
  throw new FormatError(`expected a known record type, got ${bytes[1] ?? "nothing"}`)
}
