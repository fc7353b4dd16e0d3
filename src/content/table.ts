// Tables as they are stored: a marker with `rows` and `columns`, lists of ids, and `cells`, texts under the keys
// "row/column". A table is rectangular by construction, so a row and a column that are added at once give both. The
// words after the marker are its caption. Reading takes anything and writes nothing; the verbs are for writers.
import * as Y from "yjs"

/** Ids of the rows and of the columns, in order, each once; at least one of each. */
export interface TableShape {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
}

/** More cells than this are not drawn: the table is left alone, as one from a newer version would be. */
export const CELLS_MAX = 20_000

// When everybody deleted another row there is none left. The table then shows one of a name that all know, and whoever
// writes in it makes it real; two who do so at once have made the same.
const FIRST = "first"

/** The shape of a marker's table; null: what is there is no table that this version understands. */
export function readTable(marker: { get(key: string): unknown }): TableShape | null {
  const [rows, columns, cells] = [marker.get("rows"), marker.get("columns"), marker.get("cells")]
  if (!(rows instanceof Y.Array) || !(columns instanceof Y.Array) || !(cells instanceof Y.Map)) return null
  const shape = { rows: idsOf(rows), columns: idsOf(columns) }
  return shape.rows.length * shape.columns.length > CELLS_MAX ? null : shape
}

function idsOf(list: Y.Array<unknown>): readonly string[] {
  const ids = new Set<string>()
  for (const id of list.toArray()) if (isId(id)) ids.add(id)
  return ids.size === 0 ? [FIRST] : [...ids]
}

/** Whether something can be the id of a row or a column. */
export function isId(id: unknown): id is string {
  return typeof id === "string" && /^[\w.-]{1,40}$/.test(id)
}

/**
 * The texts of every cell that has any, by "row/column". A cell has one text, made with its row or its column. Where a
 * row and a column were added at once nobody made it, and the first to write makes one of a name of his own
 * ("row/column/…"): two who do so at once are both read, in the order of their names.
 */
export function textsByCell(marker: Y.Map<unknown>): ReadonlyMap<string, readonly Y.Text[]> {
  const found = new Map<string, [key: string, text: Y.Text][]>()
  for (const [key, text] of cellEntries(marker)) {
    const [row, column] = key.split("/")
    const cell = `${row}/${column}`
    const texts = found.get(cell)
    if (texts === undefined) found.set(cell, [[key, text]])
    else texts.push([key, text])
  }
  const sorted = new Map<string, readonly Y.Text[]>()
  for (const [cell, texts] of found)
    sorted.set(
      cell,
      texts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
    )
  return sorted
}

/** The texts of one cell, in order. */
export function textsOfCell(marker: Y.Map<unknown>, row: string, column: string): Y.Text[] {
  const cell = `${row}/${column}`
  return cellEntries(marker)
    .filter(([key]) => key === cell || key.startsWith(`${cell}/`))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
}

function cellEntries(marker: Y.Map<unknown>): [key: string, text: Y.Text][] {
  const cells = marker.get("cells")
  if (!(cells instanceof Y.Map)) return []
  const entries: [string, Y.Text][] = []
  cells.forEach((text: unknown, key: string) => {
    if (text instanceof Y.Text) entries.push([key, text])
  })
  return entries
}

/** Words in a cell whose row or column somebody removed meanwhile: nobody deleted them, so they are offered back. */
export interface LostWords {
  readonly row: string
  readonly column: string
  readonly text: string
}

/** All of them, in the order of their keys. A block that is no table any more has lost every cell that has words. */
export function lostWords(marker: Y.Map<unknown>): LostWords[] {
  const shape = marker.get("type") === "table" ? readTable(marker) : { rows: [], columns: [] }
  if (shape === null) return []
  const lost: LostWords[] = []
  for (const [cell, texts] of textsByCell(marker)) {
    const [row = "", column = ""] = cell.split("/")
    if (shape.rows.includes(row) && shape.columns.includes(column)) continue
    const text = texts.map(each => each.toString()).join("")
    if (text.trim() !== "" && isId(row) && isId(column)) lost.push({ row, column, text })
  }
  return lost.sort((a, b) => (`${a.row}/${a.column}` < `${b.row}/${b.column}` ? -1 : 1))
}

/** Gives a new marker, or one that was a table once, the parts of a table. Inside a transaction of the caller's. */
export function makeTable(marker: Y.Map<unknown>): void {
  for (const key of ["rows", "columns"]) {
    const list = marker.get(key)
    if (list instanceof Y.Array) list.delete(0, list.length)
    else marker.set(key, new Y.Array())
  }
  if (!(marker.get("cells") instanceof Y.Map)) marker.set("cells", new Y.Map())
}

/** Makes the rows (or columns) these, in this order: what stays is not touched. Removed ones lose the words they have. */
export function setIds(marker: Y.Map<unknown>, kind: "rows" | "columns", wanted: readonly string[]): void {
  const list = marker.get(kind)
  if (!(list instanceof Y.Array)) return
  const keep = new Set(wanted)
  for (let index = list.length - 1; index >= 0; index--) {
    const id: unknown = list.get(index)
    if (isId(id) && !keep.has(id)) {
      list.delete(index, 1)
      clearCells(marker, kind, id)
    }
  }
  for (const [index, id] of wanted.entries()) {
    const now = idsHeld(list)
    if (now[index] === id) continue
    const at = now.indexOf(id)
    const left = index === 0 ? null : (wanted[index - 1] ?? null)
    // A moved id goes out and comes in again; if somebody else moved it too it is there twice, and read once.
    if (at !== -1) list.delete(list.toArray().indexOf(id), 1)
    list.insert(left === null ? 0 : list.toArray().indexOf(left) + 1, [id])
    if (at === -1) fillCells(marker, kind, id)
  }
}

