// What keys mean beside a picture. It is never joined to words by accident: a key that would take it away selects it
// first, so that it takes two.
import type { Node } from "prosemirror-model"
import {
  type Command,
  type EditorState,
  NodeSelection,
  TextSelection,
  type Transaction,
} from "prosemirror-state"
import { schema } from "../content/schema"
import { placeParagraph } from "./commands"

/** Backspace at the start of a caption, or of the block under a picture: selects the picture. */
export const selectBefore: Command = (state, dispatch) => {
  const caret = caretIn(state)
  if (caret === null || caret.offset > 0) return false
  if (isPicture(caret.block)) return select(state, caret.start, dispatch)
  const before = state.doc.childBefore(caret.start)
  return isPicture(before.node) ? select(state, before.offset, dispatch) : false
}

/** Delete at the end of the block over a picture selects it; at the end of a caption it does nothing. */
export const selectAfter: Command = (state, dispatch) => {
  const caret = caretIn(state)
  if (caret === null || caret.offset < caret.block.content.size) return false
  if (isPicture(caret.block)) return true
  const end = caret.start + caret.block.nodeSize
  const after = end < state.doc.content.size ? state.doc.childAfter(end) : null
  return after !== null && isPicture(after.node) ? select(state, after.offset, dispatch) : false
}

/** Enter on a selected picture: a paragraph under it. */
export const goOnUnder: Command = (state, dispatch) => {
  const { selection } = state
  if (!(selection instanceof NodeSelection) || !isPicture(selection.node)) return false
  const tr = state.tr
  placeParagraph(tr, selection.to, selection.node)
  dispatch?.(tr.scrollIntoView())
  return true
}

/** Puts a picture under the block at `position`, or in its place if it is an empty paragraph, and the caret under it. */
export function putPicture(tr: Transaction, position: number, picture: Node): Transaction {
  const $at = tr.doc.resolve(position)
  const index = Math.min($at.index(0), tr.doc.childCount - 1)
  const block = tr.doc.child(index)
  const start = $at.posAtIndex(index, 0)
  const end = start + block.nodeSize
  const isFree =
    block.type === schema.nodes.paragraph && block.content.size === 0 && block.attrs["list"] === null
  if (isFree) tr.setNodeMarkup(start, picture.type, { ...picture.attrs, in: block.attrs["in"] })
  else tr.insert(end, picture)
  const under = (isFree ? start : end) + picture.nodeSize
  const next = under < tr.doc.content.size ? tr.doc.childAfter(under).node : null
  // Another picture may follow; words of somebody's are never the place to go on.
  if (next?.type === schema.nodes.paragraph && next.content.size === 0)
    tr.setSelection(TextSelection.create(tr.doc, under + 1))
  else placeParagraph(tr, under, block)
  return tr
}

export function isPicture(node: Node | null): boolean {
  return node?.type === schema.nodes.image
}

function select(state: EditorState, start: number, dispatch: ((tr: Transaction) => void) | undefined): true {
  dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, start)).scrollIntoView())
  return true
}

function caretIn(state: EditorState): { block: Node; start: number; offset: number } | null {
  const { $head, empty } = state.selection
  if (!empty || !$head.parent.isTextblock) return null
  return { block: $head.parent, start: $head.before(), offset: $head.parentOffset }
}
