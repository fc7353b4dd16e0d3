// The notes of a document as its log holds them: every envelope of channel 1 opened, judged and taken apart into
// events (protocol §10). It is to notes what absorb.ts is to the text, and knows no Y.Doc: a note names words of the
// text, but text and notes never wait for each other. What an event is about must be in its closure; what breaks a
// rule is poison, the same on every replica. What the events come to is for content/notes.ts.
import { FormatError, NewerVersionError } from "../bytes/errors"
import type { SessionId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import { CHANNELS, KINDS, type Session, splitEnvelope } from "../records/envelope"
import { decodeNotes, type NoteEvent, type NoteId, noteId, noteParts, targetOf } from "../records/note"
import type { Head, Plain } from "../records/plain"
import type { Poison } from "./absorb"
import { Closure } from "./closure"
import type { Past } from "./rules"
import { BodyKeys, type KeyOf, openBody } from "./sealing"

/** An event as the log tells it. */
export interface LoggedNote {
  readonly id: NoteId
  readonly event: NoteEvent
  readonly lamport: number
  /** The writer's wall clock, ms: shown, never trusted. */
  readonly at: number
  readonly session: Pick<Session, "sessionId" | "seat" | "grantPub">
}

export interface NoteLogOptions {
  readonly keeper: Keeper
  readonly keyOf: KeyOf
  readonly world: World
  /** Called when events were added, or something was found to be poison. */
  readonly onProgress: () => void
  readonly onProblem: (error: unknown) => void
}

const TURN_MS = 12
const READ_BYTES = 64 * 1024

/** The session's next events, or why there are none: it waits for another session, or what came is poison. */
type Verdict =
  | { readonly ok: true; readonly events: readonly NoteEvent[] }
  | { readonly ok: false; readonly waitsFor: SessionId }
  | { readonly ok: false; readonly why: string }

export class NoteLog {
  /** What is applied of the notes alone. Its "clocks" count events, and its client numbers the sessions. */
  readonly closure = new Closure()
  readonly #options: NoteLogOptions
  readonly #entries = new Map<NoteId, LoggedNote>()
  readonly #numbers = new Map<SessionId, number>()
  readonly #ready = new Set<SessionId>()
  readonly #waiters = new Map<SessionId, Set<SessionId>>()
  readonly #poison = new Map<SessionId, Poison>()
  readonly #durable = new Map<SessionId, number>()
  readonly #keys: BodyKeys
  /** Sessions of an epoch that cannot be read here yet. */
  readonly #keyless = new Set<SessionId>()
  readonly #stops: Stop[]
  #running: Promise<void> | null = null
  #closed = false

  constructor(options: NoteLogOptions) {
    this.#options = options
    const { keeper } = options
    this.#keys = new BodyKeys(options.keyOf, keeper.docId)
    for (const entry of keeper.storedVector()) this.#grown(entry)
    this.#stops = [
      keeper.onStored(entries => this.#wake(entries)),
      keeper.onShift(() => this.#wake(keeper.storedVector())),
      keeper.onAppend((envelopes, source) => {
        if (source === "own" || source === "disk") this.#wake(envelopes.map(({ header }) => header))
      }),
    ]
  }

  /** All events that are applied, in no particular order. */
  get entries(): Iterable<LoggedNote> {
    return this.#entries.values()
  }

  has(id: NoteId): boolean {
    return this.#entries.has(id)
  }

  get poison(): readonly Poison[] {
    return [...this.#poison.values()]
  }

  /** Envelopes in the log that wait for others. */
  get waiting(): number {
    let waiting = -this.#poison.size
    for (const [sessionId, seq] of this.#durable)
      waiting += Math.min(seq, this.#options.keeper.log.reach(sessionId)) - this.closure.reach(sessionId)
    return Math.max(0, waiting)
  }

  /** Resolves when everything that the log holds durably is applied, poison, or waits. Rejects with StorageError. */
  settled(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
      if (this.#ready.size > 0 && !this.#closed) this.settled().catch(this.#options.onProblem)
    })
    return this.#running
  }

  /** More epochs can be read than before. */
  renew(keyOf: KeyOf): void {
    this.#keys.renew(keyOf)
    for (const sessionId of this.#keyless) this.#ready.add(sessionId)
    this.#keyless.clear()
    this.#wake([])
  }

  close(): void {
    this.#closed = true
    for (const stop of this.#stops) stop()
  }

  #wake(places: readonly Pick<Head, "sessionId" | "seq">[]): void {
    for (const place of places) this.#grown(place)
    if (this.#ready.size > 0) this.settled().catch(this.#options.onProblem)
  }

  #grown({ sessionId, seq }: Pick<Head, "sessionId" | "seq">): void {
    if (this.#options.keeper.log.session(sessionId)?.channel !== CHANNELS.notes) return
    this.#durable.set(sessionId, Math.max(seq, this.#durable.get(sessionId) ?? -1))
    if (!this.#poison.has(sessionId)) this.#ready.add(sessionId)
  }

  async #run(): Promise<void> {
    const { world, onProgress } = this.#options
    let ends = world.now() + TURN_MS
    // Sets are walked as they grow: who waited for a session is taken up after it.
    for (const sessionId of this.#ready) {
      await this.#take(sessionId)
      if (this.#closed) return
      if (world.now() < ends) continue
      await new Promise<void>(resolve => world.after(0, resolve))
      ends = world.now() + TURN_MS
    }
    onProgress()
  }

  async #take(sessionId: SessionId): Promise<void> {
    const { keeper } = this.#options
    this.#ready.delete(sessionId)
    const session = keeper.log.session(sessionId)
    if (!session) return // it was rolled back: the disk did not take it
    for (;;) {
      const from = this.closure.reach(sessionId) + 1
      const to = Math.min(this.#durable.get(sessionId) ?? -1, keeper.log.reach(sessionId))
      if (from > to || this.#closed) return
      const found = await keeper.read({ sessionId, from, to }, READ_BYTES)
      if (found.length === 0) throw new StorageError("damaged", "the log does not hold what its index names")
      for (const bytes of found) if (!this.#step(session, bytes)) return
    }
  }

  /** Whether the envelope was applied. */
  #step(session: Session, bytes: Uint8Array): boolean {
    const { id, header, body } = splitEnvelope(bytes)
    const { sessionId } = session
    const key = this.#keys.of(session)
    if (!key) {
      this.#keyless.add(sessionId)
      return false
    }
    const opening = openBody(body, key)
    const verdict: Verdict = opening.ok
      ? this.#judge(session, header.kind === KINDS.open, opening.plain)
      : opening
    if (opening.ok && verdict.ok) {
      this.#apply(session, opening.plain, verdict.events)
      return true
    }
    if ("waitsFor" in verdict) {
      const waiters = this.#waiters.get(verdict.waitsFor) ?? new Set()
      this.#waiters.set(verdict.waitsFor, waiters.add(sessionId))
    } else if ("why" in verdict) {
      this.#poison.set(sessionId, { sessionId, seq: header.seq, id, why: verdict.why })
    }
    return false
  }

  #judge({ sessionId }: Session, opens: boolean, plain: Plain): Verdict {
    const { keeper } = this.#options
    const poison = (why: string): Verdict => ({ ok: false, why })
    for (const dep of plain.deps) {
      if (dep.sessionId === sessionId) return poison("it names its own session")
      const channel = keeper.log.session(dep.sessionId)?.channel ?? CHANNELS.notes
      if (channel !== CHANNELS.notes) return poison("it names a session of the text")
      const isApplied =
        this.closure.reach(dep.sessionId) >= dep.seq && keeper.log.idAt(dep.sessionId, dep.seq) === dep.id
      if (!isApplied) return { ok: false, waitsFor: dep.sessionId }
    }
    const past = this.closure.pastOf(sessionId, plain.deps)
    if (plain.lamport !== past.lamport + 1) return poison(`expected lamport time ${past.lamport + 1}`)
    if (opens)
      return plain.payload.length === 0 ? { ok: true, events: [] } : poison("expected no notes in an opening")
    try {
      const events = decodeNotes(plain.payload)
      const stray = events.find((event, index) => !this.#knows(past, sessionId, index, event))
      return stray
        ? poison(`a note to ${stray.type} is about one that it had not seen`)
        : { ok: true, events }
    } catch (error) {
      if (error instanceof FormatError || error instanceof NewerVersionError) return poison(error.message)
      throw error
    }
  }

  // Whether what an event is about is in its closure; `offset`: how many events come before it in its envelope.
  #knows(past: Past, own: SessionId, offset: number, event: NoteEvent): boolean {
    const target = targetOf(event)
    if (target === null) return true
    const { sessionId, index } = noteParts(target)
    if (sessionId === own) return index < this.closure.endOf(own) + offset
    const number = this.#numbers.get(sessionId)
    return number !== undefined && past.covers(number, index)
  }

  #apply(session: Session, plain: Plain, events: readonly NoteEvent[]): void {
    const { sessionId } = session
    const { lamport, at } = plain
    const first = this.closure.endOf(sessionId)
    const number = this.#numbers.get(sessionId) ?? this.#numbers.size
    this.#numbers.set(sessionId, number)
    const deps = plain.deps.map(dep => ({ sessionId: dep.sessionId, seq: dep.seq }))
    this.closure.add(
      { sessionId, clientId: number },
      { end: first + events.length, lamport, deps, depths: [] },
    )
    for (const [index, event] of events.entries()) {
      const id = noteId(sessionId, first + index)
      this.#entries.set(id, { id, event, lamport, at, session })
    }
    for (const waiter of this.#waiters.get(sessionId) ?? []) this.#ready.add(waiter)
    this.#waiters.delete(sessionId)
  }
}
