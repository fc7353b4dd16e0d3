// A grant: a right in a document, as an admin lists it in an epoch or, offline, in a certificate of its own
// (protocol §2). This file knows the bytes; whether a grant counts is for certificates.ts to say.
import { FormatError } from "../bytes/errors"
import { type CertificateHash, type DocId, idBytes, PUBLIC_KEY_BYTES, type PublicKey } from "../bytes/ids"
import type { Reader } from "../bytes/reader"
import type { Writer } from "../bytes/writer"
import type { SigningKey } from "../crypto/signing"
import { begin, finish, hashOf, openFields, readDocId, readHash, readKey, split } from "./layout"
import { type Role, roleByte, roleOf } from "./roles"

const LABEL_BYTES_MAX = 512
// As crypto/sealing makes it; the relay must not be able to reach that file, so the number stands here too.
const CAPSULE_BYTES = 104
const NOTHING = new Uint8Array(0)

/** A right, as an admin lists it. `capsule`: the view key boxed to `boxPub`, 104 bytes; null for hosts. */
export interface Grant {
  readonly grantPub: PublicKey
  /** X25519, 32 bytes. Not looked at for hosts. */
  readonly boxPub: Uint8Array
  readonly role: Role
  readonly capsule: Uint8Array | null
  /** Sealed under the view key; empty if there is none. At most 512 bytes. */
  readonly sealedLabel: Uint8Array
  /** Wall clock ms, or null. */
  readonly notAfter: number | null
}

/** Adds one grant (never admin) to an epoch, so that sharing works offline. */
export interface GrantCertificate {
  readonly hash: CertificateHash
  readonly docId: DocId
  readonly epoch: CertificateHash
  readonly signer: PublicKey
  readonly grant: Grant
}

/** Makes and signs a grant certificate. The result belongs to the caller. */
export function encodeGrantCertificate(
  certificate: Omit<GrantCertificate, "hash" | "signer">,
  signer: SigningKey,
): Uint8Array {
  const writer = begin("grant")
    .bytes(idBytes(certificate.docId))
    .bytes(idBytes(certificate.epoch))
    .bytes(idBytes(signer.publicKey))
  writeGrant(writer, certificate.grant)
  return finish(writer, "grant", signer, decodeGrantCertificate)
}

/** Throws FormatError, also on an admin's grant: admin is never given this way. Views of `bytes`. */
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

export function writeGrant(writer: Writer, grant: Grant): void {
  writer
    .bytes(idBytes(grant.grantPub))
    .fixed(grant.boxPub, PUBLIC_KEY_BYTES, "an X25519 key")
    .byte(roleByte(grant.role))
    .block(grant.capsule ?? NOTHING)
    .block(grant.sealedLabel)
    .number(grant.notAfter ?? 0)
}

export function readGrant(reader: Reader): Grant {
  const grantPub = readKey(reader, "a grant")
  const boxPub = reader.bytes(PUBLIC_KEY_BYTES, "an X25519 key")
  const role = roleOf(reader.byte("a role"))
  const capsule = reader.block("a capsule", CAPSULE_BYTES)
  const sealedLabel = reader.block("a label", LABEL_BYTES_MAX)
  const notAfter = reader.number("an end date")
  // A host must not be able to read, and whoever reads needs the key: both are form, not policy.
  const capsuleBytes = role === "host" ? 0 : CAPSULE_BYTES
  if (capsule.length !== capsuleBytes)
    throw new FormatError(`expected a capsule of ${capsuleBytes} bytes for ${role}, got ${capsule.length}`)
  return {
    grantPub,
    boxPub,
    role,
    capsule: capsule.length > 0 ? capsule : null,
    sealedLabel,
    notAfter: notAfter || null,
  }
}
