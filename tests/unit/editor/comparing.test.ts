// @vitest-environment jsdom
// How two states of a document differ, and the way back from one to the other: it always leads there, and it leaves
// alone what is equal, so that what others write there at the same time stays.
import fc from "fast-check"
import type { Node } from "prosemirror-model"
import { EditorState } from "prosemirror-state"
import { describe, expect, test } from "vitest"
import { schema } from "../../../src/content/schema"
import { becoming, differences, showComparison } from "../../../src/editor/comparing"
import { company } from "../../laws/replica"
import { runs } from "../chance"

const paragraph = (words: string) => schema.node("paragraph", null, words === "" ? [] : schema.text(words))
const documentOf = (...blocks: readonly (string | Node)[]) =>
  schema.node(
    "doc",
    null,
    blocks.map(each => (typeof each === "string" ? paragraph(each) : each)),
  )

const words = fc
  .array(fc.constantFrom("soup", "bread", "a", "chairs", "é", "🌾"), { maxLength: 6 })
  .map(all => all.join(" "))
const block = fc.oneof(
  words.map(paragraph),
  fc
    .tuple(words, fc.constantFrom(1, 2, 3))
    .map(([text, level]) =>
      schema.node("heading", { level }, text === "" ? [] : schema.text(text, [schema.marks.bold.create()])),
    ),
  words.map(text => schema.node("paragraph", { list: "bullet" }, text === "" ? [] : schema.text(text))),
)
const anyDocument = fc.array(block, { minLength: 1, maxLength: 9 }).map(blocks => documentOf(...blocks))

describe("differences", () => {
  test("are none between equal documents", () => {
    expect(differences(documentOf("one", "two"), documentOf("one", "two"))).toEqual([])
  })

  test("are words within blocks that changed, and whole blocks that came or went", () => {
    const old = documentOf("Soup for ten", "Chairs", "The end")
    const now = documentOf("Soup for forty", "The end", "And more")
    const said = differences(old, now).map(({ fromOld, toOld, fromNew, toNew }) => [
      old.textBetween(fromOld, toOld),
      now.textBetween(fromNew, toNew),
    ])
    expect(said.flat().join("|")).toContain("ten")
    expect(said.flat().join("|")).toContain("forty")
    expect(said.flat().join("|")).not.toContain("Soup")
    expect(said.flat().join("|")).not.toContain("The end")
  })

  test("lead from any document to any other", () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (old, wanted) => {
        const state = EditorState.create({ schema, doc: old })
        const { doc } = becoming(state.tr, wanted)
        doc.check()
        expect(doc.eq(wanted)).toBe(true)
      }),
      runs(300),
    )
  })
})

describe("a version that is restored", () => {
  test("leaves what others write meanwhile in what it does not change, and can be undone", () => {
    const { replicas, deliver } = company(2)
    const [ana, bo] = replicas
    if (!ana || !bo) throw new Error("two people")
    ana.edit(tr =>
      tr.replaceWith(0, tr.doc.content.size, documentOf("Rota", "Soup for ten", "The end").content),
    )
    const old = ana.state.doc
    ana.edit(tr => tr.insertText("forty", 6 + 10, 6 + 13))
    deliver()
    bo.edit(tr => tr.insertText(", written by Bo", tr.doc.content.size - 1))
    ana.edit(tr => becoming(tr, old))
    deliver()
    for (const replica of [ana, bo]) expect(replica.text).toBe("Rota¶Soup for ten¶The end, written by Bo")
    ana.binding.undo()
    deliver()
    expect(bo.text).toBe("Rota¶Soup for forty¶The end, written by Bo")
  })
})

test("taking out what somebody else wrote is undone as a whole", () => {
  const { replicas, deliver } = company(2)
  const [ana, bo] = replicas
  if (!ana || !bo) throw new Error("two people")
  ana.edit(tr => tr.replaceWith(0, tr.doc.content.size, documentOf("Soup for ten.", "Chairs.").content))
  deliver()
  const old = ana.state.doc
  bo.edit(tr => tr.insertText(" And tables.", tr.doc.content.size - 1))
  deliver()
  bo.edit(tr => tr.insertText("For Friday: ", 1))
  ana.edit(tr => becoming(tr, old))
  deliver()
  for (const replica of [ana, bo]) expect(replica.text).toBe("For Friday: Soup for ten.¶Chairs.")
  ana.binding.undo()
  deliver()
  for (const replica of [ana, bo]) expect(replica.text).toBe("For Friday: Soup for ten.¶Chairs. And tables.")
})

test("what was added and what is gone are marked by elements of their own", () => {
  const place = document.body.appendChild(document.createElement("div"))
  const close = showComparison(
    place,
    documentOf("Soup for forty"),
    documentOf("Soup for ten", "Chairs"),
    "Text",
  )
  expect(place.querySelector("ins")?.textContent).toBe("forty")
  expect([...place.querySelectorAll("del")].map(each => each.textContent).join("|")).toContain("ten")
  expect(place.querySelector('[contenteditable="false"]')).not.toBeNull()
  close()
  expect(place.childElementCount).toBe(0)
})
