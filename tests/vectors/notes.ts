// Vectors of notes: the payload of kind 3, byte by byte, and what is refused of it.
import { idBytes, idOf, type SessionId } from "../../src/bytes/ids"
import { concat } from "../../src/bytes/writer"
import { encodeNotes, type NoteEvent, noteId, noteParts } from "../../src/records/note"
import { patched, secret, toHex, type Verdict } from "./world"

interface NoteVector {
  readonly name: string
  readonly bytes: string
  readonly expect: Verdict
  /** The events, ids as session in hex and index. */
  readonly notes?: readonly unknown[]
}

const session = idOf<SessionId>(secret("a session of notes").subarray(0, 16))
const note = noteId(session, 300)
const anchor = {
  start: { side: "before", client: 2 ** 52, clock: 7 },
  end: { side: "after", client: 12, clock: 2 ** 40 - 1 },
  quote: "in May",
} as const
const here = { start: null, end: null, quote: "" } as const

/** Events as JSON that any language can read. */
export function plainNotes(events: readonly NoteEvent[]): readonly unknown[] {
  return events.map(event => {
    if (!("note" in event)) return event
    const { sessionId, index } = noteParts(event.note)
    return { ...event, note: { session: toHex(idBytes(sessionId)), index } }
  })
}

export function noteVectors(): NoteVector[] {
  const vectors: NoteVector[] = []
  const good = (name: string, ...events: NoteEvent[]) => {
    vectors.push({ name, bytes: toHex(encodeNotes(events)), expect: "good", notes: plainNotes(events) })
  }
  const other = (name: string, expect: Verdict, bytes: Uint8Array) =>
    vectors.push({ name, bytes: toHex(bytes), expect })
  good("a name", { type: "sign", name: "Ana 🌾", colour: "moss" })
  good("a comment", { type: "add", anchor, body: "Not in June?" })
  good("a comment at the start of the text", { type: "add", anchor: here, body: "Hm" })
  good("words suggested in place of others", {
    type: "suggest",
    anchor,
    change: {
      kind: "text",
      pieces: [
        { kind: "text", text: "in June", formats: [["bold", true]] },
        {
          kind: "block",
          keys: [
            ["type", "heading"],
            ["level", 2],
          ],
        },
      ],
    },
  })
  good("words suggested to go", { type: "suggest", anchor, change: { kind: "text", pieces: [] } })
  good("a format suggested, another taken away", {
    type: "suggest",
    anchor,
    change: {
      kind: "format",
      keys: [
        ["link", "https://example.org/"],
        ["italic", null],
      ],
    },
  })
  good("a suggestion that was revised", {
    type: "revise",
    note,
    anchor,
    change: { kind: "block", keys: [["list", "task"]] },
  })
  const rest: readonly NoteEvent[] = [
    { type: "reply", note, body: "Yes" },
    { type: "edit", note, body: "No" },
    { type: "resolve", note, on: true },
    { type: "react", note, emoji: "👍", on: false },
    { type: "delete", note },
    { type: "decide", note, on: false },
  ]
  good("a reply, an edit, and the rest, in one", ...rest)

  const comment = encodeNotes([{ type: "add", anchor: here, body: "Hm" }])
  other("empty", "format", new Uint8Array(0))
  other("no event", "format", Uint8Array.of(1, 0))
  other("one byte short", "format", comment.slice(0, -1))
  other("one byte more", "format", concat(comment, Uint8Array.of(0)))
  other("version 0", "format", patched(comment, 0, 1, 0))
  other("version 2", "newer", patched(comment, 0, 1, 2))
  other("type 10", "newer", patched(comment, 2, 1, 10))
  other("a place of kind 3", "format", patched(comment, 3, 1, 3))
  other("a comment without words", "format", Uint8Array.of(1, 1, 1, 0, 0, 0, 0))
  other("words that are no UTF-8", "format", patched(comment, 7, 1, 0xff))
  other("a change of kind 3", "newer", Uint8Array.of(1, 1, 2, 0, 0, 0, 3))
  other("a format change of nothing", "format", Uint8Array.of(1, 1, 2, 0, 0, 0, 1, 0))
  other("one key twice", "format", Uint8Array.of(1, 1, 2, 0, 0, 0, 1, 2, 1, 0x62, 1, 1, 0x62, 0))
  other("a value of kind 4", "format", Uint8Array.of(1, 1, 2, 0, 0, 0, 1, 1, 1, 0x62, 4))
  other("neither yes nor no", "format", Uint8Array.of(1, 1, 6, ...idBytes(session), 0, 2))
  return vectors
}
