// The page in which one editor is measured: it does one thing at a time when the benchmark says so, and tells how long
// it took, in milliseconds of its own clock. Each of the three pages hands its own editor in.
import { Selection, TextSelection } from "prosemirror-state"
import { type Opened, paragraphs, type Subject, withAnchors } from "./subject"

export interface Stage {
  fill(count: number): Promise<void>
  /** From the first byte asked of the storage to the frame that shows the text. */
  open(): Promise<number>
  /** Puts the caret into the middle of a block, and the block into the middle of the window. */
  caretInto(block: number): Promise<void>
  /** One character typed by transaction: until it is dispatched, and until it is painted. */
  key(): Promise<{ dispatchMs: number; paintMs: number }>
  /** One character from somebody else: until the editor shows it, and how far what is read was moved by it. */
  remote(block: number): Promise<{ applyMs: number; movedPx: number }>
  addAnchors(count: number): Promise<void>
  showCarets(count: number): Promise<void>
  /** Pastes so many paragraphs of plain text at the end: until they are painted, and the longest time without a breath. */
  paste(count: number): Promise<{ totalMs: number; longestMs: number }>
  blocks(): number
  text(block: number): string
}

declare global {
  interface Window {
    bench: Stage
  }
}

export function takeStage(subject: Subject): void {
  const place = document.getElementById("text")
  if (place === null) throw new Error("the page has no place for the text")
  let opened: Opened | null = null
  const here = (): Opened => {
    if (opened === null) throw new Error("nothing is open")
    return opened
  }

  window.bench = {
    fill: count => subject.fill(paragraphs(count)),
    async open() {
      const began = performance.now()
      opened = await subject.open(place)
      await painted()
      return performance.now() - began
    },
    async caretInto(block) {
      const { view } = here()
      let position = 0
      for (let i = 0; i < block; i++) position += view.state.doc.child(i).nodeSize
      view.focus()
      const middle = position + 1 + Math.floor(view.state.doc.child(block).content.size / 2)
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, middle)).scrollIntoView())
      await painted()
      const element = view.nodeDOM(position)
      if (element instanceof Element) element.scrollIntoView({ block: "center" })
      await painted()
      await painted()
    },
    async key() {
      const { view } = here()
      await idle()
      const began = performance.now()
      view.dispatch(view.state.tr.insertText("x").scrollIntoView())
      const dispatchMs = performance.now() - began
      await painted()
      return { dispatchMs, paintMs: performance.now() - began }
    },
    async remote(block) {
      const { view, typedElsewhere } = here()
      const arrive = typedElsewhere(block)
      await idle()
      const read = view.domAtPos(view.state.selection.head).node
      const element = read instanceof Element ? read : read.parentElement
      const before = element?.getBoundingClientRect().top ?? 0
      const began = performance.now()
      arrive()
      const applyMs = performance.now() - began
      await painted()
      await painted()
      const now = view.domAtPos(view.state.selection.head).node
      const shown = now instanceof Element ? now : now.parentElement
      return { applyMs, movedPx: Math.abs((shown?.getBoundingClientRect().top ?? 0) - before) }
    },
    async addAnchors(count) {
      const { view, addAnchors } = here()
      if (addAnchors === undefined) view.updateState(withAnchors(view.state, count))
      else addAnchors(count)
      await painted()
    },
    async showCarets(count) {
      here().showCarets(count)
      await painted()
      await painted()
    },
    async paste(count) {
      const { view } = here()
      view.dispatch(view.state.tr.setSelection(Selection.atEnd(view.state.doc)))
      await painted()
      await idle()
      const clipboardData = new DataTransfer()
      clipboardData.setData("text/plain", paragraphs(count).join("\n\n"))
      let longestMs = 0
      const observer = new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration)
      })
      observer.observe({ type: "longtask" })
      const wanted = view.state.doc.childCount + count - 1
      const began = performance.now()
      view.dom.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
      while (view.state.doc.childCount < wanted) await painted()
      await painted()
      const totalMs = performance.now() - began
      await idle()
      await painted()
      observer.disconnect()
      return { totalMs, longestMs }
    },
    blocks: () => here().view.state.doc.childCount,
    text: block => here().view.state.doc.child(block).textContent,
  }
}

/** Resolves when the frame under way is on the screen. */
function painted(): Promise<void> {
  return new Promise(resolve => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve()
      port2.postMessage(null)
    })
  })
}

/** Resolves when the page has nothing else to do. */
function idle(): Promise<void> {
  return new Promise(resolve => {
    requestIdleCallback(() => resolve(), { timeout: 500 })
  })
}