const idsHeld = (list: Y.Array<unknown>): string[] => [...new Set(list.toArray().filter(isId))]

function clearCells(marker: Y.Map<unknown>, kind: "rows" | "columns", id: string): void {
  for (const [key, text] of cellEntries(marker))
    if (key.split("/")[kind === "rows" ? 0 : 1] === id && text.length > 0) text.delete(0, text.length)
}

/** The texts of a new row's (or column's) cells; where there is one already it is kept. */
function fillCells(marker: Y.Map<unknown>, kind: "rows" | "columns", id: string): void {
  if (id === FIRST) return // two people may make it at once, each with a text: its cells come with their words
  const [cells, others] = [marker.get("cells"), marker.get(kind === "rows" ? "columns" : "rows")]
  if (!(cells instanceof Y.Map) || !(others instanceof Y.Array)) return
  for (const other of idsHeld(others)) {
    const key = kind === "rows" ? `${id}/${other}` : `${other}/${id}`
    if (!cells.has(key)) cells.set(key, new Y.Text())
  }
}

/** Makes the row and the column of a cell real again, at the end if they are gone. The way back for lost words. */
export function bringBack(marker: Y.Map<unknown>, row: string, column: string): void {
  if (marker.get("type") !== "table") marker.set("type", "table")
  for (const [kind, id] of [
    ["rows", row],
    ["columns", column],
  ] as const) {
    const list = marker.get(kind)
    if (list instanceof Y.Array && !list.toArray().includes(id)) list.push([id])
  }
}

/** Whether an item holds the text of a cell. */
export function isCellText(item: Y.Item): boolean {
  return (
    item.parentSub !== null &&
    item.content instanceof Y.ContentType &&
    item.content.type instanceof Y.Text &&
    item.parent instanceof Y.Map &&
    item.parent._item?.parentSub === "cells"
  )
}

/**
 * Whether undo may delete an item. Never a part that others may have written in since: a cell's text, the lists of a
 * table, a table in which there are words of somebody else.
 */
export function mayUndo(item: Y.Item): boolean {
  if (isCellText(item)) return false
  if (item.parentSub !== null) return !["rows", "columns", "cells"].includes(item.parentSub)
  const marker = item.content instanceof Y.ContentType ? item.content.type : null
  if (!(marker instanceof Y.Map)) return true
  return !cellEntries(marker).some(([, text]) => {
    for (let each = text._start; each !== null; each = each.right)
      if (!each.deleted && each.countable && each.id.client !== item.id.client) return true
    return false
  })
}

/** A cell's texts as one, for writing: the second goes on where the first ends. */
export class CellText {
  readonly #marker: Y.Map<unknown>
  readonly #row: string
  readonly #column: string

  constructor(marker: Y.Map<unknown>, row: string, column: string) {
    this.#marker = marker
    this.#row = row
    this.#column = column
  }

  insert(at: number, text: string, formats: Record<string, unknown>): void {
    const place = this.#placeOf(at)
    place.text.insert(place.offset, text, formats)
  }

  insertEmbed(at: number, embed: object, formats: Record<string, unknown>): void {
    const place = this.#placeOf(at)
    place.text.insertEmbed(place.offset, embed, formats)
  }

  delete(at: number, length: number): void {
    for (const { text, offset, count } of this.#pieces(at, length)) text.delete(offset, count)
  }

  format(at: number, length: number, formats: Record<string, unknown>): void {
    for (const { text, offset, count } of this.#pieces(at, length)) text.format(offset, count, formats)
  }

  #pieces(at: number, length: number): { text: Y.Text; offset: number; count: number }[] {
    const pieces: { text: Y.Text; offset: number; count: number }[] = []
    let start = 0
    for (const text of textsOfCell(this.#marker, this.#row, this.#column)) {
      const [from, to] = [Math.max(at, start), Math.min(at + length, start + text.length)]
      if (from < to) pieces.push({ text, offset: from - start, count: to - from })
      start += text.length
    }
    return pieces
  }

  #placeOf(at: number): { text: Y.Text; offset: number } {
    let start = 0
    for (const text of textsOfCell(this.#marker, this.#row, this.#column)) {
      if (at <= start + text.length) return { text, offset: at - start }
      start += text.length
    }
    bringBack(this.#marker, this.#row, this.#column) // the row that all know, if it was that
    const cells = this.#marker.get("cells")
    if (!(cells instanceof Y.Map)) throw new Error("a table that is drawn has cells")
    const text = new Y.Text()
    cells.set(`${this.#row}/${this.#column}/${freshId(this.#marker)}`, text)
    return { text, offset: 0 }
  }
}

/** An id that nobody else ever makes: the session's number and how much it has written. */
export function freshId(type: Y.Map<unknown> | Y.Text): string {
  const doc = type.doc
  if (doc === null) throw new Error("an id is made for a document")
  return `${doc.clientID.toString(36)}-${Y.getState(doc.store, doc.clientID).toString(36)}`
}
