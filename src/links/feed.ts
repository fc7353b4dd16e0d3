// Bytes that come in pieces of any size, read as if they were one array: for files that are larger than what should
// be held at once. It keeps no more than what was asked for last, and a length that is claimed costs nothing before
// the bytes have come.
import { FormatError } from "../bytes/errors"
import { Reader } from "../bytes/reader"
import { concat } from "../bytes/writer"

/** Where bytes come from; each piece belongs to whoever reads it. */
export type Source = AsyncIterable<Uint8Array>

/** A number below 2^53 has at most so many bytes. */
const NUMBER_BYTES_MAX = 8

export class Feed {
  readonly #pieces: AsyncIterator<Uint8Array>
  /** What has come and was not asked for yet: the rest of one piece. */
  #left: Uint8Array = new Uint8Array(0)

  constructor(source: Source) {
    this.#pieces = source[Symbol.asyncIterator]()
  }

  /** Whether nothing follows. */
  async isAtEnd(): Promise<boolean> {
    while (this.#left.length === 0) {
      const piece = await this.#pieces.next()
      if (piece.done) return true
      this.#left = piece.value
    }
    return false
  }

  /** Exactly `length` bytes, a fresh array or a view of a piece. Rejects with FormatError where fewer come. */
  async bytes(length: number, what: string): Promise<Uint8Array> {
    const bytes = await this.upTo(length)
    if (bytes.length < length)
      throw new FormatError(`expected ${length} bytes of ${what}, got ${bytes.length}`)
    return bytes
  }

  /** As many bytes as come, at most `lengthMax`; fewer only where the source ends. A fresh array or a view of a piece. */
  async upTo(lengthMax: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let room = lengthMax; room > 0 && !(await this.isAtEnd()); ) {
      const part = this.#left.subarray(0, room)
      this.#left = this.#left.subarray(part.length)
      room -= part.length
      parts.push(part)
    }
    return parts.length === 1 && parts[0] ? parts[0] : concat(...parts)
  }

  async byte(what: string): Promise<number> {
    return new Reader(await this.bytes(1, what)).byte(what)
  }

  /** A number as everywhere (§3), at most `max`, and its bytes as they stood. */
  async number(what: string, max: number): Promise<{ readonly value: number; readonly bytes: Uint8Array }> {
    const bytes: number[] = []
    do bytes.push(await this.byte(what))
    while ((bytes.at(-1) ?? 0) >= 0x80 && bytes.length < NUMBER_BYTES_MAX)
    const own = Uint8Array.from(bytes)
    return { value: new Reader(own).number(what, max), bytes: own }
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }
}
