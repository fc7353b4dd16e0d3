// A marker is the Y.Map that opens a block; its keys say what the block is. This file is the one dictionary
// between a marker's keys and the attributes of a ProseMirror block, both ways. Reading takes any value
// whatever and never throws: what does not fit is left alone in the marker and shows as if it were absent.

import { PICTURE_KEYS, readPicture } from "./picture"
import { readTable } from "./table"

export type List = "bullet" | "ordered" | "task"
export type Align = "start" | "center" | "end"

/** Keys and plain values that this version does not understand, sorted by key: kept, copied, never interpreted. */
export type OtherKeys = readonly (readonly [key: string, value: unknown])[]

/** The attributes that every kind of block has. */
export type BlockAttributes = {
  readonly list: List | null
  readonly checked: boolean
  /** 0 to 8. */
  readonly indent: number
  /** Container path such as "quote" or "callout:info"; null: none. */
  readonly in: string | null
  readonly dir: "ltr" | "rtl" | null
  /** Language of the text (BCP 47), or of the program when the block is code. */
  readonly lang: string | null
  readonly align: Align | null
  readonly other: OtherKeys
}

/** The names of the kinds of block, as `node.type.name`. */
export type BlockName =
  | "paragraph"
  | "heading"
  | "code_block"
  | "divider"
  | "image"
  | "table"
  | "unknown_block"

/** Which cells of a table are headings. */
export type Header = "row" | "column" | "both" | "none"

/** What a marker says, ready to become a block: the name of its node in schema.ts, and the node's attributes. */
export interface Reading {
  readonly node: BlockName
  readonly attributes: Readonly<Record<string, unknown>>
}

export const INDENT_MAX = 8
export const LEVEL_MAX = 3
const NAME_LENGTH_MAX = 60

export const PLAIN: BlockAttributes = {
  list: null,
  checked: false,
  indent: 0,
  in: null,
  dir: null,
  lang: null,
  align: null,
  other: [],
}

const HEADERS = ["row", "column", "both", "none"] as const
const KNOWN = new Set(
  "type level list checked indent in dir lang align id header rows columns cells".split(" "),
)
// `__proto__` and friends are ordinary words to a Y.Map and a trap in a plain object: they are never copied.
const NEVER = new Set(["__proto__", "constructor", "prototype"])

/** A marker's keys, to be read: the Y.Map of the text, or plain ones that somebody suggests. */
export interface MarkerMap {
  get(key: string): unknown
  forEach(f: (value: unknown, key: string) => void): void
}

/** Reads a marker, or null for the text before the first one. Writes nothing, never throws. */
export function readMarker(marker: MarkerMap | null): Reading {
  if (marker === null) return { node: "paragraph", attributes: PLAIN }
  const type = marker.get("type")
  const attributes: BlockAttributes = {
    list: oneOf(marker.get("list"), ["bullet", "ordered", "task"] as const),
    checked: marker.get("checked") === true,
    indent: whole(marker.get("indent"), 0, INDENT_MAX),
    in: name(marker.get("in")),
    dir: oneOf(marker.get("dir"), ["ltr", "rtl"] as const),
    lang: name(marker.get("lang")),
    align: oneOf(marker.get("align"), ["start", "center", "end"] as const),
    other: otherKeys(marker),
  }
  switch (type) {
    case undefined:
    case "paragraph":
      return { node: "paragraph", attributes }
    case "heading":
      return {
        node: "heading",
        attributes: {
          ...attributes,
          level: whole(marker.get("level"), 1, LEVEL_MAX),
          id: name(marker.get("id")),
        },
      }
    case "code":
      return { node: "code_block", attributes }
    case "divider":
      return { node: "divider", attributes }
    case "table":
      return readTable(marker) === null
        ? { node: "unknown_block", attributes: { ...attributes, type } }
        : {
            node: "table",
            attributes: { ...attributes, header: oneOf(marker.get("header"), HEADERS) ?? "row" },
          }
    case "image": {
      const picture = readPicture(key => marker.get(key))
      if (picture === null) return { node: "unknown_block", attributes: { ...attributes, type } }
      const other = attributes.other.filter(([key]) => !PICTURE_KEYS.includes(key))
      return { node: "image", attributes: { ...attributes, other, ...picture } }
    }
    default:
      return { node: "unknown_block", attributes: { ...attributes, type: name(type) ?? "?" } }
  }
}

/**
 * The keys that a marker has for a block, as plain values; what is absent from the map is absent from the
 * marker. The unknown keys of `other` come along only when a *new* marker is made (`withOther`).
 */
export function markerKeys(
  node: string,
  attributes: Readonly<Record<string, unknown>>,
  withOther: boolean,
): Map<string, unknown> {
  const keys = new Map<string, unknown>()
  if (withOther && Array.isArray(attributes["other"]))
    for (const [key, value] of attributes["other"] as OtherKeys) keys.set(key, value)
  if (node === "heading") {
    keys.set("type", "heading").set("level", whole(attributes["level"], 1, LEVEL_MAX))
    if (typeof attributes["id"] === "string") keys.set("id", attributes["id"])
  }
  if (node === "code_block") keys.set("type", "code")
  else if (node === "divider") keys.set("type", "divider")
  else if (node === "table") {
    keys.set("type", "table")
    if (attributes["header"] !== "row") keys.set("header", oneOf(attributes["header"], HEADERS) ?? "row")
  } else if (node === "image") {
    keys.set("type", "image")
    for (const key of PICTURE_KEYS) if (attributes[key] !== null) keys.set(key, attributes[key])
  } else if (node === "unknown_block") keys.set("type", attributes["type"])
  for (const key of ["list", "in", "dir", "lang", "align"])
    if (typeof attributes[key] === "string") keys.set(key, attributes[key])
  if (attributes["checked"] === true) keys.set("checked", true)
  const indent = whole(attributes["indent"], 0, INDENT_MAX)
  if (indent > 0) keys.set("indent", indent)
  return keys
}

/** Whether a pair may travel in `other`: a key this version does not interpret, a value that is plain JSON. */
export function isOtherPair(key: unknown, value: unknown): boolean {
  return typeof key === "string" && !KNOWN.has(key) && !NEVER.has(key) && isPlainValue(value)
}

function otherKeys(marker: MarkerMap): OtherKeys {
  const pairs: [string, unknown][] = []
  marker.forEach((value, key) => {
    if (isOtherPair(key, value)) pairs.push([key, value])
  })
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Whether a value is plain JSON, at most `depth` levels deep, without keys that are traps in an object. */
export function isPlainValue(value: unknown, depth = 4): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true
  if (typeof value === "number") return Number.isFinite(value)
  if (depth === 0 || typeof value !== "object") return false
  if (Array.isArray(value)) return value.every(item => isPlainValue(item, depth - 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return false // a Y type, bytes, a date: left where it is
  return Object.entries(value).every(([key, item]) => !NEVER.has(key) && isPlainValue(item, depth - 1))
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | null {
  return allowed.find(each => each === value) ?? null
}

function name(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= NAME_LENGTH_MAX ? value : null
}

function whole(value: unknown, least: number, most: number): number {
  return typeof value === "number" && Number.isFinite(value)
    ? Math.min(most, Math.max(least, Math.trunc(value)))
    : least
}
