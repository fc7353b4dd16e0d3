// What has been applied to a document, and what each session's next envelope may build upon: the closure (protocol
// §4). Per session it keeps one step per envelope (its last clock, and the few heads that it named); which clocks a
// closure covers is found by walking those, and the walk of a session goes on where it stopped. Nothing here depends
// on the order of arrival. It never sees a Y.Doc or a key.
//
// An envelope's closure: the closure of the one before it, the closures of the heads it names, and those themselves.
// Once a rollup stands, its whole run and itself are one step: whoever names any of it names all of it (§8).
import type { SessionId } from "../bytes/ids"
import type { Session } from "../records/envelope"
import { Depths } from "./depths"
import type { DepthRun, Past } from "./rules"

/** One place of a chain, without its id. */
export interface Place {
  readonly sessionId: SessionId
  readonly seq: number
}

/** What applying an envelope adds. */
export interface Step {
  /** The clock after its words; that of the one before if it had none. */
  readonly end: number
  readonly lamport: number
  readonly deps: readonly Place[]
  readonly depths: readonly DepthRun[]
  /** Of a rollup: where its run begins and where it stands itself. What is applied of the run gives way to it. */
  readonly run?: { readonly first: number; readonly seq: number }
}

/** What is applied of a session, from `first` to `seq`: one envelope, or a run and the rollup that stands for it. */
export interface AppliedStep extends Pick<Step, "end" | "lamport" | "deps"> {
  readonly first: number
  readonly seq: number
}

/** How far one session is applied: its steps, each beginning where the one before ends. */
export interface AppliedSession {
  readonly sessionId: SessionId
  readonly client: number
  readonly steps: AppliedStep[]
}

/** What an envelope rests on. Where a rollup stands for what it names, lamport times are known between two bounds. */
export interface LamportPast {
  readonly lamport: number
  readonly lamportLow: number
}

/** Session → the greatest seq that is covered. */
type Vector = Map<SessionId, number>

/** Vectors kept for sessions that wrote lately; others are walked again when they come back. */
const VECTORS_MAX = 256

export class Closure {
  readonly #sessions = new Map<SessionId, AppliedSession>()
  readonly #byClient = new Map<number, AppliedSession>()
  /** The closure of a session's last applied envelope, itself included. */
  readonly #vectors = new Map<SessionId, Vector>()
  /** The greatest seq that anyone applied names, by session: what nobody names is a head to be named. */
  readonly #named = new Map<SessionId, number>()
  /** The vector that `pastOf` has just made, of an envelope that may be applied next. */
  #walked: { readonly sessionId: SessionId; readonly vector: Vector } | null = null
  readonly depths = new Depths()
  #lamport = 0

  /** The greatest lamport time applied; 0: nothing. */
  get lamport(): number {
    return this.#lamport
  }

  /** How far a session is applied; -1: not at all. */
  reach(sessionId: SessionId): number {
    return this.#sessions.get(sessionId)?.steps.at(-1)?.seq ?? -1
  }

