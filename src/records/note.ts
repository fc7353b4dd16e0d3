// Notes (protocol §10): comments and suggestions beside the text. An envelope of kind 3 carries a list of events, each
// about words of the document or about an earlier event. Nobody's event replaces another's: what they come to
// together is for content/notes.ts. Hosts carry these bytes sealed and never read them. Strict, like every codec here.
import { FormatError, NewerVersionError } from "../bytes/errors"
import { idBytes, type SessionId } from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { Writer } from "../bytes/writer"
import { readSessionId } from "./layout"

/** An event's name: its session, and how many events that session wrote before it. Nobody can write under another's. */
export type NoteId = `${SessionId}.${number}`

export function noteId(sessionId: SessionId, index: number): NoteId {
  return `${sessionId}.${index}`
}

export function noteParts(id: NoteId): { readonly sessionId: SessionId; readonly index: number } {
  const dot = id.indexOf(".")
  return { sessionId: id.slice(0, dot) as SessionId, index: Number(id.slice(dot + 1)) }
}

/** A place among the words, beside a unit that stays itself whatever others do; null: the start of the text. */
export type NotePlace = {
  readonly side: "before" | "after"
  readonly client: number
  readonly clock: number
} | null

/** The words that a note is about, from place to place. Both the same: a place between words. */
export interface NoteAnchor {
  readonly start: NotePlace
  readonly end: NotePlace
  /** The words as they were, so that they are found again when a deletion is undone; cut to 200 characters. */
  readonly quote: string
}

/** A format's or a marker key's value; null takes it away. */
export type NoteValue = null | true | string | number
export type NoteKeys = readonly (readonly [key: string, value: NoteValue])[]

/** A stretch of suggested text: words with their formats, or the beginning of a block with its marker's keys. */
export type NotePiece =
  | { readonly kind: "text"; readonly text: string; readonly formats: NoteKeys }
  | { readonly kind: "block"; readonly keys: NoteKeys }

/** What a suggestion would do to the words of its anchor. */
export type NoteChange =
  /** Takes the anchored words out and puts `pieces` in their place; either may be nothing. */
  | { readonly kind: "text"; readonly pieces: readonly NotePiece[] }
  /** Sets formats of the anchored words. */
  | { readonly kind: "format"; readonly keys: NoteKeys }
  /** Sets keys of the markers of the blocks that the anchor touches. */
  | { readonly kind: "block"; readonly keys: NoteKeys }

export type NoteEvent =
  /** Says how the writer is called. Untrusted words, like a name in presence. */
  | { readonly type: "sign"; readonly name: string; readonly colour: string }
  | { readonly type: "add"; readonly anchor: NoteAnchor; readonly body: string }
  | { readonly type: "suggest"; readonly anchor: NoteAnchor; readonly change: NoteChange }
  /** The suggestion's writer went on: this is what it is now. */
  | {
      readonly type: "revise"
      readonly note: NoteId
      readonly anchor: NoteAnchor
      readonly change: NoteChange
    }
  | { readonly type: "reply"; readonly note: NoteId; readonly body: string }
  | { readonly type: "edit"; readonly note: NoteId; readonly body: string }
  | { readonly type: "resolve"; readonly note: NoteId; readonly on: boolean }
  | { readonly type: "react"; readonly note: NoteId; readonly emoji: string; readonly on: boolean }
  | { readonly type: "delete"; readonly note: NoteId }
  /** A suggestion was accepted (its writer also wrote the change into the text) or rejected. */
  | { readonly type: "decide"; readonly note: NoteId; readonly on: boolean }

const VERSION = 1
const TYPES = [
  "sign",
  "add",
  "suggest",
  "revise",
  "reply",
  "edit",
  "resolve",
  "react",
  "delete",
  "decide",
] as const
const CHANGES = ["text", "format", "block"] as const

export const NOTE_EVENTS_MAX = 1_000
export const NOTE_BODY_BYTES_MAX = 16 * 1024
export const NOTE_TEXT_BYTES_MAX = 64 * 1024
export const NOTE_PIECES_MAX = 1_000
const QUOTE_BYTES_MAX = 1_024
const NAME_BYTES_MAX = 160
const COLOUR_BYTES_MAX = 16
const EMOJI_BYTES_MAX = 64
const KEYS_MAX = 32
const KEY_BYTES_MAX = 64
const VALUE_BYTES_MAX = 2_048

/** The events that follow one another in a session, as the payload of an envelope. A fresh array. Asserts the limits. */
export function encodeNotes(events: readonly NoteEvent[]): Uint8Array {
  const writer = new Writer().byte(VERSION)
  writer.list(events, event => writeEvent(writer, event))
  const bytes = writer.end()
  decodeNotes(bytes)
  return bytes
}

/** Throws FormatError, NewerVersionError. */
export function decodeNotes(bytes: Uint8Array): NoteEvent[] {
  const reader = new Reader(bytes)
  const version = reader.byte("a version of notes")
  if (version > VERSION) throw new NewerVersionError(`expected notes of version ${VERSION}, got ${version}`)
  if (version !== VERSION) throw new FormatError(`expected notes of version ${VERSION}, got ${version}`)
  const events = reader.list("notes", NOTE_EVENTS_MAX, () => readEvent(reader))
  if (events.length === 0) throw new FormatError("expected at least one note")
  reader.end("notes")
  return events
}

/** The earlier event that an event is about; null: it is about words, or about its writer. */
export function targetOf(event: NoteEvent): NoteId | null {
  return "note" in event ? event.note : null
}

