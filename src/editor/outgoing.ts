// What goes out through the clipboard: the same blocks, nested as other programs expect. A row of list blocks
// becomes lists in lists, a row of quoted blocks one quote. Each block's own element stays inside with its
// attributes, so Sheaf reads the blocks back as they were and simply does not see the nesting.
import { DOMSerializer, type Fragment, type Node } from "prosemirror-model"
import { schema } from "../content/schema"
import { isQuote } from "./commands"

class NestingSerializer extends DOMSerializer {
  override serializeFragment(
    fragment: Fragment,
    options: { document?: Document } = {},
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    const page = options.document
    if (page === undefined || target !== undefined || fragment.firstChild?.isBlock !== true)
      return super.serializeFragment(fragment, options, target)
    const out = page.createDocumentFragment()
    let quote: HTMLElement | null = null
    let lists: HTMLElement[] = [] // the open lists, the outermost first
    fragment.forEach(block => {
      const element = this.serializeNode(block, options)
      if (isQuote(block) !== (quote !== null)) {
        lists = []
        quote = isQuote(block) ? out.appendChild(page.createElement("blockquote")) : null
      }
      const place = quote ?? out
      if (block.attrs["list"] === null) {
        lists = []
        place.append(element)
      } else {
        lists = listsFor(block, lists, place, page)
        lists.at(-1)?.append(itemOf(block, element, page))
      }
    })
    return out
  }
}

/** Serializes what is copied; for `clipboardSerializer`. */
export const outgoing: DOMSerializer = new NestingSerializer(
  DOMSerializer.nodesFromSchema(schema),
  DOMSerializer.marksFromSchema(schema),
)

/** The open lists, ending in one of the block's kind at its indent. */
function listsFor(
  block: Node,
  open: readonly HTMLElement[],
  place: HTMLElement | DocumentFragment,
  page: Document,
): HTMLElement[] {
  const tag = block.attrs["list"] === "ordered" ? "ol" : "ul"
  const depth = Number(block.attrs["indent"]) + 1
  const lists = open.slice(0, depth)
  if (lists.length === depth && lists.at(-1)?.tagName.toLowerCase() !== tag) lists.pop()
  while (lists.length < depth) {
    // A nested list stands in the last item of the one around it, or directly in it when that has none.
    const around = lists.at(-1)
    const made = page.createElement(lists.length + 1 === depth ? tag : "ul")
    ;(around?.lastElementChild ?? around ?? place).append(made)
    lists.push(made)
  }
  return lists
}

function itemOf(block: Node, element: globalThis.Node, page: Document): HTMLElement {
  const item = page.createElement("li")
  if (block.attrs["list"] === "task") {
    const box = page.createElement("input")
    box.type = "checkbox"
    box.disabled = true
    box.setAttribute("aria-label", block.textContent.slice(0, 200))
    if (block.attrs["checked"] === true) box.setAttribute("checked", "")
    item.append(box)
  }
  item.append(element)
  return item
}
