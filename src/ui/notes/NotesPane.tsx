// Where comments stand: beside their words where there is room, else in a list at the side, which on a phone is a
// sheet at the foot that leaves the words in sight. The list also shows what was resolved, and decides several
// suggestions at once.
import { useEffect, useRef, useState } from "preact/hooks"
import type { Thread } from "../../content/notes"
import type { Editor } from "../editing"
import { Icon } from "../Icon"
import { announce } from "../Live"
import { MenuItem, Popover } from "../Popover"
import { words } from "../words"
import { useAligned } from "./margin"
import { NoteForm } from "./NoteForm"
import { ThreadCard } from "./ThreadCard"
import { DRAFT, type Filter, type NotesView, shownNote, WIDE } from "./view"
import { writerName } from "./writers"

interface NotesPaneProps {
  readonly view: NotesView
  readonly editor: Editor | null
  readonly now: () => number
}

/** Cards beside the text: a column of the canvas. Nothing where there is no room, or nothing to show. */
export function NotesMargin(props: NotesPaneProps) {
  const { view, editor } = props
  const wide = useWide()
  const column = useRef<HTMLElement>(null)
  const shown = view.threads.filter(({ status, id }) => status === "open" || id === view.active)
  const isShown = wide && !view.listing && (shown.length > 0 || view.drafting !== null)
  const ids = shown.map(({ id }) => id)
  const all = view.drafting ? [...ids, DRAFT] : ids
  useAligned(column, isShown ? editor : null, all, view.drafting ? DRAFT : view.active)
  if (!isShown) return null
  return (
    <aside ref={column} id="comments" class="notes notes-margin" aria-label={words.notes.heading}>
      <h2 class="unseen">{words.notes.heading}</h2>
      <Cards {...props} shown={shown} beside />
    </aside>
  )
}

/** The list of comments, when it is asked for. */
export function NotesPanel(props: NotesPaneProps) {
  const { view } = props
  const panel = useRef<HTMLElement>(null)
  const { listing, drafting } = view
  useEffect(() => {
    if (listing && drafting === null) panel.current?.focus()
  }, [listing, drafting])
  if (!listing) return null
  const shown = view.threads.filter(thread => thread.id === view.active || passes(thread, view.filter))
  const close = () => {
    view.list(false)
    view.activate(null)
    props.editor?.focus()
  }
  return (
    <aside
      ref={panel}
      id="comments"
      class="notes notes-panel"
      tabIndex={-1}
      aria-label={words.notes.heading}
      onKeyDown={event => {
        if (event.key === "Escape" && !event.defaultPrevented) close()
      }}
    >
      <div class="panel-head">
        <h2>{words.notes.heading}</h2>
        <button type="button" class="button bare" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
        <label class="panel-filter">
          <span class="unseen">{words.notes.filter}</span>
          <select
            class="input"
            value={view.filter}
            onChange={event => view.setFilter(event.currentTarget.value as Filter)}
          >
            {(Object.keys(words.notes.filters) as Filter[]).map(each => (
              <option key={each} value={each}>
                {words.notes.filters[each]}
              </option>
            ))}
          </select>
        </label>
        <DecideSeveral {...props} />
        {view.notes.mayComment ? (
          <button
            type="button"
            class="button small"
            onMouseDown={event => event.preventDefault()}
            onClick={() => view.begin()}
          >
            {words.notes.comment}
          </button>
        ) : null}
      </div>
      <div class="panel-cards">
        <Cards {...props} shown={shown} beside={false} />
        {shown.length === 0 && view.drafting === null ? <Empty view={view} /> : null}
      </div>
    </aside>
  )
}

function Empty({ view }: { readonly view: NotesView }) {
  const isNew = view.threads.length === 0
  return (
    <div class="notes-empty">
      <p>{isNew ? words.notes.empty : words.notes.none}</p>
      {isNew ? (
        <p class="hint">{view.notes.mayComment ? words.notes.emptyWhy : words.notes.emptyReader}</p>
      ) : null}
    </div>
  )
}

