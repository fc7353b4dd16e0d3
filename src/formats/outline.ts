// The flat row of blocks as the tree that other formats want: quotes and callouts around blocks, lists in lists. Sheaf
// stores neither (content/schema.ts); they are read off each block's `in`, `list` and `indent`. A paragraph that is
// indented after a list item belongs to that item.
import type { Node } from "prosemirror-model"
import type { BlockAttributes } from "../content/marker"

export type Branch =
  | { readonly is: "block"; readonly node: Node }
  | { readonly is: "list"; readonly ordered: boolean; readonly items: readonly Item[] }
  /** `of`: a container path such as "quote" or "callout:info". */
  | { readonly is: "container"; readonly of: string; readonly children: readonly Branch[] }

export interface Item {
  /** Of a task; null: it is none. */
  readonly checked: boolean | null
  /** The item's own block first, then what belongs to it. */
  readonly children: readonly Branch[]
}

interface OpenList {
  readonly indent: number
  readonly ordered: boolean
  readonly items: { readonly checked: boolean | null; readonly children: Branch[] }[]
}

export function outlineOf(blocks: readonly Node[]): Branch[] {
  const all: Branch[] = []
  let container: { readonly of: string | null; readonly children: Branch[] } = { of: null, children: all }
  let lists: OpenList[] = [] // the open ones, the outermost first
  for (const node of blocks) {
    const { in: of, list, indent, checked } = node.attrs as BlockAttributes
    if (of !== container.of) {
      const children: Branch[] = of === null ? all : []
      if (of !== null) all.push({ is: "container", of, children })
      container = { of, children }
      lists = []
    }
    if (list === null) {
      lists = lists.filter(open => open.indent < indent)
      const item = lists.at(-1)?.items.at(-1)
      ;(item?.children ?? container.children).push({ is: "block", node })
      continue
    }
    const ordered = list === "ordered"
    lists = lists.filter(open => open.indent < indent || (open.indent === indent && open.ordered === ordered))
    if (lists.at(-1)?.indent !== indent) {
      const open: OpenList = { indent, ordered, items: [] }
      const around = lists.at(-1)?.items.at(-1)
      ;(around?.children ?? container.children).push({ is: "list", ordered, items: open.items })
      lists.push(open)
    }
    lists.at(-1)?.items.push({ checked: list === "task" ? checked : null, children: [{ is: "block", node }] })
  }
  return all
}
