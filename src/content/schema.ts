// The ProseMirror schema, as flat as the stored text: a document is a row of blocks, and each block stands
// for one marker. So a place in the editor and a place in the text differ only by counting blocks. Only a table is
// deeper: the words after its marker are its caption, and each of its cells has a text of its own.
// Nothing here touches a DOM: `toDOM` gives plain descriptions. Reading HTML back is the editor's (parse.ts).
import { type MarkSpec, type Node, type NodeSpec, Schema } from "prosemirror-model"
import { safeAddress } from "./link"
import { type BlockAttributes, type BlockName, PLAIN } from "./marker"

export type { BlockName }

const attrs = Object.fromEntries(Object.entries(PLAIN).map(([key, value]) => [key, { default: value }]))

// Every block is a text block, the divider too: whatever concurrent typing leaves in it stays visible.
// `pre`: spaces in the stored text are what was typed, so they are drawn and read back as they are.
const block = { group: "block", content: "inline*", marks: "_", whitespace: "pre", attrs } satisfies NodeSpec

const nodes = {
  doc: { content: "block+" },
  paragraph: {
    ...block,
    toDOM: node => ["p", blockDom(node), 0],
  },
  heading: {
    ...block,
    // `id`: the name by which the heading is linked to.
    attrs: { ...attrs, level: { default: 1 }, id: { default: null } },
    defining: true,
    toDOM: node => [`h${node.attrs["level"]}`, blockDom(node), 0],
  },
  code_block: {
    ...block,
    code: true,
    defining: true,
    toDOM: node => ["pre", { ...blockDom(node), spellcheck: "false" }, ["code", 0]],
  },
  divider: {
    ...block,
    toDOM: node => ["div", { ...blockDom(node), "data-block": "divider" }, 0],
  },
  table: {
    group: "block",
    selectable: false,
    content: "table_caption table_row+",
    marks: "",
    isolating: true,
    attrs: { ...attrs, header: { default: "row" } },
    toDOM: node => [
      "div",
      { ...blockDom(node), "data-block": "table", "data-header": String(node.attrs["header"]) },
      ["table", 0],
    ],
  },
  table_caption: {
    selectable: false,
    content: "inline*",
    marks: "_",
    whitespace: "pre",
    isolating: true,
    toDOM: () => ["caption", { dir: "auto" }, 0],
  },
  // `row` and `column` are ids of the stored table; null: not stored yet.
  table_row: {
    selectable: false,
    content: "table_cell+",
    marks: "",
    attrs: { row: { default: null } },
    toDOM: node => ["tr", idDom("data-row", node.attrs["row"]), 0],
  },
  table_cell: {
    selectable: false,
    content: "inline*",
    marks: "_",
    whitespace: "pre",
    isolating: true,
    // `head`: what the cell is the heading of, as HTML's `scope`.
    attrs: { column: { default: null }, head: { default: null } },
    toDOM: node => {
      const head: unknown = node.attrs["head"]
      const dom = { dir: "auto", ...idDom("data-column", node.attrs["column"]) }
      return head === "row" || head === "col" ? ["th", { ...dom, scope: head }, 0] : ["td", dom, 0]
    },
  },
  // The words are the caption. What is drawn above them is the editor's (picture-view.ts): it has the bytes.
  image: {
    ...block,
    attrs: {
      ...attrs,
      blob: { default: "" },
      width: { default: 1 },
      height: { default: 1 },
      alt: { default: null },
    },
    defining: true,
    toDOM: node => ["figure", { ...blockDom(node), ...pictureDom(node) }, ["figcaption", 0]],
  },
  unknown_block: {
    ...block,
    attrs: { ...attrs, type: { default: "?" } },
    defining: true,
    toDOM: node => [
      "div",
      { ...blockDom(node), "data-block": "unknown", "data-type": String(node.attrs["type"]) },
      0,
    ],
  },
  text: { group: "inline" },
  // A line break, and a line inside code: "\n" in the stored text.
  hard_break: {
    group: "inline",
    inline: true,
    selectable: false,
    linebreakReplacement: true,
    leafText: () => "\n",
    toDOM: () => ["br"],
  },
  // One unit of the stored text that this version cannot draw. It can be deleted and moved past, not edited;
  // `embed` is its plain value, so that it can be cut and pasted; null: it is more than a plain value.
  unknown_inline: {
    group: "inline",
    inline: true,
    atom: true,
    attrs: { embed: { default: null } },
    leafText: () => "\uFFFC",
    toDOM: node => [
      "span",
      {
        class: "unknown-inline",
        role: "img",
        "aria-label": "Something from a newer Sheaf",
        "data-embed": JSON.stringify(node.attrs["embed"]),
      },
    ],
  },
} satisfies Record<string, NodeSpec>

const drawnAs = (tag: string): MarkSpec => ({ toDOM: () => [tag, 0] })

const marks = {
  // Outermost in the DOM, so that a link is one element whatever is bold in it.
  link: {
    attrs: { href: {} },
    inclusive: false,
    // Addresses are checked when they are read from the text, and once more where they reach the page.
    toDOM: mark => [
      "a",
      { href: safeAddress(mark.attrs["href"]) ?? "#", rel: "noopener noreferrer nofollow" },
      0,
    ],
  },
  bold: drawnAs("strong"),
  italic: drawnAs("em"),
  underline: drawnAs("u"),
  strike: drawnAs("s"),
  code: { ...drawnAs("code"), code: true, inclusive: false },
  highlight: drawnAs("mark"),
  // A text attribute that this version does not know, or a known one with a value it cannot use: kept as it is.
  unknown: {
    attrs: { key: {}, value: {} },
    excludes: "",
    inclusive: false,
    toDOM: mark => ["span", { "data-format": JSON.stringify([mark.attrs["key"], mark.attrs["value"]]) }, 0],
  },
} satisfies Record<string, MarkSpec>

export const schema = new Schema<keyof typeof nodes, keyof typeof marks>({ nodes, marks, topNode: "doc" })

function idDom(name: string, id: unknown): Record<string, string> {
  return typeof id === "string" ? { [name]: id } : {}
}

function pictureDom({ attrs: { blob, width, height, alt } }: Node): Record<string, string> {
  const dom = { "data-block": "image", "data-blob": String(blob), "data-size": `${width} ${height}` }
  return typeof alt === "string" ? { ...dom, "data-alt": alt } : dom
}

/** Attributes of a block's element; only `data-`, `dir` and `lang`, so no value can become style or script. */
function blockDom(node: Node): Record<string, string> {
  const attributes = node.attrs as BlockAttributes
  const dom: Record<string, string> = { dir: attributes.dir ?? "auto" }
  if (attributes.list !== null) dom["data-list"] = attributes.list
  if (attributes.checked) dom["data-checked"] = "true"
  if (attributes.indent > 0) dom["data-indent"] = String(attributes.indent)
  if (attributes.in !== null) dom["data-in"] = attributes.in
  if (attributes.align !== null) dom["data-align"] = attributes.align
  if (attributes.lang !== null)
    dom[node.type.name === "code_block" ? "data-syntax" : "lang"] = attributes.lang
  if (attributes.other.length > 0) dom["data-other"] = JSON.stringify(attributes.other)
  return dom
}
