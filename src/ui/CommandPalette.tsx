// The command palette: everything the screen can do, found by a few letters of its name. A field that keeps the
// focus and a list under it (the combobox pattern): arrows choose, Enter runs, Escape goes back to the text.
import { matchSorter } from "match-sorter"
import { useId, useState } from "preact/hooks"
import type { Command } from "./commands"
import { Icon } from "./Icon"
import { Keys } from "./Keys"
import { Modal } from "./Modal"
import { menuStep } from "./Popover"
import { words } from "./words"

interface CommandPaletteProps {
  readonly commands: readonly Command[]
  readonly onChoose: (command: Command) => void
  readonly onClose: () => void
}

/** The commands whose name or other words fit what was typed, the best first; all of them while nothing is. */
export function found(commands: readonly Command[], query: string): readonly Command[] {
  if (query.trim() === "") return commands
  return matchSorter(commands, query.trim(), { keys: ["label", "aka"] })
}

export function CommandPalette({ commands, onChoose, onClose }: CommandPaletteProps) {
  const id = useId()
  const [query, setQuery] = useState("")
  const [at, setAt] = useState(0)
  const shown = found(commands, query)
  const chosen = shown[Math.min(at, shown.length - 1)]
  const option = (command: Command) => `${id}-${command.id}`

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault()
      if (chosen !== undefined) onChoose(chosen)
      return
    }
    // Home and End belong to the field.
    const next = event.key.startsWith("Arrow") ? menuStep(event.key, at, shown.length) : null
    if (next === null) return
    event.preventDefault()
    setAt(next)
    const element = shown[next] === undefined ? null : document.getElementById(option(shown[next]))
    element?.scrollIntoView({ block: "nearest" })
  }

  return (
    <Modal heading={words.palette.heading} onClose={onClose}>
      <input
        class="input"
        role="combobox"
        aria-label={words.palette.label}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen === undefined ? undefined : option(chosen)}
        placeholder={words.palette.label}
        autocomplete="off"
        spellcheck={false}
        value={query}
        onInput={event => {
          setQuery(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} class="option-list" role="listbox" aria-label={words.palette.heading}>
        {shown.map(command => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          <div
            key={command.id}
            id={option(command)}
            class="option"
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            onMouseDown={event => event.preventDefault()}
            onClick={() => onChoose(command)}
          >
            <Icon name={command.icon} />
            <span class="menu-words">{command.label}</span>
            <Keys of={command.id} />
          </div>
        ))}
      </div>
      <p class="hint" role="status">
        {shown.length === 0 ? words.palette.none(query) : ""}
      </p>
    </Modal>
  )
}
