// Rollups that wait for each other (protocol §8). Hashes make circles impossible among envelopes; but where a rollup
// has taken the place of its run, "somebody named the third of these" means the whole, and two people who wrote in
// company wait for each other. Such a circle is found here and judged against what all of it rests on together; it is
// applied in one transaction, because none of it can come first.
import type { SessionId } from "../bytes/ids"
import type { Session } from "../records/envelope"
import type { Head, Plain } from "../records/plain"
import type { Closure, Place, Step } from "./closure"
import { Depths } from "./depths"
import { judge, type Past, type Verdict } from "./rules"

/** An envelope that is read and not applied. Its payload is empty where it adds no words. */
export interface Tied {
  readonly session: Session
  readonly head: Head
  readonly plain: Plain
  /** What it follows: the place before it, or before the run that it stands for and that is not here. */
  readonly after: number
  /** Of a rollup: what it stands for, itself included. */
  readonly run: Step["run"] | null
}

export interface Unapplied {
  isApplied(dep: Head): boolean
  /** What is not applied of a session, in order, up to what covers `seq`; null: it is not here, or may not count. */
  read(sessionId: SessionId, seq: number): Promise<readonly Tied[] | null>
}

interface Node {
  readonly tied: Tied
  readonly on: Node[]
  isBlocked: boolean
}

/**
 * Of what these sessions wait for, a circle that waits for nothing but itself, in the order of its chains. Null:
 * there is none. Several may wait for each other in turn: the one that is given rests on no other.
 */
export async function findCircle(
  sessions: readonly SessionId[],
  closure: Closure,
  unapplied: Unapplied,
): Promise<readonly Tied[] | null> {
  const nodes = new Map<Tied, Node>()
  const open: Node[] = []
  const firsts: Tied[] = []
  for (const sessionId of sessions) {
    const [first] = (await unapplied.read(sessionId, closure.reach(sessionId) + 1)) ?? []
    if (first?.run) firsts.push(first)
  }
  const nodeOf = (tied: Tied): Node => {
    const known = nodes.get(tied)
    if (known) return known
    const node: Node = { tied, on: [], isBlocked: false }
    nodes.set(tied, node)
    open.push(node)
    return node
  }
  for (const tied of firsts) nodeOf(tied)
  for (let node = open.pop(); node; node = open.pop()) {
    const { tied } = node
    const needed: (readonly Tied[] | null)[] = []
    const { sessionId } = tied.session
    if (tied.after > closure.reach(sessionId)) needed.push(await unapplied.read(sessionId, tied.after))
    for (const dep of tied.plain.deps)
      if (!unapplied.isApplied(dep)) needed.push(await unapplied.read(dep.sessionId, dep.seq))
    for (const chain of needed) {
      const last = chain?.at(-1)
      if (last) node.on.push(nodeOf(last))
      else node.isBlocked = true
    }
  }
  block([...nodes.values()])
  return knot([...nodes.values()].filter(node => !node.isBlocked))
}

// What waits for something that is blocked is blocked.
function block(nodes: readonly Node[]): void {
  const waiting = new Map<Node, Node[]>()
  for (const node of nodes)
    for (const other of node.on) waiting.set(other, [...(waiting.get(other) ?? []), node])
  const blocked = nodes.filter(node => node.isBlocked)
  for (let node = blocked.pop(); node; node = blocked.pop())
    for (const other of waiting.get(node) ?? []) {
      if (other.isBlocked) continue
      other.isBlocked = true
      blocked.push(other)
    }
}

// Tarjan, 1972, without recursion: the first strongly connected component that is complete rests on no other.
function knot(nodes: readonly Node[]): readonly Tied[] | null {
  const [start] = nodes
  if (!start) return null
  const order = new Map<Node, number>([[start, 0]])
  const lowest = new Map<Node, number>([[start, 0]])
  const stack = [start]
  const path: { readonly node: Node; next: number }[] = [{ node: start, next: 0 }]
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const { node } = step
    const other = node.on[step.next++]
    if (other) {
      const known = order.get(other)
      if (known === undefined) {
        order.set(other, order.size)
        lowest.set(other, order.size - 1)
        stack.push(other)
        path.push({ node: other, next: 0 })
      } else lowest.set(node, Math.min(lowest.get(node) ?? 0, known))
      continue
    }
    if (lowest.get(node) === order.get(node)) return inOrder(stack.slice(stack.indexOf(node)))
    path.pop()
    const before = path.at(-1)?.node
    if (before) lowest.set(before, Math.min(lowest.get(before) ?? 0, lowest.get(node) ?? 0))
  }
  return null
}

