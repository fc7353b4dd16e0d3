// The floor: a page with an empty ProseMirror on it and nothing else. No Yjs, no storage, no words around it.
import { baseKeymap } from "prosemirror-commands"
import { keymap } from "prosemirror-keymap"
import { Schema } from "prosemirror-model"
import { EditorState } from "prosemirror-state"
import { EditorView } from "prosemirror-view"

const schema = new Schema({
  nodes: {
    doc: { content: "paragraph+" },
    paragraph: { content: "text*", toDOM: () => ["p", 0] },
    text: {},
  },
})
const state = EditorState.create({ schema, plugins: [keymap(baseKeymap)] })
new EditorView(document.getElementById("text"), { state }).focus()
