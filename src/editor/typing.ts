// What Enter, Backspace and Delete mean at the edges of blocks. ProseMirror's own commands reshape trees; here
// there is only a row of blocks, and what matters is which marker goes: the words, and whoever else types in
// them, stay with the marker that opens their block.
import { chainCommands, deleteSelection } from "prosemirror-commands"
import type { Node } from "prosemirror-model"
import { type Command, type EditorState, Plugin, TextSelection } from "prosemirror-state"
import { schema } from "../content/schema"
import { hardBreak, placeParagraph } from "./commands"
import { goOnUnder, selectAfter, selectBefore } from "./picture-keys"

/** Enter: a line in code, out of an empty list item or quote, else the block in two. */
export const enter: Command = chainCommands(goOnUnder, lineInCode, leaveEmpty, split)

/** Backspace at the start of a block: first what makes it special goes, then it joins the block before. */
export const backspace: Command = chainCommands(deleteSelection, selectBefore, unlist, joinBefore)

/** Delete at the end of a block: the next one joins it. */
export const deleteForward: Command = chainCommands(deleteSelection, selectAfter, joinAfter)

/** Words typed at a dividing line begin a paragraph under it, rather than being written across it. */
export function besideDivider(): Plugin {
  return new Plugin({
    props: {
      handleTextInput: (view, _from, _to, text) => {
        const { $from, empty } = view.state.selection
        const line = $from.parent
        if (!empty || line.type.name !== "divider" || line.content.size > 0) return false
        const tr = view.state.tr
        placeParagraph(tr, $from.after(), line)
        view.dispatch(tr.insertText(text).scrollIntoView())
        return true
      },
    },
  })
}

function lineInCode(...[state, dispatch]: Parameters<Command>): boolean {
  const { $from, $to } = state.selection
  const block = $from.parent
  if (!block.type.spec.code || !$to.sameParent($from)) return false
  const [last, before] = [block.lastChild, block.childCount > 1 ? block.child(block.childCount - 2) : null]
  const atEnd = $from.pos === $from.end() && $to.pos === $from.pos
  if (atEnd && last?.type === schema.nodes.hard_break && (before === null || before.type === last.type)) {
    // The second empty line at the end of code: out of it.
    const breaks = before === null ? 1 : 2
    const tr = state.tr.delete($from.pos - breaks, $from.pos)
    placeParagraph(tr, tr.mapping.map($from.after()), block)
    dispatch?.(tr.scrollIntoView())
    return true
  }
  return hardBreak(state, dispatch)
}

function leaveEmpty(...[state, dispatch]: Parameters<Command>): boolean {
  const found = caretBlock(state)
  if (found === null || found.node.content.size > 0) return false
  const { node, start } = found
  const { list, indent } = node.attrs
  const tr = state.tr
  if (list !== null && indent > 0) tr.setNodeMarkup(start, null, { ...node.attrs, indent: indent - 1 })
  else if (list !== null) tr.setNodeMarkup(start, null, { ...node.attrs, list: null, checked: false })
  else if (node.attrs["in"] !== null) tr.setNodeMarkup(start, null, { ...node.attrs, in: null })
  else return false
  dispatch?.(tr.scrollIntoView())
  return true
}

function split(...[state, dispatch]: Parameters<Command>): boolean {
  if (!(state.selection instanceof TextSelection)) return false
  const tr = state.tr
  tr.deleteSelection()
  const $from = tr.selection.$from
  const block = $from.parent
  if (!block.isTextblock || $from.depth > 1) return false
  const atStart = $from.parentOffset === 0
  const atEnd = $from.parentOffset === block.content.size
  const type = block.type.name === "heading" && !atEnd && !atStart ? block.type : schema.nodes.paragraph
  // A new item is not ticked, and keys that are not understood belong to the block that has them.
  const attributes = { ...block.attrs, checked: false, id: null, other: [] }
  if (atStart && !atEnd) {
    // The new empty block comes before this one, which keeps its marker, its tick and whoever types in it.
    tr.insert($from.before(), type.create(attributes))
  } else if (block.type.name === "divider") {
    placeParagraph(tr, $from.after(), block)
  } else {
    tr.split($from.pos, 1, [{ type, attrs: attributes }])
  }
  const marks = state.storedMarks ?? state.selection.$from.marks()
  dispatch?.(tr.ensureMarks(marks).scrollIntoView())
  return true
}

function unlist(...[state, dispatch]: Parameters<Command>): boolean {
  const found = caretBlock(state)
  if (found === null || state.selection.head !== found.start + 1) return false
  const { node, start } = found
  const first = start === 0
  const tr = state.tr
  if (node.attrs["list"] !== null)
    tr.setNodeMarkup(start, null, { ...node.attrs, list: null, checked: false, indent: 0 })
  else if (node.attrs["indent"] > 0)
    tr.setNodeMarkup(start, null, { ...node.attrs, indent: node.attrs["indent"] - 1 })
  else if (node.attrs["in"] !== null) tr.setNodeMarkup(start, null, { ...node.attrs, in: null })
  else if (node.type.name === "code_block" || (first && node.type.name === "heading"))
    tr.setNodeMarkup(start, schema.nodes.paragraph, { ...node.attrs, lang: null })
  else return false
  dispatch?.(tr.scrollIntoView())
  return true
}

function joinBefore(...[state, dispatch]: Parameters<Command>): boolean {
  const found = caretBlock(state)
  if (found === null || state.selection.head !== found.start + 1) return false
  const before = state.doc.childBefore(found.start)
  if (before.node === null) return true // the start of the document: nothing to join, and nothing else to do
  dispatch?.(join(state, before.offset, before.node, found.start, found.node).scrollIntoView())
  return true
}

function joinAfter(...[state, dispatch]: Parameters<Command>): boolean {
  const found = caretBlock(state)
  if (found === null || state.selection.head !== found.start + found.node.nodeSize - 1) return false
  const end = found.start + found.node.nodeSize
  const after = state.doc.childAfter(end)
  if (after.node === null || end === state.doc.content.size) return true
  dispatch?.(join(state, found.start, found.node, end, after.node).scrollIntoView())
  return true
}

/** Of two neighbours, an empty one goes with its marker; else the second block's marker goes. */
function join(state: EditorState, start: number, first: Node, next: number, second: Node) {
  if (first.content.size === 0) return state.tr.delete(start, start + first.nodeSize)
  if (second.content.size === 0 && second.type.name === "divider")
    return state.tr.delete(next, next + second.nodeSize)
  return state.tr.delete(next - 1, next + 1)
}

function caretBlock(state: EditorState): { node: Node; start: number } | null {
  const { $head, empty } = state.selection
  if (!empty || !$head.parent.isTextblock || $head.depth > 1) return null
  return { node: $head.parent, start: $head.before() }
}
