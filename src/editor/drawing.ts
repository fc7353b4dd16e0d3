// Sections in the page, without ProseMirror's knowing. Its view keeps a tree of descriptions, one for each node; this
// file puts one more level between the document's and the blocks', of the kind that ProseMirror has for marks: no
// border, no node, no position of its own. Everything that asks the tree (selections, clicks, input methods, changes
// read from the page, decorations) then works as before. The tree is ProseMirror's inside, so what depends on it is
// here and in decorations.ts, its version is pinned, and tests/unit/editor/sections.test.ts compares every drawing
// with an undivided one.
import { Fragment, type Node, Schema } from "prosemirror-model"
import { EditorState, Plugin, PluginKey } from "prosemirror-state"
import { DecorationSet, type DecorationSource, EditorView } from "prosemirror-view"
import { decorationsOf } from "./decorations"
import { heightOf, rowsOf } from "./sections"
import "./sections.css"

const key = new PluginKey("sections")

/** Draws the document of its view in sections. */
export function drawInSections(): Plugin {
  intervene()
  return new Plugin({
    key,
    view(view) {
      layOutNear(view)
      return { update: layOutNear }
    },
  })
}

/** A place in the page as ProseMirror gives it. */
interface Place {
  readonly node: globalThis.Node
  readonly offset: number
}

/** ProseMirror's description of something in the page: as much of it as is used here (prosemirror-view 1.42). */
declare class Desc {
  parent: Desc | undefined
  children: Desc[]
  dom: HTMLElement
  contentDOM: HTMLElement
  /** 0: as drawn; 3: to be drawn anew; between: something inside is. */
  dirty: number
  get size(): number
  constructor(parent: Desc, children: Desc[], dom: HTMLElement, contentDOM: HTMLElement)
  destroy(): void
  nearestDesc(dom: globalThis.Node, onlyNodes?: boolean): Desc | undefined
  parseRange(from: number, to: number, base?: number): unknown
  domFromPos(position: number, side: number): Place
  ignoreMutation(mutation: MutationRecord | { readonly type: "selection" }): boolean
}

interface NodeDesc extends Desc {
  node: Node
  innerDeco: DecorationSource
  updateChildren(view: EditorView, position: number): void
  localCompositionInfo(view: EditorView, position: number): unknown
}

interface Section extends Desc {
  readonly blocks: readonly Node[]
  readonly decorations: DecorationSource
  show(view: EditorView, blocks: readonly Node[], decorations: DecorationSource, position: number): void
}

const CLEAN = 0
const LOST = 3

let intervened = false

/** ProseMirror keeps the classes of its tree to itself; they are found at a view that is made for nothing else. */
function intervene(): void {
  if (intervened) return
  intervened = true
  const schema = new Schema({ nodes: { doc: { content: "text*" }, text: {} } })
  const view = new EditorView(null, { state: EditorState.create({ schema }) })
  const nodeDesc = Object.getPrototypeOf(Reflect.get(view, "docView")) as NodeDesc
  view.destroy()
  const drawUndivided = nodeDesc.updateChildren
  const SectionDesc = sectionClass(nodeDesc, drawUndivided)
  nodeDesc.updateChildren = function (view, position) {
    if (this.parent === undefined && key.get(view.state) !== undefined) drawDivided(this, view, SectionDesc)
    else drawUndivided.call(this, view, position)
  }
}

type SectionClass = new (doc: NodeDesc) => Section

function sectionClass(nodeDesc: NodeDesc, draw: NodeDesc["updateChildren"]): SectionClass {
  const Base = Object.getPrototypeOf(nodeDesc).constructor as typeof Desc
  class SectionDesc extends Base implements Section {
    blocks: readonly Node[] = []
    decorations: DecorationSource = DecorationSet.empty
    /** Only while its blocks are drawn: to everybody else a section is no node. */
    node: Node | undefined = undefined
    innerDeco: DecorationSource = DecorationSet.empty
    readonly localCompositionInfo = nodeDesc.localCompositionInfo
    #size = 0

    constructor(doc: NodeDesc) {
      const dom = doc.dom.ownerDocument.createElement("div")
      dom.className = "section"
      super(doc, [], dom, dom)
    }

    override get size(): number {
      return this.#size
    }

    show(view: EditorView, blocks: readonly Node[], decorations: DecorationSource, position: number): void {
      if (blocks.length !== this.blocks.length) {
        const height = heightOf(blocks, charactersPerLine(view))
        this.dom.style.setProperty("contain-intrinsic-block-size", `auto ${height.toFixed(1)}em`)
      }
      this.blocks = blocks
      this.decorations = decorations
      const content = Fragment.fromArray([...blocks])
      this.#size = content.size
      this.node = view.state.doc.type.create(null, content)
      this.innerDeco = decorations
      draw.call(this as unknown as NodeDesc, view, position)
      this.node = undefined
      this.dirty = CLEAN
    }

    /** How a change in the page is read back: as if the blocks stood there alone. */
    parseRule(): unknown {
      return { skip: true }
    }

    override ignoreMutation(mutation: MutationRecord | { readonly type: "selection" }): boolean {
      return mutation.type === "attributes" && mutation.target === this.dom
    }
  }
  return SectionDesc
}

