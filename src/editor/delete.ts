// Taking out a selection where there are tables. Words go from whatever was selected, and a table that was selected
// whole goes; but a table that was touched keeps its rows, and no words move into a cell or out of one: whoever types
// in them meanwhile keeps them.
import type { Node } from "prosemirror-model"
import { type Command, Plugin, Selection, TextSelection, type Transaction } from "prosemirror-state"
import { rectangleOf, selectedRanges } from "./cells"

/** Whether a range begins or ends inside a table that it does not stay within one line of. */
export function crossesTable(doc: Node, from: number, to: number): boolean {
  const [$from, $to] = [doc.resolve(from), doc.resolve(to)]
  return ($from.depth > 1 || $to.depth > 1) && !$from.sameParent($to)
}

/** Takes out a range; afterwards the caret belongs at `from`. */
export function deleteRange(tr: Transaction, from: number, to: number): void {
  if (!crossesTable(tr.doc, from, to)) {
    tr.delete(from, to)
    return
  }
  const blocks: { node: Node; start: number }[] = []
  tr.doc.nodesBetween(from, to, (node, start) => {
    blocks.push({ node, start })
    return false
  })
  for (const { node, start } of blocks.reverse()) {
    const end = start + node.nodeSize
    if (from <= start && to >= end) tr.delete(start, end)
    else
      for (const line of linesIn(node, start).reverse()) {
        const [a, b] = [Math.max(from, line.from), Math.min(to, line.to)]
        if (a < b) tr.delete(a, b)
      }
  }
  if (tr.doc.childCount === 0) tr.insert(0, tr.doc.type.schema.node("paragraph"))
}

/** Takes out the selection if there are tables at its ends; all other selections are left to others. */
export const deleteAcross: Command = (state, dispatch) => {
  const { from, to, empty } = state.selection
  if (!(state.selection instanceof TextSelection) || empty || !crossesTable(state.doc, from, to)) return false
  const { tr } = state
  if (rectangleOf(state.selection) === null) deleteRange(tr, from, to)
  else for (const range of selectedRanges(state.selection).reverse()) tr.delete(range.from, range.to)
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(tr.mapping.map(from), tr.doc.content.size)), 1))
  dispatch?.(tr.scrollIntoView())
  return true
}

/** Words typed over such a selection, and what is cut from it. */
export function editAcross(): Plugin {
  return new Plugin({
    props: {
      handleTextInput: (view, _from, _to, text) => {
        if (!deleteAcross(view.state, view.dispatch)) return false
        view.dispatch(view.state.tr.insertText(text).scrollIntoView())
        return true
      },
      handleDOMEvents: {
        cut: (view, event) => {
          const { from, to } = view.state.selection
          if (!view.editable || event.clipboardData === null || !crossesTable(view.state.doc, from, to))
            return false
          const { dom, text } = view.serializeForClipboard(view.state.selection.content())
          event.clipboardData.setData("text/html", dom.innerHTML)
          event.clipboardData.setData("text/plain", text)
          event.preventDefault()
          return deleteAcross(view.state, view.dispatch)
        },
      },
    },
  })
}

/** Where the words of a block are: its own, or those of each cell. */
function linesIn(block: Node, start: number): { from: number; to: number }[] {
  if (block.isTextblock) return [{ from: start + 1, to: start + block.nodeSize - 1 }]
  const lines: { from: number; to: number }[] = []
  block.descendants((node, offset) => {
    if (node.isTextblock) lines.push({ from: start + offset + 2, to: start + offset + node.nodeSize })
    return !node.isTextblock
  })
  return lines
}
