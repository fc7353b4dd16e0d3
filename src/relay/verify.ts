// The relay's fast path for signatures: node:crypto's Ed25519 on Node's thread pool, so that checking neither
// waits for the sockets nor they for it. It is handed to `createVerify`, whose self-test decides whether it is
// used and whose strict checks stand before it. It knows nothing of what is signed.
import { createPublicKey, type KeyObject, verify as verifySignature } from "node:crypto"
import { encodeBase64url } from "../bytes/base64url"
import { concat } from "../bytes/writer"
import type { Ed25519Verify } from "../crypto/signing"

// RFC 8410 §4: the DER prefix of an Ed25519 SubjectPublicKeyInfo; the 32 raw bytes follow.
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)

/**
 * Makes a verifier that remembers up to `keysMax` imported keys, the least recently used leaving first: importing
 * one costs as much as a check.
 */
export function createNodeVerify(keysMax = 4_096): Ed25519Verify {
  const keys = new Map<string, KeyObject>()

  const importKey = (publicKey: Uint8Array): KeyObject => {
    const name = encodeBase64url(publicKey)
    const key =
      keys.get(name) ??
      createPublicKey({ key: Buffer.from(concat(SPKI_PREFIX, publicKey)), format: "der", type: "spki" })
    // A Map keeps insertion order: putting it back makes it the youngest.
    keys.delete(name)
    keys.set(name, key)
    const oldest = keys.keys().next()
    if (keys.size > keysMax && !oldest.done) keys.delete(oldest.value)
    return key
  }

  return (message, signature, publicKey) =>
    new Promise((resolve, reject) => {
      verifySignature(null, message, importKey(publicKey), signature, (failure, good) =>
        failure ? reject(failure) : resolve(good),
      )
    })
}
