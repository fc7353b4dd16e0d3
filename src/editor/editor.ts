// The editor as the screens have it: a bare text (bare.ts) made whole with what is not needed for its first key. Menus,
// notes, the clipboard, others' carets and pictures that come in are put around the view that stands, and what a toolbar
// wants to know is told. It knows nothing of where the document comes from, nor of who the others are.
import { dropCursor } from "prosemirror-dropcursor"
import { gapCursor } from "prosemirror-gapcursor"
import { Plugin } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import type * as Y from "yjs"
import { type Anchor, anchorAt } from "./anchor"
import { Around, focusMode } from "./around"
import { type BareEditor, type BareOptions, type Mode, mountBare } from "./bare"
import type { Binding } from "./binding"
import { goToCaret, type RemoteCaret, remoteCarets, setRemoteCarets } from "./carets"
import { clipboard } from "./clipboard"
import { Completion } from "./completion"
import { Find } from "./find"
import { loadMarkdown, markdownPaste } from "./markdown-paste"
import { commandNamed } from "./named"
import { type EditorNotes, NoteDesk } from "./note-desk"
import { outgoing } from "./outgoing"
import { cellClipboard } from "./paste-cells"
import { PictureTaking } from "./picture-taking"
import { tableCommandNamed } from "./table-commands"
import { type ToolbarState, toolbarState } from "./toolbar-state"

/** Where one's own caret is, as plain JSON; it means the same place for everybody who has the same words. */
export interface Caret {
  readonly anchor: Anchor
  readonly head: Anchor
}

export interface FurnishOptions {
  /** One's own caret moved; null when the text lost the focus. */
  readonly onCaret?: (caret: Caret | null) => void
  readonly onState?: (state: ToolbarState) => void
  /** Text was pasted as the Markdown that it is; `keepPlain` puts the text itself in its place. */
  readonly onFormatted?: (keepPlain: () => void) => void
}

export type EditorOptions = BareOptions & FurnishOptions

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

export type { ToolbarState } from "./toolbar-state"
export type { Mode }

/** Mounts a whole editor in `place`, which should be empty; `destroy` leaves it empty again. */
export function mountEditor(options: EditorOptions): Editor {
  return furnish(mountBare(options), options)
}

/** Makes a bare editor whole. Once; its view and what is in it stay. */
export function furnish(bare: BareEditor, options: FurnishOptions): Editor {
  const { view, binding, history } = bare
  const { pictures } = bare.options
  const desk = new NoteDesk(binding)
  const taking = pictures ? new PictureTaking(pictures, binding.blocks) : null
  const completion = new Completion()
  const find = new Find()
  const around = new Around(binding)
  let toldCaret = "null"
  let toldState = ""

  const tell = () => {
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
  // Focus has moved only after its event.
  const tellSoon = () => {
    queueMicrotask(() => view.isDestroyed || tell())
    return false
  }
  const telling = new Plugin({ props: { handleDOMEvents: { focus: tellSoon, blur: tellSoon } } })

  desk.attach(view)
  around.attach(view)
  bare.furnish({
    first: [telling, desk.suggesting.plugin, completion.plugin, find.plugin, focusMode()],
    last: [
      ...(taking ? [taking.plugin] : []),
      ...(options.onFormatted
        ? [markdownPaste(loadMarkdown, () => binding.undo(), options.onFormatted)]
        : []),
      cellClipboard(),
      clipboard(),
      dropCursor({ color: "var(--accent)", width: 2 }),
      gapCursor(),
      remoteCarets(binding.blocks),
      desk.plugin,
    ],
    suggesting: desk.suggesting,
    serializer: outgoing,
    settled: () => {
      tell()
      around.tell()
    },
  })
  tell()

  return {
    view,
    undoManager: binding.undoManager,
    completion,
    find,
    around,
    notes: desk,
    focus: bare.focus,
    setEditable: bare.setEditable,
    setMode(wanted) {
      desk.suggesting.turn(wanted === "suggesting")
      bare.setMode(wanted)
    },
    setCarets: carets => setRemoteCarets(view, carets),
    goTo: person => goToCaret(view, binding.blocks, person),
    run(name, args = {}) {
      if (!bare.isWritable()) return false
      if (name === "undo") return history.undo()
      if (name === "redo") return history.redo()
      const command = commandNamed([name, args]) ?? tableCommandNamed([name, args])
      return command?.(view.state, view.dispatch, view) ?? false
    },
    addPictures: files => void taking?.add(view, files),
    text: () => view.state.doc.textBetween(0, view.state.doc.content.size, "\n"),
    destroy: bare.destroy,
  }
}

function caretOf(view: EditorView, binding: Binding): Caret | null {
  if (!view.hasFocus()) return null
  const { doc, selection } = view.state
  return {
    anchor: anchorAt(binding.blocks, doc, selection.anchor),
    head: anchorAt(binding.blocks, doc, selection.head),
  }
}
