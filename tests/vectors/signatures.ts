// Vectors of signatures: good ones, and the edges at which libraries disagree. A record that carries one of the
// refused is refused with bad-signature wherever it is read.
import { encodeBase64url } from "../../src/bytes/base64url"
import { idBytes, type PublicKey } from "../../src/bytes/ids"
import { concat } from "../../src/bytes/writer"
import { H } from "../../src/crypto/hash"
import { type SignatureKind, sign, signingKey } from "../../src/crypto/signing"
import {
  add as addPoints,
  challenge,
  encodePoint,
  IDENTITY,
  L,
  nonCanonical,
  type Point,
  pointOf,
  scalarBytes,
  secretScalar,
  signOddly,
  TORSION,
} from "../unit/crypto/curve"
import { flipped, malleated, secret, toHex } from "./world"

interface SignatureVector {
  readonly name: string
  readonly kind: SignatureKind
  readonly publicKey: string
  /** What is signed is "sheaf/1/<kind>" 00 || H(these). */
  readonly bytes: string
  readonly signature: string
  readonly good: boolean
}

/** What goes into Ed25519. */
function messageOf(kind: SignatureKind, bytes: Uint8Array): Uint8Array {
  return concat(new TextEncoder().encode(`sheaf/1/${kind}\0`), H(bytes))
}

export function signatureVectors(): SignatureVector[] {
  const vectors: SignatureVector[] = []
  const bytes = secret("something to sign")
  const seed = secret("a signer")
  const honest = signingKey(seed)
  const key = idBytes(honest.publicKey)
  const good = sign("env", bytes, honest)
  const message = messageOf("env", bytes)
  const add = (
    name: string,
    publicKey: Uint8Array,
    signature: Uint8Array,
    isGood: boolean,
    kind: SignatureKind = "env",
  ) => {
    vectors.push({
      name,
      kind,
      publicKey: toHex(publicKey),
      bytes: toHex(bytes),
      signature: toHex(signature),
      good: isGood,
    })
  }

  const kinds: SignatureKind[] = [
    "genesis",
    "epoch",
    "grant",
    "seat",
    "session",
    "env",
    "stored",
    "proof",
    "presence",
    "bundle",
    "blob",
    "person",
  ]
  for (const kind of kinds) add(`good, of kind ${kind}`, key, sign(kind, bytes, honest), true, kind)
  add("of another kind", key, good, false, "session")
  add("of other bytes", key, sign("env", secret("something else"), honest), false)
  add("under another key", idBytes(signingKey(secret("another signer")).publicKey), good, false)
  add("one bit of R turned", key, flipped(good, 0), false)
  add("one bit of S turned", key, flipped(good, 40), false)
  add("of 63 bytes", key, good.slice(0, 63), false)
  add("of 65 bytes", key, concat(good, Uint8Array.of(0)), false)
  add("empty", key, new Uint8Array(0), false)
  add("a key of 31 bytes", key.slice(0, 31), good, false)
  add("S + L: the same equation in another spelling (tweetnacl takes it)", key, malleated(good), false)
  add("S = L", key, concat(good.subarray(0, 32), scalarBytes(L)), false)
  add("over the hash alone, without its label", key, signOddly(H(bytes), secretScalar(seed), key, 11n), false)

  // R = r B and S = r hold under the neutral element for every message, if a verifier lets such a key in.
  const anyMessage = signOddly(message, 0n, encodePoint(IDENTITY), 12n)
  let small: Point = IDENTITY
  for (let order = 0; order < 8; order++, small = addPoints(small, TORSION)) {
    add(`a key of small order, ${order} times the torsion point`, encodePoint(small), anyMessage, false)
    add(
      `R of small order, ${order} times the torsion point`,
      key,
      signOddly(message, secretScalar(seed), key, 0n, small),
      false,
    )
  }
  add(
    "the neutral element as key, spelled as p + 1 (tweetnacl takes it)",
    nonCanonical(1n),
    signOddly(message, 0n, nonCanonical(1n), 12n),
    false,
  )
  const negativeZero = encodePoint(IDENTITY).map((byte, at) => (at === 31 ? byte | 0x80 : byte))
  add(
    "the neutral element as key, x = 0 with its sign set",
    negativeZero,
    signOddly(message, 0n, negativeZero, 12n),
    false,
  )
  for (let y = 2n; y < 19n; y++)
    if (hasPoint(y)) add(`a key spelled as p + ${y}`, nonCanonical(y), good, false)
  add("R spelled as p + 1", key, concat(nonCanonical(1n), good.subarray(32)), false)
  add("a key that is no point of the curve", notAPoint(), good, false)
  add("an R that is no point of the curve", key, concat(notAPoint(), good.subarray(32)), false)

  // A key with a part of small order holds its signature exactly if the hash, below L, is a multiple of 8.
  const torsioned = encodePoint(addPoints(pointOf(key), TORSION))
  const seen = new Set<boolean>()
  for (let nonce = 1n; seen.size < 2; nonce++) {
    const signature = signOddly(message, secretScalar(seed), torsioned, nonce)
    const falls = challenge(signature.subarray(0, 32), torsioned, message) % 8n === 0n
    if (seen.has(falls)) continue
    seen.add(falls)
    add(`a torsioned key, its hash ${falls ? "" : "not "}a multiple of 8`, torsioned, signature, falls)
  }
  add(
    "R with a part of small order: good only to who multiplies by 8",
    key,
    signOddly(message, secretScalar(seed), key, 13n, TORSION),
    false,
  )
  return vectors
}

function hasPoint(y: bigint): boolean {
  try {
    return pointOf(scalarBytes(y)).y === y
  } catch {
    return false // curve.ts throws on a y that has no x
  }
}

function notAPoint(): Uint8Array {
  for (let y = 2n; ; y++) if (!hasPoint(y)) return scalarBytes(y)
}

/** A public key of raw bytes, of whatever length. */
export function publicKeyOf(bytes: Uint8Array): PublicKey {
  return encodeBase64url(bytes) as PublicKey
}
