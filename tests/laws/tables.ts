// What people do to tables in a random run, and where the words of a row are that somebody else removed.
import type { Node } from "prosemirror-model"
import type { Transaction } from "prosemirror-state"
import * as Y from "yjs"
import { mapOf } from "../../src/content/render"
import { schema } from "../../src/content/schema"
import { lostWords } from "../../src/content/table"
import type { Replica } from "./replica"

type Below = (count: number) => number

interface Placed {
  readonly node: Node
  readonly start: number
}

const cellNode = (column: string | null) => schema.node("table_cell", { column })

/** A table of up to three by three before the block at `start`. */
export function insertTable(tr: Transaction, start: number, below: Below): string {
  const [height, width] = [1 + below(3), 1 + below(3)]
  const row = () =>
    schema.node(
      "table_row",
      null,
      Array.from({ length: width }, () => cellNode(null)),
    )
  const header = ["row", "column", "both", "none"][below(4)]
  tr.insert(
    start,
    schema.node("table", { header }, [schema.node("table_caption"), ...Array.from({ length: height }, row)]),
  )
  return `${height} × ${width} at ${start}`
}

/** A row comes, goes, or takes another place, as one step. */
export function changeRows(tr: Transaction, below: Below, next: { count: number }): string {
  const table = anyTable(tr.doc, below)
  if (table === null) return "nothing"
  const rows = rowsOf(table)
  const row = rows[below(rows.length)]
  if (row === undefined) return "nothing"
  const end = row.start + row.node.nodeSize
  const deed = below(4)
  if (deed === 0 && rows.length > 1) {
    tr.delete(row.start, end)
    return `delete row at ${row.start}`
  }
  if (deed === 1 && rows.length > 1) {
    const nodes = rows.map(each => each.node)
    nodes.unshift(...nodes.splice(rows.indexOf(row), 1))
    const [first, last] = [rows[0], rows.at(-1)]
    if (first !== undefined && last !== undefined)
      tr.replaceWith(first.start, last.start + last.node.nodeSize, nodes)
    return `move row at ${row.start} up`
  }
  const cells = row.node.content.content.map(cell => cellNode(cell.attrs["column"]))
  tr.insert(end, schema.node("table_row", { row: below(2) === 0 ? null : `new${++next.count}` }, cells))
  return `add row at ${end}`
}

/** A column comes or goes, row by row. */
export function changeColumns(tr: Transaction, below: Below, next: { count: number }): string {
  const table = anyTable(tr.doc, below)
  if (table === null) return "nothing"
  const rows = rowsOf(table).reverse()
  const width = rows[0]?.node.childCount ?? 0
  const at = below(width)
  const goes = width > 1 && below(3) === 0
  const column = below(2) === 0 ? null : `new${++next.count}`
  for (const row of rows) {
    let start = row.start + 1
    for (let i = 0; i < at; i++) start += row.node.child(i).nodeSize
    if (goes) tr.delete(start, start + row.node.child(at).nodeSize)
    else tr.insert(start, cellNode(column))
  }
  return `${goes ? "delete" : "add"} column ${at} of the table at ${table.start}`
}

/** A place in a cell of some table; null: there is no table. */
export function anyCell(doc: Node, below: Below): number | null {
  const table = anyTable(doc, below)
  return table === null ? null : placeInTable(doc, table.start, table.node, below)
}

/** A place in a cell, or now and then in the caption. */
export function placeInTable(_doc: Node, start: number, table: Node, below: Below): number {
  const places: number[] = []
  table.descendants((node, offset) => {
    if (node.isTextblock) places.push(start + 1 + offset + 1 + below(node.content.size + 1))
    return !node.isTextblock
  })
  return places[below(places.length)] ?? start + 2
}

/** The words that every block of a document would offer back. */
export function lostIn(replica: Replica): string[] {
  return replica.binding.blocks.list.flatMap(({ marker }) => {
    const map = marker === null ? null : mapOf(marker)
    return map === null ? [] : lostWords(map).map(lost => lost.text)
  })
}

/** Whether the table that a character was typed into is no part of the document any more. */
export function tableIsGone(replica: Replica, marker: Y.ID | undefined): boolean {
  if (marker === undefined) return false
  const item = Y.getItem(replica.doc.store, marker)
  return !(item instanceof Y.Item) || item.deleted
}

/** Whether a character stands in such a part of some table. */
export function isInTable(replica: Replica, character: string, part: string): boolean {
  let found = false
  replica.state.doc.descendants(node => {
    if (node.type.name === part && node.textContent.includes(character)) found = true
  })
  return found
}

function anyTable(doc: Node, below: Below): Placed | null {
  const tables: Placed[] = []
  doc.forEach((node, start) => {
    if (node.type.name === "table") tables.push({ node, start })
  })
  return tables[below(tables.length)] ?? null
}

function rowsOf({ node, start }: Placed): Placed[] {
  const rows: Placed[] = []
  node.forEach((child, offset) => {
    if (child.type.name === "table_row") rows.push({ node: child, start: start + 1 + offset })
  })
  return rows
}
