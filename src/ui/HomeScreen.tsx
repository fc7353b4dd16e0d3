// The list of documents on this device: views of it at the side, each row with its title, first words, when, and
// whether it would be missed. Exactly the same without a connection.
import { useState } from "preact/hooks"
import type { App, DocumentRow } from "../app/model"
import { FolderSheet, RemoveSheet } from "./ArrangeSheets"
import { useFileDesk } from "./FileDesk"
import { Glyph } from "./Glyph"
import { HomeBar } from "./HomeBar"
import { HomeRail, nameOfView } from "./HomeRail"
import { Icon } from "./Icon"
import { useLoaded } from "./lazy"
import { ALL, foldersOf, isBlank, isEnough, isOnlyHere, listed, type Order, type View } from "./listing"
import { MenuItem, Popover } from "./Popover"
import { type RowDeeds, Rows } from "./Rows"
import { AboutSheet, JoinSheet } from "./Sheets"
import { words } from "./words"

interface HomeScreenProps {
  readonly app: App
  readonly now: () => number
}

type HomeSheet =
  | { readonly is: "join" | "about" | "templates" }
  | { readonly is: "move" | "remove"; readonly ids: readonly string[] }

export function HomeScreen({ app, now }: HomeScreenProps) {
  const [sheet, setSheet] = useState<HomeSheet | null>(null)
  const rows = app.rows.value
  const desk = useFileDesk(app)
  return (
    <div class="home" {...desk.zone}>
      <a class="skip" href="#main">
        {words.skipToList}
      </a>
      <HomeBar app={app} desk={desk} onSheet={is => setSheet({ is })} />
      {rows.length === 0 ? (
        <main id="main" class="home-main" tabIndex={-1}>
          <Nothing app={app} onAbout={() => setSheet({ is: "about" })} />
        </main>
      ) : (
        <Documents app={app} now={now} onSheet={setSheet} />
      )}
      {desk.parts}
      <HomeSheets app={app} sheet={sheet} onClose={() => setSheet(null)} />
    </div>
  )
}

interface DocumentsProps {
  readonly app: App
  readonly now: () => number
  readonly onSheet: (sheet: HomeSheet) => void
}

function Documents({ app, now, onSheet }: DocumentsProps) {
  const [view, setView] = useState<View>(ALL)
  const [order, setOrder] = useState<Order>("edited")
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null)
  const rows = app.rows.value
  const shown = listed(rows, view, order)
  const { arranging } = app
  const done = () => setSelected(null)
  const deeds: RowDeeds = {
    pin: (ids, pinned) => void arranging.pin(ids, pinned).then(done),
    move: ids => onSheet({ is: "move", ids }),
    trash: ids => void arranging.trash(ids).then(done),
    restore: ids => void arranging.restore(ids).then(done),
    remove: ids => onSheet({ is: "remove", ids }),
  }
  const look = (next: View) => {
    setView(next)
    done()
  }
  return (
    <div class="home-columns">
      <HomeRail
        view={view}
        folders={foldersOf(rows)}
        hasTrash={rows.some(row => row.trashedAt !== null)}
        onView={look}
      />
      <main id="main" class="home-main" tabIndex={-1}>
        <div class="home-head">
          <h1 dir="auto">{nameOfView(view)}</h1>
          {shown.length === 0 ? null : (
            <ListTools
              order={view.of === "trash" ? null : order}
              selecting={selected !== null}
              onOrder={setOrder}
              onSelecting={selecting => setSelected(selecting ? new Set() : null)}
            />
          )}
        </div>
        {view.of === "all" ? <Summary rows={rows} onView={look} /> : null}
        {view.of === "all" ? <KeptLine app={app} /> : null}
        {view.of === "trash" && shown.length > 0 ? <p class="hint">{words.home.trashWhy}</p> : null}
        {selected === null ? null : (
          <SelectionBar
            ids={shown.filter(row => selected.has(row.id)).map(row => row.id)}
            inTrash={view.of === "trash"}
            deeds={deeds}
          />
        )}
        {shown.length === 0 ? (
          <p class="hint nothing-here">{emptyWords(view)}</p>
        ) : (
          <Rows
            rows={shown}
            now={now()}
            selected={selected}
            deeds={deeds}
            onSelect={id => setSelected(toggled(selected ?? new Set(), id))}
            onOpen={id => void app.open(id)}
          />
        )}
      </main>
    </div>
  )
}

function KeptLine({ app }: { readonly app: App }) {
  const amount = app.keeping.copies.value.length
  if (amount === 0) return null
  return (
    <p class="hint">
      <button type="button" class="text-button" onClick={() => app.go("settings")}>
        {words.keeping.line(amount)}
      </button>
    </p>
  )
}

