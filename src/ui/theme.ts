// Light, dark, or as the device has it: a taste of this device, kept beside the app and never sent. The
// style sheet knows the rest (tokens.css, data-theme).
import { signal } from "@preact/signals"

export const THEMES = ["system", "light", "dark"] as const
export type Theme = (typeof THEMES)[number]

const KEY = "sheaf.theme"

/** The little of `localStorage` that is needed. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">

export const theme = signal<Theme>("system")

/** Takes up what was chosen here before; called once, before the first screen. */
export function restoreTheme(shelf: Shelf | null, root: HTMLElement): void {
  const kept = shelf?.getItem(KEY)
  const chosen = THEMES.find(each => each === kept) ?? "system"
  theme.value = chosen
  wear(chosen, root)
}

/** Wears a theme, and keeps it for the next time. */
export function chooseTheme(chosen: Theme, shelf: Shelf | null, root: HTMLElement): void {
  theme.value = chosen
  wear(chosen, root)
  if (chosen === "system") shelf?.removeItem(KEY)
  else shelf?.setItem(KEY, chosen)
}

function wear(chosen: Theme, root: HTMLElement): void {
  if (chosen === "system") root.removeAttribute("data-theme")
  else root.setAttribute("data-theme", chosen)
}

/** The browser's shelf; null where it is forbidden, and then nothing is kept. */
export function browserShelf(): Shelf | null {
  try {
    return window.localStorage
  } catch {
    // A SecurityError: this browser keeps nothing for this page.
    return null
  }
}
