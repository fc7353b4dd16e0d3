// Carets of others, drawn in a layer beside the text: nothing is put between the words, so no line shifts, no
// input method is disturbed, and a screen reader hears nothing. Name, colour and place come from others and
// are believed only in shape: a name is cut and put in as text, a colour is one of eight words.
import type { Node } from "prosemirror-model"
import { type EditorState, Plugin, PluginKey } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import { resolveAnchor } from "./anchor"
import type { KnownBlocks } from "./redraw"

/** The eight people's colours; their values are in the style sheet. */
export const CARET_COLOURS = ["clay", "moss", "lagoon", "plum", "indigo", "rose", "ochre", "pine"] as const

/** Somebody else's caret as it arrived; `caret` is `{ anchor, head }` as `onCaret` gave it there. */
export interface RemoteCaret {
  readonly key: string
  readonly name: string
  readonly colour: string
  readonly caret: unknown
}

const NAME_LENGTH_MAX = 40
const CARETS_MAX = 50
const RECTANGLES_MAX = 60
const LABEL_MS = 2_000
const key = new PluginKey<readonly RemoteCaret[]>("carets")

/** @param after runs a function once after so many milliseconds and gives its undo; a browser's own by default */
export function remoteCarets(
  blocks: KnownBlocks,
  after: After = afterInBrowser,
): Plugin<readonly RemoteCaret[]> {
  return new Plugin<readonly RemoteCaret[]>({
    key,
    state: {
      init: () => [],
      apply: (tr, carets) => (tr.getMeta(key) as readonly RemoteCaret[] | undefined) ?? carets,
    },
    view: view => new CaretLayer(view, blocks, after),
  })
}

/** Shows these carets and no others. */
export function setRemoteCarets(view: EditorView, carets: readonly RemoteCaret[]): void {
  view.dispatch(view.state.tr.setMeta(key, carets.slice(0, CARETS_MAX)))
}

/** Brings a person's caret into sight, without moving one's own; false: it is nowhere in the text now. */
export function goToCaret(view: EditorView, blocks: KnownBlocks, person: string): boolean {
  const caret = key.getState(view.state)?.find(each => each.key === person)
  const range = caret ? rangeOf(caret.caret, view.state.doc, blocks) : null
  if (range === null) return false
  const { node } = view.domAtPos(range.head, -1)
  const element = node instanceof Element ? node : node.parentElement
  const still = view.dom.ownerDocument.defaultView?.matchMedia("(prefers-reduced-motion: reduce)").matches
  element?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" })
  return true
}

function rangeOf(caret: unknown, doc: Node, blocks: KnownBlocks): { anchor: number; head: number } | null {
  if (typeof caret !== "object" || caret === null) return null
  const [anchor, head] = ["anchor", "head"].map(end => resolveAnchor(blocks, doc, Reflect.get(caret, end)))
  if (typeof anchor !== "number" || typeof head !== "number") return null
  return { anchor, head }
}

type After = (delayMs: number, run: () => void) => () => void

const afterInBrowser: After = (delayMs, run) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

interface DrawnCaret {
  readonly bar: HTMLElement
  readonly label: HTMLElement
  readonly shades: HTMLElement
  /** Where it was drawn last, in words; a change shows the label again. */
  place: string
  hideLabel: () => void
}

class CaretLayer {
  readonly #view: EditorView
  readonly #blocks: KnownBlocks
  readonly #after: After
  readonly #layer: HTMLElement
  readonly #drawn = new Map<string, DrawnCaret>()
  readonly #resized: ResizeObserver | null
  #frame = 0

