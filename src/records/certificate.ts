// The certificates behind a document's rights: epochs list grants, grants certify seats, seats certify sessions
// (protocol §2). This file knows their bytes; whether one counts is for certificates.ts to say.
import { FormatError } from "../bytes/errors"
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
import type { Reader } from "../bytes/reader"
import type { Writer } from "../bytes/writer"
import { H, labelledHash } from "../crypto/hash"
import type { SigningKey } from "../crypto/signing"
import { begin, finish, openFields, split } from "./layout"
import { type Role, roleByte, roleOf } from "./roles"

export const EPOCHS_MAX = 1_000
export const GRANTS_MAX = 500
const LABEL_BYTES_MAX = 512
const CAPSULE_BYTES = 104
const LISTED_MAX = 100_000

/** A right, as an admin lists it. `capsule`: the view key boxed to `boxPub`, 104 bytes; null for hosts. */
export interface Grant {
  readonly grantPub: PublicKey
  readonly boxPub: Uint8Array
  readonly role: Role
  readonly capsule: Uint8Array | null
  /** Sealed under the view key; empty if there is none. */
  readonly sealedLabel: Uint8Array
  /** Wall clock ms, or null. */
  readonly notAfter: number | null
}

/** What of a removed grant still counts: its sessions up to these heads, and no others. */
export interface Cut {
  readonly grantPub: PublicKey
  readonly heads: readonly { readonly sessionId: SessionId; readonly seq: number; readonly id: EnvelopeId }[]
}

export interface EpochCertificate {
  readonly hash: CertificateHash
  readonly docId: DocId
  readonly n: number
  readonly parents: readonly CertificateHash[]
  readonly signer: PublicKey
  readonly viewCommit: Uint8Array
  readonly grants: readonly Grant[]
  readonly cuts: readonly Cut[]
  readonly stands: readonly CertificateHash[]
  readonly backKeys: readonly Uint8Array[]
}

/** Adds one grant (never admin) to an epoch, so that sharing works offline. */
export interface GrantCertificate {
  readonly hash: CertificateHash
  readonly docId: DocId
  readonly epoch: CertificateHash
  readonly signer: PublicKey
  readonly grant: Grant
}

/** A device in a document. `claimHash` is null for a pseudonymous seat. */
export interface SeatCertificate {
  readonly hash: CertificateHash
  readonly docId: DocId
  readonly grantPub: PublicKey
  readonly seatPub: PublicKey
  readonly claimHash: Uint8Array | null
}

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

/** The 53 bits that Yjs knows a session by: H("sheaf/1/client\0" || docId || grantPub || sessionPub). */
export function clientIdOf(docId: DocId, grantPub: PublicKey, sessionPub: PublicKey): number {
  const digest = labelledHash("client", idBytes(docId), idBytes(grantPub), idBytes(sessionPub))
  const view = new DataView(digest.buffer, digest.byteOffset)
  return (view.getUint32(0) & 0x1fffff) * 2 ** 32 + view.getUint32(4)
}

/** The commitment of an epoch to its view key. */
export function viewCommitOf(viewKey: Uint8Array): Uint8Array {
  return labelledHash("view-commit", viewKey)
}

// Epochs

export function encodeEpoch(
  epoch: Omit<EpochCertificate, "hash" | "signer">,
  signer: SigningKey,
): Uint8Array {
  const writer = begin("epoch")
  writer
    .bytes(idBytes(epoch.docId))
    .number(epoch.n)
    .list(epoch.parents, parent => writer.bytes(idBytes(parent)))
    .bytes(idBytes(signer.publicKey))
    .bytes(epoch.viewCommit)
    .list(epoch.grants, grant => writeGrant(writer, grant))
    .list(epoch.cuts, cut =>
      writer
        .bytes(idBytes(cut.grantPub))
        .list(cut.heads, head =>
          writer.bytes(idBytes(head.sessionId)).number(head.seq).bytes(idBytes(head.id)),
        ),
    )
    .list(epoch.stands, hash => writer.bytes(idBytes(hash)))
    .list(epoch.backKeys, key => writer.block(key))
  return finish(writer, "epoch", signer)
}

/** Throws FormatError. */
export function decodeEpoch(bytes: Uint8Array): EpochCertificate {
  const { fields } = split(bytes)
  const reader = openFields(fields, "epoch")
  const docId = readDocId(reader)
  const n = reader.number("an epoch's number", EPOCHS_MAX)
  const parents = reader.list("parents", EPOCHS_MAX, () => readHash(reader))
  const signer = readKey(reader, "a signer")
  const viewCommit = reader.bytes(HASH_BYTES, "a commitment to the view key")
  const grants = reader.list("grants", GRANTS_MAX, () => readGrant(reader))
  const cuts = reader.list("cuts", LISTED_MAX, () => ({
    grantPub: readKey(reader, "a grant"),
    heads: reader.list("heads", LISTED_MAX, () => ({
      sessionId: idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session")),
      seq: reader.number("a sequence number"),
      id: idOf<EnvelopeId>(reader.bytes(HASH_BYTES, "an envelope")),
    })),
  }))
  const stands = reader.list("certificates that stand", LISTED_MAX, () => readHash(reader))
  const backKeys = reader.list("back keys", EPOCHS_MAX, () => reader.block("a back key", CAPSULE_BYTES))
  reader.end("an epoch certificate")
  if (new Set(grants.map(grant => grant.grantPub)).size !== grants.length) {
    throw new FormatError("expected each grant once in an epoch")
  }
  const hash = hashOf(fields)
  return { hash, docId, n, parents, signer, viewCommit, grants, cuts, stands, backKeys }
}

