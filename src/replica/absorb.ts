// The only door into a document for what arrives: at start-up, on sync, on import, in the rescue tool. It takes
// envelopes that the log holds durably, opens them, judges them by the Yjs rules and applies them as soon as their
// closure is applied. What cannot be opened or breaks a rule is poison: it stays in the log, is shown, and what builds
// on it waits. A crowd of envelopes is applied in few transactions, with pauses in between.
import * as Y from "yjs"
import type { SessionId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import { CHANNELS, KINDS, type Session, splitEnvelope } from "../records/envelope"
import type { Head, Plain } from "../records/plain"
import type { Closure } from "./closure"
import { Held } from "./held"
import { type DepthRun, judge } from "./rules"
import { envelopeKey, openBody } from "./sealing"

/** The origin of every change that was absorbed. */
export const ARRIVED = { name: "arrived" } as const

/** An envelope that is kept and never applied. */
export interface Poison extends Head {
  readonly why: string
}

/** How a document's log stands against the document. */
export interface Absorption {
  readonly poison: readonly Poison[]
  /** Envelopes in the log that wait for others, for poison, or on a fork. */
  readonly waiting: number
  /** Envelopes met since it was opened whose kind is kept and passed on, but not read yet. */
  readonly unread: number
}

export interface AbsorbOptions {
  readonly doc: Y.Doc
  readonly closure: Closure
  readonly keeper: Keeper
  readonly viewKey: Uint8Array
  readonly world: World
  /** Sessions whose words this very document is the source of: they are not applied to it again. */
  readonly isOwn: (sessionId: SessionId) => boolean
  /** Called after each transaction, and when something was found to be poison. */
  readonly onProgress: () => void
  /** Absorbing stopped for a reason of this device: the log could not be read, or a bug of ours. */
  readonly onProblem: (error: unknown) => void
}

/** The work of one turn, so that a frame is not missed. */
const TURN_MS = 12
const TURN_BYTES = 256 * 1024
const READ_BYTES = 64 * 1024
const READ_AT_ONCE = 64

type Outcome = "applied" | "stopped"

/** Read and waiting to be applied, of one session. */
interface Stretch {
  next: number
  readonly bytes: Uint8Array[]
}

export class Absorb {
  readonly #options: AbsorbOptions
  readonly #keys = new Map<SessionId, Uint8Array>()
  readonly #ready = new Set<SessionId>()
  /** Session waited for → those that wait. */
  readonly #waiters = new Map<SessionId, Set<SessionId>>()
  readonly #poison = new Map<SessionId, Poison>()
  readonly #read = new Map<SessionId, Stretch>()
  readonly #durable = new Map<SessionId, number>()
  readonly #held = new Held()
  readonly #stops: Stop[]
  #staged: Uint8Array[] = []
  #running: Promise<void> | null = null
  #closed = false
  #fault: unknown = null
  #unread = 0

  constructor(options: AbsorbOptions) {
    this.#options = options
    const { keeper } = options
    for (const { sessionId, seq } of keeper.storedVector()) this.#grown(sessionId, seq)
    this.#stops = [
      keeper.onStored(entries => this.#wake(entries)),
      // Own envelopes and another tab's are on the disk when they are told; others' when they are stored.
      keeper.onAppend((envelopes, source) => {
        if (source === "own" || source === "disk") this.#wake(envelopes.map(({ header }) => header))
        else this.#held.add(envelopes)
      }),
      keeper.onLost(() => this.#held.clear()),
    ]
  }

  get absorption(): Absorption {
    let waiting = -this.#poison.size
    for (const [sessionId, seq] of this.#durable)
      if (!this.#options.isOwn(sessionId)) waiting += seq - this.#options.closure.reach(sessionId)
    return { poison: [...this.#poison.values()], waiting: Math.max(0, waiting), unread: this.#unread }
  }

  /** Set when document and closure may differ: nothing may be marked or sealed upon them any more. */
  get fault(): unknown {
    return this.#fault
  }

  /** Resolves when everything that the log holds durably is applied, poison, or waits. Rejects on our own failures. */
  settled(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /**
   * This document is not the source of a session's words any more. Should there be others (a profile that was put back
   * to an older state meets what it wrote since), they are absorbed like everybody's.
   */
  disown(sessionId: SessionId): void {
    this.#wake([{ sessionId, seq: this.#durable.get(sessionId) ?? -1 }])
  }

  close(): void {
    this.#closed = true
    for (const stop of this.#stops) stop()
  }

  #wake(places: readonly { readonly sessionId: SessionId; readonly seq: number }[]): void {
    for (const { sessionId, seq } of places) this.#grown(sessionId, seq)
    if (this.#ready.size > 0) this.settled().catch(this.#options.onProblem)
  }

  #grown(sessionId: SessionId, seq: number): void {
    if (this.#isOfNotes(sessionId)) return
    this.#durable.set(sessionId, Math.max(seq, this.#durable.get(sessionId) ?? -1))
    if (!this.#poison.has(sessionId) && !this.#options.isOwn(sessionId)) this.#ready.add(sessionId)
  }

  // Reading waits, judging and applying do not: between two turns document and closure always agree.
  async #run(): Promise<void> {
    const { world } = this.#options
    while (this.#ready.size > 0 && !this.#closed) {
      await Promise.all([...this.#ready].slice(0, READ_AT_ONCE).map(sessionId => this.#fill(sessionId)))
      if (this.#closed) return
      if (this.#turn() === "over") await new Promise<void>(resolve => world.after(0, resolve))
    }
  }

  // Has the next envelopes of a session at hand, or takes it off the list if there are none.
  async #fill(sessionId: SessionId): Promise<void> {
    const { keeper, closure, isOwn } = this.#options
    const from = closure.reach(sessionId) + 1
    const to = this.#durable.get(sessionId) ?? -1
    const stretch = this.#read.get(sessionId)
    if (stretch?.next === from && stretch.bytes.length > 0) return
    this.#read.delete(sessionId)
    if (from > to || isOwn(sessionId)) {
      this.#ready.delete(sessionId)
      return
    }
    const held = this.#held.take({ sessionId, from, to })
    const bytes = held.length > 0 ? held : await keeper.read({ sessionId, from, to }, READ_BYTES)
    if (bytes.length === 0) throw new StorageError("damaged", "the log does not hold what its index names")
    this.#read.set(sessionId, { next: from, bytes })
  }

  #turn(): "over" | "more to read" {
    const { world } = this.#options
    const ends = world.now() + TURN_MS
    let bytesLeft = TURN_BYTES
    try {
      // A session made ready by another on the way is taken up in the same turn: sets are walked as they grow.
      for (const sessionId of this.#ready) {
        const stretch = this.#read.get(sessionId)
        for (let bytes = stretch?.bytes[0]; bytes; bytes = stretch?.bytes[0]) {
          if (bytesLeft < 0 || world.now() >= ends) return "over"
          bytesLeft -= bytes.length
          if (this.#step(sessionId, bytes) === "applied") continue
          this.#ready.delete(sessionId)
          break
        }
      }
      return "more to read"
    } finally {
      this.#apply()
    }
  }

  #step(sessionId: SessionId, bytes: Uint8Array): Outcome {
    const { keeper, closure } = this.#options
    const session = keeper.log.session(sessionId)
    if (!session) throw new Error("an envelope is stored of a session that is not in the log")
    const { id, header, body } = splitEnvelope(bytes)
    const head = { sessionId, seq: header.seq, id }
    const opening = openBody(body, this.#keyOf(session))
    if (!opening.ok) return this.#stop(head, opening.why)
    const { plain } = opening
    if (plain.deps.some(dep => dep.sessionId === sessionId))
      return this.#stop(head, "it names its own session")
    if (plain.deps.some(dep => this.#isOfNotes(dep.sessionId)))
      return this.#stop(head, "it names a session of notes")
    const missing = plain.deps.find(dep => !this.#isApplied(dep))
    if (missing) {
      // Also for a head that is another one here: a fork, which waits for what other replicas make of it.
      this.#waitersFor(missing.sessionId).add(sessionId)
      return "stopped"
    }
    if (closure.isTaken(session)) return this.#stop(head, "its number is another session's")
    const past = closure.pastOf(sessionId, plain.deps)
    if (plain.lamport !== past.lamport + 1)
      return this.#stop(head, `expected lamport time ${past.lamport + 1}`)
    const from = closure.endOf(sessionId)
    switch (header.kind) {
      case KINDS.open:
        if (plain.payload.length > 0) return this.#stop(head, "expected a session to open without words")
        return this.#take(session, plain, from, [])
      case KINDS.update: {
        const verdict = judge(plain.payload, session.clientId, from, past)
        if (!verdict.fit) return this.#stop(head, verdict.why)
        this.#staged.push(plain.payload)
        return this.#take(session, plain, verdict.end, verdict.depths)
      }
      // What is announced stands in the header, for all to see (§10).
      case KINDS.blobs:
        if (plain.payload.length > 0) return this.#stop(head, "expected blobs to be announced without words")
        return this.#take(session, plain, from, [])
      // What this program keeps and passes on but does not read yet: its place in the chain is taken, without words.
      case KINDS.preview:
      case KINDS.rollup:
      case KINDS.adoption:
        this.#unread++
        return this.#take(session, plain, from, [])
      case KINDS.note:
        throw new Error("a note was accepted on the text's channel")
      default:
        return header satisfies never
    }
  }

  #take(session: Session, { lamport, deps }: Plain, end: number, depths: readonly DepthRun[]): Outcome {
    const { sessionId } = session
    const places = deps.map(dep => ({ sessionId: dep.sessionId, seq: dep.seq }))
    this.#options.closure.add(session, { end, lamport, deps: places, depths })
    const stretch = this.#read.get(sessionId)
    stretch?.bytes.shift()
    if (stretch) stretch.next++
    for (const waiter of this.#waiters.get(sessionId) ?? []) this.#ready.add(waiter)
    this.#waiters.delete(sessionId)
    return "applied"
  }

  #stop(head: Head, why: string): Outcome {
    this.#poison.set(head.sessionId, { ...head, why })
    this.#read.delete(head.sessionId)
    this.#options.onProgress()
    return "stopped"
  }

  // One transaction for all that was judged in a turn: they are in causal order.
  #apply(): void {
    if (this.#staged.length === 0) return
    const { doc, onProgress, onProblem } = this.#options
    const staged = this.#staged
    this.#staged = []
    let applied = 0
    try {
      doc.transact(() => {
        for (const payload of staged) {
          Y.applyUpdate(doc, payload, ARRIVED)
          applied++
        }
      }, ARRIVED)
    } catch (error) {
      // Whoever listens to the document may fail after all was applied; what stopped half-way is a bug of ours.
      if (applied < staged.length) this.#fault = error
      onProblem(error)
    }
    if (doc.store.pendingStructs || doc.store.pendingDs) {
      this.#fault ??= new Error("an update that obeyed the rules left something pending")
      onProblem(this.#fault)
    }
    onProgress()
  }

  // Channel 1 is read by note-log.ts; neither waits for the other.
  #isOfNotes(sessionId: SessionId): boolean {
    return this.#options.keeper.log.session(sessionId)?.channel === CHANNELS.notes
  }

  #isApplied({ sessionId, seq, id }: Head): boolean {
    return (
      this.#options.closure.reach(sessionId) >= seq && this.#options.keeper.log.idAt(sessionId, seq) === id
    )
  }

  #waitersFor(sessionId: SessionId): Set<SessionId> {
    const waiters = this.#waiters.get(sessionId) ?? new Set()
    this.#waiters.set(sessionId, waiters)
    return waiters
  }

  #keyOf({ sessionId, epoch, channel }: Session): Uint8Array {
    const { viewKey, keeper } = this.#options
    const key =
      this.#keys.get(sessionId) ?? envelopeKey(viewKey, { docId: keeper.docId, channel, epoch, sessionId })
    this.#keys.set(sessionId, key)
    return key
  }
}
