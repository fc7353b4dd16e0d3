// Suggesting: what one types, deletes and formats becomes suggestions and leaves the text as it is. A change of the
// editor is read, never applied; what it would do is added to the suggestion at the caret, or begins a new one. The
// words that are suggested are drawn at once and told to the store a moment later, as one goes on writing.
import { type EditorState, Plugin, TextSelection, type Transaction } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import { changeBetween } from "../content/words"
import type { NoteAnchor, NoteChange, NoteId, NotePiece } from "../records/note"
import type { Binding } from "./binding"
import { fromText } from "./binding"
import { ACCEPTING } from "./note-accepting"
import { NotePlaces, type NoteRange, noteAnchor } from "./note-places"
import { drawNote, notesOf, type ShownNote } from "./notes"
import { editsOf, type SuggestedEdit } from "./suggested-edits"
import { placeAfter, placeBefore, withoutLast } from "./suggested-words"

/** Where suggestions are kept. */
export interface SuggestionStore {
  suggest(anchor: NoteAnchor, change: NoteChange): NoteId
  revise(note: NoteId, anchor: NoteAnchor, change: NoteChange): void
  remove(note: NoteId): void
  /** Something was done that has no form as a suggestion. */
  refused(): void
  /** One's own colour, by its word. */
  colour(): string
}

/** A suggestion that is being written. */
interface Draft {
  readonly id: NoteId
  readonly anchor: NoteAnchor
  readonly change: NoteChange
}

const TELL_MS = 400
const STEP_MS = 500

export class Suggesting {
  readonly plugin: Plugin
  readonly #binding: Binding
  #view: EditorView | null = null
  #store: SuggestionStore | null = null
  #on = false
  /** What the store has not been told yet. */
  #untold: Draft | null = null
  #timer = 0
  /** What each step of writing changed, for undo: how a suggestion was before; null: there was none. */
  #steps: { readonly id: NoteId; readonly was: Draft | null; readonly at: number }[] = []

  constructor(binding: Binding) {
    this.#binding = binding
    this.plugin = new Plugin({
      props: {
        handleKeyDown: (view, event) => this.#onKeyDown(view, event),
        handleDOMEvents: {
          blur: () => {
            this.tell()
            return false
          },
        },
      },
    })
  }

  get on(): boolean {
    return this.#on && this.#store !== null
  }

  attach(view: EditorView): void {
    this.#view = view
  }

  use(store: SuggestionStore): void {
    this.#store = store
  }

  turn(on: boolean): void {
    this.tell()
    this.#on = on
    this.#steps = []
  }

  /** Takes a change of the editor for a suggestion. False: it is none, and goes on to the text. */
  take(tr: Transaction): boolean {
    const view = this.#view
    if (!this.on || !view || !tr.docChanged) return false
    if (tr.getMeta(fromText) !== undefined || tr.getMeta(ACCEPTING) !== undefined) return false
    if (view.composing) {
      this.#binding.borrow(tr)
      return true
    }
    const edits = editsOf(tr)
    if (edits === null) {
      this.#store?.refused()
      view.updateState(view.state)
    } else {
      const backwards = view.state.selection.empty && view.state.selection.head === edits[0]?.to
      for (const edit of edits) this.#add(edit, backwards)
    }
    return true
  }

  /** An input method has finished its word, which only the editor shows so far. */
  composed(): void {
    const { held } = this.#binding
    const view = this.#view
    if (!held || !view || !this.on) return
    const { $head } = view.state.selection
    const $caret = held.shadow.resolve(held.map($head.pos))
    const { start, removed, inserted } = changeBetween($caret.parent.textContent, $head.parent.textContent)
    this.#binding.release()
    if (removed === 0 && inserted === "") return
    const from = $caret.start() + start
    const pieces: NotePiece[] = inserted === "" ? [] : [{ kind: "text", text: inserted, formats: [] }]
    this.#add({ kind: "text", from, to: from + removed, pieces }, false)
  }

  get canUndo(): boolean {
    return this.#steps.length > 0
  }

  /** Takes back the last step of what was suggested here. False: there is none. */
  undo(): boolean {
    const step = this.#steps.pop()
    if (!step) return false
    if (step.was) this.#write(step.was, null, null)
    else this.#drop(step.id)
    return true
  }

  /** Tells the store what it does not know yet. */
  tell(): void {
    clearTimeout(this.#timer)
    const draft = this.#untold
    this.#untold = null
    if (draft) this.#store?.revise(draft.id, draft.anchor, draft.change)
  }

  /** The notes to be shown, with what is being written as it is now. */
  withDraft(all: readonly ShownNote[]): readonly ShownNote[] {
    const draft = this.#untold
    return draft ? all.map(note => (note.id === draft.id ? { ...note, ...draft } : note)) : all
  }

  #add(edit: SuggestedEdit, backwards: boolean): void {
    const view = this.#view
    if (!view) return
    if (edit.kind !== "text") {
      const { from, to, kind, keys } = edit
      if (from < to) this.#begin({ kind, keys }, { from, to }, null)
      return
    }
    const { from, to, pieces } = edit
    const touched = this.#touched(view.state, edit)
    if (!touched) {
      const caret = pieces.length === 0 && backwards ? from : to
      this.#begin({ kind: "text", pieces }, { from, to }, caret)
      return
    }
    const { draft, place } = touched
    if (draft.change.kind !== "text") return
    const range = { from: Math.min(from, place.from), to: Math.max(to, place.to) }
    const all = [...draft.change.pieces, ...pieces]
    this.#record(draft.id, draft)
    const caret = pieces.length > 0 ? range.to : backwards ? from : to
    this.#put(draft.id, range, joined(all), caret)
  }

