// What a person can do to the blocks and the words, as ProseMirror commands: (state, dispatch) → could it be
// done. Each changes as little as it can, for every change becomes a change of the stored text: a block is
// turned into another by its keys, never by being written anew. Keys that call these are keymap.ts.
import { toggleMark } from "prosemirror-commands"
import type { MarkType, Node } from "prosemirror-model"
import { type Command, type EditorState, TextSelection, type Transaction } from "prosemirror-state"
import { safeAddress } from "../content/link"
import { INDENT_MAX, LEVEL_MAX, type List } from "../content/marker"
import { type BlockName, schema } from "../content/schema"
import { rectangleOf, selectedRanges } from "./cells"

type Attributes = Readonly<Record<string, unknown>>

export interface PlacedBlock {
  readonly node: Node
  /** The position before it. */
  readonly start: number
}

/** The blocks that the selection touches, in order. */
export function selectedBlocks(state: EditorState): PlacedBlock[] {
  const blocks: PlacedBlock[] = []
  const { from, to } = state.selection
  state.doc.nodesBetween(from, Math.max(to, from), (node, start) => {
    if (node.isTextblock) blocks.push({ node, start })
    return false
  })
  return blocks
}

/** The same with tables among them. */
function touchedBlocks(state: EditorState): PlacedBlock[] {
  const blocks: PlacedBlock[] = []
  const { from, to } = state.selection
  state.doc.nodesBetween(from, Math.max(to, from), (node, start) => {
    blocks.push({ node, start })
    return false
  })
  return blocks
}

