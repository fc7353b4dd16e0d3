// The three looks as items of a menu.
import { MenuItem } from "./Popover"
import { browserShelf, chooseTheme, THEMES, theme } from "./theme"
import { words } from "./words"

export function ThemeItems({ onChosen }: { readonly onChosen: () => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: inside a menu a group is an ARIA group, not a fieldset
    <div class="menu-group" role="group" aria-label={words.theme.heading}>
      <span class="menu-heading" aria-hidden="true">
        {words.theme.heading}
      </span>
      {THEMES.map(each => (
        <MenuItem
          key={each}
          checked={theme.value === each}
          onChoose={() => {
            chooseTheme(each, browserShelf(), document.documentElement)
            onChosen()
          }}
        >
          <span class="menu-words">{words.theme[each]}</span>
        </MenuItem>
      ))}
    </div>
  )
}
