// The only door into a document for what arrives: at start-up, on sync, on import, in the rescue tool. It takes
// envelopes that the log holds durably, opens them, judges them by the Yjs rules and applies them as soon as their
// closure is applied. What cannot be opened or breaks a rule is poison: it stays in the log, is shown, and what builds
// on it waits. A crowd of envelopes is applied in few transactions, with pauses in between.
import type { SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import { CHANNELS, type HeaderOf, KINDS, type Session, splitEnvelope } from "../records/envelope"
import type { Head, Plain } from "../records/plain"
import type { AbsorbOptions, Absorption, Poison } from "./absorption"
import { runsFrom } from "./applied"
import { Backlog } from "./backlog"
import { findCircle, judgeCircle } from "./circle"
import type { LamportPast, Step } from "./closure"
import { isEqual, rollUp } from "./rollup"
import { type DepthRun, judge, type Past } from "./rules"
import { BodyKeys, type KeyOf, openBody } from "./sealing"
import { Staging } from "./staging"
import { Stretches } from "./stretches"
import { Waiting } from "./waiting"

export type { Absorption, Poison }

/** The work of one turn, so that a frame is not missed. */
const TURN_MS = 12
const TURN_BYTES = 256 * 1024
const READ_AT_ONCE = 64

/** "later": something has to be read first. */
type Outcome = "applied" | "stopped" | "later"

export class Absorb {
  readonly #options: AbsorbOptions
  readonly #keys: BodyKeys
  readonly #ready = new Set<SessionId>()
  readonly #waiting = new Waiting()
  readonly #poison = new Map<SessionId, Poison>()
  readonly #stretches: Stretches
  readonly #staging: Staging
  readonly #durable = new Map<SessionId, number>()
  readonly #stops: Stop[]
  #running: Promise<void> | null = null
  #closed = false
  #unread = 0

  constructor(options: AbsorbOptions) {
    this.#options = options
    const { keeper, closure, doc } = options
    this.#keys = new BodyKeys(options.keyOf, keeper.docId)
    this.#stretches = new Stretches(keeper, closure, this.#keys)
    this.#staging = new Staging(doc)
    for (const { sessionId, seq } of keeper.storedVector()) this.#grown(sessionId, seq)
    this.#stops = [
      keeper.onStored(entries => this.#wake(entries)),
      // Own envelopes and another tab's are on the disk when they are told; others' when they are stored.
      keeper.onAppend((envelopes, source) => {
        if (source === "own" || source === "disk") this.#wake(envelopes.map(({ header }) => header))
        else this.#stretches.held.add(envelopes)
      }),
      keeper.onLost(() => this.#stretches.held.clear()),
      keeper.onShift(() => this.#wake(keeper.storedVector())),
    ]
  }

  get absorption(): Absorption {
    const { keeper, closure, isOwn } = this.#options
    let waiting = -this.#poison.size
    for (const [sessionId, seq] of this.#durable)
      if (!isOwn(sessionId)) waiting += Math.min(seq, keeper.log.reach(sessionId)) - closure.reach(sessionId)
    return { poison: [...this.#poison.values()], waiting: Math.max(0, waiting), unread: this.#unread }
  }

  /** Set when document and closure may differ: nothing may be marked or sealed upon them any more. */
  get fault(): unknown {
    return this.#staging.fault
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

  /** More epochs can be read than before. */
  renew(keyOf: KeyOf): void {
    this.#keys.renew(keyOf)
    for (const sessionId of this.#waiting.keyless.take()) this.#ready.add(sessionId)
    this.#wake([])
  }

  close(): void {
    this.#closed = true
    for (const stop of this.#stops) stop()
  }

  #wake(places: readonly { readonly sessionId: SessionId; readonly seq: number }[]): void {
    for (const { sessionId, seq } of places) this.#grown(sessionId, seq)
    for (const sessionId of this.#waiting.unvouched.take()) this.#ready.add(sessionId)
    if (this.#ready.size > 0) this.settled().catch(this.#options.onProblem)
  }

  #grown(sessionId: SessionId, seq: number): void {
    if (this.#isOfNotes(sessionId)) return
    const before = this.#durable.get(sessionId) ?? -1
    this.#durable.set(sessionId, Math.max(seq, before))
    // The run of a rollup that did not do.
    if (seq < before) this.#stretches.forget(sessionId)
    if (seq < (this.#poison.get(sessionId)?.seq ?? -1)) this.#poison.delete(sessionId)
    if (!this.#poison.has(sessionId) && !this.#options.isOwn(sessionId)) this.#ready.add(sessionId)
  }

  // Reading waits, judging and applying do not: between two turns document and closure always agree.
  async #run(): Promise<void> {
    const { world } = this.#options
    while (this.#ready.size > 0 && !this.#closed) {
      await Promise.all([...this.#ready].slice(0, READ_AT_ONCE).map(sessionId => this.#fill(sessionId)))
      if (this.#closed) return
      if (this.#turn() === "over") await new Promise<void>(resolve => world.after(0, resolve))
      if (this.#ready.size === 0) await this.#untie()
    }
  }

  // Of what waits, a circle of rollups can only be applied as one.
  async #untie(): Promise<void> {
    const { closure, keeper } = this.#options
    const waiting = this.#waiting.waiters()
    const unapplied = new Backlog(keeper, closure, {
      reachOf: sessionId => (this.#isFree(sessionId) ? (this.#durable.get(sessionId) ?? -1) : -1),
      isApplied: dep => this.#isApplied(dep),
      keys: this.#keys,
    })
    const circle = await findCircle(waiting, closure, unapplied)
    if (!circle || this.#closed) return
    const verdict = judgeCircle(circle, closure, unapplied)
    if (!verdict.fit) {
      const { head } = verdict.tied
      keeper.log.doubt(head.id)
      this.#stop(head, verdict.why)
      return
    }
    for (const [index, { session, plain }] of circle.entries()) {
      const step = verdict.steps[index]
      if (!step) throw new Error("a circle was judged in part")
      if (plain.payload.length > 0) this.#staging.add(plain.payload)
      closure.add(session, { ...step, depths: runsFrom(step.depths, closure.endOf(session.sessionId)) })
    }
    for (const { session } of circle) this.#moved(session.sessionId)
    this.#apply()
  }

  #isFree(sessionId: SessionId): boolean {
    return !this.#poison.has(sessionId) && !this.#options.isOwn(sessionId)
  }

  // Has the next envelopes of a session at hand, or takes it off the list if there are none.
  async #fill(sessionId: SessionId): Promise<void> {
    const { keeper, closure, isOwn } = this.#options
    const to = Math.min(this.#durable.get(sessionId) ?? -1, keeper.log.reach(sessionId))
    if (closure.reach(sessionId) < to && !isOwn(sessionId)) return this.#stretches.fill(sessionId, to)
    this.#stretches.forget(sessionId)
    this.#ready.delete(sessionId)
  }

  #turn(): "over" | "more to read" {
    const { world } = this.#options
    const ends = world.now() + TURN_MS
    let bytesLeft = TURN_BYTES
    try {
      // A session made ready by another on the way is taken up in the same turn: sets are walked as they grow.
      for (const sessionId of this.#ready) {
        const next = () => this.#stretches.next(sessionId)
        for (let bytes = next(); bytes; bytes = next()) {
          if (bytesLeft < 0 || world.now() >= ends) return "over"
          bytesLeft -= bytes.length
          const outcome = this.#step(sessionId, bytes)
          if (outcome === "applied") continue
          if (outcome === "stopped") this.#ready.delete(sessionId)
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
    const key = this.#keys.of(session)
    if (!key) this.#waiting.keyless.add(sessionId)
    if (!key) return "stopped"
    const opening = openBody(body, key)
    if (!opening.ok) return this.#stop(head, opening.why)
    const { plain } = opening
    if (plain.deps.some(dep => dep.sessionId === sessionId))
      return this.#stop(head, "it names its own session")
    if (plain.deps.some(dep => this.#isOfNotes(dep.sessionId)))
      return this.#stop(head, "it names a session of notes")
    if (header.kind === KINDS.rollup) {
      const compared = this.#compare(session, head, header, plain)
      if (compared !== "unheld") return compared
    }
    const missing = plain.deps.find(dep => !this.#isApplied(dep))
    if (missing) {
      // Also for a head that is another one here: a fork, which waits for what other replicas make of it.
      this.#waiting.waitFor(missing.sessionId, sessionId)
      return "stopped"
    }
    if (closure.isTaken(session)) return this.#stop(head, "its number is another session's")
    const past = closure.pastOf(sessionId, plain.deps)
    if (header.kind === KINDS.rollup) return this.#takeRun(session, head, header, plain, past)
    if (plain.lamport > past.lamport + 1 || plain.lamport <= past.lamportLow)
      return this.#stop(head, `expected lamport time ${past.lamport + 1}`)
    const from = closure.endOf(sessionId)
    switch (header.kind) {
      // What is announced or adopted stands in the header, for all to see (§§9, 10).
      case KINDS.open:
      case KINDS.blobs:
      case KINDS.adoption:
        if (plain.payload.length > 0)
          return this.#stop(head, "expected to open, announce or adopt without words")
        return this.#take(session, plain, from, [])
      case KINDS.update: {
        const verdict = judge(plain.payload, session.clientId, from, past)
        if (!verdict.fit) return this.#stop(head, verdict.why)
        this.#staging.add(plain.payload)
        return this.#take(session, plain, verdict.end, verdict.depths)
      }
      // What this program keeps and passes on but does not read yet: its place in the chain is taken, without words.
      case KINDS.preview:
        this.#unread++
        return this.#take(session, plain, from, [])
      case KINDS.note:
        throw new Error("a note was accepted on the text's channel")
      default:
        return header satisfies never
    }
  }

  // A rollup behind its run: equal to it, or a fork between the two, and then the run stands (§8). "unheld": not here.
  #compare(
    session: Session,
    head: Head,
    header: HeaderOf<typeof KINDS.rollup>,
    plain: Plain,
  ): Outcome | "unheld" {
    const { closure, keeper } = this.#options
    const { sessionId, seq, id } = head
    const run = this.#stretches.takeRun(id)
    const isBehind = closure.reach(sessionId) === seq - 1
    if (isBehind && run === undefined) return "later"
    if (isBehind && run) {
      if (!isEqual(plain, rollUp(run, session.clientId)))
        return this.#stop(head, "a rollup that differs from the run that it stands for")
      this.#take(session, plain, closure.endOf(sessionId), [], { first: header.from, seq })
      return this.#judgeAgain()
    }
    if (keeper.log.isVouched(id, sessionId)) return "unheld"
    this.#waiting.unvouched.add(sessionId)
    return "stopped"
  }

  #takeRun(
    session: Session,
    head: Head,
    { from }: HeaderOf<typeof KINDS.rollup>,
    plain: Plain,
    past: Past & LamportPast,
  ): Outcome {
    const { closure, keeper } = this.#options
    const { sessionId, seq } = head
    const start = closure.endAt({ sessionId, seq: from - 1 })
    const verdict = judge(plain.payload, session.clientId, start, past)
    if (!verdict.fit || plain.lamport <= past.lamportLow) {
      keeper.log.doubt(head.id) // whoever vouched for it: the run is asked for
      return this.#stop(head, verdict.fit ? "a rollup's lamport time" : verdict.why)
    }
    this.#staging.add(plain.payload)
    const depths = runsFrom(verdict.depths, closure.endOf(sessionId))
    this.#take(session, plain, verdict.end, depths, { first: from, seq })
    return this.#judgeAgain()
  }

  // More counts in closures than before: what was poison for want of it may be good by now (never the other way).
  #judgeAgain(): Outcome {
    for (const sessionId of this.#poison.keys()) this.#ready.add(sessionId)
    this.#poison.clear()
    return "applied"
  }

  #take(
    session: Session,
    { lamport, deps }: Plain,
    end: number,
    depths: readonly DepthRun[],
    run: Step["run"] = undefined,
  ): Outcome {
    const { closure } = this.#options
    const { sessionId } = session
    const places = deps.map(dep => ({ sessionId: dep.sessionId, seq: dep.seq }))
    closure.add(session, { end, lamport, deps: places, depths, ...(run && { run }) })
    this.#stretches.shift(sessionId)
    return this.#moved(sessionId)
  }

  #moved(sessionId: SessionId): Outcome {
    this.#ready.add(sessionId)
    for (const waiter of this.#waiting.takeWaitersOf(sessionId)) this.#ready.add(waiter)
    return "applied"
  }

  #stop(head: Head, why: string): Outcome {
    this.#poison.set(head.sessionId, { ...head, why })
    this.#stretches.forget(head.sessionId)
    this.#options.onProgress()
    return "stopped"
  }

  #apply(): void {
    const { onProgress, onProblem } = this.#options
    if (this.#staging.apply(onProblem)) onProgress()
  }

  // Channel 1 is read by note-log.ts; neither waits for the other.
  #isOfNotes(sessionId: SessionId): boolean {
    return this.#options.keeper.log.session(sessionId)?.channel === CHANNELS.notes
  }

  #isApplied({ sessionId, seq, id }: Head): boolean {
    const { closure, keeper } = this.#options
    return closure.reach(sessionId) >= seq && keeper.log.leadsTo({ sessionId, seq, id })
  }
}
