// What a toolbar shows about the place where the caret is. Each key costs a look at that place.
import type { EditorState } from "prosemirror-state"
import type * as Y from "yjs"
import { schema } from "../content/schema"
import { rowsOf, tableAt } from "./cells"
import * as commands from "./commands"

/** What a toolbar shows about the place where the caret is. */
export interface ToolbarState {
  /** Names of the schema's marks that are on. */
  readonly marks: ReadonlySet<string>
  /** The kind of block, as the schema calls it. */
  readonly block: string
  /** 1 to 3 in a heading, else null. */
  readonly level: number | null
  readonly list: string | null
  readonly quote: boolean
  readonly callout: commands.Callout | null
  /** Language of the text, or of the program in a code block. */
  readonly lang: string | null
  readonly dir: "ltr" | "rtl" | null
  /** The table of the caret: which of its cells are headings, and how large it is. */
  readonly table: { readonly header: string; readonly rows: number; readonly columns: number } | null
  /** The address of the link at the caret. */
  readonly link: string | null
  readonly canUndo: boolean
  readonly canRedo: boolean
}

/** @param history one's own changes, to be taken back */
export function toolbarState(state: EditorState, history: Y.UndoManager): ToolbarState {
  const { $from, from, to, empty } = state.selection
  const block = $from.parent.isTextblock ? $from.parent : ($from.nodeAfter ?? state.doc.child(0))
  const here = state.storedMarks ?? $from.marks()
  const names = Object.values(schema.marks).filter(type =>
    empty ? type.isInSet(here) !== undefined : state.doc.rangeHasMark(from, to, type),
  )
  const link = commands.linkAt(state)
  const marks = new Set(names.map(type => type.name))
  if (link !== null) marks.add("link")
  marks.delete("unknown")
  const { level, list, lang, dir } = block.attrs
  const place = tableAt($from)
  return {
    marks,
    block: block.type.name,
    level: typeof level === "number" ? level : null,
    list: typeof list === "string" ? list : null,
    quote: commands.isQuote(block),
    callout: commands.calloutOf(block),
    lang: typeof lang === "string" ? lang : null,
    dir: dir === "ltr" || dir === "rtl" ? dir : null,
    table:
      place === null
        ? null
        : {
            header: String(place.table.attrs["header"]),
            rows: rowsOf(place.table).length,
            columns: place.table.lastChild?.childCount ?? 0,
          },
    link,
    canUndo: history.canUndo(),
    canRedo: history.canRedo(),
  }
}
