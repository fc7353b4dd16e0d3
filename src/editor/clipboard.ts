// What comes in from the clipboard. From Sheaf, blocks keep everything; from elsewhere only what the schema
// knows gets through, so styles, scripts and remote pictures stay outside. Nested lists and quotes of
// a web page become flat blocks with an indent, for a document here is a row of blocks; a table stays one.
import { Fragment, type Node, Slice } from "prosemirror-model"
import { Plugin } from "prosemirror-state"
import { safeAddress } from "../content/link"
import { INDENT_MAX } from "../content/marker"
import { schema } from "../content/schema"
import { tidyForeign } from "./foreign"
import { parser } from "./parse"
import { plainText } from "./paste-cells"

/** The longest clipboard that is taken in, in UTF-16 units. A book fits; a bomb does not. */
export const CLIPBOARD_LENGTH_MAX = 5_000_000

export function clipboard(): Plugin {
  return new Plugin({
    props: {
      transformPastedHTML: html => flatten(html.slice(0, CLIPBOARD_LENGTH_MAX)),
      clipboardTextParser: (text, _context, _plain, view) =>
        paragraphsOf(text.slice(0, CLIPBOARD_LENGTH_MAX), view.state.selection.$from.parent),
      // In an empty block the first of what is pasted keeps what it is; elsewhere its words join the block's.
      transformPasted: (slice, view) => {
        const into = view.state.selection.$from.parent
        const { list, in: container } = slice.content.firstChild?.attrs ?? {}
        if (slice.content.content.some(node => node.type === schema.nodes.table))
          return new Slice(slice.content, 0, 0)
        const special = typeof list === "string" || typeof container === "string"
        return special && into.content.size === 0 ? new Slice(slice.content, 0, 0) : slice
      },
      clipboardTextSerializer: slice => plainText(slice.content),
      // An address pasted onto words links them.
      handlePaste: (view, event) => {
        const address = event.clipboardData?.getData("text/plain").trim() ?? ""
        const { empty, from, to } = view.state.selection
        if (empty || !/^(https?:\/\/|mailto:)\S+$/i.test(address)) return false
        const href = safeAddress(address)
        if (href === null) return false
        view.dispatch(
          view.state.tr
            .removeMark(from, to, schema.marks.link)
            .addMark(from, to, schema.mark("link", { href }))
            .setMeta("paste", true)
            .setMeta("uiEvent", "paste"),
        )
        return true
      },
    },
  })
}

/** Plain text: each line a block like the one it is pasted into; empty lines only set paragraphs apart. */
export function paragraphsOf(text: string, into: Node): Slice {
  const lines = text.replace(/\r\n?/g, "\n").split(into.type.spec.code ? /(?!)/ : /\n+/)
  const asBefore = into.type === schema.nodes.code_block || into.type === schema.nodes.unknown_block
  const kind = asBefore ? into.type : schema.nodes.paragraph
  const blocks = lines.map(line =>
    kind.create({ ...into.attrs, checked: false, other: [] }, line === "" ? null : schema.text(line)),
  )
  return new Slice(Fragment.fromArray(blocks), 1, 1)
}

/**
 * A web page's HTML as flat blocks that the schema reads. HTML that was copied from an editor of this kind is
 * left as it is: it is flat already.
 */
export function flatten(html: string): string {
  if (html.includes("data-pm-slice")) return html
  const page = new DOMParser().parseFromString(html, "text/html")
  tidyForeign(page)
  const out: HTMLElement[] = []
  flattenInto(page.body, { list: null, checked: false, indent: -1, quote: false }, page, out)
  const flat = page.createElement("div")
  flat.append(...out.filter(says))
  return flat.innerHTML
}

/** Whether a block would show anything. Pictures that would have to be fetched do not. */
function says(block: HTMLElement): boolean {
  return (
    block.tagName === "HR" ||
    (block.textContent ?? "").trim() !== "" ||
    block.querySelector('img[src^="data:"]') !== null
  )
}

/** A web page's blocks, as they would be pasted. The page is inert: nothing in it runs or is fetched. */
export function blocksOfPage(html: string): readonly Node[] {
  const page = new DOMParser().parseFromString(flatten(html.slice(0, CLIPBOARD_LENGTH_MAX)), "text/html")
  return parser.parse(page.body).content.content
}

/** What a web page calls itself; "" if nothing. */
export function titleOfPage(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").title.trim()
}

interface Surroundings {
  readonly list: "bullet" | "ordered" | "task" | null
  readonly checked: boolean
  /** −1 outside of any list. */
  readonly indent: number
  readonly quote: boolean
}

const BLOCKS = new Set(
  "P DIV H1 H2 H3 H4 H5 H6 PRE UL OL LI BLOCKQUOTE HR TABLE THEAD TBODY TFOOT TR TD TH SECTION ARTICLE MAIN HEADER FOOTER NAV ASIDE DL DT DD FIGURE FIGCAPTION".split(
    " ",
  ),
)

