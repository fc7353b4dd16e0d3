// Which cells of a table are meant. A selection that reaches from one cell into another of the same table means the
// rectangle between the two, whatever lies between them in the text: it is drawn so, copied so and emptied so.
import type { Node, ResolvedPos } from "prosemirror-model"
import { type EditorState, Plugin, type Selection } from "prosemirror-state"
import { Decoration, DecorationSet } from "prosemirror-view"

/** A cell and where it is. */
export interface Cell {
  readonly node: Node
  /** The position before it. */
  readonly start: number
}

/** The table that a place is in, as the commands see it. Rows and columns are counted from 0, the caption is none. */
export interface TablePlace {
  readonly table: Node
  /** The position before the table. */
  readonly start: number
  /** −1 in the caption. */
  readonly row: number
  readonly column: number
}

/** Where in a table a position is; null: in none. */
export function tableAt($position: ResolvedPos): TablePlace | null {
  if ($position.depth < 2 || $position.node(1).type.name !== "table") return null
  const inCell = $position.depth > 2
  return {
    table: $position.node(1),
    start: $position.before(1),
    row: inCell ? $position.index(1) - 1 : -1,
    column: inCell ? $position.index(2) : -1,
  }
}

/** Rows of a table, its caption left out. */
export function rowsOf(table: Node): readonly Node[] {
  return table.content.content.filter(child => child.type.name === "table_row")
}

/** The cell in a row and a column; null: there is none. */
export function cellAt(table: Node, start: number, row: number, column: number): Cell | null {
  let at = start + 1 + (table.firstChild?.nodeSize ?? 0)
  for (const [y, line] of rowsOf(table).entries()) {
    if (y === row) {
      let cell = at + 1
      for (let x = 0; x < line.childCount; x++) {
        if (x === column) return { node: line.child(x), start: cell }
        cell += line.child(x).nodeSize
      }
      return null
    }
    at += line.nodeSize
  }
  return null
}

/** The rectangle of a selection that reaches over several cells of one table; null: it does not. */
export interface Rectangle extends Omit<TablePlace, "row" | "column"> {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

export function rectangleOf({ $anchor, $head }: Selection): Rectangle | null {
  const [a, b] = [tableAt($anchor), tableAt($head)]
  if (a === null || b === null || a.start !== b.start || a.row < 0 || b.row < 0) return null
  if ($anchor.sameParent($head)) return null
  const { table, start } = a
  return {
    table,
    start,
    top: Math.min(a.row, b.row),
    bottom: Math.max(a.row, b.row),
    left: Math.min(a.column, b.column),
    right: Math.max(a.column, b.column),
  }
}

/** The cells of a rectangle, row by row. */
export function cellsOf({ table, start, top, bottom, left, right }: Rectangle): Cell[][] {
  const rows: Cell[][] = []
  for (let y = top; y <= bottom; y++) {
    const row: Cell[] = []
    for (let x = left; x <= right; x++) {
      const cell = cellAt(table, start, y, x)
      if (cell !== null) row.push(cell)
    }
    rows.push(row)
  }
  return rows
}

/** Where words are selected: in a rectangle of cells each by itself, else from end to end. */
export function selectedRanges(selection: Selection): { from: number; to: number }[] {
  const rectangle = rectangleOf(selection)
  if (rectangle === null) return [{ from: selection.from, to: selection.to }]
  return cellsOf(rectangle)
    .flat()
    .map(({ node, start }) => ({ from: start + 1, to: start + node.nodeSize - 1 }))
}

/** Draws the rectangle, and shows an empty caption while the caret is in it. */
export function drawCells(): Plugin {
  return new Plugin({
    props: {
      attributes: (state): Record<string, string> =>
        rectangleOf(state.selection) === null ? {} : { class: "selects-cells" },
      decorations: decorate,
    },
  })
}

function decorate({ doc, selection }: EditorState): DecorationSet | null {
  const { $head } = selection
  if (tableAt($head) === null) return null
  if ($head.parent.type.name === "table_caption")
    return DecorationSet.create(doc, [Decoration.node($head.before(), $head.after(), { class: "has-caret" })])
  const rectangle = rectangleOf(selection)
  if (rectangle === null) return null
  const cells = cellsOf(rectangle).flat()
  return DecorationSet.create(
    doc,
    cells.map(({ node, start }) => Decoration.node(start, start + node.nodeSize, { class: "is-selected" })),
  )
}
