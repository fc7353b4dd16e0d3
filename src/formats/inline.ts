// The words of a block as a tree of marks, as Markdown and HTML write them: each mark around the longest row of pieces
// that have it, links outermost and code innermost.
import type { Mark, Node } from "prosemirror-model"
import { schema } from "../content/schema"

export type Inline =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "break" }
  | { readonly is: "marked"; readonly mark: Mark; readonly children: readonly Inline[] }

/** From the outside in. Marks that this version does not know are left out: no other format could say what they are. */
const ORDER = ["link", "highlight", "underline", "bold", "italic", "strike", "code"] as const

interface Piece {
  /** Null: a line break. */
  readonly text: string | null
  readonly marks: readonly Mark[]
}

export function inlineOf(block: Node): Inline[] {
  const pieces: Piece[] = []
  block.forEach(node => {
    const marks = ORDER.flatMap(name => schema.marks[name].isInSet(node.marks) ?? [])
    if (node.isText) pieces.push({ text: node.text ?? "", marks })
    else if (node.type === schema.nodes.hard_break) pieces.push({ text: null, marks })
    else pieces.push({ text: node.type.spec.leafText?.(node) ?? "", marks })
  })
  return nest(pieces)
}

function nest(pieces: readonly Piece[]): Inline[] {
  const row: Inline[] = []
  for (let at = 0; at < pieces.length; ) {
    const piece = pieces[at]
    const mark = piece?.marks[0]
    if (!piece || !mark) {
      if (piece) row.push(piece.text === null ? { is: "break" } : { is: "text", text: piece.text })
      at++
      continue
    }
    let end = at
    const inner: Piece[] = []
    for (; end < pieces.length; end++) {
      const next = pieces[end]
      if (!next || !mark.isInSet(next.marks)) break
      inner.push({ text: next.text, marks: next.marks.filter(each => !each.eq(mark)) })
    }
    row.push({ is: "marked", mark, children: nest(inner) })
    at = end
  }
  return row
}
