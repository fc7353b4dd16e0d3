// What the interface needs of the editing surface, handed in by the composition root: the screens know
// neither ProseMirror nor the binding, and the editor can be loaded after the first paint.
import type * as Y from "yjs"
import type { RemoteCaret } from "../app/model"

/** What a toolbar shows about the place where the caret is. */
export interface EditorState {
  readonly marks: ReadonlySet<string>
  readonly block: string
  readonly level: number | null
  readonly list: string | null
  readonly canUndo: boolean
  readonly canRedo: boolean
}

export interface EditorOptions {
  readonly place: HTMLElement
  readonly doc: Y.Doc
  readonly editable: boolean
  readonly label: string
  /** Shown in an empty text, and told to whoever cannot see how to leave it. */
  readonly strings: { readonly placeholder: string; readonly hint: string }
  readonly onCaret: (caret: unknown | null) => void
  readonly onState: (state: EditorState) => void
}

export interface Editor {
  focus(): void
  setEditable(editable: boolean): void
  setCarets(carets: readonly RemoteCaret[]): void
  run(command: string, args?: Record<string, unknown>): boolean
  /** The document as plain words, for counting. */
  text(): string
  destroy(): void
}

export type MountEditor = (options: EditorOptions) => Editor

export const NO_STATE: EditorState = {
  marks: new Set(),
  block: "paragraph",
  level: null,
  list: null,
  canUndo: false,
  canRedo: false,
}
