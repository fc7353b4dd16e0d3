// How a picture stands in the text: a frame of its right size from the first moment, in it what there is of the picture,
// under it the caption, which is text like any other. It looks for the picture's bytes only while it is near the screen.
import type { Node } from "prosemirror-model"
import { NodeSelection } from "prosemirror-state"
import type { EditorView, NodeView, NodeViewConstructor } from "prosemirror-view"
import type { Stop } from "../bytes/world"
import type { PictureOptions, PictureState } from "./pictures"

/** How far from the screen a picture begins to be fetched and drawn. */
const NEAR = "1000px"

/** Draws image blocks. */
export function drawPicture(options: PictureOptions): NodeViewConstructor {
  return (node, view, getPos) => new PictureView(node, view, getPos, options)
}

class PictureView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  readonly #frame: HTMLElement
  readonly #image: HTMLImageElement
  readonly #note: HTMLElement
  readonly #button: HTMLButtonElement
  readonly #view: EditorView
  readonly #getPos: () => number | undefined
  readonly #options: PictureOptions
  readonly #stopNear: Stop
  #node: Node
  #stopWatching: Stop | null = null

  constructor(node: Node, view: EditorView, getPos: () => number | undefined, options: PictureOptions) {
    this.#node = node
    this.#view = view
    this.#getPos = getPos
    this.#options = options
    const page = view.dom.ownerDocument
    this.dom = page.createElement("figure")
    this.dom.dataset["block"] = "image"
    this.contentDOM = page.createElement("figcaption")
    this.contentDOM.dataset["placeholder"] = options.words.caption
    this.#frame = page.createElement("div")
    this.#frame.className = "picture"
    this.#frame.contentEditable = "false"
    this.#image = page.createElement("img")
    this.#image.draggable = false
    this.#note = page.createElement("span")
    this.#note.className = "picture-note"
    this.#button = page.createElement("button")
    this.#button.type = "button"
    this.#button.className = "picture-describe"
    this.#button.textContent = options.words.describe
    this.#frame.append(this.#image, this.#note, this.#button)
    this.dom.append(this.#frame, this.contentDOM)
    this.#draw()
    this.#frame.addEventListener("mousedown", event => this.#onPress(event))
    this.#button.addEventListener("click", () => this.describe())
    this.#stopNear = whenNear(this.#frame, isNear => {
      if (isNear) this.#watch()
      else this.#leave()
    })
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false
    const moved = node.attrs["blob"] !== this.#node.attrs["blob"]
    this.#node = node
    this.#draw()
    if (moved && this.#stopWatching !== null) this.#watch()
    return true
  }

  selectNode(): void {
    this.dom.classList.add("is-selected")
  }

  deselectNode(): void {
    this.dom.classList.remove("is-selected")
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof Element && this.#frame.contains(event.target) && event.type !== "dragstart"
  }

  ignoreMutation(mutation: { readonly target: globalThis.Node }): boolean {
    return !this.contentDOM.contains(mutation.target)
  }

  destroy(): void {
    this.#stopNear()
    this.#unwatch()
  }

  /** Has the screen ask what the picture shows. */
  describe(): void {
    const alt: unknown = this.#node.attrs["alt"]
    this.#options.onDescribe({
      alt: typeof alt === "string" ? alt : null,
      at: this.#frame,
      say: said => {
        const position = this.#getPos()
        if (position === undefined || !this.#view.editable) return
        const tr = this.#view.state.tr.setNodeAttribute(position, "alt", said)
        this.#view.dispatch(tr.setMeta("uiEvent", "describe"))
      },
    })
  }

  #draw(): void {
    const { width, height, alt, dir, align, in: container, indent } = this.#node.attrs
    const style = this.#frame.style
    style.setProperty("--picture-width", `${width}px`)
    style.setProperty("--picture-ratio", String(Number(width) / Number(height)))
    this.dom.dir = dir ?? "auto"
    setData(this.dom, "align", align)
    setData(this.dom, "in", container)
    setData(this.dom, "indent", indent > 0 ? String(indent) : null)
    this.dom.classList.toggle("has-alt", typeof alt === "string")
    this.contentDOM.classList.toggle("is-empty", this.#node.content.size === 0)
    // Nothing has been said: a reader is told that there is a picture, and no more.
    this.#image.alt = typeof alt === "string" ? alt : this.#options.words.undescribed
  }

  #show(state: PictureState): void {
    const { words } = this.#options
    const url = state.state === "here" || state.state === "small" ? state.url : null
    if (url === null) this.#image.removeAttribute("src")
    else if (this.#image.src !== url) this.#image.src = url
    this.#frame.dataset["state"] = state.state
    switch (state.state) {
      case "waiting":
        this.#note.textContent = words.waiting
        return
      case "small":
        this.#note.textContent = words.progress(state.here, state.bytes)
        return
      case "here":
        this.#note.textContent = ""
        return
      case "damaged":
        this.#note.textContent = words.damaged
        return
      default:
        state satisfies never
    }
  }

  #watch(): void {
    this.#unwatch()
    const { pictures } = this.#options
    this.#stopWatching = pictures.watch(String(this.#node.attrs["blob"]), state => this.#show(state))
  }

  #unwatch(): void {
    this.#stopWatching?.()
    this.#stopWatching = null
  }

  // Far from the screen it need not fill the memory; its frame keeps its place.
  #leave(): void {
    this.#unwatch()
    this.#image.removeAttribute("src")
  }

  // A press on the picture selects it whole; a press on its button is the button's.
  #onPress(event: MouseEvent): void {
    if (event.target === this.#button) {
      event.preventDefault()
      return
    }
    const position = this.#getPos()
    if (position === undefined || !this.#view.editable) return
    event.preventDefault()
    const { state } = this.#view
    this.#view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, position)))
    this.#view.focus()
  }
}

function setData(element: HTMLElement, name: string, value: unknown): void {
  if (typeof value === "string") element.dataset[name] = value
  else delete element.dataset[name]
}

/** Tells when an element comes near the screen and leaves it; where nothing can tell, it is near. */
function whenNear(element: Element, f: (isNear: boolean) => void): Stop {
  if (typeof IntersectionObserver === "undefined") {
    f(true)
    return () => undefined
  }
  const observer = new IntersectionObserver(
    entries => {
      const last = entries.at(-1)
      if (last) f(last.isIntersecting)
    },
    { rootMargin: NEAR },
  )
  observer.observe(element)
  return () => observer.disconnect()
}
