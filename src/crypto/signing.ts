// Ed25519 signatures (RFC 8032) with one meaning everywhere. A signature is over "sheaf/1/<kind>\0" || H(bytes),
// so none can be carried from one kind of record to another. What may be a signature at all is narrowed by
// strict.ts before any verifier sees it, because libraries disagree at the edges and replicas must not (§3).
import { decodeBase64url, encodeBase64url } from "../bytes/base64url"
import { idBytes, idOf, type PublicKey } from "../bytes/ids"
import { concat, equalBytes } from "../bytes/writer"
import { agreesWithBase, PROBE } from "./agreement"
import { H } from "./hash"
import { sign as ed25519 } from "./nacl"
import { hex, isStrictPoint, isStrictSignature, SIGNATURE_BYTES } from "./strict"

export { SIGNATURE_BYTES }

const utf8 = new TextEncoder()
const KEYS_MAX = 1_000

/** What is being signed; part of what is signed. */
export type SignatureKind =
  | "genesis"
  | "epoch"
  | "grant"
  | "seat"
  | "session"
  | "env"
  | "stored"
  | "proof"
  | "presence"
  | "bundle"
  | "blob"
  | "person"

/** An Ed25519 key pair. `secret` is tweetnacl's 64 bytes (seed || public key) and belongs to whoever made it. */
export interface SigningKey {
  readonly publicKey: PublicKey
  readonly secret: Uint8Array
}

/** Answers whether `signature` is good; never throws. Bytes are read before it returns, and not kept. */
export type Verify = (
  kind: SignatureKind,
  publicKey: PublicKey,
  bytes: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>

/**
 * A bare verifier of Ed25519: (message, signature of 64 bytes, public key of 32). tweetnacl, WebCrypto or node:crypto.
 * It reads the bytes before it returns or owns copies; it may throw on a key that is no point of the curve.
 */
export type Ed25519Verify = (
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
) => boolean | Promise<boolean>

/** Pairs at hand, by their seeds: to derive one takes tweetnacl milliseconds, and opening a document asks for each thrice. */
const pairs = new Map<string, SigningKey>()
const PAIRS_MAX = 64

/** The key pair of a 32-byte seed; the same object for the same seed, not to be written to. Throws on another length. */
export function signingKey(seed: Uint8Array): SigningKey {
  const name = encodeBase64url(seed)
  const known = pairs.get(name)
  if (known) return known
  const { publicKey, secretKey } = ed25519.keyPair.fromSeed(seed)
  return remember(name, { publicKey: idOf<PublicKey>(publicKey), secret: secretKey })
}

function remember(name: string, pair: SigningKey): SigningKey {
  const [oldest] = pairs.keys()
  if (pairs.size >= PAIRS_MAX && oldest !== undefined) pairs.delete(oldest)
  pairs.set(name, pair)
  return pair
}

/**
 * Has the platform derive the pairs of these seeds, off this thread, so that `signingKey` has them at hand. Where the
 * platform has no Ed25519, or is not as good as its word, nothing happens, and `signingKey` derives them itself.
 */
export async function deriveSigningKeys(seeds: readonly Uint8Array[]): Promise<void> {
  try {
    const [probe, ...publicKeys] = await Promise.all([PROBE.seed, ...seeds].map(derivePublic))
    if (!probe || !equalBytes(probe, PROBE.publicKey)) return
    for (const [index, seed] of seeds.entries()) {
      const publicKey = publicKeys[index]
      if (publicKey)
        remember(encodeBase64url(seed), { publicKey: idOf(publicKey), secret: concat(seed, publicKey) })
    }
  } catch (error) {
    // NotSupportedError and its like; anything else is ours.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error
  }
}

/** PKCS #8 of an Ed25519 seed (RFC 8410 §7): these bytes, then the seed. */
const PKCS8 = hex("302e020100300506032b657004220420")

async function derivePublic(seed: Uint8Array): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("pkcs8", owned(concat(PKCS8, seed)), "Ed25519", true, ["sign"])
  return decodeBase64url((await crypto.subtle.exportKey("jwk", key)).x ?? "")
}

/** Signs at once, on this thread: it must also work in `pagehide`. A fresh array of 64 bytes. */
export function sign(kind: SignatureKind, bytes: Uint8Array, key: SigningKey): Uint8Array {
  return ed25519.detached(signedMessage(kind, bytes), key.secret)
}

/**
 * Makes the one function that checks signatures. `fast` (WebCrypto, node:crypto) is used only if a start-up
 * self-test finds it equal to tweetnacl on plain and on edge vectors; otherwise, or if null, tweetnacl is.
 */
export async function createVerify(fast: Ed25519Verify | null): Promise<Verify> {
  const bare = fast && (await agreesWithBase(fast)) ? fast : tweetnaclVerify
  // A chain is checked against one key throughout: what it is worth is found out once. Null: it is no strict point.
  const keys = new Map<PublicKey, Uint8Array | null>()
  const keyOf = (publicKey: PublicKey) => {
    const known = keys.get(publicKey)
    if (known !== undefined) return known
    const bytes = idBytes(publicKey)
    const key = isStrictPoint(bytes) ? bytes : null
    if (keys.size >= KEYS_MAX) keys.clear()
    keys.set(publicKey, key)
    return key
  }
  return async (kind, publicKey, bytes, signature) => {
    const key = keyOf(publicKey)
    return key !== null && verifyStrict(bare, kind, key, bytes, signature)
  }
}

/** The base: slow, everywhere, and at once. */
export const tweetnaclVerify: Ed25519Verify = (message, signature, publicKey) =>
  ed25519.detached.verify(message, signature, publicKey)

/** The fast path of browsers. A platform without Ed25519 makes it throw, which fails the self-test. */
export const webCryptoVerify: Ed25519Verify = createWebCryptoVerify()

/** The same with a memory of its own: it keeps up to `keysMax` imported keys, the least recently used leaving first. */
export function createWebCryptoVerify(keysMax = 1_000): Ed25519Verify {
  const keys = new Map<string, Promise<CryptoKey>>()

  // Importing costs two thirds of a check (50 of 80 µs), and a chain is checked against one key throughout.
  const importKey = (publicKey: Uint8Array): Promise<CryptoKey> => {
    const name = encodeBase64url(publicKey)
    const key =
      keys.get(name) ?? crypto.subtle.importKey("raw", owned(publicKey), "Ed25519", false, ["verify"])
    keys.delete(name) // a Map keeps the order of insertion: back in, it is the youngest
    keys.set(name, key)
    const oldest = keys.keys().next()
    if (keys.size > keysMax && !oldest.done) keys.delete(oldest.value)
    return key
  }

  return async (message, signature, publicKey) => {
    // Copied now: the caller's bytes are its own again once this has returned.
    const [ownMessage, ownSignature] = [owned(message), owned(signature)]
    return crypto.subtle.verify("Ed25519", await importKey(publicKey), ownSignature, ownMessage)
  }
}

async function verifyStrict(
  bare: Ed25519Verify,
  kind: SignatureKind,
  key: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (!isStrictSignature(signature)) return false
  const message = signedMessage(kind, bytes)
  const ownSignature = signature.slice()
  try {
    return await bare(message, ownSignature, key)
  } catch {
    // Some platforms throw, rather than answer no, on a key that is no point of the curve. The base answers.
    return tweetnaclVerify(message, ownSignature, key)
  }
}

function signedMessage(kind: SignatureKind, bytes: Uint8Array): Uint8Array {
  return concat(utf8.encode(`sheaf/1/${kind}\0`), H(bytes))
}

// WebCrypto's types want memory that is not shared.
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