  #begin(change: NoteChange, range: NoteRange, caret: number | null): void {
    const view = this.#view
    if (!view || !this.#store) return
    this.tell()
    const anchor = noteAnchor(this.#binding.blocks, view.state.doc, range.from, range.to)
    const tidy: NoteChange = change.kind === "text" ? { kind: "text", pieces: joined(change.pieces) } : change
    const id = this.#store.suggest(anchor, tidy)
    this.#record(id, null)
    this.#draw({ id, anchor, change: tidy }, range, caret)
  }

  #put(id: NoteId, range: NoteRange, pieces: readonly NotePiece[], caret: number): void {
    const view = this.#view
    if (!view) return
    if (range.from === range.to && pieces.length === 0) {
      this.#drop(id)
      return
    }
    const anchor = noteAnchor(this.#binding.blocks, view.state.doc, range.from, range.to)
    this.#write({ id, anchor, change: { kind: "text", pieces } }, range, caret)
  }

  #write(draft: Draft, range: NoteRange | null, caret: number | null): void {
    if (this.#untold?.id !== draft.id) this.tell()
    this.#untold = draft
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.tell(), TELL_MS)
    this.#draw(draft, range, caret)
  }

  #drop(id: NoteId): void {
    if (this.#untold?.id === id) this.#untold = null
    this.#store?.remove(id)
    const view = this.#view
    if (view) view.dispatch(drawNote(view.state, id, null, null))
  }

  #draw(draft: Draft, range: NoteRange | null, caret: number | null): void {
    const view = this.#view
    if (!view) return
    const place = range ?? new NotePlaces(this.#binding.blocks, view.state.doc).find(draft.anchor)
    const known = notesOf(view.state).notes.get(draft.id)
    const note: ShownNote = {
      ...draft,
      colour: this.#store?.colour() ?? "",
      title: known?.title ?? "",
      own: true,
    }
    const tr = drawNote(view.state, draft.id, note, place)
    if (caret !== null) tr.setSelection(TextSelection.near(tr.doc.resolve(caret), -1)).scrollIntoView()
    view.dispatch(tr)
  }

  #record(id: NoteId, was: Draft | null): void {
    const last = this.#steps.at(-1)
    if (last?.id === id && Date.now() - last.at < STEP_MS)
      this.#steps[this.#steps.length - 1] = { ...last, at: Date.now() }
    else this.#steps.push({ id, was, at: Date.now() })
  }

  /** One's own suggestion of words that an edit reaches. */
  #touched(state: EditorState, { from, to }: NoteRange): { draft: Draft; place: NoteRange } | null {
    const { notes, found } = notesOf(state)
    for (const { id, own, change, anchor } of notes.values()) {
      const place = found.get(id)
      if (!own || change?.kind !== "text" || typeof place !== "object") continue
      if (from <= place.to && to >= place.from) return { draft: { id, anchor, change }, place }
    }
    return null
  }

  // The browser would take the drawn words themselves, which are nothing that it may edit.
  #onKeyDown(view: EditorView, event: KeyboardEvent): boolean {
    const isBack = event.key === "Backspace"
    if (!this.on || view.composing || (!isBack && event.key !== "Delete")) return false
    const { selection, doc } = view.state
    if (!selection.empty || !(selection instanceof TextSelection)) return false
    const { head } = selection
    const touched = this.#touched(view.state, { from: head, to: head })
    const byWord = event.ctrlKey || event.altKey || event.metaKey
    if (isBack && touched?.place.to === head && touched.draft.change.kind === "text") {
      const { id, change } = touched.draft
      if (change.pieces.length > 0) {
        this.#record(id, touched.draft)
        this.#put(id, touched.place, withoutLast(change.pieces, byWord), head)
        return true
      }
    }
    // What is struck already is passed over.
    const start =
      touched && touched.place.from < touched.place.to
        ? isBack
          ? touched.place.from
          : touched.place.to
        : head
    const end = isBack ? placeBefore(doc, start, byWord) : placeAfter(doc, start, byWord)
    if (end === start) return true
    this.#add({ kind: "text", from: Math.min(start, end), to: Math.max(start, end), pieces: [] }, isBack)
    return true
  }
}

/** Words that were typed one by one as one stretch. */
function joined(pieces: readonly NotePiece[]): NotePiece[] {
  const all: NotePiece[] = []
  for (const piece of pieces) {
    const last = all.at(-1)
    const same =
      last?.kind === "text" &&
      piece.kind === "text" &&
      JSON.stringify(last.formats) === JSON.stringify(piece.formats)
    if (same) all[all.length - 1] = { ...last, text: last.text + piece.text }
    else all.push(piece)
  }
  return all
}