  /** The clock after a session's last applied words. */
  endOf(sessionId: SessionId): number {
    return endOf(this.#sessions.get(sessionId))
  }

  /** The clock after a session's words up to a place. */
  endAt({ sessionId, seq }: Place): number {
    return this.#stepAt(sessionId, seq)?.end ?? 0
  }

  /** Whether the rollup at a place stands for its run here. */
  isRolledUp({ sessionId, seq }: Place): boolean {
    const step = this.#stepAt(sessionId, seq)
    return step !== null && step.seq === seq && step.first < seq
  }

  /** Whether a step is applied, by itself or as a part of one that stands for more. */
  holds(sessionId: SessionId, { first, seq }: Pick<AppliedStep, "first" | "seq">): boolean {
    return (this.#stepAt(sessionId, seq)?.first ?? Number.POSITIVE_INFINITY) <= first
  }

  sessions(): Iterable<AppliedSession> {
    return this.#sessions.values()
  }

  /** Whether another session is applied under the number that Yjs knows this one by. */
  isTaken({ sessionId, clientId }: Pick<Session, "sessionId" | "clientId">): boolean {
    const holder = this.#byClient.get(clientId)
    return holder !== undefined && holder.sessionId !== sessionId
  }

  /** The clock after what is applied of a client; 0: nothing is. */
  endOfClient(client: number): number {
    return endOf(this.#byClient.get(client))
  }

  /** The places that nobody applied names: naming them names everything. */
  frontier(except: SessionId | null): Place[] {
    const places: Place[] = []
    for (const sessionId of this.#sessions.keys()) {
      const seq = this.reach(sessionId)
      if (sessionId !== except && (this.#named.get(sessionId) ?? -1) < seq) places.push({ sessionId, seq })
    }
    return places
  }

  /** All that is applied, as a past: what one writes oneself may build upon all of it. */
  everything(): Past {
    return {
      covers: (client, clock) => clock < this.endOfClient(client),
      depthAt: (client, clock) => this.depths.at(client, clock),
    }
  }

  /** The past of a session's next envelope, which names `deps`; all of those must be applied. */
  pastOf(sessionId: SessionId, deps: readonly Place[]): Past & LamportPast {
    const vector = this.#vectorFor(sessionId, deps)
    return {
      covers: (client, clock) => {
        const session = this.#byClient.get(client)
        const seq = session && vector.get(session.sessionId)
        return seq !== undefined && clock < this.endAt({ sessionId: session?.sessionId ?? sessionId, seq })
      },
      depthAt: (client, clock) => this.depths.at(client, clock),
      ...this.lamportOf(sessionId, deps),
    }
  }

  /** What a session's envelopes rest on, itself included: session → the greatest seq. */
  coverOf(sessionId: SessionId): ReadonlyMap<SessionId, number> {
    return new Map(this.#vectorFor(sessionId, []))
  }

  /** Takes note that a session's next envelope is applied. Its deps must be, or be applied in the same transaction. */
  add({ sessionId, clientId }: Pick<Session, "sessionId" | "clientId">, step: Step): void {
    const { steps } = this.#sessionOf(sessionId, clientId)
    const next = this.reach(sessionId) + 1
    const { first, seq } = step.run ?? { first: next, seq: next }
    if (first < seq) this.#giveWay(steps, first)
    steps.push({ first, seq, end: step.end, lamport: step.lamport, deps: step.deps })
    for (const dep of step.deps)
      this.#named.set(dep.sessionId, Math.max(dep.seq, this.#named.get(dep.sessionId) ?? -1))
    this.depths.add(clientId, step.depths)
    this.#keepVector(sessionId, seq)
    this.#lamport = Math.max(this.#lamport, step.lamport)
  }

  // What is applied of a run is in its rollup. Whoever named some of it rests on more than was walked before.
  #giveWay(steps: AppliedStep[], first: number): void {
    while ((steps.at(-1)?.first ?? -1) >= first) steps.pop()
    if ((steps.at(-1)?.seq ?? -1) !== first - 1)
      throw new Error("a rollup begins within what stands for others")
    this.#vectors.clear()
    this.#walked = null
  }

  // The step that a place lies in, or null if it is not applied.
  #stepAt(sessionId: SessionId, seq: number): AppliedStep | null {
    const session = this.#sessions.get(sessionId)
    return session && seq >= 0 ? (session.steps[indexOf(session, seq)] ?? null) : null
  }

  #sessionOf(sessionId: SessionId, client: number): AppliedSession {
    const known = this.#sessions.get(sessionId)
    if (known) return known
    if (this.#byClient.has(client)) throw new Error("two sessions were applied under one client number")
    const session: AppliedSession = { sessionId, client, steps: [] }
    this.#sessions.set(sessionId, session)
    this.#byClient.set(client, session)
    return session
  }

  /** The greatest in the closure of a session's next envelope. It stands at one of the closure's ends: naming counts up. */
  lamportOf(sessionId: SessionId, deps: readonly Place[]): LamportPast {
    const own = this.#sessions.get(sessionId)?.steps.at(-1)?.lamport ?? 0
    let lamport = own
    let lamportLow = own
    for (const dep of deps) {
      const step = this.#stepAt(dep.sessionId, dep.seq)
      if (!step) continue
      const before = this.#stepAt(dep.sessionId, step.first - 1)?.lamport ?? 0
      lamport = Math.max(lamport, step.lamport)
      lamportLow = Math.max(lamportLow, dep.seq === step.seq ? step.lamport : before + 1)
    }
    return { lamport, lamportLow }
  }

  // A session's vector only grows, so it is walked on from; a new session begins from the best of its deps'. It is out
  // of the cache until `add` puts it back: of an envelope that is never applied, nobody may inherit anything.
  #vectorFor(sessionId: SessionId, deps: readonly Place[]): Vector {
    const vector = this.#vectors.get(sessionId) ?? this.#begin(deps)
    this.#vectors.delete(sessionId)
    this.#walked = { sessionId, vector }
    const toWalk: Place[] = [{ sessionId, seq: this.reach(sessionId) }, ...deps]
    for (let place = toWalk.pop(); place; place = toWalk.pop()) {
      const covered = vector.get(place.sessionId) ?? -1
      if (place.seq <= covered) continue
      const session = this.#sessions.get(place.sessionId)
      if (!session) continue
      const last = indexOf(session, place.seq)
      vector.set(place.sessionId, session.steps[last]?.seq ?? place.seq)
      for (let index = indexOf(session, covered + 1); index <= last; index++)
        for (const next of session.steps[index]?.deps ?? []) toWalk.push(next)
    }
    return vector
  }

  #keepVector(sessionId: SessionId, seq: number): void {
    if (this.#walked?.sessionId !== sessionId) this.#vectors.delete(sessionId)
    else this.#vectors.set(sessionId, this.#walked.vector.set(sessionId, seq)) // the latest stands last
    this.#walked = null
    for (const oldest of this.#vectors.keys()) {
      if (this.#vectors.size <= VECTORS_MAX) break
      this.#vectors.delete(oldest)
    }
  }

  #begin(deps: readonly Place[]): Vector {
    let best: Vector | null = null
    for (const { sessionId, seq } of deps) {
      const vector = this.#vectors.get(sessionId)
      if (vector && vector.get(sessionId) === seq && vector.size > (best?.size ?? 0)) best = vector
    }
    return new Map(best)
  }
}

function endOf(session: AppliedSession | undefined): number {
  return session?.steps.at(-1)?.end ?? 0
}

// Which of a session's steps a place lies in; one past the last if none.
function indexOf({ steps }: AppliedSession, seq: number): number {
  let low = 0
  let high = steps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((steps[middle]?.seq ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}
