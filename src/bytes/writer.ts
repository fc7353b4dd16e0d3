// The other half of reader.ts: canonical by construction. Chainable, so that a codec reads like its layout. What
// cannot be written is a mistake of ours and throws in words.
import * as encoding from "lib0/encoding"

const utf8 = new TextEncoder()

export class Writer {
  readonly #encoder = encoding.createEncoder()

  /** One byte. */
  byte(value: number): this {
    // lib0 would quietly keep the low eight bits.
    if (!Number.isInteger(value) || value < 0 || value > 255)
      throw new Error(`a byte cannot be written: ${value}`)
    encoding.writeUint8(this.#encoder, value)
    return this
  }

  /** LEB128, below 2^53. */
  number(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`a number cannot be written: ${value}`)
    encoding.writeVarUint(this.#encoder, value)
    return this
  }

  /** The bytes as they are. They are copied. */
  bytes(bytes: Uint8Array): this {
    encoding.writeUint8Array(this.#encoder, bytes)
    return this
  }

  /** Exactly `length` bytes, as the layout says. They are copied. */
  fixed(bytes: Uint8Array, length: number, what: string): this {
    if (bytes.length !== length) throw new Error(`${what} is ${length} bytes, not ${bytes.length}`)
    return this.bytes(bytes)
  }

  /** Length and bytes. */
  block(bytes: Uint8Array): this {
    encoding.writeVarUint8Array(this.#encoder, bytes)
    return this
  }

  /** Length and UTF-8 bytes. Half of a surrogate pair becomes U+FFFD. */
  text(text: string): this {
    return this.block(utf8.encode(text))
  }

  /** Count, and each item as `write` writes it. */
  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.number(items.length)
    for (const item of items) write(item)
    return this
  }

  /** A fresh array of what was written. */
  end(): Uint8Array {
    return encoding.toUint8Array(this.#encoder)
  }
}

/** The parts one after the other, in a fresh array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whether two arrays hold the same bytes. Not for secrets: it stops at the first difference. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
