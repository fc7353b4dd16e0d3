// The binding keeps an editor and a document's text the same: after every step of either side, what the editor
// shows is what render() draws. The editor's steps go to the text through write.ts, the text's events come
// back through redraw.ts and patch.ts, and the same comparison that shows a remote change also corrects the
// editor where the text could not hold what it did. It works on editor states; a view is one kind of host.
import type { Node } from "prosemirror-model"
import { EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state"
import { AddMarkStep, AttrStep, RemoveMarkStep, type Transform } from "prosemirror-transform"
import * as Y from "yjs"
import { bodyOf } from "../content/document"
import { schema } from "../content/schema"
import { mayUndo } from "../content/table"
import { type Anchor, anchorAt, resolveAnchor } from "./anchor"
import { Held, type Move } from "./hold"
import { keepSelection, patch, type Redrawn } from "./patch"
import { KnownBlocks, type Region } from "./redraw"
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
  /** Whether an input method is in the middle of a word. */
  composing?(): boolean
  /**
   * Where the browser has put the selection, if the state does not know of it yet: it tells by an event of a later
   * turn, and a remote change that was shown in between would put the caret back. Null: the state knows.
   */
  ahead?(): { readonly anchor: number; readonly head: number } | null
  /** Called when a change has reached both sides: only now do anchors and positions mean the same. */
  settled?(): void
}

export interface BindingOptions {
  /** Asked at every change from the editor; false refuses it. */
  editable(): boolean
  /** Changes closer together than this are undone together. Default 500. */
  readonly captureTimeoutMs?: number
  /** Runs a function once after so many milliseconds and gives its undo. By default the platform's timer. */
  readonly after?: (delayMs: number, run: () => void) => () => void
}

/** Marks the transactions that show what is in the text already, so that they are not written to it again. */
export const fromText = new PluginKey("from-text")

const CARET = "caret"
/** A remote change to the block being composed waits no longer than this: some keyboards never stop composing. */
export const HOLD_MS_MAX = 3_000

export class Binding {
  readonly doc: Y.Doc
  readonly undoManager: Y.UndoManager
  /** Refuses changes while the editor is for reading only. Belongs in the state's plugins. */
  readonly plugin: Plugin
  readonly blocks: KnownBlocks
  readonly #body: Y.Text
  #host: Host | null = null
  /** What others did to the block that an input method is composing in; null: nothing waits. */
  #held: Held | null = null
  readonly #after: (delayMs: number, run: () => void) => () => void
  #stopWaiting: () => void = () => undefined
  /** While the editor's own change is on its way into the text. */
  #writing = false
  /** Where the selection was before the change under way, for the undo that may come. */
  #before: { anchor: Anchor; head: Anchor } | null = null

