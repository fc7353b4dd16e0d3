// While an input method composes a word (にほ…), the browser owns the line it is in: redrawing that line would
// tear the word apart. So when others change that very block, what they did waits. The document does not wait:
// a shadow of what the editor should show goes on, and what is typed meanwhile is carried over to it, as in
// any rebase. When the word is done the editor is made equal to the shadow.
import { type Node, Slice } from "prosemirror-model"
import { Selection } from "prosemirror-state"
import {
  AttrStep,
  Mapping,
  ReplaceAroundStep,
  ReplaceStep,
  type Step,
  type StepMap,
  Transform,
} from "prosemirror-transform"

/** A step together with the documents before and after it. */
export interface Move {
  readonly step: Step
  readonly before: Node
  readonly after: Node
}

export class Held {
  /** What the editor should show: equal to the text. */
  shadow: Node
  /** From positions of the editor to positions of the shadow. */
  #mapping = new Mapping()
  /** Where the shadow has what others put in, which the editor has not shown yet. */
  #fresh: { from: number; to: number }[] = []

  constructor(shown: Node) {
    this.shadow = shown
  }

  /** Where a position of the editor is in the shadow. */
  map(position: number): number {
    return this.#mapping.map(position, -1)
  }

  /** Lets `change` add what others did to the shadow. */
  advance(change: (shadow: Transform) => void): void {
    const transform = new Transform(this.shadow)
    change(transform)
    this.shadow = transform.doc
    this.#mapping.appendMapping(transform.mapping)
    for (const map of transform.mapping.maps) this.#freshen(map, true)
  }

  /** The editor shows a step that the shadow shall not have. */
  borrow(step: Step): void {
    const mapping = new Mapping([step.getMap().invert()])
    mapping.appendMapping(this.#mapping)
    this.#mapping = mapping
  }

  /** Carries a step of the editor over to the shadow, as one step or several; none when nothing is left to do. */
  carry(step: Step): Move[] {
    const moves = this.#around(step) ?? this.#moves([step.map(this.#mapping)])
    if (moves.length === 0) moves.push(...this.#moves([this.#reborn(step)]))
    // From the editor after the step: back over it, on to the shadow, and over what it became there. The first
    // and the last map mirror one another, so that places inside what was typed are not lost on the way.
    const mapping = new Mapping([step.getMap().invert()])
    mapping.appendMapping(this.#mapping)
    for (const [i, move] of moves.entries())
      mapping.appendMap(
        move.step.getMap(),
        i === moves.length - 1 && mirrors(move.step, step) ? 0 : undefined,
      )
    this.#mapping = mapping
    return moves
  }

  /** Applies those of the steps that can be; the shadow goes on. */
  #moves(steps: readonly (Step | null)[]): Move[] {
    const moves: Move[] = []
    for (const step of steps) {
      const before = this.shadow
      // An attribute of a node at the very end, which is gone: to look there is an error.
      const nowhere = step instanceof AttrStep && step.pos >= before.content.size
      const after = nowhere ? null : (step?.apply(before).doc ?? null)
      if (step === null || after === null) continue
      moves.push({ step, before, after })
      this.shadow = after
      this.#freshen(step.getMap(), false)
    }
    return moves
  }

  /** Takes the fresh places over a change of the shadow; what others put in joins them. */
  #freshen(map: StepMap, byOthers: boolean): void {
    this.#fresh = this.#fresh.map(({ from, to }) => ({ from: map.map(from, 1), to: map.map(to, -1) }))
    if (!byOthers) return
    map.forEach((_from, _to, from, to) => {
      this.#fresh.push({ from, to })
    })
  }

  /**
   * A range that is taken out may hold words by now that were not there when it was selected. They stay: only
   * what the editor showed goes, piece by piece. Null when there are none, and the step can be carried whole.
   */
  #around(step: Step): Move[] | null {
    const whole = step instanceof ReplaceStep
    // What is inside the gap of the other kind stays; what goes on either side of it may be words too.
    const ranges = whole
      ? [[step.from, step.to] as const]
      : step instanceof ReplaceAroundStep
        ? [[step.from, step.gapFrom] as const, [step.gapTo, step.to] as const]
        : []
    const found = ranges.filter(([from, to]) => from < to).map(([from, to]) => this.#wordsIn(from, to))
    if (!found.some(({ anyNew }) => anyNew)) return null
    const cuts = found
      .flatMap(({ old }) => old)
      .reverse()
      .map(range => new ReplaceStep(range.from, range.to, Slice.empty))
    const at = this.#mapping.map(ranges[0]?.[0] ?? 0, 1)
    const put = whole && step.slice.size > 0 ? new ReplaceStep(at, at, step.slice) : null
    return this.#moves([...cuts, put])
  }

  /** What the editor showed of the words in a range of it, as pieces of the shadow; and whether there are others. */
  #wordsIn(first: number, end: number): { old: { from: number; to: number }[]; anyNew: boolean } {
    const [from, to] = [this.#mapping.map(first, 1), this.#mapping.map(end, -1)]
    const back = this.#mapping.invert()
    const old: { from: number; to: number }[] = []
    let anyNew = false
    this.shadow.nodesBetween(from, Math.max(from, to), (node, start) => {
      if (!node.isInline) return true
      for (let at = Math.max(start, from); at < Math.min(start + node.nodeSize, to); at++) {
        const last = old.at(-1)
        const was = back.map(at, 1)
        const others = was < first || was >= end || this.#fresh.some(({ from, to }) => from <= at && at < to)
        if (others) anyNew = true
        else if (last?.to === at) last.to = at + 1
        else old.push({ from: at, to: at + 1 })
      }
      return false
    })
    return { old, anyNew }
  }

  /** Words typed where others deleted everything around: they stay, at the place that is left. */
  #reborn(step: Step): Step | null {
    if (!(step instanceof ReplaceStep) || step.slice.size === 0) return null
    if (step.slice.openStart > 0 || step.slice.openEnd > 0) return null
    const { head } = Selection.near(this.shadow.resolve(this.map(step.from)), -1)
    return new ReplaceStep(head, head, step.slice)
  }
}

/** Whether one step became the other: only then do their maps mirror one another. */
function mirrors(move: Step, step: Step): boolean {
  return move instanceof ReplaceAroundStep === step instanceof ReplaceAroundStep
}
