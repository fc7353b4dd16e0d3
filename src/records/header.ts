// The header of an envelope (protocol §4): everything that hosts may see and that the session signs, the body only
// by its hash. Form alone: whether the session may, and whether the signature holds, is for envelope.ts.
import { FormatError, NewerVersionError } from "../bytes/errors"
import {
  type DocId,
  ENVELOPE_ID_BYTES,
  type EnvelopeId,
  HASH_BYTES,
  idBytes,
  NO_ENVELOPE,
  type SessionId,
} from "../bytes/ids"
import { begin, openFields, readDocId, readEnvelopeId, readSessionId } from "./layout"

/** Kind 0 opens a session; kind 1 carries a Yjs update. The others come with the full log. */
export const KINDS = { open: 0, update: 1 } as const
export type Kind = (typeof KINDS)[keyof typeof KINDS]

export const CHANNELS = { body: 0, notes: 1 } as const
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS]

export const EPOCH_PREFIX_BYTES = 16
export const HEADER_BYTES_MAX = 1024
const SESSION_CERTIFICATE_BYTES_MAX = 256

export interface Header {
  readonly kind: Kind
  readonly docId: DocId
  readonly channel: Channel
  /** First 16 bytes of the epoch certificate's hash. */
  readonly epochPrefix: Uint8Array
  readonly sessionId: SessionId
  /** 0 for the session-open, then one more each time; never used again. */
  readonly seq: number
  /** The id before it in the session; `NO_ENVELOPE` exactly at 0. */
  readonly prev: EnvelopeId
  readonly bodyHash: Uint8Array
  readonly bodyBytes: number
  /** Kind 0: the session's certificate. Empty otherwise. */
  readonly sessionCertificate: Uint8Array
}

/** Encodes a header: what is hashed to the envelope's id and signed. A fresh array. */
export function encodeHeader(header: Header): Uint8Array {
  return begin("header")
    .byte(header.kind)
    .bytes(idBytes(header.docId))
    .byte(header.channel)
    .fixed(header.epochPrefix, EPOCH_PREFIX_BYTES, "an epoch's prefix")
    .bytes(idBytes(header.sessionId))
    .number(header.seq)
    .fixed(idBytes(header.prev), ENVELOPE_ID_BYTES, "the envelope before")
    .fixed(header.bodyHash, HASH_BYTES, "a body's hash")
    .number(header.bodyBytes)
    .block(header.sessionCertificate)
    .end()
}

/** Throws FormatError, NewerVersionError. Views of `bytes`. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = openFields(bytes, "header")
  const kind = reader.byte("a kind")
  // A kind that is not known here may be a newer one: say so, rather than "damaged".
  if (kind !== KINDS.open && kind !== KINDS.update)
    throw new NewerVersionError(`expected kind 0 or 1, got ${kind}`)
  const docId = readDocId(reader)
  const channel = reader.byte("a channel")
  if (channel !== CHANNELS.body && channel !== CHANNELS.notes)
    throw new NewerVersionError(`expected channel 0 or 1, got ${channel}`)
  const epochPrefix = reader.bytes(EPOCH_PREFIX_BYTES, "an epoch")
  const sessionId = readSessionId(reader)
  const seq = reader.number("a sequence number")
  const prev = readEnvelopeId(reader)
  const bodyHash = reader.bytes(HASH_BYTES, "a body's hash")
  const bodyBytes = reader.number("a body's length")
  const sessionCertificate = reader.block("a session certificate", SESSION_CERTIFICATE_BYTES_MAX)
  reader.end("a header")
  const opens = kind === KINDS.open
  if (opens !== (seq === 0)) throw new FormatError("expected a session to open at 0 and nowhere else")
  if (opens !== (prev === NO_ENVELOPE))
    throw new FormatError(
      "expected no envelope before the one that opens a session, and one before any other",
    )
  if (opens !== sessionCertificate.length > 0)
    throw new FormatError("expected a session certificate in the envelope that opens it and nowhere else")
  return { kind, docId, channel, epochPrefix, sessionId, seq, prev, bodyHash, bodyBytes, sessionCertificate }
}
