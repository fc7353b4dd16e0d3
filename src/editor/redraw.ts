// Which blocks a Yjs transaction touched, drawn anew. It looks only at what changed: from each changed item it
// walks left to the marker of its block, draws on from there, and stops at the first marker that neither moved
// nor sees other formats than before. So the cost follows the change, not the length of the document; Yjs's
// own `event.delta` walks the whole text, and may even delete from it.
import type { Node } from "prosemirror-model"
import * as Y from "yjs"
import { type Attributes, NO_ATTRIBUTES, sameAttributes } from "../content/marks"
import { type DrawnBlock, drawBlock, drawBlocks, isMarker, type Place } from "../content/render"
import type { Change, Hunk } from "./patch"

/** What is remembered of a block that the editor shows. */
export interface KnownBlock {
  /** null: the text before the first marker. */
  readonly marker: Y.Item | null
  readonly attributes: Attributes
}

/** Blocks `first` to `first + count` of those known before are now `blocks`. */
export interface Region {
  readonly first: number
  readonly count: number
  readonly blocks: readonly DrawnBlock[]
  /** Exactly what changed, in units of the region. */
  readonly change: Change
}

/** The blocks of a text in order, found by place and by marker. One for each binding. */
export class KnownBlocks {
  readonly body: Y.Text
  list: KnownBlock[] = []
  readonly #byMarker = new Map<Y.Item, KnownBlock>()

  constructor(body: Y.Text) {
    this.body = body
  }

  /** Draws the whole text, forgetting what was known; gives what is to be shown. */
  drawAll(): DrawnBlock[] {
    const blocks = drawBlocks(this.body)
    this.#byMarker.clear()
    this.list = []
    this.#replace(0, 0, blocks)
    return blocks
  }

  /** Draws `count` known blocks from `first` on, as they are now. */
  drawRow(first: number, count: number): Node[] {
    return this.list.slice(first, first + count).map(({ marker, attributes }) => {
      const item = marker === null ? this.body._start : marker.right
      return drawBlock(marker, { item, attributes }).block.node
    })
  }

  /** Whether the first block is text before any marker. */
  get lead(): boolean {
    return this.list[0]?.marker === null
  }

  /** The place of a live marker, −1 when it is not known. */
  indexOf(marker: Y.Item, from = 0): number {
    const block = this.#byMarker.get(marker)
    return block === undefined ? -1 : this.list.indexOf(block, from)
  }

  /**
   * Draws what a transaction changed and remembers it; the regions come in order, apart from one another, and
   * each counts its blocks as they were once the regions before it were shown. To be called while the
   * transaction's observers run: afterwards Yjs merges items, and what is new can no longer be told.
   */
  redraw(transaction: Y.Transaction): Region[] {
    const dirty = this.#dirtyMarkers(transaction)
    const indices = [...dirty]
      .map(marker => (marker === null ? -1 : this.indexOf(marker)))
      .sort((a, b) => a - b)
    const regions: Region[] = []
    let shift = 0 // how much longer the list is than before the first region
    let done = -1
    for (const index of indices) {
      if (index + shift < done) continue
      const region = this.#drawRegion(index === -1 ? -1 : index + shift, dirty, transaction)
      this.#replace(region.first, region.count, region.blocks)
      regions.push(region)
      shift += region.blocks.length - region.count
      done = region.first + region.blocks.length
    }
    return regions
  }

