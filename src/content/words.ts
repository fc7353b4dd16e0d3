// Small questions about strings of UTF-16 units: where two differ, and whether a cut would go through an
// emoji. Yjs replaces both halves of a surrogate pair that is cut by U+FFFD, for good, so nobody cuts one.

/** Whether a boundary before `text[index]` falls between the two halves of a surrogate pair. */
export function cutsPair(text: string, index: number): boolean {
  return (
    index > 0 && index < text.length && isHigh(text.charCodeAt(index - 1)) && isLow(text.charCodeAt(index))
  )
}

/** The text with every half of a pair that stands alone replaced by U+FFFD, as UTF-8 would do on the way out. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD")
}

/** The smallest single replacement that turns `before` into `after`; it never cuts a pair of either. */
export function changeBetween(
  before: string,
  after: string,
): { readonly start: number; readonly removed: number; readonly inserted: string } {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++
  if (cutsPair(before, start) || cutsPair(after, start)) start--
  let tail = 0
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++
  if (cutsPair(before, before.length - tail) || cutsPair(after, after.length - tail)) tail--
  return {
    start,
    removed: before.length - tail - start,
    inserted: after.slice(start, after.length - tail),
  }
}

function isHigh(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800
}

function isLow(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00
}
