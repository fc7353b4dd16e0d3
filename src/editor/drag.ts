// Moving a block with the mouse: a grip beside it is dragged, and ProseMirror's own dropping puts the block between two
// others. The keys do the same (commands.ts). A table is moved by the keys alone: they move what is beside it, so that
// whoever writes in a cell meanwhile keeps it.
import { Fragment, type Node, Slice } from "prosemirror-model"
import { NodeSelection } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import { hasLastingEmbed } from "./commands"

/** A block that the mouse is over, and where it stands in the page. */
export interface BlockOver {
  readonly start: number
  readonly element: HTMLElement
}

/** The block that an element of the text belongs to; null: none, or one that is not moved by the mouse. */
export function blockOver(view: EditorView, target: EventTarget | null): BlockOver | null {
  if (!(target instanceof Element) || !view.editable) return null
  const element = target.closest<HTMLElement>(".ProseMirror > .section > *")
  if (element === null || !view.dom.contains(element)) return null
  const $place = view.state.doc.resolve(view.posAtDOM(element, 0))
  const start = $place.depth === 0 ? $place.pos : $place.before(1)
  const node = view.state.doc.nodeAt(start)
  return node === null || !isMovable(node) ? null : { start, element }
}

/** Begins the dragging of the block at a position. */
export function dragBlock(view: EditorView, { start, element }: BlockOver, event: DragEvent): void {
  const node = view.state.doc.nodeAt(start)
  if (node === null || event.dataTransfer === null) return
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, start)))
  const slice = new Slice(Fragment.from(node), 0, 0)
  const { dom, text } = view.serializeForClipboard(slice)
  event.dataTransfer.clearData()
  event.dataTransfer.setData("text/html", dom.innerHTML)
  event.dataTransfer.setData("text/plain", text)
  event.dataTransfer.effectAllowed = "copyMove"
  event.dataTransfer.setDragImage(element, 0, 0)
  view.dragging = { slice, move: true }
}

function isMovable(node: Node): boolean {
  return node.type.name !== "table" && !hasLastingEmbed(node)
}
