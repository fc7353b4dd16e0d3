// Searching every document on this device, as one types. It says what it could not look through.
import type { ComponentChildren } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"
import type { App, Hit, Match } from "../app/model"
import { PageBar } from "./PageBar"
import { titleOr, words } from "./words"

export function SearchScreen({ app }: { readonly app: App }) {
  const { found, reading } = app.search
  const { query, hits, total, notHere } = found.value
  const [typed, setTyped] = useState(query)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const ask = (text: string) => {
    setTyped(text)
    app.search.look(text)
  }
  const answered = typed.trim() !== "" && query === typed
  return (
    <div class="home">
      <PageBar app={app} heading={words.search.heading}>
        <search>
          <form
            onSubmit={event => {
              event.preventDefault()
              const [first] = hits
              if (answered && first) void app.open(first.id)
            }}
          >
            <input
              ref={field}
              type="search"
              class="input"
              aria-label={words.search.field}
              placeholder={words.search.example}
              autocomplete="off"
              dir="auto"
              value={typed}
              onInput={event => ask(event.currentTarget.value)}
            />
          </form>
        </search>
      </PageBar>
      <main id="main" class="home-main search-main" tabIndex={-1}>
        <p class="hint" role="status">
          {answered ? outcome(query, hits.length, total) : ""}
        </p>
        {answered && hits.length > 0 ? (
          <ul class="rows">
            {hits.map(hit => (
              <li key={hit.id}>
                <HitLink hit={hit} onOpen={() => void app.open(hit.id)} />
              </li>
            ))}
          </ul>
        ) : null}
        {reading.value > 0 ? <p class="hint">{words.search.reading(reading.value)}</p> : null}
        {answered && reading.value === 0 && notHere > 0 ? (
          <p class="hint">{words.search.notHere(notHere)}</p>
        ) : null}
      </main>
    </div>
  )
}

function outcome(query: string, shown: number, total: number): string {
  if (shown === 0) return words.search.none(query)
  return shown < total ? words.search.first(shown, total) : words.search.found(total)
}

function HitLink({ hit, onOpen }: { readonly hit: Hit; readonly onOpen: () => void }) {
  return (
    <a
      class="row"
      href={`/d/${hit.id}`}
      onClick={event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        onOpen()
      }}
    >
      <span class="row-title" dir="auto">
        {hit.title.trim() === "" ? titleOr("") : marked(hit.title, hit.titleMatches)}
      </span>
      {hit.excerpt === "" ? null : (
        <span class="row-excerpt" dir="auto">
          {marked(hit.excerpt, hit.matches)}
        </span>
      )}
    </a>
  )
}

function marked(text: string, matches: readonly Match[]): ComponentChildren {
  const pieces: ComponentChildren[] = []
  let at = 0
  for (const { from, to } of matches) {
    pieces.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>)
    at = to
  }
  return [...pieces, text.slice(at)]
}
