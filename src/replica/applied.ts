// Marks of a readable copy: which envelopes it surely contains, with what their closures need, so that opening a
// document opens only the envelopes that came since. A mark holds what was applied between two moments; together they
// hold all. They are this device's own notes: checked for form, and the log is asked whether it agrees.
//
//     version | sessions[ sessionId16 | client ]
//     | stretches[ session | from | clock | steps[ more | clocks | lamport | deps[ session | seq ] ]
//                  | depths[ clocks | depth ] ]
//
// `more`: how many places a step stands for beside its own, those of a rollup's run.
import { FormatError } from "../bytes/errors"
import { idBytes, idOf, SESSION_ID_BYTES, type SessionId } from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { Writer } from "../bytes/writer"
import type { Session } from "../records/envelope"
import { type AppliedStep, Closure } from "./closure"
import type { DepthRun } from "./rules"

const VERSION = 2
const MANY = 10_000_000

/** How far each session was when the last mark was written. */
export type Marked = ReadonlyMap<SessionId, number>

/** How far a closure is now. */
export function reachOf(closure: Closure): Map<SessionId, number> {
  return new Map([...closure.sessions()].map(({ sessionId }) => [sessionId, closure.reach(sessionId)]))
}

/** What was applied since `marked`; null: nothing. A fresh array. */
export function encodeMark(closure: Closure, marked: Marked): Uint8Array | null {
  const sessions = [...closure.sessions()]
  const numbers = new Map(sessions.map(({ sessionId }, index) => [sessionId, index]))
  const numberOf = (sessionId: SessionId) => numbers.get(sessionId) ?? 0
  const grown = sessions.filter(({ sessionId }) => closure.reach(sessionId) > (marked.get(sessionId) ?? -1))
  if (grown.length === 0) return null
  const writer = new Writer().byte(VERSION)
  writer.list(sessions, ({ sessionId, client }) => writer.bytes(idBytes(sessionId)).number(client))
  writer.list(grown, session => {
    const { sessionId, client } = session
    const steps = session.steps.filter(({ seq }) => seq > (marked.get(sessionId) ?? -1))
    const from = steps[0]?.first ?? 0
    const clock = closure.endAt({ sessionId, seq: from - 1 })
    writer.number(numberOf(sessionId)).number(from).number(clock)
    let end = clock
    writer.list(steps, step => {
      writer
        .number(step.seq - step.first)
        .number(step.end - end)
        .number(step.lamport)
      writer.list(step.deps, dep => writer.number(numberOf(dep.sessionId)).number(dep.seq))
      end = step.end
    })
    let last = clock
    writer.list(closure.depths.between(client, clock, end), run => {
      writer.number(run.clock - last).number(run.depth)
      last = run.clock
    })
  })
  return writer.end()
}

/** What the log knows of a session: its number for Yjs and how far it goes; null: it never heard of it. */
export type InLog = (sessionId: SessionId) => { readonly client: number; readonly reach: number } | null

/**
 * The closure that marks tell of, or null if they do not hold together or tell of more than the log holds.
 * Stretches that overlap (two tabs mark the same copy) are taken once.
 */
export function decodeMarks(marks: readonly Uint8Array[], inLog: InLog): Closure | null {
  try {
    const stretches = marks.flatMap(readMark).sort((a, b) => a.from - b.from)
    const closure = new Closure()
    for (const stretch of stretches) addStretch(closure, stretch)
    for (const { sessionId, client, steps } of closure.sessions()) {
      const logged = inLog(sessionId)
      if (logged?.client !== client || logged.reach < closure.reach(sessionId)) return null
      for (const { deps } of steps)
        if (deps.some(place => place.seq > closure.reach(place.sessionId))) return null
    }
    return closure
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}

interface Stretch extends Pick<Session, "sessionId" | "clientId"> {
  readonly from: number
  /** The clock before the first step. */
  readonly clock: number
  readonly steps: readonly AppliedStep[]
  readonly depths: readonly DepthRun[]
}

function addStretch(closure: Closure, { sessionId, clientId, from, clock, steps, depths }: Stretch): void {
  const next = closure.reach(sessionId) + 1
  if (from > next) throw new FormatError(`expected a mark from seq ${next}, got ${from}`)
  const end = closure.endOf(sessionId)
  if (from === next && clock !== end) throw new FormatError(`expected a mark from clock ${end}, got ${clock}`)
  if (from === 0 && closure.isTaken({ sessionId, clientId })) throw new FormatError("expected a client once")
  for (const step of steps) {
    const { first, seq } = step
    if (closure.holds(sessionId, step)) continue
    const reach = closure.reach(sessionId)
    if (first > reach + 1 || seq <= reach) throw new FormatError("expected steps that follow each other")
    closure.add({ sessionId, clientId }, { ...step, depths: [], ...(first < seq && { run: { first, seq } }) })
  }
  if (closure.endOf(sessionId) > end) closure.depths.add(clientId, runsFrom(depths, end))
}

/** The runs from a clock on; what lay before is known already. */
export function runsFrom(runs: readonly DepthRun[], clock: number): DepthRun[] {
  const covering = runs.findLast(run => run.clock <= clock)
  const later = runs.filter(run => run.clock > clock)
  return covering ? [{ clock, depth: covering.depth }, ...later] : later
}

function readMark(mark: Uint8Array): Stretch[] {
  const reader = new Reader(mark)
  const version = reader.byte("a version")
  if (version !== VERSION) throw new FormatError(`expected marks of version ${VERSION}, got ${version}`)
  const sessions = reader.list("sessions", MANY, () => ({
    sessionId: idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session")),
    clientId: reader.number("a client"),
  }))
  const session = () => {
    const found = sessions[reader.number("a session")]
    if (!found) throw new FormatError("expected a session of the table")
    return found
  }
  const stretches = reader.list("stretches", MANY, () => {
    const { sessionId, clientId } = session()
    const from = reader.number("a sequence number")
    const clock = reader.number("a clock")
    let end = clock
    let next = from
    const steps = reader.list("steps", MANY, () => {
      const first = next
      const seq = first + reader.number("a number of places", MANY)
      next = seq + 1
      end += reader.number("a number of clocks")
      const lamport = reader.number("a lamport time")
      const deps = reader.list("dependencies", MANY, () => ({
        sessionId: session().sessionId,
        seq: reader.number("a sequence number"),
      }))
      return { first, seq, end, lamport, deps }
    })
    let start = clock
    const depths = reader.list("depths", MANY, () => {
      start += reader.number("a number of clocks")
      return { clock: start, depth: reader.number("a depth") }
    })
    return { sessionId, clientId, from, clock, steps, depths }
  })
  reader.end("a mark")
  return stretches
}
