// A writing session: one opening of the document for writing, with a key, a chain and the number that Yjs knows it by
// (protocol §4). It turns words that a document holds of that number into sealed envelopes, and keeps its record in
// the same transaction as the envelopes, before anybody hears of them: a place in its chain is never used twice.
// When to seal is for outbox.ts, finishing what a crash left for takeover.ts.

import type { Doc } from "yjs"
import { type EnvelopeId, idBytes, NO_ENVELOPE } from "../bytes/ids"
import type { World } from "../bytes/world"
import { KEY_BYTES } from "../crypto/sealing"
import { type SigningKey, signingKey } from "../crypto/signing"
import { StorageError } from "../log/store"
import type { Announced } from "../records/blob"
import { clientIdOf, encodeSession, sessionIdOf } from "../records/certificate"
import { CHANNELS, encodeEnvelope, KINDS } from "../records/envelope"
import { type Special, VOUCHES_MAX } from "../records/header"
import type { Head } from "../records/plain"
import type { SessionRecord } from "../storage/sessions"
import type { Step } from "./closure"
import { below, type Deletes, minus, NO_DELETES, union } from "./deletes"
import { Depths } from "./depths"
import type { Access, Ground } from "./ground"
import type { RolledUp } from "./rollup"
import { type DepthRun, judge, type Past } from "./rules"
import { makeRollup, runStart, vouchable } from "./runs"
import { envelopeKey, sealPlain } from "./sealing"
import { isWhole } from "./taken"
import { RANGES_TAKEN_MAX, stateOf, takeWords, type Words } from "./words"

/** A rollup costs some 400 bytes; for fewer envelopes it would not pay. */
const RUN_MIN = 8
/** What a rollup can repeat for a whole run of them is few. */
const VOUCHES_PER_ENVELOPE = 4
const NOTHING = new Uint8Array(0)

export type { Access, Ground }

/** The record of a session that begins now. Not kept anywhere yet. */
export function beginRecord({ docId, grantPub, epoch }: Access, world: World): SessionRecord {
  const seed = world.random(KEY_BYTES)
  const { publicKey } = signingKey(seed)
  const clientId = clientIdOf(docId, grantPub, publicKey)
  const sessionId = sessionIdOf(publicKey)
  return { docId, sessionId, seed, clientId, epoch, sealedUpTo: 0, head: null, lamport: 0 }
}

/** How far the chain is: what the record says, and which heads of others it has named. */
type State = Pick<SessionRecord, "head" | "sealedUpTo" | "lamport">

interface Sealed {
  readonly bytes: Uint8Array
  readonly payload: Uint8Array
  readonly deps: readonly Head[]
  readonly vouches: readonly EnvelopeId[]
  readonly deletes: Deletes
  readonly step: Step
  readonly after: State
}

export class Session {
  readonly #record: SessionRecord
  readonly #ground: Ground
  readonly #key: SigningKey
  readonly #envelopeKey: Uint8Array
  #durable: State
  /** Ahead of `#durable` by what is sealed and waits in the queue. */
  #state: State
  #queue: Sealed[] = []
  #writing: Promise<void> | null = null
  #gathered: Deletes = NO_DELETES
  #depths = new Depths()
  #stuck: string | null = null
  /** No rollup may stand for what lies before. */
  #runStart = 1

