// The notes of a document as the screen has them in hand: which one is looked at, which one is being written, what
// the list shows. It tells the editor what to draw and where one is, and decides nothing about the notes themselves.
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks"
import type { DocumentNotes, OpenDocument } from "../../app/model"
import { idOf, type SessionId } from "../../bytes/ids"
import type { Thread } from "../../content/notes"
import type { ShownNote } from "../../editor/notes"
import { type NoteAnchor, type NoteId, noteId } from "../../records/note"
import type { Editor } from "../editing"
import { announce } from "../Live"
import { moment } from "../phrasing"
import { words } from "../words"
import { writerName } from "./writers"

export type Filter = keyof typeof words.notes.filters

/** A note that is being written, and nowhere kept: its anchor is drawn like a comment's. */
export const DRAFT: NoteId = noteId(idOf<SessionId>(new Uint8Array(16)), 0)

export interface NotesView {
  readonly notes: DocumentNotes
  /** All threads in the order of the text; those whose words are gone come last. */
  readonly threads: readonly Thread[]
  readonly active: NoteId | null
  /** Looks at a thread: it is drawn strongest, and its words are scrolled to. */
  readonly activate: (id: NoteId | null, reveal?: boolean) => void
  readonly drafting: NoteAnchor | null
  /** Begins a comment on what is selected; false if nothing is. */
  readonly begin: () => boolean
  readonly finishDraft: (body: string | null) => void
  /** To the next or the one before of the open threads. */
  readonly step: (by: 1 | -1) => void
  readonly listing: boolean
  readonly list: (on: boolean) => void
  readonly filter: Filter
  readonly setFilter: (filter: Filter) => void
}

export function useNotes(open: OpenDocument, editor: Editor | null, now: () => number): NotesView {
  const { notes } = open
  const all = notes.threads.value
  const [active, setActive] = useState<NoteId | null>(null)
  const [drafting, setDrafting] = useState<NoteAnchor | null>(null)
  const [listing, setListing] = useState(false)
  const [filter, setFilter] = useState<Filter>("open")

  useLayoutEffect(() => {
    if (editor === null) return
    const shown = all
      .filter(each => each.status === "open" || each.id === active)
      .map(each => shownNote(each, notes.person, now()))
    const draft = drafting && { id: DRAFT, anchor: drafting, change: null, colour: "", title: "", own: false }
    editor.notes.show(draft ? [...shown, draft] : shown, draft ? DRAFT : active)
  }, [editor, all, active, drafting, notes, now])

  const standing = useStanding(all, editor)
  // Which words stand, and in which order, is what it reads.
  const threads = useMemo(() => inOrderOfText(all, editor), [all, editor, standing])

  const activate = useCallback(
    (id: NoteId | null, reveal = false) => {
      setActive(id)
      if (id !== null && reveal) editor?.notes.reveal(id)
    },
    [editor],
  )

  useEffect(
    () =>
      editor?.notes.onPressed(id => {
        if (id === DRAFT) return
        setActive(id)
        if (id !== null && !matchMedia(WIDE).matches) setListing(true)
      }),
    [editor],
  )

  const begin = useCallback(() => {
    const anchor = notes.mayComment ? (editor?.notes.selected() ?? null) : null
    if (anchor === null) {
      announce(words.notes.selectFirst)
      return false
    }
    setActive(null)
    setDrafting(anchor)
    if (!matchMedia(WIDE).matches) setListing(true)
    return true
  }, [editor, notes])

  const finishDraft = (body: string | null) => {
    setDrafting(null)
    if (body !== null && drafting !== null) setActive(notes.comment(drafting, body))
    else editor?.focus()
  }

  const step = (by: 1 | -1) => {
    const open = inOrderOfText(all, editor).filter(({ status }) => status === "open")
    if (open.length === 0) {
      announce(words.notes.noMore)
      return
    }
    const at = open.findIndex(({ id }) => id === active)
    const next = open[at === -1 && by === -1 ? open.length - 1 : (at + by + open.length) % open.length]
    if (!next) return
    activate(next.id, true)
    if (!matchMedia(WIDE).matches) setListing(true)
    requestAnimationFrame(() => cardOf(next.id)?.focus({ preventScroll: true }))
  }

  return {
    notes,
    threads,
    active,
    activate,
    drafting,
    begin,
    finishDraft,
    step,
    listing,
    list: setListing,
    filter,
    setFilter,
  }
}

/** The ids of the notes that stand in the text, in its order, as one word; told anew only when that changes. */
function useStanding(all: readonly Thread[], editor: Editor | null): string {
  const [standing, setStanding] = useState("")
  useLayoutEffect(() => {
    if (editor === null) return
    const read = () => {
      const placed = inOrderOfText(all, editor).filter(({ id }) => editor.notes.standing(id) !== null)
      setStanding(placed.map(({ id }) => id).join(" "))
    }
    read()
    return editor.notes.onMoved(read)
  }, [all, editor])
  return standing
}

/** From here on there is room for cards beside the text. The styles keep the same width. */
export const WIDE = "(min-width: 68.75rem)"

/** The card of a thread, if it is on the screen. */
export function cardOf(id: NoteId): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.notes [data-card="${CSS.escape(id)}"]`)
}

export function shownNote(
  { id, anchor, change, first, status }: Thread,
  person: string,
  now: number,
): ShownNote {
  const title = change === null ? "" : words.notes.title(writerName(first.by), moment(first.at, now))
  const own = change !== null && status === "open" && first.by.person === person
  return { id, anchor, change, colour: first.by.colour, title, own }
}

function inOrderOfText(all: readonly Thread[], editor: Editor | null): readonly Thread[] {
  const at = new Map(all.map(({ id }) => [id, editor?.notes.standing(id)?.from ?? Number.POSITIVE_INFINITY]))
  return [...all].sort((a, b) => (at.get(a.id) ?? 0) - (at.get(b.id) ?? 0) || a.first.at - b.first.at || 0)
}