function writeEvent(writer: Writer, event: NoteEvent): void {
  writer.byte(TYPES.indexOf(event.type))
  if ("note" in event) {
    const { sessionId, index } = noteParts(event.note)
    writer.bytes(idBytes(sessionId)).number(index)
  }
  if ("anchor" in event) writeAnchor(writer, event.anchor)
  if ("change" in event) writeChange(writer, event.change)
  if ("body" in event) writer.text(event.body)
  if (event.type === "sign") writer.text(event.name).text(event.colour)
  if (event.type === "react") writer.text(event.emoji)
  if ("on" in event) writer.byte(event.on ? 1 : 0)
}

function readEvent(reader: Reader): NoteEvent {
  const code = reader.byte("a type of note")
  const type = TYPES[code]
  switch (type) {
    case "sign":
      return {
        type,
        name: reader.text("a name", NAME_BYTES_MAX),
        colour: reader.text("a colour's name", COLOUR_BYTES_MAX),
      }
    case "add":
      return { type, anchor: readAnchor(reader), body: readBody(reader) }
    case "suggest":
      return { type, anchor: readAnchor(reader), change: readChange(reader) }
    case "revise":
      return { type, note: readNoteId(reader), anchor: readAnchor(reader), change: readChange(reader) }
    case "reply":
    case "edit":
      return { type, note: readNoteId(reader), body: readBody(reader) }
    case "resolve":
    case "decide":
      return { type, note: readNoteId(reader), on: readFlag(reader) }
    case "react":
      return {
        type,
        note: readNoteId(reader),
        emoji: filled(reader.text("a reaction", EMOJI_BYTES_MAX), "a reaction"),
        on: readFlag(reader),
      }
    case "delete":
      return { type, note: readNoteId(reader) }
    case undefined:
      throw new NewerVersionError(`expected a type of note below ${TYPES.length}, got ${code}`)
    default:
      return type satisfies never
  }
}

function readNoteId(reader: Reader): NoteId {
  return noteId(readSessionId(reader), reader.number("the number of a note"))
}

function readBody(reader: Reader): string {
  return filled(reader.text("the words of a note", NOTE_BODY_BYTES_MAX), "the words of a note")
}

function filled(text: string, what: string): string {
  if (text === "") throw new FormatError(`expected ${what}, got nothing`)
  return text
}

function readFlag(reader: Reader): boolean {
  const byte = reader.byte("yes or no")
  if (byte > 1) throw new FormatError(`expected 0 or 1, got ${byte}`)
  return byte === 1
}

function writeAnchor(writer: Writer, { start, end, quote }: NoteAnchor): void {
  for (const place of [start, end]) {
    if (place === null) writer.byte(0)
    else
      writer
        .byte(place.side === "before" ? 1 : 2)
        .number(place.client)
        .number(place.clock)
  }
  writer.text(quote)
}

function readAnchor(reader: Reader): NoteAnchor {
  return { start: readPlace(reader), end: readPlace(reader), quote: reader.text("a quote", QUOTE_BYTES_MAX) }
}

function readPlace(reader: Reader): NotePlace {
  const kind = reader.byte("a kind of place")
  if (kind > 2) throw new FormatError(`expected a place of kind 0 to 2, got ${kind}`)
  if (kind === 0) return null
  return {
    side: kind === 1 ? "before" : "after",
    client: reader.number("a client"),
    clock: reader.number("a clock"),
  }
}

function writeChange(writer: Writer, change: NoteChange): void {
  writer.byte(CHANGES.indexOf(change.kind))
  if (change.kind !== "text") {
    writeKeys(writer, change.keys)
    return
  }
  writer.list(change.pieces, piece => {
    if (piece.kind === "text") writeKeys(writer.byte(0).text(piece.text), piece.formats)
    else writeKeys(writer.byte(1), piece.keys)
  })
}

function readChange(reader: Reader): NoteChange {
  const code = reader.byte("a kind of change")
  const kind = CHANGES[code]
  if (kind === undefined)
    throw new NewerVersionError(`expected a kind of change below ${CHANGES.length}, got ${code}`)
  if (kind !== "text") {
    const keys = readKeys(reader)
    if (keys.length === 0) throw new FormatError("expected a change of at least one key")
    return { kind, keys }
  }
  const pieces = reader.list("pieces", NOTE_PIECES_MAX, (): NotePiece => {
    const isBlock = readFlag(reader)
    if (isBlock) return { kind: "block", keys: readKeys(reader) }
    const text = filled(reader.text("suggested words", NOTE_TEXT_BYTES_MAX), "suggested words")
    return { kind: "text", text, formats: readKeys(reader) }
  })
  return { kind, pieces }
}

function writeKeys(writer: Writer, keys: NoteKeys): void {
  writer.list(keys, ([key, value]) => {
    writer.text(key)
    if (value === null) writer.byte(0)
    else if (value === true) writer.byte(1)
    else if (typeof value === "string") writer.byte(2).text(value)
    else writer.byte(3).number(value)
  })
}

// Each key once: of two values of one key the order would decide, and nobody would have said which counts.
function readKeys(reader: Reader): NoteKeys {
  const keys = reader.list("keys", KEYS_MAX, () => {
    const key = filled(reader.text("a key", KEY_BYTES_MAX), "a key")
    return [key, readValue(reader)] as const
  })
  if (new Set(keys.map(([key]) => key)).size !== keys.length) throw new FormatError("expected each key once")
  return keys
}

function readValue(reader: Reader): NoteValue {
  const kind = reader.byte("a kind of value")
  switch (kind) {
    case 0:
      return null
    case 1:
      return true
    case 2:
      return reader.text("a value", VALUE_BYTES_MAX)
    case 3:
      return reader.number("a value")
    default:
      throw new FormatError(`expected a value of kind 0 to 3, got ${kind}`)
  }
}
