// What is said above and beside every screen, seldom: one chunk, loaded when there is a screen.
export { PauseChip } from "./Pausing"
export { ProblemBanners, ProblemScreen } from "./Problems"
export { UpdateChip } from "./UpdateChip"
