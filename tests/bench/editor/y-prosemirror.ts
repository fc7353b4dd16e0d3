// The peer: stock y-prosemirror on a Y.XmlFragment, as its README mounts it, stored by y-indexeddb in one row.
import { baseKeymap } from "prosemirror-commands"
import { keymap } from "prosemirror-keymap"
import { EditorState } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import { IndexeddbPersistence, storeState } from "y-indexeddb"
import {
  absolutePositionToRelativePosition,
  initProseMirrorDoc,
  prosemirrorToYXmlFragment,
  redo,
  undo,
  yCursorPlugin,
  ySyncPlugin,
  ySyncPluginKey,
  yUndoPlugin,
} from "y-prosemirror"
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness"
import * as Y from "yjs"
import { documentOf, schema } from "./peer"
import { takeStage } from "./stage"

const NAME = `y-prosemirror-${location.search}`

takeStage({
  async fill(paragraphs) {
    const doc = new Y.Doc()
    prosemirrorToYXmlFragment(documentOf(paragraphs), doc.getXmlFragment("prosemirror"))
    const persistence = new IndexeddbPersistence(NAME, doc)
    await persistence.whenSynced
    await storeState(persistence, true) // it does not say when the first row is kept; of a second one it does
    await persistence.destroy()
  },
  async open(place) {
    const ydoc = new Y.Doc()
    const persistence = new IndexeddbPersistence(NAME, ydoc)
    await persistence.whenSynced
    const type = ydoc.getXmlFragment("prosemirror")
    const awareness = new Awareness(ydoc)
    const { doc, mapping } = initProseMirrorDoc(type, schema)
    const view = new EditorView(place, {
      state: EditorState.create({
        doc,
        schema,
        plugins: [
          ySyncPlugin(type, { mapping }),
          yCursorPlugin(awareness),
          yUndoPlugin(),
          keymap({ "Mod-z": undo, "Mod-y": redo, "Mod-Shift-z": redo }),
          keymap(baseKeymap),
        ],
      }),
    })
    let elsewhere: Y.Doc | null = null
    return {
      view,
      typedElsewhere(block) {
        if (elsewhere === null) {
          elsewhere = new Y.Doc()
          Y.applyUpdate(elsewhere, Y.encodeStateAsUpdate(ydoc))
        }
        const before = Y.encodeStateVector(elsewhere)
        const paragraph = elsewhere.getXmlFragment("prosemirror").get(block)
        const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : null
        if (!(text instanceof Y.XmlText)) throw new Error(`block ${block} has no text`)
        text.insert(0, "y")
        const update = Y.encodeStateAsUpdate(elsewhere, before)
        return () => Y.applyUpdate(ydoc, update, "remote")
      },
      showCarets(count) {
        const { binding } = ySyncPluginKey.getState(view.state)
        for (let i = 0; i < count; i++) {
          const position = 1 + Math.floor((i * view.state.doc.content.size) / count)
          const at = absolutePositionToRelativePosition(position, type, binding.mapping)
          const other = new Awareness(new Y.Doc())
          other.setLocalState({
            user: { name: `Person ${i}`, color: "#3366aa" },
            cursor: { anchor: at, head: at },
          })
          applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other, [other.clientID]), "remote")
          other.destroy()
        }
      },
    }
  },
})
