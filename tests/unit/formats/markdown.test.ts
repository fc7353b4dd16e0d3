// Documents as Markdown and back: what Markdown can say survives the round, what it cannot is said as words.
import fc from "fast-check"
import type { Node } from "prosemirror-model"
import { describe, expect, test } from "vitest"
import { schema } from "../../../src/content/schema"
import { blocksFromMarkdown, documentFromMarkdown } from "../../../src/formats/markdown-in"
import { markdownOf } from "../../../src/formats/markdown-out"
import { runs } from "../chance"

const p = (text: string, attrs: Record<string, unknown> = {}) =>
  schema.node("paragraph", attrs, text === "" ? [] : [schema.text(text)])
const doc = (...blocks: Node[]) => schema.node("doc", null, blocks)
const out = (...blocks: Node[]) => markdownOf("", doc(...blocks))
/** Blocks in a line each: what is set beside the words. */
const shape = (blocks: readonly Node[]) =>
  blocks.map(block => {
    const { list, checked, indent, in: of, level } = block.attrs
    const set = [list, checked ? "checked" : "", indent > 0 ? `+${indent}` : "", of].filter(Boolean).join(" ")
    const kind = block.type.name === "paragraph" ? "" : `${block.type.name}${level ?? ""} `
    return `${kind}${set && `(${set}) `}${block.textBetween(0, block.content.size, "", "|")}`
  })

describe("out", () => {
  test("blocks, lists in lists, tasks, quotes, callouts, code and dividers as people type them", () => {
    expect(
      out(
        schema.node("heading", { level: 2 }, [schema.text("Soup")]),
        p("peel", { list: "ordered" }),
        p("boil", { list: "ordered" }),
        p("salt", { list: "task", checked: true, indent: 1 }),
        p("after the salt", { indent: 2 }),
        p("Enjoy", { in: "quote" }),
        p("Hot!", { in: "callout:warning" }),
        schema.node("code_block", { lang: "sh" }, [
          schema.text("a"),
          schema.node("hard_break"),
          schema.text("b"),
        ]),
        schema.node("divider"),
      ),
    ).toBe(
      "## Soup\n\n1. peel\n2. boil\n   - [x] salt\n\n     after the salt\n\n> Enjoy\n\n" +
        "> [!WARNING]\n>\n> Hot!\n\n```sh\na\nb\n```\n\n---\n",
    )
  })

  test("the title is the first heading", () => {
    expect(markdownOf("Minutes *draft*", doc(p("Present")))).toBe("# Minutes \\*draft\\*\n\nPresent\n")
  })

  test("what looks like Markdown and is not is escaped", () => {
    const words = [
      "# no heading",
      "- no item",
      "1. no number",
      "> no quote",
      "*no* _emphasis_",
      "[no](link)",
      "`no`",
    ]
    for (const text of words) {
      const [block, ...rest] = blocksFromMarkdown(out(p(text)))
      expect([block?.textContent, rest.length, block?.childCount]).toEqual([text, 0, 1])
    }
  })
})

