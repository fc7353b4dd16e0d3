// What changed in the stored text, as the smallest steps of the editor: words go in and out where they did in
// the text, a retitled block keeps its content, a mark is a mark step. So selections, decorations and scroll
// positions survive. The result is compared with what was drawn; where a step fell short, the piece that
// still differs is replaced, so what is shown is always exactly what was drawn.
import { Fragment, type Node, Slice } from "prosemirror-model"
import { TextSelection, type Transaction } from "prosemirror-state"
import { ReplaceStep, type Transform } from "prosemirror-transform"
import { blockStartAt, edgeAt, positionAfter, startOf, unitsOf } from "./units"

/** Units `from`–`to` of the blocks as they were became units `newFrom`–`newTo` of the blocks as drawn. */
export interface Hunk {
  readonly from: number
  readonly to: number
  readonly newFrom: number
  readonly newTo: number
}

/** All that changed in a row of blocks. */
export interface Change {
  /** How many units the row had before; a row that has another number is not the one the hunks are about. */
  readonly units: number
  /** In order. */
  readonly hunks: readonly Hunk[]
}

/** A row of blocks that is to be shown as drawn anew. */
export interface Redrawn {
  /** Index of the first block. */
  readonly first: number
  /** How many blocks the editor shows there. */
  readonly count: number
  readonly blocks: readonly Node[]
  /** Exactly what changed; null: find out by comparing. */
  readonly change: Change | null
}

/** Appends the steps to `tr`; none when all is shown already. */
export function patch(tr: Transform, redrawn: Redrawn): void {
  const { first, count, blocks, change } = redrawn
  const shown = childrenOf(tr.doc, first, count)
  if (sameBlocks(shown, blocks)) return
  const after = tr.doc.childCount - first - count
  if (change !== null && unitsOf(shown) === change.units)
    replay(tr, startOf(tr.doc, first), shown, blocks, change.hunks)
  compare(tr, first, tr.doc.childCount - first - after, blocks)
}

/**
 * Keeps the caret where it was among the words: what others insert exactly at the caret goes after it, as a
 * caret at the end of a block would otherwise be carried along by whoever appends.
 */
export function keepSelection(tr: Transaction, anchor: number, head: number): void {
  if (!(tr.selection instanceof TextSelection) || tr.steps.length === 0) return
  const [a, h] = [tr.mapping.map(anchor, -1), tr.mapping.map(head, -1)]
  if (a === tr.selection.anchor && h === tr.selection.head) return
  tr.setSelection(TextSelection.between(tr.doc.resolve(a), tr.doc.resolve(h)))
}

/** Hunks from right to left, so that each finds its blocks where they were. */
function replay(
  tr: Transform,
  start: number,
  shown: readonly Node[],
  blocks: readonly Node[],
  hunks: readonly Hunk[],
): void {
  const drawn = tr.doc.type.create(null, Fragment.fromArray([...blocks]))
  // A table is deeper than other blocks, and a slice that is open in both fits in neither. What cannot be a step of
  // this kind is left to the comparison.
  const flat = [...shown, ...blocks].every(block => block.isTextblock)
  for (const hunk of [...hunks].reverse()) {
    const { from, to, newFrom, newTo } = hunk
    // Before the first marker there is no block to be in. Where one side of the change is empty there, what
    // follows is a marker on both sides, so whole blocks come or go; else both sides end inside a block.
    const whole = from === 0 && newFrom === 0 && (to === 0 || newTo === 0)
    const end = whole ? blockStartAt(shown, to) : positionAfter(shown, to)
    const newEnd = whole ? blockStartAt(blocks, newTo) : positionAfter(blocks, newTo)
    const slice = drawn.slice(positionAfter(blocks, newFrom), newEnd)
    const step = new ReplaceStep(start + positionAfter(shown, from), start + end, slice)
    if (flat) tr.step(step)
    else tr.maybeStep(wholeBlocks(start, shown, blocks, hunk) ?? step)
  }
}

