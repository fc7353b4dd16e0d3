// What the roots of a document are for: the body that people write, and its title. Reading writes nothing;
// the one writing verb here is `writeTitle`. Blocks and their markers are marker.ts, drawing is render.ts.
import type * as Y from "yjs"
import { BODY, META, TITLE } from "../replica/document"
import { changeBetween, wellFormed } from "./words"

export { createDocument, META } from "../replica/document"

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

/** What a document says of itself as a whole; null: it does not say. */
export interface Settings {
  /** BCP 47. */
  readonly language: string | null
  readonly direction: "ltr" | "rtl" | null
}

/** The settings in `meta`; a value that makes no sense is none. */
export function readSettings(doc: Y.Doc): Settings {
  const meta = doc.getMap(META)
  const [language, direction] = [meta.get("language"), meta.get("direction")]
  return {
    language:
      typeof language === "string" && /^[A-Za-z0-9]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/.test(language)
        ? language
        : null,
    direction: direction === "ltr" || direction === "rtl" ? direction : null,
  }
}

/** Writes what differs, and nothing else. `origin`: one that leaves the document. */
export function writeSettings(doc: Y.Doc, wanted: Settings, origin: unknown): void {
  const before = readSettings(doc)
  const meta = doc.getMap(META)
  doc.transact(() => {
    for (const name of ["language", "direction"] as const) {
      const value = wanted[name]
      if (value === before[name]) continue
      if (value === null) meta.delete(name)
      else meta.set(name, value)
    }
  }, origin)
}
