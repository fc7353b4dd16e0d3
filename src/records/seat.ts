// A seat: a device in a document, its key certified by a grant (protocol §2). The bytes; certificates.ts judges.
import { FormatError } from "../bytes/errors"
import { type CertificateHash, type DocId, HASH_BYTES, idBytes, type PublicKey } from "../bytes/ids"
import type { SigningKey } from "../crypto/signing"
import { begin, finish, hashOf, openFields, readDocId, readKey, split } from "./layout"

/** A device in a document. `claimHash` is null for a pseudonymous seat. */
export interface SeatCertificate {
  readonly hash: CertificateHash
  readonly docId: DocId
  readonly grantPub: PublicKey
  /** Not proved to be held by whoever asked for the certificate: see `Certificates.seatByKey`. */
  readonly seatPub: PublicKey
  readonly claimHash: Uint8Array | null
}

/** Makes a seat and signs it with its grant. The result belongs to the caller. */
export function encodeSeat(
  seat: Pick<SeatCertificate, "docId" | "seatPub" | "claimHash">,
  grant: SigningKey,
): Uint8Array {
  const writer = begin("seat")
    .bytes(idBytes(seat.docId))
    .bytes(idBytes(grant.publicKey))
    .bytes(idBytes(seat.seatPub))
    .block(seat.claimHash ?? new Uint8Array(0))
  return finish(writer, "seat", grant, decodeSeat)
}

/** Throws FormatError. Views of `bytes`. */
export function decodeSeat(bytes: Uint8Array): SeatCertificate {
  const { fields } = split(bytes)
  const reader = openFields(fields, "seat")
  const docId = readDocId(reader)
  const grantPub = readKey(reader, "a grant")
  const seatPub = readKey(reader, "a seat")
  const claim = reader.block("a claim's hash", HASH_BYTES)
  reader.end("a seat certificate")
  if (claim.length !== 0 && claim.length !== HASH_BYTES)
    throw new FormatError(`expected a claim's hash of ${HASH_BYTES} bytes or none, got ${claim.length}`)
  return { hash: hashOf(fields), docId, grantPub, seatPub, claimHash: claim.length > 0 ? claim : null }
}
