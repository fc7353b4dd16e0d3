// How a note looks among the words: commented words are underlined by dots on a tint, suggested words are underlined
// in a widget of their own, words that would go are struck. Shape says it, colour only whose it is. What others
// wrote is put in as text and never as markup, and a colour is one of eight words.
import type { Node } from "prosemirror-model"
import { Decoration } from "prosemirror-view"
import type { NoteChange, NotePiece } from "../records/note"
import { CARET_COLOURS } from "./carets"
import type { NoteRange } from "./note-places"
import type { ShownNote } from "./notes"

/** The class of a person's colour: the page's policy allows no style that is written into markup. */
function colourClass(colour: string): string {
  return `by-${CARET_COLOURS.find(each => each === colour) ?? "pine"}`
}

/** The decorations of one note at its place; none for a comment on nothing. */
export function decorationsOf(
  { id, change, colour, title }: ShownNote,
  { from, to }: NoteRange,
  doc: Node,
  isActive: boolean,
): Decoration[] {
  const spec = { note: id, inclusiveStart: false, inclusiveEnd: false }
  const look = (kind: string) => ({
    class: `noted ${colourClass(colour)} ${kind}${isActive ? " active" : ""}`,
    "data-note": id,
  })
  if (change === null) return from < to ? [Decoration.inline(from, to, look("commented"), spec)] : []
  const attributes = { ...look(""), title }
  switch (change.kind) {
    case "format":
      return [
        Decoration.inline(
          from,
          to,
          { ...attributes, class: `${attributes.class} suggested-format ${formatsOf(change)}` },
          spec,
        ),
      ]
    case "block":
      return blocksOf(doc, from, to).map(({ start, end }) =>
        Decoration.node(start, end, { ...attributes, class: `${attributes.class} suggested-block` }, spec),
      )
    case "text": {
      const struck = { ...attributes, nodeName: "del", class: `${attributes.class} suggested-delete` }
      const goes = from < to ? [Decoration.inline(from, to, struck, spec)] : []
      if (change.pieces.length === 0) return [...goes, ...joinsOf(doc, from, to, attributes, spec)]
      const look = { ...attributes, class: `${attributes.class} suggested-insert` }
      const key = `${id} ${isActive} ${title} ${JSON.stringify(change.pieces)}`
      const comes = Decoration.widget(to, view => insertion(view.dom.ownerDocument, change.pieces, look), {
        ...spec,
        key,
        side: -1,
        marks: [],
        ignoreSelection: true,
      })
      return [...goes, comes]
    }
    default:
      return change satisfies never
  }
}

/** Classes that draw the formats a change would set: "plus-bold", "minus-italic". */
function formatsOf(change: NoteChange & { kind: "format" }): string {
  return change.keys
    .map(([key, value]) => `${value === null ? "minus" : "plus"}-${key.replace(/[^a-z]/g, "")}`)
    .join(" ")
}

function blocksOf(doc: Node, from: number, to: number): { start: number; end: number }[] {
  const blocks: { start: number; end: number }[] = []
  doc.nodesBetween(from, Math.min(doc.content.size, Math.max(to, from + 1)), (node, start) => {
    if (node.isTextblock) blocks.push({ start, end: start + node.nodeSize })
    return false
  })
  return blocks
}

// A paragraph's end that would go has no letter to be struck: a struck ¶ stands for it.
function joinsOf(
  doc: Node,
  from: number,
  to: number,
  attributes: Record<string, string>,
  spec: { note: string },
): Decoration[] {
  return blocksOf(doc, from, to)
    .filter(({ end }) => end <= to)
    .map(({ end }) =>
      Decoration.widget(
        end - 1,
        view => {
          const mark = element(view.dom.ownerDocument, "del", {
            ...attributes,
            class: `${attributes["class"]} suggested-delete`,
          })
          mark.textContent = "¶"
          return mark
        },
        { ...spec, key: `${spec.note} join ${attributes["class"]}`, side: 1, marks: [] },
      ),
    )
}

function insertion(
  page: Document,
  pieces: readonly NotePiece[],
  attributes: Readonly<Record<string, string>>,
): HTMLElement {
  const ins = element(page, "ins", attributes)
  for (const piece of pieces) {
    if (piece.kind === "block") {
      ins.append("¶", page.createElement("br"))
      continue
    }
    const formats = piece.formats.map(([key]) => `plus-${key.replace(/[^a-z]/g, "")}`)
    for (const [index, line] of piece.text.split("\n").entries()) {
      if (index > 0) ins.append(page.createElement("br"))
      const run = page.createElement("span")
      run.className = formats.join(" ")
      run.textContent = line
      ins.append(run)
    }
  }
  return ins
}

function element(page: Document, name: string, attributes: Readonly<Record<string, string>>): HTMLElement {
  const made = page.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  return made
}
