// Anchors are places among the words that survive everything others do: Yjs's relative positions, leaning left
// (association −1), because a caret at the end of a block that leaned right would jump into whatever others
// append. They are found through the blocks the binding knows, so the cost does not grow with the document.
// In a cell of a table they are about the cell's own text; its start is the text itself.
import type { Node } from "prosemirror-model"
import * as Y from "yjs"
import { mapOf } from "../content/render"
import { isCellText, textsOfCell } from "../content/table"
import type { KnownBlocks } from "./redraw"
import { startOf, wordsAt, wordsOf } from "./units"

/** A relative position as plain JSON, fit for a message. */
export interface Anchor {
  /** The unit to the left of the place; null: the start of the text. */
  readonly item: { readonly client: number; readonly clock: number } | null
}

/** The anchor of an editor position; a position between blocks is the start of the block after it. */
export function anchorAt(blocks: KnownBlocks, doc: Node, position: number): Anchor {
  const found = doc.childAfter(Math.min(position, Math.max(0, doc.content.size - 1)))
  const block = blocks.list[found.index]
  if (block === undefined || found.node === null) return { item: null }
  const inCell = block.marker === null ? null : anchorInCell(block.marker, doc, position)
  if (inCell !== null) return { item: inCell }
  const { size } = wordsOf(found.node).content
  const left = Math.min(size, Math.max(0, position - found.offset - wordsAt(found.node)))
  const item = block.marker === null ? blocks.body._start : block.marker.right
  const last = unitIn(item, left) ?? block.marker?.id ?? null
  return { item: last === null ? null : { client: last.client, clock: last.clock } }
}

/** The place in a cell, if the position is in one whose text is there already. */
function anchorInCell(marker: Y.Item, doc: Node, position: number): Y.ID | null {
  const $position = doc.resolve(position)
  const map = mapOf(marker)
  if ($position.depth < 3 || map === null) return null
  const texts = textsOfCell(map, $position.node(2).attrs["row"], $position.node(3).attrs["column"])
  let left = $position.parentOffset
  for (const text of texts) {
    if (left > text.length && text !== texts.at(-1)) {
      left -= text.length
      continue
    }
    return unitIn(text._start, left) ?? text._item?.id ?? null
  }
  return null
}

/** The id of the last of the first `units` units from an item on; null for none. */
function unitIn(start: Y.Item | null, units: number): Y.ID | null {
  let left = units
  let last: Y.ID | null = null
  for (let item = start; item !== null && left > 0; item = item.right) {
    if (item.deleted || !item.countable) continue
    last = Y.createID(item.id.client, item.id.clock + Math.min(left, item.length) - 1)
    left -= item.length
  }
  return last
}

/**
 * Where an anchor is now, as an editor position inside a block; null: it is about words not here yet, or it
 * is not an anchor at all (it may come from anyone).
 * @param followUndone follow words that were deleted and came back by one's own undo. Only for one's own
 *   caret: others cannot know what was undone, so for anything shared it would be a different place for each.
 */
export function resolveAnchor(
  blocks: KnownBlocks,
  doc: Node,
  anchor: unknown,
  followUndone = false,
): number | null {
  const id = readAnchor(anchor)
  if (id === undefined) return null
  if (id === null) return doc.child(0).isTextblock ? 1 : 2
  const store = blocks.body.doc?.store
  if (store === undefined || Y.getState(store, id.client) <= id.clock) return null
  let clock = id.clock
  let client = id.client
  let struct: Y.Item | Y.GC = Y.getItem(store, Y.createID(client, clock))
  while (followUndone && struct instanceof Y.Item && struct.redone !== null) {
    const offset: number = clock - struct.id.clock
    ;({ client } = struct.redone)
    clock = struct.redone.clock + offset
    struct = Y.getItem(store, Y.createID(client, clock))
  }
  if (!(struct instanceof Y.Item)) return null
  const length = clock - struct.id.clock + 1
  if (struct.parent === blocks.body) return positionOf(blocks, doc, struct, length)
  if (isCellText(struct)) return positionInCell(blocks, doc, struct, 0)
  const text = struct.parent instanceof Y.Text ? struct.parent._item : null
  return text !== null && isCellText(text)
    ? positionInCell(blocks, doc, text, unitsUpTo(struct, length))
    : null
}

/** The position after the first `length` units of an item: walks left to the marker of its block. */
function positionOf(blocks: KnownBlocks, doc: Node, item: Y.Item, length: number): number | null {
  let units = 0
  for (let each: Y.Item | null = item; each !== null; each = each.left) {
    if (each.deleted || !each.countable) continue
    const index = blocks.indexOf(each)
    if (index !== -1 && index < doc.childCount) return startOf(doc, index) + wordsAt(doc.child(index)) + units
    units += each === item ? length : each.length
  }
  // Left of every marker: in the first paragraph, if that has none.
  return wordsAt(doc.child(0)) + (blocks.lead ? units : 0)
}

/** The position after `units` units of a cell's text; null: the cell is not shown. */
function positionInCell(blocks: KnownBlocks, doc: Node, text: Y.Item, units: number): number | null {
  const cells = text.parent instanceof Y.Map ? text.parent._item : null
  const marker = cells?.parent instanceof Y.Map ? cells.parent._item : null
  const map = marker === null ? null : mapOf(marker)
  if (marker === null || map === null) return null
  const index = blocks.indexOf(marker)
  const table = index === -1 ? null : doc.maybeChild(index)
  if (table?.type.name !== "table") return null
  const [row, column] = (text.parentSub ?? "").split("/")
  let at = startOf(doc, index) + 1
  for (const line of table.content.content) {
    if (line.attrs["row"] === row) {
      at++
      for (const cell of line.content.content) {
        if (cell.attrs["column"] === column) {
          for (const each of textsOfCell(map, row ?? "", column ?? "")) {
            if (each._item === text) return at + 1 + Math.min(units, cell.content.size)
            at += each.length
          }
          return null
        }
        at += cell.nodeSize
      }
      return null
    }
    at += line.nodeSize
  }
  return null
}

/** How many living units stand in a text up to the first `length` units of an item. */
function unitsUpTo(item: Y.Item, length: number): number {
  let units = 0
  for (let each: Y.Item | null = item; each !== null; each = each.left) {
    if (!each.deleted && each.countable) units += each === item ? length : each.length
  }
  return units
}

/** The id in an anchor, null for the start of the text, undefined when it is none. */
function readAnchor(anchor: unknown): { client: number; clock: number } | null | undefined {
  if (typeof anchor !== "object" || anchor === null) return undefined
  const item: unknown = Reflect.get(anchor, "item")
  if (item === null) return null
  if (typeof item !== "object") return undefined
  const client: unknown = Reflect.get(item, "client")
  const clock: unknown = Reflect.get(item, "clock")
  if (!Number.isSafeInteger(client) || !Number.isSafeInteger(clock)) return undefined
  if (typeof client !== "number" || typeof clock !== "number" || client < 0 || clock < 0) return undefined
  return { client, clock }
}