function inOrder(nodes: readonly Node[]): Tied[] {
  return nodes
    .map(({ tied }) => tied)
    .sort((a, b) =>
      a.session.sessionId === b.session.sessionId
        ? a.head.seq - b.head.seq
        : a.session.sessionId < b.session.sessionId
          ? -1
          : 1,
    )
}

/** What applying each of a circle adds, or which of it does not obey the rules. */
export type CircleVerdict =
  | { readonly fit: true; readonly steps: readonly Step[] }
  | { readonly fit: false; readonly tied: Tied; readonly why: string }

/** Judges a circle: each of it may name whatever any of it rests on, or is. */
export function judgeCircle(circle: readonly Tied[], closure: Closure, applied: Unapplied): CircleVerdict {
  const anything: Past = { covers: () => true, depthAt: () => 0 }
  const ends = new Map<number, number>()
  const starts: number[] = []
  for (const tied of circle) {
    const { sessionId, clientId } = tied.session
    const from = ends.get(clientId) ?? closure.endAt({ sessionId, seq: tied.after })
    const verdict = judgeWords(tied, from, anything)
    if (!verdict.fit) return { ...verdict, tied }
    starts.push(from)
    ends.set(clientId, verdict.end)
  }
  const refusal = lamportRefusal(circle, closure, applied)
  if (refusal) return refusal
  const outside = circle.flatMap(({ session: { sessionId }, plain }): Place[] => [
    { sessionId, seq: closure.reach(sessionId) },
    ...plain.deps.filter(dep => applied.isApplied(dep)),
  ])
  const past = closure.pastOf("" as SessionId, outside)
  // How deep what one names lies may be known only from another of the circle: as often as that makes a difference.
  let depths = new Depths()
  for (;;) {
    const joint: Past = {
      covers: (client, clock) => clock < (ends.get(client) ?? 0) || past.covers(client, clock),
      depthAt: (client, clock) =>
        ends.has(client) && clock >= closure.endOfClient(client)
          ? depths.at(client, clock)
          : past.depthAt(client, clock),
    }
    const found = new Depths()
    const steps: Step[] = []
    for (const [index, tied] of circle.entries()) {
      const { session, plain, run } = tied
      const verdict = judgeWords(tied, starts[index] ?? 0, joint)
      if (!verdict.fit) return { ...verdict, tied }
      found.add(session.clientId, verdict.depths)
      const { end } = verdict
      const { lamport, deps } = plain
      steps.push({ end, lamport, deps, depths: verdict.depths, ...(run && { run }) })
    }
    if (found.equals(depths)) return { fit: true, steps }
    depths = found
  }
}

function judgeWords({ plain, session }: Tied, from: number, past: Past): Verdict {
  if (plain.payload.length === 0) return { fit: true, end: from, depths: [], deletes: false }
  return judge(plain.payload, session.clientId, from, past)
}

function lamportRefusal(circle: readonly Tied[], closure: Closure, applied: Unapplied): CircleVerdict | null {
  const before = new Map<SessionId, number>()
  for (const tied of circle) {
    const { session, plain, run } = tied
    const known = closure.lamportOf(
      session.sessionId,
      plain.deps.filter(dep => applied.isApplied(dep)),
    )
    let low = Math.max(known.lamportLow, before.get(session.sessionId) ?? 0)
    let high = Math.max(known.lamport, before.get(session.sessionId) ?? 0)
    for (const dep of plain.deps) {
      const other = circle.find(
        each =>
          each.session.sessionId === dep.sessionId &&
          (each.run?.first ?? each.head.seq) <= dep.seq &&
          dep.seq <= each.head.seq,
      )
      if (!other) continue
      low = Math.max(low, other.head.seq === dep.seq ? other.plain.lamport : 1)
      high = Math.max(high, other.plain.lamport)
    }
    // Of a rollup's time its voucher has spoken.
    if (plain.lamport <= low || (!run && plain.lamport > high + 1))
      return { fit: false, tied, why: `expected lamport time ${low + 1} to ${high + 1}` }
    before.set(session.sessionId, plain.lamport)
  }
  return null
}
