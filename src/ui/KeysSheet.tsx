// The sheet of shortcuts: every key of the one table that does something here, found by name or by key.

import { matchSorter } from "match-sorter"
import { useState } from "preact/hooks"
import { SHORTCUTS, type Shortcut } from "../editor/shortcuts"
import { COMMANDS, type Command, shortcut } from "./commands"
import { isApple } from "./keys"
import { Modal } from "./Modal"
import { words } from "./words"

interface KeysSheetProps {
  readonly onClose: () => void
}

interface Row {
  readonly id: string
  readonly label: string
  readonly keys: readonly string[]
}

export function KeysSheet({ onClose }: KeysSheetProps) {
  const [query, setQuery] = useState("")
  const rows = rowsOf(COMMANDS, isApple())
  const shown = query.trim() === "" ? rows : matchSorter(rows, query.trim(), { keys: ["label", "keys"] })
  return (
    <Modal heading={words.keys.heading} onClose={onClose}>
      <input
        class="input"
        aria-label={words.keys.search}
        placeholder={words.keys.search}
        autocomplete="off"
        value={query}
        onInput={event => setQuery(event.currentTarget.value)}
      />
      <dl class="key-list">
        {shown.map(row => (
          <div key={row.id}>
            <dt>{row.label}</dt>
            <dd>
              {row.keys.map((keys, index) => (
                <>
                  {index === 0 ? null : words.keys.or}
                  <kbd key={keys}>{keys}</kbd>
                </>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p class="hint" role="status">
        {shown.length === 0 ? words.palette.none(query) : ""}
      </p>
    </Modal>
  )
}

/** Every shortcut that has a name, as this machine writes its keys. */
export function rowsOf(commands: readonly Command[], apple: boolean): readonly Row[] {
  return Object.entries<Shortcut>(SHORTCUTS).flatMap(([id, { keys }]) => {
    const label =
      commands.find(command => command.id === id)?.label ?? (words.keys.of as Record<string, string>)[id]
    return label === undefined ? [] : [{ id, label, keys: keys.map(each => shortcut(each, apple)) }]
  })
}
