// The envelope (protocol §4): header, signature, sealed body. An `Envelope` value has been checked: its form, the
// right behind it, its signature and its body's hash. There is no unchecked one; bytes that have not been through
// `readEnvelope` are just bytes. Its place in a chain is the log's to judge; what is sealed is not seen here.
//
//     headerLength | header | sig64 | body            id = H(header)
import { FormatError, RefusedError } from "../bytes/errors"
import {
  type CertificateHash,
  type EnvelopeId,
  idBytes,
  idOf,
  type PublicKey,
  type SessionId,
} from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { concat, equalBytes, Writer } from "../bytes/writer"
import { digest, H } from "../crypto/hash"
import { SIGNATURE_BYTES, type SigningKey, sign, type Verify } from "../crypto/signing"
import { type Certificates, expectSignature } from "./certificates"
import {
  CHANNELS,
  type Channel,
  decodeHeader,
  EPOCH_PREFIX_BYTES,
  encodeHeader,
  HEADER_BYTES_MAX,
  type Header,
  type HeaderOf,
  KINDS,
  type Kind,
  type Unsealed,
} from "./header"
import { assertReadable } from "./layout"
import { includes, type Role } from "./roles"
import { clientIdOf, decodeSession, type SessionCertificate } from "./session"

export { CHANNELS, type Channel, type Header, type HeaderOf, KINDS, type Kind, type Unsealed }

/** An update body is at most 4 MiB (protocol §11), plus what padding and sealing add. */
export const BODY_BYTES_MAX = 4 * 1024 * 1024 + 512 * 1024

/** The channels that a kind may stand on, and the least role that may sign it there (protocol §§2, 4). */
const RIGHTS: Readonly<Record<Kind, Partial<Record<Channel, Role>>>> = {
  [KINDS.open]: { [CHANNELS.body]: "edit", [CHANNELS.notes]: "comment" },
  [KINDS.update]: { [CHANNELS.body]: "edit" },
  [KINDS.preview]: { [CHANNELS.body]: "edit" },
  [KINDS.note]: { [CHANNELS.notes]: "comment" },
  [KINDS.blobs]: { [CHANNELS.body]: "edit" },
  [KINDS.rollup]: { [CHANNELS.body]: "edit" },
  [KINDS.adoption]: { [CHANNELS.body]: "edit" },
}

/** Checked and immutable. `bytes` is the whole as it travels; `body` is a view of it. */
export interface Envelope {
  readonly id: EnvelopeId
  readonly header: Header
  readonly body: Uint8Array
  readonly bytes: Uint8Array
  readonly session: Session
}

/** The least role that may write anything at all on a channel. */
export function roleOn(channel: Channel): Role {
  return RIGHTS[KINDS.open][channel] ?? "admin"
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
  /** The session that an accepted kind 0 opened, or null. */
  session(sessionId: SessionId): Session | null
  /** Whether an editor has said that this place of a session counts, whatever was taken from its grant. */
  isAdopted(sessionId: SessionId, seq: number): boolean
}

/** Builds and signs an envelope. `body` is copied into the result, which belongs to the caller. */
export function encodeEnvelope(
  header: Unsealed,
  body: Uint8Array,
  session: SigningKey,
): { readonly bytes: Uint8Array; readonly id: EnvelopeId } {
  const encoded = encodeHeader({ ...header, bodyHash: H(body), bodyBytes: body.length })
  assertReadable("env", () => {
    decodeHeader(encoded)
    expectBodySize(body.length)
  })
  const front = new Writer()
    .block(encoded)
    .bytes(sign("env", encoded, session))
    .end()
  return { bytes: concat(front, body), id: idOf<EnvelopeId>(H(encoded)) }
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
  expectBodySize(header.bodyBytes)
  const body = reader.bytes(header.bodyBytes, "a body")
  reader.end("an envelope")
  return { id: idOf<EnvelopeId>(H(headerBytes)), header, headerBytes, signature, body }
}

/**
 * Acceptance steps 1–3 and 5 (protocol §4), the same on peers and hosts; step 4, its place in the chain, is the log's.
 * Cheap refusals come first, the body's hash last: nobody makes us hash 4 MiB without a good signature.
 * Keeps `bytes`, which nobody may write to from now on. Throws FormatError, NewerVersionError; RefusedError:
 * too-large, wrong-document, unknown-epoch, unknown-grant, unknown-seat, unknown-session, bad-certificate, no-right,
 * bad-signature, bad-body-hash. Those about what is not known yet may come out otherwise once more is known.
 */
