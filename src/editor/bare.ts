// The text by itself: a place on the page and a document become words one can write in. This is all of an editor that
// the first key needs: the binding, the drawing, the keys and their rules. What else it has (menus, notes, pictures that
// come in, the clipboard) is furnished a moment later by editor.ts, around the same view: nothing that was typed
// meanwhile is lost, and what was pasted waits. It knows nothing of where the document comes from, nor of the others.
import type { DOMSerializer } from "prosemirror-model"
import { type EditorState, Plugin, TextSelection } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import type * as Y from "yjs"
import { safeAddress } from "../content/link"
import { schema } from "../content/schema"
import { Binding } from "./binding"
import { drawCells } from "./cells"
import { editAcross } from "./delete"
import { drawInSections } from "./drawing"
import { keys } from "./keymap"
import { parser } from "./parse"
import { drawPicture } from "./picture-view"
import type { PictureOptions } from "./pictures"
import { markdownRules } from "./rules"
import type { Suggesting } from "./suggesting"
import { drawParagraph } from "./tasks"
import { besideDivider } from "./typing"
import "./editor.css"
import "./lists.css"
import "./tables.css"
import "./carets.css"
import "./notes.css"
import "./pictures.css"

export interface BareOptions {
  readonly place: HTMLElement
  readonly doc: Y.Doc
  readonly editable: boolean
  /** What a screen reader calls the text. */
  readonly label: string
  readonly strings?: {
    /** Shown in an empty document. */
    readonly placeholder?: string
    /** How to leave the text and reach the toolbar, for whoever cannot see it. */
    readonly hint?: string
  }
  /** How pictures are shown and taken in; without it they are frames, and none come in. */
  readonly pictures?: PictureOptions
}

export type Mode = "editing" | "suggesting" | "reading"

/** What makes a bare editor whole. */
export interface Furniture {
  /** Asked about a key before the text's own keys. */
  readonly first: readonly Plugin[]
  readonly last: readonly Plugin[]
  readonly suggesting: Suggesting
  /** What leaves by the clipboard. */
  readonly serializer: DOMSerializer
  /** Called when a change has reached the text and the page. */
  settled(): void
}

export interface BareEditor {
  readonly view: EditorView
  readonly binding: Binding
  readonly options: BareOptions
  readonly history: { undo(): boolean; redo(): boolean }
  /** Whether typing does anything now. */
  isWritable(): boolean
  focus(): void
  setEditable(editable: boolean): void
  setMode(mode: Mode): void
  /** Once. */
  furnish(furniture: Furniture): void
  /** Leaves the place empty again. */
  destroy(): void
}

/** How long after a composition's end its last letters have surely been read. */
const COMPOSED_MS = 60

let mounted = 0

