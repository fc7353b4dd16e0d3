// A picture as its marker says it: where its sealed bytes are (a reference, protocol §10), its size in px, and what it
// shows, in words. The words of the block are its caption. A marker that does not say where is no picture.
import { parseReference } from "../replica/blob"

/** The attributes of an image block beside those of every block. */
export type PictureAttributes = {
  readonly blob: string
  /** Of the picture, px, 1 to 20,000. */
  readonly width: number
  readonly height: number
  /** "": it only decorates; null: nobody has said. */
  readonly alt: string | null
}

export const PICTURE_KEYS: readonly string[] = ["blob", "width", "height", "alt"]
export const ALT_LENGTH_MAX = 1_000
const EDGE_MAX = 20_000

/** Reads the keys by `get`; null if they are none of a picture. Any value whatever; never throws. */
export function readPicture(get: (key: string) => unknown): PictureAttributes | null {
  const blob = get("blob")
  if (typeof blob !== "string" || parseReference(blob) === null) return null
  const alt = get("alt")
  return {
    blob,
    width: edge(get("width")),
    height: edge(get("height")),
    alt: typeof alt === "string" && alt.length <= ALT_LENGTH_MAX ? alt : null,
  }
}

function edge(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value)
    ? Math.min(EDGE_MAX, Math.max(1, Math.trunc(value)))
    : 1
}
