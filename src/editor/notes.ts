// Notes in the editor: the words that a comment is about are marked, a suggestion is drawn where it would change the
// text, and each note's place is known at any time. One's own edits carry places along; edits that come from the
// text are looked up again, in the blocks that they touched. Nothing here writes: notes are no part of the document.
import type { Node } from "prosemirror-model"
import { type EditorState, Plugin, PluginKey, type Transaction } from "prosemirror-state"
import { DecorationSet } from "prosemirror-view"
import type { NoteAnchor, NoteChange, NoteId } from "../records/note"
import { fromText } from "./binding"
import { decorationsOf } from "./note-drawing"
import { type Found, NotePlaces, type NoteRange } from "./note-places"
import type { KnownBlocks } from "./redraw"

/** A note as the editor needs it; `colour` is a word, and believed only if it is one of the eight. */
export interface ShownNote {
  readonly id: NoteId
  readonly anchor: NoteAnchor
  /** Null: a comment. */
  readonly change: NoteChange | null
  readonly colour: string
  /** Who suggests it and when, for whoever points at it. */
  readonly title: string
  /** A suggestion of one's own, which goes on growing where one writes on. */
  readonly own: boolean
}

/** What the editor knows of its notes. */
export interface NotesState {
  readonly notes: ReadonlyMap<NoteId, ShownNote>
  readonly found: ReadonlyMap<NoteId, Found>
  readonly active: NoteId | null
  /** Places that were only carried along: the text has not been asked yet. */
  readonly stale: ReadonlySet<NoteId>
  readonly drawn: DecorationSet
}

type Order =
  | { readonly do: "show"; readonly notes: readonly ShownNote[]; readonly active: NoteId | null }
  /** One note as it is now, at a place that is known; null: it is gone. */
  | {
      readonly do: "draw"
      readonly id: NoteId
      readonly note: ShownNote | null
      readonly place: Found | null
    }
  /** Text and editor agree again: looks up what is stale. */
  | { readonly do: "look" }

const key = new PluginKey<NotesState>("notes")
const NOTHING: NotesState = {
  notes: new Map(),
  found: new Map(),
  active: null,
  stale: new Set(),
  drawn: DecorationSet.empty,
}

export interface NotesOptions {
  readonly blocks: KnownBlocks
  /** Whether the editor shows something else than the text for a moment: then nothing can be looked up. */
  readonly isHeld: () => boolean
  /** Notes or their places have changed. */
  readonly onChange: () => void
}

export function notes({ blocks, isHeld, onChange }: NotesOptions): Plugin<NotesState> {
  return new Plugin<NotesState>({
    key,
    state: {
      init: () => NOTHING,
      apply: (tr, was) => {
        const order = tr.getMeta(key) as Order | undefined
        let state = tr.docChanged ? carried(was, tr) : was
        if (order?.do === "show") state = shown(state, order, tr.doc, blocks)
        if (order?.do === "draw") state = drawn(state, order, tr.doc)
        const agree = order !== undefined || tr.getMeta(fromText) !== undefined
        return agree && !isHeld() ? looked(state, tr.doc, blocks) : state
      },
    },
    props: { decorations: state => key.getState(state)?.drawn },
    view: () => ({
      update: (view, before) => {
        const [state, old] = [key.getState(view.state), key.getState(before)]
        if (state !== old || view.state.doc !== before.doc) onChange()
        if (!state || state.stale.size === 0 || state.stale === old?.stale) return
        // One's own edit: the binding writes it into the text only after it was shown.
        queueMicrotask(() => {
          if (!view.isDestroyed && !isHeld()) view.dispatch(look(view.state))
        })
      },
    }),
  })
}

export function notesOf(state: EditorState): NotesState {
  return key.getState(state) ?? NOTHING
}

/** A transaction that shows these notes and no others. */
export function showNotes(state: EditorState, all: readonly ShownNote[], active: NoteId | null): Transaction {
  const order: Order = { do: "show", notes: all, active }
  return state.tr.setMeta(key, order)
}

/** A transaction that draws one note as it is now; null takes it away. */
export function drawNote(
  state: EditorState,
  id: NoteId,
  note: ShownNote | null,
  place: Found | null,
): Transaction {
  const order: Order = { do: "draw", id, note, place }
  return state.tr.setMeta(key, order)
}

