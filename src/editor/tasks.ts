// Tasks have a real checkbox: a finger, a mouse, Space and a screen reader all know what that is, and its name
// is the task's own words. Ticking is a change like any other, and one undo step.
import type { Node } from "prosemirror-model"
import type { EditorView, NodeView, NodeViewConstructor } from "prosemirror-view"

/** Draws paragraphs that are tasks; all other paragraphs are drawn as the schema says. */
export const drawParagraph: NodeViewConstructor = (node, view, getPos) =>
  node.attrs["list"] === "task"
    ? new TaskView(node, view, getPos)
    : // ProseMirror asks for `dom` and draws by the schema without it; its type says otherwise.
      (undefined as unknown as NodeView)

class TaskView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  readonly #box: HTMLInputElement
  #node: Node

  constructor(node: Node, view: EditorView, getPos: () => number | undefined) {
    this.#node = node
    const page = view.dom.ownerDocument
    this.dom = page.createElement("div")
    this.#box = page.createElement("input")
    this.#box.type = "checkbox"
    this.#box.contentEditable = "false"
    this.contentDOM = page.createElement("p")
    this.dom.append(this.#box, this.contentDOM)
    this.#draw(node, view)
    // The caret and the phone's keyboard stay where they are.
    this.#box.addEventListener("mousedown", event => event.preventDefault())
    this.#box.addEventListener("click", event => {
      const position = getPos()
      if (!view.editable || position === undefined) event.preventDefault()
      else
        view.dispatch(
          view.state.tr.setNodeAttribute(position, "checked", this.#box.checked).setMeta("uiEvent", "tick"),
        )
    })
  }

  update(node: Node): boolean {
    // Of another kind, or another place in the list: drawn anew. A tick and new words are taken over.
    const { checked: _before, ...before } = this.#node.attrs
    const { checked: _after, ...after } = node.attrs
    if (node.type !== this.#node.type || JSON.stringify(before) !== JSON.stringify(after)) return false
    this.#node = node
    this.#label(node)
    return true
  }

  stopEvent(event: Event): boolean {
    return event.target === this.#box
  }

  ignoreMutation(mutation: { readonly type: string; readonly target: globalThis.Node }): boolean {
    // Before the box the browser lets a caret stand, and what is typed there would be nobody's: it goes to the words.
    const selection = this.dom.ownerDocument.getSelection()
    if (mutation.type === "selection" && selection?.isCollapsed === true)
      if (selection.focusNode === this.dom && selection.focusOffset === 0) {
        selection.collapse(this.contentDOM, 0)
        return false
      }
    return !this.contentDOM.contains(mutation.target)
  }

  #draw(node: Node, view: EditorView): void {
    const { indent, dir, lang, align } = node.attrs
    const container: unknown = node.attrs["in"]
    this.dom.dataset["list"] = "task"
    if (indent > 0) this.dom.dataset["indent"] = String(indent)
    if (typeof container === "string") this.dom.dataset["in"] = container
    if (typeof align === "string") this.dom.dataset["align"] = align
    if (typeof lang === "string") this.dom.lang = lang
    // On the whole, so that the box stands where the words begin.
    this.dom.dir = typeof dir === "string" ? dir : "auto"
    this.#box.tabIndex = view.editable ? 0 : -1
    this.#label(node)
  }

  #label(node: Node): void {
    const checked = node.attrs["checked"] === true
    this.dom.dataset["checked"] = String(checked)
    this.#box.checked = checked
    this.#box.setAttribute("aria-label", node.textContent.slice(0, 200))
  }
}
