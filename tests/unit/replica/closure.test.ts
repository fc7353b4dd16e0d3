// Closures against a slow twin that remembers every vector; marks that come back as they were; sets of deletions
// against sets of single clocks.
import * as prng from "lib0/prng"
import { expect, test } from "vitest"
import { idOf, type SessionId } from "../../../src/bytes/ids"
import { decodeMarks, encodeMark, type InLog, reachOf } from "../../../src/replica/applied"
import { Closure, type Place } from "../../../src/replica/closure"
import { below, type Deletes, deletesOf, minus, union } from "../../../src/replica/deletes"
import { SEED } from "../chance"

interface Written {
  readonly place: Place
  readonly deps: readonly Place[]
  readonly end: number
  readonly lamport: number
  /** Session number → clocks covered: the twin's answer. */
  readonly covered: ReadonlyMap<number, number>
}

const sessionOf = (number: number): SessionId => idOf<SessionId>(new Uint8Array(16).fill(number + 1))
const clientOf = (number: number) => 1000 + number

/** A history of some sessions that hear of each other now and then. */
function history(seed: number, sessions: number, length: number): { closure: Closure; written: Written[] } {
  const chance = prng.create(seed)
  const closure = new Closure()
  const chains: Written[][] = Array.from({ length: sessions }, () => [])
  const written: Written[] = []
  for (let step = 0; step < length; step++) {
    const number = prng.int32(chance, 0, sessions - 1)
    const chain = chains[number] ?? []
    const named = chains.flatMap((other, index) => {
      const last = other.length - 1 - prng.int32(chance, 0, Math.min(3, other.length))
      return index !== number && last >= 0 && prng.bool(chance) ? [{ index, seq: last }] : []
    })
    const deps = named.map(({ index, seq }) => ({ sessionId: sessionOf(index), seq }))
    const covered = new Map(chain.at(-1)?.covered)
    const before = [...named.map(({ index, seq }) => chains[index]?.[seq]), chain.at(-1)]
    for (const each of before)
      for (const [client, end] of each?.covered ?? [])
        covered.set(client, Math.max(end, covered.get(client) ?? 0))
    const end = (chain.at(-1)?.end ?? 0) + prng.int32(chance, 0, 5)
    covered.set(clientOf(number), end)
    const lamport = 1 + Math.max(0, ...before.map(each => each?.lamport ?? 0))
    const sessionId = sessionOf(number)
    const past = closure.pastOf(sessionId, deps)
    expect(past.lamport, `seed ${seed}`).toBe(lamport - 1)
    for (const [client, clocks] of covered) {
      if (client === clientOf(number)) continue
      expect(past.covers(client, clocks), `seed ${seed}`).toBe(false)
      if (clocks > 0) expect(past.covers(client, clocks - 1), `seed ${seed}`).toBe(true)
    }
    for (let other = 0; other < sessions; other++)
      if (!covered.has(clientOf(other))) expect(past.covers(clientOf(other), 0)).toBe(false)
    const depths = end > (chain.at(-1)?.end ?? 0) ? [{ clock: chain.at(-1)?.end ?? 0, depth: step % 3 }] : []
    closure.add({ sessionId, clientId: clientOf(number) }, { end, lamport, deps, depths })
    const entry = { place: { sessionId, seq: chain.length }, deps, end, lamport, covered }
    chain.push(entry)
    written.push(entry)
  }
  return { closure, written }
}

test("a closure covers exactly what walking the whole past would", () => {
  for (let run = 0; run < 60; run++) history(SEED + run, 2 + (run % 6), 60)
})

test("naming the frontier names everything that is applied", () => {
  for (let run = 0; run < 30; run++) {
    const { closure } = history(SEED + run, 5, 50)
    const past = closure.pastOf(idOf<SessionId>(new Uint8Array(16)), closure.frontier(null))
    for (const { client, steps } of closure.sessions()) {
      const end = steps.at(-1)?.end ?? 0
      expect(past.covers(client, end)).toBe(false)
      if (end > 0) expect(past.covers(client, end - 1), `seed ${SEED + run}`).toBe(true)
    }
    expect(past.lamport).toBe(closure.lamport)
  }
})

test("an envelope that was looked at and never applied leaves nothing to others", () => {
  const closure = new Closure()
  const [evil, victim, third] = [0, 1, 2].map(number => ({
    sessionId: sessionOf(number),
    clientId: clientOf(number),
  }))
  if (!evil || !victim || !third) throw new Error("there are three")
  const step = (end: number, lamport: number) => ({ end, lamport, deps: [], depths: [] })
  closure.pastOf(evil.sessionId, [])
  closure.add(evil, step(1, 1))
  closure.add(victim, step(10, 1))
  const named = { sessionId: victim.sessionId, seq: 0 }
  closure.pastOf(evil.sessionId, [named]) // it turns out to be poison
  const past = closure.pastOf(third.sessionId, [{ sessionId: evil.sessionId, seq: 0 }])
  expect(past.covers(evil.clientId, 0)).toBe(true)
  expect(past.covers(victim.clientId, 0)).toBe(false)
})