  /** Draws from known block `index` on (−1: from the start of the text) until what follows is as it was. */
  #drawRegion(index: number, dirty: ReadonlySet<Y.Item | null>, transaction: Y.Transaction): Region {
    const first = Math.max(0, index)
    const opening = index === -1 ? null : (this.list[index]?.marker ?? null)
    const start = opening === null ? this.body._start : opening.right
    const attributes = opening === null ? NO_ATTRIBUTES : (this.list[index]?.attributes ?? NO_ATTRIBUTES)
    const blocks: DrawnBlock[] = []
    let place: Place = { item: start, attributes }
    let marker = opening
    let stop = this.list.length
    for (;;) {
      const { block, end } = drawBlock(marker, place)
      // No text before the first marker, and there is no such block, unless the document is empty.
      if (marker !== null || block.node.childCount > 0 || end.item === null) blocks.push(block)
      place = end
      marker = end.item
      if (marker === null) break
      const next = this.#byMarker.get(marker)
      if (next !== undefined && !dirty.has(marker) && sameAttributes(next.attributes, end.attributes)) {
        stop = this.list.indexOf(next, first)
        break
      }
      place = { item: marker.right, attributes: end.attributes }
    }
    // A lead counts as if it had a marker, which went or came when there is a lead on one side only.
    const [had, has] = opening !== null ? [true, true] : [this.lead, blocks[0]?.marker === null]
    const change = changeBetween(start, marker, transaction, had, has)
    return { first, count: stop - first, blocks, change }
  }

  /** The live known markers in whose blocks something changed; null stands for the start of the text. */
  #dirtyMarkers(transaction: Y.Transaction): Set<Y.Item | null> {
    const dirty = new Set<Y.Item | null>()
    const seen = new Set<Y.Item>()
    const note = (changed: unknown) => {
      if (!(changed instanceof Y.Item) || changed.parent !== this.body) return
      let item: Y.Item | null = changed
      for (; item !== null; item = item.left) {
        if (seen.has(item)) return // whoever came by before has noted what lies to the left
        seen.add(item)
        if (isMarker(item) && this.#byMarker.has(item)) break
      }
      dirty.add(item)
    }
    for (const [client, end] of transaction.afterState) {
      const start = transaction.beforeState.get(client) ?? 0
      if (end === start) continue
      const structs = transaction.doc.store.clients.get(client) ?? []
      for (let i = Y.findIndexSS(structs, start); i < structs.length; i++) note(structs[i])
    }
    Y.iterateDeletedStructs(transaction, transaction.deleteSet, note)
    for (const type of transaction.changed.keys()) {
      // A marker's keys, or something inside a table: its rows, its cells, the words of one.
      let item = type._item
      while (item !== null && item.parent !== this.body)
        item = item.parent instanceof Y.AbstractType ? item.parent._item : null
      if (item !== null && this.#byMarker.has(item) && !item.deleted) dirty.add(item)
    }
    return dirty
  }

  #replace(first: number, count: number, blocks: readonly DrawnBlock[]): void {
    const known = blocks.map(({ marker, attributes }) => ({ marker, attributes }))
    for (const { marker } of this.list.slice(first, first + count))
      if (marker !== null) this.#byMarker.delete(marker)
    for (const block of known) if (block.marker !== null) this.#byMarker.set(block.marker, block)
    // A long pasted row as arguments of splice would overflow the stack.
    if (count === known.length) for (const [i, block] of known.entries()) this.list[first + i] = block
    else this.list = [...this.list.slice(0, first), ...known, ...this.list.slice(first + count)]
  }
}

/**
 * Exactly which units between two items a transaction took out and put in.
 * @param had whether a marker, maybe imagined, stood before `from`; it is unit 0
 * @param has whether one stands there now
 */
function changeBetween(
  from: Y.Item | null,
  to: Y.Item | null,
  transaction: Y.Transaction,
  had: boolean,
  has: boolean,
): Change {
  const hunks: Hunk[] = []
  let [before, after] = [0, 0]
  const count = (was: number, is: number) => {
    if (was !== is) {
      const last = hunks.at(-1)
      if (last !== undefined && last.to === before && last.newTo === after)
        hunks[hunks.length - 1] = { ...last, to: before + was, newTo: after + is }
      else hunks.push({ from: before, to: before + was, newFrom: after, newTo: after + is })
    }
    before += was
    after += is
  }
  count(had ? 1 : 0, has ? 1 : 0)
  const lead = before > after
  for (let item = from; item !== to && item !== null; item = item.right) {
    if (!item.countable) continue
    const isNew = item.id.clock >= (transaction.beforeState.get(item.id.client) ?? 0)
    const was = !isNew && (!item.deleted || Y.isDeleted(transaction.deleteSet, item.id))
    count(was ? item.length : 0, item.deleted ? 0 : item.length)
  }
  // The empty paragraph of an empty document is now the first block that came, with the caret in it; were it taken for
  // one that went, the caret would be in whichever block came last.
  const begun = lead && before === 1 && after > 0
  if (begun) return { units: 1, hunks: after > 1 ? [{ from: 1, to: 1, newFrom: 1, newTo: after }] : [] }
  return { units: before, hunks }
}
