// HTML as blocks and marks: what the editor reads back from its own page, and what the clipboard brings. It is
// the other direction of the schema's `toDOM`. HTML may come from anybody, so every attribute is one of a few
// words or a number in its range, an address is safe or absent, and the rest of a page stays outside.
import { type Attrs, DOMParser, type ParseRule, type TagParseRule } from "prosemirror-model"
import { safeAddress } from "../content/link"
import { INDENT_MAX, isOtherPair, isPlainValue, LEVEL_MAX, type OtherKeys } from "../content/marker"
import { readPicture } from "../content/picture"
import { type BlockName, schema } from "../content/schema"
import { isId } from "../content/table"

const rules: ParseRule[] = [
  block("p", "paragraph"),
  block("div[data-block=paragraph]", "paragraph"),
  ...[1, 2, 3, 4, 5, 6].map(level =>
    block(`h${level}`, "heading", () => ({ level: Math.min(level, LEVEL_MAX) })),
  ),
  { tag: "pre", node: "code_block", preserveWhitespace: "full", getAttrs: readBlock },
  block("hr", "divider"),
  block("div[data-block=divider]", "divider"),
  {
    tag: "figure[data-block=image]",
    node: "image",
    contentElement: "figcaption",
    getAttrs: (dom: HTMLElement) => {
      const picture = readPictureDom(dom)
      return picture === null ? false : { ...readBlock(dom), ...picture }
    },
  },
  block("div[data-block=unknown]", "unknown_block", dom => ({
    type: (dom.dataset["type"] ?? "?").slice(0, 60),
  })),
  { ...table("div[data-block=table]"), contentElement: "table" },
  table("table"),
  { tag: "caption", node: "table_caption" },
  { tag: "tr", node: "table_row", getAttrs: dom => ({ row: idOf(dom.dataset["row"]) }) },
  ...["td", "th"].map(
    (tag): TagParseRule => ({
      tag,
      node: "table_cell",
      getAttrs: dom => ({ column: idOf(dom.dataset["column"]) }),
    }),
  ),
  { tag: "br", node: "hard_break" },
  {
    tag: "span[data-embed]",
    node: "unknown_inline",
    getAttrs: dom => {
      const embed = parsed(dom.dataset["embed"])
      return isPlainValue(embed) && embed !== null ? { embed } : false
    },
  },
  {
    tag: "a[href]",
    mark: "link",
    getAttrs: dom => {
      const href = safeAddress(dom.getAttribute("href"))
      return href === null ? false : { href }
    },
  },
  { tag: "strong", mark: "bold" },
  // Google Docs wraps everything it copies in a <b> that is not bold.
  { tag: "b", mark: "bold", getAttrs: dom => (dom.style.fontWeight === "normal" ? false : null) },
  { style: "font-weight=400", mark: "bold", clearMark: mark => mark.type === schema.marks.bold },
  {
    style: "font-weight",
    mark: "bold",
    getAttrs: weight => (/^(bold(er)?|[6-9]\d\d)$/.test(weight) ? null : false),
  },
  ...["em", "i"].map(tag => ({ tag, mark: "italic" })),
  { style: "font-style=italic", mark: "italic" },
  { tag: "u", mark: "underline" },
  { style: "text-decoration=underline", mark: "underline" },
  ...["s", "del", "strike"].map(tag => ({ tag, mark: "strike" })),
  { style: "text-decoration=line-through", mark: "strike" },
  { tag: "code", mark: "code" },
  { tag: "mark", mark: "highlight" },
  {
    tag: "span[data-format]",
    mark: "unknown",
    getAttrs: dom => {
      const pair = parsed(dom.dataset["format"])
      if (!Array.isArray(pair) || typeof pair[0] !== "string" || !isPlainValue(pair[1])) return false
      return { key: pair[0], value: pair[1] }
    },
  },
]

/** Reads a page's elements by these rules. */
export const parser = new DOMParser(schema, rules)

function block(tag: string, node: BlockName, more: (dom: HTMLElement) => Attrs = () => ({})): TagParseRule {
  return { tag, node, getAttrs: dom => ({ ...readBlock(dom), ...more(dom) }) }
}

function table(tag: string): TagParseRule {
  return block(tag, "table", dom => {
    const said = ["row", "column", "both", "none"].find(each => each === dom.dataset["header"])
    return { header: said ?? (dom.querySelector("th") === null ? "none" : "row") }
  })
}

const idOf = (id: string | undefined): string | null => (isId(id) ? id : null)

/** A picture of some document here: where it is from stands behind its reference (pictures.ts). */
function readPictureDom(dom: HTMLElement): Attrs | null {
  const [reference = "", home = ""] = (dom.dataset["blob"] ?? "").split("@")
  const [width, height] = (dom.dataset["size"] ?? "").split(" ").map(Number)
  const picture = readPicture(key => ({ blob: reference, width, height, alt: dom.dataset["alt"] })[key])
  return picture && { ...picture, blob: home === "" ? reference : `${reference}@${home}` }
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
