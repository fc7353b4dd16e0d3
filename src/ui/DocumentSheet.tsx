// What a document says of itself: the language it is written in, for spelling and for voices, and its direction.

import { useState } from "preact/hooks"
import type { OpenDocument } from "../app/model"
import { VERB } from "../app/verbs"
import { readSettings, writeSettings } from "../content/document"
import { Modal } from "./Modal"
import { words } from "./words"

interface DocumentSheetProps {
  readonly open: OpenDocument
  readonly onClose: () => void
}

/** Languages that are offered; the names come from the browser. */
const LANGUAGES: readonly string[] =
  "ar ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv nb nl pl pt ro ru sk sl sr sv sw th tr uk ur vi zh".split(
    " ",
  )

export function DocumentSheet({ open, onClose }: DocumentSheetProps) {
  const [settings, setSettings] = useState(() => readSettings(open.doc))
  const names = new Intl.DisplayNames(["en"], { type: "language" })
  const change = (next: typeof settings) => {
    setSettings(next)
    writeSettings(open.doc, next, VERB)
  }
  return (
    <Modal heading={words.document.heading} onClose={onClose}>
      <form class="form" onSubmit={event => event.preventDefault()}>
        <label class="field">
          <span>{words.document.language}</span>
          <select
            class="input"
            value={settings.language ?? ""}
            onChange={event => change({ ...settings, language: event.currentTarget.value || null })}
          >
            <option value="">{words.document.unsaid}</option>
            {LANGUAGES.map(code => (
              <option key={code} value={code}>
                {names.of(code) ?? code}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.document.direction}</span>
          <select
            class="input"
            value={settings.direction ?? ""}
            onChange={event => {
              const said = event.currentTarget.value
              change({ ...settings, direction: said === "ltr" || said === "rtl" ? said : null })
            }}
          >
            <option value="">{words.commands.directions.auto}</option>
            <option value="ltr">{words.commands.directions.ltr}</option>
            <option value="rtl">{words.commands.directions.rtl}</option>
          </select>
        </label>
        <p class="hint">{words.document.why}</p>
      </form>
    </Modal>
  )
}
