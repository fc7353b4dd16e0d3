// What a person can do to a table: rows and columns come, go and move; the caret goes from cell to cell, in and out.
// Each is a few small steps, so that the words of all other cells stay where they are.
import { Fragment, type Node } from "prosemirror-model"
import { type Command, type EditorState, Selection, TextSelection, type Transaction } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import type { Header } from "../content/marker"
import { schema } from "../content/schema"
import { cellAt, rowsOf, type TablePlace, tableAt } from "./cells"

/** How large a table may be when it is made; it may grow. */
export const TABLE_SIDE_MAX = 50

/** A table under the block of the caret, in the place of an empty paragraph; the caret goes into its first cell. */
export function insertTable(rows: number, columns: number): Command {
  return (state, dispatch) => {
    const { $head } = state.selection
    const { tr } = state
    const index = Math.min($head.index(0), state.doc.childCount - 1)
    const block = state.doc.child(index)
    const start = $head.posAtIndex(index, 0)
    const empty = block.type === schema.nodes.paragraph && block.content.size === 0
    const table = emptyTable(side(rows), side(columns), block.attrs["in"])
    const at = empty ? start : start + block.nodeSize
    if (empty) tr.replaceWith(start, start + block.nodeSize, table)
    else tr.insert(at, table)
    // There is always a line to go on in.
    const end = at + table.nodeSize
    if (end === tr.doc.content.size) tr.insert(end, schema.nodes.paragraph.create())
    dispatch?.(intoCell(tr, at, 0, 0).scrollIntoView())
    return true
  }
}

const side = (length: number): number => Math.min(TABLE_SIDE_MAX, Math.max(1, Math.trunc(length) || 1))

function emptyTable(rows: number, columns: number, container: unknown): Node {
  const { table, table_caption, table_row, table_cell } = schema.nodes
  const row = () =>
    table_row.create(
      null,
      Array.from({ length: columns }, () => table_cell.create()),
    )
  return table.create({ in: container }, [table_caption.create(), ...Array.from({ length: rows }, row)])
}

type Change = (state: EditorState, place: TablePlace) => Transaction | null

/** A command for the table of the caret; null from `change`: it cannot be done. In a caption, cells are none. */
function inTable(change: Change, cells = true): Command {
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

export function addColumn(where: -1 | 1): Command {
  return inTable(({ tr }, { table, start, row, column }) => {
    const at = where < 0 ? column : column + 1
    for (let y = rowsOf(table).length - 1; y >= 0; y--) {
      const before = cellAt(table, start, y, at)
      const last = cellAt(table, start, y, at - 1)
      if (before !== null) tr.insert(before.start, schema.nodes.table_cell.create())
      else if (last !== null) tr.insert(last.start + last.node.nodeSize, schema.nodes.table_cell.create())
    }
    return intoCell(tr, start, row, at)
  })
}

export const deleteRow: Command = inTable(({ tr }, { table, start, row, column }) => {
  const line = rowsOf(table)[row]
  if (line === undefined) return null
  if (rowsOf(table).length === 1) return withoutTable(tr, table, start)
  const at = rowStart(table, start, row)
  tr.delete(at, at + line.nodeSize)
  return intoCell(tr, start, Math.min(row, rowsOf(table).length - 2), column)
})

export const deleteColumn: Command = inTable(({ tr }, { table, start, row, column }) => {
  const rows = rowsOf(table)
  if (rows[0]?.childCount === 1) return withoutTable(tr, table, start)
  for (let y = rows.length - 1; y >= 0; y--) {
    const cell = cellAt(table, start, y, column)
    if (cell !== null) tr.delete(cell.start, cell.start + cell.node.nodeSize)
  }
  return intoCell(tr, start, row, Math.min(column, (rows[0]?.childCount ?? 1) - 2))
})

/** A row past its neighbour: the neighbour goes out and comes in, with its id, so it is the same row still. */
export function moveRow(by: -1 | 1): Command {
  return inTable(({ tr }, { table, start, row, column }) => {
    const rows = rowsOf(table)
    const [upper, lower] = by < 0 ? [rows[row - 1], rows[row]] : [rows[row], rows[row + 1]]
    if (upper === undefined || lower === undefined) return null
    const at = rowStart(table, start, by < 0 ? row - 1 : row)
    tr.replaceWith(at, at + upper.nodeSize + lower.nodeSize, [lower, upper])
    return intoCell(tr, start, row + by, column)
  })
}

export function moveColumn(by: -1 | 1): Command {
  return inTable(({ tr }, { table, start, row, column }) => {
    const rows = rowsOf(table)
    const left = by < 0 ? column - 1 : column
    if (left < 0 || left + 1 >= (rows[0]?.childCount ?? 0)) return null
    // All rows in one step: while they disagree, nobody could say which order is meant.
    const moved = rows.map(line => {
      const cells = [...line.content.content]
      cells.splice(left, 2, ...cells.slice(left, left + 2).reverse())
      return line.copy(Fragment.fromArray(cells))
    })
    tr.replaceWith(rowStart(table, start, 0), start + table.nodeSize - 1, moved)
    return intoCell(tr, start, row, column + by)
  })
}

/** Makes the first row (or column) a heading, or an ordinary one. */
export function toggleHeader(which: "row" | "column"): Command {
  return inTable(({ tr }, { table, start }) => {
    const header = String(table.attrs["header"])
    const has = {
      row: header === "row" || header === "both",
      column: header === "column" || header === "both",
    }
    has[which] = !has[which]
    const wanted: Header = has.row ? (has.column ? "both" : "row") : has.column ? "column" : "none"
    return tr.setNodeAttribute(start, "header", wanted)
  }, false)
}

export const deleteTable: Command = inTable(
  ({ tr }, { table, start }) => withoutTable(tr, table, start),
  false,
)

/** Puts the caret into the caption, which shows itself then. */
export const caption: Command = inTable(({ tr }, { table, start }) => {
  const end = start + 2 + (table.firstChild?.content.size ?? 0)
  return tr.setSelection(TextSelection.create(tr.doc, end))
}, false)

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

function withoutTable(tr: Transaction, table: Node, start: number): Transaction {
  tr.replaceWith(start, start + table.nodeSize, schema.nodes.paragraph.create({ in: table.attrs["in"] }))
  return tr.setSelection(TextSelection.create(tr.doc, start + 1))
}

function rowStart(table: Node, start: number, row: number): number {
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

function intoCell(tr: Transaction, start: number, row: number, column: number): Transaction {
  const table = tr.doc.nodeAt(start)
  const cell = table === null ? null : cellAt(table, start, row, column)
  return cell === null ? tr : tr.setSelection(TextSelection.create(tr.doc, cell.start + 1))
}

function toColumn(tr: Transaction, column: number): Transaction {
  const place = tableAt(tr.selection.$head)
  return place === null ? tr : intoCell(tr, place.start, place.row, column)
}
