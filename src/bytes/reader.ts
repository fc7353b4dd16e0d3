// A strict reader: every length is checked before it is used, every number has one spelling, and nothing may
// be left over. What it hands out are views of the given bytes: whoever keeps one must not write to them, and
// keeps the whole alive. It reads numbers and lengths and knows no record.
import { FormatError } from "./errors"

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

export class Reader {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** How many bytes have been read. */
  get position(): number {
    return this.#position
  }

  /** How many bytes have not. */
  get left(): number {
    return this.#bytes.length - this.#position
  }

  /** One byte. */
  byte(what: string): number {
    const value = this.#bytes[this.#position]
    if (value === undefined) throw new FormatError(`expected ${what}, got the end of the bytes`)
    this.#position++
    return value
  }

  /** A LEB128 unsigned number below 2^53, in its shortest spelling, at most `max`. */
  number(what: string, max: number = Number.MAX_SAFE_INTEGER): number {
    let value = 0
    let scale = 1 // not a shift: those end at 32 bits
    // Eight groups of seven bits reach 2^56; what lies beyond 2^53 stays beyond it when rounded, and `max` meets it.
    for (let count = 0; count < 8; count++) {
      const byte = this.byte(what)
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (byte === 0 && count > 0) throw new FormatError(`expected ${what} in its shortest spelling`)
        if (value > max) throw new FormatError(`expected ${what} of at most ${max}, got ${value}`)
        return value
      }
      scale *= 128
    }
    throw new FormatError(`expected ${what} below 2^53`)
  }

  /** Exactly `length` bytes, as a view. */
  bytes(length: number, what: string): Uint8Array {
    if (length > this.left) throw new FormatError(`expected ${length} bytes of ${what}, got ${this.left}`)
    const view = this.#bytes.subarray(this.#position, this.#position + length)
    this.#position += length
    return view
  }

  /** A length, at most `max`, and that many bytes, as a view. */
  block(what: string, max: number): Uint8Array {
    return this.bytes(this.number(`the length of ${what}`, max), what)
  }

  /** A block of valid UTF-8. */
  text(what: string, max: number): string {
    const bytes = this.block(what, max)
    try {
      return utf8.decode(bytes)
    } catch (error) {
      throw new FormatError(`expected UTF-8 in ${what}`, { cause: error })
    }
  }

  /** A count of at most `max`, and that many of what `read` reads, each of at least one byte. */
  list<T>(what: string, max: number, read: () => T): T[] {
    const count = this.number(`the number of ${what}`, max)
    if (count > this.left) throw new FormatError(`expected ${count} ${what}, got ${this.left} bytes`)
    // Grows as items come rather than by the count that is claimed: a lie costs its author more than us.
    const items: T[] = []
    while (items.length < count) items.push(read())
    return items
  }

  /** All that is left, as a view. */
  rest(): Uint8Array {
    return this.bytes(this.left, "the rest")
  }

  /** Nothing may be left over. */
  end(what: string): void {
    if (this.left > 0) throw new FormatError(`expected the end of ${what}, got ${this.left} bytes more`)
  }
}
