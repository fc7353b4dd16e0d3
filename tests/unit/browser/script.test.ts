import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { type Block, divide, parseScript, parseSpans, type Turn, textOf } from "../../fixtures/script"

const FIXTURES = ["minutes", "policy", "grant-application"] as const

function read(name: (typeof FIXTURES)[number]): Block[] {
  const file = new URL(`../../fixtures/${name}.md`, import.meta.url)
  return parseScript(readFileSync(file, "utf8"))
}

describe.each(FIXTURES)("the fixture %s", name => {
  const blocks = read(name)
  const whole = blocks.map(textOf).join("\n")

  test("has at least 3,000 words as a reader would count them", () => {
    const words = [...new Intl.Segmenter("en", { granularity: "word" }).segment(whole)]
    expect(words.filter(word => word.isWordLike).length).toBeGreaterThanOrEqual(3000)
  })

  test("has every kind of block and mark", () => {
    const headings = blocks.flatMap(block => (block.type === "heading" ? [block.level] : []))
    expect(new Set(headings)).toEqual(new Set([1, 2, 3]))
    expect(blocks.some(block => block.type === "code" && textOf(block).includes("\n"))).toBe(true)
    expect(blocks.some(block => block.type === "divider")).toBe(true)
    expect(blocks.some(block => block.quote)).toBe(true)
    expect(new Set(blocks.flatMap(block => block.list ?? []))).toEqual(new Set(["bullet", "ordered", "task"]))
    expect(blocks.some(block => block.list === "task" && block.checked)).toBe(true)
    expect(blocks.some(block => (block.indent ?? 0) > 0)).toBe(true)
    const marks = new Set(blocks.flatMap(block => block.spans.flatMap(span => span.marks)))
    expect(marks.has("bold") && marks.has("italic")).toBe(true)
  })

  test("has accents, right-to-left passages and emoji of several code points", () => {
    expect(whole).toMatch(/[àèéíóúçñäöüß].*/u)
    expect(whole).toMatch(/\p{Script=Arabic}{3}/u)
    expect(whole).toMatch(/\p{Script=Hebrew}{3}/u)
    expect(whole).toMatch(/\p{Emoji_Modifier_Base}\p{Emoji_Modifier}/u)
    expect(whole).toMatch(/\u200d/u)
  })

  test("leaves no sign of its Markdown in the text, and repeats no text", () => {
    const prose = blocks.filter(block => block.type !== "code").map(textOf)
    for (const text of prose) {
      expect(text).not.toMatch(/\*\*|`|\]\(|^(#|>|-|\d+\.) |(^|\s)_|_($|\s)/)
      // What is blank at an end would be lost on the way through some editors.
      expect(text).toBe(text.trim())
    }
    const texts = blocks.map(textOf).filter(text => text !== "")
    expect(new Set(texts).size).toBe(texts.length)
  })

  test.each([1, 2, 3, 5])("is divided between %i writers without losing or doubling a character", writers => {
    for (const seed of [1, 2, 3]) {
      const turns = divide(blocks, writers, seed)
      expect(turns).toHaveLength(writers)
      for (const list of turns) expect(list.length).toBeGreaterThan(0)
      const written = turns.flat().map(turnText).join("")
      expect([...written].sort().join("")).toBe([...blocks.map(textOf).join("")].sort().join(""))
    }
  })
})

function turnText(turn: Turn): string {
  return turn.do === "write" ? turn.blocks.map(textOf).join("") : turn.spans.map(span => span.text).join("")
}

test("all fixtures together show links, flags, and marks of every kind", () => {
  const blocks = FIXTURES.flatMap(read)
  const marks = blocks.flatMap(block => block.spans.flatMap(span => span.marks))
  expect(new Set(marks)).toEqual(new Set(["bold", "italic", "code", "link"]))
  const hrefs = blocks.flatMap(block => block.spans.flatMap(span => span.href ?? []))
  for (const href of hrefs) expect(new URL(href).hostname).toMatch(/\.example$/)
  expect(blocks.map(textOf).join("")).toMatch(/\p{Regional_Indicator}{2}/u)
})

test("a line becomes the block that it looks like", () => {
  const source = [
    "## Soup",
    "- [x] peel **all** of it",
    "  - [ ] and the _rest_",
    "2. stir",
    "> said she",
    "---",
    "```",
    "salt += 1",
    "",
    "done",
    "```",
  ].join("\n")
  expect(parseScript(source)).toEqual([
    { type: "heading", level: 2, spans: [{ text: "Soup", marks: [] }] },
    {
      type: "paragraph",
      list: "task",
      checked: true,
      indent: 0,
      spans: [
        { text: "peel ", marks: [] },
        { text: "all", marks: ["bold"] },
        { text: " of it", marks: [] },
      ],
    },
    {
      type: "paragraph",
      list: "task",
      checked: false,
      indent: 1,
      spans: [
        { text: "and the ", marks: [] },
        { text: "rest", marks: ["italic"] },
      ],
    },
    { type: "paragraph", list: "ordered", indent: 0, spans: [{ text: "stir", marks: [] }] },
    { type: "paragraph", quote: true, spans: [{ text: "said she", marks: [] }] },
    { type: "divider", spans: [] },
    { type: "code", spans: [{ text: "salt += 1\n\ndone", marks: [] }] },
  ])
})

test("a link keeps its address, and a low line within a word is a low line", () => {
  expect(parseSpans("see [the log](https://a.example/b_c_d) or repair_fund_two")).toEqual([
    { text: "see ", marks: [] },
    { text: "the log", marks: ["link"], href: "https://a.example/b_c_d" },
    { text: " or repair_fund_two", marks: [] },
  ])
})

test("writers begin behind each other's blocks and add to each other's paragraphs", () => {
  const turns = divide(read("minutes"), 3, 7).flat()
  expect(turns.some(turn => turn.do === "write" && turn.after !== null)).toBe(true)
  expect(turns.some(turn => turn.do === "visit")).toBe(true)
})
