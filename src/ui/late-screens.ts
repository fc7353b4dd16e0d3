// The screens that nobody sees before they ask for them: one chunk, loaded when the first of them is opened.
import { words } from "./words"

export { HelpScreen } from "./HelpScreen"
export { SearchScreen } from "./SearchScreen"
export { SettingsScreen } from "./SettingsScreen"

/** What one of them is called in its window's title. */
export const headingOf = (screen: "search" | "settings" | "help"): string => words[screen].heading
