// The floor: ProseMirror alone, without Yjs. Its document rests as JSON; somebody else's character is a step.
import { baseKeymap } from "prosemirror-commands"
import { keymap } from "prosemirror-keymap"
import { Node } from "prosemirror-model"
import { EditorState } from "prosemirror-state"
import { Decoration, DecorationSet, EditorView } from "prosemirror-view"
import { keep, kept } from "./bytes"
import { documentOf, schema } from "./peer"
import { takeStage } from "./stage"

const NAME = `prosemirror-${location.search}`

takeStage({
  async fill(paragraphs) {
    const json = JSON.stringify(documentOf(paragraphs).toJSON())
    await keep(NAME, "document", new TextEncoder().encode(json))
  },
  async open(place) {
    const bytes = await kept<Uint8Array>(NAME, "document")
    const doc = Node.fromJSON(schema, JSON.parse(new TextDecoder().decode(bytes)))
    let carets: readonly number[] = []
    const view = new EditorView(place, {
      state: EditorState.create({ doc, plugins: [keymap(baseKeymap)] }),
      decorations: state => DecorationSet.create(state.doc, carets.map(caret)),
    })
    return {
      view,
      typedElsewhere: block => () => {
        let position = 1
        for (let i = 0; i < block; i++) position += view.state.doc.child(i).nodeSize
        view.dispatch(view.state.tr.insertText("y", position))
      },
      showCarets(count) {
        carets = Array.from({ length: count }, (_, i) => 1 + Math.floor((i * doc.content.size) / count))
        view.updateState(view.state)
      },
    }
  },
})

function caret(position: number): Decoration {
  const element = document.createElement("span")
  element.className = "ProseMirror-yjs-cursor"
  return Decoration.widget(position, element, { key: String(position) })
}
