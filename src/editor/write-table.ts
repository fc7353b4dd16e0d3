// A table of the editor as small changes of the stored one: rows and columns by their ids, words cell by cell. What is
// there on both sides is not touched, so that whoever types in a cell meanwhile keeps it.
import type { Node } from "prosemirror-model"
import type { Step } from "prosemirror-transform"
import type * as Y from "yjs"
import { CellText, freshId, isId, makeTable, readTable, setIds } from "../content/table"
import { type Segment, segmentsOf, writeLine } from "./segments"
import { piecesIn } from "./units"

/** A row as the editor has it, with the ids it has or is to have. */
interface Row {
  readonly id: string
  readonly node: Node
  readonly columns: readonly string[]
}

/** Whether a range of a document lies inside one table, and where that is; null: it does not. */
export function tableAround(
  doc: Node,
  from: number,
  to: number,
): { readonly index: number; readonly start: number; readonly node: Node } | null {
  const { node, index, offset: start } = doc.childAfter(from)
  if (node?.type.name !== "table" || from <= start || to >= start + node.nodeSize) return null
  return { index, start, node }
}

/**
 * Makes the table of a marker what `wanted` shows; true if rows or columns came, went or moved.
 * @param old what the editor showed of it before; null: the marker is new
 */
export function writeTable(marker: Y.Map<unknown>, old: Node | null, wanted: Node): boolean {
  if (old === null) makeTable(marker)
  const shape = old === null ? { rows: [], columns: [] } : readTable(marker)
  if (shape === null) return false
  const ids = new Ids(marker)
  const oldRows = new Map((old === null ? [] : rowsOf(old, shape.columns, ids)).map(row => [row.id, row]))
  const rows = rowsOf(wanted, shape.columns, ids)
  const columns = columnsOf(rows, shape.columns)
  const rowIds = rows.map(row => row.id)
  const structural = !sameIds(rowIds, shape.rows) || !sameIds(columns, shape.columns)
  if (!sameIds(rowIds, shape.rows)) setIds(marker, "rows", rowIds)
  if (!sameIds(columns, shape.columns)) setIds(marker, "columns", columns)
  for (const row of rows) writeRow(marker, oldRows.get(row.id) ?? null, row)
  return structural
}

/** Empties a marker that is no table any more: what others write into it meanwhile can still be offered back. */
export function clearTable(marker: Y.Map<unknown>): void {
  setIds(marker, "rows", [])
}

function writeRow(marker: Y.Map<unknown>, old: Row | null, wanted: Row): void {
  if (old?.node === wanted.node) return
  const cellOf = (row: Row | null, column: string) => {
    const at = row?.columns.indexOf(column) ?? -1
    return at === -1 ? null : (row?.node.child(at) ?? null)
  }
  for (const column of new Set([...(old?.columns ?? []), ...wanted.columns])) {
    const [before, after] = [cellOf(old, column), cellOf(wanted, column)]
    if (before === after || (before !== null && after !== null && before.content.eq(after.content))) continue
    writeLine(new CellText(marker, wanted.id, column), 0, lineOf(before), lineOf(after))
  }
}

const EMPTY = { runs: [], text: "" }

function lineOf(cell: Node | null) {
  return cell === null ? EMPTY : (segmentsOf(piecesIn(cell.content))[0] ?? EMPTY)
}

/** The rows of a table node. An id that is missing, or there twice, is replaced by one that nobody else makes. */
function rowsOf(table: Node, columns: readonly string[], ids: Ids): Row[] {
  const seen = new Set<unknown>()
  const rows: Row[] = []
  table.forEach(node => {
    if (node.type.name !== "table_row") return
    const own: unknown = node.attrs["row"]
    const id = isId(own) && !seen.has(own) ? own : ids.fresh()
    seen.add(id)
    rows.push({ id, node, columns: columnsOfRow(node, columns, ids) })
  })
  return rows
}

