import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Y from "yjs"
import { bodyOf, createDocument } from "../../../src/content/document"
import { safeAddress } from "../../../src/content/link"
import { render } from "../../../src/content/render"
import { changeBetween, cutsPair } from "../../../src/content/words"
import { runs } from "../chance"

const marker = (keys: Record<string, unknown> | readonly (readonly [string, unknown])[] = {}) =>
  new Y.Map(Array.isArray(keys) ? keys : Object.entries(keys))

/** Formats and embeds travel as JSON, so NaN arrives as null and bytes as an object; only what can arrive is tried. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** One line a block: kind, what differs from a plain block, text. */
const shown = (doc: Y.Doc) =>
  render(doc).content.content.map(node => `${node.type.name}: ${node.textBetween(0, node.content.size)}`)

describe("drawing", () => {
  it("shows an empty text as one empty paragraph and writes nothing", () => {
    const doc = createDocument(1)
    const before = Y.encodeStateAsUpdate(doc)
    expect(shown(doc)).toEqual(["paragraph: "])
    expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
  })

  it("shows text before the first marker as a paragraph, and no empty one when there is none", () => {
    const doc = createDocument(1)
    bodyOf(doc).insertEmbed(0, marker({ type: "heading", level: 2 }))
    bodyOf(doc).insert(1, "Title")
    expect(shown(doc)).toEqual(["heading: Title"])
    bodyOf(doc).insert(0, "before")
    expect(shown(doc)).toEqual(["paragraph: before", "heading: Title"])
  })

  it("reads keys, formats and line breaks", () => {
    const doc = createDocument(1)
    const body = bodyOf(doc)
    body.insertEmbed(0, marker({ list: "task", checked: true, indent: 2, in: "quote", colour: "x" }))
    body.insert(1, "one\ntwo", { bold: true })
    body.insert(4, "\n", { comment: "c1" })
    const node = render(doc).firstChild
    expect(node?.attrs).toMatchObject({
      list: "task",
      checked: true,
      indent: 2,
      in: "quote",
      other: [["colour", "x"]],
    })
    expect(node?.content.content.map(each => each.type.name)).toEqual([
      "text",
      "hard_break",
      "hard_break",
      "text",
    ])
    expect(node?.child(1).marks.map(mark => mark.attrs)).toEqual([{ key: "comment", value: "c1" }])
    expect(node?.lastChild?.marks.map(mark => mark.type.name)).toEqual(["bold"])
  })

  it("draws what it does not know as a placeholder with its text in sight", () => {
    const doc = createDocument(1)
    const body = bodyOf(doc)
    body.insertEmbed(0, marker({ type: "table", rows: Y.Array.from(["r1"]) }))
    body.insert(1, "caption")
    body.insertEmbed(3, { image: "x" })
    body.insertEmbed(4, new Y.Text("nested"))
    body.insertEmbed(body.length, marker({ type: "divider" }))
    body.insert(body.length, "left behind")
    expect(shown(doc)).toEqual(["unknown_block: ca\uFFFC\uFFFCption", "divider: left behind"])
  })

  it("never draws an unsafe address as a link", () => {
    const doc = createDocument(1)
    bodyOf(doc).insert(0, "click", { link: "javascript:alert(1)" })
    expect(render(doc).firstChild?.firstChild?.marks[0]?.type.name).toBe("unknown")
    for (const bad of [
      "javascript:x",
      " JavaScript:x",
      "java\nscript:x",
      "data:text/html,x",
      "//evil",
      "\\\\evil",
      "vbscript:x",
      5,
    ])
      expect(safeAddress(bad), String(bad)).toBeNull()
    for (const good of ["https://a.b/c?d#e", "mailto:a@b.c", "#part", "page/2", "/d/1?x=a:b"])
      expect(safeAddress(good), good).toBe(good)
  })

  it("throws at no content and is the same on every replica", () => {
    const key = fc.oneof(
      fc.constantFrom("type", "level", "list", "checked", "indent", "in", "dir", "lang", "align", "other"),
      fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "bold", "link", "unknown"),
    )
    const value = fc.oneof(
      fc.constantFrom(
        "heading",
        "code",
        "task",
        "rtl",
        99,
        -1,
        1.5,
        Number.NaN,
        true,
        null,
        "",
        "x".repeat(99),
      ),
      fc.jsonValue({ maxDepth: 2 }),
      fc.uint8Array({ maxLength: 3 }),
    )
    const operation = fc.record({
      at: fc.nat(40),
      kind: fc.constantFrom("text", "marker", "embed", "type", "format", "delete"),
      key,
      value,
      text: fc.constantFrom("a", "b\n", "😀", "\u0000", "\uFEFF", " "),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 25 }), operations => {
        const doc = createDocument(1)
        const body = bodyOf(doc)
        for (const { at, kind, key, value, text } of operations) {
          const index = Math.min(at, body.length)
          if (kind === "text") body.insert(index, text)
          else if (kind === "marker") body.insertEmbed(index, marker([[key, value]]))
          else if (kind === "embed") body.insertEmbed(index, { [key]: asJson(value) })
          else if (kind === "type")
            body.insertEmbed(index, at % 2 === 0 ? new Y.Array() : new Y.XmlElement("p"))
          else if (kind === "format" && index < body.length)
            body.format(index, 1, Object.fromEntries([[key, asJson(value)]]))
          else if (index < body.length) body.delete(index, 1)
        }
        const drawn = render(doc)
        drawn.check()
        const other = createDocument(2)
        Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
        expect(render(other).eq(drawn)).toBe(true)
        const units = drawn.content.size - drawn.childCount
        expect([units, units - 1]).toContain(body.length)
      }),
      runs(300),
    )
  })
})

describe("the change between two texts", () => {
  it("never cuts an emoji", () => {
    expect(changeBetween("a😀b", "a😁b")).toEqual({ start: 1, removed: 2, inserted: "😁" })
    expect(changeBetween("🐀😀", "😀")).toEqual({ start: 0, removed: 2, inserted: "" })
    expect(cutsPair("a😀b", 2)).toBe(true)
    expect(cutsPair("a😀b", 1)).toBe(false)
  })
})
