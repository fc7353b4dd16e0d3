// The list of documents on this device: title, first words, when, and whether it would be missed. Exactly
// the same without a connection.
import { useState } from "preact/hooks"
import type { App, DocumentRow } from "../app/model"
import { useFileDesk } from "./FileDesk"
import { fileWords } from "./file-words"
import { Glyph } from "./Glyph"
import { Icon } from "./Icon"
import { MenuItem, Popover } from "./Popover"
import { exactly, moment } from "./phrasing"
import { AboutSheet, JoinSheet } from "./Sheets"
import { isBlank, standingOfRow } from "./standing"
import { ThemeItems } from "./ThemeItems"
import { titleOr, words } from "./words"

interface HomeScreenProps {
  readonly app: App
  readonly now: () => number
}

export function HomeScreen({ app, now }: HomeScreenProps) {
  const [sheet, setSheet] = useState<"join" | "about" | null>(null)
  const rows = app.rows.value
  const desk = useFileDesk(app)
  return (
    <div class="home" {...desk.zone}>
      <a class="skip" href="#main">
        {words.skipToList}
      </a>
      <header class="home-bar">
        <span class="brand">
          <Glyph shape="bound" size={28} />
          {words.sheaf}
        </span>
        <span class="home-actions">
          <button type="button" class="button" onClick={() => setSheet("join")}>
            <Icon name="join" />
            <span class="long">{words.join}</span>
            <span class="short">{words.joinShort}</span>
          </button>
          {rows.length === 0 ? null : (
            <button type="button" class="button primary" onClick={() => void app.create()}>
              <Icon name="plus" />
              <span class="long">{words.newDocument}</span>
              <span class="short">{words.newShort}</span>
            </button>
          )}
          <Popover label={words.more} buttonClass="button bare" button={<Icon name="more" />} menu>
            {close => (
              <>
                <MenuItem
                  onChoose={() => {
                    close()
                    desk.choose()
                  }}
                >
                  <Icon name="file" />
                  <span class="menu-words">{fileWords.open.menu}</span>
                </MenuItem>
                {rows.length === 0 ? null : (
                  <MenuItem
                    onChoose={() => {
                      close()
                      desk.take()
                    }}
                  >
                    <Icon name="download" />
                    <span class="menu-words">{fileWords.take.menu}</span>
                  </MenuItem>
                )}
                <MenuItem
                  onChoose={() => {
                    close()
                    setSheet("about")
                  }}
                >
                  <Icon name="info" />
                  <span class="menu-words">{words.about.heading}</span>
                </MenuItem>
                <ThemeItems onChosen={close} />
              </>
            )}
          </Popover>
        </span>
      </header>
      <main id="main" class="home-main" tabIndex={-1}>
        {rows.length === 0 ? (
          <Nothing app={app} onAbout={() => setSheet("about")} />
        ) : (
          <>
            <h1>{words.documents}</h1>
            <Summary rows={rows} />
            <ul class="rows">
              {rows.map(row => (
                <Row key={row.id} row={row} now={now()} onOpen={() => void app.open(row.id)} />
              ))}
            </ul>
          </>
        )}
      </main>
      {desk.parts}
      {sheet === "join" ? <JoinSheet onJoin={link => app.join(link)} onClose={() => setSheet(null)} /> : null}
      {sheet === "about" ? <AboutSheet onClose={() => setSheet(null)} /> : null}
    </div>
  )
}

function Summary({ rows }: { readonly rows: readonly DocumentRow[] }) {
  const onlyHere = rows.filter(row => row.places <= 1 && !isBlank(row)).length
  if (onlyHere > 0) return <p class="hint">{words.home.onlyHere(onlyHere)}</p>
  return rows.every(row => row.places >= 3) ? <p class="hint">{words.home.allSafe(rows.length)}</p> : null
}

interface RowProps {
  readonly row: DocumentRow
  readonly now: number
  readonly onOpen: () => void
}

function Row({ row, now, onOpen }: RowProps) {
  return (
    <li>
      {/* A link, so that it can be opened in another window; a plain press stays in this one. */}
      <a
        class="row"
        href={`/d/${row.id}`}
        onClick={event => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
          event.preventDefault()
          onOpen()
        }}
      >
        <span class="row-title" dir="auto">
          {titleOr(row.title)}
        </span>
        <span class="row-snippet" dir="auto">
          {row.snippet === "" ? words.home.noWords : row.snippet}
        </span>
        <span class="row-facts">
          <time dateTime={new Date(row.editedAt).toISOString()} title={exactly(row.editedAt)}>
            {words.home.edited(moment(row.editedAt, now))}
          </time>
          {row.shared ? <span>{words.home.shared}</span> : null}
          {row.right === "view" ? <span>{words.rights.view}</span> : null}
        </span>
        <Standing row={row} />
      </a>
    </li>
  )
}

// Words only where something could be lost; a shape says the rest quietly, with words for those who cannot see it.
function Standing({ row }: { readonly row: DocumentRow }) {
  const { shape, tone, text } = standingOfRow(row)
  const loud = tone === "wait"
  return (
    <span class={loud ? "row-standing tone-wait" : "row-standing"} title={text}>
      <Glyph shape={shape} tone={tone} />
      <span class={loud ? undefined : "unseen"}>{text}</span>
    </span>
  )
}

function Nothing({ app, onAbout }: { readonly app: App; readonly onAbout: () => void }) {
  return (
    <div class="nothing">
      <Glyph shape="one" size={120} />
      <h1>{words.home.empty}</h1>
      <p>{words.home.emptyWhy}</p>
      <div class="actions">
        <button type="button" class="button primary" onClick={() => void app.create()}>
          <Icon name="plus" />
          {words.newDocument}
        </button>
        <button type="button" class="button quiet" onClick={onAbout}>
          {words.about.heading}
        </button>
      </div>
    </div>
  )
}
