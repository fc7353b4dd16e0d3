// A session: one opening of the document for writing, its key certified by a seat (protocol §2), and the two
// numbers that follow from that key. The certificate travels inside the envelope that opens the session.
import {
  type CertificateHash,
  type DocId,
  idBytes,
  idOf,
  type PublicKey,
  SESSION_ID_BYTES,
  type SessionId,
} from "../bytes/ids"
import { labelledHash } from "../crypto/hash"
import type { SigningKey } from "../crypto/signing"
import { begin, finish, openFields, readDocId, readHash, readKey, split } from "./layout"

/**
 * One opening of the document for writing. It names its seat by the hash of the seat's certificate rather than by
 * the seat's key, so that it is certified by exactly one grant whatever order certificates arrive in.
 */
export interface SessionCertificate {
  readonly docId: DocId
  readonly epoch: CertificateHash
  readonly seat: CertificateHash
  readonly sessionPub: PublicKey
  readonly sessionId: SessionId
}

/** H("sheaf/1/sid\0" || sessionPub)[0..16]. */
export function sessionIdOf(sessionPub: PublicKey): SessionId {
  return idOf<SessionId>(labelledHash("sid", idBytes(sessionPub)).subarray(0, SESSION_ID_BYTES))
}

/** The 53 bits that Yjs knows a session by: the low bits of the first 8 bytes, big-endian, of
 *  H("sheaf/1/client\0" || docId || grantPub || sessionPub). */
export function clientIdOf(docId: DocId, grantPub: PublicKey, sessionPub: PublicKey): number {
  const hash = labelledHash("client", idBytes(docId), idBytes(grantPub), idBytes(sessionPub))
  const view = new DataView(hash.buffer, hash.byteOffset)
  return (view.getUint32(0) & 0x1fffff) * 2 ** 32 + view.getUint32(4)
}

/** Makes a session certificate and signs it with its seat. The result belongs to the caller. */
export function encodeSession(
  session: Pick<SessionCertificate, "docId" | "epoch" | "seat" | "sessionPub">,
  seat: SigningKey,
): Uint8Array {
  const writer = begin("session")
    .bytes(idBytes(session.docId))
    .bytes(idBytes(session.epoch))
    .bytes(idBytes(session.seat))
    .bytes(idBytes(session.sessionPub))
  return finish(writer, "session", seat, decodeSession)
}

/** Throws FormatError. */
export function decodeSession(bytes: Uint8Array): SessionCertificate {
  const { fields } = split(bytes)
  const reader = openFields(fields, "session")
  const docId = readDocId(reader)
  const epoch = readHash(reader)
  const seat = readHash(reader)
  const sessionPub = readKey(reader, "a session's key")
  reader.end("a session certificate")
  return { docId, epoch, seat, sessionPub, sessionId: sessionIdOf(sessionPub) }
}
