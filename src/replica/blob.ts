// A blob (protocol §10): a picture or another large thing that belongs to a document and is not in its text. Here its
// bytes become sealed chunks and come back. The first chunk says what it is and brings a small likeness, so that it can
// be shown before the rest has come; the others are its content, padded. A marker names it by a reference: the blob's
// id, and the key that opens it.
import { decodeBase64url, encodeBase64url } from "../bytes/base64url"
import { FormatError } from "../bytes/errors"
import { type BlobId, HASH_BYTES, idOf } from "../bytes/ids"
import { paddedLength } from "../bytes/padding"
import { Reader } from "../bytes/reader"
import { Writer } from "../bytes/writer"
import { openChunk, sealChunk } from "../crypto/chunks"
import { digest } from "../crypto/hash"
import { KEY_BYTES, type Random } from "../crypto/sealing"
import { type Announced, BLOB_BYTES_MAX, blobIdOf, CHUNK_BYTES, encodeChunkList } from "../records/blob"

const VERSION = 1
const TYPE_BYTES_MAX = 64
const EDGE_MAX = 100_000
export const LIKENESS_BYTES_MAX = 48 * 1024

/** What a blob is, as its first chunk says. */
export interface BlobHead {
  /** A media type, such as "image/webp". Whoever shows it decides what it may be. */
  readonly type: string
  /** Of the content, bytes. */
  readonly size: number
  /** In px; 0 for what is no picture. */
  readonly width: number
  readonly height: number
  /** A small picture of it; null where there is none. */
  readonly likeness: { readonly type: string; readonly bytes: Uint8Array } | null
}

/** Where a document finds a blob: kept in a marker as text. */
export interface BlobReference {
  readonly blobId: BlobId
  /** 32 bytes. */
  readonly key: Uint8Array
}

export interface SealedBlob {
  readonly reference: BlobReference
  readonly announced: Announced
  /** As others ask for them: the list of the chunks' hashes, in the clear, and the sealed chunks. */
  readonly pieces: readonly Uint8Array[]
}

/** "blobId.key", 87 characters. */
export function formatReference({ blobId, key }: BlobReference): string {
  return `${blobId}.${encodeBase64url(key)}`
}

/** Null if it is none. */
export function parseReference(text: string): BlobReference | null {
  const [, blobId, key] = /^([\w-]{43})\.([\w-]{43})$/.exec(text) ?? []
  if (blobId === undefined || key === undefined) return null
  try {
    const bytes = decodeBase64url(blobId)
    if (bytes.length !== HASH_BYTES) return null
    return { blobId: idOf<BlobId>(bytes), key: decodeBase64url(key) }
  } catch (error) {
    if (error instanceof FormatError) return null // not canonical
    throw error
  }
}

/**
 * Seals content under a key of its own. `between` is awaited after each chunk, so that a page can draw meanwhile.
 * Throws if the content is larger than `BLOB_BYTES_MAX`, or the likeness than `LIKENESS_BYTES_MAX`: our bug.
 */
export async function sealBlob(
  content: Uint8Array,
  head: Omit<BlobHead, "size">,
  random: Random,
  between: () => Promise<void>,
): Promise<SealedBlob> {
  if (content.length > BLOB_BYTES_MAX) throw new Error("a blob is too large")
  const key = random(KEY_BYTES)
  const padded = new Uint8Array(Math.min(BLOB_BYTES_MAX, paddedLength(content.length)))
  padded.set(content)
  const total = 1 + Math.ceil(padded.length / CHUNK_BYTES)
  const chunks: Uint8Array[] = []
  const hashes: Uint8Array[] = []
  for (let index = 0; index < total; index++) {
    const start = (index - 1) * CHUNK_BYTES
    const plain =
      index === 0
        ? encodeHead({ ...head, size: content.length })
        : padded.subarray(start, start + CHUNK_BYTES)
    const sealed = sealChunk(plain, key, { index, total }, random)
    chunks.push(sealed)
    hashes.push(await digest(sealed))
    await between()
  }
  const list = encodeChunkList(hashes)
  const blobId = blobIdOf(list)
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  return { reference: { blobId, key }, announced: { blobId, bytes }, pieces: [list, ...chunks] }
}

/** What a blob is, from its first sealed chunk; null if that does not open or is not what it should be. */
export function openHead(sealed: Uint8Array, key: Uint8Array, total: number): BlobHead | null {
  const plain = openChunk(sealed, key, { index: 0, total })
  if (!plain) return null
  try {
    const head = decodeHead(plain)
    return contentChunks(head.size) === total - 1 ? head : null
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}

/**
 * The content from its sealed chunks, the head's left out; null if one does not open or has not its length. `between` is
 * awaited after each chunk.
 */
export async function openContent(
  sealed: readonly Uint8Array[],
  key: Uint8Array,
  { size }: Pick<BlobHead, "size">,
  between: () => Promise<void>,
): Promise<Uint8Array | null> {
  const total = sealed.length + 1
  const content = new Uint8Array(size)
  for (const [at, bytes] of sealed.entries()) {
    const plain = openChunk(bytes, key, { index: at + 1, total })
    const start = at * CHUNK_BYTES
    if (!plain || plain.length > CHUNK_BYTES || start + plain.length < Math.min(size, start + CHUNK_BYTES))
      return null
    content.set(plain.subarray(0, Math.max(0, size - start)), start)
    await between()
  }
  return content
}

function contentChunks(size: number): number {
  return Math.ceil(Math.min(BLOB_BYTES_MAX, paddedLength(size)) / CHUNK_BYTES)
}

function encodeHead({ type, size, width, height, likeness }: BlobHead): Uint8Array {
  const writer = new Writer().byte(VERSION).text(type).number(size).number(width).number(height)
  writer.text(likeness?.type ?? "").block(likeness?.bytes ?? new Uint8Array(0))
  const bytes = writer.end()
  const padded = new Uint8Array(paddedLength(bytes.length))
  padded.set(bytes)
  decodeHead(padded)
  return padded
}

/** Throws FormatError. The likeness is a copy. */
function decodeHead(bytes: Uint8Array): BlobHead {
  const reader = new Reader(bytes)
  const version = reader.byte("a version")
  if (version !== VERSION) throw new FormatError(`expected version ${VERSION} of a blob, got ${version}`)
  const type = reader.text("a type", TYPE_BYTES_MAX)
  const size = reader.number("a size", BLOB_BYTES_MAX)
  const width = reader.number("a width", EDGE_MAX)
  const height = reader.number("a height", EDGE_MAX)
  const likenessType = reader.text("a likeness's type", TYPE_BYTES_MAX)
  const likeness = reader.block("a likeness", LIKENESS_BYTES_MAX).slice()
  if (bytes.length !== paddedLength(reader.position) || reader.rest().some(byte => byte !== 0))
    throw new FormatError("expected zeros as padding behind what a blob is")
  return {
    type,
    size,
    width,
    height,
    likeness: likeness.length > 0 ? { type: likenessType, bytes: likeness } : null,
  }
}
