// What everybody may know of a blob (protocol §10): the hashes of its sealed chunks, in order. The blob's id is the hash
// of this list; an editor announces it with an envelope of kind 4, so whoever holds the log can check the list by the
// id and each chunk by the list, and keeps no others. None of it says what is in them.
import { FormatError } from "../bytes/errors"
import { type BlobId, HASH_BYTES, idOf } from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { Writer } from "../bytes/writer"
import { labelledHash } from "../crypto/hash"

/** The plain bytes of a chunk, but for the first and the last, which may be fewer. */
export const CHUNK_BYTES = 64 * 1024
/** A sealed chunk: 40 bytes more (crypto/chunks.ts). Also the most that a list takes. */
export const SEALED_CHUNK_BYTES_MAX = CHUNK_BYTES + 40
/** The content of a blob. */
export const BLOB_BYTES_MAX = 25 * 1024 * 1024
/** All sealed chunks of a blob together. */
export const SEALED_BLOB_BYTES_MAX = (1 + BLOB_BYTES_MAX / CHUNK_BYTES) * SEALED_CHUNK_BYTES_MAX
/** The chunk that says what the blob is, and those of its content. */
export const CHUNKS_MAX = 1 + BLOB_BYTES_MAX / CHUNK_BYTES

/** A blob that may be kept: its id, and how many bytes its sealed chunks are, as its announcer says. */
export interface Announced {
  readonly blobId: BlobId
  readonly bytes: number
}

/** The hashes of a blob's sealed chunks, 32 bytes each, as they travel: a count and the hashes. A fresh array. */
export function encodeChunkList(hashes: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer()
  writer.list(hashes, hash => {
    writer.fixed(hash, HASH_BYTES, "a chunk's hash")
  })
  return writer.end()
}

/** At least one hash. Throws FormatError. Views of `bytes`. */
export function decodeChunkList(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new Reader(bytes)
  const hashes = reader.list("chunks", CHUNKS_MAX, () => reader.bytes(HASH_BYTES, "a chunk's hash"))
  reader.end("a list of chunks")
  if (hashes.length === 0) throw new FormatError("expected a blob of at least one chunk")
  return hashes
}

/** What a blob is known by: the hash of its encoded list. */
export function blobIdOf(list: Uint8Array): BlobId {
  return idOf<BlobId>(labelledHash("blob", list))
}
