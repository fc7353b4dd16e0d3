// The rows of the list of documents: each a link to it, with a menu of what can be done, or a box to tick while several
// are chosen. Long lists show their beginning, and more when asked: nobody scrolls through ten thousand rows.
import { useState } from "preact/hooks"
import { type DocumentRow, mayWrite, TRASH_MS } from "../app/model"
import { Glyph } from "./Glyph"
import { Icon, type IconName } from "./Icon"
import { isOnlyHere } from "./listing"
import { MenuItem, Popover } from "./Popover"
import { exactly, moment } from "./phrasing"
import { standingOfRow } from "./standing"
import { titleOr, words } from "./words"

/** What can be done with rows, of one or of all that are selected. */
export interface RowDeeds {
  pin(ids: readonly string[], pinned: boolean): void
  move(ids: readonly string[]): void
  trash(ids: readonly string[]): void
  restore(ids: readonly string[]): void
  remove(ids: readonly string[]): void
}

interface RowsProps {
  readonly rows: readonly DocumentRow[]
  readonly now: number
  /** Null: rows are opened, not chosen. */
  readonly selected: ReadonlySet<string> | null
  readonly deeds: RowDeeds
  readonly onSelect: (id: string) => void
  readonly onOpen: (id: string) => void
}

const ROWS_AT_ONCE = 100
const DAY_MS = 86_400_000

export function Rows({ rows, now, selected, deeds, onSelect, onOpen }: RowsProps) {
  const [shown, setShown] = useState(ROWS_AT_ONCE)
  return (
    <>
      <ul class="rows">
        {rows.slice(0, shown).map(row => (
          <li key={row.id}>
            {selected === null ? (
              <>
                <RowLink row={row} now={now} onOpen={onOpen} />
                <RowMenu row={row} deeds={deeds} />
              </>
            ) : (
              <label class="row">
                <input
                  type="checkbox"
                  class="row-box"
                  aria-label={words.home.selectOne(row.title)}
                  checked={selected.has(row.id)}
                  onChange={() => onSelect(row.id)}
                />
                <RowWords row={row} now={now} />
              </label>
            )}
          </li>
        ))}
      </ul>
      {rows.length > shown ? (
        <button type="button" class="button" onClick={() => setShown(shown + ROWS_AT_ONCE)}>
          {words.home.showMore}
        </button>
      ) : null}
    </>
  )
}

interface RowLinkProps {
  readonly row: DocumentRow
  readonly now: number
  readonly onOpen: (id: string) => void
}

function RowLink({ row, now, onOpen }: RowLinkProps) {
  // What is in the trash is taken out of it before it is opened.
  if (row.trashedAt !== null)
    return (
      <div class="row">
        <RowWords row={row} now={now} />
      </div>
    )
  return (
    // A link, so that it can be opened in another window; a plain press stays in this one.
    <a
      class="row"
      href={`/d/${row.id}`}
      onClick={event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        onOpen(row.id)
      }}
    >
      <RowWords row={row} now={now} />
    </a>
  )
}

function RowWords({ row, now }: { readonly row: DocumentRow; readonly now: number }) {
  return (
    <>
      <span class="row-title" dir="auto">
        {row.pinned ? <Icon name="pin" /> : null}
        {titleOr(row.title)}
      </span>
      <span class="row-snippet" dir="auto">
        {row.snippet === "" ? words.home.noWords : row.snippet}
      </span>
      <span class="row-facts">
        {row.trashedAt === null ? (
          <time dateTime={new Date(row.editedAt).toISOString()} title={exactly(row.editedAt)}>
            {words.home.edited(moment(row.editedAt, now))}
          </time>
        ) : (
          <span>
            {isOnlyHere(row)
              ? words.home.staysHere
              : words.home.daysLeft(Math.max(0, Math.ceil((row.trashedAt + TRASH_MS - now) / DAY_MS)))}
          </span>
        )}
        {row.shared ? <span>{words.home.shared}</span> : null}
        {mayWrite(row.right) ? null : <span>{words.rights[row.right]}</span>}
        {row.folder === "" ? null : (
          <span>
            <bdi>{row.folder}</bdi>
          </span>
        )}
      </span>
      <RowStanding row={row} />
    </>
  )
}

// Words only where something could be lost; a shape says the rest quietly, with words for those who cannot see it.
function RowStanding({ row }: { readonly row: DocumentRow }) {
  const { shape, tone, text } = standingOfRow(row)
  const loud = tone === "wait"
  return (
    <span class={loud ? "row-standing tone-wait" : "row-standing"} title={text}>
      <Glyph shape={shape} tone={tone} />
      <span class={loud ? undefined : "unseen"}>{text}</span>
    </span>
  )
}

function RowMenu({ row, deeds }: { readonly row: DocumentRow; readonly deeds: RowDeeds }) {
  const ids = [row.id]
  return (
    <Popover
      label={words.home.more(row.title)}
      buttonClass="button bare row-more"
      button={<Icon name="more" />}
      menu
    >
      {close => {
        const item = (icon: IconName, label: string, run: () => void) => (
          <MenuItem
            onChoose={() => {
              close()
              run()
            }}
          >
            <Icon name={icon} />
            <span class="menu-words">{label}</span>
          </MenuItem>
        )
        if (row.trashedAt !== null)
          return (
            <>
              {item("restore", words.home.restore, () => deeds.restore(ids))}
              {item("trash", words.home.remove, () => deeds.remove(ids))}
            </>
          )
        return (
          <>
            {row.pinned
              ? item("unpin", words.home.unpin, () => deeds.pin(ids, false))
              : item("pin", words.home.pin, () => deeds.pin(ids, true))}
            {item("folder", words.home.move, () => deeds.move(ids))}
            {item("trash", words.home.toTrash, () => deeds.trash(ids))}
          </>
        )
      }}
    </Popover>
  )
}