describe("in", () => {
  test("a first heading is a file's title", () => {
    expect(documentFromMarkdown("# Title\n\nText").title).toBe("Title")
    expect(documentFromMarkdown("## Section\n\nText").title).toBeNull()
  })

  test("lists, tasks, what belongs to an item, and quotations", () => {
    const text =
      "1. one\n\n   more of one\n   - [ ] open\n   - [x] done\n2. two\n\n> said\n> > inner\n\n> [!CAUTION]\n> mind"
    expect(shape(blocksFromMarkdown(text))).toEqual([
      "(ordered) one",
      "(+1) more of one",
      "(task +1) open",
      "(task checked +1) done",
      "(ordered) two",
      "(quote) said",
      "(quote) inner",
      "(callout:warning) mind",
    ])
  })

  test("marks, and an address only if it is safe", () => {
    const [block] = blocksFromMarkdown(
      "**b** _i_ ~~s~~ `c` <u>u</u> ==h== [l](https://example.org) [x](javascript:alert(1))",
    )
    const marked = block?.content.content.flatMap(node =>
      node.marks.map(mark => `${mark.type.name}:${node.text}`),
    )
    expect(marked).toEqual([
      "bold:b",
      "italic:i",
      "strike:s",
      "code:c",
      "underline:u",
      "highlight:h",
      "link:l",
    ])
    expect(block?.textContent).toContain("x")
  })

  test("HTML is words, pictures are their description, tables are tables", () => {
    const text =
      "<script>alert(1)</script>\n\n![A barn](https://x.example/barn.png)\n\n| a | b |\n| - | - |\n| c | d |"
    expect(shape(blocksFromMarkdown(text)).join(" ")).toBe("<script>alert(1)</script> A barn table abcd")
  })

  test("nothing makes it throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), text => {
        for (const block of blocksFromMarkdown(text)) block.check()
      }),
      runs(300),
    )
  })
})

test("what Markdown can say comes back as it was", () => {
  const word = fc.stringMatching(/^[a-zé漢]{1,6}$/)
  const text = fc.array(word, { minLength: 1, maxLength: 4 }).map(words => words.join(" "))
  const mark = fc.constantFrom("bold", "italic", "strike", "underline", "highlight", "code")
  const run = fc.tuple(text, fc.option(mark, { nil: null }))
  const words = fc
    .array(run, { minLength: 1, maxLength: 4 })
    .map(runs =>
      runs.flatMap(([each, name], at) => [
        ...(at > 0 ? [schema.text(" ")] : []),
        schema.text(each, name === null ? [] : [schema.mark(name as "bold")]),
      ]),
    )
  const block = fc.oneof(
    fc
      .tuple(words, fc.integer({ min: 1, max: 3 }))
      .map(([content, level]) => schema.node("heading", { level }, content)),
    words.map(content => schema.node("paragraph", null, content)),
    words.map(content => schema.node("paragraph", { in: "quote" }, content)),
    text.map(code => schema.node("code_block", { lang: "js" }, [schema.text(code)])),
    fc.constant(schema.node("divider")),
  )
  // A list goes deeper by one step at a time; Markdown knows no other.
  const list = fc
    .array(fc.tuple(words, fc.integer({ min: -1, max: 1 }), fc.boolean()), { minLength: 1, maxLength: 5 })
    .map(items => {
      let indent = 0
      return items.map(([content, step, done], at) => {
        indent = at === 0 ? 0 : Math.max(0, Math.min(8, indent + step))
        return schema.node("paragraph", { list: "task", checked: done, indent }, content)
      })
    })
  const document = fc.array(
    fc.oneof(
      block.map(each => [each]),
      list,
    ),
    { minLength: 1, maxLength: 6 },
  )
  fc.assert(
    fc.property(document, parts => {
      // Two of a kind side by side are one to Markdown: a heading between keeps them apart.
      const blocks = parts.flatMap(part => [
        schema.node("heading", { level: 3 }, [schema.text("x")]),
        ...part,
      ])
      const back = blocksFromMarkdown(out(...blocks))
      expect(back.map(String)).toEqual(blocks.map(String))
      expect(shape(back)).toEqual(shape(blocks))
    }),
    runs(200),
  )
})

test("a table goes out and comes back, with lines in its cells and short rows filled up", () => {
  const blocks = blocksFromMarkdown("| a | **b** |\n| --- | --- |\n| c<br>d | \\| |\n| e |")
  const [table] = blocks
  expect(table?.type.name).toBe("table")
  expect(
    table?.content.content.slice(1).map(row => row.content.content.map(cell => cell.textContent)),
  ).toEqual([
    ["a", "b"],
    ["c\nd", "|"],
    ["e", ""],
  ])
  const again = blocksFromMarkdown(out(...blocks))
  expect(again[0]?.eq(table ?? p(""))).toBe(true)
})
