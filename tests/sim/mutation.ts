// Bytes that were good once: what a hostile end makes of them. Each kind of damage is aimed at something that a decoder
// must count, measure or trust: its ends, its numbers, its order, its types.
import { concat } from "../../src/bytes/writer"
import type { Chance } from "./chance"

/** Numbers as they are spelt in records: none, some, and more than anything may have. */
const HUGE = [
  [0],
  [0xff, 0x7f],
  [0x90, 0x4e],
  [0xa0, 0x8d, 0x06],
  [0xff, 0xff, 0xff, 0x03],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
] as const
/** A repetition makes at most this of its bytes. */
const REPEATED_BYTES_MAX = 64 * 1024

/** A fresh array: `good` damaged one to three times. `others`: what it may be spliced with. */
export function mutated(good: Uint8Array, others: readonly Uint8Array[], chance: Chance): Uint8Array {
  let bytes: Uint8Array = good.slice()
  for (let times = chance.between(1, 3); times > 0; times--) bytes = once(bytes, others, chance)
  return bytes
}

function once(bytes: Uint8Array, others: readonly Uint8Array[], chance: Chance): Uint8Array {
  // Counts, lengths and types stand at the front of what they count.
  const at = chance.below(Math.min(bytes.length, chance.often(0.5) ? 48 : bytes.length) + 1)
  const [front, back] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (chance.oneOf(["flip", "cut", "drop", "splice", "repeat", "huge", "type", "append"])) {
    case "flip":
      return concat(
        front,
        back.slice(0, 1).map(byte => byte ^ (1 << chance.below(8))),
        back.subarray(1),
      )
    case "cut":
      return front.slice()
    case "drop":
      return concat(front, back.subarray(chance.between(1, 8)))
    case "splice": {
      const other = chance.oneOf(others)
      return concat(front, other.subarray(chance.below(other.length + 1)))
    }
    case "repeat": {
      const piece = back.subarray(0, chance.between(1, 64))
      const most = Math.floor(REPEATED_BYTES_MAX / Math.max(1, piece.length))
      const times = chance.between(1, Math.min(most, chance.often(0.1) ? most : 8))
      return concat(front, ...Array.from({ length: times }, () => piece), back)
    }
    case "huge":
      return concat(front, Uint8Array.from(chance.oneOf(HUGE)), back.subarray(1))
    case "type":
      return concat(Uint8Array.of(chance.below(256)), bytes.subarray(1))
    default:
      return concat(bytes, chance.bytes(chance.between(1, 40)))
  }
}
