// A document in few words, and as a plain copy to take away.
import { expect, test } from "vitest"
import * as Y from "yjs"
import { isBlank, plainText, snippetOf } from "../../../src/app/summary"
import { createDocument, writeTitle } from "../../../src/content/document"

function written(...blocks: readonly (readonly [Record<string, unknown>, string])[]) {
  const doc = createDocument()
  const body = doc.getText("body")
  for (const [keys, text] of blocks) {
    const marker = new Y.Map<unknown>()
    for (const [key, value] of Object.entries(keys)) marker.set(key, value)
    body.insertEmbed(body.length, marker)
    body.insert(body.length, text)
  }
  return doc
}

test("a blank document has no words and is known to be blank", () => {
  const doc = createDocument()
  expect(isBlank(doc)).toBe(true)
  expect(snippetOf(doc)).toBe("")
  writeTitle(doc, "Minutes", "test")
  expect(isBlank(doc)).toBe(false)
})

test("the first words stand for the whole, cut between characters", () => {
  const doc = written([{ type: "heading", level: 1 }, "Agenda"], [{}, "👩‍🌾".repeat(200)])
  expect(snippetOf(doc).startsWith("Agenda · 👩")).toBe(true)
  expect(snippetOf(doc)).not.toMatch(/[\ud800-\udbff]$/)
})

test("a plain copy keeps headings, lists, ticks, quotes and breaks as people type them", () => {
  const doc = written(
    [{ type: "heading", level: 2 }, "Soup"],
    [{ list: "ordered" }, "peel"],
    [{ list: "ordered" }, "boil"],
    [{ list: "task", checked: true, indent: 1 }, "salt"],
    [{ list: "task", indent: 1 }, "pepper"],
    [{ in: "quote" }, "Enjoy"],
    [{}, "one\ntwo"],
  )
  writeTitle(doc, "Recipe", "test")
  expect(plainText(doc)).toBe(
    "# Recipe\n\n## Soup\n\n1. peel\n2. boil\n  - [x] salt\n  - [ ] pepper\n> Enjoy\n\none\ntwo\n",
  )
})