  constructor(doc: Y.Doc, options: BindingOptions) {
    this.doc = doc
    this.#body = bodyOf(doc)
    this.#after = options.after ?? afterOnPlatform
    this.blocks = new KnownBlocks(this.#body)
    this.undoManager = new Y.UndoManager(this.#body, {
      trackedOrigins: new Set([EDITOR_ORIGIN]),
      captureTimeout: options.captureTimeoutMs ?? 500,
      // Who takes back a row leaves what others wrote in it.
      deleteFilter: mayUndo,
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
    if (this.#held === null) host.settled?.()
  }

  /**
   * Shows a change without writing it: a word that an input method composes and that shall become a suggestion. What
   * others do meanwhile waits; `release` takes the word back.
   */
  borrow(tr: Transaction): void {
    const host = this.#attached()
    this.#held ??= new Held(host.state.doc)
    for (const step of tr.steps) this.#held.borrow(step)
    host.show(host.state.apply(tr))
  }

  /** Takes back one's own last change, whatever others wrote since. False: there is none. */
  undo(): boolean {
    this.release()
    this.#before = this.#caret(this.#attached().state)
    return this.undoManager.undo() !== null
  }

  redo(): boolean {
    this.release()
    this.#before = this.#caret(this.#attached().state)
    return this.undoManager.redo() !== null
  }

  destroy(): void {
    this.#body.unobserveDeep(this.#observe)
    this.undoManager.destroy()
    this.#stopWaiting()
    this.#host = null
  }

  /** The text, while the editor shows something else for the sake of an input method; else null. */
  get held(): Pick<Held, "shadow" | "map"> | null {
    return this.#held
  }

  /** What the editor should show: the same as it does show, except while something waits. */
  get shown(): Node {
    return this.#held?.shadow ?? this.#attached().state.doc
  }

  /** Shows what waited for an input method to finish its word; to be called when it has, or took too long. */
  release(): void {
    const held = this.#held
    if (held === null) return
    this.#held = null
    this.#stopWaiting()
    const host = this.#attached()
    const tr = host.state.tr
    const { anchor, head } = tr.selection
    patch(tr, { first: 0, count: tr.doc.childCount, blocks: held.shadow.content.content, change: null })
    if (tr.docChanged && tr.selection instanceof TextSelection)
      tr.setSelection(TextSelection.between(tr.doc.resolve(held.map(anchor)), tr.doc.resolve(held.map(head))))
    this.#showIfChanged(tr)
    host.settled?.()
  }

  #write(own: readonly Transaction[]): void {
    const writer = new Writer(this.#body, this.blocks.list)
    const apart = own.some(
      tr => tr.getMeta("uiEvent") !== undefined || tr.before.childCount !== tr.doc.childCount,
    )
    if (apart) this.undoManager.stopCapturing()
    const moves = this.#movesOf(own)
    this.#writing = true
    try {
      this.doc.transact(() => {
        for (const { step, before, after } of moves) writer.write(step, before, after)
      }, EDITOR_ORIGIN)
    } catch (error) {
      // Our bug. What the text holds is the truth, so the editor shows that before the error goes on.
      this.#showAll()
      throw error
    } finally {
      this.#writing = false
    }
    if (apart || writer.structural) this.undoManager.stopCapturing()
    this.#check(moves)
  }

  #movesOf(own: readonly Transaction[]): Move[] {
    const held = this.#held
    return own.flatMap(tr =>
      tr.steps.flatMap((step, i): Move[] => {
        if (held === null) return [{ step, before: tr.docs[i] ?? tr.before, after: tr.docs[i + 1] ?? tr.doc }]
        return held.carry(step)
      }),
    )
  }

  readonly #observe = (_events: readonly unknown[], transaction: Y.Transaction): void => {
    const regions = this.blocks.redraw(transaction)
    const host = this.#host
    // What this editor wrote it shows already; `#check` looks at it.
    if (host === null || this.#writing) return
    const show = (shown: Transform) => {
      for (const { first, count, blocks, change } of regions)
        patch(shown, { first, count, blocks: blocks.map(block => block.node), change })
    }
    // Undo is one's own doing: it waits for nothing.
    const others = transaction.origin !== this.undoManager
    const inWord = others && host.composing?.() === true
    if (this.#held === null && inWord && touches(regions, host.state.selection.$head.index(0))) this.#hold()
    if (this.#held !== null) {
      this.#held.advance(show)
      return
    }
    const tr = host.state.tr
    const ahead = host.ahead?.() ?? null
    if (ahead)
      tr.setSelection(TextSelection.between(tr.doc.resolve(ahead.anchor), tr.doc.resolve(ahead.head)))
    const { anchor, head } = tr.selection
    show(tr)
    keepSelection(tr, anchor, head)
    this.#showIfChanged(tr, ahead ? null : host.state.storedMarks)
    host.settled?.()
  }

  #hold(): void {
    this.#held = new Held(this.#attached().state.doc)
    this.#stopWaiting()
    this.#stopWaiting = this.#after(HOLD_MS_MAX, () => this.release())
  }

  /** Where the text could not hold what the editor did, the editor is put right: in the blocks it touched. */
  #check(moves: readonly Move[]): void {
    const doc = this.shown
    const [from, to] = touchedRange(moves)
    if (doc.childCount !== this.blocks.list.length) {
      this.#showAll()
    } else if (from <= to) {
      const first = doc.childAfter(Math.min(from, doc.content.size - 1)).index
      const last = doc.childAfter(Math.min(to, doc.content.size - 1)).index
      const blocks = this.blocks.drawRow(first, last + 1 - first)
      this.#correct({ first, count: blocks.length, blocks, change: null })
    }
  }

  /** Compares all that is shown with the whole text. For when something went wrong. */
  #showAll(): void {
    const blocks = this.blocks.drawAll().map(block => block.node)
    const count = this.shown.childCount
    this.#correct({ first: 0, count, blocks, change: null })
  }

  #correct(redrawn: Redrawn): void {
    if (this.#held !== null) {
      this.#held.advance(shadow => patch(shadow, redrawn))
    } else {
      const { tr } = this.#attached().state
      patch(tr, redrawn)
      this.#showIfChanged(tr)
    }
  }

  /** @param marks what was switched on or off for the next words: what others do does not undo it */
  #showIfChanged(tr: Transaction, marks = this.#attached().state.storedMarks): void {
    const host = this.#attached()
    if (!tr.docChanged) return
    tr.setMeta(fromText, true).setMeta("addToHistory", false).setStoredMarks(marks)
    host.show(host.state.apply(tr))
  }

  #caret({ doc, selection }: EditorState): { anchor: Anchor; head: Anchor } {
    const held = this.#held
    const anchor = (position: number) =>
      held === null
        ? anchorAt(this.blocks, doc, position)
        : anchorAt(this.blocks, held.shadow, held.map(position))
    return { anchor: anchor(selection.anchor), head: anchor(selection.head) }
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

/** Whether one of the regions covers a block, which has `index` before the first of them is shown. */
function touches(regions: readonly Region[], index: number): boolean {
  let now = index
  return regions.some(({ first, count, blocks }) => {
    if (now >= first && now < first + count) return true
    if (first + count <= now) now += blocks.length - count
    return false
  })
}

/** The stretch of the last document that the moves touched; `from > to`: nothing. */
function touchedRange(moves: readonly Move[]): [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, -1]
  const touch = (start: number, end: number) => {
    from = Math.min(from, start)
    to = Math.max(to, end)
  }
  for (const { step } of moves) {
    const map = step.getMap()
    if (to >= 0) [from, to] = [map.map(from, -1), map.map(to, 1)]
    map.forEach((_from, _to, start, end) => {
      touch(start, end)
    })
    if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) touch(step.from, step.to)
    else if (step instanceof AttrStep) touch(step.pos, step.pos + 1)
  }
  return [from, to]
}

function afterOnPlatform(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}
