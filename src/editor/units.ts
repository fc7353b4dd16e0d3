// The stored text counts units: a marker is one, a UTF-16 unit of text is one, an embed is one. The editor
// counts tokens: the opening and the closing of a block are one each. This file is the arithmetic between the
// two, and the reading of a stretch of the editor as pieces of text. It knows nothing of Yjs.
import type { Mark, Node } from "prosemirror-model"

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

/**
 * The place of an editor position.
 * @param lead whether the first block is text before any marker, whose opening is no unit
 */
export function unitAt(doc: Node, position: number, lead: boolean): UnitPlace {
  const { index, offset } = doc.childAfter(position)
  const unit = Math.max(0, position - index - (lead ? 1 : 0))
  if (position > offset) return { unit, block: index, start: unit - (position - offset) }
  const before = index === 0 ? null : doc.child(index - 1)
  return { unit, block: index - 1, start: before === null ? 0 : unit - 1 - before.content.size }
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
    if (left <= block.content.size) return position + 1 + left
    left -= block.content.size + 1
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
    left -= block.content.size + 1
    position += block.nodeSize
  }
  if (left !== 0) throw new Error(`unit ${unit} of the row is no marker`)
  return position
}

/** How many units a row of blocks has, each with a marker. */
export function unitsOf(blocks: readonly Node[]): number {
  return blocks.reduce((sum, block) => sum + 1 + block.content.size, 0)
}

/** The units of a range of positions. A range may begin and end anywhere; closings are no units. */
export function piecesBetween(doc: Node, from: number, to: number): Piece[] {
  const pieces: Piece[] = []
  if (from >= to) return pieces
  let { index, offset: start } = doc.childAfter(from)
  for (; index < doc.childCount && start < to; index++) {
    const block = doc.child(index)
    if (from <= start) pieces.push({ kind: "marker", node: block })
    inlinePieces(block, Math.max(0, from - start - 1), Math.min(block.content.size, to - start - 1), pieces)
    start += block.nodeSize
  }
  return pieces
}

function inlinePieces(block: Node, from: number, to: number, into: Piece[]): void {
  if (from >= to) return
  block.content.nodesBetween(from, to, (node, start) => {
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