interface CardsProps extends NotesPaneProps {
  readonly shown: readonly Thread[]
  readonly beside: boolean
}

function Cards({ view, editor, now, shown, beside }: CardsProps) {
  const draftAt = view.drafting === null ? -1 : placeOfDraft(shown, editor)
  const draft = (
    <article key={DRAFT} class="card-note active" data-card={DRAFT} aria-label={words.notes.aboutNew}>
      <p class="note-quote" dir="auto">
        {words.notes.about(view.drafting?.quote ?? "")}
      </p>
      <NoteForm
        label={words.notes.placeholder}
        send={words.notes.comment}
        focus
        onSend={body => view.finishDraft(body)}
        onCancel={() => view.finishDraft(null)}
      />
    </article>
  )
  return (
    <>
      {shown.flatMap((thread, index) => [
        ...(index === draftAt ? [draft] : []),
        <ThreadCard
          key={thread.id}
          thread={thread}
          view={view}
          now={now}
          beside={beside}
          stands={editor?.notes.standing(thread.id) != null || thread.status !== "open"}
          onAccept={accepted => accept(accepted, view, editor, now)}
          onLeave={() => editor?.notes.enter(thread.id)}
        />,
      ])}
      {draftAt >= shown.length ? draft : null}
    </>
  )
}

function placeOfDraft(shown: readonly Thread[], editor: Editor | null): number {
  const from = editor?.notes.standing(DRAFT)?.from ?? 0
  const at = shown.findIndex(
    ({ id }) => (editor?.notes.standing(id)?.from ?? Number.POSITIVE_INFINITY) > from,
  )
  return at === -1 ? shown.length : at
}

function accept(thread: Thread, { notes }: NotesView, editor: Editor | null, now: () => number): boolean {
  if (editor === null || !editor.notes.accept(shownNote(thread, notes.person, now()))) return false
  notes.decide(thread.id, true)
  return true
}

/** All suggestions at once, or all of one person; from the end, so that none moves what comes before it. */
function DecideSeveral({ view, editor, now }: NotesPaneProps) {
  const open = view.threads.filter(({ change, status }) => change !== null && status === "open")
  if (!view.notes.mayDecide || open.length === 0) return null
  const decide = (some: readonly Thread[], yes: boolean) => {
    let failed = false
    for (const thread of some.toReversed()) {
      if (!yes) view.notes.decide(thread.id, false)
      else if (!accept(thread, view, editor, now)) failed = true
    }
    if (failed) announce(words.notes.acceptFailed)
  }
  const writers = [...new Map(open.map(({ first }) => [first.by.person, first.by])).values()]
  return (
    <Popover label={words.notes.decideAll} buttonClass="button bare" button={<Icon name="select" />} menu>
      {close => {
        const item = (label: string, some: readonly Thread[], yes: boolean) => (
          <MenuItem
            key={label}
            onChoose={() => {
              close()
              decide(some, yes)
            }}
          >
            <span class="menu-words">{label}</span>
          </MenuItem>
        )
        return (
          <>
            {item(words.notes.acceptAll, open, true)}
            {item(words.notes.rejectAll, open, false)}
            {writers.map(writer => {
              const theirs = open.filter(({ first }) => first.by.person === writer.person)
              const name = writerName(writer)
              return (
                <>
                  {item(words.notes.acceptAllOf(name), theirs, true)}
                  {item(words.notes.rejectAllOf(name), theirs, false)}
                </>
              )
            })}
          </>
        )
      }}
    </Popover>
  )
}

function passes({ status, change }: Thread, filter: Filter): boolean {
  switch (filter) {
    case "open":
      return status === "open"
    case "suggestions":
      return change !== null && status === "open"
    case "done":
      return status !== "open"
    case "all":
      return true
    default:
      return filter satisfies never
  }
}

function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches)
  useEffect(() => {
    const query = matchMedia(WIDE)
    const onChange = () => setWide(query.matches)
    query.addEventListener("change", onChange)
    return () => query.removeEventListener("change", onChange)
  }, [])
  return wide
}
