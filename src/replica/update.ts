// Reads the bytes of a Yjs update, version 1, without Yjs: every struct and every delete range in order, under limits,
// each number in its shortest spelling. Yjs itself would throw on some hostile bytes, build millions of objects for
// others and create sub-documents for a third kind; what passes here is plain. What it may *mean* is for rules.ts.
//
//     blocks | { structs | client | clock | struct… }…  ||  clients | { client | ranges | { clock | length }… }…
//
// The layout is that of yjs 13.6 (structs/Item.js, utils/UpdateDecoder.js, utils/DeleteSet.js).
import { FormatError } from "../bytes/errors"
import { Reader } from "../bytes/reader"

export const STRUCTS_MAX = 200_000
export const RANGES_MAX = 100_000
/** Nesting of values inside one struct, and of types in types. */
export const DEPTH_MAX = 64
export const CLOCK_MAX = 2 ** 40

/** A place in what one client wrote. */
export interface Place {
  readonly client: number
  readonly clock: number
}

/** What a struct says about itself, as far as rules are concerned. */
export interface Struct {
  readonly clock: number
  readonly length: number
  readonly origin: Place | null
  readonly rightOrigin: Place | null
  /** A root's name, a type's place, or null: the parent of its neighbours. */
  readonly parent: Place | string | null
  readonly parentKey: string | null
  /** GC: what it was is gone, and so is where it stood. */
  readonly isGone: boolean
}

/** Called in the order of the bytes. May throw to stop. */
export interface Visitor {
  block(client: number, clock: number): void
  struct(struct: Struct): void
  range(client: number, clock: number, length: number): void
}

/** Why bytes are no update that Sheaf takes; the message says what was expected. */
export class UnfitError extends Error {
  override readonly name = "UnfitError"
}

/** Reads all of `bytes`. Throws UnfitError, FormatError, and what the visitor throws. */
export function readUpdate(bytes: Uint8Array, visitor: Visitor): void {
  const reader = new Reader(bytes)
  let structs = 0
  const blocks = reader.number("the number of blocks", STRUCTS_MAX)
  for (let block = 0; block < blocks; block++) {
    const count = reader.number("the number of structs")
    structs += count
    if (structs > STRUCTS_MAX) throw new UnfitError(`expected at most ${STRUCTS_MAX} structs`)
    const client = reader.number("a client")
    let clock = readClock(reader)
    visitor.block(client, clock)
    for (let index = 0; index < count; index++) {
      const struct = readStruct(reader, clock)
      if (struct.length < 1) throw new UnfitError("expected a struct to have a length")
      clock += struct.length
      if (clock > CLOCK_MAX) throw new UnfitError("expected clocks below 2^40")
      visitor.struct(struct)
    }
  }
  readRanges(reader, visitor)
  reader.end("an update")
}

function readRanges(reader: Reader, visitor: Visitor): void {
  let ranges = 0
  const clients = reader.number("the number of clients with deletions", RANGES_MAX)
  for (let index = 0; index < clients; index++) {
    const client = reader.number("a client")
    const count = reader.number("the number of delete ranges")
    ranges += count
    if (ranges > RANGES_MAX) throw new UnfitError(`expected at most ${RANGES_MAX} delete ranges`)
    for (let range = 0; range < count; range++) {
      const clock = readClock(reader)
      const length = reader.number("a length", CLOCK_MAX)
      if (length < 1) throw new UnfitError("expected a delete range to have a length")
      visitor.range(client, clock, length)
    }
  }
}

// Bits of the byte that opens a struct: content in the low five, then which neighbours are named.
const CONTENT = 0b0001_1111
const HAS_KEY = 0b0010_0000
const HAS_RIGHT = 0b0100_0000
const HAS_LEFT = 0b1000_0000

