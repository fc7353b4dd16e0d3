// Sealing and opening: secretbox for bodies, box for capsules (protocol §§2–4). This is the file that the relay
// must not be able to reach (tests/tidy.test.ts follows its imports). Nonces are random and shipped: a counter
// would repeat after a restored backup.
import { concat } from "../bytes/writer"
import { kdf } from "./hash"
import { box, secretbox } from "./nacl"

export const NONCE_BYTES = 24
export const KEY_BYTES = 32
/** What sealing adds: nonce and authenticator. */
export const SEAL_OVERHEAD_BYTES = NONCE_BYTES + secretbox.overheadLength

/** `length` bytes of good randomness. */
export type Random = (length: number) => Uint8Array

/** nonce24 | secretbox(plain). A fresh array. */
export function seal(plain: Uint8Array, key: Uint8Array, random: Random): Uint8Array {
  const nonce = random(NONCE_BYTES)
  return concat(nonce, secretbox(plain, nonce, key))
}

/** The plain bytes, or null if the key is not the right one or a byte was changed. */
export function open(sealed: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (sealed.length < SEAL_OVERHEAD_BYTES) return null
  return secretbox.open(sealed.subarray(NONCE_BYTES), sealed.subarray(0, NONCE_BYTES), key)
}

/** An X25519 key pair. */
export interface BoxKey {
  readonly publicKey: Uint8Array
  readonly secret: Uint8Array
}

/** The two key pairs of a grant derive from its 32-byte secret, each under a label of its own. */
export function grantSigningSeed(secret: Uint8Array): Uint8Array {
  return kdf("grant-sign", secret)
}

export function grantBoxKey(secret: Uint8Array): BoxKey {
  const pair = box.keyPair.fromSecretKey(kdf("grant-box", secret))
  return { publicKey: pair.publicKey, secret: pair.secretKey }
}

export const CAPSULE_BYTES = 32 + NONCE_BYTES + KEY_BYTES + box.overheadLength

/** Boxes a view key to `boxPub`: ephemeral public key | nonce | box. 104 bytes. */
export function sealCapsule(viewKey: Uint8Array, boxPub: Uint8Array, random: Random): Uint8Array {
  const ephemeral = box.keyPair.fromSecretKey(random(32))
  const nonce = random(NONCE_BYTES)
  return concat(ephemeral.publicKey, nonce, box(viewKey, nonce, boxPub, ephemeral.secretKey))
}

/** The view key, or null if the capsule is for somebody else or was changed. */
export function openCapsule(capsule: Uint8Array, key: BoxKey): Uint8Array | null {
  if (capsule.length !== CAPSULE_BYTES) return null
  const nonce = capsule.subarray(32, 32 + NONCE_BYTES)
  return box.open(capsule.subarray(32 + NONCE_BYTES), nonce, capsule.subarray(0, 32), key.secret)
}
