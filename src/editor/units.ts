// The stored text counts units: a marker is one, a UTF-16 unit of text is one, an embed is one. The editor
// counts tokens: the opening and the closing of a node are one each. This file is the arithmetic between the
// two, and the reading of a stretch of the editor as pieces of text. It knows nothing of Yjs.
// A table's units are its marker and its caption; what is in its cells is in other texts (write-table.ts).
import type { Fragment, Mark, Node } from "prosemirror-model"

/** A stretch of a document, in units. Runs of text hold any number of units, the others one. */
export type Piece =
  | { readonly kind: "marker"; readonly node: Node }
  | { readonly kind: "text"; readonly text: string; readonly marks: readonly Mark[] }
  | { readonly kind: "embed"; readonly embed: unknown; readonly marks: readonly Mark[] }

/** Where a position of the editor is in the stored text. */
export interface UnitPlace {
  /** Units before it. */
  readonly unit: number
  /** The block it is in, or the block that ends before it; −1: before the first block. */
  readonly block: number
  /** The unit that the marker of that block is. */
  readonly start: number
}

/** What holds the words of a block that are in the stored text: itself, or a table's caption. */
export function wordsOf(block: Node): Node {
  return block.isTextblock ? block : (block.firstChild ?? block)
}

/** How far behind a block's start its words begin. */
export function wordsAt(block: Node): number {
  return block.isTextblock ? 1 : 2
}

/**
 * The place of an editor position; one in a cell of a table is the end of the table.
 * @param lead whether the first block is text before any marker, whose opening is no unit
 */
export function unitAt(doc: Node, position: number, lead: boolean): UnitPlace {
  const { index, offset, node } = doc.childAfter(position)
  let start = offset - index - (lead ? 1 : 0)
  // Every block before this one counts its tokens but one; a table has more of them than units.
  for (let i = 0; i < index; i++) {
    const block = doc.child(i)
    if (!block.isTextblock) start -= block.nodeSize - 2 - wordsOf(block).content.size
  }
  if (position > offset && node !== null) {
    const words = Math.max(0, position - offset - wordsAt(node))
    return { unit: Math.max(0, start + 1 + Math.min(wordsOf(node).content.size, words)), block: index, start }
  }
  const before = index === 0 ? null : doc.child(index - 1)
  const unit = Math.max(0, start)
  return { unit, block: index - 1, start: before === null ? 0 : unit - 1 - wordsOf(before).content.size }
}

/** The position before block `index`; for `childCount`, the end of the document. */
export function startOf(doc: Node, index: number): number {
  let position = 0
  for (let i = 0; i < index; i++) position += doc.child(i).nodeSize
  return position
}

/**
 * The position just after the first `units` units of a row of blocks: inside a block, or before the first for
 * none. Every block has a marker here; the lead's is imagined.
 */
export function positionAfter(blocks: readonly Node[], units: number): number {
  if (units === 0) return 0
  let position = 0
  let left = units - 1
  for (const block of blocks) {
    const { size } = wordsOf(block).content
    if (left <= size) return position + wordsAt(block) + left
    left -= size + 1
    position += block.nodeSize
  }
  throw new Error(`the blocks have fewer than ${units} units`)
}

/** The position before the block whose marker is unit `unit` of the row, or after the last block. */
export function blockStartAt(blocks: readonly Node[], unit: number): number {
  let position = 0
  let left = unit
  for (const block of blocks) {
    if (left <= 0) break
    left -= wordsOf(block).content.size + 1
    position += block.nodeSize
  }
  if (left !== 0) throw new Error(`unit ${unit} of the row is no marker`)
  return position
}

/** How many blocks of the row end with its first `units` units; null: a block would be cut. */
export function edgeAt(blocks: readonly Node[], units: number): number | null {
  let left = units
  for (const [index, block] of blocks.entries()) {
    if (left <= 0) return left === 0 ? index : null
    left -= wordsOf(block).content.size + 1
  }
  return left === 0 ? blocks.length : null
}

/** How many units a row of blocks has, each with a marker. */
export function unitsOf(blocks: readonly Node[]): number {
  return blocks.reduce((sum, block) => sum + 1 + wordsOf(block).content.size, 0)
}

/** The units of a range of positions. A range may begin and end anywhere; closings are no units. */
export function piecesBetween(doc: Node, from: number, to: number): Piece[] {
  const pieces: Piece[] = []
  if (from >= to) return pieces
  let { index, offset: start } = doc.childAfter(from)
  for (; index < doc.childCount && start < to; index++) {
    const block = doc.child(index)
    const { content } = wordsOf(block)
    const first = start + wordsAt(block)
    if (from <= start) pieces.push({ kind: "marker", node: block })
    inlinePieces(content, Math.max(0, from - first), Math.min(content.size, to - first), pieces)
    start += block.nodeSize
  }
  return pieces
}

/** All that stands in a line, as pieces. */
export function piecesIn(content: Fragment): Piece[] {
  const pieces: Piece[] = []
  inlinePieces(content, 0, content.size, pieces)
  return pieces
}

function inlinePieces(content: Fragment, from: number, to: number, into: Piece[]): void {
  if (from >= to) return
  content.nodesBetween(from, to, (node, start) => {
    if (node.isText) {
      const text = (node.text ?? "").slice(Math.max(0, from - start), to - start)
      into.push({ kind: "text", text, marks: node.marks })
    } else if (node.type.name === "hard_break") {
      into.push({ kind: "text", text: "\n", marks: node.marks })
    } else {
      into.push({ kind: "embed", embed: node.attrs["embed"], marks: node.marks })
    }
    return false
  })
}