// Grants

export function encodeGrantCertificate(
  certificate: Omit<GrantCertificate, "hash" | "signer">,
  signer: SigningKey,
): Uint8Array {
  const writer = begin("grant")
  writer.bytes(idBytes(certificate.docId)).bytes(idBytes(certificate.epoch)).bytes(idBytes(signer.publicKey))
  writeGrant(writer, certificate.grant)
  return finish(writer, "grant", signer)
}

/** Throws FormatError, also on an admin's grant: admin is never given this way. */
export function decodeGrantCertificate(bytes: Uint8Array): GrantCertificate {
  const { fields } = split(bytes)
  const reader = openFields(fields, "grant")
  const docId = readDocId(reader)
  const epoch = readHash(reader)
  const signer = readKey(reader, "a signer")
  const grant = readGrant(reader)
  reader.end("a grant certificate")
  if (grant.role === "admin") throw new FormatError("expected a role below admin in a grant certificate")
  return { hash: hashOf(fields), docId, epoch, signer, grant }
}

// Seats

export function encodeSeat(
  seat: Pick<SeatCertificate, "docId" | "seatPub" | "claimHash">,
  grant: SigningKey,
): Uint8Array {
  const writer = begin("seat")
    .bytes(idBytes(seat.docId))
    .bytes(idBytes(grant.publicKey))
    .bytes(idBytes(seat.seatPub))
    .block(seat.claimHash ?? new Uint8Array(0))
  return finish(writer, "seat", grant)
}

/** Throws FormatError. */
export function decodeSeat(bytes: Uint8Array): SeatCertificate {
  const { fields } = split(bytes)
  const reader = openFields(fields, "seat")
  const docId = readDocId(reader)
  const grantPub = readKey(reader, "a grant")
  const seatPub = readKey(reader, "a seat")
  const claim = reader.block("a claim's hash", HASH_BYTES)
  reader.end("a seat certificate")
  if (claim.length !== 0 && claim.length !== HASH_BYTES)
    throw new FormatError("expected a claim's hash of 32 bytes")
  return { hash: hashOf(fields), docId, grantPub, seatPub, claimHash: claim.length ? claim : null }
}

// Sessions

export function encodeSession(
  session: Pick<SessionCertificate, "docId" | "epoch" | "seat" | "sessionPub">,
  seat: SigningKey,
): Uint8Array {
  const writer = begin("session")
    .bytes(idBytes(session.docId))
    .bytes(idBytes(session.epoch))
    .bytes(idBytes(session.seat))
    .bytes(idBytes(session.sessionPub))
  return finish(writer, "session", seat)
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

// Parts

function writeGrant(writer: Writer, grant: Grant): void {
  writer
    .bytes(idBytes(grant.grantPub))
    .bytes(grant.boxPub)
    .byte(roleByte(grant.role))
    .block(grant.capsule ?? new Uint8Array(0))
    .block(grant.sealedLabel)
    .number(grant.notAfter ?? 0)
}

function readGrant(reader: Reader): Grant {
  const grantPub = readKey(reader, "a grant")
  const boxPub = reader.bytes(PUBLIC_KEY_BYTES, "a box key")
  const role = roleOf(reader.byte("a role"))
  const capsule = reader.block("a capsule", CAPSULE_BYTES)
  const sealedLabel = reader.block("a label", LABEL_BYTES_MAX)
  const notAfter = reader.number("an end date")
  // A host must not be able to read, and whoever reads needs the key: both are form, not policy.
  if ((role === "host") !== (capsule.length === 0))
    throw new FormatError("expected a capsule exactly where a role reads")
  if (capsule.length !== 0 && capsule.length !== CAPSULE_BYTES)
    throw new FormatError("expected a capsule of 104 bytes")
  const sealed = capsule.length ? capsule : null
  return { grantPub, boxPub, role, capsule: sealed, sealedLabel, notAfter: notAfter || null }
}

function readDocId(reader: Reader): DocId {
  return idOf<DocId>(reader.bytes(HASH_BYTES, "a document id"))
}

function readKey(reader: Reader, what: string): PublicKey {
  return idOf<PublicKey>(reader.bytes(PUBLIC_KEY_BYTES, what))
}

function readHash(reader: Reader): CertificateHash {
  return idOf<CertificateHash>(reader.bytes(HASH_BYTES, "a certificate's hash"))
}

function hashOf(fields: Uint8Array): CertificateHash {
  return idOf<CertificateHash>(H(fields))
}
