// Documents as a web page: real lists and headings, and nothing that a word or an address could smuggle in.
import { describe, expect, test } from "vitest"
import { schema } from "../../../src/content/schema"
import { htmlOf, htmlPageOf } from "../../../src/formats/html-out"

const p = (text: string, attrs: Record<string, unknown> = {}) =>
  schema.node("paragraph", attrs, text === "" ? [] : [schema.text(text)])
const out = (...blocks: ReturnType<typeof p>[]) => htmlOf(schema.node("doc", null, blocks))

describe("the text", () => {
  test("lists stand in lists, quotations around their blocks, headings one below the title", () => {
    expect(
      out(
        schema.node("heading", { level: 1 }, [schema.text("Soup")]),
        p("peel", { list: "ordered" }),
        p("salt", { list: "task", checked: true, indent: 1 }),
        p("one", { in: "quote" }),
        p("two", { in: "quote" }),
      ),
    ).toBe(
      '<h2 dir="auto">Soup</h2>\n<ol>\n<li dir="auto">peel\n<ul class="tasks">\n' +
        '<li dir="auto"><input type="checkbox" disabled checked aria-label="Done"> salt</li>\n</ul>\n</li>\n</ol>\n' +
        '<blockquote>\n<p dir="auto">one</p>\n<p dir="auto">two</p>\n</blockquote>',
    )
  })

  test("marks nest, links outermost, and a break is a break", () => {
    const link = schema.mark("link", { href: "https://example.org/?a=1&b=2" })
    const block = schema.node("paragraph", null, [
      schema.text("a", [link]),
      schema.text("b", [schema.mark("bold"), link]),
      schema.node("hard_break"),
      schema.text("c", [schema.mark("italic")]),
    ])
    expect(out(block)).toBe(
      '<p dir="auto"><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">a<strong>b</strong></a><br><em>c</em></p>',
    )
  })

  test("words and addresses are words and addresses, whatever is in them", () => {
    const bad = schema.mark("link", { href: "javascript:alert(1)" })
    const html = out(
      schema.node("paragraph", { lang: '"><script>' }, [schema.text('<b>&"', [bad])]),
      p("x", { in: '"><script>' }),
    )
    expect(html).not.toContain("<script>")
    expect(html).not.toContain("javascript:")
    expect(html).toContain("&lt;b&gt;&amp;&quot;")
  })
})

test("a page stands alone: nothing to run and nothing to fetch", () => {
  const page = htmlPageOf("Minutes & more", schema.node("doc", null, [p("مرحبا", { dir: "rtl" })]), "ar")
  expect(page).toContain('<html lang="ar">')
  expect(page).toContain("<title>Minutes &amp; more</title>")
  expect(page).toContain('<p dir="rtl">مرحبا</p>')
  expect(page).not.toMatch(/<script|src=|url\(|@import/)
})