function readStruct(reader: Reader, clock: number): Struct {
  const info = reader.byte("a struct")
  if (info === 0) {
    const length = reader.number("a length", CLOCK_MAX)
    return { clock, length, origin: null, rightOrigin: null, parent: null, parentKey: null, isGone: true }
  }
  const origin = info & HAS_LEFT ? readPlace(reader) : null
  const rightOrigin = info & HAS_RIGHT ? readPlace(reader) : null
  let parent: Place | string | null = null
  let parentKey: string | null = null
  if (!origin && !rightOrigin) {
    parent = reader.number("a kind of parent", 1) === 1 ? readName(reader) : readPlace(reader)
    if (info & HAS_KEY) parentKey = readName(reader)
  }
  const length = readContent(reader, info & CONTENT)
  return { clock, length, origin, rightOrigin, parent, parentKey, isGone: false }
}

/**
 * The length of a content in clocks. The allow-list: what honest work makes, and bytes, which are harmless.
 * Sub-documents (9) are created and loaded by Yjs on sight; XML types, JSON (2) and skips (10) are nobody's here.
 */
function readContent(reader: Reader, kind: number): number {
  switch (kind) {
    case 1: // deleted
      return reader.number("a length", CLOCK_MAX)
    case 3: // binary
      reader.block("bytes", reader.left)
      return 1
    case 4: // string; Yjs counts UTF-16 units
      return reader.text("text", reader.left).length
    case 5: // embed
      readJson(reader)
      return 1
    case 6: // format
      readName(reader)
      readJson(reader)
      return 1
    case 7: // type: 0 array, 1 map, 2 text
      reader.number("a shared type that is known here", 2)
      return 1
    case 8: {
      // any
      const count = reader.number("the number of values", reader.left)
      for (let index = 0; index < count; index++) readAny(reader, 0)
      return count
    }
    default:
      throw new UnfitError(`expected content of a known kind, got kind ${kind}`)
  }
}

function readAny(reader: Reader, depth: number): void {
  if (depth > DEPTH_MAX) throw new UnfitError(`expected values nested at most ${DEPTH_MAX} deep`)
  const kind = reader.byte("a value")
  switch (kind) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return
    case 125: // a signed integer, seven bits a byte
      for (let index = 0; reader.byte("an integer") >= 0x80; index++)
        if (index >= 8) throw new UnfitError("expected an integer below 2^53")
      return
    case 124: // float
      reader.bytes(4, "a number")
      return
    case 123: // double
    case 122: // 64-bit integer
      reader.bytes(8, "a number")
      return
    case 119:
      reader.text("text", reader.left)
      return
    case 118: {
      const count = reader.number("the number of keys", reader.left)
      for (let index = 0; index < count; index++) {
        readName(reader)
        readAny(reader, depth + 1)
      }
      return
    }
    case 117: {
      const count = reader.number("the number of values", reader.left)
      for (let index = 0; index < count; index++) readAny(reader, depth + 1)
      return
    }
    case 116:
      reader.block("bytes", reader.left)
      return
    default:
      throw new UnfitError(`expected a value of a known kind, got kind ${kind}`)
  }
}

// How deep it nests is counted before it is parsed: parsers differ in how deep they go before they fail.
function readJson(reader: Reader): void {
  const json = reader.text("JSON", reader.left)
  let depth = 0
  let inString = false
  for (let index = 0; index < json.length; index++) {
    const character = json[index]
    if (inString) {
      if (character === "\\") index++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === "{" || character === "[") {
      if (++depth > DEPTH_MAX) throw new UnfitError(`expected JSON nested at most ${DEPTH_MAX} deep`)
    } else if (character === "}" || character === "]") depth--
  }
  expectPlainKeys(parse(json))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new FormatError("expected JSON", { cause: error })
  }
}

function expectPlainKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    expectHarmless(key)
    expectPlainKeys(inner)
  }
}

/** The key that would change what an object is. */
function expectHarmless(name: string): void {
  if (name === "__proto__") throw new UnfitError("expected a key other than __proto__")
}

function readName(reader: Reader): string {
  const name = reader.text("a name", reader.left)
  expectHarmless(name)
  return name
}

function readPlace(reader: Reader): Place {
  return { client: reader.number("a client"), clock: readClock(reader) }
}

function readClock(reader: Reader): number {
  return reader.number("a clock", CLOCK_MAX)
}