export async function readEnvelope(bytes: Uint8Array, known: Known, verify: Verify): Promise<Envelope> {
  return checkParts(splitEnvelope(bytes), bytes, known, verify)
}

/** The same for what was taken apart already: `parts` of these `bytes`. */
export async function checkParts(
  { id, header, headerBytes, signature, body }: Parts,
  bytes: Uint8Array,
  known: Known,
  verify: Verify,
): Promise<Envelope> {
  const { certificates } = known
  if (header.docId !== certificates.docId)
    throw new RefusedError("wrong-document", "an envelope of another document")
  const needed = RIGHTS[header.kind][header.channel]
  if (!needed)
    throw new RefusedError("no-right", `kind ${header.kind} has no place on channel ${header.channel}`)
  const session =
    header.kind === KINDS.open
      ? await openSession(header, certificates, verify)
      : known.session(header.sessionId)
  if (!session) throw new RefusedError("unknown-session", "an envelope of a session that was not opened here")
  if (!known.isAdopted(header.sessionId, header.seq)) expectRight(session, header.seq, needed, certificates)
  if (session.channel !== header.channel)
    throw new RefusedError("no-right", "a session belongs to one channel")
  if (!equalBytes(header.epochPrefix, idBytes(session.epoch).subarray(0, EPOCH_PREFIX_BYTES)))
    throw new RefusedError("unknown-epoch", "an envelope of another epoch than its session")
  if (!(await verify("env", session.sessionPub, headerBytes, signature)))
    throw new RefusedError("bad-signature", "the signature of an envelope does not hold")
  if (!equalBytes(await digest(body), header.bodyHash))
    throw new RefusedError("bad-body-hash", "a body is not the one that was signed")
  return { id, header, body, bytes, session }
}

/** The session behind a header that was accepted before: no signature is checked again. Throws FormatError. */
export function sessionOf(header: Header, certificates: Certificates): Session {
  if (header.kind !== KINDS.open)
    throw new FormatError(`expected a session's opening, got kind ${header.kind}`)
  return sessionOn(decodeSession(header.sessionCertificate), header.channel, certificates)
}

function expectBodySize(bodyBytes: number): void {
  if (bodyBytes > BODY_BYTES_MAX)
    throw new RefusedError(
      "too-large",
      `expected a body of at most ${BODY_BYTES_MAX} bytes, got ${bodyBytes}`,
    )
}

/** The right that a session had under its epoch, and not what was taken away since (protocol §9). */
function expectRight(session: Session, seq: number, needed: Role, certificates: Certificates): void {
  const role = certificates.roleUnder(session.epoch, session.grantPub)
  if (!role) throw new RefusedError("unknown-grant", "the grant behind a session is not listed")
  if (!includes(role, needed)) throw new RefusedError("no-right", `the role ${role} may not write this`)
  if (seq > certificates.extentOf(session).last)
    throw new RefusedError("cut", "it lies beyond what still counts of a grant that was taken back")
}

async function openSession(
  header: HeaderOf<typeof KINDS.open>,
  certificates: Certificates,
  verify: Verify,
): Promise<Session> {
  const certificate = decodeSession(header.sessionCertificate)
  if (certificate.docId !== certificates.docId)
    throw new RefusedError("wrong-document", "a session of another document")
  if (certificate.sessionId !== header.sessionId)
    throw new RefusedError("bad-certificate", "a session under another's id")
  if (!certificates.epoch(certificate.epoch))
    throw new RefusedError("unknown-epoch", "a session of an epoch not known here")
  const session = sessionOn(certificate, header.channel, certificates)
  await expectSignature(verify, "session", session.seatPub, header.sessionCertificate)
  return session
}

function sessionOn(certificate: SessionCertificate, channel: Channel, certificates: Certificates): Session {
  const { epoch, seat: seatHash, sessionPub, sessionId } = certificate
  const seat = certificates.seat(seatHash)
  if (!seat) throw new RefusedError("unknown-seat", "a session of a seat not known here")
  const { seatPub, grantPub } = seat
  const clientId = clientIdOf(certificates.docId, grantPub, sessionPub)
  return { sessionId, sessionPub, seat: seatHash, seatPub, grantPub, epoch, channel, clientId }
}