/** Makes the document's element show its node, section by section; those in which nothing changed are not touched. */
function drawDivided(doc: NodeDesc, view: EditorView, SectionDesc: SectionClass): void {
  if (!Object.hasOwn(doc, "nearestDesc")) lookThrough(doc)
  const before = doc.children as Section[]
  const rows = rowsOf(before, doc.node.content.content, !view.composing)
  const sizes = rows.map(({ section, blocks }) =>
    section?.blocks === blocks ? section.size : blocks.reduce((sum, block) => sum + block.nodeSize, 0),
  )
  const decorations = decorationsOf(doc.innerDeco, sizes)
  const sections = rows.map(({ section }) =>
    section === null || section.dirty === LOST ? new SectionDesc(doc) : section,
  )
  for (const section of before) if (!sections.includes(section)) section.destroy()
  doc.children = sections
  let position = 0
  for (const [index, section] of sections.entries()) {
    const blocks = rows[index]?.blocks ?? []
    const inside = decorations[index] ?? DecorationSet.empty
    const same = section.dirty === CLEAN && section.blocks === blocks
    if (!same || !sameDecorations(section.decorations, inside)) section.show(view, blocks, inside, position)
    position += section.size
  }
  place(doc.contentDOM, sections)
}

/** Puts the sections into the page in their order, and takes out whatever else is there. */
function place(parent: HTMLElement, sections: readonly Section[]): void {
  let next = parent.firstChild
  for (const { dom } of sections) {
    while (next !== null && next !== dom && dom.parentNode === parent) {
      const after: ChildNode | null = next.nextSibling
      next.remove()
      next = after
    }
    if (next === dom) next = dom.nextSibling
    else parent.insertBefore(dom, next)
  }
  while (next !== null) {
    const after: ChildNode | null = next.nextSibling
    next.remove()
    next = after
  }
}

/** Where ProseMirror looks for a node at the document's description, it is to look through the sections. */
function lookThrough(doc: NodeDesc): void {
  const { nearestDesc, parseRange, domFromPos } = doc
  const sectionOf = (dom: globalThis.Node) => doc.children.find(section => section.dom === dom)
  Object.assign(doc, {
    // A section's element belongs to the document, and who goes on from it to the parent finds the document's.
    nearestDesc(dom: globalThis.Node, onlyNodes?: boolean) {
      const found = nearestDesc.call(doc, dom, onlyNodes)
      const section = onlyNodes === true && found === doc ? sectionOf(dom) : undefined
      return section === undefined ? found : Object.create(doc, { dom: { value: section.dom } })
    },
    parseRange(from: number, to: number, base = 0) {
      let start = base
      for (const section of doc.children) {
        const end = start + section.size
        if (from >= start && to <= end && section.children.length > 0)
          return section.parseRange(from, to, start)
        start = end
      }
      return parseRange.call(doc, from, to, base)
    },
    domFromPos(position: number, side: number) {
      const found = domFromPos.call(doc, position, side)
      const next = found.node === doc.contentDOM ? doc.children[found.offset] : undefined
      if (next !== undefined) return next.domFromPos(0, side)
      const last = found.node === doc.contentDOM ? doc.children.at(-1) : undefined
      return last === undefined ? found : last.domFromPos(last.size, side)
    },
  })
}

/**
 * A browser's own keys move the caret only among what is laid out. So both ends of the document are, and what is next
 * to the caret, wherever the page was scrolled to.
 */
function layOutNear(view: EditorView): void {
  const { children } = Reflect.get(view, "docView") as NodeDesc
  const { head } = view.state.selection
  let start = 0
  const here = children.findIndex(section => {
    start += section.size
    return head < start
  })
  for (const [index, { dom }] of children.entries()) {
    const near = index === 0 || index === children.length - 1 || Math.abs(index - here) <= 1
    if (dom.classList.contains("laid-out") !== near) dom.classList.toggle("laid-out", near)
  }
}

function sameDecorations(a: DecorationSource, b: DecorationSource): boolean {
  return a === b || (a as DecorationSource & { eq(other: DecorationSource): boolean }).eq(b)
}

const widths = new WeakMap<EditorView, number>()

/** Measured once, before there is anything to lay out. */
function charactersPerLine(view: EditorView): number {
  const known = widths.get(view)
  if (known !== undefined) return known
  const size = Number.parseFloat(
    view.dom.ownerDocument.defaultView?.getComputedStyle(view.dom).fontSize ?? "",
  )
  const measured = Math.floor(view.dom.clientWidth / (size * CHARACTER_EM))
  const count = measured > 0 ? measured : 72
  widths.set(view, count)
  return count
}

const CHARACTER_EM = 0.48
