// Which bytes may be an Ed25519 key or signature at all, decided before any verifier sees them. Libraries disagree
// at these edges (tweetnacl takes S beyond L, which WebCrypto refuses; both take keys of small order, under which
// one signature fits many messages), and replicas that disagree about a signature diverge (protocol §3).
// Nothing here is secret.
import { equalBytes } from "../bytes/writer"

export const SIGNATURE_BYTES = 64
const POINT_BYTES = 32

/** 32 bytes, the canonical encoding of a y, and not one of the points of order 1, 2, 4 or 8. */
export function isStrictPoint(encoded: Uint8Array): boolean {
  if (encoded.length !== POINT_BYTES) return false
  const y = encoded.slice()
  y[31] = (y[31] ?? 0) & 0x7f // the top bit is the sign of x
  // The one other ambiguity, x = 0 with its sign set, has y = ±1 and so is of small order.
  return isBelow(y, FIELD_PRIME) && !SMALL_ORDER_Y.some(small => equalBytes(small, y))
}

/** 64 bytes: R as above, and S below the group's order (RFC 8032 §5.1.7 step 1). */
export function isStrictSignature(signature: Uint8Array): boolean {
  return (
    signature.length === SIGNATURE_BYTES &&
    isBelow(signature.subarray(POINT_BYTES), GROUP_ORDER) &&
    isStrictPoint(signature.subarray(0, POINT_BYTES))
  )
}

// Little-endian comparison of 32 bytes.
function isBelow(value: Uint8Array, bound: Uint8Array): boolean {
  for (let index = 31; index >= 0; index--) {
    const difference = (value[index] ?? 0) - (bound[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** The bytes of a constant written down in hex. */
export function hex(text: string): Uint8Array {
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
