// Steps of the editor as small changes of the stored text: typing inserts text with its formats spelled out, a
// split inserts one marker, a join deletes one, a retitle or an indent sets keys on one, a mark is a format.
// A marker is never used twice: what is pasted or moved gets a new one, made from plain values. No change cuts
// a surrogate pair, and nothing that this version does not understand is written over.
import type { Mark, Node } from "prosemirror-model"
import { AddMarkStep, AttrStep, RemoveMarkStep, type Step } from "prosemirror-transform"
import * as Y from "yjs"
import { markerKeys, PLAIN } from "../content/marker"
import { type Attributes, formatOf } from "../content/marks"
import { mapOf } from "../content/render"
import { changeBetween, cutsPair, wellFormed } from "../content/words"
import { type Piece, piecesBetween, unitAt } from "./units"

/** Writes the steps of one or more transactions, in order, inside one Yjs transaction of the caller's. */
export class Writer {
  readonly #body: Y.Text
  /** Each block of the editor's document as it is after the steps written so far. Copied before it is changed. */
  #blocks: readonly WrittenBlock[]
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
  constructor(body: Y.Text, blocks: readonly WrittenBlock[]) {
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
      step.getMap().forEach((from, to, newFrom, newTo) => {
        this.#rewrite(before, after, from, to, newFrom, newTo)
      })
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
    const head = splitsPair(before, from) || splitsPair(after, newFrom) ? 1 : 0
    const tail = splitsPair(before, to) || splitsPair(after, newTo) ? 1 : 0
    const place = unitAt(after, newFrom - head, this.#hasLead)
    this.#unit = place.unit
    this.#block = place.block
    this.#start = place.start
    this.#formats = formatsOf(after.resolve(newFrom - head).nodeBefore?.marks ?? [])
    const old = segmentsOf(piecesBetween(before, from - head, to + tail))
    const wanted = segmentsOf(piecesBetween(after, newFrom - head, newTo + tail))
    if (old.length === wanted.length) {
      for (const [i, segment] of wanted.entries()) this.#change(old[i] ?? segment, segment)
    } else {
      this.#changeNumber(old, wanted)
    }
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
    for (const segment of old.slice(head, old.length - tail)) this.#takeOut(segment)
    for (const segment of wanted.slice(head, wanted.length - tail)) this.#putIn(segment)
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
    for (const run of segment.runs) this.#insertRun(run)
  }

  /** One block, or the part of it in the range, changed in place: keys, words, formats. */
  #change(old: Segment, wanted: Segment): void {
    if (old.node !== null && wanted.node !== null) {
      this.#enter()
      this.#setKeys(this.#blocks[this.#block]?.marker ?? null, old.node, wanted.node)
    }
    const { start, removed, inserted } = changeBetween(old.text, wanted.text)
    const base = this.#unit
    this.#format(base, runsBetween(old.runs, 0, start), runsBetween(wanted.runs, 0, start))
    this.#delete(base + start, removed)
    this.#unit = base + start
    for (const run of runsBetween(wanted.runs, start, start + inserted.length)) this.#insertRun(run)
    const rest = this.#unit
    const [oldRest, newRest] = [start + removed, start + inserted.length]
    this.#format(
      rest,
      runsBetween(old.runs, oldRest, old.text.length),
      runsBetween(wanted.runs, newRest, wanted.text.length),
    )
    this.#unit = rest + wanted.text.length - newRest
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
    this.#enter()
    this.#splice(this.#block, 0, { marker: map._item, attributes: null })
    this.structural = true
  }

  #insertRun(run: Run): void {
    this.#formats = formatsOf(run.marks)
    // Yjs adds to the formats it is given, so each insertion gets its own.
    if (run.kind === "text") {
      const text = wellFormed(run.text)
      this.#near(this.#unit, unit => this.#body.insert(unit, text, { ...this.#formats }))
    } else if (typeof run.embed === "object" && run.embed !== null) {
      const embed = copy(run.embed) as object
      this.#near(this.#unit, unit => this.#body.insertEmbed(unit, embed, { ...this.#formats }))
    } else {
      return // more than a plain value: it cannot be made again, and the editor is corrected afterwards
    }
    this.#unit += lengthOf(run)
  }

  /** Sets the formats that differ between two states of the same words, which begin at `unit`. */
  #format(unit: number, old: readonly Run[], wanted: readonly Run[]): void {
    let [i, j, oldUsed, newUsed, at] = [0, 0, 0, 0, unit]
    for (;;) {
      const [a, b] = [old[i], wanted[j]]
      if (a === undefined || b === undefined) return
      const length = Math.min(lengthOf(a) - oldUsed, lengthOf(b) - newUsed)
      const formats = formatChange(a.marks, b.marks)
      if (Object.keys(formats).length > 0) {
        this.#near(at, unit => this.#body.format(unit, length, formats))
        this.#formatted = true
      }
      at += length
      oldUsed += length
      newUsed += length
      if (oldUsed === lengthOf(a)) [i, oldUsed] = [i + 1, 0]
      if (newUsed === lengthOf(b)) [j, newUsed] = [j + 1, 0]
    }
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
    while (block >= 0 && this.#blocks[block]?.attributes?.size !== 0) block--
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

  #splice(at: number, count: number, ...put: readonly WrittenBlock[]): void {
    const blocks = this.#copied ? (this.#blocks as WrittenBlock[]) : [...this.#blocks]
    blocks.splice(at, count, ...put)
    this.#blocks = blocks
    this.#copied = true
  }
}