/** A change that begins and ends at the edges of blocks, as blocks; null: it does not. */
function wholeBlocks(
  start: number,
  shown: readonly Node[],
  blocks: readonly Node[],
  hunk: Hunk,
): ReplaceStep | null {
  const [a, b] = [edgeAt(shown, hunk.from), edgeAt(shown, hunk.to)]
  const [c, d] = [edgeAt(blocks, hunk.newFrom), edgeAt(blocks, hunk.newTo)]
  if (a === null || b === null || c === null || d === null) return null
  const [from, to] = [start + sizeOf(shown.slice(0, a)), start + sizeOf(shown.slice(0, b))]
  return new ReplaceStep(from, to, new Slice(Fragment.fromArray(blocks.slice(c, d)), 0, 0))
}

/** Makes `count` blocks from `first` on equal to `blocks`, touching only those that differ. */
function compare(tr: Transform, first: number, count: number, blocks: readonly Node[]): void {
  const shown = childrenOf(tr.doc, first, count)
  if (shown.length !== blocks.length) {
    replaceRow(tr, first, shown, blocks)
    return
  }
  let position = startOf(tr.doc, first)
  for (const [index, block] of blocks.entries()) {
    if (shown[index]?.eq(block) !== true) patchBlock(tr, position, block)
    position += block.nodeSize
  }
}

function replaceRow(tr: Transform, first: number, shown: readonly Node[], blocks: readonly Node[]): void {
  // A table that is on both sides stays, with the caret in it; what is around it is made equal on either side.
  const i = shown.findIndex(block => blocks.some(other => sameTable(block, other)))
  const table = shown[i]
  if (table !== undefined) {
    const j = blocks.findIndex(other => sameTable(table, other))
    const want = blocks[j] ?? table
    replaceRow(tr, first + i + 1, shown.slice(i + 1), blocks.slice(j + 1))
    patchBlock(tr, startOf(tr.doc, first + i), want)
    replaceRow(tr, first, shown.slice(0, i), blocks.slice(0, j))
    return
  }
  const shorter = Math.min(shown.length, blocks.length)
  let head = 0
  while (head < shorter && same(shown[head], blocks[head])) head++
  let tail = 0
  while (tail < shorter - head && same(shown.at(-1 - tail), blocks.at(-1 - tail))) tail++
  // Beside a table, the blocks in which the rows begin and end to differ are most likely the same ones, cut or grown.
  const besideTable = [...shown, ...blocks].some(block => !block.isTextblock)
  const paired = (have: Node | undefined, want: Node | undefined) =>
    besideTable && head + tail < shorter && have?.isTextblock === true && want?.isTextblock === true
      ? want
      : null
  const last = paired(shown.at(-1 - tail), blocks.at(-1 - tail))
  if (last !== null) patchBlock(tr, startOf(tr.doc, first + shown.length - ++tail), last)
  const opening = paired(shown[head], blocks[head])
  if (opening !== null) patchBlock(tr, startOf(tr.doc, first + head++), opening)
  const from = startOf(tr.doc, first + head)
  const to = startOf(tr.doc, first + shown.length - tail)
  const middle = Fragment.fromArray(blocks.slice(head, blocks.length - tail))
  if (from < to || middle.size > 0) tr.step(new ReplaceStep(from, to, new Slice(middle, 0, 0)))
}

/** Makes the block at `position` equal to `want`: its kind and attributes, then its marks, then its words. */
function patchBlock(tr: Transform, position: number, want: Node): void {
  const shown = tr.doc.nodeAt(position)
  if (shown !== null && (!shown.isTextblock || !want.isTextblock)) {
    if (shown.type === want.type) patchTree(tr, position, want)
    else tr.step(new ReplaceStep(position, position + shown.nodeSize, new Slice(Fragment.from(want), 0, 0)))
    return
  }
  const now = () => {
    const block = tr.doc.nodeAt(position)
    if (block === null) throw new Error(`no block stands at position ${position}`)
    return block
  }
  if (!now().hasMarkup(want.type, want.attrs)) tr.setNodeMarkup(position, want.type, want.attrs)
  if (words(now()) === words(want)) patchMarks(tr, position + 1, now(), want)
  const have = now().content
  const start = have.findDiffStart(want.content)
  if (start === null) return
  const end = have.findDiffEnd(want.content)
  if (end === null) return
  // The two searches may overlap ("aa" → "aaa"): then what follows the difference is the shorter overlap.
  const overlap = Math.max(0, start - Math.min(end.a, end.b))
  const stretches =
    end.a === end.b ? differences(have, want.content, start, end.a) : [{ from: start, to: end.a + overlap }]
  for (const { from, to } of stretches) {
    const slice = new Slice(want.content.cut(from, to + end.b - end.a), 0, 0)
    tr.step(new ReplaceStep(position + 1 + from, position + 1 + to, slice))
  }
}

