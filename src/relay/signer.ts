// The relay's own signatures: under proofs, receipts and the certificate of its one seat. A relay signs for every
// document of every end, so it signs with node:crypto, some hundred times as fast as the base (tweetnacl, 65 a second
// measured, against 12,000). Ed25519 signatures are determined by key and message (RFC 8032 §5.1.6): a start-up
// self-test finds both equal, byte for byte, or the base serves.
import { createPrivateKey, sign as signMessage } from "node:crypto"
import { type DocId, idBytes, idOf, type PublicKey } from "../bytes/ids"
import { concat, equalBytes } from "../bytes/writer"
import { H } from "../crypto/hash"
import { type SignatureKind, type SigningKey, sign } from "../crypto/signing"
import { encodeSeat } from "../records/certificate"
import { split } from "../records/layout"
import { plain } from "./plain"

/** Signs with the relay's key. What it returns is a fresh array. */
export interface Signer {
  readonly publicKey: PublicKey
  sign(kind: SignatureKind, bytes: Uint8Array): Uint8Array
  /** The certificate of the relay's seat in a document, signed by the relay's key as a grant. */
  seatCertificate(docId: DocId): Uint8Array
}

// RFC 8410 §7: the DER prefix of an Ed25519 PKCS #8 private key; the 32-byte seed follows.
const PKCS8_PREFIX = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32)
const utf8 = new TextEncoder()

export function createSigner(key: SigningKey): Signer {
  const base: Signer["sign"] = (kind, bytes) => sign(kind, bytes, key)
  const fast = createFastSign(key)
  const probe = utf8.encode("a probe")
  const chosen = fast && equalBytes(fast("proof", probe), base("proof", probe)) ? fast : base
  return { publicKey: key.publicKey, sign: chosen, seatCertificate: createSeatCertificates(key, chosen) }
}

/** Null on a platform that has no Ed25519. */
function createFastSign(key: SigningKey): Signer["sign"] | null {
  const seed = key.secret.subarray(0, 32)
  try {
    const privateKey = createPrivateKey({
      key: Buffer.from(concat(PKCS8_PREFIX, seed)),
      format: "der",
      type: "pkcs8",
    })
    return (kind, bytes) =>
      plain(signMessage(null, concat(utf8.encode(`sheaf/1/${kind}\0`), H(bytes)), privateKey))
  } catch (failure) {
    // OpenSSL may have been built, or restricted to a list, without the curve; any other failure is a bug.
    if (failure instanceof Error && "code" in failure) return null
    throw failure
  }
}

// All of the relay's seat certificates are the same but for the document's name: one is made as everybody makes
// them, and the name is put in its place.
function createSeatCertificates(key: SigningKey, signFields: Signer["sign"]): Signer["seatCertificate"] {
  const named = H(utf8.encode("a document"))
  const certificateFor = (docId: Uint8Array) =>
    encodeSeat({ docId: idOf<DocId>(docId), seatPub: key.publicKey, claimHash: null }, key)
  const { fields: template } = split(certificateFor(named))
  const at = Buffer.from(template).indexOf(named)
  if (at < 0) throw new Error("a seat certificate does not hold the name of its document")
  return docId => {
    const fields = template.slice()
    fields.set(idBytes(docId), at)
    return concat(fields, signFields("seat", fields))
  }
}
