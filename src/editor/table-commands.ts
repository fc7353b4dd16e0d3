// What a person can do to a table: it is made, its rows and columns come, go and move, its headings change. Each is a few
// small steps, so that the words of all other cells stay where they are.
import { Fragment, type Node } from "prosemirror-model"
import { type Command, TextSelection, type Transaction } from "prosemirror-state"
import type { Header } from "../content/marker"
import { schema } from "../content/schema"
import { cellAt, rowsOf } from "./cells"
import type { Run } from "./shortcuts"
import { addRow, inTable, intoCell, rowStart } from "./tables"

/** The command of that name; null when it is none of a table's. */
export function tableCommandNamed([name, args = {}]: Run): Command | null {
  switch (name) {
    case "table":
      return insertTable(Number(args["rows"] ?? 3), Number(args["columns"] ?? 3))
    case "rowAbove":
      return addRow(-1)
    case "rowBelow":
      return addRow(1)
    case "columnBefore":
      return addColumn(-1)
    case "columnAfter":
      return addColumn(1)
    case "moveRowUp":
      return moveRow(-1)
    case "moveRowDown":
      return moveRow(1)
    case "moveColumnBack":
      return moveColumn(-1)
    case "moveColumnOn":
      return moveColumn(1)
    case "deleteRow":
      return deleteRow
    case "deleteColumn":
      return deleteColumn
    case "deleteTable":
      return deleteTable
    case "headerRow":
      return toggleHeader("row")
    case "headerColumn":
      return toggleHeader("column")
    case "caption":
      return caption
    default:
      return null
  }
}

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

function withoutTable(tr: Transaction, table: Node, start: number): Transaction {
  tr.replaceWith(start, start + table.nodeSize, schema.nodes.paragraph.create({ in: table.attrs["in"] }))
  return tr.setSelection(TextSelection.create(tr.doc, start + 1))
}
