// What the document was: its versions by time, each with who wrote in it; the chosen one as a page that marks what became
// different, since the version before or until now; and the way back. It covers the document as long as it is open.
import { useEffect, useRef, useState } from "preact/hooks"
import type { Node } from "prosemirror-model"
import type { OpenDocument } from "../app/model"
import type { History } from "../app/past"
import { becoming, showComparison } from "../editor/comparing"
import type { Editor } from "./editing"
import { Icon } from "./Icon"
import { announce } from "./Live"
import { authors } from "./People"
import { exactly, moment } from "./phrasing"
import { words } from "./words"

const said = words.history

interface HistoryScreenProps {
  readonly open: OpenDocument
  readonly editor: Editor
  /** Whether this person may change the text. */
  readonly editable: boolean
  readonly now: () => number
  readonly onClose: () => void
}

type Reading =
  | { readonly state: "reading" | "failed" }
  | { readonly state: "read"; readonly history: History }
type Against = "before" | "now" | "seen" | "nothing"

export function HistoryScreen({ open, editor, editable, now, onClose }: HistoryScreenProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [reading, setReading] = useState<Reading>({ state: "reading" })
  const [chosen, setChosen] = useState(0)
  const [against, setAgainst] = useState<Against>(open.missed.peek() === null ? "before" : "seen")
  useEffect(() => {
    dialog.current?.showModal()
    open.history().then(
      history => {
        setReading({ state: "read", history })
        open.seeAll()
      },
      () => setReading({ state: "failed" }),
    )
  }, [open])
  const history = reading.state === "read" ? reading.history : null
  const restore = () => {
    if (!history) return
    const { view } = editor
    view.dispatch(becoming(view.state.tr, history.at(chosen).content).setMeta("uiEvent", "restore"))
    announce(said.restored)
    dialog.current?.close() // until it is closed nothing beneath it takes the focus
    editor.focus()
  }
  const version = history?.versions[chosen]
  return (
    <dialog ref={dialog} class="history" aria-labelledby="history-heading" onClose={onClose}>
      <header class="history-bar">
        <button type="button" class="button bare" aria-label={said.close} onClick={onClose}>
          <Icon name="back" />
        </button>
        <h2 id="history-heading">{said.heading(open.title.value.trim() || words.untitled)}</h2>
        {version ? (
          <label class="history-against">
            <span>{said.compareWith}</span>
            <select
              class="input"
              value={against}
              onChange={event => setAgainst(event.currentTarget.value as Against)}
            >
              <option value="before">{said.theOneBefore}</option>
              <option value="now">{said.now}</option>
              {history?.seen ? <option value="seen">{said.seen}</option> : null}
              <option value="nothing">{said.nothing}</option>
            </select>
          </label>
        ) : null}
        {version && editable ? (
          <button type="button" class="button primary" title={said.restoreWhy} onClick={restore}>
            {said.restore}
          </button>
        ) : null}
      </header>
      {history === null || version === undefined ? (
        <p class="history-none" role="status">
          {reading.state === "reading" ? said.reading : reading.state === "failed" ? said.failed : said.empty}
        </p>
      ) : (
        <div class="history-body">
          <nav class="history-list" aria-label={said.versions}>
            <ol>
              {history.versions.map((each, index) => (
                <li key={each.key}>
                  <button
                    type="button"
                    class="history-row"
                    aria-current={index === chosen}
                    title={exactly(each.at)}
                    onClick={() => setChosen(index)}
                  >
                    <strong>{moment(each.at, now())}</strong>
                    <span class="hint">{authors(each.people)}</span>
                  </button>
                </li>
              ))}
            </ol>
          </nav>
          <Page
            history={history}
            chosen={chosen}
            against={against}
            editor={editor}
            label={said.shows(moment(version.at, now()))}
          />
        </div>
      )}
    </dialog>
  )
}

interface PageProps {
  readonly history: History
  readonly chosen: number
  readonly against: Against
  readonly editor: Editor
  readonly label: string
}

function Page({ history, chosen, against, editor, label }: PageProps) {
  const page = useRef<HTMLDivElement>(null)
  const [places, setPlaces] = useState<readonly Element[]>([])
  const [place, setPlace] = useState(-1)
  useEffect(() => {
    if (!page.current) return
    const now = editor.view.state.doc
    const [shown, old] = pairOf(history, chosen, against, now)
    const stop = showComparison(page.current, shown, old, label)
    const marks = [...page.current.querySelectorAll("ins, del, .added")]
    setPlaces(marks.filter(each => each.parentElement?.closest("ins, del, .added") === null))
    setPlace(-1)
    return stop
  }, [history, chosen, against, editor, label])
  const step = (by: number) => {
    const next = (place + by + places.length) % places.length
    setPlace(next)
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    places[next]?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" })
    announce(said.place(next + 1, places.length))
  }
  return (
    <div class="history-page" dir="auto">
      {against === "nothing" ? null : (
        <p class="history-steps">
          <span class="hint">
            {places.length === 0
              ? said.same
              : place < 0
                ? said.changes(places.length)
                : said.place(place + 1, places.length)}
          </span>
          {places.length === 0 ? null : (
            <>
              <button type="button" class="button small" onClick={() => step(place < 0 ? places.length : -1)}>
                {said.previous}
              </button>
              <button type="button" class="button small" onClick={() => step(1)}>
                {said.next}
              </button>
            </>
          )}
        </p>
      )}
      <div ref={page} />
    </div>
  )
}

/** What is shown, and against what; null: against nothing. */
function pairOf(
  history: History,
  chosen: number,
  against: Against,
  now: Node,
): [shown: Node, old: Node | null] {
  const { content } = history.at(chosen)
  switch (against) {
    case "now":
      return [now, content]
    case "seen":
      return [now, history.seen?.content ?? content]
    case "before":
      return [content, history.before(chosen).content]
    case "nothing":
      return [content, null]
    default:
      return against satisfies never
  }
}
