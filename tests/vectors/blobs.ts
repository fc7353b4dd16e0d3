// Vectors of blobs: what is sealed under which key at which place, what it is called, and what must not open.
import { type BlobHead, formatReference, openContent, openHead, sealBlob } from "../../src/replica/blob"
import { chance, toHex } from "./world"

/** A blob as whoever holds its reference reads it; `head` and `content` are null where it must not open. */
interface BlobVector {
  readonly name: string
  readonly reference: string
  /** The list of the chunks' hashes, and the chunks. */
  readonly pieces: readonly string[]
  readonly head: (Omit<BlobHead, "likeness"> & { likeness: { type: string; bytes: string } | null }) | null
  readonly content: string | null
}

const atOnce = async () => undefined

export async function blobVectors(): Promise<readonly BlobVector[]> {
  const random = chance("a blob")
  const likeness = { type: "image/webp", bytes: random(20) }
  const content = random(130)
  const blob = await sealBlob(
    content,
    { type: "image/webp", width: 640, height: 480, likeness },
    random,
    atOnce,
  )
  const other = await sealBlob(
    content,
    { type: "text/plain", width: 0, height: 0, likeness: null },
    random,
    atOnce,
  )
  const reference = formatReference(blob.reference)
  const pieces = blob.pieces.map(toHex)
  const head = {
    type: "image/webp",
    size: 130,
    width: 640,
    height: 480,
    likeness: { type: likeness.type, bytes: toHex(likeness.bytes) },
  }
  const [list = "", first = "", second = ""] = pieces
  const damaged = (name: string, ...kept: readonly string[]): BlobVector => ({
    name,
    reference,
    pieces: kept,
    head: null,
    content: null,
  })
  return [
    { name: "a picture of 130 bytes", reference, pieces, head, content: toHex(content) },
    {
      name: "the same bytes as a file, under a key of their own",
      reference: formatReference(other.reference),
      pieces: other.pieces.map(toHex),
      head: { type: "text/plain", size: 130, width: 0, height: 0, likeness: null },
      content: toHex(content),
    },
    damaged("two chunks that have changed places", list, second, first),
    damaged("without its last chunk", list, first),
    damaged(
      "with a chunk of another blob in front",
      list,
      toHex(other.pieces[1] ?? new Uint8Array(0)),
      second,
    ),
    damaged("a byte changed", list, `${first.slice(0, -2)}${first.endsWith("00") ? "01" : "00"}`, second),
  ]
}

/** What the pieces say to whoever has the key; null: they do not open. */
export async function readBlob(
  key: Uint8Array,
  [, ...chunks]: readonly Uint8Array[],
): Promise<{ readonly head: BlobHead; readonly content: Uint8Array } | null> {
  const head = chunks[0] ? openHead(chunks[0], key, chunks.length) : null
  const content = head && (await openContent(chunks.slice(1), key, head, atOnce))
  return head && content && { head, content }
}