/** What is known of a block while it is written. */
interface WrittenBlock {
  /** null: the text before the first marker. */
  readonly marker: Y.Item | null
  /** In force just after the marker; null: it was put in just now, and nobody has looked. */
  readonly attributes: Attributes | null
}

type Run = Exclude<Piece, { kind: "marker" }>

/** A block, or the part of one that lies in a range: `node` is null when its marker is not in the range. */
interface Segment {
  readonly node: Node | null
  readonly runs: Run[]
  /** All runs as one string, an embed as U+FFFC. */
  text: string
}

/** The pieces, block by block; the first segment is what comes before the first marker of the range. */
function segmentsOf(pieces: readonly Piece[]): Segment[] {
  let last: Segment = { node: null, runs: [], text: "" }
  const segments = [last]
  for (const piece of pieces) {
    if (piece.kind === "marker") {
      last = { node: piece.node, runs: [], text: "" }
      segments.push(last)
    } else {
      last.runs.push(piece)
      last.text += piece.kind === "text" ? piece.text : "\uFFFC"
    }
  }
  return segments
}

function sameSegment(a: Segment | undefined, b: Segment | undefined): boolean {
  if (a === undefined || b === undefined || a.text !== b.text || a.runs.length !== b.runs.length) return false
  if ((a.node === null) !== (b.node === null)) return false
  if (a.node !== null && b.node !== null && !a.node.sameMarkup(b.node)) return false
  return a.runs.every((run, i) => {
    const other = b.runs[i]
    return (
      other !== undefined &&
      run.kind === other.kind &&
      Object.keys(formatChange(run.marks, other.marks)).length === 0
    )
  })
}

function runsBetween(runs: readonly Run[], from: number, to: number): Run[] {
  const cut: Run[] = []
  let start = 0
  for (const run of runs) {
    const end = start + lengthOf(run)
    if (end > from && start < to)
      cut.push(
        run.kind === "text" ? { ...run, text: run.text.slice(Math.max(0, from - start), to - start) } : run,
      )
    start = end
  }
  return cut
}

/** The formats that lead from one set of marks to another; null takes one away. */
function formatChange(before: readonly Mark[], after: readonly Mark[]): Record<string, unknown> {
  const formats: Record<string, unknown> = {}
  for (const mark of before) if (!mark.isInSet(after)) formats[formatOf(mark)[0]] = null
  for (const mark of after) {
    const [key, value] = formatOf(mark)
    if (!mark.isInSet(before)) formats[key] = value
  }
  return formats
}

function formatsOf(marks: readonly Mark[]): Record<string, unknown> {
  return Object.fromEntries(marks.map(formatOf))
}

function lengthOf(run: Run): number {
  return run.kind === "text" ? run.text.length : 1
}

/** A value of its own: Yjs keeps what it is given, and the editor's attributes are shared. */
function copy(value: unknown): unknown {
  return typeof value === "object" && value !== null ? structuredClone(value) : value
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
