// A page of minutes in the stored form, with one of everything that a document can have in it.
import * as Y from "yjs"
import { createDocument } from "../../../src/replica/document"

type Words = string | readonly [words: string, format: Record<string, unknown>]

const BLOCKS: readonly (readonly [marker: Record<string, unknown>, ...words: Words[]])[] = [
  [{ type: "heading", level: 1 }, "1. Opening"],
  [
    {},
    "Present: Ana, Bo, Leila. Apologies: Jo. The minutes of the last meeting were ",
    ["agreed", { bold: true }],
    " with one change: the seed order is due ",
    ["before", { italic: true }],
    " the frost, not after it.",
  ],
  [{ type: "heading", level: 2 }, "Matters arising"],
  [{ list: "bullet" }, "The polytunnel needs a new sheet; Bo has two offers."],
  [
    { list: "bullet" },
    "Rent goes up in March. ",
    ["The letter is here.", { link: "https://example.org/letter" }],
  ],
  [{ list: "bullet", indent: 1 }, "Ask the owner for two years at the same rent."],
  [
    {},
    "We talked about who holds the keys of the shop and found that ",
    ["nobody knew", { highlight: true }],
    ". From now on the list hangs behind the counter.",
  ],
  [{ in: "quote" }, "Whoever opens, closes. Whoever closes, counts the till."],
  [{ type: "heading", level: 2 }, "To do"],
  [{ list: "task", checked: true }, "Ana orders the seeds"],
  [{ list: "task" }, "Bo asks both shops about the sheet"],
  [{ list: "ordered" }, "Count the till"],
  [{ list: "ordered" }, "Lock the back door"],
  [{ type: "divider" }],
  [{ type: "heading", level: 3 }, "The till, in figures"],
  [{ type: "code" }, "float   40.00\ntakings 312.50"],
  [{}, "Leila showed the numbers for spring. ", ["Tools", { underline: true }], " are paid for, "],
]

/** A fresh document with the minutes in it. */
export function minutes(): Y.Doc {
  const doc = createDocument()
  const body = doc.getText("body")
  doc.transact(() => {
    for (const [marker, ...words] of BLOCKS) {
      body.insertEmbed(body.length, new Y.Map(Object.entries(marker)), {})
      for (const each of words) {
        const [text, format] = typeof each === "string" ? [each, {}] : each
        body.insert(body.length, text, format)
      }
    }
  })
  return doc
}