/** Mounts the text in `place`, which should be empty; keys are taken when it returns. */
export function mountBare(options: BareOptions): BareEditor {
  const { place, doc } = options
  let editable = options.editable
  let mode: Mode = editable ? "editing" : "reading"
  let furniture: Furniture | null = null
  const isWritable = () => mode === "suggesting" || (editable && mode === "editing")
  const suggesting = () => (furniture?.suggesting.on ? furniture.suggesting : null)
  const binding = new Binding(doc, { editable: () => editable })
  const history = {
    undo: () => suggesting()?.undo() ?? binding.undo(),
    redo: () => suggesting() === null && binding.redo(),
  }
  const hint = hintElement(place.ownerDocument, options.strings?.hint)
  const apple = /Mac|iP(hone|ad|od)/.test(place.ownerDocument.defaultView?.navigator.platform ?? "")
  const early = new EarlyPaste()

  const asking = new Plugin({
    props: {
      handleDOMEvents: {
        paste: (view, event) => furniture === null && early.keep(view, event),
        // ProseMirror reads the last of the word a moment after the event.
        compositionend: view => {
          setTimeout(() => {
            if (view.isDestroyed || view.composing) return
            furniture?.suggesting.composed()
            binding.release()
          }, COMPOSED_MS)
          return false
        },
        // The browser's own undo would put old drawings back and have them read as typing. It comes from menus, from a
        // shaken phone, and from the keys when the focus is beside the text.
        beforeinput: (_view, event) => {
          if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return false
          event.preventDefault()
          if (event.inputType === "historyUndo") history.undo()
          else history.redo()
          return true
        },
        click: (view, event) => followLink(view, event, isWritable()),
      },
      attributes: state => ({
        class: isEmpty(state) ? "is-empty" : "",
        "data-placeholder": options.strings?.placeholder ?? "",
        "aria-label": options.label,
        // While reading it is an ordinary document: in a textbox many screen readers find no headings or links.
        ...(isWritable() ? { role: "textbox", "aria-multiline": "true" } : { role: "document" }),
        ...(hint === null ? {} : { "aria-describedby": hint.id }),
      }),
    },
  })

  // What runs at every key costs what the key changed, however long the document. So a plugin does not walk the
  // document there (no `descendants`, no set of decorations made anew: the old one is mapped and what changed is added),
  // and asks for no coordinates: what is counted or measured waits for a frame or for idle time, and is measured only
  // where it is laid out (carets.ts). In the page a block stands in a section (drawing.ts); `view.nodeDOM` finds it.
  const head = [drawInSections(), asking]
  const typing = [...keys(history, apple), markdownRules(), besideDivider(), editAcross(), drawCells()]
  const view = new EditorView(place, {
    state: binding.createState([...head, ...typing]),
    editable: isWritable,
    domParser: parser,
    nodeViews: {
      paragraph: drawParagraph,
      ...(options.pictures ? { image: drawPicture(options.pictures) } : {}),
    },
    dispatchTransaction: tr => {
      if (!furniture?.suggesting.take(tr)) binding.dispatch(tr)
    },
    // Own commands scroll to the caret; what others do never moves the reader.
    scrollThreshold: 32,
    scrollMargin: 48,
  })
  binding.attach({
    get state() {
      return view.state
    },
    show: state => view.updateState(state),
    settled: () => furniture?.settled(),
    composing: () => view.composing,
    ahead: () => selectionAhead(view),
  })
  place.classList.add("sheaf-editor")
  if (hint !== null) place.append(hint)

  return {
    view,
    binding,
    options,
    history,
    isWritable,
    focus: () => view.focus(),
    setEditable(wanted) {
      editable = wanted
      mode = wanted ? "editing" : "reading"
      view.setProps({ editable: isWritable })
    },
    setMode(wanted) {
      mode = wanted
      view.setProps({ editable: isWritable })
    },
    furnish(brought) {
      furniture = brought
      const plugins = [binding.plugin, ...head, ...brought.first, ...typing, ...brought.last]
      view.setProps({ clipboardSerializer: brought.serializer })
      view.updateState(view.state.reconfigure({ plugins }))
      early.give(view)
    },
    destroy() {
      furniture?.suggesting.tell()
      binding.destroy()
      view.destroy()
      hint?.remove()
      place.classList.remove("sheaf-editor")
    },
  }
}

/** What was pasted before the editor was whole; the last of it, as with any key that is held down. */
class EarlyPaste {
  #data: DataTransfer | null = null

  /** Copies what an event brings, for it is gone when the event is over. */
  keep(view: EditorView, event: ClipboardEvent): boolean {
    if (!view.editable || event.clipboardData === null) return false
    event.preventDefault()
    const data = new DataTransfer()
    for (const type of event.clipboardData.types)
      if (type !== "Files") data.setData(type, event.clipboardData.getData(type))
    for (const file of event.clipboardData.files) data.items.add(file)
    this.#data = data
    return true
  }

  give(view: EditorView): void {
    const clipboardData = this.#data
    this.#data = null
    if (clipboardData === null) return
    view.dom.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
  }
}

/** Where the browser's selection is, as positions of the state's document; null if the state has it so. */
function selectionAhead(view: EditorView): { anchor: number; head: number } | null {
  const found = view.dom.ownerDocument.getSelection()
  if (!found?.anchorNode || !found.focusNode || !view.hasFocus() || view.composing) return null
  if (!view.dom.contains(found.anchorNode) || !view.dom.contains(found.focusNode)) return null
  const { selection, doc } = view.state
  if (!(selection instanceof TextSelection)) return null
  const anchor = view.posAtDOM(found.anchorNode, found.anchorOffset)
  const head = view.posAtDOM(found.focusNode, found.focusOffset)
  const known = anchor === selection.anchor && head === selection.head
  return known || Math.max(anchor, head) > doc.content.size ? null : { anchor, head }
}

function isEmpty(state: EditorState): boolean {
  const { doc } = state
  const first = doc.child(0)
  return (
    doc.childCount === 1 &&
    first.content.size === 0 &&
    first.type === schema.nodes.paragraph &&
    first.attrs["list"] === null
  )
}

/** A click on a link places the caret while writing, and follows it while reading or with the Mod key. */
function followLink(view: EditorView, event: MouseEvent, editable: boolean): boolean {
  const target = event.target
  const anchor = target instanceof Element ? target.closest("a[href]") : null
  if (anchor === null) return false
  event.preventDefault()
  const href = safeAddress(anchor.getAttribute("href"))
  if (href === null || (editable && !event.ctrlKey && !event.metaKey)) return false
  view.dom.ownerDocument.defaultView?.open(href, "_blank", "noopener,noreferrer")
  return true
}

function hintElement(page: Document, hint: string | undefined): HTMLElement | null {
  if (hint === undefined || hint === "") return null
  mounted++
  const element = page.createElement("p")
  element.id = `editor-hint-${mounted}`
  element.hidden = true
  element.textContent = hint
  return element
}