/** The columns of a row's cells: a cell that does not say stands in the column of its place. */
function columnsOfRow(row: Node, columns: readonly string[], ids: Ids): string[] {
  const said = row.content.content.map(cell => cell.attrs["column"] as unknown)
  const used = new Set<unknown>()
  return said.map((own, index) => {
    const byPlace = columns[index]
    const free = byPlace !== undefined && !said.includes(byPlace) && !used.has(byPlace)
    const id = isId(own) && !used.has(own) ? own : free ? byPlace : ids.column(index)
    used.add(id)
    return id
  })
}

/** The columns of a whole table. While rows differ (one row is changed at a time), none goes that any row has. */
function columnsOf(rows: readonly Row[], before: readonly string[]): readonly string[] {
  const [first] = rows
  if (first === undefined) return before
  if (rows.every(row => sameIds(row.columns, first.columns))) return first.columns
  const columns = before.filter(id => rows.some(row => row.columns.includes(id)))
  for (const row of rows)
    for (const [index, id] of row.columns.entries()) {
      if (columns.includes(id)) continue
      const left = row.columns[index - 1]
      columns.splice(left === undefined ? 0 : columns.indexOf(left) + 1, 0, id)
    }
  return columns
}

/** New ids of one step: by number, and for columns by place, so that all rows agree on them. */
class Ids {
  readonly #base: string
  readonly #columns = new Map<number, string>()
  #count = 0

  constructor(marker: Y.Map<unknown>) {
    this.#base = freshId(marker)
  }

  fresh(): string {
    return `${this.#base}.${this.#count++}`
  }

  column(index: number): string {
    const known = this.#columns.get(index)
    if (known !== undefined) return known
    const id = this.fresh()
    this.#columns.set(index, id)
    return id
  }
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}

export const isTable = (node: Node): boolean => node.type.name === "table"

type Range = readonly [from: number, to: number, newFrom: number, newTo: number]

/** The ranges that a step changed. Those around a gap are one where there is a table: its nodes do not change apart. */
export function rangesOf(step: Step, before: Node, after: Node): Range[] {
  const ranges: Range[] = []
  step.getMap().forEach((...range) => {
    ranges.push(range)
  })
  const [first, last] = [ranges[0], ranges.at(-1)]
  if (first === undefined || last === undefined || first === last) return ranges
  const flat = !hasTable(before, first[0], last[1]) && !hasTable(after, first[2], last[3])
  return flat ? ranges : [[first[0], last[1], first[2], last[3]]]
}

function hasTable(doc: Node, from: number, to: number): boolean {
  let found = false
  doc.nodesBetween(from, Math.max(from, to), node => {
    found ||= isTable(node)
    return false
  })
  return found
}

/**
 * The first table of one row that the other has too, known by the ids of its rows, or by having none: then it is what
 * ProseMirror made of one that lost all its rows. Null: there is no such pair.
 */
export function tablePair(old: readonly Segment[], wanted: readonly Segment[]): [number, number] | null {
  for (const [i, { node: a }] of old.entries()) {
    const rows = idsOfRows(a)
    if (rows === null) continue
    const j = wanted.findIndex(({ node }) => {
      const ids = idsOfRows(node)
      return ids !== null && (ids.size === 0 || [...ids].some(id => rows.has(id)))
    })
    if (j !== -1) return [i, j]
  }
  return null
}

/** The ids of a table's rows; null: the block is no table. */
function idsOfRows(block: Node | null): Set<string> | null {
  if (block === null || !isTable(block)) return null
  return new Set(block.content.content.map(row => row.attrs["row"] as unknown).filter(isId))
}

/** An end of a range that lies inside a table, moved to the table's edge; what stands there is the same before and after. */
export function widened(before: Node, at: number, newAt: number, side: -1 | 1): [at: number, newAt: number] {
  const table = tableAround(before, at, at)
  if (table === null) return [at, newAt]
  const shift = side < 0 ? table.start - at : table.start + table.node.nodeSize - at
  return [at + shift, newAt + shift]
}
