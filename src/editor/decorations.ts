// A document's decorations, dealt out to its sections in one pass: ProseMirror looks for those of each block from the
// start of the set, which is a walk over all of them for every block. What a set is made of is ProseMirror's inside
// (prosemirror-view 1.42); drawing.ts says how that is fenced.
import { type Decoration, DecorationSet, type DecorationSource } from "prosemirror-view"

/** The inside of a set: its own decorations, and by threes where a block begins, where it ends, and the block's set. */
interface Tree {
  readonly local: readonly Placed[]
  readonly children: readonly (number | DecorationSet)[]
}

type Placed = Decoration & {
  readonly type: { readonly side: number }
  copy(from: number, to: number): Placed
}

const TreeSet = DecorationSet as unknown as new (
  local: readonly Placed[],
  children: readonly (number | DecorationSet)[],
) => DecorationSet

/**
 * The decorations of each section, as if the section were a document.
 * @param sizes how many positions each section has, in order
 */
export function decorationsOf(source: DecorationSource, sizes: readonly number[]): DecorationSource[] {
  if (source === DecorationSet.empty) return sizes.map(() => DecorationSet.empty)
  const dealt: DecorationSet[][] = sizes.map(() => [])
  source.forEachSet(set => {
    for (const [index, part] of deal(set as unknown as Tree, sizes).entries())
      if (part !== null) dealt[index]?.push(part)
  })
  return dealt.map(sets => together(sets, source))
}

/** One set, section by section; null: nothing is there. */
function deal(set: Tree, sizes: readonly number[]): (DecorationSet | null)[] {
  const parts: (DecorationSet | null)[] = []
  let [start, at, first] = [0, 0, 0]
  for (const [index, size] of sizes.entries()) {
    const end = start + size
    const children: (number | DecorationSet)[] = []
    for (; at < set.children.length && Number(set.children[at]) < end; at += 3)
      children.push(Number(set.children[at]) - start, Number(set.children[at + 1]) - start, blockSet(set, at))
    // Locals are ordered by where they begin; those that end before the section are done with if all before them are.
    const local: Placed[] = []
    let done = true
    for (let i = first; i < set.local.length; i++) {
      const each = set.local[i]
      if (each === undefined || each.from > end) break
      const [opens, closes] = [index === 0, index === sizes.length - 1]
      if (each.from === each.to ? holds(each, start, end, opens, closes) : each.from < end && each.to > start)
        local.push(each.copy(Math.max(each.from, start) - start, Math.min(each.to, end) - start))
      if (done && each.to < start) first = i + 1
      else done = false
    }
    parts.push(local.length + children.length === 0 ? null : new TreeSet(local, children))
    start = end
  }
  return parts
}

/** Whether a widget is drawn here: one between two sections at the end of the first if it leans that way. */
function holds({ from, type }: Placed, start: number, end: number, opens: boolean, closes: boolean): boolean {
  const leansBack = type.side < 0
  return (
    (from > start || (from === start && (opens || !leansBack))) &&
    (from < end || (from === end && (closes || leansBack)))
  )
}

function blockSet(set: Tree, at: number): DecorationSet {
  return set.children[at + 2] as DecorationSet
}

/** Several sets as one source: of the kind that a view makes of what several plugins give. */
function together(sets: readonly DecorationSet[], like: DecorationSource): DecorationSource {
  const [only = DecorationSet.empty] = sets
  if (sets.length < 2) return only
  const group = like.constructor as unknown as { from(sets: readonly DecorationSet[]): DecorationSource }
  return group.from(sets)
}
