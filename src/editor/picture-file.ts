// A picture from a file, made ready to be kept: drawn anew at no more than 2,000 px, so that it is small and nothing of
// what a camera wrote into it (where, when, whose) is left, with a small likeness that is shown until the rest has come.
// This file touches the browser's canvas.
import { BLOB_BYTES_MAX } from "../records/blob"
import type { MadePicture, PictureNotice } from "./pictures"

const EDGE_MAX = 2_000
const LIKENESS_EDGE_MAX = 320
const LIKENESS_BYTES_MAX = 40 * 1024
const QUALITY = 0.85
const LIKENESS_QUALITIES = [0.6, 0.3, 0.1]

export interface Made {
  readonly picture: MadePicture
  /** What is to be said about it all the same. */
  readonly notice: PictureNotice | null
}

/** The picture, or why there is none. */
export async function makePicture(file: Blob): Promise<Made | PictureNotice> {
  if (file.size > BLOB_BYTES_MAX) return "too-large"
  const drawn = await decoded(file)
  if (drawn === null) return "unreadable"
  try {
    const fitting = await encoded(drawn, EDGE_MAX, QUALITY)
    const likeness = await likenessOf(drawn)
    if (fitting === null || likeness === null) return "unreadable"
    const bytes = await bytesOf(fitting.blob)
    if (bytes.length > BLOB_BYTES_MAX) return "too-large"
    const { width, height } = fitting
    const picture = { bytes, type: fitting.blob.type, width, height, likeness }
    const isAnimated = file.type === "image/gif" && framesOf(await bytesOf(file)) > 1
    return { picture, notice: isAnimated ? "one-frame" : null }
  } finally {
    drawn.close()
  }
}

/** Turned as its camera was held; null: no picture that this browser knows. */
async function decoded(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" })
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

async function likenessOf(drawn: ImageBitmap): Promise<MadePicture["likeness"] | null> {
  for (const quality of LIKENESS_QUALITIES) {
    const small = await encoded(drawn, LIKENESS_EDGE_MAX, quality)
    if (small !== null && small.blob.size <= LIKENESS_BYTES_MAX)
      return { type: small.blob.type, bytes: await bytesOf(small.blob) }
  }
  return null
}

/** Drawn no larger than `edgeMax`, as WebP; as JPEG on white where a browser writes no WebP. */
async function encoded(
  drawn: ImageBitmap,
  edgeMax: number,
  quality: number,
): Promise<{ blob: Blob; width: number; height: number } | null> {
  const scale = Math.min(1, edgeMax / Math.max(drawn.width, drawn.height))
  const width = Math.max(1, Math.round(drawn.width * scale))
  const height = Math.max(1, Math.round(drawn.height * scale))
  for (const type of ["image/webp", "image/jpeg"]) {
    const canvas = new OffscreenCanvas(width, height)
    const pen = canvas.getContext("2d")
    if (pen === null) return null
    if (type === "image/jpeg") {
      pen.fillStyle = "white"
      pen.fillRect(0, 0, width, height)
    }
    pen.imageSmoothingQuality = "high"
    pen.drawImage(drawn, 0, 0, width, height)
    const blob = await canvas.convertToBlob({ type, quality })
    if (blob.type === type) return { blob, width, height }
  }
  return null
}

/** How many pictures a GIF has: each begins with a graphic control extension (GIF89a §23). */
export function framesOf(gif: Uint8Array): number {
  let frames = 0
  for (let at = 0; at + 3 < gif.length; at++)
    if (gif[at] === 0x21 && gif[at + 1] === 0xf9 && gif[at + 2] === 4) frames++
  return frames
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer())
}
