// Ed25519 signatures (RFC 8032) with one meaning everywhere. A signature is over "sheaf/1/<kind>\0" || H(bytes),
// so none can be carried from one kind of record to another. `verifyStrict` narrows what counts as a signature
// before any verifier sees it, because libraries disagree at the edges and replicas must not (protocol §3).
import { idBytes, idOf, type PublicKey } from "../bytes/ids"
import { concat } from "../bytes/writer"
import { H } from "./hash"
import { sign as ed25519 } from "./nacl"

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

export const SIGNATURE_BYTES = 64

/** An Ed25519 key pair. `secret` is tweetnacl's 64 bytes (seed || public key) and belongs to whoever made it. */
export interface SigningKey {
  readonly publicKey: PublicKey
  readonly secret: Uint8Array
}

/** Answers whether `signature` is good; never throws. Bytes are read, not kept. */
export type Verify = (
  kind: SignatureKind,
  publicKey: PublicKey,
  bytes: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>

/** A bare verifier of Ed25519: (message, signature, public key). tweetnacl, WebCrypto or node:crypto. */
export type Ed25519Verify = (
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
) => boolean | Promise<boolean>

/** The key pair of a 32-byte seed. */
export function signingKey(seed: Uint8Array): SigningKey {
  const pair = ed25519.keyPair.fromSeed(seed)
  return { publicKey: idOf<PublicKey>(pair.publicKey), secret: pair.secretKey }
}

/** Signs at once, on this thread: it must also work in `pagehide`. A fresh array of 64 bytes. */
export function sign(kind: SignatureKind, bytes: Uint8Array, key: SigningKey): Uint8Array {
  return ed25519.detached(signedMessage(kind, bytes), key.secret)
}

/**
 * Makes the one function that checks signatures. `fast` (WebCrypto, node:crypto) is used only if a start-up
 * self-test finds it equal to tweetnacl, both ways and on edge vectors; otherwise tweetnacl is.
 */
export async function createVerify(fast: Ed25519Verify | null): Promise<Verify> {
  const bare = fast && (await agreesWithTweetnacl(fast)) ? fast : tweetnaclVerify
  return async (kind, publicKey, bytes, signature) => verifyStrict(bare, kind, publicKey, bytes, signature)
}

/** The base: slow, everywhere. */
export const tweetnaclVerify: Ed25519Verify = (message, signature, publicKey) =>
  ed25519.detached.verify(message, signature, publicKey)

/** The fast path of browsers. A platform without Ed25519 makes it throw, which fails the self-test. */
export const webCryptoVerify: Ed25519Verify = async (message, signature, publicKey) => {
  const key = await crypto.subtle.importKey("raw", owned(publicKey), "Ed25519", false, ["verify"])
  return crypto.subtle.verify("Ed25519", key, owned(signature), owned(message))
}

async function verifyStrict(
  bare: Ed25519Verify,
  kind: SignatureKind,
  publicKey: PublicKey,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const key = idBytes(publicKey)
  if (signature.length !== SIGNATURE_BYTES || key.length !== 32) return false
  const R = signature.subarray(0, 32)
  const S = signature.subarray(32)
  if (!isBelow(S, GROUP_ORDER) || !isStrictPoint(R) || !isStrictPoint(key)) return false
  return bare(signedMessage(kind, bytes), signature, key)
}

function signedMessage(kind: SignatureKind, bytes: Uint8Array): Uint8Array {
  return concat(new TextEncoder().encode(`sheaf/1/${kind}\0`), H(bytes))
}

// A point is taken only in its canonical encoding and only if it is not one of the eight of small order.
function isStrictPoint(encoded: Uint8Array): boolean {
  const y = encoded.slice()
  y[31] = (y[31] ?? 0) & 0x7f // the top bit is the sign of x
  return (
    isBelow(y, FIELD_PRIME) && !SMALL_ORDER_Y.some(small => small.every((byte, index) => byte === y[index]))
  )
}

// Little-endian comparison; nothing here is secret.
function isBelow(value: Uint8Array, bound: Uint8Array): boolean {
  for (let index = 31; index >= 0; index--) {
    const difference = (value[index] ?? 0) - (bound[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}

// L and p of RFC 8032 §5.1, little-endian.
const GROUP_ORDER = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
const FIELD_PRIME = hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
// The y coordinates of the points of order 1, 2, 4 and 8 (either sign of x).
const SMALL_ORDER_Y = [
  hex("0100000000000000000000000000000000000000000000000000000000000000"),
  hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
  hex("0000000000000000000000000000000000000000000000000000000000000000"),
  hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
  hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
]

async function agreesWithTweetnacl(fast: Ed25519Verify): Promise<boolean> {
  const key = signingKey(Uint8Array.from({ length: 32 }, (_, index) => index))
  const publicKey = idBytes(key.publicKey)
  const message = signedMessage("env", new Uint8Array([1, 2, 3]))
  const good = ed25519.detached(message, key.secret)
  const flipped = (at: number) => good.map((byte, index) => (index === at ? byte ^ 1 : byte))
  const vectors: [Uint8Array, Uint8Array, Uint8Array][] = [
    [message, good, publicKey],
    [message, flipped(0), publicKey],
    [message, flipped(40), publicKey],
    [message.slice(1), good, publicKey],
    [message, good, idBytes(signingKey(new Uint8Array(32)).publicKey)],
  ]
  try {
    for (const vector of vectors)
      if ((await fast(...vector)) !== (await tweetnaclVerify(...vector))) return false
    return true
  } catch (error) {
    // The platform has no Ed25519, or no secure context: the base serves.
    console.info("Sheaf: signatures are checked without WebCrypto", error instanceof Error ? error.name : "")
    return false
  }
}

// WebCrypto's types want memory that is not shared.
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