test("marks together bring back the closure, whatever was marked when", () => {
  for (let run = 0; run < 30; run++) {
    const chance = prng.create(SEED + run)
    const { written } = history(SEED + run, 4, 50)
    const closure = new Closure()
    const marks: Uint8Array[] = []
    let marked = reachOf(closure)
    for (const { place, end, lamport, deps } of written) {
      const clientId = clientOf((Buffer.from(place.sessionId, "base64url")[0] ?? 1) - 1)
      const before = closure.endOf(place.sessionId)
      closure.add(
        { sessionId: place.sessionId, clientId },
        { end, lamport, deps, depths: end > before ? [{ clock: before, depth: end % 4 }] : [] },
      )
      if (!prng.bool(chance)) continue
      const mark = encodeMark(closure, prng.int32(chance, 0, 5) === 0 ? new Map() : marked)
      if (mark) marks.push(mark)
      marked = reachOf(closure)
    }
    const last = encodeMark(closure, marked)
    if (last) marks.push(last)
    const known: InLog = sessionId => {
      const session = [...closure.sessions()].find(each => each.sessionId === sessionId)
      return session ? { client: session.client, reach: closure.reach(sessionId) } : null
    }
    const again = decodeMarks(marks, known)
    const told = (each: Closure | null) => [...(each?.sessions() ?? [])].sort((a, b) => a.client - b.client)
    expect(told(again), `seed ${SEED + run}`).toEqual(told(closure))
    expect(again?.lamport).toBe(closure.lamport)
    for (const { client, steps } of closure.sessions())
      for (let clock = 0; clock < (steps.at(-1)?.end ?? 0); clock++)
        expect(again?.depths.at(client, clock), `seed ${SEED + run}`).toBe(closure.depths.at(client, clock))
    expect(
      decodeMarks(marks, sessionId => {
        const session = known(sessionId)
        return session && { ...session, reach: session.reach - 1 }
      }),
      "a log that holds less",
    ).toBeNull()
    expect(
      decodeMarks(
        marks.map(mark => mark.slice(0, -1)),
        known,
      ),
      "damaged",
    ).toBeNull()
  }
})

test("sets of deletions are sets of clocks", () => {
  const chance = prng.create(SEED)
  const clocks = (deletes: Deletes) =>
    new Set(
      [...deletes].flatMap(([client, ranges]) =>
        ranges.flatMap(({ clock, length }) =>
          Array.from({ length }, (_, index) => `${client}:${clock + index}`),
        ),
      ),
    )
  const random = () =>
    deletesOf({
      clients: new Map(
        [1, 2].map(client => [
          client,
          Array.from({ length: prng.int32(chance, 0, 6) }, () => ({
            clock: prng.int32(chance, 0, 30),
            len: prng.int32(chance, 1, 6),
          })),
        ]),
      ),
    })
  for (let run = 0; run < 300; run++) {
    const [a, b] = [random(), random()]
    const [inA, inB] = [clocks(a), clocks(b)]
    expect(clocks(union(a, b))).toEqual(new Set([...inA, ...inB]))
    expect(clocks(minus(a, b)), `seed ${SEED}, run ${run}`).toEqual(
      new Set([...inA].filter(each => !inB.has(each))),
    )
    const limited = clocks(below(a, () => 15, 1_000))
    expect(limited).toEqual(new Set([...inA].filter(each => Number(each.slice(2)) < 15)))
    const few = below(a, () => 99, 2)
    expect([...few.values()].flat().length).toBeLessThanOrEqual(2)
  }
})

test("what a rollup stands for is one step, named whole by whoever names any of it, and marked as such", () => {
  const closure = new Closure()
  const [one, other] = [0, 1].map(number => ({ sessionId: sessionOf(number), clientId: clientOf(number) }))
  if (!one || !other) throw new Error("there are two")
  closure.add(one, { end: 0, lamport: 1, deps: [], depths: [] })
  const half = encodeMark(closure, new Map())
  const marked = reachOf(closure)
  let end = 0
  for (let seq = 1; seq <= 10_000; seq++) {
    const run = seq % 500 === 0 ? { run: { first: seq - 499, seq } } : {}
    end += seq % 500 === 0 ? 0 : 3
    closure.add(one, { end, lamport: seq + 1, deps: [], depths: [], ...run })
  }
  const inside = closure.pastOf(other.sessionId, [{ sessionId: one.sessionId, seq: 503 }])
  expect(inside.covers(one.clientId, closure.endAt({ sessionId: one.sessionId, seq: 1_000 }) - 1)).toBe(true)
  expect(inside.covers(one.clientId, closure.endAt({ sessionId: one.sessionId, seq: 1_000 }))).toBe(false)
  expect([inside.lamportLow, inside.lamport]).toEqual([502, 1_001])
  const mark = encodeMark(closure, marked)
  expect(mark?.length).toBeLessThan(400)
  const again = decodeMarks(
    [half, mark].filter(each => each !== null),
    () => ({
      client: one.clientId,
      reach: 10_000,
    }),
  )
  expect([...(again?.sessions() ?? [])]).toEqual([...closure.sessions()])
  expect([...closure.sessions()][0]?.steps).toHaveLength(21)
})
