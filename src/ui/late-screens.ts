// The screens that nobody sees before they ask for them: one chunk, loaded when the first of them is opened.
export { HelpScreen } from "./HelpScreen"
export { SearchScreen } from "./SearchScreen"
export { SettingsScreen } from "./SettingsScreen"
