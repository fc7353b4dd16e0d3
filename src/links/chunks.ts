// Frames cut into chunks that a data channel carries well, and put together again:
//
//     first chunk   bytes of the whole | live frames sent before (bulk lane only) | payload
//     the others    payload, until the whole is there
//
// A channel keeps order and loses nothing, so a chunk needs no number. Strict like everything that arrives.
import { FormatError } from "../bytes/errors"
import { Reader } from "../bytes/reader"
import { concat, Writer } from "../bytes/writer"
import type { Lane } from "../sync/link"
import { MESSAGE_BYTES_MAX } from "../sync/messages"

/** Every implementation of data channels takes messages of this size, and none is held up by one for long. */
export const CHUNK_BYTES = 16 * 1024

/** A frame as it came. `liveBefore`: how many frames of the live lane were sent before it; 0 in that lane itself. */
export interface Arrived {
  readonly frame: Uint8Array
  readonly liveBefore: number
}

/** Cuts a frame. The chunks are views of it, but for the first. */
export function cut(frame: Uint8Array, lane: Lane, liveBefore: number): Uint8Array[] {
  if (frame.length === 0 || frame.length > MESSAGE_BYTES_MAX)
    throw new Error(`a frame of ${frame.length} bytes cannot be sent`)
  const head = new Writer().number(frame.length)
  if (lane === "bulk") head.number(liveBefore)
  const first = head.end()
  let at = Math.min(frame.length, CHUNK_BYTES - first.length)
  const chunks = [concat(first, frame.subarray(0, at))]
  for (; at < frame.length; at += CHUNK_BYTES) chunks.push(frame.subarray(at, at + CHUNK_BYTES))
  return chunks
}

/** Puts the chunks of one lane together. */
export class Assembly {
  readonly #lane: Lane
  #frame: { readonly liveBefore: number; readonly parts: Uint8Array[] } | null = null
  #missing = 0

  constructor(lane: Lane) {
    this.#lane = lane
  }

  /** The next chunk: the frame that it completes, or null. Keeps it. Throws FormatError. */
  take(chunk: Uint8Array): Arrived | null {
    if (chunk.length > CHUNK_BYTES)
      throw new FormatError(`expected a chunk of at most ${CHUNK_BYTES} bytes, got ${chunk.length}`)
    const payload = this.#frame ? chunk : this.#begin(chunk)
    if (payload.length === 0) throw new FormatError("expected a part of a frame, got an empty chunk")
    if (payload.length > this.#missing)
      throw new FormatError(`expected ${this.#missing} bytes more of a frame, got ${payload.length}`)
    this.#frame?.parts.push(payload)
    this.#missing -= payload.length
    if (!this.#frame || this.#missing > 0) return null
    const { parts, liveBefore } = this.#frame
    this.#frame = null
    return { frame: concat(...parts), liveBefore }
  }

  #begin(chunk: Uint8Array): Uint8Array {
    const reader = new Reader(chunk)
    this.#missing = reader.number("the bytes of a frame", MESSAGE_BYTES_MAX)
    const liveBefore = this.#lane === "bulk" ? reader.number("a count of live frames") : 0
    this.#frame = { liveBefore, parts: [] }
    return reader.rest()
  }
}
