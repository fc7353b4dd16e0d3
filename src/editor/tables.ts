// What keys mean in a table: the caret goes from cell to cell, in and out, and a row comes when one goes on behind the
// last. What is done to a table by menus is in table-commands.ts.
import type { Node } from "prosemirror-model"
import { type Command, type EditorState, Selection, TextSelection, type Transaction } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import { schema } from "../content/schema"
import { cellAt, rowsOf, type TablePlace, tableAt } from "./cells"

type Change = (state: EditorState, place: TablePlace) => Transaction | null

/** A command for the table of the caret; null from `change`: it cannot be done. In a caption, cells are none. */
export function inTable(change: Change, cells = true): Command {
  return (state, dispatch) => {
    const place = tableAt(state.selection.$head)
    if (place === null || (cells && place.row < 0)) return false
    const tr = change(state, place)
    if (tr === null) return false
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

export function addRow(where: -1 | 1): Command {
  return inTable(({ tr }, { table, start, row, column }) => {
    const line = rowsOf(table)[row]
    if (line === undefined) return null
    const at = rowStart(table, start, row) + (where < 0 ? 0 : line.nodeSize)
    tr.insert(at, emptyRow(line))
    return intoCell(tr, start, where < 0 ? row : row + 1, column)
  })
}

/** Tab and Shift Tab: to the next cell, all of it selected as in a form; behind the last one a new row. */
export function nextCell(by: -1 | 1): Command {
  return (state, dispatch, view) => {
    const place = tableAt(state.selection.$head)
    if (place === null) return false
    const { table, start, row, column } = place
    const width = rowsOf(table)[0]?.childCount ?? 1
    const at = row < 0 ? (by < 0 ? -1 : 0) : row * width + column + by
    if (at < 0) return true
    if (at >= width * rowsOf(table).length) return addRow(1)(state, tr => dispatch?.(toColumn(tr, 0)), view)
    const cell = cellAt(table, start, Math.floor(at / width), at % width)
    if (cell === null) return true
    const selection = TextSelection.create(state.doc, cell.start + 1, cell.start + cell.node.nodeSize - 1)
    dispatch?.(state.tr.setSelection(selection).scrollIntoView())
    return true
  }
}

/** Up and down at the edge of a cell's lines: the cell above or below, and out of the table at its ends. */
export function arrow(by: -1 | 1): Command {
  return (state, dispatch, view) => {
    const { $head, empty } = state.selection
    const place = tableAt($head)
    if (place === null) return towards(by)(state, dispatch, view)
    if (!empty || !atEdge(view, by)) return false
    const { table, start, row, column } = place
    const { tr } = state
    const cell = cellAt(table, start, row + by, Math.max(0, column))
    if (cell !== null) {
      const end = by < 0 ? cell.start + cell.node.nodeSize - 1 : cell.start + 1
      dispatch?.(tr.setSelection(TextSelection.create(tr.doc, end)).scrollIntoView())
      return true
    }
    const edge = by < 0 ? start : start + table.nodeSize
    // At the very end (or start) of a document a line is made to go on in.
    if (edge === 0 || edge === tr.doc.content.size) tr.insert(edge, schema.nodes.paragraph.create())
    tr.setSelection(Selection.near(tr.doc.resolve(edge === 0 ? 1 : edge), by))
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

/** From the line beside a table into it. */
function towards(by: -1 | 1): Command {
  return (state, dispatch, view) => {
    const { $head, empty } = state.selection
    if (!empty || !$head.parent.isTextblock) return false
    const edge = by < 0 ? $head.before() : $head.after()
    const $edge = state.doc.resolve(edge)
    const table = by < 0 ? $edge.nodeBefore : $edge.nodeAfter
    if (table?.type !== schema.nodes.table || !atEdge(view, by)) return false
    const start = by < 0 ? edge - table.nodeSize : edge
    dispatch?.(intoCell(state.tr, start, by < 0 ? rowsOf(table).length - 1 : 0, 0).scrollIntoView())
    return true
  }
}

function atEdge(view: EditorView | undefined, by: -1 | 1): boolean {
  return view?.endOfTextblock(by < 0 ? "up" : "down") ?? true
}

/** Backspace just behind a table goes into it, and Delete just before one; nothing is joined with a cell. */
export function intoTable(by: -1 | 1): Command {
  return (state, dispatch) => {
    const { $head, empty } = state.selection
    if (!empty || !$head.parent.isTextblock) return false
    if ($head.parentOffset !== (by < 0 ? 0 : $head.parent.content.size)) return false
    if ($head.depth > 1) return true // the edge of a cell: nothing to join
    const edge = by < 0 ? $head.before() : $head.after()
    const table = by < 0 ? state.doc.childBefore(edge).node : state.doc.resolve(edge).nodeAfter
    if (table?.type !== schema.nodes.table) return false
    const { tr } = state
    const start = by < 0 ? edge - table.nodeSize : edge
    const row = by < 0 ? rowsOf(table).length - 1 : 0
    const cell = cellAt(table, start, row, by < 0 ? (rowsOf(table)[0]?.childCount ?? 1) - 1 : 0)
    if (cell === null) return false
    const at = by < 0 ? cell.start + cell.node.nodeSize - 1 : cell.start + 1
    tr.setSelection(TextSelection.create(tr.doc, at))
    const isLast = edge + $head.parent.nodeSize === state.doc.content.size
    if ($head.parent.content.size === 0 && !(by < 0 && isLast)) tr.delete($head.before(), $head.after())
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

/** Enter: a line in a cell; from the caption into the first cell. */
export const enterInTable: Command = (state, dispatch) => {
  const place = tableAt(state.selection.$head)
  if (place === null) return false
  if (place.row < 0) {
    dispatch?.(intoCell(state.tr, place.start, 0, 0).scrollIntoView())
    return true
  }
  const { $from, $to } = state.selection
  if (!$from.sameParent($to)) return true
  dispatch?.(state.tr.replaceSelectionWith(schema.nodes.hard_break.create(), true).scrollIntoView())
  return true
}

/** The position before a row. */
export function rowStart(table: Node, start: number, row: number): number {
  const before = rowsOf(table).slice(0, row)
  return before.reduce((at, each) => at + each.nodeSize, start + 1 + (table.firstChild?.nodeSize ?? 0))
}

/** An empty row with the columns of another. */
export function emptyRow(like: Node): Node {
  const cells = like.content.content.map(cell =>
    schema.nodes.table_cell.create({ column: cell.attrs["column"] }),
  )
  return schema.nodes.table_row.create(null, cells)
}

/** Puts the caret into a cell of the table at `start`, if there is one. */
export function intoCell(tr: Transaction, start: number, row: number, column: number): Transaction {
  const table = tr.doc.nodeAt(start)
  const cell = table === null ? null : cellAt(table, start, row, column)
  return cell === null ? tr : tr.setSelection(TextSelection.create(tr.doc, cell.start + 1))
}

function toColumn(tr: Transaction, column: number): Transaction {
  const place = tableAt(tr.selection.$head)
  return place === null ? tr : intoCell(tr, place.start, place.row, column)
}
