// Markdown as blocks. Any text whatever is Markdown, so nothing is refused; what Sheaf has no block for comes as the
// words it was written with. Of HTML only <u>, <mark> and <br> are read, which Sheaf writes itself.
import type { List, Nodes, Paragraph, PhrasingContent, RootContent, Table } from "mdast"
import { fromMarkdown } from "mdast-util-from-markdown"
import { gfmFromMarkdown } from "mdast-util-gfm"
import { gfm } from "micromark-extension-gfm"
import type { Mark, Node } from "prosemirror-model"
import { safeAddress } from "../content/link"
import { INDENT_MAX, LEVEL_MAX, PLAIN } from "../content/marker"
import { schema } from "../content/schema"
import { alertIn } from "./alerts"

/** Where a block stands. */
interface Place {
  readonly in: string | null
  readonly indent: number
}

/** What a Markdown text holds. `title`: its first line, if that is a heading of the first level; null: it is not. */
export interface MarkdownDocument {
  readonly title: string | null
  readonly blocks: readonly Node[]
}

/** Reads a file: its first heading is the document's title. */
export function documentFromMarkdown(text: string): MarkdownDocument {
  const blocks = blocksFromMarkdown(text)
  const [first, ...rest] = blocks
  if (first?.type !== schema.nodes.heading || first.attrs["level"] !== 1) return { title: null, blocks }
  return { title: first.textContent, blocks: rest }
}

/** Reads a piece of Markdown. Never throws; an empty text is no block. */
export function blocksFromMarkdown(text: string): Node[] {
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  return tree.children.flatMap(child => blocksOf(child, { in: null, indent: 0 }))
}

function blocksOf(node: RootContent, place: Place): Node[] {
  const attributes = { ...PLAIN, ...place }
  switch (node.type) {
    case "paragraph":
      return [schema.node("paragraph", attributes, inlines(node.children))]
    case "heading":
      return [
        schema.node(
          "heading",
          { ...attributes, level: Math.min(node.depth, LEVEL_MAX) },
          inlines(node.children),
        ),
      ]
    case "code":
      return [schema.node("code_block", { ...attributes, lang: node.lang ?? null }, lines(node.value, []))]
    case "thematicBreak":
      return [schema.node("divider", attributes)]
    case "blockquote":
      return quoteBlocks(node.children, place)
    case "list":
      return listBlocks(node, place)
    case "html":
      return [schema.node("paragraph", attributes, lines(node.value, []))]
    case "table":
      return [tableBlock(node, place)]
    default:
      // Footnotes and definitions: their words, a paragraph each.
      return "children" in node
        ? node.children.flatMap(child => blocksOf(child as RootContent, place))
        : plainBlock(node, place)
  }
}

/** The rows may be of different length: they are filled up to the longest. */
function tableBlock({ children }: Table, place: Place): Node {
  const width = Math.max(1, ...children.map(row => row.children.length))
  const rows = children.map(({ children: cells }) =>
    schema.node(
      "table_row",
      null,
      Array.from({ length: width }, (_, x) =>
        schema.node("table_cell", null, inlines(cells[x]?.children ?? [])),
      ),
    ),
  )
  return schema.node("table", { ...PLAIN, in: place.in }, [schema.node("table_caption"), ...rows])
}

function quoteBlocks(children: readonly RootContent[], place: Place): Node[] {
  const [first, ...rest] = children
  const alert = first?.type === "paragraph" ? alertIn(leadingText(first)) : null
  // One container holds no other: an inner quotation is a part of the outer one.
  const inside = { ...place, in: place.in ?? alert?.of ?? "quote" }
  if (!alert || first?.type !== "paragraph") return children.flatMap(child => blocksOf(child, inside))
  const left = withoutLeading(first, alert.length)
  return [...(left ? [left] : []), ...rest].flatMap(child => blocksOf(child, inside))
}

