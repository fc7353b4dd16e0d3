// What has been applied to a document, and what each session's next envelope may build upon: the closure (protocol
// §4). Per session it keeps one number per envelope (its last clock) and the few heads each envelope named; which
// clocks a closure covers is found by walking those, and the walk of a session goes on where it stopped. Nothing here
// depends on the order of arrival. It never sees a Y.Doc or a key.
//
// An envelope's closure: the closure of the one before it, the closures of the heads it names, and those themselves.
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
}

/** How far one session is applied. `ends`, `lamports`: by seq. */
export interface AppliedSession {
  readonly sessionId: SessionId
  readonly client: number
  readonly ends: number[]
  readonly lamports: number[]
  /** By seq, only where some are named. */
  readonly deps: Map<number, readonly Place[]>
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
    return (this.#sessions.get(sessionId)?.ends.length ?? 0) - 1
  }

  /** The clock after a session's last applied words. */
  endOf(sessionId: SessionId): number {
    return this.#sessions.get(sessionId)?.ends.at(-1) ?? 0
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
    return this.#byClient.get(client)?.ends.at(-1) ?? 0
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
  pastOf(sessionId: SessionId, deps: readonly Place[]): Past & { readonly lamport: number } {
    const vector = this.#vectorFor(sessionId, deps)
    return {
      covers: (client, clock) => {
        const session = this.#byClient.get(client)
        const seq = session && vector.get(session.sessionId)
        return seq !== undefined && clock < (session?.ends[seq] ?? 0)
      },
      depthAt: (client, clock) => this.depths.at(client, clock),
      lamport: this.#lamportOf(sessionId, deps),
    }
  }

  /** Takes note that a session's next envelope is applied. Its deps must be. */
  add({ sessionId, clientId }: Pick<Session, "sessionId" | "clientId">, step: Step): void {
    const session = this.#sessionOf(sessionId, clientId)
    const seq = session.ends.length
    session.ends.push(step.end)
    session.lamports.push(step.lamport)
    if (step.deps.length > 0) session.deps.set(seq, step.deps)
    for (const dep of step.deps)
      this.#named.set(dep.sessionId, Math.max(dep.seq, this.#named.get(dep.sessionId) ?? -1))
    this.depths.add(clientId, step.depths)
    this.#keepVector(sessionId, seq)
    this.#lamport = Math.max(this.#lamport, step.lamport)
  }

  #sessionOf(sessionId: SessionId, client: number): AppliedSession {
    const known = this.#sessions.get(sessionId)
    if (known) return known
    if (this.#byClient.has(client)) throw new Error("two sessions were applied under one client number")
    const session: AppliedSession = { sessionId, client, ends: [], lamports: [], deps: new Map() }
    this.#sessions.set(sessionId, session)
    this.#byClient.set(client, session)
    return session
  }

  // The greatest in a closure stands at one of its ends: naming counts up.
  #lamportOf(sessionId: SessionId, deps: readonly Place[]): number {
    let greatest = this.#sessions.get(sessionId)?.lamports.at(-1) ?? 0
    for (const dep of deps)
      greatest = Math.max(greatest, this.#sessions.get(dep.sessionId)?.lamports[dep.seq] ?? 0)
    return greatest
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
      vector.set(place.sessionId, place.seq)
      const named = this.#sessions.get(place.sessionId)?.deps
      for (let seq = covered + 1; named && seq <= place.seq; seq++)
        for (const next of named.get(seq) ?? []) toWalk.push(next)
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
