// What the document was: its versions by time, each with who wrote in it; the chosen one as a page that marks what became
// different, since the version before or until now; and the way back. It covers the document as long as it is open.
import { useEffect, useRef, useState } from "preact/hooks"
import type { OpenDocument } from "../app/model"
import type { History } from "../app/past"
import { becoming, differences, showComparison } from "../editor/comparing"
import type { Editor } from "./editing"
import { Icon } from "./Icon"
import { announce } from "./Live"
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
type Against = "before" | "now" | "nothing"

export function HistoryScreen({ open, editor, editable, now, onClose }: HistoryScreenProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [reading, setReading] = useState<Reading>({ state: "reading" })
  const [chosen, setChosen] = useState(0)
  const [against, setAgainst] = useState<Against>("before")
  useEffect(() => {
    dialog.current?.showModal()
    open.history().then(
      history => setReading({ state: "read", history }),
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
                    <span class="hint">{said.who(each.people)}</span>
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
  const [same, setSame] = useState(false)
  useEffect(() => {
    if (!page.current) return
    const { content } = history.at(chosen)
    const [shown, old] =
      against === "now"
        ? [editor.view.state.doc, content]
        : [content, against === "before" ? history.before(chosen).content : null]
    setSame(old !== null && differences(old, shown).length === 0)
    return showComparison(page.current, shown, old, label)
  }, [history, chosen, against, editor, label])
  return (
    <div class="history-page" dir="auto">
      {same ? <p class="hint">{said.same}</p> : null}
      <div ref={page} />
    </div>
  )
}
