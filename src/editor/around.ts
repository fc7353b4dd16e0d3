// What is said about a text as a whole, for the panels around it: its headings and where they are, and the block that
// one is in while all others step back.
import { Fragment, type Node, Slice } from "prosemirror-model"
import { type EditorState, Plugin, PluginKey, Selection } from "prosemirror-state"
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view"
import { mapOf } from "../content/render"
import { bringBack, freshId, type LostWords, lostWords, textsOfCell } from "../content/table"
import { type Binding, EDITOR_ORIGIN } from "./binding"
import { selectedRanges } from "./cells"
import { outgoing } from "./outgoing"

export interface Heading {
  readonly text: string
  readonly level: number
  /** The name by which it is linked to; null: nobody has linked to it yet. */
  readonly id: string | null
  /** The position before it. */
  readonly start: number
}

/** Words of a table that somebody removed a part of, meanwhile. */
export interface Lost extends LostWords {
  /** The table's place among the blocks. */
  readonly index: number
}

type Listener = () => void

/** Reads and changes for the panels; they ask in pauses, so each may look at every block. */
export class Around {
  readonly #binding: Binding
  readonly #listeners = new Set<Listener>()
  #view: EditorView | null = null

  constructor(binding: Binding) {
    this.#binding = binding
  }

  attach(view: EditorView): void {
    this.#view = view
  }

  /** The text or the caret has changed. */
  tell(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Hears of every change of the text and the caret; gives its own undo. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get #shown(): EditorView {
    if (this.#view === null) throw new Error("the panels come after the view")
    return this.#view
  }

  /** All headings in order. */
  headings(): Heading[] {
    const headings: Heading[] = []
    this.#shown.state.doc.forEach((node, start) => {
      if (node.type.name !== "heading") return
      const { level, id } = node.attrs
      const text = node.textContent.trim()
      if (text !== "")
        headings.push({ text, level: Number(level), id: typeof id === "string" ? id : null, start })
    })
    return headings
  }

  /** Puts the caret before the words of the block at a position, and shows it at the top of the page. */
  goTo(start: number): void {
    const view = this.#shown
    const { doc, tr } = view.state
    if (start >= doc.content.size) return
    view.dispatch(tr.setSelection(Selection.near(doc.resolve(start + 1))))
    const element = view.nodeDOM(start)
    if (element instanceof HTMLElement) element.scrollIntoView({ block: "start" })
    view.focus()
  }

  /** Gives the heading at a position a name to link to, unless it has one; null: there is no heading. */
  nameHeading(start: number): string | null {
    const view = this.#shown
    const node = view.state.doc.nodeAt(start)
    if (node?.type.name !== "heading") return null
    const known: unknown = node.attrs["id"]
    if (typeof known === "string") return known
    if (!view.editable) return null
    const id = freshId(this.#binding.blocks.body)
    view.dispatch(view.state.tr.setNodeAttribute(start, "id", id).setMeta("uiEvent", "link"))
    return id
  }

  /** The text as an ordinary page: real lists, quotes and tables. */
  page(): DocumentFragment {
    const { dom, state } = this.#shown
    const page = dom.ownerDocument.createDocumentFragment()
    page.append(outgoing.serializeFragment(state.doc.content, { document: dom.ownerDocument }))
    return page
  }

  /** What is selected, as plain words; "" for nothing. */
  selectedText(): string {
    const { doc, selection } = this.#shown.state
    return selectedRanges(selection)
      .map(({ from, to }) => doc.textBetween(from, to, "\n"))
      .join("\n")
  }

  /** Puts blocks in the place of an empty text, or at the caret. */
  insert(nodes: readonly Node[]): void {
    const view = this.#shown
    const { tr, doc } = view.state
    const slice = new Slice(Fragment.fromArray([...nodes]), 0, 0)
    if (doc.childCount === 1 && doc.content.size === 2)
      tr.replaceWith(0, doc.content.size, slice.content).setSelection(Selection.atStart(tr.doc))
    else tr.replaceSelection(slice)
    view.dispatch(tr.setMeta("uiEvent", "insert").scrollIntoView())
  }

  setFocusMode(on: boolean): void {
    this.#shown.dispatch(this.#shown.state.tr.setMeta(key, on))
  }

  /** Words that were written into a row or a column which somebody removed. */
  lost(): Lost[] {
    return this.#binding.blocks.list.flatMap(({ marker }, index) => {
      const map = marker === null ? null : mapOf(marker)
      return map === null || !map.has("cells") ? [] : lostWords(map).map(lost => ({ ...lost, index }))
    })
  }

  /** Makes their row and column real again, or (`false`) takes the words out for good. */
  settle(lost: Lost, back: boolean): void {
    const marker = this.#binding.blocks.list[lost.index]?.marker
    const map = marker == null ? null : mapOf(marker)
    if (map === null || !this.#shown.editable) return
    this.#binding.doc.transact(() => {
      if (back) bringBack(map, lost.row, lost.column)
      else for (const text of textsOfCell(map, lost.row, lost.column)) text.delete(0, text.length)
    }, EDITOR_ORIGIN)
  }
}

const key = new PluginKey<boolean>("focus-mode")

/** While it is on, the block of the caret is told from all others. */
export function focusMode(): Plugin<boolean> {
  return new Plugin<boolean>({
    key,
    state: { init: () => false, apply: (tr, on) => (tr.getMeta(key) as boolean | undefined) ?? on },
    props: {
      decorations: state => (key.getState(state) === true ? besideCaret(state) : null),
      attributes: (state): Record<string, string> =>
        key.getState(state) === true ? { class: "is-focused" } : {},
    },
  })
}

function besideCaret({ doc, selection: { $head } }: EditorState): DecorationSet {
  if ($head.depth === 0) return DecorationSet.empty
  return DecorationSet.create(doc, [Decoration.node($head.before(1), $head.after(1), { class: "has-focus" })])
}
