// Signatures at the speed that a thousand runs need: node:crypto in place of the base, which takes a hundred times
// as long. Ed25519 signs without chance (RFC 8032 §5.1.6), so the bytes are the base's; that is compared first.
import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
} from "node:crypto"
import { equalBytes } from "../src/bytes/writer"
import { sign as base } from "../src/crypto/nacl"
import { createVerify, type Verify } from "../src/crypto/signing"

// RFC 8410 §§4, 7: what DER puts before the 32 bytes of a public key, and of a seed.
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex")
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex")

/** Checks at once, on this thread: a run is one number only if nothing waits for a thread pool. */
export async function quickSignatures(): Promise<Verify> {
  const publicKeys = new Map<string, KeyObject>()
  const privateKeys = new Map<string, KeyObject>()
  const remembered = (keys: Map<string, KeyObject>, bytes: Uint8Array, make: () => KeyObject) => {
    const name = Buffer.from(bytes).toString("latin1")
    const key = keys.get(name) ?? make()
    if (keys.size > 5_000) keys.clear()
    keys.set(name, key)
    return key
  }
  const privateKey = (seed: Uint8Array) =>
    remembered(privateKeys, seed, () =>
      createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: "der", type: "pkcs8" }),
    )
  const detached = (message: Uint8Array, secret: Uint8Array): Uint8Array =>
    new Uint8Array(nodeSign(null, message, privateKey(secret.subarray(0, 32))))
  const fromSeed = (seed: Uint8Array) => {
    const exported = createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" })
    const publicKey = new Uint8Array(exported.subarray(PUBLIC_PREFIX.length))
    return { publicKey, secretKey: new Uint8Array(Buffer.concat([seed, publicKey])) }
  }

  const probe = Uint8Array.from({ length: 32 }, (_, index) => index * 7)
  const pair = base.keyPair.fromSeed(probe)
  if (
    !equalBytes(pair.secretKey, fromSeed(probe).secretKey) ||
    !equalBytes(base.detached(probe, pair.secretKey), detached(probe, pair.secretKey))
  )
    throw new Error("node:crypto signs otherwise than the base")
  base.detached = Object.assign(detached, { verify: base.detached.verify })
  base.keyPair.fromSeed = fromSeed

  return createVerify((message, signature, publicKey) =>
    nodeVerify(
      null,
      message,
      remembered(publicKeys, publicKey, () =>
        createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: "der", type: "spki" }),
      ),
      signature,
    ),
  )
}
