// The dictionary between a text's attributes (what Yjs calls formats) and ProseMirror's marks, both ways.
// An attribute that this version does not know becomes an `unknown` mark that carries key and value, so that
// typing, cutting and pasting keep it, and drawing it shows nothing.
import type { Mark } from "prosemirror-model"
import { safeAddress } from "./link"
import { schema } from "./schema"

/** The attributes in force at a place of the text. Never changed once made: `withFormat` makes a new one. */
export type Attributes = ReadonlyMap<string, unknown>

export const NO_ATTRIBUTES: Attributes = new Map()

const TOGGLES = new Set(["bold", "italic", "underline", "strike", "code", "highlight"])
const drawn = new WeakMap<Attributes, readonly Mark[]>()

/** The attributes after a format item; null takes the key away. */
export function withFormat(attributes: Attributes, key: string, value: unknown): Attributes {
  const next = new Map(attributes)
  if (value === null || value === undefined) next.delete(key)
  else next.set(key, value)
  return next
}

export function sameAttributes(a: Attributes, b: Attributes): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (!b.has(key) || !samePlain(value, b.get(key))) return false
  return true
}

/** The marks that draw the attributes, in the schema's order: the same whatever order the formats came in. */
export function marksOf(attributes: Attributes): readonly Mark[] {
  if (attributes.size === 0) return []
  const known = drawn.get(attributes)
  if (known !== undefined) return known
  // Unknown marks have no order among themselves, so their keys give it.
  const keys = [...attributes.keys()].sort()
  let marks: readonly Mark[] = []
  for (const key of keys) marks = markOf(key, attributes.get(key)).addToSet(marks)
  drawn.set(attributes, marks)
  return marks
}

/** The text attribute that a mark stands for. */
export function formatOf(mark: Mark): readonly [key: string, value: unknown] {
  if (mark.type === schema.marks.unknown) return [String(mark.attrs["key"]), mark.attrs["value"]]
  if (mark.type === schema.marks.link) return ["link", mark.attrs["href"]]
  return [mark.type.name, true]
}

function markOf(key: string, value: unknown): Mark {
  if (TOGGLES.has(key) && value === true) return schema.mark(key as "bold")
  if (key === "link") {
    const href = safeAddress(value)
    // Only an address that is already in its safe form: trimming would make the drawn value differ from the stored.
    if (href !== null && href === value) return schema.mark("link", { href })
  }
  return schema.mark("unknown", { key, value })
}

function samePlain(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  return JSON.stringify(a) === JSON.stringify(b)
}
