// @vitest-environment jsdom
// A document drawn in sections beside the same document drawn as ProseMirror does: nobody who asks the view sees a
// difference. Random changes and decorations go to both; SECTIONS_SEED and
// SECTIONS_RUNS try others.
import type { Node } from "prosemirror-model"
import { EditorState, Plugin, TextSelection, type Transaction } from "prosemirror-state"
import { Decoration, DecorationSet, EditorView } from "prosemirror-view"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { schema } from "../../../src/content/schema"
import { drawInSections } from "../../../src/editor/drawing"
import { mayBegin, rowsOf, SECTION_BLOCKS_MAX } from "../../../src/editor/sections"

const SEED = Number(process.env["SECTIONS_SEED"] ?? 1)
const RUNS = Number(process.env["SECTIONS_RUNS"] ?? 30)

const chance = (seed: number) => (below: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((seed / 2 ** 32) * below)
}

const paragraph = (text: string, attrs = {}) =>
  schema.node("paragraph", attrs, text === "" ? [] : [schema.text(text)])
const documentOf = (count: number) =>
  schema.node(
    "doc",
    null,
    Array.from({ length: count }, (_, i) => paragraph(`words of ${i}`)),
  )

/** Two sets, as from two plugins; what is in them follows every change. */
const decorated = (tr: Transaction, next: (below: number) => number): Plugin<DecorationSet>[] => {
  const at = () => next(tr.doc.content.size)
  const sets = [0, 1].map(() => {
    const found: Decoration[] = []
    for (let i = 0; i < 12; i++) {
      const [from, length] = [at(), 1 + next(300)]
      found.push(Decoration.inline(from, Math.min(tr.doc.content.size, from + length), { class: `c${i}` }))
      const { index, offset, node } = tr.doc.childAfter(at())
      if (node) found.push(Decoration.node(offset, offset + node.nodeSize, { "data-n": String(index) }))
      const widget = document.createElement("i")
      found.push(
        Decoration.widget(next(2) ? offset : at(), () => widget.cloneNode(), { side: next(2) * 2 - 1 }),
      )
    }
    return DecorationSet.create(tr.doc, found)
  })
  return sets.map(
    set =>
      new Plugin<DecorationSet>({
        state: { init: () => set, apply: (each, value) => value.map(each.mapping, each.doc) },
        props: {
          decorations(state) {
            return this.getState(state)
          },
        },
      }),
  )
}

const change = (tr: Transaction, next: (below: number) => number): void => {
  const { doc } = tr
  const index = next(doc.childCount)
  let start = 0
  for (let i = 0; i < index; i++) start += doc.child(i).nodeSize
  const block = doc.child(index)
  switch (next(8)) {
    case 0:
    case 1:
      tr.insertText("typed ", start + 1 + next(block.content.size + 1))
      break
    case 2:
      tr.split(start + 1 + next(block.content.size + 1))
      break
    case 3:
      if (index > 0) tr.join(start)
      break
    case 4: {
      const to = Math.min(doc.content.size - 1, start + 1 + next(3_000))
      if (doc.childCount > 40 && to > start) tr.delete(start + 1, to)
      break
    }
    case 5:
      tr.insert(
        start,
        Array.from({ length: next(200) }, (_, i) => paragraph(`pasted ${i}`)),
      )
      break
    case 6:
      for (let i = next(30); i > 0; i--) {
        const at = tr.doc.childAfter(next(tr.doc.content.size)).offset
        const list = [null, "ordered", "task"][next(3)]
        tr.setNodeMarkup(at, null, { ...tr.doc.nodeAt(at)?.attrs, list, in: next(3) ? null : "quote" })
      }
      break
    default:
      tr.setNodeMarkup(start, next(2) ? schema.nodes.heading : schema.nodes.paragraph, { indent: next(2) })
  }
}

let views: EditorView[] = []
beforeEach(() => console.info(`sections: SECTIONS_SEED=${SEED}`))
afterEach(() => {
  for (const view of views) view.destroy()
  views = []
  document.body.replaceChildren()
})

const open = (doc: Node, plugins: Plugin[]): EditorView => {
  const place = document.body.appendChild(document.createElement("div"))
  const view = new EditorView(place, { state: EditorState.create({ doc, plugins }) })
  views.push(view)
  return view
}

const sectionsIn = (view: EditorView) => [...view.dom.children] as HTMLElement[]
const blocksIn = (view: EditorView) => sectionsIn(view).flatMap(section => [...section.children])
// In which order an element got its classes is no difference.
const htmlOf = (elements: readonly Element[]) =>
  elements
    .map(({ outerHTML }) =>
      outerHTML.replace(/(?<=class=")[^"]+/g, names => names.split(" ").sort().join(" ")),
    )
    .join("\n")

/** A place in the page as the path to it through the blocks, whatever is around them. */
const pathOf = (view: EditorView, blocks: readonly Element[], position: number, side: number): string => {
  const { node, offset } = view.domAtPos(position, side)
  const block = blocks.findIndex(each => each.contains(node))
  if (block === -1) {
    const before = node.childNodes[offset - 1]
    const next = node.childNodes[offset]
    return `before ${next instanceof Element ? blocks.indexOf(next) : blocks.indexOf(before as Element) + 1}`
  }
  const path: number[] = [offset]
  for (let at: globalThis.Node = node; at !== blocks[block] && at.parentNode; at = at.parentNode)
    path.unshift([...at.parentNode.childNodes].indexOf(at as ChildNode))
  return `in ${block}: ${path.join("/")}`
}

