// What stands beside the text and is not needed for the first key: one chunk, loaded when the editor is there.
export { BubbleMenu } from "./BubbleMenu"
export { FollowBar } from "./FollowBar"
export { MissedBar } from "./MissedBar"
export { NotesMargin, NotesPanel } from "./notes/NotesPane"
