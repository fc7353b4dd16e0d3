// Blobs as whoever holds the key sees them, and as somebody sees them who swaps, cuts and alters what is kept.
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { FormatError } from "../../../src/bytes/errors"
import { openChunk, sealChunk } from "../../../src/crypto/chunks"
import {
  BLOB_BYTES_MAX,
  blobIdOf,
  CHUNK_BYTES,
  decodeChunkList,
  encodeChunkList,
} from "../../../src/records/blob"
import {
  type BlobHead,
  formatReference,
  openContent,
  openHead,
  parseReference,
  type SealedBlob,
  sealBlob,
} from "../../../src/replica/blob"
import { runs } from "../chance"
import { chance } from "../sync/world"

const random = chance(71)
const atOnce = async () => undefined
const what = {
  type: "image/webp",
  width: 40,
  height: 30,
  likeness: { type: "image/webp", bytes: random(900) },
}

const sealed = (content: Uint8Array): Promise<SealedBlob> => sealBlob(content, what, random, atOnce)

async function opened(
  { reference, pieces }: SealedBlob,
  chunks = pieces.slice(1),
): Promise<Uint8Array | null> {
  const head = chunks[0] ? openHead(chunks[0], reference.key, chunks.length) : null
  return head && openContent(chunks.slice(1), reference.key, head, atOnce)
}

describe("a sealed blob", () => {
  test("comes back byte for byte, with what it is and a likeness", async () => {
    for (const size of [0, 1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 200_000]) {
      const content = random(size)
      const blob = await sealed(content)
      const head = openHead(blob.pieces[1] ?? new Uint8Array(0), blob.reference.key, blob.pieces.length - 1)
      expect(head).toEqual({ ...what, size } satisfies BlobHead)
      expect(Buffer.from(content).equals((await opened(blob)) ?? random(1))).toBe(true)
    }
  })

  test("has an id that is the hash of the list of its chunks, and says how many bytes they are", async () => {
    const { reference, announced, pieces } = await sealed(random(100_000))
    expect(blobIdOf(pieces[0] ?? new Uint8Array(0))).toBe(reference.blobId)
    expect(announced.blobId).toBe(reference.blobId)
    expect(announced.bytes).toBe(pieces.slice(1).reduce((sum, chunk) => sum + chunk.length, 0))
    expect(decodeChunkList(pieces[0] ?? new Uint8Array(0))).toHaveLength(pieces.length - 1)
  })

  test("of two that hold the same nothing is the same", async () => {
    const content = random(1_000)
    const [one, other] = [await sealed(content), await sealed(content)]
    expect(one.reference.blobId).not.toBe(other.reference.blobId)
  })

  test("tells its length by no more than its padding does", async () => {
    const lengths = await Promise.all(
      [66_000, 67_000].map(async size => (await sealed(random(size))).announced.bytes),
    )
    expect(lengths[0]).toBe(lengths[1])
  })

  test("does not open when a byte is changed, a chunk swapped, left out, added or put at another's place", async () => {
    const blob = await sealed(random(200_000))
    const other = await sealed(random(200_000))
    const chunks = blob.pieces.slice(1)
    const [head, first, second, ...rest] = chunks
    if (!head || !first || !second) throw new Error("a blob of 200,000 bytes has four chunks and a head")
    const altered = first.slice()
    altered[100] = (altered[100] ?? 0) ^ 1
    for (const damaged of [
      [head, altered, second, ...rest],
      [head, second, first, ...rest],
      [head, first, ...rest],
      chunks.slice(0, -1),
      [...chunks, second],
      [head, first, other.pieces[3] ?? second, ...rest],
      [first, head, second, ...rest],
      [other.pieces[1] ?? head, first, second, ...rest],
      [head],
      [],
    ])
      expect(await opened(blob, damaged)).toBeNull()
    expect(await opened({ ...blob, reference: other.reference })).toBeNull()
    expect(await opened(blob)).not.toBeNull()
  })

  test("is refused above 25 MiB before anything is sealed", async () => {
    await expect(sealed(new Uint8Array(BLOB_BYTES_MAX + 1))).rejects.toThrow("too large")
  })
})

test("a chunk opens at its own place of its own number of chunks, and nowhere else", () => {
  const key = random(32)
  const chunk = sealChunk(Uint8Array.of(1, 2, 3), key, { index: 1, total: 4 }, random)
  expect(openChunk(chunk, key, { index: 1, total: 4 })).toEqual(Uint8Array.of(1, 2, 3))
  for (const place of [
    { index: 2, total: 4 },
    { index: 0, total: 4 },
    { index: 1, total: 3 },
    { index: 1, total: 5 },
    { index: 4, total: 1 },
  ])
    expect(openChunk(chunk, key, place)).toBeNull()
  expect(openChunk(chunk, random(32), { index: 1, total: 4 })).toBeNull()
})

describe("the list of chunks", () => {
  test("is read strictly: nothing is left over, nothing is missing, and it is never empty", () => {
    const list = encodeChunkList([random(32), random(32)])
    expect(decodeChunkList(list)).toHaveLength(2)
    for (const bad of [
      encodeChunkList([]),
      list.subarray(0, -1),
      Uint8Array.of(...list, 0),
      new Uint8Array(0),
    ])
      expect(() => decodeChunkList(bad)).toThrow(FormatError)
    expect(() => decodeChunkList(encodeChunkList(Array.from({ length: 402 }, () => random(32))))).toThrow(
      FormatError,
    )
  })

  test("whatever the bytes are, reading them fails only as a matter of form", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        try {
          decodeChunkList(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }),
      runs(200),
    )
  })
})

test("a reference is text that says the same when it is read again, and nothing else is one", async () => {
  const { reference } = await sealed(random(10))
  const text = formatReference(reference)
  expect(text).toHaveLength(87)
  expect(parseReference(text)).toEqual(reference)
  for (const bad of [
    "",
    text.slice(1),
    `${text}A`,
    text.replace(".", "-"),
    `${"_".repeat(43)}.${"_".repeat(43)}`,
  ])
    expect(parseReference(bad)).toBeNull()
})