  constructor(view: EditorView, blocks: KnownBlocks, after: After) {
    this.#view = view
    this.#blocks = blocks
    this.#after = after
    const page = view.dom.ownerDocument
    this.#layer = page.createElement("div")
    this.#layer.className = "remote-carets"
    this.#layer.setAttribute("aria-hidden", "true")
    view.dom.after(this.#layer)
    // Lines break elsewhere when the sheet gets narrower, and everything moves.
    this.#resized = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.#schedule())
    this.#resized?.observe(view.dom)
    // A section has come into sight, or gone out of it.
    view.dom.addEventListener("contentvisibilityautostatechange", this.#onSight)
  }

  update(view: EditorView, before: EditorState): void {
    const carets = key.getState(view.state) ?? []
    if (carets.length === 0 && this.#drawn.size === 0) return
    if (view.state.doc !== before.doc || carets !== key.getState(before)) this.#schedule()
  }

  destroy(): void {
    const { cancelAnimationFrame } = this.#window
    cancelAnimationFrame(this.#frame)
    this.#resized?.disconnect()
    this.#view.dom.removeEventListener("contentvisibilityautostatechange", this.#onSight)
    for (const caret of this.#drawn.values()) caret.hideLabel()
    this.#layer.remove()
  }

  readonly #onSight = (): void => {
    if (this.#drawn.size > 0 || key.getState(this.#view.state)?.length !== 0) this.#schedule()
  }

  get #window(): Pick<Window, "requestAnimationFrame" | "cancelAnimationFrame"> {
    return this.#view.dom.ownerDocument.defaultView ?? window
  }

  /** Reading where words stand forces layout, so it happens once a frame at most. */
  #schedule(): void {
    if (this.#frame !== 0) return
    this.#frame = this.#window.requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  #draw(): void {
    if (this.#view.isDestroyed) return
    const carets = key.getState(this.#view.state) ?? []
    const present = new Set(carets.map(caret => caret.key))
    for (const [name, drawn] of this.#drawn) {
      if (present.has(name)) continue
      this.#erase(name, drawn)
    }
    const origin = carets.length === 0 ? null : this.#layer.getBoundingClientRect()
    for (const caret of carets) {
      const range = rangeOf(caret.caret, this.#view.state.doc, this.#blocks)
      const drawn = this.#drawn.get(caret.key)
      if (range === null || origin === null) {
        if (drawn !== undefined) this.#erase(caret.key, drawn)
      } else if (this.#isLaidOut(range.head)) {
        this.#drawOne(drawn ?? this.#create(caret.key), caret, range, origin)
      } else if (drawn !== undefined) {
        drawn.bar.hidden = true
        drawn.shades.replaceChildren()
      }
    }
  }

  /** To ask where words stand that are out of sight makes the browser lay them out, only to forget it again. */
  #isLaidOut(position: number): boolean {
    const { node } = this.#view.domAtPos(position, -1)
    const element = node instanceof Element ? node : node.parentElement
    return element?.checkVisibility?.({ contentVisibilityAuto: true }) !== false
  }

  #drawOne(
    drawn: DrawnCaret,
    caret: RemoteCaret,
    range: { anchor: number; head: number },
    origin: DOMRect,
  ): void {
    const at = this.#view.coordsAtPos(range.head, -1)
    drawn.bar.hidden = false
    const colour = `var(--person-${CARET_COLOURS.find(each => each === caret.colour) ?? "pine"})`
    drawn.bar.style.setProperty("--caret-colour", colour)
    drawn.shades.style.setProperty("--caret-colour", colour)
    drawn.bar.style.transform = `translate(${at.left - origin.left}px, ${at.top - origin.top}px)`
    drawn.bar.style.blockSize = `${at.bottom - at.top}px`
    drawn.label.textContent = caret.name.slice(0, NAME_LENGTH_MAX)
    drawn.shades.replaceChildren(...this.#shade(range, origin))
    // The words before the caret tell whether *it* moved: an edit above moves its position, not its place.
    const place = JSON.stringify(caret.caret)
    if (place === drawn.place) return
    drawn.place = place
    drawn.hideLabel()
    drawn.bar.classList.add("moved")
    const stop = this.#after(LABEL_MS, () => drawn.bar.classList.remove("moved"))
    drawn.hideLabel = stop
  }

  /** The words somebody has selected, as boxes. */
  #shade({ anchor, head }: { anchor: number; head: number }, origin: DOMRect): HTMLElement[] {
    if (anchor === head) return []
    const page = this.#view.dom.ownerDocument
    const range = page.createRange()
    const [from, to] = anchor < head ? [anchor, head] : [head, anchor]
    const start = this.#view.domAtPos(from, 1)
    const end = this.#view.domAtPos(to, -1)
    range.setStart(start.node, start.offset)
    range.setEnd(end.node, end.offset)
    return [...range.getClientRects()].slice(0, RECTANGLES_MAX).map(({ left, top, width, height }) => {
      const box = page.createElement("span")
      box.style.transform = `translate(${left - origin.left}px, ${top - origin.top}px)`
      box.style.inlineSize = `${width}px`
      box.style.blockSize = `${height}px`
      return box
    })
  }

  #create(name: string): DrawnCaret {
    const page = this.#view.dom.ownerDocument
    const bar = page.createElement("div")
    bar.className = "remote-caret"
    const label = page.createElement("span")
    bar.append(label)
    const shades = page.createElement("div")
    shades.className = "remote-selection"
    this.#layer.append(shades, bar)
    const drawn: DrawnCaret = { bar, label, shades, place: "", hideLabel: () => undefined }
    this.#drawn.set(name, drawn)
    return drawn
  }

  #erase(name: string, drawn: DrawnCaret): void {
    drawn.hideLabel()
    drawn.bar.remove()
    drawn.shades.remove()
    this.#drawn.delete(name)
  }
}
