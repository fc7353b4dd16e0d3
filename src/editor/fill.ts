// Blocks written into a document that nobody has on a page: an imported file goes the way of everything that is typed,
// through the binding, so that what is stored is what an editor would have stored.
import type { Node } from "prosemirror-model"
import type * as Y from "yjs"
import { Binding, type Host } from "./binding"

/** Puts blocks in the place of an empty text, or behind what is there. One undo step of nobody's: it is a new document's. */
export function fillDocument(doc: Y.Doc, blocks: readonly Node[]): void {
  if (blocks.length === 0) return
  const binding = new Binding(doc, { editable: () => true })
  const host: { -readonly [Key in keyof Host]: Host[Key] } = {
    state: binding.createState([]),
    show(next) {
      host.state = next
    },
  }
  binding.attach(host)
  const { tr } = host.state
  const isEmpty = tr.doc.childCount === 1 && tr.doc.child(0).content.size === 0
  tr.replaceWith(isEmpty ? 0 : tr.doc.content.size, tr.doc.content.size, blocks)
  binding.dispatch(tr)
  binding.destroy()
}
