// The envelope (protocol §4): header, signature, sealed body. An `Envelope` value has been checked: its form, the
// right behind it, its signature and its body's hash. There is no unchecked one; bytes that have not been through
// `readEnvelope` are just bytes.
//
//     headerLength | header | sig64 | body            id = H(header)
import { FormatError, NewerVersionError, RefusedError } from "../bytes/errors"
import {
  type CertificateHash,
  type DocId,
  type EnvelopeId,
  HASH_BYTES,
  idBytes,
  idOf,
  type PublicKey,
  SESSION_ID_BYTES,
  type SessionId,
} from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { equalBytes, Writer } from "../bytes/writer"
import { H } from "../crypto/hash"
import { SIGNATURE_BYTES, type SigningKey, sign, type Verify } from "../crypto/signing"
import { clientIdOf, decodeSession } from "./certificate"
import { type Certificates, expectSignature } from "./certificates"
import { begin, openFields } from "./layout"
import { includes, type Role } from "./roles"

/** Kind 0 opens a session; kind 1 carries a Yjs update. The others come with the full log. */
export const KINDS = { open: 0, update: 1 } as const
export type Kind = (typeof KINDS)[keyof typeof KINDS]

export const CHANNELS = { body: 0, notes: 1 } as const
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS]

/** An update body is at most 4 MiB (protocol §11), plus what padding and sealing add. */
export const BODY_BYTES_MAX = 4 * 1024 * 1024 + 512 * 1024
const HEADER_BYTES_MAX = 1024
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
  readonly prev: EnvelopeId
  readonly bodyHash: Uint8Array
  readonly bodyBytes: number
  /** Kind 0: the session's certificate. Empty otherwise. */
  readonly sessionCertificate: Uint8Array
}

/** Checked and immutable. `bytes` is the whole as it travels; `body` is a view of it. */
export interface Envelope {
  readonly id: EnvelopeId
  readonly header: Header
  readonly body: Uint8Array
  readonly bytes: Uint8Array
  readonly session: Session
}

/** A session as everybody sees it: who may have opened it, and the number that Yjs knows it by. */
export interface Session {
  readonly sessionId: SessionId
  readonly sessionPub: PublicKey
  readonly seat: CertificateHash
  readonly seatPub: PublicKey
  readonly grantPub: PublicKey
  readonly epoch: CertificateHash
  readonly channel: Channel
  readonly clientId: number
}

/** What a reader must know to check an envelope. */
export interface Known {
  readonly certificates: Certificates
  session(sessionId: SessionId): Session | null
}

/** Builds and signs an envelope. `body` is copied into the result, which belongs to the caller. */
export function encodeEnvelope(
  header: Omit<Header, "bodyHash" | "bodyBytes">,
  body: Uint8Array,
  session: SigningKey,
): { readonly bytes: Uint8Array; readonly id: EnvelopeId } {
  const encoded = encodeHeader({ ...header, bodyHash: H(body), bodyBytes: body.length })
  const bytes = new Writer()
    .block(encoded)
    .bytes(sign("env", encoded, session))
    .bytes(body)
    .end()
  return { bytes, id: idOf<EnvelopeId>(H(encoded)) }
}

/** An envelope's parts by form alone: not checked, not to be trusted. For routing and for asking what is missing. */
export interface Parts {
  readonly id: EnvelopeId
  readonly header: Header
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array
  readonly body: Uint8Array
}

/** Takes an envelope apart. Throws FormatError, NewerVersionError, RefusedError (too-large). Views of `bytes`. */
export function splitEnvelope(bytes: Uint8Array): Parts {
  const reader = new Reader(bytes)
  const headerBytes = reader.block("a header", HEADER_BYTES_MAX)
  const signature = reader.bytes(SIGNATURE_BYTES, "a signature")
  const header = decodeHeader(headerBytes)
  if (header.bodyBytes > BODY_BYTES_MAX) {
    throw new RefusedError(
      "too-large",
      `a body of at most ${BODY_BYTES_MAX} bytes was expected, ${header.bodyBytes} came`,
    )
  }
  const body = reader.bytes(header.bodyBytes, "a body")
  reader.end("an envelope")
  return { id: idOf<EnvelopeId>(H(headerBytes)), header, headerBytes, signature, body }
}

/**
 * Acceptance steps 1–3 and 5 (protocol §4), the same on peers and hosts; step 4, its place in the chain, is the log's.
 * Keeps `bytes`. Throws FormatError; RefusedError: too-large, wrong-document, unknown-epoch, unknown-seat,
 * unknown-session, no-right, bad-signature, bad-body-hash.
 */
