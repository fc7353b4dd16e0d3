// The other half of reader.ts: canonical by construction. Chainable, so that a codec reads like its layout.
import * as encoding from "lib0/encoding"

export class Writer {
  readonly #encoder = encoding.createEncoder()

  byte(value: number): this {
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

  /** Length and bytes. */
  block(bytes: Uint8Array): this {
    encoding.writeVarUint8Array(this.#encoder, bytes)
    return this
  }

  /** Length and UTF-8 bytes. */
  text(text: string): this {
    return this.block(new TextEncoder().encode(text))
  }

  /** Count, and each item as `write` writes it. */
  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.number(items.length)
    items.forEach(write)
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
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
