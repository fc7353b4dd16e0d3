// The editor as others mount it: a place on the page and a document become a text one can write in. It puts
// the binding, the keys, the rules and the drawing together, and tells what a toolbar wants to know. It knows
// nothing of where the document comes from, nor of who the others are.
import { dropCursor } from "prosemirror-dropcursor"
import { gapCursor } from "prosemirror-gapcursor"
import { type EditorState, Plugin, TextSelection } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import type * as Y from "yjs"
import { safeAddress } from "../content/link"
import { schema } from "../content/schema"
import { type Anchor, anchorAt } from "./anchor"
import { Around, focusMode } from "./around"
import { Binding } from "./binding"
import { goToCaret, type RemoteCaret, remoteCarets, setRemoteCarets } from "./carets"
import { drawCells } from "./cells"
import { clipboard } from "./clipboard"
import { Completion } from "./completion"
import { editAcross } from "./delete"
import { drawInSections } from "./drawing"
import { Find } from "./find"
import { keys } from "./keymap"
import { loadMarkdown, markdownPaste } from "./markdown-paste"
import { commandNamed } from "./named"
import { type EditorNotes, NoteDesk } from "./note-desk"
import { outgoing } from "./outgoing"
import { parser } from "./parse"
import { cellClipboard } from "./paste-cells"
import { PictureTaking } from "./picture-taking"
import { drawPicture } from "./picture-view"
import type { PictureOptions } from "./pictures"
import { markdownRules } from "./rules"
import { drawParagraph } from "./tasks"
import { type ToolbarState, toolbarState } from "./toolbar-state"
import { besideDivider } from "./typing"
import "./editor.css"
import "./lists.css"
import "./tables.css"
import "./carets.css"
import "./notes.css"
import "./pictures.css"

/** Where one's own caret is, as plain JSON; it means the same place for everybody who has the same words. */
export interface Caret {
  readonly anchor: Anchor
  readonly head: Anchor
}

export interface EditorOptions {
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
  /** One's own caret moved; null when the text lost the focus. */
  readonly onCaret?: (caret: Caret | null) => void
  readonly onState?: (state: ToolbarState) => void
  /** How pictures are shown and taken in; without it they are frames, and none come in. */
  readonly pictures?: PictureOptions
  /** Text was pasted as the Markdown that it is; `keepPlain` puts the text itself in its place. */
  readonly onFormatted?: (keepPlain: () => void) => void
}

export type Mode = "editing" | "suggesting" | "reading"

export interface Editor {
  readonly view: EditorView
  readonly undoManager: Y.UndoManager
  /** The menus that open while one types; whoever shows them brings a list. */
  readonly completion: Completion
  readonly find: Find
  /** What the panels around the text read and do. */
  readonly around: Around
  readonly notes: EditorNotes
  focus(): void
  setEditable(editable: boolean): void
  /** What typing does: changes the text, suggests changes, or nothing. */
  setMode(mode: Mode): void
  setCarets(carets: readonly RemoteCaret[]): void
  /** Brings the caret of somebody into sight; false: it is nowhere in the text now. */
  goTo(person: string): boolean
  /** Runs a command by its name; false when there is none such, or it cannot be done here. */
  run(command: string, args?: Readonly<Record<string, unknown>>): boolean
  /** Puts pictures from files at the caret. */
  addPictures(files: readonly Blob[]): void
  /** The document as plain words, a line for each block. */
  text(): string
  destroy(): void
}

/** Whether a Yjs transaction is one's own writing in an editor: what may leave the document. */
export { isEditorOrigin } from "./binding"
export type { ToolbarState } from "./toolbar-state"

/** How long after a composition's end its last letters have surely been read. */
const COMPOSED_MS = 60

let mounted = 0

