// Anchors are places among the words that survive everything others do: Yjs's relative positions, leaning left
// (association −1), because a caret at the end of a block that leaned right would jump into whatever others
// append. They are found through the blocks the binding knows, so the cost does not grow with the document.
import type { Node } from "prosemirror-model"
import * as Y from "yjs"
import type { KnownBlocks } from "./redraw"
import { startOf } from "./units"

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
  let left = Math.min(found.node.content.size, Math.max(0, position - found.offset - 1))
  let last = block.marker === null ? null : block.marker.id
  if (left > 0) {
    let item = block.marker === null ? blocks.body._start : block.marker.right
    for (; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue
      if (left <= item.length) {
        last = Y.createID(item.id.client, item.id.clock + left - 1)
        break
      }
      left -= item.length
    }
  }
  return { item: last === null ? null : { client: last.client, clock: last.clock } }
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
  if (id === null) return 1
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
  if (!(struct instanceof Y.Item) || struct.parent !== blocks.body) return null
  return positionOf(blocks, doc, struct, clock - struct.id.clock + 1)
}

/** The position after the first `length` units of an item: walks left to the marker of its block. */
function positionOf(blocks: KnownBlocks, doc: Node, item: Y.Item, length: number): number | null {
  let units = 0
  for (let each: Y.Item | null = item; each !== null; each = each.left) {
    if (each.deleted || !each.countable) continue
    const index = blocks.indexOf(each)
    if (index !== -1) return startOf(doc, index) + 1 + units
    units += each === item ? length : each.length
  }
  // Left of every marker: in the first paragraph, if that has none.
  return blocks.lead ? 1 + units : 1
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
