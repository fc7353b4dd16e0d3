// Steps of the editor as small changes of the stored text: typing inserts text with its formats spelled out, a
// split inserts one marker, a join deletes one, a retitle or an indent sets keys on one, a mark is a format.
// A marker is never used twice: what is pasted or moved gets a new one, made from plain values. No change cuts
// a surrogate pair, and nothing that this version does not understand is written over.
import type { Node } from "prosemirror-model"
import { AddMarkStep, AttrStep, RemoveMarkStep, type Step } from "prosemirror-transform"
import * as Y from "yjs"
import { markerKeys, PLAIN } from "../content/marker"
import { mapOf } from "../content/render"
import { cutsPair } from "../content/words"
import { beforeStop, stopEnds } from "./ends"
import type { KnownBlock } from "./redraw"
import {
  copy,
  formatsOf,
  insertRun,
  type Segment,
  sameSegment,
  segmentsOf,
  type Words,
  writeLine,
} from "./segments"
import { piecesBetween, piecesIn, unitAt, wordsAt, wordsOf } from "./units"
import { clearTable, isTable, rangesOf, tableAround, tablePair, widened, writeTable } from "./write-table"

/** Writes the steps of one or more transactions, in order, inside one Yjs transaction of the caller's. */
export class Writer {
  readonly #body: Y.Text
  /** Each block of the editor's document as it is after the steps written so far. Copied before it is changed. */
  #blocks: readonly KnownBlock[]
  #copied = false
  /** Whether a format was set: the attributes of later blocks are not what they were. */
  #formatted = false
  /** Whether a block came, went or changed its kind: such a change is an undo step of its own. */
  structural = false
  #unit = 0
  #block = -1
  /** The unit that the marker of the block is. */
  #start = 0
  /** The formats to the left of the place: a marker put in there takes them, or it would end and begin each anew. */
  #formats: Record<string, unknown> = {}

  /** @param blocks each block in order, one without a marker for text before the first; not changed by the writer */
  constructor(body: Y.Text, blocks: readonly KnownBlock[]) {
    this.#body = body
    this.#blocks = blocks
  }

  /** Writes one step, which led from `before` to `after`. */
  write(step: Step, before: Node, after: Node): void {
    if (step instanceof AttrStep) {
      const end = step.pos + 1
      this.#rewrite(before, after, step.pos, end, step.pos, end)
    } else if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) {
      this.#rewrite(before, after, step.from, step.to, step.from, step.to)
    } else {
      for (const [from, to, newFrom, newTo] of rangesOf(step, before, after))
        this.#rewrite(before, after, from, to, newFrom, newTo)
    }
    // A first paragraph without a marker is drawn only while it has text.
    if (this.#hasLead && after.childCount > 1 && after.child(0).content.size === 0) this.#markLead()
  }