  constructor(record: SessionRecord, ground: Ground) {
    this.#record = record
    this.#ground = ground
    this.#key = signingKey(record.seed)
    const viewKey = ground.access.keyOf(record.epoch)
    if (!viewKey) throw new Error("a session was taken up whose epoch cannot be read here")
    this.#envelopeKey = envelopeKey(viewKey, {
      docId: record.docId,
      channel: CHANNELS.body,
      epoch: record.epoch,
      sessionId: record.sessionId,
    })
    const { head, sealedUpTo, lamport } = record
    this.#durable = { head, sealedUpTo, lamport }
    this.#state = this.#durable
    this.#resetDepths()
  }

  get sessionId() {
    return this.#record.sessionId
  }

  get clientId(): number {
    return this.#record.clientId
  }

  /** Whether anything of it is in the log. */
  get isUsed(): boolean {
    return this.#durable.head !== null
  }

  /** Why its words can never be sealed as they are; null: all is well. */
  get stuck(): string | null {
    return this.#stuck
  }

  /** The record as it is on the disk. */
  get record(): SessionRecord {
    return { ...this.#record, ...this.#durable }
  }

  /** Takes note of deletions that are to leave. */
  gather(deletes: Deletes): void {
    this.#gathered = union(this.#gathered, deletes)
  }

  /** Whether `doc` holds words or deletions of this session that are not durable in the log. */
  hasUnsealed(doc: Doc): boolean {
    return this.#queue.length > 0 || this.waits(doc)
  }

  /** Whether words or deletions are left that nothing has sealed yet. */
  waits(doc: Doc): boolean {
    return this.#gathered.size > 0 || stateOf(doc, this.clientId) > this.#state.sealedUpTo
  }

  /**
   * Seals what `doc` holds and may be sealed now, at once and on this thread, and begins to write it. What names
   * clocks that are not in the log stays. Returns whether anything was sealed.
   */
  seal(doc: Doc): boolean {
    // Upon words that were taken back nothing is written: they are adopted, or the document is made anew.
    if (!isWhole(this.#ground.closure, this.#ground.keeper.log, this.sessionId)) return false
    let sealed = false
    for (let next = this.#next(doc); next; next = this.#next(doc)) {
      if (!this.#state.head) this.#open()
      this.#push({ kind: KINDS.update, vouches: this.#vouches() }, next, next.deletes)
      sealed = true
    }
    return sealed
  }

  /** Announces blobs, whose pieces are kept already; `settle` has it written. At most 8 at a time. */
  announce(blobs: readonly Announced[]): void {
    if (!this.#state.head) this.#open()
    this.#push({ kind: KINDS.blobs, vouches: [], blobs }, null, NO_DELETES)
    this.#runStart = (this.#state.head?.seq ?? 0) + 1 // hosts must go on seeing it
  }

  /** Says that places which do not count any more are to count again (protocol §9); `settle` has it written. At most 10. */
  adopt(adopted: readonly Head[]): void {
    if (!this.#state.head) this.#open()
    this.#push({ kind: KINDS.adoption, vouches: [], adopted }, null, NO_DELETES)
    this.#runStart = (this.#state.head?.seq ?? 0) + 1
  }

  /** How many envelopes no rollup stands for yet. */
  get unrolled(): number {
    const last = this.#ground.keeper.log.rollupsOf(this.sessionId).at(-1)?.seq ?? 0
    return Math.max(0, (this.#state.head?.seq ?? 0) - Math.max(last, this.#runStart - 1))
  }

  /**
   * Publishes a rollup of what no rollup stands for yet (protocol §8), made from the envelopes as they are stored, if
   * there are enough of them. A small rollup just before it is taken into it. Rejects with StorageError.
   */
  async rollUp(): Promise<void> {
    await this.settle()
    const { head } = this.#durable
    if (!head || this.unrolled < RUN_MIN) return
    const { sessionId, clientId } = this
    const run = {
      sessionId,
      from: await runStart(this.#ground.keeper, sessionId, this.#runStart),
      to: head.seq,
    }
    const made = await makeRollup(this.#ground.keeper, run, this.#envelopeKey, clientId)
    if (!made) {
      this.#runStart = head.seq + 1
      return
    }
    // Something was sealed meanwhile: the next pause is as good.
    if (this.#state.head?.id !== head.id) return
    const { rolled, from, before } = made
    const vouches = [...new Set([...made.vouches, ...this.#vouches()])].slice(0, VOUCHES_MAX)
    const adds = { end: this.#state.sealedUpTo, depths: [], run: { first: from, seq: head.seq + 1 } }
    this.#seal({ kind: KINDS.rollup, vouches, from, before }, rolled, adds, NO_DELETES)
    await this.settle()
  }

  #vouches(): EnvelopeId[] {
    const waiting = new Set(this.#queue.flatMap(({ vouches }) => vouches))
    return vouchable(this.#ground)
      .filter(id => !waiting.has(id))
      .slice(-VOUCHES_PER_ENVELOPE)
  }

  /** Resolves when what is sealed is durable and in the log. Rejects with StorageError, RefusedError; all is kept. */
  settle(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  #next(doc: Doc): (Words & { deletes: Deletes; depths: readonly DepthRun[] }) | null {
    if (this.#stuck) return null
    const { closure } = this.#ground
    const from = this.#state.sealedUpTo
    let deletes = NO_DELETES
    let until = Number.POSITIVE_INFINITY
    for (;;) {
      const words = takeWords(doc, this.clientId, from, until, end => {
        deletes = below(
          this.#gathered,
          client => (client === this.clientId ? end : closure.endOfClient(client)),
          RANGES_TAKEN_MAX,
        )
        return deletes
      })
      if (!words) return null
      const verdict = judge(words.payload, this.clientId, from, this.#past())
      if (verdict.fit) return { ...words, deletes, depths: verdict.depths }
      // Words written upon what another tab has not sealed yet wait, and all after them; those before can go.
      const outside = verdict.outside?.clock ?? null
      if (outside === null || outside >= until) {
        this.#stuck = verdict.why
        return null
      }
      until = outside
    }
  }

  #past(): Past {
    const everything = this.#ground.closure.everything()
    return {
      covers: everything.covers,
      depthAt: (client, clock) =>
        client === this.clientId ? this.#depths.at(client, clock) : everything.depthAt(client, clock),
    }
  }

  #push(special: Special, words: (Words & { depths: readonly DepthRun[] }) | null, deletes: Deletes): void {
    const { sealedUpTo, lamport } = this.#state
    const deps = this.#heads()
    const before = this.#ground.closure.lamportOf(this.sessionId, deps).lamport
    const said = {
      payload: words?.payload ?? new Uint8Array(0),
      deps,
      lamport: 1 + Math.max(before, lamport),
    }
    this.#seal(special, said, { end: words?.end ?? sealedUpTo, depths: words?.depths ?? [] }, deletes)
  }

  #seal(
    special: Special,
    said: RolledUp,
    adds: Pick<Step, "end" | "depths" | "run">,
    deletes: Deletes,
  ): void {
    const { world } = this.#ground
    const { sessionId, docId, epoch } = this.#record
    const { head } = this.#state
    const { payload, deps, lamport } = said
    const { bytes, id } = encodeEnvelope(
      {
        ...special,
        docId,
        channel: CHANNELS.body,
        epochPrefix: idBytes(epoch).subarray(0, 16),
        sessionId,
        seq: head ? head.seq + 1 : 0,
        prev: head?.id ?? NO_ENVELOPE,
      },
      sealPlain({ payload, deps, lamport, at: world.now() }, this.#envelopeKey, world.random),
      this.#key,
    )
    const after: State = { head: { seq: head ? head.seq + 1 : 0, id }, sealedUpTo: adds.end, lamport }
    const vouches = special.kind === KINDS.open ? [] : special.vouches
    this.#queue.push({ bytes, payload, deps, vouches, deletes, step: { ...adds, lamport, deps }, after })
    this.#state = after
    this.#depths.add(this.clientId, adds.depths)
    this.#gathered = minus(this.#gathered, deletes)
  }

  #open(): void {
    const { seat } = this.#ground.access
    const { docId, epoch } = this.#record
    const { publicKey: sessionPub } = this.#key
    const sessionCertificate = encodeSession({ docId, epoch, seat: seat.hash, sessionPub }, seat.key)
    this.#push({ kind: KINDS.open, sessionCertificate }, null, NO_DELETES)
  }

  // What is applied and nobody has named yet, oneself in the queue included; without what was taken back since.
  #heads(): Head[] {
    const { closure, keeper } = this.#ground
    const named = new Set(this.#queue.flatMap(({ deps }) => deps.map(dep => dep.id)))
    return closure.frontier(this.sessionId).flatMap(({ sessionId, seq }) => {
      const id = keeper.log.idAt(sessionId, seq)
      return id && !named.has(id) ? [{ sessionId, seq, id }] : []
    })
  }

  async #write(): Promise<void> {
    const { keeper, store, closure, onDurable } = this.#ground
    while (this.#queue.length > 0) {
      const batch = [...this.#queue]
      const last = batch.at(-1)?.after ?? this.#durable
      const keep: SessionRecord = { ...this.#record, ...last }
      try {
        await keeper.appendOwn(
          batch.map(({ bytes }) => bytes),
          logged => {
            for (const dep of batch.flatMap(({ deps }) => deps))
              if (keeper.log.idAt(dep.sessionId, dep.seq) !== dep.id)
                throw new StorageError("conflict", "what was built upon is not in the log any more")
            return store.appendOwn(logged, { keep })
          },
        )
      } catch (error) {
        this.#takeBack()
        throw error
      }
      this.#durable = last
      this.#queue = this.#queue.slice(batch.length)
      for (const { step } of batch) closure.add(this.#record, step)
      for (const { payload, step } of batch) onDurable(step.run ? NOTHING : payload)
    }
  }

  // Nothing of the queue is in the log, and nobody has seen it: its words will be sealed afresh.
  #takeBack(): void {
    for (const { deletes } of this.#queue) this.#gathered = union(this.#gathered, deletes)
    this.#queue = []
    this.#state = this.#durable
    this.#resetDepths()
  }

  #resetDepths(): void {
    this.#depths = new Depths()
    const runs = this.#ground.closure.depths.between(this.clientId, 0, this.#durable.sealedUpTo)
    this.#depths.add(this.clientId, runs)
  }
}
