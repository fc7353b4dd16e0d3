// What typing does, as a word in the status strip, and the menu that changes it.
import { mayWrite, type OpenDocument } from "../../app/model"
import type { Mode } from "../editing"
import { MenuItem, Popover } from "../Popover"
import { words } from "../words"

interface ModeSwitchProps {
  readonly open: OpenDocument
  readonly mode: Mode
  readonly onMode: (mode: Mode) => void
}

const WHY = {
  editing: words.notes.mode.editingWhy,
  suggesting: words.notes.mode.suggestingWhy,
  reading: words.notes.mode.readingWhy,
} as const

export function ModeSwitch({ open, mode, onMode }: ModeSwitchProps) {
  const modes: readonly Mode[] = mayWrite(open.right)
    ? ["editing", "suggesting", "reading"]
    : ["suggesting", "reading"]
  return (
    <Popover
      label={`${words.notes.mode.label}: ${words.notes.mode[mode]}`}
      buttonClass={`mode-switch mode-${mode}`}
      button={words.notes.mode[mode]}
      menu
      placement="top-start"
    >
      {close =>
        modes.map(each => (
          <MenuItem
            key={each}
            checked={each === mode}
            onChoose={() => {
              close()
              onMode(each)
            }}
          >
            <span class="menu-words">
              {words.notes.mode[each]}
              <span class="hint">{WHY[each]}</span>
            </span>
          </MenuItem>
        ))
      }
    </Popover>
  )
}