// Good news quietly; where something could be lost, how much, and the way to it.
function Summary({
  rows,
  onView,
}: {
  readonly rows: readonly DocumentRow[]
  readonly onView: (view: View) => void
}) {
  const written = rows.filter(row => row.trashedAt === null && !isBlank(row))
  const onlyHere = written.filter(isOnlyHere).length
  if (onlyHere > 0)
    return (
      <p class="hint flood">
        {words.home.flood(written.length - onlyHere, written.length)}
        <button type="button" class="text-button" onClick={() => onView({ of: "only-here" })}>
          {words.home.showThe(onlyHere)}
        </button>
      </p>
    )
  const allSafe = written.length > 0 && written.every(isEnough)
  return allSafe ? <p class="hint">{words.home.allSafe(written.length)}</p> : null
}

interface ListToolsProps {
  /** Null: this list has an order of its own. */
  readonly order: Order | null
  readonly selecting: boolean
  readonly onOrder: (order: Order) => void
  readonly onSelecting: (selecting: boolean) => void
}

function ListTools({ order, selecting, onOrder, onSelecting }: ListToolsProps) {
  return (
    <span class="list-tools">
      {order === null ? null : (
        <Popover label={words.home.order} buttonClass="button bare" button={<Icon name="order" />} menu>
          {close =>
            (["edited", "title"] as const).map(each => (
              <MenuItem
                key={each}
                checked={each === order}
                onChoose={() => {
                  close()
                  onOrder(each)
                }}
              >
                <Icon name={each === order ? "check" : "order"} />
                <span class="menu-words">{each === "edited" ? words.home.byEdited : words.home.byTitle}</span>
              </MenuItem>
            ))
          }
        </Popover>
      )}
      <button
        type="button"
        class="button bare"
        aria-pressed={selecting}
        onClick={() => onSelecting(!selecting)}
      >
        <Icon name="select" />
        {selecting ? words.home.done : words.home.select}
      </button>
    </span>
  )
}

interface SelectionBarProps {
  readonly ids: readonly string[]
  readonly inTrash: boolean
  readonly deeds: RowDeeds
}

function SelectionBar({ ids, inTrash, deeds }: SelectionBarProps) {
  const none = ids.length === 0
  const deed = (label: string, run: () => void) => (
    <button type="button" class="button small" aria-disabled={none} onClick={none ? undefined : run}>
      {label}
    </button>
  )
  return (
    <div class="selection-bar">
      <span role="status">{words.home.selected(ids.length)}</span>
      {inTrash ? (
        <>
          {deed(words.home.restore, () => deeds.restore(ids))}
          {deed(words.home.remove, () => deeds.remove(ids))}
        </>
      ) : (
        <>
          {deed(words.home.pin, () => deeds.pin(ids, true))}
          {deed(words.home.move, () => deeds.move(ids))}
          {deed(words.home.toTrash, () => deeds.trash(ids))}
        </>
      )}
    </div>
  )
}

interface HomeSheetsProps {
  readonly app: App
  readonly sheet: HomeSheet | null
  readonly onClose: () => void
}

function HomeSheets({ app, sheet, onClose }: HomeSheetsProps) {
  if (sheet === null) return null
  switch (sheet.is) {
    case "join":
      return <JoinSheet onJoin={link => app.join(link)} onClose={onClose} />
    case "about":
      return <AboutSheet onClose={onClose} />
    case "templates":
      return <NewFromTemplate app={app} onClose={onClose} />
    case "move": {
      const rows = app.rows.value.filter(row => sheet.ids.includes(row.id))
      const [first] = rows
      return (
        <FolderSheet
          folders={foldersOf(app.rows.value)}
          folder={first && rows.every(row => row.folder === first.folder) ? first.folder : ""}
          onMove={folder => void app.arranging.move(sheet.ids, folder).then(onClose)}
          onClose={onClose}
        />
      )
    }
    case "remove":
      return (
        <RemoveSheet
          rows={app.rows.value.filter(row => sheet.ids.includes(row.id))}
          onRemove={() => void app.arranging.remove(sheet.ids).then(onClose)}
          onClose={onClose}
        />
      )
    default:
      return sheet satisfies never
  }
}

const loadTemplates = () => import("./TemplateSheet")

function NewFromTemplate({ app, onClose }: { readonly app: App; readonly onClose: () => void }) {
  const part = useLoaded(true, loadTemplates)
  if (part === null) return null
  return (
    <part.TemplateSheet
      onChoose={template => {
        onClose()
        void part.blocksOfTemplate(template).then(blocks => app.create({ title: template.title, blocks }))
      }}
      onClose={onClose}
    />
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

function emptyWords(view: View): string {
  if (view.of === "pinned") return words.home.nothingPinned
  if (view.of === "shared") return words.home.nothingShared
  return view.of === "trash" ? words.home.nothingInTrash : words.home.empty
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(id)) next.add(id)
  return next
}
