// Two states of a document side by side in one page: what was added is marked, what was taken away is shown where it
// stood, by shape as well as colour. And the way back: the differences as one change, which leaves alone what is equal,
// so that what others write there meanwhile stays. Blocks are matched as wholes, words within those that changed.
import { diffArrays } from "diff"
import { ChangeSet, simplifyChanges } from "prosemirror-changeset"
import { DOMSerializer, Fragment, type Node, Slice } from "prosemirror-model"
import { EditorState, type Transaction } from "prosemirror-state"
import { StepMap } from "prosemirror-transform"
import { Decoration, DecorationSet, EditorView } from "prosemirror-view"
import { schema } from "../content/schema"

/** A stretch that differs: from–to in the old document, and what it is in the new one. Positions between blocks or words. */
export interface Difference {
  readonly fromOld: number
  readonly toOld: number
  readonly fromNew: number
  readonly toNew: number
}

/** How two documents differ, in order. Empty: they are equal. */
export function differences(old: Node, now: Node): readonly Difference[] {
  const hunks = diffArrays([...old.children], [...now.children], {
    comparator: (left: Node, right: Node) => left.eq(right),
  })
  const found: Difference[] = []
  let [atOld, atNew] = [0, 0]
  let removed: readonly Node[] = []
  const flush = (added: readonly Node[]) => {
    if (removed.length + added.length === 0) return
    found.push(...within(removed, added, atOld, atNew))
    atOld += sizeOf(removed)
    atNew += sizeOf(added)
    removed = []
  }
  for (const hunk of hunks) {
    if (hunk.removed) {
      flush([])
      removed = hunk.value
    } else if (hunk.added) flush(hunk.value)
    else {
      flush([])
      atOld += sizeOf(hunk.value)
      atNew += sizeOf(hunk.value)
    }
  }
  flush([])
  return found
}

// A row of blocks that became another: words are compared if there are some on both sides.
function within(
  removed: readonly Node[],
  added: readonly Node[],
  atOld: number,
  atNew: number,
): readonly Difference[] {
  if (removed.length === 0 || added.length === 0)
    return [{ fromOld: atOld, toOld: atOld + sizeOf(removed), fromNew: atNew, toNew: atNew + sizeOf(added) }]
  const [before, after] = [schema.node("doc", null, [...removed]), schema.node("doc", null, [...added])]
  const all = new StepMap([0, before.content.size, after.content.size])
  const changes = simplifyChanges(ChangeSet.create(before).addSteps(after, [all], null).changes, after)
  return changes.map(({ fromA, toA, fromB, toB }) => ({
    fromOld: atOld + fromA,
    toOld: atOld + toA,
    fromNew: atNew + fromB,
    toNew: atNew + toB,
  }))
}

function sizeOf(blocks: readonly Node[]): number {
  return blocks.reduce((size, block) => size + block.nodeSize, 0)
}

/** Turns the document of a transaction into another one, where they differ and nowhere else. */
export function becoming(tr: Transaction, wanted: Node): Transaction {
  const old = tr.doc
  for (const { fromOld, toOld, fromNew, toNew } of [...differences(old, wanted)].reverse())
    tr.replace(fromOld, toOld, wanted.slice(fromNew, toNew))
  // Where stretches of blocks and words met in a way that no replacement can say, all of it is put in place.
  if (!tr.doc.eq(wanted)) tr.replace(0, tr.doc.content.size, new Slice(wanted.content, 0, 0))
  return tr
}

/** Shows a document in `place`, with what became different since `old`; null: as it is. Returns what takes it away. */
export function showComparison(place: HTMLElement, now: Node, old: Node | null, label: string): () => void {
  const view = new EditorView(place, {
    state: EditorState.create({ schema, doc: now }),
    editable: () => false,
    attributes: { "aria-label": label, role: "document", tabindex: "0" },
    decorations: () => DecorationSet.create(now, old ? marksOf(old, now) : []),
  })
  return () => view.destroy()
}

function marksOf(old: Node, now: Node): Decoration[] {
  return differences(old, now).flatMap(({ fromOld, toOld, fromNew, toNew }) => {
    const marks: Decoration[] = []
    if (toOld > fromOld)
      marks.push(Decoration.widget(fromNew, () => gone(old.slice(fromOld, toOld).content), { side: -1 }))
    if (toNew > fromNew) {
      marks.push(Decoration.inline(fromNew, toNew, { nodeName: "ins" }))
      now.nodesBetween(fromNew, toNew, (node, position) => {
        if (!node.isBlock || position < fromNew || position + node.nodeSize > toNew) return
        marks.push(Decoration.node(position, position + node.nodeSize, { class: "added" }))
      })
    }
    return marks
  })
}

const serializer = DOMSerializer.fromSchema(schema)

function gone(content: Fragment): HTMLElement {
  const element = document.createElement("del")
  // Half a block has no place of its own inside a line: its words have.
  const inline = content.childCount === 1 && content.firstChild?.isInline ? content : null
  if (inline) element.append(serializer.serializeFragment(inline))
  else {
    element.className = "blocks"
    element.append(
      serializer.serializeFragment(content.firstChild?.isBlock ? content : Fragment.from(content)),
    )
  }
  return element
}