/** A command that turns the selected blocks into what `wanted` says of each; a null leaves one as it is. */
export function turnInto(
  wanted: (node: Node, all: readonly PlacedBlock[]) => { name?: BlockName; attributes: Attributes } | null,
): Command {
  return (state, dispatch) => {
    const blocks = selectedBlocks(state)
    const tr = state.tr
    for (const { node, start } of blocks) {
      const change = wanted(node, blocks)
      if (change === null || (node.type === schema.nodes.image && !mayHave(change))) continue
      const type = change.name === undefined ? node.type : schema.nodes[change.name]
      const attributes = { ...node.attrs, ...change.attributes }
      if (!node.hasMarkup(type, type.create(attributes).attrs)) tr.setNodeMarkup(start, type, attributes)
    }
    if (!tr.docChanged) return false
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

/** What may be done to a picture: it is moved in, quoted or turned round, but never becomes something else. */
function mayHave(change: { readonly name?: BlockName; readonly attributes: Attributes }): boolean {
  return change.name === undefined && !("list" in change.attributes)
}

export const paragraph: Command = turnInto(() => ({
  name: "paragraph",
  attributes: { list: null, checked: false },
}))

/** @param level 1 to 3; applied to a heading of that level it makes a paragraph again */
export function heading(level: number): Command {
  const fitting = Math.min(LEVEL_MAX, Math.max(1, Math.trunc(level)))
  return turnInto((_node, all) =>
    all.every(({ node }) => node.type.name === "heading" && node.attrs["level"] === fitting)
      ? { name: "paragraph", attributes: {} }
      : { name: "heading", attributes: { level: fitting, list: null, checked: false, indent: 0 } },
  )
}

export const codeBlock: Command = turnInto((_node, all) =>
  all.every(({ node }) => node.type.name === "code_block")
    ? { name: "paragraph", attributes: { lang: null } }
    : { name: "code_block", attributes: { list: null, checked: false } },
)

/** Lists on, or off when all of the selection is such a list already. */
export function list(kind: List): Command {
  return turnInto((_node, all) =>
    all.every(({ node }) => node.attrs["list"] === kind)
      ? { attributes: { list: null, checked: false } }
      : { name: "paragraph", attributes: { list: kind, checked: false } },
  )
}

export const quote: Command = turnInto((_node, all) => ({
  attributes: { in: all.every(({ node }) => isQuote(node)) ? null : "quote" },
}))

/** Puts the blocks into a callout, or changes what kind it is; out again when all of them are in such a one. */
export function callout(kind: Callout): Command {
  return turnInto((_node, all) => ({
    attributes: { in: all.every(({ node }) => calloutOf(node) === kind) ? null : `callout:${kind}` },
  }))
}

/** The language of a program, as people call it; null: none. */
export function syntax(lang: string | null): Command {
  return turnInto(node => (node.type.name === "code_block" ? { attributes: { lang } } : null))
}

/** The direction of the blocks; null: by their first strong letter. */
export function direction(dir: "ltr" | "rtl" | null): Command {
  return turnInto(() => ({ attributes: { dir } }))
}

/** Ticks every selected task, or unticks them when all are ticked. */
export const tick: Command = turnInto((node, all) => {
  const tasks = all.filter(block => block.node.attrs["list"] === "task")
  const checked = !tasks.every(block => block.node.attrs["checked"] === true)
  return node.attrs["list"] === "task" ? { attributes: { checked } } : null
})

export function indent(by: 1 | -1): Command {
  return turnInto(node => {
    const to = Math.min(INDENT_MAX, Math.max(0, Number(node.attrs["indent"]) + by))
    return { attributes: { indent: to } }
  })
}

/** The same in lists only, and true there even at the last step, so that Tab does not leave by surprise. */
export function indentList(by: 1 | -1): Command {
  return (state, dispatch) => {
    if (!selectedBlocks(state).every(({ node }) => node.attrs["list"] !== null)) return false
    indent(by)(state, dispatch)
    return true
  }
}

/** Bold and the like, on or off. Inside code it does nothing: code is what it says. */
export function mark(type: MarkType): Command {
  const toggle = toggleMark(type)
  return (state, dispatch, view) => {
    const { $from, $to } = state.selection
    if ($from.parent.type.spec.code === true && $to.parent.type.spec.code === true) return false
    if (rectangleOf(state.selection) === null) return toggle(state, dispatch, view)
    const ranges = selectedRanges(state.selection)
    const all = ranges.every(({ from, to }) => from === to || state.doc.rangeHasMark(from, to, type))
    const { tr } = state
    for (const { from, to } of ranges) {
      if (all) tr.removeMark(from, to, type)
      else tr.addMark(from, to, type.create())
    }
    dispatch?.(tr)
    return true
  }
}

/**
 * Sets the link of the selection, or of the link the caret is in; null takes it off. Without either the
 * address itself is written. False for an address that is not safe to follow.
 */
export function link(href: string | null): Command {
  return (state, dispatch) => {
    const address = href === null ? null : safeAddress(href)
    if (href !== null && address === null) return false
    const { empty } = state.selection
    const [from, to] = empty ? linkRange(state) : [state.selection.from, state.selection.to]
    const tr = state.tr
    if (from < to) {
      tr.removeMark(from, to, schema.marks.link)
      if (address !== null) tr.addMark(from, to, schema.mark("link", { href: address }))
    } else if (address !== null) {
      tr.insert(from, schema.text(address, [schema.mark("link", { href: address })]))
    }
    if (!tr.docChanged) return false
    dispatch?.(tr.removeStoredMark(schema.marks.link).scrollIntoView())
    return true
  }
}

/** The address of the link at the caret, null when there is none. */
export function linkAt(state: EditorState): string | null {
  const { $from, empty } = state.selection
  const marks = empty ? $from.marks() : ($from.nodeAfter?.marks ?? [])
  const found = schema.marks.link.isInSet(
    empty && marks.length === 0 ? ($from.nodeAfter?.marks ?? []) : marks,
  )
  return found === undefined ? null : safeAddress(found.attrs["href"])
}

/** A line across the page under the block of the caret, and a paragraph to go on in. */
export const divider: Command = (state, dispatch) => {
  dispatch?.(drawDivider(state.tr).scrollIntoView())
  return true
}

/** The same as a part of a transaction; an empty paragraph becomes the line itself. */
export function drawDivider(tr: Transaction): Transaction {
  const { $head } = tr.selection
  const index = Math.min($head.index(0), tr.doc.childCount - 1)
  const node = tr.doc.child(index)
  const start = $head.posAtIndex(index, 0)
  const end = start + node.nodeSize
  const rule = schema.nodes.divider.create({ in: node.attrs["in"] })
  if (node.content.size === 0 && node.type.name === "paragraph") {
    tr.setNodeMarkup(start, rule.type, rule.attrs)
    placeParagraph(tr, end, node)
  } else {
    tr.insert(end, rule)
    placeParagraph(tr, end + rule.nodeSize, node)
  }
  return tr
}

/** Moves the selected blocks past their neighbour. What moves is written anew: a marker is never used twice. */
export function move(by: 1 | -1): Command {
  return (state, dispatch) => {
    const blocks = touchedBlocks(state)
    const [first, last] = [blocks[0], blocks.at(-1)]
    if (first === undefined || last === undefined) return false
    const end = last.start + last.node.nodeSize
    const neighbour = by < 0 ? state.doc.childBefore(first.start) : state.doc.childAfter(end)
    if (neighbour.node === null) return false
    // An embed that cannot be made again must stay where it is, or moving would lose it.
    const isTable = (node: Node) => node.type === schema.nodes.table
    const tables = blocks.some(({ node }) => isTable(node))
    if (tables && blocks.length === 1 && !isTable(neighbour.node) && !hasLastingEmbed(neighbour.node)) {
      // What is beside the table goes round it: whoever writes in a cell meanwhile keeps it.
      const at = by < 0 ? first.start - neighbour.node.nodeSize : first.start
      const tr = state.tr.delete(neighbour.offset, neighbour.offset + neighbour.node.nodeSize)
      tr.insert(by < 0 ? at + first.node.nodeSize : at, neighbour.node)
      dispatch?.(tr.scrollIntoView())
      return true
    }
    if (blocks.some(({ node }) => hasLastingEmbed(node))) return false
    const { anchor, head } = state.selection
    const shift = by * neighbour.node.nodeSize
    const target = by < 0 ? neighbour.offset : neighbour.offset + neighbour.node.nodeSize
    const nodes = blocks.map(({ node }) => node)
    const tr = state.tr
    if (by < 0) tr.delete(first.start, end).insert(target, nodes)
    else tr.insert(target, nodes).delete(first.start, end)
    tr.setSelection(TextSelection.between(tr.doc.resolve(anchor + shift), tr.doc.resolve(head + shift)))
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

export const hardBreak: Command = (state, dispatch) => {
  const { $from } = state.selection
  const marks = state.storedMarks ?? $from.marks()
  dispatch?.(
    state.tr.replaceSelectionWith(schema.nodes.hard_break.create(null, null, marks), false).scrollIntoView(),
  )
  return true
}

/** Puts a paragraph at `position`, of the same list-less surroundings as `like`, and the caret in it. */
export function placeParagraph(tr: Transaction, position: number, like: Node): void {
  tr.insert(position, schema.nodes.paragraph.create({ in: like.attrs["in"], dir: like.attrs["dir"] }))
  tr.setSelection(TextSelection.create(tr.doc, position + 1))
}

export const CALLOUTS = ["info", "tip", "warning"] as const
export type Callout = (typeof CALLOUTS)[number]

/** The kind of callout that a block is in; null: none. One of a newer version is shown as "info". */
export function calloutOf(node: Node): Callout | null {
  const container: unknown = node.attrs["in"]
  const kind = typeof container === "string" ? /^callout(?::(\w+))?/.exec(container) : null
  return kind === null ? null : (CALLOUTS.find(each => each === kind[1]) ?? "info")
}

export function isQuote(node: Node): boolean {
  const container: unknown = node.attrs["in"]
  return typeof container === "string" && /^quote\b/.test(container)
}

/** Whether something in a block cannot be made again. */
export function hasLastingEmbed(block: Node): boolean {
  let lasting = false
  block.forEach(node => {
    if (node.type === schema.nodes.unknown_inline && node.attrs["embed"] === null) lasting = true
  })
  return lasting
}

function linkRange(state: EditorState): [from: number, to: number] {
  const { $head, head } = state.selection
  const href = linkAt(state)
  if (href === null) return [head, head]
  const linked = (node: Node) => schema.marks.link.isInSet(node.marks)?.attrs["href"] === href
  const start = $head.start()
  let [from, to] = [head, head]
  let found = false
  $head.parent.forEach((node, offset) => {
    const [a, b] = [start + offset, start + offset + node.nodeSize]
    if (!linked(node)) return
    if (found && a === to) to = b
    else if (!found || to < head) [from, to, found] = [a, b, true]
  })
  return [from, to]
}
