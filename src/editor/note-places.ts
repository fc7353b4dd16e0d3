// Where the words of a note are now. An anchor names the first and the last unit of the words, so that what others
// write before and behind stays outside and what they write between comes in; splitting, joining and retitling touch
// no unit at all. Words that were deleted and came back by somebody's undo are new units: they are known by the
// quote, if it stands where the old ones stood. Everybody who has the same text finds the same place.
import type { Node } from "prosemirror-model"
import * as Y from "yjs"
import { isMarker } from "../content/render"
import type { NoteAnchor, NotePlace } from "../records/note"
import { anchorAt, resolveAnchor } from "./anchor"
import type { KnownBlocks } from "./redraw"
import { wordsAt } from "./units"

/** Positions of the editor; both the same: a place between words. */
export interface NoteRange {
  readonly from: number
  readonly to: number
}

/** gone: the words were removed. unknown: they are not here yet. */
export type Found = NoteRange | "gone" | "unknown"

/** The position before a block, and the one before its words. */
interface Start {
  readonly block: number
  readonly words: number
}

const QUOTE_LENGTH_MAX = 200

/** The anchor of a stretch of words; `from` and `to` the same: of the place, leaning on what is left of it. */
export function noteAnchor(blocks: KnownBlocks, doc: Node, from: number, to: number): NoteAnchor {
  const end = placeOf(anchorAt(blocks, doc, to).item, "after")
  if (from === to) return { start: end, end, quote: "" }
  const start = placeOf(anchorAt(blocks, doc, from + 1).item, "before")
  return { start, end, quote: quoteOf(doc, from, to) }
}

function placeOf(item: { client: number; clock: number } | null, side: "before" | "after"): NotePlace {
  return item === null ? null : { side, ...item }
}

/** The words of a range, an embed as U+FFFC; cut between characters. */
function quoteOf(doc: Node, from: number, to: number): string {
  const words = doc.textBetween(from, to, "\n", leafText)
  return words.length <= QUOTE_LENGTH_MAX
    ? words
    : words.slice(0, QUOTE_LENGTH_MAX).replace(/[\uD800-\uDBFF]$/, "")
}

function leafText(leaf: Node): string {
  return leaf.type.name === "hard_break" ? "\n" : "\uFFFC"
}

/** Finds any number of anchors in one state of the text; what they share is worked out once. */
export class NotePlaces {
  readonly #blocks: KnownBlocks
  readonly #doc: Node
  /** By live marker. Made when the first one is asked for. */
  #starts: Map<Y.Item | null, Start> | null = null

  /** @param doc what the editor shows, which is what `blocks` says */
  constructor(blocks: KnownBlocks, doc: Node) {
    this.#blocks = blocks
    this.#doc = doc
  }

  find({ start, end, quote }: NoteAnchor): Found {
    if (!this.#isHere(start) || !this.#isHere(end)) return "unknown"
    const [from, to] = [this.#position(start), this.#position(end)]
    if (from === null || to === null) return "gone"
    if (samePlace(start, end)) return { from: to, to }
    const words = from < to ? this.#doc.textBetween(from, to, "\n", leafText) : ""
    if (words !== "" && words.startsWith(quote)) return { from, to }
    const cameBack = this.#quoted(quote, from, Math.max(from, to))
    if (cameBack !== null) return cameBack
    const stands = words.trim() !== "" || (from < to && quote.trim() === "")
    return stands ? { from, to } : "gone"
  }

  #isHere(place: NotePlace): boolean {
    const store = this.#blocks.body.doc?.store
    return place === null || (store !== undefined && Y.getState(store, place.client) > place.clock)
  }

  // Walks left from the unit to the marker of its block. Null: it is in no block of this text.
  #position(place: NotePlace): number | null {
    if (place === null) return 1
    const store = this.#blocks.body.doc?.store
    const unit = store && Y.getItem(store, Y.createID(place.client, place.clock))
    if (!(unit instanceof Y.Item)) return null
    if (unit.parent !== this.#blocks.body) {
      const at = resolveAnchor(this.#blocks, this.#doc, { item: place })
      return at !== null && place.side === "before" && !unit.deleted ? at - 1 : at
    }
    let units = 0
    if (!unit.deleted && unit.countable && !isMarker(unit))
      units = place.clock - unit.id.clock + (place.side === "after" ? 1 : 0)
    // Before a marker is the end of the block before it.
    if (place.side === "before" && isMarker(unit)) return Math.max(1, (this.#startOf(unit)?.block ?? 2) - 1)
    for (let item: Y.Item | null = isMarker(unit) ? unit : unit.left; item !== null; item = item.left) {
      if (item.deleted || !item.countable) continue
      const start = isMarker(item) ? this.#startOf(item) : null
      if (start !== null) return start.words + units
      units += item.length
    }
    // Left of every marker: in the first paragraph, if that has none.
    return this.#blocks.lead ? 1 + units : 1
  }

  #startOf(marker: Y.Item): Start | null {
    if (this.#starts === null) {
      this.#starts = new Map()
      let at = 0
      for (const [index, block] of this.#blocks.list.entries()) {
        const child = this.#doc.child(index)
        this.#starts.set(block.marker, { block: at, words: at + wordsAt(child) })
        at += child.nodeSize
      }
    }
    return this.#starts.get(marker) ?? null
  }

  // The quote where the old words stood, the nearest to their beginning; only within the block.
  #quoted(quote: string, from: number, to: number): NoteRange | null {
    if (quote.trim() === "" || quote.includes("\n")) return null
    const $from = this.#doc.resolve(from)
    if (!$from.parent.isTextblock) return null
    const text = $from.parent.textBetween(0, $from.parent.content.size, "\n", leafText)
    const [first, last] = [from - $from.start(), Math.min(to, $from.end()) - $from.start()]
    let best: number | null = null
    for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) {
      const touches = at <= last && at + quote.length >= first
      if (!touches && !this.#cameBack($from.index(0), at)) continue
      if (best === null || Math.abs(at - first) < Math.abs(best - first)) best = at
    }
    if (best === null) return null
    return { from: $from.start() + best, to: $from.start() + best + quote.length }
  }

  // Undo puts words back right before those that they were: everybody can see what an item was put before.
  #cameBack(index: number, offset: number): boolean {
    const { body } = this.#blocks
    const marker = this.#blocks.list[index]?.marker ?? null
    let left = offset
    for (let item = marker === null ? body._start : marker.right; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue
      if (left >= item.length) {
        left -= item.length
        continue
      }
      const store = body.doc?.store
      const before = item.rightOrigin && store ? Y.getItem(store, item.rightOrigin) : null
      return before instanceof Y.Item && before.deleted
    }
    return false
  }
}

function samePlace(a: NotePlace, b: NotePlace): boolean {
  return a?.client === b?.client && a?.clock === b?.clock && a?.side === b?.side
}
