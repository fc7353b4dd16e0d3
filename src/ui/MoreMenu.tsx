// The ⋯ of a document: what one needs seldom, and on a phone sharing too.
import { SCREEN } from "./commands"
import { Icon } from "./Icon"
import { Keys } from "./Keys"
import type { ScreenVerbs } from "./keys"
import { MenuItem, Popover } from "./Popover"
import { ThemeItems } from "./ThemeItems"
import { words } from "./words"

/** The sheets that can lie over a document. */
export type Sheet =
  | "share"
  | "link"
  | "join"
  | "about"
  | "keys"
  | "palette"
  | "table"
  | "document"
  | "templates"
  | "download"
  | "file"
  | "history"
  | "truth"

interface MoreMenuProps {
  /** On a phone there is no room for the Share button: it leads this menu instead. */
  readonly canShare: boolean
  /** What the screen can do now; of the tools around the text those are offered. */
  readonly verbs: ScreenVerbs
  readonly onSheet: (sheet: Sheet) => void
}

/** The tools around the text that are worth a place in the menu; all of them are in the palette. */
const TOOLS = ["find", "outline", "history", "reading", "focus", "document", "duplicate", "truth"]

export function MoreMenu({ canShare, verbs, onSheet }: MoreMenuProps) {
  return (
    <Popover label={words.more} buttonClass="button bare" button={<Icon name="more" />} menu>
      {close => {
        const then = (run: () => void) => () => {
          close()
          run()
        }
        return (
          <>
            {canShare ? (
              <MenuItem onChoose={then(() => onSheet("share"))}>
                <Icon name="share" />
                <span class="menu-words">{words.share.open}</span>
              </MenuItem>
            ) : null}
            <MenuItem onChoose={then(() => onSheet("download"))}>
              <Icon name="download" />
              <span class="menu-words">{words.places.download}</span>
            </MenuItem>
            <MenuItem onChoose={then(() => onSheet("file"))}>
              <Icon name="file" />
              <span class="menu-words">{words.files.save.heading}</span>
            </MenuItem>
            <MenuItem onChoose={then(() => window.print())}>
              <Icon name="printer" />
              <span class="menu-words">{words.keys.of.print}</span>
            </MenuItem>
            {SCREEN.filter(({ id }) => TOOLS.includes(id) && verbs[id] !== undefined).map(command => (
              <MenuItem key={command.id} onChoose={then(() => verbs[command.id]?.())}>
                <Icon name={command.icon} />
                <span class="menu-words">{command.label}</span>
                <Keys of={command.id} />
              </MenuItem>
            ))}
            <MenuItem onChoose={then(() => onSheet("palette"))}>
              <Icon name="search" />
              <span class="menu-words">{words.palette.label}</span>
            </MenuItem>
            <MenuItem onChoose={then(() => onSheet("keys"))}>
              <Icon name="keyboard" />
              <span class="menu-words">{words.keys.heading}</span>
            </MenuItem>
            <MenuItem onChoose={then(() => onSheet("about"))}>
              <Icon name="info" />
              <span class="menu-words">{words.about.heading}</span>
            </MenuItem>
            <ThemeItems onChosen={close} />
          </>
        )
      }}
    </Popover>
  )
}
