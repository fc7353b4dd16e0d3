// A thread as a card: what it is about, who said what, and what one may do with it. Beside the text or in the list it
// is the same card; the one that is looked at shows its reply form.
import type { Thread } from "../../content/notes"
import { Icon } from "../Icon"
import { announce } from "../Live"
import { moment } from "../phrasing"
import { words } from "../words"
import { changeWords } from "./change-words"
import { NoteForm } from "./NoteForm"
import { NoteItem } from "./NoteItem"
import type { NotesView } from "./view"
import { writerName } from "./writers"

interface ThreadCardProps {
  readonly thread: Thread
  readonly view: NotesView
  readonly now: () => number
  /** Whether its words are in the text. */
  readonly stands: boolean
  /** Whether it stands beside its words, which then need no quoting. */
  readonly beside: boolean
  /** Carries the suggestion out and marks it; false: it could not be. */
  readonly onAccept: (thread: Thread) => boolean
  /** Gives the focus back to the words. */
  readonly onLeave: () => void
}

export function ThreadCard({ thread, view, now, stands, beside, onAccept, onLeave }: ThreadCardProps) {
  const { notes, active, activate } = view
  const isActive = thread.id === active
  const name = writerName(thread.first.by)
  const label = thread.change === null ? words.notes.by(name) : words.notes.suggestionBy(name)
  const { quote } = thread.anchor
  const gone = quote.trim() === "" ? words.notes.aboutNothing : words.notes.aboutRemoved(quote)
  const about = stands ? words.notes.about(quote) : gone
  const mayResolve = notes.mayComment && thread.change === null && thread.status === "open"
  // A card that goes takes nobody's place with it: one is back at its words.
  const left = (run: () => void) => () => {
    run()
    onLeave()
  }
  const resolve = () => {
    notes.resolve(thread.id, true)
    activate(null)
  }
  const quoted = !stands || (!beside && thread.anchor.quote.trim() !== "" && thread.change === null)
  return (
    <article
      class={`card-note${isActive ? " active" : ""}`}
      data-card={thread.id}
      tabIndex={-1}
      aria-label={thread.anchor.quote.trim() === "" ? label : `${label}. ${about}`}
      aria-current={isActive ? "true" : undefined}
      onFocusIn={() => {
        if (!isActive) activate(thread.id)
      }}
      onClick={() => {
        if (!isActive) activate(thread.id, !beside)
      }}
      onKeyDown={event => {
        if (event.key !== "Escape") return
        event.stopPropagation()
        onLeave()
      }}
    >
      {quoted ? (
        <p class="note-quote" dir="auto">
          {about}
        </p>
      ) : null}
      <NoteItem note={thread.first} notes={notes} now={now} onResolve={mayResolve ? left(resolve) : null}>
        {thread.change === null ? null : (
          <p class="note-change" dir="auto">
            {changeWords(thread)}
          </p>
        )}
      </NoteItem>
      {thread.replies.map(reply => (
        <NoteItem key={reply.id} note={reply} notes={notes} now={now} />
      ))}
      <Decision thread={thread} view={view} now={now} onAccept={onAccept} left={left} />
      {isActive && notes.mayComment ? (
        <NoteForm
          label={words.notes.replyPlaceholder}
          send={words.notes.reply}
          onSend={body => notes.reply(thread.id, body)}
          onCancel={null}
        />
      ) : null}
    </article>
  )
}

/** What became of the thread, and the buttons that say what shall. */
function Decision({
  thread,
  view,
  now,
  onAccept,
  left,
}: Pick<ThreadCardProps, "thread" | "view" | "now" | "onAccept"> & {
  readonly left: (run: () => void) => () => void
}) {
  const { notes } = view
  const { status, decided, change } = thread
  if (status !== "open" && decided !== null) {
    return (
      <p class="note-decided">
        <Icon name="check" size={16} />
        <span>{words.notes[status](writerName(decided.by), moment(decided.at, now()))}</span>
        {status === "resolved" && notes.mayComment ? (
          <button type="button" class="button quiet small" onClick={() => notes.resolve(thread.id, false)}>
            {words.notes.reopen}
          </button>
        ) : null}
      </p>
    )
  }
  if (!notes.mayComment || change === null) return null
  const isMine = thread.first.by.person === notes.person
  return (
    <p class="note-actions">
      {notes.mayDecide ? (
        <button
          type="button"
          class="button primary small"
          onClick={left(() => {
            if (!onAccept(thread)) announce(words.notes.acceptFailed)
          })}
        >
          {words.notes.accept}
        </button>
      ) : null}
      {notes.mayDecide ? (
        <button type="button" class="button small" onClick={left(() => notes.decide(thread.id, false))}>
          {words.notes.reject}
        </button>
      ) : isMine ? (
        <button type="button" class="button small" onClick={left(() => notes.remove(thread.id))}>
          {words.notes.withdraw}
        </button>
      ) : null}
    </p>
  )
}
