// What a change of the editor would be as a suggestion: stretches of words that go, pieces that come, formats and
// keys that are set. It reads a transaction that is never applied, and says null of what has no such form.
import { type Fragment, type Mark, type Node, Slice } from "prosemirror-model"
import type { Transaction } from "prosemirror-state"
import {
  AddMarkStep,
  AttrStep,
  Mapping,
  RemoveMarkStep,
  ReplaceAroundStep,
  ReplaceStep,
  type Step,
} from "prosemirror-transform"
import { markerKeys } from "../content/marker"
import { formatOf } from "../content/marks"
import type { NoteKeys, NotePiece, NoteValue } from "../records/note"

/** Positions are those of the document before. */
export type SuggestedEdit =
  | {
      readonly kind: "text"
      readonly from: number
      readonly to: number
      readonly pieces: readonly NotePiece[]
    }
  | { readonly kind: "format" | "block"; readonly from: number; readonly to: number; readonly keys: NoteKeys }

/** Null: some of it cannot be suggested. */
export function editsOf(tr: Transaction): SuggestedEdit[] | null {
  const edits: SuggestedEdit[] = []
  for (const [index, step] of tr.steps.entries()) {
    const doc = tr.docs[index]
    const edit = doc && editOf(step, doc)
    if (!edit) return null
    const back = new Mapping(tr.mapping.maps.slice(0, index)).invert()
    edits.push({ ...edit, from: back.map(edit.from, 1), to: back.map(edit.to, -1) })
  }
  return edits.map(edit => ({ ...edit, to: Math.max(edit.from, edit.to) }))
}

function editOf(step: Step, doc: Node): SuggestedEdit | null {
  if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) {
    const on = step instanceof AddMarkStep
    const key = keyOf(step.mark, on)
    return key && { kind: "format", from: step.from, to: step.to, keys: [key] }
  }
  if (step instanceof AttrStep) {
    const node = doc.nodeAt(step.pos)
    const wanted = node?.type.create({ ...node.attrs, [step.attr]: step.value })
    return node && wanted ? turned(node, wanted, step.pos) : null
  }
  if (step instanceof ReplaceAroundStep) {
    const [node, wanted] = [doc.nodeAt(step.from), step.slice.content.firstChild]
    const isMarkup = step.gapFrom === step.from + 1 && step.gapTo === step.to - 1 && step.insert === 1
    return node && wanted && isMarkup ? turned(node, wanted, step.from) : null
  }
  return step instanceof ReplaceStep ? replaced(step, doc) : null
}

function turned(node: Node, wanted: Node, start: number): SuggestedEdit | null {
  const [before, after] = [node, wanted].map(each => markerKeys(each.type.name, each.attrs, false))
  if (!before || !after) return null
  const keys: [string, NoteValue][] = []
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const value = after.get(key)
    if (value !== before.get(key)) keys.push([key, plain(value)])
  }
  if (keys.length === 0) return null
  return { kind: "block", from: start + 1, to: start + node.nodeSize - 1, keys }
}

function replaced({ from, to, slice }: ReplaceStep, doc: Node): SuggestedEdit | null {
  const isBetween = doc.resolve(from).depth === 0
  if (slice.size === 0) {
    // Whole blocks: from the inside of the first to the inside of what follows, or from the end of what precedes.
    const shift = !isBetween ? 0 : to < doc.content.size ? 1 : -1
    return { kind: "text", from: from + shift, to: to + shift, pieces: [] }
  }
  if (!isBetween) {
    const pieces = piecesOf(slice)
    return pieces && { kind: "text", from, to, pieces }
  }
  if (from !== to) return null
  const next = doc.nodeAt(from)
  const only = slice.content.childCount === 1 ? slice.content.firstChild : null
  // An empty line before a block is that block moved down by one.
  if (next && only?.content.size === 0)
    return { kind: "text", from: from + 1, to: from + 1, pieces: [blockPiece(next)] }
  const pieces = piecesOf(slice)
  return pieces && from > 0 ? { kind: "text", from: from - 1, to: from - 1, pieces } : null
}

/** A slice as pieces; an open beginning goes on in the block that is there. Null: it holds what is no text. */
function piecesOf(slice: Slice): NotePiece[] | null {
  const isInline = slice.content.firstChild?.isInline === true
  const { content, openStart } = isInline ? new Slice(slice.content, 0, 0) : slice
  if (isInline) return inlinePieces(content)
  const pieces: NotePiece[] = []
  for (let index = 0; index < content.childCount; index++) {
    const block = content.child(index)
    if (!block.isTextblock) return null
    if (index > 0 || openStart === 0) pieces.push(blockPiece(block))
    const inline = inlinePieces(block.content)
    if (inline === null) return null
    pieces.push(...inline)
  }
  return pieces
}

function inlinePieces(content: Fragment): NotePiece[] | null {
  const pieces: NotePiece[] = []
  for (let index = 0; index < content.childCount; index++) {
    const node = content.child(index)
    const text = node.isText ? (node.text ?? "") : node.type.name === "hard_break" ? "\n" : null
    if (text === null) return null
    const formats = node.marks.flatMap(mark => [keyOf(mark, true)].filter(key => key !== null))
    pieces.push({ kind: "text", text, formats })
  }
  return pieces
}

function blockPiece(block: Node): NotePiece {
  const keys = [...markerKeys(block.type.name, { ...block.attrs, checked: false }, false)]
  return { kind: "block", keys: keys.map(([key, value]) => [key, plain(value)] as const) }
}

function keyOf(mark: Mark, on: boolean): readonly [string, NoteValue] | null {
  const [key, value] = formatOf(mark)
  const said = on ? plain(value) : null
  return on && said === null ? null : [key, said]
}

function plain(value: unknown): NoteValue {
  return value === true || typeof value === "string" || (typeof value === "number" && value >= 0)
    ? value
    : null
}
