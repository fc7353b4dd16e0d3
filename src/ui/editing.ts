// The editing surface as the screens use it. It is handed in by the composition root, so that the screens
// name no part of the editor and it can be loaded after the first paint.
import type { Editor, EditorOptions, Mode, ToolbarState } from "../editor/editor"

export type { Editor, Mode, ToolbarState }

/** Puts an editor into a place on the page; `destroy` on what it returns leaves the place empty. */
export type MountEditor = (options: EditorOptions) => Editor

/** What the toolbar shows before the editor has said anything. */
export const NO_STATE: ToolbarState = {
  marks: new Set(),
  block: "paragraph",
  level: null,
  list: null,
  quote: false,
  callout: null,
  lang: null,
  dir: null,
  table: null,
  link: null,
  canUndo: false,
  canRedo: false,
}
