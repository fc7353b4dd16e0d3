// Carrying out a suggestion: what it says becomes one transaction, as if whoever accepts it had typed it. Words and
// keys came from somebody else and are put in as such: what the schema does not know stays out.
import { Fragment, type Node, Slice } from "prosemirror-model"
import type { EditorState, Transaction } from "prosemirror-state"
import { markerKeys, readMarker } from "../content/marker"
import { marksOf } from "../content/marks"
import { schema } from "../content/schema"
import type { NoteChange, NoteKeys, NotePiece } from "../records/note"
import type { NoteRange } from "./note-places"

/** Marks the transactions that carry out a suggestion: they are edits even while one only suggests. */
export const ACCEPTING = "accepting"

/** Null: there is nothing to be done here. */
export function carriedOut(
  state: EditorState,
  change: NoteChange,
  { from, to }: NoteRange,
): Transaction | null {
  const { tr } = state
  switch (change.kind) {
    case "text":
      return rewritten(tr, change.pieces, from, to)
    case "format":
      return formatted(tr, change.keys, from, to)
    case "block":
      return turned(tr, change.keys, from, to)
    default:
      return change satisfies never
  }
}

function rewritten(tr: Transaction, pieces: readonly NotePiece[], from: number, to: number): Transaction {
  if (pieces.length === 0) return tr.delete(from, to)
  const $from = tr.doc.resolve(from)
  const blocks: Node[] = [$from.parent.type.create($from.parent.attrs)]
  for (const piece of pieces) {
    const last = blocks.at(-1)
    if (piece.kind === "block" || !last) blocks.push(blockOf(piece.kind === "block" ? piece.keys : []))
    else blocks[blocks.length - 1] = last.copy(last.content.append(Fragment.fromArray(inlineOf(piece))))
  }
  const [only] = blocks
  if (blocks.length === 1 && only) return tr.replace(from, to, new Slice(only.content, 0, 0))
  return tr.replace(from, to, new Slice(Fragment.fromArray(blocks), 1, 1))
}

/** Text as nodes: a line feed is a break. */
function inlineOf({ text, formats }: NotePiece & { kind: "text" }): Node[] {
  const marks = marksOf(new Map(formats))
  return text
    .split("\n")
    .flatMap((line, index) => [
      ...(index > 0 ? [schema.nodes.hard_break.create(null, null, marks)] : []),
      ...(line === "" ? [] : [schema.text(line, marks)]),
    ])
}

function blockOf(keys: NoteKeys): Node {
  const { node, attributes } = readMarker(new Map(keys))
  return schema.nodes[node].create(attributes)
}

function formatted(tr: Transaction, keys: NoteKeys, from: number, to: number): Transaction {
  for (const [key, value] of keys) {
    const marks = marksOf(new Map([[key, value ?? true]])).filter(({ type }) => type !== schema.marks.unknown)
    const type = key === "link" ? schema.marks.link : marks[0]?.type
    if (!type) continue
    tr.removeMark(from, to, type)
    if (value !== null && marks[0]) tr.addMark(from, to, marks[0])
  }
  return tr
}

function turned(tr: Transaction, keys: NoteKeys, from: number, to: number): Transaction {
  tr.doc.nodesBetween(from, Math.max(to, from + 1), (node, start) => {
    if (!node.isTextblock) return false
    const now = markerKeys(node.type.name, node.attrs, true)
    for (const [key, value] of keys) {
      if (value === null) now.delete(key)
      else now.set(key, value)
    }
    const wanted = readMarker(now)
    tr.setNodeMarkup(start, schema.nodes[wanted.node], wanted.attributes)
    return false
  })
  return tr
}
