// Sets of deleted clocks, as ranges per client, sorted and joined. Deletions leave no trace in clocks, so they are
// gathered as they happen and compared after a crash. Values: every function makes a new set.

export interface Range {
  readonly clock: number
  readonly length: number
}

/** Client → ranges, sorted by clock, none touching another. No client without ranges. */
export type Deletes = ReadonlyMap<number, readonly Range[]>

export const NO_DELETES: Deletes = new Map()

/** What Yjs calls a delete set. */
interface DeleteSet {
  readonly clients: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>
}

export function deletesOf(set: DeleteSet): Deletes {
  const ranges = [...set.clients].map(([client, items]): [number, Range[]] => [
    client,
    joined(items.map(({ clock, len }) => ({ clock, length: len }))),
  ])
  return new Map(ranges.filter(([, each]) => each.length > 0))
}

export function union(a: Deletes, b: Deletes): Deletes {
  if (a.size === 0) return b
  const whole = new Map(a)
  for (const [client, ranges] of b) whole.set(client, joined([...(whole.get(client) ?? []), ...ranges]))
  return whole
}

/** What is in `a` and not in `b`. */
export function minus(a: Deletes, b: Deletes): Deletes {
  const left = new Map<number, Range[]>()
  for (const [client, ranges] of a) {
    const others = b.get(client) ?? []
    const rest: Range[] = []
    let next = 0
    for (const { clock, length } of ranges) {
      let start = clock
      const end = clock + length
      while (next < others.length && endOf(others[next]) <= start) next++
      for (let index = next; start < end; index++) {
        const other = others[index]
        if (!other || other.clock >= end) {
          rest.push({ clock: start, length: end - start })
          break
        }
        if (other.clock > start) rest.push({ clock: start, length: other.clock - start })
        start = endOf(other)
      }
    }
    if (rest.length > 0) left.set(client, rest)
  }
  return left
}

/** The part that lies below each client's limit, at most `rangesMax` ranges of it. */
export function below(deletes: Deletes, limitOf: (client: number) => number, rangesMax: number): Deletes {
  const found = new Map<number, Range[]>()
  let room = rangesMax
  for (const [client, ranges] of deletes) {
    const limit = limitOf(client)
    const inside = ranges
      .filter(({ clock }) => clock < limit)
      .slice(0, room)
      .map(({ clock, length }) => ({ clock, length: Math.min(length, limit - clock) }))
    if (inside.length > 0) found.set(client, inside)
    room -= inside.length
  }
  return found
}

function joined(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a.clock - b.clock)
  const result: Range[] = []
  for (const range of sorted) {
    const last = result.at(-1)
    if (last && endOf(last) >= range.clock)
      result[result.length - 1] = {
        clock: last.clock,
        length: Math.max(last.length, endOf(range) - last.clock),
      }
    else result.push(range)
  }
  return result
}

function endOf(range: Range | undefined): number {
  return range ? range.clock + range.length : 0
}