/** A transaction that looks up what an edit left uncertain. */
export function look(state: EditorState): Transaction {
  const order: Order = { do: "look" }
  return state.tr.setMeta(key, order)
}

function carried(was: NotesState, tr: Transaction): NotesState {
  if (was.notes.size === 0) return was
  const touched = touchedBlocks(tr)
  const found = new Map<NoteId, Found>()
  const stale = new Set(was.stale)
  for (const [id, place] of was.found) {
    if (typeof place === "string") {
      found.set(id, place)
      stale.add(id)
      continue
    }
    const from = tr.mapping.map(place.from, 1)
    const to = Math.max(tr.mapping.map(place.to, -1), place.from === place.to ? 0 : from)
    const now = place.from === place.to ? { from: to, to } : { from, to }
    found.set(id, now)
    // Also next to a block that changed: what was deleted between two blocks may have gone from one to the other.
    if (touched.some(range => now.from <= range.to + 1 && now.to + 1 >= range.from)) stale.add(id)
  }
  return { ...was, found, stale, drawn: was.drawn.map(tr.mapping, tr.doc) }
}

/** The blocks that a transaction changed, as ranges of the document after it. */
function touchedBlocks(tr: Transaction): NoteRange[] {
  const ranges: NoteRange[] = []
  tr.mapping.maps.forEach((map, index) => {
    const rest = tr.mapping.slice(index + 1)
    map.forEach((_from, _to, newFrom, newTo) => {
      const [from, to] = [rest.map(newFrom, -1), rest.map(newTo, 1)]
      const [first, last] = [tr.doc.resolve(from), tr.doc.resolve(to)]
      ranges.push({ from: first.depth > 0 ? first.before(1) : from, to: last.depth > 0 ? last.after(1) : to })
    })
  })
  return ranges
}

function shown(
  was: NotesState,
  { notes: all, active }: Order & { do: "show" },
  doc: Node,
  blocks: KnownBlocks,
) {
  const places = new NotePlaces(blocks, doc)
  const byId = new Map(all.map(note => [note.id, note]))
  const found = new Map<NoteId, Found>()
  const redrawn = new Set<NoteId>()
  for (const note of all) {
    const before = was.notes.get(note.id)
    const known = before?.anchor === note.anchor ? was.found.get(note.id) : undefined
    found.set(note.id, known ?? places.find(note.anchor))
    const isActive = note.id === active
    if (known === undefined || before !== note || isActive !== (note.id === was.active)) redrawn.add(note.id)
  }
  for (const id of was.notes.keys()) if (!byId.has(id)) redrawn.add(id)
  const stale = new Set([...was.stale].filter(id => byId.has(id)))
  return redraw({ notes: byId, found, active, stale, drawn: was.drawn }, redrawn, doc)
}

function drawn(was: NotesState, { id, note, place }: Order & { do: "draw" }, doc: Node): NotesState {
  const all = new Map(was.notes)
  const found = new Map(was.found)
  if (note) all.set(id, note)
  else all.delete(id)
  if (note && place) found.set(id, place)
  else found.delete(id)
  return redraw({ ...was, notes: all, found }, new Set([id]), doc)
}

function looked(was: NotesState, doc: Node, blocks: KnownBlocks): NotesState {
  if (was.stale.size === 0) return was
  const places = new NotePlaces(blocks, doc)
  const found = new Map(was.found)
  for (const id of was.stale) {
    const note = was.notes.get(id)
    if (note) found.set(id, places.find(note.anchor))
  }
  return redraw({ ...was, found, stale: new Set() }, was.stale, doc)
}

function redraw(state: NotesState, ids: ReadonlySet<NoteId>, doc: Node): NotesState {
  if (ids.size === 0) return state
  const old = state.drawn.find(undefined, undefined, spec => ids.has(spec["note"]))
  const fresh = [...ids].flatMap(id => {
    const [note, place] = [state.notes.get(id), state.found.get(id)]
    return note && typeof place === "object" ? decorationsOf(note, place, doc, id === state.active) : []
  })
  return { ...state, drawn: state.drawn.remove(old).add(doc, fresh) }
}
