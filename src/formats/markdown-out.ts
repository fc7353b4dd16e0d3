// A document as Markdown (CommonMark with GitHub's tables, tasks and strikethrough). What Markdown has no word for is
// written so that others read it and Sheaf reads it back: underline as <u>, highlight as <mark>, a callout as a
// quotation that begins with [!NOTE]. Empty paragraphs, directions and alignments have no Markdown and are left out.
import type {
  BlockContent,
  List,
  ListItem,
  PhrasingContent,
  Root,
  RootContent,
  Table,
  TableCell,
} from "mdast"
import { gfmToMarkdown } from "mdast-util-gfm"
import { type Options, toMarkdown } from "mdast-util-to-markdown"
import type { Node } from "prosemirror-model"
import { ALERTS } from "./alerts"
import { type Inline, inlineOf } from "./inline"
import { type Branch, outlineOf } from "./outline"

const OPTIONS: Options = {
  bullet: "-",
  rule: "-",
  fences: true,
  listItemIndent: "one",
  emphasis: "_",
  extensions: [gfmToMarkdown()],
}

/** The whole document; the title, where there is one, is its first heading. Ends with a line break. */
export function markdownOf(title: string, doc: Node): string {
  const body = outlineOf(doc.content.content).flatMap(branchToMdast)
  const heading: RootContent[] =
    title === "" ? [] : [{ type: "heading", depth: 1, children: [{ type: "text", value: title }] }]
  const root: Root = { type: "root", children: [...heading, ...body] }
  return toMarkdown(root, OPTIONS)
}

function branchToMdast(branch: Branch): BlockContent[] {
  switch (branch.is) {
    case "block":
      return blockToMdast(branch.node)
    case "list":
      return [listToMdast(branch)]
    case "container": {
      const children = branch.children.flatMap(branchToMdast)
      const alert = ALERTS.find(({ of }) => of === branch.of)
      if (alert)
        children.unshift({ type: "paragraph", children: [{ type: "html", value: `[!${alert.name}]` }] })
      return [{ type: "blockquote", children }]
    }
    default:
      return branch satisfies never
  }
}

function listToMdast({ ordered, items }: Extract<Branch, { is: "list" }>): List {
  const children = items.map(({ checked, children }): ListItem => {
    const blocks = children.flatMap(branchToMdast)
    // An item needs a first line, also an empty one.
    if (blocks[0]?.type === "list" || blocks.length === 0) blocks.unshift({ type: "paragraph", children: [] })
    return { type: "listItem", checked, spread: false, children: blocks }
  })
  return { type: "list", ordered, spread: false, children }
}

function blockToMdast(node: Node): BlockContent[] {
  const children = inlineOf(node).flatMap(inlineToMdast)
  switch (node.type.name) {
    case "heading": {
      const level = Number(node.attrs["level"])
      return [{ type: "heading", depth: level === 1 ? 1 : level === 2 ? 2 : 3, children }]
    }
    case "code_block": {
      const lang = node.attrs["lang"]
      return [{ type: "code", lang: typeof lang === "string" ? lang : null, value: textOf(node) }]
    }
    // The bytes stay in the document; its words go along.
    case "image": {
      const { alt } = node.attrs
      const shown =
        typeof alt === "string" && alt !== "" ? [paragraph([{ type: "text", value: `[${alt}]` }])] : []
      return [...shown, ...(children.length > 0 ? [paragraph(children)] : [])]
    }
    case "divider":
      // Words that somebody wrote into a divider are not left out.
      return [{ type: "thematicBreak" }, ...(children.length > 0 ? [paragraph(children)] : [])]
    case "table":
      return tableToMdast(node)
    default:
      return children.length > 0 || node.attrs["list"] !== null ? [paragraph(children)] : []
  }
}

/** The first row is the heading, for Markdown has no table without one; a caption is a line under it. */
function tableToMdast(node: Node): BlockContent[] {
  const [caption, ...rows] = node.content.content
  const cell = (of: Node): TableCell => ({
    type: "tableCell",
    children: inlineOf(of)
      .flatMap(inlineToMdast)
      .map(child => (child.type === "break" ? { type: "html", value: "<br>" } : child)),
  })
  const table: Table = {
    type: "table",
    children: rows.map(row => ({ type: "tableRow", children: row.content.content.map(cell) })),
  }
  const words = caption === undefined ? [] : inlineOf(caption).flatMap(inlineToMdast)
  return words.length > 0 ? [table, paragraph(words)] : [table]
}

function paragraph(children: PhrasingContent[]): BlockContent {
  return { type: "paragraph", children }
}

function inlineToMdast(inline: Inline): PhrasingContent[] {
  if (inline.is === "text") return [{ type: "text", value: inline.text }]
  if (inline.is === "break") return [{ type: "break" }]
  const { mark } = inline
  if (mark.type.name === "code") return [{ type: "inlineCode", value: plain(inline.children) }]
  const children = inline.children.flatMap(inlineToMdast)
  switch (mark.type.name) {
    case "link":
      return [{ type: "link", url: String(mark.attrs["href"]), children }]
    case "bold":
      return [{ type: "strong", children }]
    case "italic":
      return [{ type: "emphasis", children }]
    case "strike":
      return [{ type: "delete", children }]
    case "underline":
      return [{ type: "html", value: "<u>" }, ...children, { type: "html", value: "</u>" }]
    case "highlight":
      return [{ type: "html", value: "<mark>" }, ...children, { type: "html", value: "</mark>" }]
    default:
      return children
  }
}

function plain(row: readonly Inline[]): string {
  return row
    .map(each => (each.is === "text" ? each.text : each.is === "break" ? "\n" : plain(each.children)))
    .join("")
}

function textOf(node: Node): string {
  return node.textBetween(0, node.content.size, "\n", leaf => leaf.type.spec.leafText?.(leaf) ?? "")
}