  /**
   * Makes the units of `before` from–to those of `after` newFrom–newTo. What is left of `newFrom` is in the
   * stored text already, so that is where the place is looked up.
   */
  #rewrite(before: Node, after: Node, from: number, to: number, newFrom: number, newTo: number): void {
    if (from === 0 && this.#hasLead) this.#markLead()
    const inside = tableAround(before, from, to)
    const still = inside === null ? null : tableAround(after, newFrom, newTo)
    if (inside !== null && still?.index === inside.index) {
      this.#rewriteTable(inside.index, inside.node, still.node, after, still.start)
      return
    }
    ;[from, newFrom] = widened(before, from, newFrom, -1)
    ;[to, newTo] = widened(before, to, newTo, 1)
    const head = splitsPair(before, from) || splitsPair(after, newFrom) ? 1 : 0
    const tail = splitsPair(before, to) || splitsPair(after, newTo) ? 1 : 0
    const place = unitAt(after, newFrom - head, this.#hasLead)
    this.#unit = place.unit
    this.#block = place.block
    this.#start = place.start
    this.#formats = formatsOf(after.resolve(newFrom - head).nodeBefore?.marks ?? [])
    const old = segmentsOf(piecesBetween(before, from - head, to + tail))
    const wanted = segmentsOf(piecesBetween(after, newFrom - head, newTo + tail))
    const pair = tablePair(old, wanted)
    if (old.length === wanted.length && (pair === null || pair[0] === pair[1])) {
      for (const [i, segment] of wanted.entries()) this.#change(old[i] ?? segment, segment)
    } else {
      this.#changeNumber(old, wanted)
    }
  }

  /** What changed inside one table, which has `index` before and after. */
  #rewriteTable(index: number, old: Node, wanted: Node, after: Node, start: number): void {
    const [before, now] = [wordsOf(old), wordsOf(wanted)]
    if (!before.eq(now)) {
      const place = unitAt(after, start + wordsAt(wanted), this.#hasLead)
      this.#block = place.block
      this.#start = place.start
      const [a, b] = [segmentsOf(piecesIn(before.content))[0], segmentsOf(piecesIn(now.content))[0]]
      if (a !== undefined && b !== undefined) writeLine(this.#words, place.unit, a, b)
    }
    this.#setKeys(this.#blocks[index]?.marker ?? null, old, wanted)
    this.#writeTable(index, old, wanted)
  }

  #writeTable(index: number, old: Node | null, wanted: Node): void {
    if (writeTable(this.#mapAt(index), old, wanted)) this.structural = true
  }

  #mapAt(index: number): Y.Map<unknown> {
    const marker = this.#blocks[index]?.marker ?? null
    const map = marker === null ? null : mapOf(marker)
    if (map === null) throw new Error("a table has a marker")
    return map
  }

  /** Two rows of different length: what is the same at either end stays, the rest goes out and comes in. */
  #changeNumber(old: readonly Segment[], wanted: readonly Segment[]): void {
    const shorter = Math.min(old.length, wanted.length)
    let head = 0
    while (head < shorter && sameSegment(old[head], wanted[head])) head++
    let tail = 0
    while (tail < shorter - head && sameSegment(old.at(-1 - tail), wanted.at(-1 - tail))) tail++
    // The first of a row has no marker of its own: it is what follows the marker to the left of the range.
    if (head === 0 && shorter > 0) {
      const [a, b] = [old[0], wanted[0]]
      if (a !== undefined && b !== undefined) this.#change(a, b)
      head = 1
      tail = Math.min(tail, shorter - 1)
    } else {
      for (const segment of old.slice(0, head)) this.#pass(segment)
    }
    this.#replace(old.slice(head, old.length - tail), wanted.slice(head, wanted.length - tail))
  }

  /** The blocks of one row for those of another. A table that is in both stays, with whoever writes in it. */
  #replace(old: readonly Segment[], wanted: readonly Segment[]): void {
    const pair = tablePair(old, wanted)
    if (pair === null) {
      for (const segment of old) this.#takeOut(segment)
      for (const segment of wanted) this.#putIn(segment)
      return
    }
    const [i, j] = pair
    const [before, after] = [old[i], wanted[j]]
    if (before === undefined || after === undefined) throw new Error("a pair is of two tables")
    this.#replace(old.slice(0, i), wanted.slice(0, j))
    const rest = old.slice(i + 1)
    if (j + 1 < wanted.length || rest.some(({ node }) => node !== null && isTable(node))) {
      this.#change(before, after)
      this.#replace(rest, wanted.slice(j + 1))
    } else {
      this.#change(this.#join(before, rest), after)
    }
  }

