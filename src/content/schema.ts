// The ProseMirror schema, as flat as the stored text: a document is a row of blocks, and each block stands
// for one marker. So a place in the editor and a place in the text differ only by counting blocks.
// Nothing here touches a DOM: `toDOM` gives plain descriptions, and `parseDOM` runs only where one exists.
import { type Attrs, type MarkSpec, type Node, type NodeSpec, Schema } from "prosemirror-model"
import { safeAddress } from "./link"
import { type BlockAttributes, INDENT_MAX, isOtherPair, isPlainValue, LEVEL_MAX, type OtherKeys, PLAIN } from "./marker"

/** The names of the kinds of block, as `node.type.name`. */
export type BlockName = "paragraph" | "heading" | "code_block" | "divider" | "unknown_block"

const attrs = Object.fromEntries(Object.entries(PLAIN).map(([key, value]) => [key, { default: value }]))

// Every block is a text block, the divider too: whatever concurrent typing leaves in it stays visible.
// `pre`: spaces in the stored text are what was typed, so they are drawn and read back as they are.
const block = { group: "block", content: "inline*", marks: "_", whitespace: "pre", attrs } satisfies NodeSpec

const nodes = {
  doc: { content: "block+" },
  paragraph: {
    ...block,
    parseDOM: [
      { tag: "p", getAttrs: readBlock },
      { tag: "div[data-block=paragraph]", getAttrs: readBlock },
    ],
    toDOM: node => ["p", blockDom(node), 0],
  },
  heading: {
    ...block,
    attrs: { ...attrs, level: { default: 1 } },
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map(level => ({
      tag: `h${level}`,
      getAttrs: (dom: HTMLElement) => ({ ...readBlock(dom), level: Math.min(level, LEVEL_MAX) }),
    })),
    toDOM: node => [`h${node.attrs["level"]}`, blockDom(node), 0],
  },
  code_block: {
    ...block,
    code: true,
    defining: true,
    parseDOM: [{ tag: "pre", preserveWhitespace: "full", getAttrs: readBlock }],
    toDOM: node => ["pre", { ...blockDom(node), spellcheck: "false" }, ["code", 0]],
  },
  divider: {
    ...block,
    parseDOM: [{ tag: "hr" }, { tag: "div[data-block=divider]", getAttrs: readBlock }],
    toDOM: node => ["div", { ...blockDom(node), "data-block": "divider" }, 0],
  },
  unknown_block: {
    ...block,
    attrs: { ...attrs, type: { default: "?" } },
    defining: true,
    parseDOM: [
      {
        tag: "div[data-block=unknown]",
        getAttrs: (dom: HTMLElement) => ({
          ...readBlock(dom),
          type: (dom.dataset["type"] ?? "?").slice(0, 60),
        }),
      },
    ],
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
    parseDOM: [{ tag: "br" }],
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
    parseDOM: [
      {
        tag: "span[data-embed]",
        getAttrs: (dom: HTMLElement) => {
          const embed = parsed(dom.dataset["embed"])
          return isPlainValue(embed) && embed !== null ? { embed } : false
        },
      },
    ],
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

const simple = (tag: string, others: readonly string[], style?: string): MarkSpec => ({
  parseDOM: [...[tag, ...others].map(each => ({ tag: each })), ...(style === undefined ? [] : [{ style }])],
  toDOM: () => [tag, 0],
})

const marks = {
  // Outermost in the DOM, so that a link is one element whatever is bold in it.
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]",
        getAttrs: (dom: HTMLElement) => {
          const href = safeAddress(dom.getAttribute("href"))
          return href === null ? false : { href }
        },
      },
    ],
    // Addresses are checked when they are read from the text, and once more where they reach the page.
    toDOM: mark => [
      "a",
      { href: safeAddress(mark.attrs["href"]) ?? "#", rel: "noopener noreferrer nofollow" },
      0,
    ],
  },
  bold: {
    ...simple("strong", ["b"]),
    parseDOM: [
      { tag: "strong" },
      // Google Docs wraps everything it copies in a <b> that is not bold.
      { tag: "b", getAttrs: (dom: HTMLElement) => (dom.style.fontWeight === "normal" ? false : null) },
      { style: "font-weight=400", clearMark: mark => mark.type.name === "bold" },
      { style: "font-weight", getAttrs: weight => (/^(bold(er)?|[6-9]\d\d)$/.test(weight) ? null : false) },
    ],
  },
  italic: simple("em", ["i"], "font-style=italic"),
  underline: simple("u", [], "text-decoration=underline"),
  strike: simple("s", ["del", "strike"], "text-decoration=line-through"),
  code: { ...simple("code", []), code: true, inclusive: false },
  highlight: simple("mark", []),
  // A text attribute that this version does not know, or a known one with a value it cannot use: kept as it is.
  unknown: { attrs: { key: {}, value: {} }, excludes: "", inclusive: false, toDOM: () => ["span", 0] },
} satisfies Record<string, MarkSpec>

export const schema = new Schema<keyof typeof nodes, keyof typeof marks>({ nodes, marks, topNode: "doc" })

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

function readBlock(dom: HTMLElement): Attrs {
  const of = (values: readonly string[], value: string | null | undefined) =>
    values.find(each => each === value) ?? null
  const indent = Number(dom.dataset["indent"] ?? 0)
  return {
    list: of(["bullet", "ordered", "task"], dom.dataset["list"]),
    checked: dom.dataset["checked"] === "true",
    indent: Number.isInteger(indent) ? Math.min(INDENT_MAX, Math.max(0, indent)) : 0,
    in: dom.dataset["in"]?.slice(0, 60) || null,
    dir: of(["ltr", "rtl"], dom.getAttribute("dir")),
    lang: (dom.dataset["syntax"] ?? dom.getAttribute("lang"))?.slice(0, 60) || null,
    align: of(["start", "center", "end"], dom.dataset["align"]),
    other: readOther(dom.dataset["other"]),
  }
}

/** Unknown keys from a clipboard, which anybody may have written: only well-formed pairs, at most 50. */
function readOther(json: string | undefined): OtherKeys {
  const pairs = parsed(json)
  if (!Array.isArray(pairs)) return []
  return pairs
    .filter((pair): pair is [string, unknown] => Array.isArray(pair) && isOtherPair(pair[0], pair[1]))
    .slice(0, 50)
    .map(([key, value]) => [key, value] as const)
}

/** JSON of a clipboard, at most 20,000 units of it; null when it is not ours. */
function parsed(json: string | undefined): unknown {
  if (json === undefined || json.length > 20_000) return null
  try {
    return JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError) return null // some page happens to use the same attribute
    throw error
  }
}