/** A table, or a row of one: children are told by their ids, and only those that differ are touched. */
function patchTree(tr: Transform, position: number, want: Node): void {
  const have = tr.doc.nodeAt(position)
  if (have === null) throw new Error(`nothing stands at position ${position}`)
  if (!have.hasMarkup(want.type, want.attrs)) tr.setNodeMarkup(position, want.type, want.attrs)
  const [before, after] = [have.content.content, want.content.content]
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && alike(before[head], after[head])) head++
  let tail = 0
  while (tail < shorter - head && alike(before.at(-1 - tail), after.at(-1 - tail))) tail++
  if (head < Math.max(before.length, after.length) - tail) {
    const from = position + 1 + sizeOf(before.slice(0, head))
    const to = from + sizeOf(before.slice(head, before.length - tail))
    const middle = Fragment.fromArray(after.slice(head, after.length - tail))
    tr.step(new ReplaceStep(from, to, new Slice(middle, 0, 0)))
  }
  let at = position + 1
  for (const child of after) {
    if (tr.doc.nodeAt(at)?.eq(child) !== true) patchBlock(tr, at, child)
    at += child.nodeSize
  }
}

/** Whether two blocks are one table at two times: some row is in both. */
function sameTable(a: Node, b: Node): boolean {
  if (a.isTextblock || b.isTextblock) return false
  const rows = new Set(a.content.content.map(row => row.attrs["row"] as unknown))
  return b.content.content.some(row => typeof row.attrs["row"] === "string" && rows.has(row.attrs["row"]))
}

/** Whether a row, a cell or a caption is the same at two times; what has no id yet is what gets one now. */
function alike(have: Node | undefined, want: Node | undefined): boolean {
  if (have === undefined || want === undefined || have.type !== want.type) return false
  const id = (node: Node): unknown => node.attrs["row"] ?? node.attrs["column"] ?? null
  return id(have) === null || id(have) === id(want)
}

function sizeOf(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.nodeSize, 0)
}

/**
 * Where two contents of one size differ between two offsets. What is the same between differences is not replaced, so
 * that a place in it is still found: a line break written as text is corrected beside the words that came with it.
 */
function differences(
  have: Fragment,
  want: Fragment,
  start: number,
  end: number,
): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = []
  for (let at = start; at < end; at++) {
    if (have.cut(at, at + 1).eq(want.cut(at, at + 1))) continue
    const last = stretches.at(-1)
    if (last?.to === at) last.to = at + 1
    else stretches.push({ from: at, to: at + 1 })
  }
  return stretches
}

/** Sets the marks of a block whose words are right already. */
function patchMarks(tr: Transform, start: number, have: Node, want: Node): void {
  for (let offset = 0; offset < want.content.size; ) {
    const { node: a, offset: startA } = have.childAfter(offset)
    const { node: b, offset: startB } = want.childAfter(offset)
    if (a === null || b === null) return
    const end = Math.min(startA + a.nodeSize, startB + b.nodeSize)
    for (const mark of a.marks) if (!mark.isInSet(b.marks)) tr.removeMark(start + offset, start + end, mark)
    for (const mark of b.marks) if (!mark.isInSet(a.marks)) tr.addMark(start + offset, start + end, mark)
    offset = end
  }
}

function words(block: Node): string {
  return block.textBetween(0, block.content.size)
}

function childrenOf(doc: Node, first: number, count: number): Node[] {
  return doc.content.content.slice(first, first + count)
}

function sameBlocks(a: readonly Node[], b: readonly Node[]): boolean {
  return a.length === b.length && a.every((block, index) => same(block, b[index]))
}

function same(a: Node | undefined, b: Node | undefined): boolean {
  return a !== undefined && b !== undefined && a.eq(b)
}
