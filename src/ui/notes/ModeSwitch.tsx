// What typing does, as a word in the status strip, and the menu that changes it.
import { mayWrite, type OpenDocument } from "../../app/model"
import type { Mode } from "../editing"
import { noteWords } from "../note-words"
import { MenuItem, Popover } from "../Popover"

interface ModeSwitchProps {
  readonly open: OpenDocument
  readonly mode: Mode
  readonly onMode: (mode: Mode) => void
}

const WHY = {
  editing: noteWords.mode.editingWhy,
  suggesting: noteWords.mode.suggestingWhy,
  reading: noteWords.mode.readingWhy,
} as const

export function ModeSwitch({ open, mode, onMode }: ModeSwitchProps) {
  const modes: readonly Mode[] = mayWrite(open.right)
    ? ["editing", "suggesting", "reading"]
    : ["suggesting", "reading"]
  return (
    <Popover
      label={`${noteWords.mode.label}: ${noteWords.mode[mode]}`}
      buttonClass={`mode-switch mode-${mode}`}
      button={noteWords.mode[mode]}
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
              {noteWords.mode[each]}
              <span class="hint">{WHY[each]}</span>
            </span>
          </MenuItem>
        ))
      }
    </Popover>
  )
}
