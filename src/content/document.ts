// What the roots of a document are for: the body that people write, and its title. Reading writes nothing;
// the one writing verb here is `writeTitle`. Blocks and their markers are marker.ts, drawing is render.ts.
import type * as Y from "yjs"
import { BODY, TITLE } from "../replica/document"
import { changeBetween, wellFormed } from "./words"

export { createDocument } from "../replica/document"

/** The longest title that is shown or written, in UTF-16 units. */
export const TITLE_LENGTH_MAX = 300

/** The flat text with block markers. The same object for the life of the document. */
export function bodyOf(doc: Y.Doc): Y.Text {
  return doc.getText(BODY)
}

/** The title's text, for whoever watches it (`observe`). */
export function titleOf(doc: Y.Doc): Y.Text {
  return doc.getText(TITLE)
}

/** The title as one line of plain text; "" means untitled. */
export function readTitle(doc: Y.Doc): string {
  return titleOf(doc).toString().replace(/\s+/g, " ").trim().slice(0, TITLE_LENGTH_MAX)
}

/**
 * Writes the title as the smallest change to its text, so that two people who correct different words of it
 * both keep their correction.
 * @param origin the transaction's origin; it must be one that leaves the document (replica/ keeps that list)
 */
export function writeTitle(doc: Y.Doc, title: string, origin: unknown): void {
  const text = titleOf(doc)
  const wanted = wellFormed(title).slice(0, TITLE_LENGTH_MAX)
  const { start, removed, inserted } = changeBetween(text.toString(), wanted)
  if (removed === 0 && inserted === "") return
  doc.transact(() => {
    if (removed > 0) text.delete(start, removed)
    if (inserted !== "") text.insert(start, inserted)
  }, origin)
}
