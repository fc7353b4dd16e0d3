// The binding keeps an editor and a document's text the same: after every step of either side, what the editor
// shows is what render() draws. The editor's steps go to the text through write.ts, the text's events come
// back through redraw.ts and patch.ts, and the same comparison that shows a remote change also corrects the
// editor where the text could not hold what it did. It works on editor states; a view is one kind of host.
import { EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state"
import { AddMarkStep, AttrStep, RemoveMarkStep } from "prosemirror-transform"
import * as Y from "yjs"
import { bodyOf } from "../content/document"
import { schema } from "../content/schema"
import { type Anchor, anchorAt, resolveAnchor } from "./anchor"
import { keepSelection, patch } from "./patch"
import { KnownBlocks } from "./redraw"
import { Writer } from "./write"

/** The origin of every change that was typed here: replica/ lets it out of the document, undo takes it back. */
export const EDITOR_ORIGIN: { readonly name: string } = Object.freeze({ name: "editor" })

/** Whether a Yjs transaction is this person's own writing in an editor: typed, undone or redone. */
export function isEditorOrigin(origin: unknown): boolean {
  return origin === EDITOR_ORIGIN || origin instanceof Y.UndoManager
}

/** Whoever holds the editor's state: a view, or a test without one. */
export interface Host {
  readonly state: EditorState
  show(next: EditorState): void
  /** Called when a change has reached both sides: only now do anchors and positions mean the same. */
  settled?(): void
}

export interface BindingOptions {
  /** Asked at every change from the editor; false refuses it. */
  editable(): boolean
  /** Changes closer together than this are undone together. Default 500. */
  readonly captureTimeoutMs?: number
}

/** Marks the transactions that show what is in the text already, so that they are not written to it again. */
export const fromText = new PluginKey("from-text")

const CARET = "caret"

export class Binding {
  readonly doc: Y.Doc
  readonly undoManager: Y.UndoManager
  /** Refuses changes while the editor is for reading only. Belongs in the state's plugins. */
  readonly plugin: Plugin
  readonly blocks: KnownBlocks
  readonly #body: Y.Text
  #host: Host | null = null
  /** While the editor's own change is on its way into the text. */
  #writing = false
  /** Where the selection was before the change under way, for the undo that may come. */
  #before: { anchor: Anchor; head: Anchor } | null = null

  constructor(doc: Y.Doc, options: BindingOptions) {
    this.doc = doc
    this.#body = bodyOf(doc)
    this.blocks = new KnownBlocks(this.#body)
    this.undoManager = new Y.UndoManager(this.#body, {
      trackedOrigins: new Set([EDITOR_ORIGIN]),
      captureTimeout: options.captureTimeoutMs ?? 500,
    })
    this.plugin = new Plugin({
      key: fromText,
      filterTransaction: tr => !tr.docChanged || tr.getMeta(fromText) !== undefined || options.editable(),
    })
    this.#body.observeDeep(this.#observe)
    this.undoManager.on("stack-item-added", this.#rememberCaret)
    this.undoManager.on("stack-item-popped", this.#restoreCaret)
  }

  /** A state that shows the document as it is now, to be given to the host. */
  createState(plugins: readonly Plugin[]): EditorState {
    const doc = schema.node(
      "doc",
      null,
      this.blocks.drawAll().map(block => block.node),
    )
    return EditorState.create({ schema, doc, plugins: [this.plugin, ...plugins] })
  }

  /** From now on changes are shown in `host`, whose state came from `createState`. */
  attach(host: Host): void {
    this.#host = host
  }

  /** Applies a transaction of the editor's to its state, and writes what it changed to the text. */
  dispatch(tr: Transaction): void {
    const host = this.#attached()
    this.#before = this.#caret(host.state)
    const { state, transactions } = host.state.applyTransaction(tr)
    host.show(state)
    const own = transactions.filter(each => each.docChanged && each.getMeta(fromText) === undefined)
    if (own.length > 0) this.#write(own)
    // Going elsewhere ends an undo step: what is typed there is another thought.
    else if (tr.selectionSet) this.undoManager.stopCapturing()
    host.settled?.()
  }

  /** Takes back one's own last change, whatever others wrote since. False: there is none. */
  undo(): boolean {
    this.#before = this.#caret(this.#attached().state)
    return this.undoManager.undo() !== null
  }

  redo(): boolean {
    this.#before = this.#caret(this.#attached().state)
    return this.undoManager.redo() !== null
  }

  destroy(): void {
    this.#body.unobserveDeep(this.#observe)
    this.undoManager.destroy()
    this.#host = null
  }

  #write(own: readonly Transaction[]): void {
    const writer = new Writer(
      this.#body,
      this.blocks.list.map(block => block.marker),
    )
    const apart = own.some(tr => tr.getMeta("paste") === true || tr.getMeta("uiEvent") !== undefined)
    if (apart || own.some(changesBlocks)) this.undoManager.stopCapturing()
    this.#writing = true
    try {
      this.doc.transact(() => {
        for (const tr of own)
          for (const [i, step] of tr.steps.entries())
            writer.write(step, tr.docs[i] ?? tr.before, tr.docs[i + 1] ?? tr.doc)
      }, EDITOR_ORIGIN)
    } catch (error) {
      // Our bug. What the text holds is the truth, so the editor shows that before the error goes on.
      this.#showAll()
      throw error
    } finally {
      this.#writing = false
    }
    if (apart || writer.structural) this.undoManager.stopCapturing()
    this.#check(own)
  }

  readonly #observe = (_events: readonly unknown[], transaction: Y.Transaction): void => {
    const regions = this.blocks.redraw(transaction)
    const host = this.#host
    // What this editor wrote it shows already; `#check` looks at it.
    if (host === null || this.#writing) return
    const tr = host.state.tr
    const { anchor, head } = tr.selection
    for (const { first, count, blocks, change } of regions)
      patch(tr, { first, count, blocks: blocks.map(block => block.node), change })
    keepSelection(tr, anchor, head)
    this.#showIfChanged(tr)
    host.settled?.()
  }

  /** Where the text could not hold what the editor did, the editor is put right: in the blocks it touched. */
  #check(own: readonly Transaction[]): void {
    const { tr } = this.#attached().state
    if (tr.doc.childCount !== this.blocks.list.length) {
      this.#showAll()
      return
    }
    const [from, to] = touchedRange(own)
    if (from > to) return
    const first = tr.doc.childAfter(Math.min(from, tr.doc.content.size - 1)).index
    const last = tr.doc.childAfter(Math.min(to, tr.doc.content.size - 1)).index
    const blocks = this.blocks.drawRow(first, last + 1 - first)
    patch(tr, { first, count: blocks.length, blocks, change: null })
    this.#showIfChanged(tr)
  }

  #showIfChanged(tr: Transaction): void {
    const host = this.#attached()
    if (tr.docChanged) host.show(host.state.apply(tr.setMeta(fromText, true).setMeta("addToHistory", false)))
  }

  /** Compares the whole editor with the whole text. For when something went wrong. */
  #showAll(): void {
    const host = this.#attached()
    const nodes = this.blocks.drawAll().map(block => block.node)
    const tr = host.state.tr
    patch(tr, { first: 0, count: tr.doc.childCount, blocks: nodes, change: null })
    this.#showIfChanged(tr)
  }

  #caret(state: EditorState): { anchor: Anchor; head: Anchor } {
    const { anchor, head } = state.selection
    return { anchor: anchorAt(this.blocks, state.doc, anchor), head: anchorAt(this.blocks, state.doc, head) }
  }

  readonly #rememberCaret = ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }): void => {
    if (this.#before !== null) stackItem.meta.set(CARET, this.#before)
  }

  readonly #restoreCaret = ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }): void => {
    const caret = stackItem.meta.get(CARET) as { anchor: Anchor; head: Anchor } | undefined
    if (caret === undefined || this.#host === null) return
    const { state } = this.#host
    const [anchor, head] = [caret.anchor, caret.head].map(each =>
      resolveAnchor(this.blocks, state.doc, each, true),
    )
    if (typeof anchor !== "number" || typeof head !== "number") return
    const selection = TextSelection.between(state.doc.resolve(anchor), state.doc.resolve(head))
    this.#host.show(state.apply(state.tr.setSelection(selection).setMeta(fromText, true).scrollIntoView()))
    this.#host.settled?.()
  }

  #attached(): Host {
    if (this.#host === null) throw new Error("the binding has a host before anything is dispatched")
    return this.#host
  }
}

/** Whether a transaction changes how many blocks there are: such a change is an undo step of its own. */
function changesBlocks(tr: Transaction): boolean {
  return tr.before.childCount !== tr.doc.childCount
}

/** The stretch of the last document that a row of transactions touched; `from > to`: nothing. */
function touchedRange(own: readonly Transaction[]): [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, -1]
  const touch = (start: number, end: number) => {
    from = Math.min(from, start)
    to = Math.max(to, end)
  }
  for (const tr of own) {
    for (const step of tr.steps) {
      const map = step.getMap()
      if (to >= 0) [from, to] = [map.map(from, -1), map.map(to, 1)]
      map.forEach((_from, _to, start, end) => {
        touch(start, end)
      })
      if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) touch(step.from, step.to)
      else if (step instanceof AttrStep) touch(step.pos, step.pos + 1)
    }
  }
  return [from, to]
}
