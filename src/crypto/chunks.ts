// A chunk of a blob, sealed (protocol §10). Its key is of the blob's key, its index and how many there are: a chunk at
// another's place, of another blob, or of a blob that was cut short opens under no key. Like sealing.ts it is out of
// the relay's reach.
import { Writer } from "../bytes/writer"
import { kdf } from "./hash"
import { open, type Random, SEAL_OVERHEAD_BYTES, seal } from "./sealing"

/** A chunk's place in its blob. */
export interface ChunkPlace {
  /** From 0. */
  readonly index: number
  readonly total: number
}

/** nonce | secretbox(plain) under the place's key. A fresh array, 40 bytes longer than `plain`. `key`: the blob's, 32 bytes. */
export function sealChunk(plain: Uint8Array, key: Uint8Array, place: ChunkPlace, random: Random): Uint8Array {
  return seal(plain, chunkKey(key, place), random)
}

/** The plain bytes, a fresh array; null if it is not this chunk of this blob, or a byte was changed. */
export function openChunk(sealed: Uint8Array, key: Uint8Array, place: ChunkPlace): Uint8Array | null {
  return open(sealed, chunkKey(key, place))
}

export const CHUNK_OVERHEAD_BYTES = SEAL_OVERHEAD_BYTES

function chunkKey(key: Uint8Array, { index, total }: ChunkPlace): Uint8Array {
  return kdf("chunk", key, number(index), number(total))
}

function number(value: number): Uint8Array {
  return new Writer().number(value).end()
}