function listBlocks({ ordered, children }: List, place: Place): Node[] {
  const indent = Math.min(place.indent, INDENT_MAX)
  return children.flatMap(({ checked, children: [first, ...rest] }) => {
    const kind = typeof checked === "boolean" ? "task" : ordered === true ? "ordered" : "bullet"
    const item = { list: kind, checked: checked === true, indent, in: place.in }
    const within = { ...place, indent: Math.min(place.indent + 1, INDENT_MAX) }
    const own = first && first.type !== "list" ? blocksOf(first, { ...place, indent }) : []
    const [head = schema.node("paragraph", PLAIN), ...more] = own
    const later = first?.type === "list" ? [first, ...rest] : rest
    return [
      head.type.create({ ...head.attrs, ...item }, head.content),
      ...more,
      ...later.flatMap(child => blocksOf(child, within)),
    ]
  })
}

function plainBlock(node: Nodes, place: Place): Node[] {
  const text = "value" in node ? node.value : ""
  return text === "" ? [] : [schema.node("paragraph", { ...PLAIN, ...place }, lines(text, []))]
}

function leadingText({ children: [first] }: Paragraph): string {
  return first?.type === "text" ? first.value : ""
}

function withoutLeading(paragraph: Paragraph, length: number): Paragraph | null {
  const [first, ...rest] = paragraph.children
  if (first?.type !== "text") return paragraph
  const value = first.value.slice(length)
  const children = value === "" ? rest : [{ ...first, value }, ...rest]
  if (children[0]?.type === "break") children.shift()
  return children.length === 0 ? null : { ...paragraph, children }
}

/** Inline content. Marks that Markdown has no sign for are switched by what stands between the words. */
function inlines(children: readonly PhrasingContent[]): Node[] {
  return new InlineReader().read(children, [])
}

class InlineReader {
  /** Switched on by a tag and off by its end. */
  readonly #tagged = new Set<"underline" | "highlight">()

  read(children: readonly PhrasingContent[], marks: readonly Mark[]): Node[] {
    return children.flatMap(child => this.#one(child, marks))
  }

  #one(node: PhrasingContent, marks: readonly Mark[]): Node[] {
    switch (node.type) {
      case "text":
        return this.#text(node.value, marks)
      case "break":
        return [schema.node("hard_break", null, undefined, this.#all(marks))]
      case "inlineCode":
        return lines(node.value, this.#all(schema.mark("code").addToSet(marks)))
      case "strong":
        return this.read(node.children, schema.mark("bold").addToSet(marks))
      case "emphasis":
        return this.read(node.children, schema.mark("italic").addToSet(marks))
      case "delete":
        return this.read(node.children, schema.mark("strike").addToSet(marks))
      case "link": {
        const href = safeAddress(node.url)
        return this.read(node.children, href === null ? marks : schema.mark("link", { href }).addToSet(marks))
      }
      case "image":
        // A picture at an address is never fetched: its words stand for it.
        return this.#text(node.alt ?? "", marks)
      case "html":
        return this.#html(node.value, marks)
      default:
        return "children" in node ? this.read(node.children, marks) : []
    }
  }

  #html(value: string, marks: readonly Mark[]): Node[] {
    const [, end, name] = /^<(\/?)\s*(\w+)\s*\/?>$/.exec(value.toLowerCase()) ?? []
    if (name === "br") return [schema.node("hard_break", null, undefined, this.#all(marks))]
    const mark = name === "u" ? "underline" : name === "mark" ? "highlight" : null
    if (mark === null) return lines(value, this.#all(marks))
    if (end === "") this.#tagged.add(mark)
    else this.#tagged.delete(mark)
    return []
  }

  // Other programs write a highlight as ==words==.
  #text(value: string, marks: readonly Mark[]): Node[] {
    const all = this.#all(marks)
    return value
      .split(/==(?=\S)([^=]+)(?<=\S)==/)
      .flatMap((part, at) => lines(part, at % 2 === 1 ? schema.mark("highlight").addToSet(all) : all))
  }

  #all(marks: readonly Mark[]): readonly Mark[] {
    return [...this.#tagged].reduce<readonly Mark[]>((all, name) => schema.mark(name).addToSet(all), marks)
  }
}

/** A text with its line breaks as nodes. */
function lines(text: string, marks: readonly Mark[]): Node[] {
  return text
    .split("\n")
    .flatMap((line, at) => [
      ...(at > 0 ? [schema.node("hard_break", null, undefined, marks)] : []),
      ...(line === "" ? [] : [schema.text(line, marks)]),
    ])
}