  /** Takes out the markers of the blocks after a table that is about to be changed: their words are its caption's now. */
  #join(table: Segment, rest: readonly Segment[]): Segment {
    const joined = { node: table.node, runs: [...table.runs], text: table.text }
    const start = this.#unit + 1
    for (const { runs, text } of rest) {
      this.#delete(start + joined.text.length, 1)
      this.#splice(this.#block + 2, 1)
      this.structural = true
      joined.runs.push(...runs)
      joined.text += text
    }
    return joined
  }

  #pass(segment: Segment): void {
    if (segment.node !== null) this.#enter()
    this.#unit += segment.text.length
  }

  /** Goes on from a block's end past the marker of the next. */
  #enter(): void {
    this.#block++
    this.#start = this.#unit
    this.#unit++
  }

  #takeOut(segment: Segment): void {
    const marker = segment.node === null ? 0 : 1
    if (marker === 1) {
      this.#splice(this.#block + 1, 1)
      this.structural = true
    }
    this.#delete(this.#unit, marker + segment.text.length)
  }

  #putIn(segment: Segment): void {
    if (segment.node !== null)
      this.#insertMarker(markerKeys(segment.node.type.name, segment.node.attrs, true))
    for (const run of segment.runs) {
      this.#formats = formatsOf(run.marks)
      this.#unit += insertRun(this.#words, this.#unit, run)
    }
    if (segment.node !== null && isTable(segment.node)) this.#writeTable(this.#block, null, segment.node)
  }

  /** One block, or the part of it in the range, changed in place: keys, words, formats. */
  #change(old: Segment, wanted: Segment): void {
    // A table is never made of a marker that was something else: two people could do it at once.
    if (old.node !== null && wanted.node !== null && isTable(wanted.node) && !isTable(old.node)) {
      this.#takeOut(old)
      this.#putIn(wanted)
      return
    }
    if (old.node !== null && wanted.node !== null) {
      this.#enter()
      this.#setKeys(this.#blocks[this.#block]?.marker ?? null, old.node, wanted.node)
    }
    this.#unit = writeLine(this.#words, this.#unit, old, wanted)
    const last = wanted.runs.at(-1)
    if (last !== undefined) this.#formats = formatsOf(last.marks)
    if (old.node === null || wanted.node === null || !isTable(old.node)) return
    if (isTable(wanted.node)) this.#writeTable(this.#block, old.node, wanted.node)
    else clearTable(this.#mapAt(this.#block))
  }

  /** Sets the keys that differ between two states of a block, and no others: unknown ones stay as they are. */
  #setKeys(marker: Y.Item | null, old: Node, wanted: Node): void {
    const before = markerKeys(old.type.name, old.attrs, false)
    const keys = markerKeys(wanted.type.name, wanted.attrs, false)
    const map = marker === null ? null : mapOf(marker)
    for (const key of new Set([...before.keys(), ...keys.keys()])) {
      const value = keys.get(key)
      if (value === before.get(key)) continue
      if (map === null) throw new Error("a block whose keys change has a marker")
      if (value === undefined) map.delete(key)
      else map.set(key, value)
      this.structural = true
    }
  }

  /** Gives the text before the first marker one of its own, a plain paragraph's. */
  #markLead(): void {
    this.#splice(0, 1)
    this.#formats = {}
    this.#unit = 0
    this.#block = -1
    this.#start = 0
    this.#insertMarker(markerKeys("paragraph", PLAIN, false))
  }

  #insertMarker(keys: ReadonlyMap<string, unknown>): void {
    const map = new Y.Map<unknown>([...keys].map(([key, value]) => [key, copy(value)] as const))
    this.#near(this.#unit, unit => this.#body.insertEmbed(unit, map, { ...this.#formats }))
    if (map._item === null) throw new Error("a marker that was inserted has an item")
    stopEnds(this.#body, map._item)
    this.#enter()
    // Just after it the formats are those it was put in with, whatever is in force further on.
    const attributes = new Map(Object.entries(this.#formats))
    this.#splice(this.#block, 0, { marker: map._item, attributes })
    this.structural = true
  }

  /** The body's words, each found from the marker of the block under way. */
  readonly #words: Words = {
    insert: (at, text, formats) => this.#nearStop(at, unit => this.#body.insert(unit, text, formats)),
    insertEmbed: (at, embed, formats) =>
      this.#nearStop(at, unit => this.#body.insertEmbed(unit, embed, formats)),
    delete: (at, length) => this.#delete(at, length),
    format: (at, length, formats) => {
      this.#near(at, unit => this.#body.format(unit, length, formats))
      this.#formatted = true
    },
  }

  #nearStop(unit: number, write: (unit: number) => void): void {
    this.#near(unit, at => beforeStop(this.#body, at, () => write(at)))
  }

  #delete(unit: number, length: number): void {
    if (length > 0) this.#near(unit, at => this.#body.delete(at, length))
  }

  /**
   * Lets Yjs look for a unit at or after the block's marker from that marker on. It would walk from the start of the
   * text; what it learns on the way, the attributes in force, is known here to be none at the marker it starts from.
   */
  #near(unit: number, change: (unit: number) => void): void {
    let block = this.#formatted ? -1 : this.#block
    while (block >= 0 && this.#blocks[block]?.attributes.size !== 0) block--
    const from = this.#blocks[block]?.marker ?? null
    if (from === null) {
      change(unit)
      return
    }
    let between = 0
    const to = this.#blocks[this.#block]?.marker
    for (let item: Y.Item | null = from; item !== to && item !== null; item = item.right)
      if (!item.deleted && item.countable) between += item.length
    const start = this.#body._start
    // Yjs's own shortcuts count from the real start, so there are none.
    this.#body._searchMarker = null
    this.#body._start = from
    try {
      change(unit - this.#start + between)
    } finally {
      this.#body._start = start
    }
  }

  get #hasLead(): boolean {
    return this.#blocks[0]?.marker === null
  }

  #splice(at: number, count: number, ...put: readonly KnownBlock[]): void {
    const blocks = this.#copied ? (this.#blocks as KnownBlock[]) : [...this.#blocks]
    blocks.splice(at, count, ...put)
    this.#blocks = blocks
    this.#copied = true
  }
}

function splitsPair(doc: Node, position: number): boolean {
  const { nodeBefore, nodeAfter, textOffset, parent } = doc.resolve(position)
  if (!parent.isTextblock || nodeBefore === null || nodeAfter === null) return false
  if (textOffset > 0) return cutsPair((nodeBefore.text ?? "") + (nodeAfter.text ?? ""), textOffset)
  return cutsPair(
    (nodeBefore.text ?? "\uFFFC") + (nodeAfter.text ?? "\uFFFC"),
    (nodeBefore.text ?? "\uFFFC").length,
  )
}
