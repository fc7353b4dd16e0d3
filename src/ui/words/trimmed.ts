// Foreign words on our screens: what others wrote, cut to size and kept from steering the line they stand in.
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

// What others send may try to turn the line round, hide or break out of it: control characters, line
// separators and the marks that steer writing direction are taken out before their words are shown.
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/** Foreign words made fit for one line: steering characters out, at most `lengthMax` characters, "…" if cut. */
export function trimmed(text: string, lengthMax: number): string {
  // A first cut by code units keeps a megabyte of hostile name away from the segmenter.
  const plain = text
    .slice(0, lengthMax * 16)
    .replace(STEERING, " ")
    .replace(/\s+/g, " ")
    .trim()
  const shown: string[] = []
  for (const { segment } of graphemes.segment(plain)) {
    if (shown.length === lengthMax) return `${shown.join("").trimEnd()}…`
    shown.push(segment)
  }
  return shown.join("")
}
