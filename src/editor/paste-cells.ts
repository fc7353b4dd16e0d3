// Cells through the clipboard: a rectangle of cells goes out as a table of its own, a table that is pasted into a cell
// fills the cells from there on, and the table grows if it must. Anything else pasted into a cell becomes lines in it.
import { Fragment, type Node, Slice } from "prosemirror-model"
import { type EditorState, Plugin, TextSelection, type Transaction } from "prosemirror-state"
import { schema } from "../content/schema"
import { CELLS_MAX } from "../content/table"
import { cellAt, cellsOf, rectangleOf, rowsOf, type TablePlace, tableAt } from "./cells"
import { crossesTable, deleteRange } from "./delete"
import { emptyRow } from "./tables"

export function cellClipboard(): Plugin {
  return new Plugin({
    props: {
      transformCopied: (slice, view) => rectangleAsTable(view.state) ?? slice,
      handlePaste: (view, _event, slice) => {
        const tr = pasteIntoCell(view.state, slice)
        if (tr === null) return false
        view.dispatch(tr.setMeta("paste", true).setMeta("uiEvent", "paste").scrollIntoView())
        return true
      },
    },
  })
}

/** Plain words for other programs: cells with tabs between them, as spreadsheets have it. */
export function plainText(content: Fragment): string {
  return content.content
    .map(block => {
      if (block.type !== schema.nodes.table) return block.textBetween(0, block.content.size, "\n")
      const rows = rowsOf(block).map(row =>
        row.content.content.map(cell => cell.textContent.replace(/[\t\n]+/g, " ")).join("\t"),
      )
      const caption = block.firstChild?.textContent ?? ""
      return [...(caption === "" ? [] : [caption]), ...rows].join("\n")
    })
    .join("\n")
}

function rectangleAsTable(state: EditorState): Slice | null {
  const rectangle = rectangleOf(state.selection)
  if (rectangle === null) return null
  const rows = cellsOf(rectangle).map(row =>
    schema.nodes.table_row.create(
      null,
      row.map(({ node }) => schema.nodes.table_cell.create({ head: node.attrs["head"] }, node.content)),
    ),
  )
  const headed = rectangle.top === 0 ? rectangle.table.attrs["header"] : "none"
  const table = schema.nodes.table.create({ header: headed }, [schema.nodes.table_caption.create(), ...rows])
  return new Slice(Fragment.from(table), 0, 0)
}

/** What a paste does in a cell; null: the caret is in none. */
function pasteIntoCell(state: EditorState, slice: Slice): Transaction | null {
  const rectangle = rectangleOf(state.selection)
  const $from = rectangle === null ? state.selection.$from : null
  const place =
    rectangle === null
      ? $from === null
        ? null
        : tableAt($from)
      : { ...rectangle, row: rectangle.top, column: rectangle.left }
  if (place === null) return null
  const cells = place.row < 0 ? null : cellsIn(slice.content)
  const { tr } = state
  if (cells !== null) return fill(tr, place, cells)
  const { from, to } = state.selection
  const start =
    rectangle === null ? from : (cellAt(place.table, place.start, place.row, place.column)?.start ?? 0) + 1
  if (rectangle === null && crossesTable(tr.doc, from, to)) deleteRange(tr, from, to)
  else if (rectangle === null) tr.delete(from, to)
  const lines = linesOf(slice.content)
  tr.insert(start, lines)
  return tr.setSelection(TextSelection.create(tr.doc, start + lines.size))
}

/** The cells of the one table that was copied; null: it was something else. */
function cellsIn(content: Fragment): Fragment[][] | null {
  const [table, ...others] = content.content
  if (table?.type !== schema.nodes.table || others.some(node => node.content.size > 0)) return null
  return rowsOf(table).map(row => row.content.content.map(cell => cell.content))
}

/** Everything that stands in lines, with breaks between what were blocks. */
function linesOf(content: Fragment): Fragment {
  let lines = Fragment.empty
  content.descendants(node => {
    if (!node.isTextblock) return true
    if (lines.size > 0) lines = lines.addToEnd(schema.nodes.hard_break.create())
    lines = lines.append(node.content)
    return false
  })
  if (lines.size > 0 || content.size === 0) return lines
  return content.firstChild?.isInline === true ? content : lines
}

/** All rows in one step: cells that stay keep their ids, so only those that were filled are written. */
function fill(tr: Transaction, place: TablePlace, cells: Fragment[][]): Transaction | null {
  const { table, start, row, column } = place
  const [first, ...more] = rowsOf(table)
  if (first === undefined) return null
  const height = Math.max(1 + more.length, row + cells.length)
  const width = Math.max(first.childCount, column + Math.max(...cells.map(each => each.length)))
  if (height * width > CELLS_MAX) return null
  const rows = [first, ...more]
  while (rows.length < height) rows.push(emptyRow(first))
  const filled = rows.map((line, y) => {
    const nodes: Node[] = []
    for (let x = 0; x < width; x++) {
      const old = line.maybeChild(x) ?? schema.nodes.table_cell.create()
      const content = cells[y - row]?.[x - column]
      nodes.push(content === undefined ? old : old.type.create(old.attrs, content))
    }
    return line.copy(Fragment.fromArray(nodes))
  })
  const from = start + 1 + (table.firstChild?.nodeSize ?? 0)
  tr.replaceWith(from, start + table.nodeSize - 1, filled)
  const now = tr.doc.nodeAt(start)
  const last = now === null ? null : cellAt(now, start, row, column)
  return last === null ? tr : tr.setSelection(TextSelection.create(tr.doc, last.start + 1))
}
