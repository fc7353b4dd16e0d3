// The slow, obvious Ed25519 (RFC 8032 §5.1, affine, BigInt), for making what honest signers never make: keys and
// nonces with a part of small order, S beyond L. It signs and encodes; it is never the judge of anything.
import { createHash } from "node:crypto"

const P = 2n ** 255n - 19n
/** The order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n
const D = mod(-121665n * inverse(121666n))

export interface Point {
  readonly x: bigint
  readonly y: bigint
}

export const IDENTITY: Point = { x: 0n, y: 1n }
export const BASE: Point = { x: recoverX(mod(4n * inverse(5n)), 0n), y: mod(4n * inverse(5n)) }
/** A point of order 8. */
export const TORSION: Point = pointOf(
  Uint8Array.from(Buffer.from("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "hex")),
)

function mod(value: bigint, by = P): bigint {
  const rest = value % by
  return rest < 0n ? rest + by : rest
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = mod(base); exponent > 0n; exponent >>= 1n, square = mod(square * square))
    if (exponent & 1n) result = mod(result * square)
  return result
}

// Euclid's, many times faster than Fermat's.
function inverse(value: bigint): bigint {
  let [a, b, x, y] = [mod(value), P, 1n, 0n]
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return mod(x)
}

// x² = (y² − 1) / (d y² + 1)
function recoverX(y: bigint, sign: bigint): bigint {
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n))
  let x = power(square, (P + 3n) / 8n)
  if (mod(x * x - square) !== 0n) x = mod(x * power(2n, (P - 1n) / 4n))
  if (mod(x * x - square) !== 0n) throw new Error("not a point")
  return (x & 1n) === sign ? x : mod(-x)
}

export function add(a: Point, b: Point): Point {
  const product = mod(D * a.x * b.x * a.y * b.y)
  return {
    x: mod((a.x * b.y + b.x * a.y) * inverse(1n + product)),
    y: mod((a.y * b.y + a.x * b.x) * inverse(1n - product)),
  }
}

export function multiply(point: Point, scalar: bigint): Point {
  let result = IDENTITY
  for (let doubled = point; scalar > 0n; scalar >>= 1n, doubled = add(doubled, doubled))
    if (scalar & 1n) result = add(result, doubled)
  return result
}

/** 32 bytes, little-endian. */
export function scalarBytes(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n))
}

export function scalarOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

export function encodePoint(point: Point): Uint8Array {
  return scalarBytes(point.y | ((point.x & 1n) << 255n))
}

export function pointOf(bytes: Uint8Array): Point {
  const value = scalarOf(bytes)
  const y = value & ((1n << 255n) - 1n)
  return { x: recoverX(y, value >> 255n), y }
}

/** The y coordinate of a point, above p: another spelling of the same point, where there is room for one. */
export function nonCanonical(y: bigint): Uint8Array {
  return scalarBytes(y + P)
}

/** What the hash of RFC 8032 §5.1.6 step 4 comes to, below L. */
export function challenge(R: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  return scalarOf(createHash("sha512").update(R).update(key).update(message).digest()) % L
}

/** Signs with scalar `a` under whatever public key bytes and with whatever R is made of `nonce`. */
export function signOddly(
  message: Uint8Array,
  a: bigint,
  key: Uint8Array,
  nonce: bigint,
  torsion: Point = IDENTITY,
): Uint8Array {
  const R = encodePoint(add(multiply(BASE, nonce), torsion))
  const S = (nonce + challenge(R, key, message) * a) % L
  return Uint8Array.from([...R, ...scalarBytes(S)])
}

/** The secret scalar of a seed (RFC 8032 §5.1.5). */
export function secretScalar(seed: Uint8Array): bigint {
  const digest = createHash("sha512").update(seed).digest().subarray(0, 32)
  const clamped = scalarOf(digest) & ((1n << 254n) - 8n)
  return clamped | (1n << 254n)
}
