// The editing surface as the screens use it: bare at first, handed in by the composition root, and whole with the desk
// that is put around it.
import type { BareEditor, BareOptions } from "../editor/bare"
import type { Editor, Mode, ToolbarState } from "../editor/editor"

export type { BareEditor, Editor, Mode, ToolbarState }

/** Puts the text into a place on the page; `destroy` on what it returns leaves the place empty. */
export type MountBare = (options: BareOptions) => BareEditor

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
