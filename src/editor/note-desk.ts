// What the screen around an editor may ask of its notes: to show them, where each of them stands on the page, the
// anchor of what is selected, and to carry out a suggestion as an ordinary edit. It is the one thing of the notes
// that is handed out; the plugin behind it is notes.ts.
import { type EditorState, type Plugin, TextSelection } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import type { NoteAnchor, NoteId } from "../records/note"
import type { Binding } from "./binding"
import { ACCEPTING, carriedOut } from "./note-accepting"
import { type NoteRange, noteAnchor } from "./note-places"
import { type NotesState, notes, notesOf, type ShownNote, showNotes } from "./notes"
import { Suggesting, type SuggestionStore } from "./suggesting"

/** Where a note's words are; null: they were removed, or are not here yet. */
export type Standing = NoteRange | null

export interface EditorNotes {
  /** Shows these notes and no others; `active` is the one that is drawn strongest. */
  show(all: readonly ShownNote[], active: NoteId | null): void
  standing(id: NoteId): Standing
  /** The anchor of the selected words; without a selection, of the paragraph. Null: there are no words. */
  selected(): NoteAnchor | null
  /** How far below the top of the text a note begins, in px; null: it stands nowhere. Forces layout. */
  top(id: NoteId): number | null
  /** Scrolls to a note's words. */
  reveal(id: NoteId): void
  /** Puts the caret behind a note's words. */
  enter(id: NoteId): void
  /** From now on suggestions go to `store`; without one nothing can be suggested. */
  suggestTo(store: SuggestionStore): void
  /** Writes what a suggestion suggests into the text. False: its place is gone, or nothing may be written. */
  accept(note: ShownNote): boolean
  /** Called when notes were drawn, moved, or the text around them changed. Returns its undo. */
  onMoved(f: () => void): () => void
  /** Called when somebody presses a note in the text; null: beside them all. */
  onPressed(f: (id: NoteId | null) => void): () => void
}

export class NoteDesk implements EditorNotes {
  readonly plugin: Plugin<NotesState>
  readonly suggesting: Suggesting
  readonly #binding: Binding
  readonly #moved = new Set<() => void>()
  readonly #pressed = new Set<(id: NoteId | null) => void>()
  #view: EditorView | null = null

  constructor(binding: Binding) {
    this.#binding = binding
    this.suggesting = new Suggesting(binding)
    this.plugin = notes({
      blocks: binding.blocks,
      isHeld: () => binding.held !== null,
      onChange: () => {
        for (const f of this.#moved) f()
      },
    })
  }

  attach(view: EditorView): void {
    this.#view = view
    this.suggesting.attach(view)
    view.dom.addEventListener("click", this.#onClick)
  }

  show(all: readonly ShownNote[], active: NoteId | null): void {
    this.#view?.dispatch(showNotes(this.#view.state, this.suggesting.withDraft(all), active))
  }

  standing(id: NoteId): Standing {
    const found = this.#view && notesOf(this.#view.state).found.get(id)
    return typeof found === "object" ? found : null
  }

  selected(): NoteAnchor | null {
    if (!this.#view) return null
    const { doc } = this.#view.state
    const range = rangeToNote(this.#view.state)
    return range && noteAnchor(this.#binding.blocks, doc, range.from, range.to)
  }

  top(id: NoteId): number | null {
    const standing = this.standing(id)
    if (!standing || !this.#view) return null
    const { top } = this.#view.coordsAtPos(standing.from, standing.from < standing.to ? 1 : -1)
    return top - this.#view.dom.getBoundingClientRect().top
  }

  reveal(id: NoteId): void {
    const standing = this.standing(id)
    if (!standing || !this.#view) return
    const { node } = this.#view.domAtPos(standing.from)
    const element = node instanceof Element ? node : node.parentElement
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    element?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" })
  }

  enter(id: NoteId): void {
    const standing = this.standing(id)
    if (!this.#view) return
    if (standing) {
      const { tr } = this.#view.state
      this.#view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(standing.to), -1)))
    }
    this.#view.focus()
  }

  suggestTo(store: SuggestionStore): void {
    this.suggesting.use(store)
  }

  accept(note: ShownNote): boolean {
    this.suggesting.tell()
    const standing = this.standing(note.id)
    if (!this.#view || !standing || note.change === null) return false
    const tr = carriedOut(this.#view.state, note.change, standing)
    if (!tr?.docChanged) return false
    const before = this.#view.state.doc
    this.#view.dispatch(tr.setMeta(ACCEPTING, true))
    return this.#view.state.doc !== before
  }

  onMoved(f: () => void): () => void {
    return listen(this.#moved, f)
  }

  onPressed(f: (id: NoteId | null) => void): () => void {
    return listen(this.#pressed, f)
  }

  // Where notes lie over each other, the innermost is meant; pressing it again where it lies tells the same.
  readonly #onClick = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target.closest("[data-note]") : null
    const id = target?.getAttribute("data-note") ?? null
    for (const f of this.#pressed) f(id as NoteId | null)
  }
}

function listen<T>(listeners: Set<T>, f: T): () => void {
  listeners.add(f)
  return () => listeners.delete(f)
}

function rangeToNote({ doc, selection }: EditorState): NoteRange | null {
  const { from, to, $from } = selection
  if (doc.textBetween(from, to).trim() !== "") return { from, to }
  if (!$from.parent.isTextblock || $from.parent.textContent.trim() === "") return null
  return { from: $from.start(), to: $from.end() }
}
