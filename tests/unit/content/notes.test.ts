// Threads as laws: they follow from the set of events alone, and from who had the right to what.
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { idOf, type SessionId } from "../../../src/bytes/ids"
import { type NoteEntry, threadsOf } from "../../../src/content/notes"
import { type NoteEvent, type NoteId, noteId } from "../../../src/records/note"
import type { Role } from "../../../src/records/roles"
import { runs } from "../chance"

const ANCHOR = { start: null, end: null, quote: "words" }
const INSERT = { kind: "text", pieces: [{ kind: "text", text: "new", formats: [] }] } as const

/** A company that writes notes, each event later than all before it. */
class Log {
  readonly entries: NoteEntry[] = []
  readonly #written = new Map<string, number>()

  /** Writes an event by a person, who has one session; gives its id. `lamport`: as if others' events were not known. */
  by(person: string, role: Role, event: NoteEvent, lamport = this.entries.length + 1): NoteId {
    const index = this.#written.get(person) ?? 0
    this.#written.set(person, index + 1)
    const id = noteId(sessionOf(person), index)
    this.entries.push({ id, event, lamport, at: 1_000 + lamport, person, role })
    return id
  }

  get threads() {
    return threadsOf(this.entries)
  }

  get only() {
    const [thread, ...others] = this.threads
    if (!thread || others.length > 0) throw new Error(`there are ${this.threads.length} threads`)
    return thread
  }
}

function sessionOf(person: string): SessionId {
  return idOf<SessionId>(Uint8Array.from({ length: 16 }, (_, index) => person.charCodeAt(0) + index))
}

describe("a thread", () => {
  test("has a first comment, replies in their order, and the names by which their writers go", () => {
    const log = new Log()
    log.by("ana", "comment", { type: "sign", name: "Ana\u202e  ", colour: "moss" })
    const first = log.by("ana", "comment", { type: "add", anchor: ANCHOR, body: "Really?" })
    const reply = log.by("bo", "edit", { type: "reply", note: first, body: "Yes." })
    log.by("ana", "comment", { type: "reply", note: reply, body: "Fine." })
    expect(log.only.first).toMatchObject({
      body: "Really?",
      by: { name: "Ana", colour: "moss" },
      edited: false,
    })
    expect(log.only.replies.map(({ body }) => body)).toEqual(["Yes.", "Fine."])
    expect(log.only).toMatchObject({ status: "open", anchor: ANCHOR, change: null })
  })

  test("a later name is the name from the beginning", () => {
    const log = new Log()
    log.by("ana", "comment", { type: "add", anchor: ANCHOR, body: "Hm" })
    log.by("ana", "comment", { type: "sign", name: "Ana", colour: "clay" })
    expect(log.only.first.by.name).toBe("Ana")
  })

  test("is resolved and opened again by anybody, and says by whom", () => {
    const log = new Log()
    const first = log.by("ana", "edit", { type: "add", anchor: ANCHOR, body: "Hm" })
    log.by("bo", "comment", { type: "resolve", note: first, on: true })
    expect(log.only).toMatchObject({ status: "resolved", decided: { by: { person: "bo" } } })
    log.by("cy", "comment", { type: "resolve", note: first, on: false })
    expect(log.only).toMatchObject({ status: "open", decided: null })
  })

  test("a comment is edited and removed by its writer and by an editor, and by nobody else", () => {
    const log = new Log()
    const first = log.by("ana", "comment", { type: "add", anchor: ANCHOR, body: "mine" })
    log.by("bo", "comment", { type: "edit", note: first, body: "bo's" })
    log.by("bo", "suggest", { type: "delete", note: first })
    expect(log.only.first.body).toBe("mine")
    log.by("ana", "comment", { type: "edit", note: first, body: "mine, better" })
    expect(log.only.first).toMatchObject({ body: "mine, better", edited: true })
    log.by("cy", "edit", { type: "edit", note: first, body: "by an editor" })
    expect(log.only.first.body).toBe("by an editor")
    log.by("ana", "comment", { type: "delete", note: first })
    expect(log.threads).toEqual([])
  })

  test("whose first comment was removed stays while somebody's reply is there", () => {
    const log = new Log()
    const first = log.by("ana", "comment", { type: "add", anchor: ANCHOR, body: "oops" })
    const reply = log.by("bo", "comment", { type: "reply", note: first, body: "I saw that" })
    log.by("ana", "comment", { type: "delete", note: first })
    expect(log.only.first).toMatchObject({ removed: true, body: "" })
    expect(log.only.replies).toHaveLength(1)
    log.by("bo", "comment", { type: "delete", note: reply })
    expect(log.threads).toEqual([])
  })

  test("of two edits at once the one by the greater session stands, on every replica", () => {
    const log = new Log()
    const first = log.by("ana", "edit", { type: "add", anchor: ANCHOR, body: "first" })
    log.by("zoe", "edit", { type: "edit", note: first, body: "zoe's" }, 5)
    log.by("bo", "edit", { type: "edit", note: first, body: "bo's" }, 5)
    expect(log.only.first.body).toBe("zoe's")
  })

  test("reactions count each person once, and can be taken back", () => {
    const log = new Log()
    const first = log.by("ana", "comment", { type: "add", anchor: ANCHOR, body: "Hm" })
    for (const person of ["bo", "cy", "bo"])
      log.by(person, "comment", { type: "react", note: first, emoji: "👍", on: true })
    expect(log.only.first.reactions.map(({ emoji, by }) => [emoji, by.length])).toEqual([["👍", 2]])
    for (const person of ["bo", "cy"])
      log.by(person, "comment", { type: "react", note: first, emoji: "👍", on: false })
    expect(log.only.first.reactions).toEqual([])
  })
})

