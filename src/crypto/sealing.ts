// Sealing and opening: secretbox for bodies, box for capsules (protocol §§2–4). This is the file that the relay
// must not be able to reach (tests/tidy.test.ts follows its imports). Nonces are random and shipped: a counter
// would repeat after a restored backup.
import { FormatError } from "../bytes/errors"
import { concat } from "../bytes/writer"
import { kdf } from "./hash"
import { box, scalarMult, secretbox } from "./nacl"

/** XSalsa20's: long enough to be drawn at random. */
export const NONCE_BYTES = 24
export const KEY_BYTES = 32
/** What sealing adds: nonce and authenticator. */
export const SEAL_OVERHEAD_BYTES = NONCE_BYTES + secretbox.overheadLength

/** `length` bytes of good randomness. */
export type Random = (length: number) => Uint8Array

/** nonce24 | secretbox(plain). A fresh array. `key` is 32 bytes. */
export function seal(plain: Uint8Array, key: Uint8Array, random: Random): Uint8Array {
  const nonce = random(NONCE_BYTES)
  return concat(nonce, secretbox(plain, nonce, key))
}

/** The plain bytes, a fresh array, or null if the key is not the right one or a byte was changed. */
export function open(sealed: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (sealed.length < SEAL_OVERHEAD_BYTES) return null
  return secretbox.open(sealed.subarray(NONCE_BYTES), sealed.subarray(0, NONCE_BYTES), key)
}

/** An X25519 key pair, each half 32 bytes. `secret` belongs to whoever made it. */
export interface BoxKey {
  readonly publicKey: Uint8Array
  readonly secret: Uint8Array
}

/** The seed of a grant's Ed25519 key: of its 32-byte secret, under a label of its own. */
export function grantSigningSeed(secret: Uint8Array): Uint8Array {
  return kdf("grant-sign", secret)
}

/** A grant's X25519 key pair: of the same secret, under another label. */
export function grantBoxKey(secret: Uint8Array): BoxKey {
  const pair = box.keyPair.fromSecretKey(kdf("grant-box", secret))
  return { publicKey: pair.publicKey, secret: pair.secretKey }
}

/** Ephemeral public key, nonce, and the boxed view key: 104. */
export const CAPSULE_BYTES = 32 + NONCE_BYTES + KEY_BYTES + box.overheadLength

/**
 * Boxes a view key to `boxPub`: ephemeral public key | nonce | box. 104 bytes, a fresh array.
 * Throws FormatError on a box key of small order: what is boxed to one, everybody could open (RFC 7748 §6.1).
 */
export function sealCapsule(viewKey: Uint8Array, boxPub: Uint8Array, random: Random): Uint8Array {
  const ephemeral = box.keyPair.fromSecretKey(random(KEY_BYTES))
  if (scalarMult(ephemeral.secretKey, boxPub).every(byte => byte === 0))
    throw new FormatError("expected a box key, got a point of small order")
  const nonce = random(NONCE_BYTES)
  return concat(ephemeral.publicKey, nonce, box(viewKey, nonce, boxPub, ephemeral.secretKey))
}

/** The view key, or null if the capsule is for somebody else or was changed. */
export function openCapsule(capsule: Uint8Array, key: BoxKey): Uint8Array | null {
  if (capsule.length !== CAPSULE_BYTES) return null
  const nonce = capsule.subarray(32, 32 + NONCE_BYTES)
  return box.open(capsule.subarray(32 + NONCE_BYTES), nonce, capsule.subarray(0, 32), key.secret)
}