export async function readEnvelope(bytes: Uint8Array, known: Known, verify: Verify): Promise<Envelope> {
  const { id, header, headerBytes, signature, body } = splitEnvelope(bytes)
  if (header.docId !== known.certificates.docId)
    throw new RefusedError("wrong-document", "an envelope of another document")
  if (header.channel !== CHANNELS.body)
    throw new RefusedError("no-right", `channel ${header.channel} is not open`)
  const session =
    header.kind === KINDS.open
      ? await openSession(header, known.certificates, verify)
      : known.session(header.sessionId)
  if (!session) throw new RefusedError("unknown-session", "an envelope of a session that was not opened here")
  expectRight(known.certificates.roleOf(session.grantPub), roleFor(header.kind))
  if (session.channel !== header.channel)
    throw new RefusedError("no-right", "a session belongs to one channel")
  if (!equalBytes(header.epochPrefix, idBytes(session.epoch).subarray(0, 16))) {
    throw new RefusedError("unknown-epoch", "an envelope of another epoch than its session")
  }
  if (!(await verify("env", session.sessionPub, headerBytes, signature))) {
    throw new RefusedError("bad-signature", "the signature of an envelope does not hold")
  }
  if (!equalBytes(H(body), header.bodyHash))
    throw new RefusedError("bad-body-hash", "a body is not the one that was signed")
  return { id, header, body, bytes, session }
}

/** The least role that may sign a kind (protocol §2). */
function roleFor(kind: Kind): Role {
  switch (kind) {
    case KINDS.open:
    case KINDS.update:
      return "edit"
    default:
      return kind satisfies never
  }
}

function expectRight(role: Role | null, needed: Role): void {
  if (!role) throw new RefusedError("unknown-grant", "the grant behind a session is not listed")
  if (!includes(role, needed)) throw new RefusedError("no-right", `the role ${role} may not write this`)
}

async function openSession(header: Header, certificates: Certificates, verify: Verify): Promise<Session> {
  const certificate = decodeSession(header.sessionCertificate)
  if (certificate.docId !== certificates.docId)
    throw new RefusedError("wrong-document", "a session of another document")
  if (certificate.sessionId !== header.sessionId)
    throw new RefusedError("bad-certificate", "a session under another's id")
  if (!certificates.epoch(certificate.epoch))
    throw new RefusedError("unknown-epoch", "a session of an epoch not known here")
  const seat = certificates.seat(certificate.seat)
  if (!seat) throw new RefusedError("unknown-seat", "a session of a seat not known here")
  await expectSignature(verify, "session", seat.seatPub, header.sessionCertificate)
  return sessionOf(header, certificates)
}

/** The session behind a kind-0 header that was accepted before: no signature is checked again. */
export function sessionOf(header: Header, certificates: Certificates): Session {
  const { epoch, sessionPub, sessionId, seat: seatHash } = decodeSession(header.sessionCertificate)
  const seat = certificates.seat(seatHash)
  if (!seat) throw new RefusedError("unknown-seat", "a session of a seat not known here")
  const { seatPub, grantPub } = seat
  const clientId = clientIdOf(certificates.docId, grantPub, sessionPub)
  return {
    sessionId,
    sessionPub,
    seat: seatHash,
    seatPub,
    grantPub,
    epoch,
    channel: header.channel,
    clientId,
  }
}

function encodeHeader(header: Header): Uint8Array {
  return begin("header")
    .byte(header.kind)
    .bytes(idBytes(header.docId))
    .byte(header.channel)
    .bytes(header.epochPrefix)
    .bytes(idBytes(header.sessionId))
    .number(header.seq)
    .bytes(idBytes(header.prev))
    .bytes(header.bodyHash)
    .number(header.bodyBytes)
    .block(header.sessionCertificate)
    .end()
}

function decodeHeader(bytes: Uint8Array): Header {
  const reader = openFields(bytes, "header")
  const kind = reader.byte("a kind")
  // A kind that is not known here may be a newer one: say so, rather than "damaged".
  if (kind !== KINDS.open && kind !== KINDS.update)
    throw new NewerVersionError(`expected kind 0 or 1, got ${kind}`)
  const docId = idOf<DocId>(reader.bytes(HASH_BYTES, "a document id"))
  const channel = reader.byte("a channel")
  if (channel !== CHANNELS.body && channel !== CHANNELS.notes)
    throw new NewerVersionError(`expected channel 0 or 1, got ${channel}`)
  const epochPrefix = reader.bytes(16, "an epoch")
  const sessionId = idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session"))
  const seq = reader.number("a sequence number")
  const prev = idOf<EnvelopeId>(reader.bytes(HASH_BYTES, "the envelope before"))
  const bodyHash = reader.bytes(HASH_BYTES, "a body's hash")
  const bodyBytes = reader.number("a body's length")
  const sessionCertificate = reader.block("a session certificate", SESSION_CERTIFICATE_BYTES_MAX)
  reader.end("a header")
  if ((kind === KINDS.open) !== (seq === 0))
    throw new FormatError("expected a session to open at 0 and nowhere else")
  if ((kind === KINDS.open) !== sessionCertificate.length > 0) {
    throw new FormatError("expected a session certificate in the envelope that opens it and nowhere else")
  }
  return { kind, docId, channel, epochPrefix, sessionId, seq, prev, bodyHash, bodyBytes, sessionCertificate }
}