/** Mounts an editor in `place`, which should be empty; `destroy` leaves it empty again. */
export function mountEditor(options: EditorOptions): Editor {
  const { place, doc } = options
  let editable = options.editable
  let mode: Mode = editable ? "editing" : "reading"
  const isWritable = () => mode === "suggesting" || (editable && mode === "editing")
  const binding = new Binding(doc, { editable: () => editable })
  const desk = new NoteDesk(binding)
  const taking = options.pictures ? new PictureTaking(options.pictures, binding.blocks) : null
  const history = {
    undo: () => (desk.suggesting.on ? desk.suggesting.undo() : binding.undo()),
    redo: () => !desk.suggesting.on && binding.redo(),
  }
  const hint = hintElement(place.ownerDocument, options.strings?.hint)
  const apple = /Mac|iP(hone|ad|od)/.test(place.ownerDocument.defaultView?.navigator.platform ?? "")
  const completion = new Completion()
  const find = new Find()
  const around = new Around(binding)
  let toldCaret = "null"
  let toldState = ""

  const tell = (view: EditorView) => {
    const caret = caretOf(view, binding)
    const asJson = JSON.stringify(caret)
    if (asJson !== toldCaret) {
      toldCaret = asJson
      options.onCaret?.(caret)
    }
    const state = {
      ...toolbarState(view.state, binding.undoManager),
      ...(desk.suggesting.on ? { canUndo: desk.suggesting.canUndo, canRedo: false } : {}),
    }
    const described = JSON.stringify({ ...state, marks: [...state.marks] })
    if (described !== toldState) {
      toldState = described
      options.onState?.(state)
    }
  }

  const telling = new Plugin({
    props: {
      handleDOMEvents: {
        focus: view => later(view, tell),
        blur: view => later(view, tell),
        // ProseMirror reads the last of the word a moment after the event.
        compositionend: view => {
          setTimeout(() => {
            if (view.isDestroyed || view.composing) return
            desk.suggesting.composed()
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
  const view = new EditorView(place, {
    state: binding.createState([
      drawInSections(),
      telling,
      desk.suggesting.plugin,
      completion.plugin,
      find.plugin,
      focusMode(),
      ...keys(history, apple),
      markdownRules(),
      besideDivider(),
      ...(taking ? [taking.plugin] : []),
      ...(options.onFormatted
        ? [markdownPaste(loadMarkdown, () => binding.undo(), options.onFormatted)]
        : []),
      editAcross(),
      drawCells(),
      cellClipboard(),
      clipboard(),
      dropCursor({ color: "var(--accent)", width: 2 }),
      gapCursor(),
      remoteCarets(binding.blocks),
      desk.plugin,
    ]),
    editable: isWritable,
    domParser: parser,
    clipboardSerializer: outgoing,
    nodeViews: {
      paragraph: drawParagraph,
      ...(options.pictures ? { image: drawPicture(options.pictures) } : {}),
    },
    dispatchTransaction: tr => {
      if (!desk.suggesting.take(tr)) binding.dispatch(tr)
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
    settled: () => {
      tell(view)
      around.tell()
    },
    composing: () => view.composing,
    ahead: () => selectionAhead(view),
  })
  desk.attach(view)
  around.attach(view)
  place.classList.add("sheaf-editor")
  if (hint !== null) place.append(hint)
  tell(view)

  return {
    view,
    undoManager: binding.undoManager,
    completion,
    find,
    around,
    notes: desk,
    focus: () => view.focus(),
    setEditable(wanted) {
      editable = wanted
      mode = wanted ? "editing" : "reading"
      view.setProps({ editable: isWritable })
    },
    setMode(wanted) {
      mode = wanted
      desk.suggesting.turn(wanted === "suggesting")
      view.setProps({ editable: isWritable })
    },
    setCarets: carets => setRemoteCarets(view, carets),
    goTo: person => goToCaret(view, binding.blocks, person),
    run(name, args = {}) {
      if (!isWritable()) return false
      if (name === "undo") return history.undo()
      if (name === "redo") return history.redo()
      return commandNamed([name, args])?.(view.state, view.dispatch, view) ?? false
    },
    addPictures: files => void taking?.add(view, files),
    text: () => view.state.doc.textBetween(0, view.state.doc.content.size, "\n"),
    destroy() {
      desk.suggesting.tell()
      binding.destroy()
      view.destroy()
      hint?.remove()
      place.classList.remove("sheaf-editor")
    },
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

function caretOf(view: EditorView, binding: Binding): Caret | null {
  if (!view.hasFocus()) return null
  const { doc, selection } = view.state
  return {
    anchor: anchorAt(binding.blocks, doc, selection.anchor),
    head: anchorAt(binding.blocks, doc, selection.head),
  }
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

/** Focus has moved only after its event. */
function later(view: EditorView, tell: (view: EditorView) => void): boolean {
  queueMicrotask(() => {
    if (!view.isDestroyed) tell(view)
  })
  return false
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
