// "For others": the sealed copies that this device keeps of documents it cannot read. What they are, nobody here can
// say; a person may write down for whom.
import { useState } from "preact/hooks"
import type { App, KeptCopy } from "../app/model"
import { Glyph } from "./Glyph"
import { exactly, moment } from "./phrasing"
import { words } from "./words"

const said = words.keeping

export function KeptCopies({ app, now }: { readonly app: App; readonly now: number }) {
  const copies = app.keeping.copies.value
  return (
    <>
      <p role="status">{said.line(copies.length)}</p>
      <p class="hint kept-why">{said.why}</p>
      <ul class="places kept-copies">
        {copies.map(copy => (
          <Kept key={copy.id} app={app} copy={copy} now={now} />
        ))}
      </ul>
    </>
  )
}

function Kept({ app, copy, now }: { readonly app: App; readonly copy: KeptCopy; readonly now: number }) {
  const [name, setName] = useState(copy.name)
  const shown = copy.name === "" ? said.nameless : copy.name
  return (
    <li>
      <Glyph shape="one" tone="plain" />
      <span class="places-words">
        <span class="places-name">{shown}</span>
        <time class="hint" dateTime={new Date(copy.since).toISOString()} title={exactly(copy.since)}>
          {said.since(moment(copy.since, now))}
        </time>
        <form
          class="kept-name"
          onSubmit={event => {
            event.preventDefault()
            void app.keeping.name(copy.id, name)
          }}
        >
          <label class="field">
            <span>{said.forWhom}</span>
            <input class="input" value={name} onInput={event => setName(event.currentTarget.value)} />
          </label>
          <div class="actions">
            <button type="submit" class="button small" aria-disabled={name.trim() === copy.name}>
              {said.save}
            </button>
            <button
              type="button"
              class="button small"
              aria-label={said.stopOf(shown)}
              onClick={() => void app.keeping.stop(copy.id)}
            >
              {said.stop}
            </button>
          </div>
        </form>
      </span>
    </li>
  )
}
