// The codec of notes: what is written is read as it was, and nothing else is.
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { FormatError, NewerVersionError } from "../../../src/bytes/errors"
import { idOf, type SessionId } from "../../../src/bytes/ids"
import {
  decodeNotes,
  encodeNotes,
  NOTE_BODY_BYTES_MAX,
  type NoteEvent,
  noteId,
  noteParts,
} from "../../../src/records/note"
import { runs } from "../chance"

const number = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })
/** Reactions and keys are at most 64 bytes; a grapheme can be any number of them. */
const short = text.filter(of => new TextEncoder().encode(of).length <= 64)
const session = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(bytes => idOf<SessionId>(bytes))
const note = fc.tuple(session, number).map(([of, index]) => noteId(of, index))
const place = fc.option(
  fc.record({ side: fc.constantFrom("before" as const, "after" as const), client: number, clock: number }),
)
const anchor = fc.record({ start: place, end: place, quote: fc.string({ unit: "grapheme", maxLength: 30 }) })
const value = fc.oneof(fc.constant(null), fc.constant(true as const), fc.string({ unit: "grapheme" }), number)
const keysOf = (minLength: number) =>
  fc.uniqueArray(fc.tuple(short, value), {
    minLength,
    maxLength: 4,
    selector: ([key]) => key,
  })
const piece = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text, formats: keysOf(0) }),
  fc.record({ kind: fc.constant("block" as const), keys: keysOf(0) }),
)
const change = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), pieces: fc.array(piece, { maxLength: 4 }) }),
  fc.record({ kind: fc.constant("format" as const), keys: keysOf(1) }),
  fc.record({ kind: fc.constant("block" as const), keys: keysOf(1) }),
)
const event: fc.Arbitrary<NoteEvent> = fc.oneof(
  fc.record({ type: fc.constant("sign" as const), name: text, colour: fc.constantFrom("moss", "") }),
  fc.record({ type: fc.constant("add" as const), anchor, body: text }),
  fc.record({ type: fc.constant("suggest" as const), anchor, change }),
  fc.record({ type: fc.constant("revise" as const), note, anchor, change }),
  fc.record({ type: fc.constantFrom("reply" as const, "edit" as const), note, body: text }),
  fc.record({ type: fc.constantFrom("resolve" as const, "decide" as const), note, on: fc.boolean() }),
  fc.record({ type: fc.constant("react" as const), note, emoji: short, on: fc.boolean() }),
  fc.record({ type: fc.constant("delete" as const), note }),
)

const SESSION = idOf<SessionId>(new Uint8Array(16).fill(7))
const reply = encodeNotes([{ type: "reply", note: noteId(SESSION, 3), body: "yes" }])

describe("notes", () => {
  test("are read as they were written", () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 5 }), events => {
        expect(decodeNotes(encodeNotes(events))).toEqual(events)
      }),
      runs(300),
    )
  })

  test("cut or with a changed byte are refused by name, or are other notes that are written the same", () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 3 }),
        fc.nat(),
        fc.nat(255),
        (events, at, byte) => {
          const bytes = encodeNotes(events)
          const broken = bytes.map((was, index) => (index === at % bytes.length ? byte : was))
          for (const tried of [broken, bytes.slice(0, at % bytes.length)]) {
            try {
              expect(encodeNotes(decodeNotes(tried))).toEqual(tried)
            } catch (error) {
              expect(error instanceof FormatError || error instanceof NewerVersionError, String(error)).toBe(
                true,
              )
            }
          }
        },
      ),
      runs(300),
    )
  })

  test("have ids that name a session and a number", () => {
    expect(noteParts(noteId(SESSION, 12))).toEqual({ sessionId: SESSION, index: 12 })
  })

  test("of a later version, or of a type that is not known here, come from somebody newer", () => {
    for (const bytes of [Uint8Array.of(2, 1, 0), Uint8Array.of(1, 1, 10)])
      expect(() => decodeNotes(bytes)).toThrow(NewerVersionError)
  })

  test.each([
    ["nothing at all", new Uint8Array(0)],
    ["version 0", Uint8Array.of(0, 1)],
    ["no event", Uint8Array.of(1, 0)],
    ["a thousand and one events", Uint8Array.of(1, 0xe9, 0x07)],
    ["an event that ends early", reply.slice(0, -1)],
    ["something behind the last event", Uint8Array.of(...reply, 0)],
    ["a reply without words", Uint8Array.of(...reply.slice(0, -4), 0)],
    ["a number in a longer spelling", Uint8Array.of(...reply.slice(0, 19), 0x83, 0x00, ...reply.slice(20))],
  ])("%s is refused", (_what, bytes) => {
    expect(() => decodeNotes(bytes)).toThrow(FormatError)
  })

  test("longer than the limit are never written", () => {
    const body = "x".repeat(NOTE_BODY_BYTES_MAX + 1)
    expect(() => encodeNotes([{ type: "reply", note: noteId(SESSION, 0), body }])).toThrow("at most")
    expect(() => encodeNotes([])).toThrow("at least one")
  })

  test("one key is set once in a change", () => {
    const keys = [["bold", true] as const, ["bold", null] as const]
    const anchor = { start: null, end: null, quote: "" }
    expect(() => encodeNotes([{ type: "suggest", anchor, change: { kind: "format", keys } }])).toThrow("once")
  })
})
