// The ⋯ of a document: what one needs seldom, and on a phone sharing too.
import { Icon } from "./Icon"
import { MenuItem, Popover } from "./Popover"
import { ThemeItems } from "./ThemeItems"
import { words } from "./words"
import { fileWords } from "./words/files"

/** The sheets that can lie over a document. */
export type Sheet = "share" | "link" | "join" | "about" | "keys" | "palette" | "table" | "download" | "file"

interface MoreMenuProps {
  /** On a phone there is no room for the Share button: it leads this menu instead. */
  readonly canShare: boolean
  readonly onSheet: (sheet: Sheet) => void
}

export function MoreMenu({ canShare, onSheet }: MoreMenuProps) {
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
              <span class="menu-words">{fileWords.save.heading}</span>
            </MenuItem>
            <MenuItem onChoose={then(() => window.print())}>
              <Icon name="printer" />
              <span class="menu-words">{words.keys.of.print}</span>
            </MenuItem>
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
