// @vitest-environment jsdom
// What people copy from the programs that they come from arrives as blocks: headings, lists in lists, ticks, marks,
// and nothing that could run, be fetched or hide. The fixtures are what each program puts on the clipboard.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Node } from "prosemirror-model"
import { describe, expect, test } from "vitest"
import { flatten } from "../../../src/editor/clipboard"
import { isMarkdown } from "../../../src/editor/markdown-paste"
import { parser } from "../../../src/editor/parse"

function pasted(name: string): Node {
  const html = readFileSync(join(import.meta.dirname, `../../fixtures/paste/${name}.html`), "utf8")
  const page = new DOMParser().parseFromString(flatten(html), "text/html")
  return parser.parse(page.body)
}

/** A block in a line: kind, what is set, words with their marks. */
function line(block: Node): string {
  const { list, checked, indent, in: of, level, lang } = block.attrs
  const kind = block.type.name === "paragraph" ? [] : [`${block.type.name}${level ?? ""}`]
  const set = [
    list,
    checked ? "checked" : "",
    indent > 0 ? `+${indent}` : "",
    of,
    block.type.name === "code_block" ? lang : "",
  ]
  const words = block.content.content
    .map(node => {
      const marks = node.marks.map(mark => mark.attrs["href"] ?? mark.type.name)
      const text = node.isText ? node.text?.replaceAll("\n", "⏎") : "⏎"
      return marks.length > 0 ? `[${text}]{${marks.join(" ")}}` : text
    })
    .join("")
  return [...kind, ...set.filter(Boolean), words].join(" · ")
}

const lines = (name: string) => pasted(name).content.content.map(line)

test("Word on a desk", () => {
  expect(lines("word-desktop")).toEqual([
    "heading1 · Minutes of the board",
    "[Present]{bold}: Ana, [Bo]{italic} and [Chi]{underline}.",
    "bullet · Seed order",
    "bullet · +1 · kale and leek",
    "bullet · Rent",
    "Decided:",
    "ordered · Order by Friday.",
    "ordered · See [the contract]{https://example.org/rent}.",
    "quote · Nothing is ever lost.",
  ])
})

test("Word on the web", () => {
  expect(lines("word-web")).toEqual([
    "heading1 · Minutes of the board",
    "[Present]{bold}: Ana and Bo.",
    "bullet · Seed order",
    "bullet · +1 · kale",
    "ordered · Order by Friday.",
  ])
})

test("LibreOffice", () => {
  expect(lines("libreoffice")).toEqual([
    "heading1 · Minutes of the board",
    "[Present]{bold}: Ana and [Bo]{italic}.",
    "bullet · Seed order",
    "bullet · +1 · kale",
    "bullet · Rent",
    "ordered · Order by Friday.",
    "[Not this]{strike} [but this]{https://example.org/}",
  ])
})

test("Google Docs", () => {
  expect(lines("google-docs")).toEqual([
    "heading1 · Minutes of the board",
    "[Present]{bold}: Ana and [Bo]{italic}. [The contract]{https://example.org/rent}",
    "bullet · Seed order",
    "bullet · +1 · kale",
    "task · checked · book the hall",
    "task · tell the press",
  ])
})

test("Apple Notes", () => {
  expect(lines("apple-notes")).toEqual([
    "heading1 · [Minutes of the board]{bold}",
    "Present: Ana and Bo.",
    "bullet · Seed order",
    "bullet · +1 · kale",
    "bullet · Rent",
    "ordered · Order by Friday.",
  ])
})

test("Gmail", () => {
  expect(lines("gmail")).toEqual([
    "Dear all,",
    "the [seed order]{bold} goes out on Friday.⏎Please answer by then.",
    "bullet · kale",
    "bullet · leek",
    "On Tue, 3 Nov 2026 at 10:00, Bo <[bo@example.org]{mailto:bo@example.org}> wrote:",
    "quote · What shall we order?",
  ])
})

test("GitHub", () => {
  expect(lines("github")).toEqual([
    "heading2 · Install",
    "Run [npm ci]{code} first:",
    "code_block · shell · npm ci⏎npm start",
    "task · checked · write it",
    "task · ship it",
    "quote · Quoted [struck]{strike} [words]{italic}",
  ])
})

test("a break at the end of a mark still stands between words", () => {
  const page = new DOMParser().parseFromString(
    flatten("<div>a <b>b<br></b>c<br></div><div>d</div>"),
    "text/html",
  )
  expect(parser.parse(page.body).content.content.map(line)).toEqual([
    "a [b⏎]{bold}c".replace("⏎]{bold}", "]{bold}[⏎]{bold}"),
    "d",
  ])
})

test.each([
  ["# Title\n\n- one\n- two", true],
  ["1. one\n2. two", true],
  ["| a | b |\n| - | - |", true],
  ["one line - with a dash", false],
  ["- a single item", false],
  ["price: 3 - 4\n#hashtag\n-5 degrees\n3.14", false],
])("%j is written in Markdown: %s", (text, expected) => {
  expect(isMarkdown(text)).toBe(expected)
})

describe("untrusted HTML", () => {
  test("nothing in it runs, is fetched, is a trap or changes what blocks may be", () => {
    const doc = pasted("hostile")
    doc.check()
    const text = doc.textBetween(0, doc.content.size, " ")
    expect(text.split(/\s+/)).toEqual(["words", "pressme", "other"])
    doc.descendants(node => {
      expect(node.marks.map(mark => mark.type.name)).toEqual([])
      expect(node.attrs["other"] ?? []).toEqual([])
      expect(node.attrs["indent"] ?? 0).toBeLessThanOrEqual(8)
    })
  })
})
