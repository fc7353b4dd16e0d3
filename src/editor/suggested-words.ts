// Steps of Backspace and Delete where nothing is really deleted: to the next character or word, as a reader counts
// them, or over the border to the next block.
import type { Node } from "prosemirror-model"
import type { NotePiece } from "../records/note"

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const words = new Intl.Segmenter(undefined, { granularity: "word" })

/** The position before what Backspace would take from `at`. */
export function placeBefore(doc: Node, at: number, byWord: boolean): number {
  const $at = doc.resolve(at)
  if ($at.parentOffset > 0) {
    const text = $at.parent.textBetween(0, $at.parentOffset, undefined, "\uFFFC")
    return at - lastOf(text, byWord).length
  }
  return at - 2 > 0 ? at - 2 : at
}

/** The position after what Delete would take from `at`. */
export function placeAfter(doc: Node, at: number, byWord: boolean): number {
  const $at = doc.resolve(at)
  const { size } = $at.parent.content
  if ($at.parentOffset < size) {
    const text = $at.parent.textBetween($at.parentOffset, size, undefined, "\uFFFC")
    return at + firstOf(text, byWord).length
  }
  return at + 2 < doc.content.size ? at + 2 : at
}

/** Suggested pieces without their last character or word; a block's beginning counts as one. */
export function withoutLast(pieces: readonly NotePiece[], byWord: boolean): NotePiece[] {
  const last = pieces.at(-1)
  const rest = pieces.slice(0, -1)
  if (last?.kind !== "text") return rest
  const text = last.text.slice(0, last.text.length - lastOf(last.text, byWord).length)
  return text === "" ? rest : [...rest, { ...last, text }]
}

function lastOf(text: string, byWord: boolean): string {
  let found = ""
  for (const { segment } of (byWord ? words : characters).segment(text))
    found = byWord && segment.trim() === "" ? found + segment : segment
  return found
}

function firstOf(text: string, byWord: boolean): string {
  let found = ""
  for (const { segment } of (byWord ? words : characters).segment(text)) {
    found += segment
    if (!byWord || segment.trim() !== "") break
  }
  return found
}