describe("a suggestion", () => {
  test("is accepted by an editor, and by nobody with less", () => {
    const log = new Log()
    const note = log.by("ana", "suggest", { type: "suggest", anchor: ANCHOR, change: INSERT })
    log.by("bo", "suggest", { type: "decide", note, on: true })
    log.by("bo", "suggest", { type: "decide", note, on: false })
    expect(log.only).toMatchObject({ status: "open", change: INSERT })
    log.by("cy", "edit", { type: "decide", note, on: true })
    expect(log.only).toMatchObject({ status: "accepted", decided: { by: { person: "cy" } } })
  })

  test("is revised by its writer alone, and withdrawn by them", () => {
    const log = new Log()
    const note = log.by("ana", "suggest", { type: "suggest", anchor: ANCHOR, change: INSERT })
    const more = { kind: "text", pieces: [{ kind: "text", text: "newer", formats: [] }] } as const
    log.by("bo", "edit", { type: "revise", note, anchor: ANCHOR, change: { kind: "text", pieces: [] } })
    expect(log.only.change).toEqual(INSERT)
    log.by("ana", "suggest", { type: "revise", note, anchor: ANCHOR, change: more })
    expect(log.only.change).toEqual(more)
    log.by("ana", "suggest", { type: "delete", note })
    expect(log.threads).toEqual([])
  })

  test("by a commenter is shown as a plain comment, which nobody can accept", () => {
    const log = new Log()
    const note = log.by("ana", "comment", { type: "suggest", anchor: ANCHOR, change: INSERT })
    log.by("cy", "edit", { type: "decide", note, on: true })
    expect(log.only).toMatchObject({ change: null, status: "open", first: { body: "new" } })
  })
})

describe("any order of arrival", () => {
  const people = ["ana", "bo", "cy", "dee"] as const
  const roles: Record<string, Role> = { ana: "admin", bo: "edit", cy: "suggest", dee: "comment" }
  const act = fc.record({
    person: fc.constantFrom(...people),
    deed: fc.constantFrom(
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
    ),
    target: fc.nat(),
    on: fc.boolean(),
    back: fc.nat(3),
  })

  test("gives the same threads", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (acts, chance) => {
        const log = new Log()
        const ids: NoteId[] = []
        for (const { person, deed, target, on, back } of acts) {
          const note = ids[target % Math.max(1, ids.length)]
          const event = eventOf(deed, note, on, ids.length)
          const before = note ? (log.entries.find(({ id }) => id === note)?.lamport ?? 0) : 0
          if (event)
            ids.push(
              log.by(
                person,
                roles[person] ?? "view",
                event,
                Math.max(before + 1, log.entries.length + 1 - back),
              ),
            )
        }
        const threads = threadsOf(log.entries)
        const shuffled = [...log.entries, ...log.entries.slice(0, 5)]
          .map(entry => ({ entry, at: chance.next().value as number }))
          .sort((a, b) => a.at - b.at)
        expect(threadsOf(shuffled.map(({ entry }) => entry))).toEqual(threads)
      }),
      runs(200),
    )
  })
})

function eventOf(
  deed: NoteEvent["type"],
  note: NoteId | undefined,
  on: boolean,
  count: number,
): NoteEvent | null {
  if (deed === "sign") return { type: deed, name: `name ${count}`, colour: "moss" }
  if (deed === "add") return { type: deed, anchor: ANCHOR, body: `comment ${count}` }
  if (deed === "suggest") return { type: deed, anchor: ANCHOR, change: INSERT }
  if (note === undefined) return null
  switch (deed) {
    case "revise":
      return { type: deed, note, anchor: { ...ANCHOR, quote: `${count}` }, change: INSERT }
    case "reply":
    case "edit":
      return { type: deed, note, body: `words ${count}` }
    case "resolve":
    case "decide":
      return { type: deed, note, on }
    case "react":
      return { type: deed, note, emoji: "👍", on }
    case "delete":
      return { type: deed, note }
    default:
      return deed satisfies never
  }
}
