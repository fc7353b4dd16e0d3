// The bar above the list of documents: what Sheaf is, and the ways to a document that is not in the list.
import type { App } from "../app/model"
import { type FileDesk, FileItems } from "./FileDesk"
import { Glyph } from "./Glyph"
import { Icon } from "./Icon"
import { MenuItem, Popover } from "./Popover"
import { ThemeItems } from "./ThemeItems"
import { words } from "./words"

interface HomeBarProps {
  readonly app: App
  readonly desk: FileDesk
  readonly onSheet: (sheet: "join" | "about" | "templates") => void
}

export function HomeBar({ app, desk, onSheet }: HomeBarProps) {
  return (
    <header class="home-bar">
      <span class="brand">
        <Glyph shape="bound" size={28} />
        <span class="brand-name">{words.sheaf}</span>
      </span>
      <span class="home-actions">
        {app.rows.value.length === 0 ? null : (
          <button
            type="button"
            class="button bare"
            aria-label={words.search.field}
            title={words.search.field}
            onClick={() => app.go("search")}
          >
            <Icon name="search" />
          </button>
        )}
        <button type="button" class="button" onClick={() => onSheet("join")}>
          <Icon name="join" />
          <span class="long">{words.join}</span>
          <span class="short">{words.joinShort}</span>
        </button>
        {app.rows.value.length === 0 ? null : (
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
                  onSheet("templates")
                }}
              >
                <Icon name="plus" />
                <span class="menu-words">{words.templates.create}</span>
              </MenuItem>
              <FileItems app={app} desk={desk} onChosen={close} />
              {(["settings", "help"] as const).map(screen => (
                <MenuItem
                  key={screen}
                  onChoose={() => {
                    close()
                    app.go(screen)
                  }}
                >
                  <Icon name={screen} />
                  <span class="menu-words">{words[screen].heading}</span>
                </MenuItem>
              ))}
              <MenuItem
                onChoose={() => {
                  close()
                  onSheet("about")
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
  )
}
