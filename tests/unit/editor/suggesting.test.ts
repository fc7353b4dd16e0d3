// What a change of the editor is as a suggestion, and that accepting it makes the very change.
import { EditorState, TextSelection, type Transaction } from "prosemirror-state"
import { describe, expect, test } from "vitest"
import { schema } from "../../../src/content/schema"
import { carriedOut } from "../../../src/editor/note-accepting"
import { editsOf } from "../../../src/editor/suggested-edits"
import { placeAfter, placeBefore, withoutLast } from "../../../src/editor/suggested-words"

const doc = schema.node("doc", null, [
  schema.node("paragraph", null, [schema.text("The assembly meets in May.")]),
  schema.node("heading", { level: 2 }, [schema.text("Hall")]),
  schema.node("paragraph", null, []),
  schema.node("paragraph", null, [schema.text("It is "), schema.text("booked", [schema.mark("bold")])]),
])
const state = EditorState.create({ schema, doc })

/** What the suggestions that a change comes to make of the document, from the end to the beginning. */
function accepted(tr: Transaction): EditorState {
  const edits = editsOf(tr)
  if (edits === null) throw new Error("it cannot be suggested")
  let result = state
  for (const edit of [...edits].reverse()) {
    const change =
      edit.kind === "text"
        ? ({ kind: "text", pieces: edit.pieces } as const)
        : { kind: edit.kind, keys: edit.keys }
    const done = carriedOut(result, change, edit)
    if (!done) throw new Error("nothing was to be done")
    result = result.apply(done)
  }
  return result
}

describe("a change, suggested and then accepted, is that change", () => {
  const bold = schema.mark("bold")
  const cases: Record<string, (tr: Transaction) => Transaction> = {
    "words typed": tr => tr.insertText(" always", 13),
    "words typed over others": tr => tr.insertText("June", 23, 26),
    "words deleted": tr => tr.delete(5, 14),
    "a paragraph split": tr => tr.split(13),
    "a heading split into a paragraph": tr => tr.split(31, 1, [{ type: schema.nodes.paragraph }]),
    "two blocks joined": tr => tr.delete(27, 29),
    "words deleted across blocks": tr => tr.delete(20, 31),
    "words made bold": tr => tr.addMark(5, 13, bold),
    "words made plain": tr => tr.removeMark(44, 50, bold),
    "a link": tr => tr.addMark(5, 13, schema.mark("link", { href: "https://example.org/" })),
    "a paragraph made a heading": tr => tr.setNodeMarkup(0, schema.nodes.heading, { level: 1 }),
    "a heading made a paragraph": tr => tr.setNodeMarkup(28, schema.nodes.paragraph, {}),
    "a list item": tr => tr.setNodeMarkup(0, null, { ...doc.child(0).attrs, list: "bullet", indent: 1 }),
    "bold words typed": tr => tr.insert(13, schema.text(" x", [bold])),
    "a line break": tr => tr.insert(13, schema.nodes.hard_break.create()),
    "two words in one go": tr => tr.insertText("A", 1, 4).insertText("congress", 3, 11),
  }
  for (const [name, change] of Object.entries(cases))
    test(name, () => {
      const tr = change(state.tr)
      expect(accepted(tr).doc.toString()).toBe(tr.doc.toString())
      expect(accepted(tr).doc.eq(tr.doc)).toBe(true)
    })
})

test("what has no form as a suggestion is told, not guessed", () => {
  expect(editsOf(state.tr.insert(13, schema.nodes.unknown_inline.create({ embed: { a: 1 } })))).toBeNull()
})

describe("Backspace and Delete in suggested words", () => {
  test("take a character as a reader counts it, a word, or the border of a block", () => {
    expect(placeBefore(doc, 27, false)).toBe(26)
    expect(placeBefore(doc, 26, true)).toBe(23)
    expect(placeAfter(doc, 1, true)).toBe(4)
    expect(placeBefore(doc, 29, false)).toBe(27)
    expect(placeAfter(doc, 27, false)).toBe(29)
    expect(placeBefore(doc, 1, false)).toBe(1)
    const family = "👨‍👩‍👧"
    const pieces = [{ kind: "text", text: `so ${family}`, formats: [] }] as const
    expect(withoutLast(pieces, false)).toEqual([{ kind: "text", text: "so ", formats: [] }])
    expect(withoutLast(pieces, true)).toEqual([{ kind: "text", text: "so ", formats: [] }])
    expect(withoutLast([...pieces, { kind: "block", keys: [] }], false)).toEqual(pieces)
  })

  test("leave the selection a place", () => {
    expect(TextSelection.near(doc.resolve(placeBefore(doc, 29, false))).head).toBe(27)
  })
})
