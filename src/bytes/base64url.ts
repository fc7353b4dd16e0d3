// Base64url without padding (RFC 4648 §5), strict: one text for one sequence of bytes and no other. Every id is
// such a text, so this is on the path of every envelope. Written out here because lib0 picks its way by looking
// for a `window`, which a worker does not have, and accepts stray characters.
import { FormatError } from "./errors"

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
const NOT_A_CHARACTER = 64
const VALUES = new Uint8Array(128).fill(NOT_A_CHARACTER)
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value

/** Two characters for every twelve bits: half as many strings are joined. */
const PAIRS = Array.from({ length: 4_096 }, (_, bits) => `${ALPHABET[bits >> 6]}${ALPHABET[bits & 63]}`)

/** Encodes bytes; the result has no padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  const at = (index: number) => bytes[index] ?? 0
  const rest = bytes.length % 3
  const whole = bytes.length - rest
  let text = ""
  for (let index = 0; index < whole; index += 3) {
    const bits = (at(index) << 16) | (at(index + 1) << 8) | at(index + 2)
    text += `${PAIRS[bits >> 12]}${PAIRS[bits & 0xfff]}`
  }
  if (rest === 1) text += PAIRS[at(whole) << 4]
  if (rest === 2) {
    const bits = ((at(whole) << 8) | at(whole + 1)) << 2
    text += `${PAIRS[bits >> 6]}${ALPHABET[bits & 63]}`
  }
  return text
}

/** Decodes canonical base64url into a fresh array. Throws FormatError on any other character, padding or stray bits. */
export function decodeBase64url(text: string): Uint8Array {
  if (text.length % 4 === 1) throw new FormatError(`expected base64url text, got ${text.length} characters`)
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0
  let width = 0
  let at = 0
  for (let index = 0; index < text.length; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? NOT_A_CHARACTER
    if (value === NOT_A_CHARACTER)
      throw new FormatError(`expected base64url text, got another character at ${index}`)
    bits = ((bits << 6) | value) & 0xfff
    width += 6
    if (width >= 8) {
      width -= 8
      bytes[at++] = bits >> width
    }
  }
  // The last character may carry 2 or 4 bits that belong to no byte: two texts for the same bytes, unless zero.
  if ((bits & ((1 << width) - 1)) !== 0) throw new FormatError("expected canonical base64url, got stray bits")
  return bytes
}
