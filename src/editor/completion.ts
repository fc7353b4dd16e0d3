// Menus that open while one types: "/" for blocks, ":" for signs such as 😀. The focus stays in the text; this plugin
// knows where the sign stands and what was typed after it, and somebody else shows the list. Each key costs a look at
// the few letters before the caret.
import { type EditorState, Plugin, PluginKey, type Transaction } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import { schema } from "../content/schema"

export type Sign = "/" | ":"

/** A menu that is open: what it is about, and where. */
export interface Completing {
  readonly sign: Sign
  /** What was typed after the sign. */
  readonly query: string
  /** The position before the sign. */
  readonly from: number
}

/** Shows a list and chooses from it; the text asks it about keys while the menu is open. */
export interface CompletionList {
  show(completing: Completing | null): void
  /** True: the key was for the list. */
  key(event: KeyboardEvent): boolean
  /** The ids in the page of the list and of what is chosen in it, for whoever cannot see them. */
  ids(): { readonly list: string; readonly chosen: string | null } | null
}

const key = new PluginKey<Completing | null>("completion")
const QUERY_LENGTH_MAX = 30

export class Completion {
  /** The list, once somebody has brought one. */
  list: CompletionList | null = null
  readonly plugin: Plugin<Completing | null>

  constructor() {
    this.plugin = new Plugin<Completing | null>({
      key,
      state: { init: () => null, apply: (tr, before, _old, state) => follow(tr, before, state) },
      props: {
        handleTextInput: (view, from, to, text) => this.#begin(view, from, to, text),
        handleKeyDown: (view, event) => {
          if (key.getState(view.state) == null) return false
          if (event.key === "Escape") {
            close(view)
            return true
          }
          return this.list?.key(event) ?? false
        },
        handleDOMEvents: {
          blur: view => {
            if (key.getState(view.state) != null) close(view)
            return false
          },
        },
        attributes: (state): Record<string, string> => {
          const ids = key.getState(state) == null ? null : (this.list?.ids() ?? null)
          if (ids === null) return {}
          const chosen: Record<string, string> =
            ids.chosen === null ? {} : { "aria-activedescendant": ids.chosen }
          return {
            "aria-autocomplete": "list",
            "aria-haspopup": "listbox",
            "aria-controls": ids.list,
            ...chosen,
          }
        },
      },
      view: () => ({
        update: (view, before) => {
          const now = key.getState(view.state) ?? null
          if (now !== (key.getState(before) ?? null)) this.list?.show(now)
        },
      }),
    })
  }

  /** The list has changed or something else is chosen: the attributes are asked for anew. */
  refresh(view: EditorView): void {
    view.setProps({})
  }

  /** Takes the sign and what was typed after it out of the text, closes the menu, and puts `text` in their place. */
  accept(view: EditorView, text = ""): void {
    const completing = key.getState(view.state)
    if (completing == null) return
    const { tr } = view.state
    const to = completing.from + 1 + completing.query.length
    if (text === "") tr.delete(completing.from, to)
    else tr.insertText(text, completing.from, to)
    view.dispatch(tr.setMeta(key, null).scrollIntoView())
  }

  #begin(view: EditorView, from: number, to: number, text: string): boolean {
    if ((text !== "/" && text !== ":") || this.list === null || !mayBegin(view.state, from)) return false
    const completing: Completing = { sign: text, query: "", from }
    view.dispatch(view.state.tr.insertText(text, from, to).setMeta(key, completing).scrollIntoView())
    return true
  }
}

function close(view: EditorView): void {
  view.dispatch(view.state.tr.setMeta(key, null))
}

/** At the start of a line or after a space, in ordinary words: "and/or", code and addresses stay what they are. */
function mayBegin(state: EditorState, from: number): boolean {
  const $from = state.doc.resolve(from)
  if ($from.parent.type.spec.code === true || $from.depth > 1) return false
  const marks = state.storedMarks ?? $from.marks()
  if (schema.marks.code.isInSet(marks) || schema.marks.link.isInSet(marks)) return false
  const before =
    $from.parentOffset === 0 ? " " : $from.parent.textBetween($from.parentOffset - 1, $from.parentOffset)
  return /^\s?$/.test(before)
}

function follow(tr: Transaction, before: Completing | null, state: EditorState): Completing | null {
  const said: Completing | null | undefined = tr.getMeta(key)
  if (said !== undefined) return said
  if (before === null || (!tr.docChanged && !tr.selectionSet)) return before
  const from = tr.mapping.map(before.from, 1)
  const { $head, empty, head } = state.selection
  if (!empty || head <= from || $head.start() > from) return null
  const typed = $head.parent.textBetween(from - $head.start(), $head.parentOffset, "\n", "\uFFFC")
  const query = typed.slice(1)
  if (!typed.startsWith(before.sign) || query.length > QUERY_LENGTH_MAX || !isQuery(query, before.sign))
    return null
  return query === before.query && from === before.from ? before : { sign: before.sign, query, from }
}

/** One space may be a part of a name; a second one, or a sign, is the text going on. */
function isQuery(query: string, sign: Sign): boolean {
  return sign === ":" ? /^[\p{L}\p{N}_+-]*$/u.test(query) : /^[^\s\uFFFC]*( [^\s\uFFFC]*)?$/.test(query)
}
