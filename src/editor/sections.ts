// Which blocks are drawn together. A browser lays out and paints a long row of children as a whole at every key, so the
// row is drawn in sections, and those that are out of sight are left alone (sections.css). Sections exist in the page
// only: the document, its positions, the selection and the stored text know nothing of them. This file decides where
// one ends; it never sees the page.
import type { Node } from "prosemirror-model"

/** A new section begins at the first place where it may, after so many blocks. */
export const SECTION_BLOCKS = 64
/** A section that has grown beyond this is cut. */
export const SECTION_BLOCKS_MAX = 128

/** Blocks that are drawn in one section, and the section that drew them before; null: a new one. */
export interface Row<Section> {
  readonly section: Section | null
  readonly blocks: readonly Node[]
}

/** The blocks of a document as rows; the sections that were there keep what they have drawn, as far as they can. */
export function rowsOf<Section extends { readonly blocks: readonly Node[] }>(
  sections: readonly Section[],
  blocks: readonly Node[],
  settled: boolean,
): Row<Section>[] {
  const rows = follow(sections, blocks)
  // While a word is being composed its line must stay where it is in the page: the rest can wait.
  if (!settled) return rows
  return join(rows).flatMap(cut)
}

/**
 * Whether a section may begin between two blocks. What is drawn as one is never cut: a list, whose numbers count on;
 * blocks in one quote or callout; and what stands closer to a heading than a paragraph does.
 */
export function mayBegin(before: Node | undefined, block: Node | undefined): boolean {
  if (before === undefined || block === undefined) return true
  if (before.attrs["in"] !== null && block.attrs["in"] !== null) return false
  if (block.type.name === "heading" && (before.type.name !== "paragraph" || before.attrs["list"] !== null))
    return false
  return standsAlone(before) || standsAlone(block)
}

/** How tall a row of blocks will be, in em of the text: what is out of sight has that size until it was seen. */
export function heightOf(blocks: readonly Node[], charactersPerLine: number): number {
  let height = 0
  for (const block of blocks)
    height += LINE_EM * Math.max(1, Math.ceil(block.content.size / charactersPerLine)) + GAP_EM
  return height
}

const LINE_EM = 1.6
const GAP_EM = 0.6

/** Each section with those of its blocks that are still there, and the new ones among them. */
function follow<Section extends { readonly blocks: readonly Node[] }>(
  sections: readonly Section[],
  blocks: readonly Node[],
): Row<Section>[] {
  if (sections.length === 0) return [{ section: null, blocks }]
  const starts = [0]
  for (const section of sections) starts.push((starts.at(-1) ?? 0) + section.blocks.length)
  const before = starts.pop() ?? 0
  const grown = blocks.length - before
  // As long as nobody came or went, each place belongs to whom it did.
  if (grown !== 0) move(starts, sections, blocks, before)
  const rows: Row<Section>[] = []
  for (const [index, section] of sections.entries()) {
    const [from = 0, to = blocks.length] = [starts[index], starts[index + 1]]
    // What has not changed is the very same row, so that nobody looks at it again.
    if (isRow(section.blocks, blocks, from, to)) rows.push({ section, blocks: section.blocks })
    else if (to > from) rows.push({ section, blocks: blocks.slice(from, to) })
  }
  return rows
}

function isRow(row: readonly Node[], blocks: readonly Node[], from: number, to: number): boolean {
  if (row.length !== to - from) return false
  for (let i = 0; i < row.length; i++) if (row[i] !== blocks[from + i]) return false
  return true
}

/** Changes where the sections start to where those of their blocks are now that are still there. */
function move(
  starts: number[],
  sections: readonly { readonly blocks: readonly Node[] }[],
  blocks: readonly Node[],
  before: number,
): void {
  const [head, tail] = ends(sections, blocks, before)
  const places = new Map<Node, number>()
  for (let at = head; at < blocks.length - tail; at++) places.set(blocks[at] as Node, at)
  let next = blocks.length
  for (let index = sections.length - 1; index > 0; index--) {
    const start = starts[index] ?? 0
    if (start <= head) break
    const row = sections[index]?.blocks ?? []
    const kept = start >= before - tail ? -1 : row.findIndex(block => places.has(block))
    if (start >= before - tail) next = Math.min(next, start + blocks.length - before)
    else if (kept !== -1) next = Math.min(next, (places.get(row[kept] as Node) ?? 0) - kept)
    starts[index] = next = Math.max(head, next)
  }
}

/** How many blocks are the same at the start and at the end. */
function ends(
  sections: readonly { readonly blocks: readonly Node[] }[],
  blocks: readonly Node[],
  before: number,
): [head: number, tail: number] {
  const shorter = Math.min(before, blocks.length)
  let head = 0
  count: for (const section of sections)
    for (const block of section.blocks) {
      if (head === shorter || block !== blocks[head]) break count
      head++
    }
  let tail = 0
  count: for (const section of [...sections].reverse())
    for (let i = section.blocks.length - 1; i >= 0; i--) {
      if (tail === shorter - head || section.blocks[i] !== blocks[blocks.length - 1 - tail]) break count
      tail++
    }
  return [head, tail]
}

/** Rows between which no section may begin become one. The longer one's section stays. */
function join<Section>(rows: readonly Row<Section>[]): Row<Section>[] {
  const joined: Row<Section>[] = []
  for (const row of rows) {
    const last = joined.at(-1)
    if (last === undefined || mayBegin(last.blocks.at(-1), row.blocks[0])) joined.push(row)
    else {
      const { section } = last.blocks.length < row.blocks.length ? row : last
      joined[joined.length - 1] = { section, blocks: [...last.blocks, ...row.blocks] }
    }
  }
  return joined
}

/** A row that is too long becomes several. Its section stays with the piece that it knows most of. */
function cut<Section extends { readonly blocks: readonly Node[] }>(row: Row<Section>): Row<Section>[] {
  const { section, blocks } = row
  if (blocks.length <= SECTION_BLOCKS_MAX) return [row]
  const pieces: (readonly Node[])[] = []
  let from = 0
  for (let at = SECTION_BLOCKS; at < blocks.length; at++) {
    if (at - from < SECTION_BLOCKS || !mayBegin(blocks[at - 1], blocks[at])) continue
    pieces.push(blocks.slice(from, at))
    from = at
  }
  pieces.push(blocks.slice(from))
  const known = new Set(section?.blocks)
  const counts = pieces.map(piece => piece.reduce((sum, block) => sum + (known.has(block) ? 1 : 0), 0))
  const heir = counts.indexOf(Math.max(...counts))
  return pieces.map((piece, index) => ({ section: index === heir ? section : null, blocks: piece }))
}

function standsAlone(block: Node): boolean {
  return block.attrs["list"] === null && block.attrs["indent"] === 0
}
