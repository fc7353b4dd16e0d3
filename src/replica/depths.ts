// How deep in shared types every clock lies: 0 in a root, 1 in a type in a root. Known from envelopes alone, because
// a Y.Doc forgets what was deleted, each replica at its own time, and a verdict must not depend on that. Kept as runs:
// a paragraph typed is one.
import type { DepthRun } from "./rules"

interface Runs {
  readonly clocks: number[]
  readonly depths: number[]
}

export class Depths {
  readonly #clients = new Map<number, Runs>()

  /** Adds runs that follow what is known of a client, by clock. */
  add(client: number, runs: readonly DepthRun[]): void {
    if (runs.length === 0) return
    const known = this.#clients.get(client) ?? { clocks: [], depths: [] }
    this.#clients.set(client, known)
    for (const { clock, depth } of runs) {
      if (known.depths.at(-1) === depth) continue
      known.clocks.push(clock)
      known.depths.push(depth)
    }
  }

  /** The depth at a clock; 0 where nothing is known. */
  at(client: number, clock: number): number {
    const runs = this.#clients.get(client)
    if (!runs) return 0
    let low = 0
    let high = runs.clocks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((runs.clocks[middle] ?? 0) <= clock) low = middle + 1
      else high = middle
    }
    return runs.depths[low - 1] ?? 0
  }

  /** Whether two know the same. */
  equals(other: Depths): boolean {
    const same = (a: readonly number[], b: readonly number[]) =>
      a.length === b.length && a.every((value, index) => value === b[index])
    // A client that lies in roots throughout is as good as one of which nothing is known.
    const all = new Set([...this.#clients.keys(), ...other.#clients.keys()])
    return [...all].every(client => {
      const [mine, theirs] = [this.#clients.get(client), other.#clients.get(client)]
      if (!mine || !theirs) return (mine ?? theirs)?.depths.every(depth => depth === 0) ?? true
      return same(mine.clocks, theirs.clocks) && same(mine.depths, theirs.depths)
    })
  }

  /** The runs of a client that cover clocks from `from` up to `to`; the first starts at `from`. */
  between(client: number, from: number, to: number): DepthRun[] {
    if (from >= to) return []
    const runs = this.#clients.get(client)
    const found: DepthRun[] = [{ clock: from, depth: this.at(client, from) }]
    runs?.clocks.forEach((clock, index) => {
      if (clock > from && clock < to) found.push({ clock, depth: runs.depths[index] ?? 0 })
    })
    return found
  }
}