describe("a document drawn in sections", () => {
  it(`looks the same as an undivided one after any change and under any decorations`, () => {
    const next = chance(SEED)
    const divided = open(documentOf(300), [drawInSections()])
    const undivided = open(documentOf(300), [])
    for (let run = 0; run < RUNS; run++) {
      const tr = divided.state.tr
      for (let i = 0; i <= next(3); i++) change(tr, next)
      if (tr.doc.childCount > 500) tr.delete(0, tr.doc.childAfter(tr.doc.content.size / 2).offset)
      for (const view of [divided, undivided]) {
        const own = view.state.tr
        for (const step of tr.steps) own.step(step)
        view.dispatch(own)
      }
      if (next(6) === 0) {
        const plugins = next(5) ? decorated(tr, next) : []
        divided.updateState(divided.state.reconfigure({ plugins: [drawInSections(), ...plugins] }))
        undivided.updateState(undivided.state.reconfigure({ plugins }))
      }
      const [ours, theirs] = [blocksIn(divided), [...undivided.dom.children]]
      expect(htmlOf(ours)).toBe(htmlOf(theirs))
      for (let i = 0; i < 12; i++) {
        const { doc } = divided.state
        const at = next(2) ? next(doc.content.size + 1) : doc.childAfter(next(doc.content.size)).offset
        for (const side of [-1, 0, 1]) {
          expect(pathOf(divided, ours, at, side)).toBe(pathOf(undivided, theirs, at, side))
          const { node, offset } = divided.domAtPos(at, side)
          const other = undivided.domAtPos(at, side)
          expect(divided.posAtDOM(node, offset, side)).toBe(
            undivided.posAtDOM(other.node, other.offset, side),
          )
        }
        expect((divided.nodeDOM(at) as Element | null)?.textContent).toBe(
          (undivided.nodeDOM(at) as Element | null)?.textContent,
        )
      }
    }
  })

  it("has sections of a bearable size, which never cut a list, a quote or a heading's margin", () => {
    const next = chance(SEED + 1)
    const view = open(documentOf(600), [drawInSections()])
    for (let run = 0; run < RUNS; run++) {
      const tr = view.state.tr
      change(tr, next)
      view.dispatch(tr)
      let index = 0
      for (const section of sectionsIn(view)) {
        const { length } = section.children
        if (index > 0)
          expect(mayBegin(view.state.doc.child(index - 1), view.state.doc.child(index))).toBe(true)
        const cuts = Array.from({ length: length - 1 }, (_, i) =>
          mayBegin(view.state.doc.child(index + i), view.state.doc.child(index + i + 1)),
        )
        if (length > SECTION_BLOCKS_MAX) expect(cuts.slice(64, -64).every(cut => !cut)).toBe(true)
        index += length
      }
      expect(index).toBe(view.state.doc.childCount)
    }
  })

  it("leaves all other sections alone when one changes, and most blocks when one is cut", () => {
    const view = open(documentOf(400), [drawInSections()])
    const before = blocksIn(view)
    const sections = sectionsIn(view)
    view.dispatch(view.state.tr.insertText("x", 20))
    expect(blocksIn(view)).toEqual(before)
    for (let i = 0; i < 80; i++) view.dispatch(view.state.tr.split(20))
    const after = new Set(blocksIn(view))
    expect(before.filter(block => !after.has(block)).length).toBeLessThan(70)
    expect(sectionsIn(view).slice(-5)).toEqual(sections.slice(-5))
  })

  it("has its selection, typing over it and a reading of the page across sections as without them", () => {
    const view = open(documentOf(300), [drawInSections()])
    const { doc } = view.state
    view.dispatch(view.state.tr.setSelection(TextSelection.create(doc, 5, doc.content.size - 5)))
    view.focus()
    const selection = document.getSelection()
    const position = (node: globalThis.Node | null, offset: number) =>
      node === null ? -1 : view.posAtDOM(node, offset)
    expect(position(selection?.anchorNode ?? null, selection?.anchorOffset ?? 0)).toBe(5)
    expect(position(selection?.focusNode ?? null, selection?.focusOffset ?? 0)).toBe(doc.content.size - 5)
    view.dispatch(view.state.tr.insertText("all"))
    expect(view.dom.textContent).toBe("wordall 299")
    expect(sectionsIn(view).length).toBe(1)
  })
})

describe("rows of blocks", () => {
  it("stay with the section that has drawn them when many places change at once", () => {
    const doc = documentOf(500).content.content
    const sections = rowsOf([], doc, true).map(({ blocks }) => ({ blocks }))
    const changed = doc.map((block, i) => (i % 50 === 0 ? paragraph(`new ${i}`) : block))
    expect(rowsOf(sections, changed, true).map(row => row.section)).toEqual(sections)
    const shorter = changed.filter((_, i) => i !== 77)
    const longer = [...shorter.slice(0, 300), paragraph("one"), paragraph("more"), ...shorter.slice(300)]
    expect(rowsOf(sections, longer, true).map(row => row.section)).toEqual(sections)
    expect(rowsOf(sections, longer, true).flatMap(row => row.blocks)).toEqual(longer)
  })

  it("are not cut or joined while a word is being composed", () => {
    const doc = documentOf(100).content.content
    const sections = rowsOf([], doc, true).map(({ blocks }) => ({ blocks }))
    const longer = [...Array.from({ length: 200 }, () => paragraph("")), ...doc]
    expect(rowsOf(sections, longer, false).map(row => row.section)).toEqual(sections)
    expect(rowsOf(sections, longer, true).length).toBeGreaterThan(sections.length)
  })
})