/** Appends flat blocks for what is in `parent`. */
function flattenInto(parent: Element, around: Surroundings, page: Document, out: HTMLElement[]): void {
  let open: HTMLElement | null = null // words between blocks gather in a block of their own
  let item = around // the first block of a list item is the item; what follows in it stands under it
  const put = (tag: string) => {
    const made = page.createElement(tag)
    if (item.list !== null) made.dataset["list"] = item.list
    if (item.checked) made.dataset["checked"] = "true"
    if (item.indent > 0) made.dataset["indent"] = String(Math.min(INDENT_MAX, item.indent))
    if (item.quote) made.dataset["in"] = "quote"
    item = {
      ...around,
      list: null,
      checked: false,
      indent: around.list === null ? around.indent : around.indent + 1,
    }
    out.push(made)
    return made
  }
  for (const child of [...parent.childNodes]) {
    if (!isElement(child) || !holdsBlock(child)) {
      if (open === null && (child.textContent ?? "").trim() === "" && child.nodeName !== "BR") continue
      open ??= put("p")
      open.append(child)
      continue
    }
    tidy(open)
    open = null
    const tag = child.tagName
    if (tag === "UL" || tag === "OL") {
      const list = tag === "UL" ? "bullet" : "ordered"
      // Some pages put a nested list beside its item rather than inside it.
      for (const each of [...child.children])
        flattenInto(each.tagName === "LI" ? each : wrapped(each, page), listIn(around, each, list), page, out)
    } else if (tag === "BLOCKQUOTE") flattenInto(child, { ...item, quote: true }, page, out)
    else if (tag === "HR") put("hr")
    else if (tag === "PRE") {
      const made = put("pre")
      made.textContent = child.textContent
      const { syntax } = child.dataset
      if (syntax !== undefined) made.dataset["syntax"] = syntax
    } else if (/^(P|H[1-6])$/.test(tag) && !hasBlocks(child)) {
      const made = put(tag.toLowerCase())
      made.append(...child.childNodes)
      tidy(made)
    } else if (tag === "TABLE") {
      const table = plainTable(child, page)
      if (item.quote) table.dataset["in"] = "quote"
      out.push(table)
    } else {
      flattenInto(child, item, page, out)
      item = { ...around, list: null, checked: false }
    }
  }
  tidy(open)
}

/** A page's table with lines only in its cells; a cell that reached over others has empty ones beside it. */
function plainTable(table: Element, page: Document): HTMLElement {
  const made = page.createElement("table")
  const rows = [...table.querySelectorAll("tr")].filter(row => row.closest("table") === table)
  const taken: boolean[][] = rows.map(() => [])
  let width = 1
  for (const [y, row] of rows.entries()) {
    const line = made.appendChild(page.createElement("tr"))
    let x = 0
    const gap = () => {
      for (; taken[y]?.[x] === true; x++) line.append(page.createElement("td"))
    }
    for (const cell of row.children) {
      if (cell.tagName !== "TD" && cell.tagName !== "TH") continue
      gap()
      const plain = line.appendChild(page.createElement(cell.tagName))
      plain.append(...linesIn(cell, page))
      const [across, down] = [spanOf(cell, "colspan"), spanOf(cell, "rowspan")]
      for (let dy = 0; dy < down; dy++)
        for (let dx = 0; dx < across; dx++) {
          const below = taken[y + dy]
          if (below !== undefined && dy + dx > 0) below[x + dx] = true
        }
      x++
      gap()
    }
    width = Math.max(width, line.children.length)
  }
  for (const line of made.children) while (line.children.length < width) line.append(page.createElement("td"))
  if (rows.length === 0) made.appendChild(page.createElement("tr")).append(page.createElement("td"))
  // There is always a caption, if only an empty one: the schema begins a table with it.
  const caption = page.createElement("caption")
  caption.textContent = table.querySelector(":scope > caption")?.textContent ?? ""
  made.prepend(caption)
  return made
}

const SPAN_MAX = 100

function spanOf(cell: Element, name: string): number {
  const said = Number(cell.getAttribute(name) ?? 1)
  return Number.isInteger(said) && said > 0 ? Math.min(SPAN_MAX, said) : 1
}

/** What is in a cell, its blocks as lines. */
function linesIn(cell: Element, page: Document): globalThis.Node[] {
  const blocks: HTMLElement[] = []
  flattenInto(cell, { list: null, checked: false, indent: -1, quote: false }, page, blocks)
  return blocks.flatMap((block, index) => [
    ...(index === 0 ? [] : [page.createElement("br")]),
    ...(block.tagName === "TABLE" ? [page.createTextNode(block.textContent ?? "")] : block.childNodes),
  ])
}

/**
 * Spaces as a page would show them: a source's line ends and indents are none of its words. (Here spaces are
 * kept as they are, so a page's must be made so first.)
 */
function tidy(block: Element | null): void {
  if (block === null) return
  const walker = block.ownerDocument.createTreeWalker(block, 4 /* text nodes */)
  let last: globalThis.Node | null = null
  let atStart = true
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
    const words = (text.nodeValue ?? "").replace(/[ \t\r\n\f]+/g, " ")
    text.nodeValue = atStart || text.previousSibling?.nodeName === "BR" ? words.trimStart() : words
    if (text.nodeValue === "") continue
    atStart = text.nodeValue.endsWith(" ")
    last = text
  }
  if (last !== null) last.nodeValue = (last.nodeValue ?? "").replace(/ $/, "")
}

/** The surroundings of what is in `element`, an item of a list or a list that stands where an item should. */
function listIn(around: Surroundings, element: Element, list: "bullet" | "ordered"): Surroundings {
  const indent = around.indent + 1
  if (element.tagName !== "LI") return { ...around, list: null, checked: false, indent }
  const box = element.querySelector(":scope > input[type=checkbox], :scope > p > input[type=checkbox]")
  return {
    ...around,
    list: box === null ? list : "task",
    checked: box?.hasAttribute("checked") ?? false,
    indent,
  }
}

function wrapped(element: Element, page: Document): Element {
  const item = page.createElement("li")
  item.append(element)
  return item
}

function isElement(node: globalThis.Node): node is HTMLElement {
  return node.nodeType === 1
}

/** Whether an element is a block or, like the <b> around all that Google Docs copies, has blocks inside. */
function holdsBlock(element: Element): boolean {
  return BLOCKS.has(element.tagName) || hasBlocks(element)
}

function hasBlocks(element: Element): boolean {
  return [...element.children].some(holdsBlock)
}
