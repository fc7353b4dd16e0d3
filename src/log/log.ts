// A log is the set of sealed envelopes that a device holds of one document, as chains: one per session, each
// envelope naming the one before. This file is its index: which ids, in which order, which heads, what another log
// lacks. It is pure: it holds no bodies, knows no disk, no key and no Y.Doc. keeper.ts is the one door into it.
//
// Of a chain from whose grant something was taken back, only the beginning counts (counting.ts); what lies beyond is
// held and set aside. Heads, vectors and digests speak of what counts, so that replicas with the same certificates agree.
import { type DocId, type EnvelopeId, NO_ENVELOPE, type PublicKey, type SessionId } from "../bytes/ids"
import { equalBytes } from "../bytes/writer"
import type { Certificates } from "../records/certificates"
import type { Envelope, Known, Parts, Session } from "../records/envelope"
import type { Head } from "../records/plain"
import { Chain, type IndexedPlace, indexed } from "./chain"
import { Counting, type Shift } from "./counting"
import { certificatesDigestOf, digestOf, entryOf, headHashOf, type VectorEntry } from "./vector"

export { entryOf, HEAD_HASH_BYTES, readEntry, type VectorEntry, writeEntry } from "./vector"
export type { Shift }

/** A stretch of one chain, both ends included. */
export interface Range {
  readonly sessionId: SessionId
  readonly from: number
  readonly to: number
}

/** Two logs hold different envelopes at the same place of one session. */
export interface Fork {
  readonly sessionId: SessionId
  readonly seq: number
}

/** Acceptance step 4 (protocol §4). A gap names what is missing before the envelope, and the envelope itself. */
export type Place = "next" | "known" | "fork" | { readonly gap: Range }

/** A rollup that is held, and the run that it stands for. */
export interface StandingRollup {
  readonly id: EnvelopeId
  readonly seq: number
  readonly run: Range
}

/** What is held of a session and does not count: from `from` to its head. */
export interface Beyond {
  readonly session: Session
  readonly from: number
  readonly head: Head
}

export class Log implements Known {
  readonly certificates: Certificates
  readonly #counting: Counting
  readonly #chains = new Map<SessionId, Chain>()
  /** Rollup → the sessions that vouch for it, by what is held of them. */
  readonly #vouchers = new Map<EnvelopeId, Set<SessionId>>()
  /** Rollups whose runs are wanted whoever vouches. */
  readonly #doubted = new Set<EnvelopeId>()
  #vector: readonly VectorEntry[] | null = null
  #digest: Uint8Array | null = null
  /** Certificates are only ever added: as many as before are the same as before. */
  #certificates: { readonly count: number; readonly digest: Uint8Array } | null = null

  constructor(certificates: Certificates) {
    this.certificates = certificates
    this.#counting = new Counting(certificates)
  }

  get docId(): DocId {
    return this.certificates.docId
  }

  session(sessionId: SessionId): Session | null {
    return this.#chains.get(sessionId)?.session ?? null
  }

  sessions(): readonly Session[] {
    return [...this.#chains.values()].map(chain => chain.session)
  }

  isAdopted(sessionId: SessionId, seq: number): boolean {
    return this.#counting.adopted(sessionId).some(head => head.seq >= seq)
  }

  /** The last place of every chain that counts, in no particular order. */
  heads(): Head[] {
    return [...this.#chains.keys()].map(sessionId => this.head(sessionId)).filter(head => head !== null)
  }

  /** The last place of one chain that counts; null for a session of which nothing does. */
  head(sessionId: SessionId): Head | null {
    const seq = this.reach(sessionId)
    const id = this.idAt(sessionId, seq)
    return id ? { sessionId, seq, id } : null
  }

  /** Of the sessions of a grant. */
  headsOf(grantPub: PublicKey): Head[] {
    return this.heads().filter(({ sessionId }) => this.session(sessionId)?.grantPub === grantPub)
  }

  /** The greatest seq that counts of a session; -1: nothing does. */
  reach(sessionId: SessionId): number {
    const chain = this.#chains.get(sessionId)
    return chain ? this.#counting.reach(chain) : -1
  }

  /** The greatest seq held of a session, counting or not; -1 for one that was never opened here. */
  held(sessionId: SessionId): number {
    return this.#chains.get(sessionId)?.reach ?? -1
  }

  /** The id at a place; null if what counts does not reach it, or where a run is missing and its ids with it. */
  idAt(sessionId: SessionId, seq: number): EnvelopeId | null {
    return seq <= this.reach(sessionId) ? (this.#chains.get(sessionId)?.idAt(seq) ?? null) : null
  }

  /** The id at a place that is held, whether it counts or not; or null. */
  heldAt(sessionId: SessionId, seq: number): EnvelopeId | null {
    return this.#chains.get(sessionId)?.idAt(seq) ?? null
  }

  /** What is held and does not count. */
  beyond(): Beyond[] {
    return [...this.#chains.values()].flatMap(chain => {
      const [from, id] = [this.#counting.reach(chain) + 1, chain.idAt(chain.reach)]
      const { session, reach: seq } = chain
      return id && from <= seq ? [{ session, from, head: { sessionId: session.sessionId, seq, id } }] : []
    })
  }

  /** Looks again at what counts: to be called when certificates or adoptions have come. */
  weigh(): Shift {
    this.#changed()
    return this.#counting.weigh(this.#chains)
  }

  /** Whether a place is on its chain. Of a run that is missing the ids are not known: its rollup stands for all of it. */
  leadsTo({ sessionId, seq, id }: Head): boolean {
    return seq <= this.reach(sessionId) && (this.heldAt(sessionId, seq) ?? id) === id
  }

  /** Whether the envelope at a place is held, and not only a rollup that stands for it. */
  isHeld(sessionId: SessionId, seq: number): boolean {
    return this.#chains.get(sessionId)?.isHeld(seq) ?? false
  }

  /** Where an envelope belongs. Says nothing about whether it is genuine. */
  placeOf({ id, header }: Pick<Parts, "id" | "header">): Place {
    const { sessionId, seq, prev } = header
    const chain = this.#chains.get(sessionId)
    if (!chain)
      return seq > 0 ? { gap: { sessionId, from: 0, to: seq } } : prev === NO_ENVELOPE ? "next" : "fork"
    // A run that is not held because its rollup will do is not taken back in.
    if (seq <= chain.reach && !chain.isHeld(seq) && !this.#isWanted(chain, seq)) return "known"
    const place = chain.placeOf(id, header)
    return typeof place === "string" ? place : { gap: { sessionId, ...place.gap } }
  }

  /** Adds an envelope that is next in its chain; anything else is a bug of the caller. */
  append(envelope: Envelope): void {
    const { sessionId, seq } = envelope.header
    if (this.placeOf(envelope) !== "next")
      throw new Error(`an envelope that is not next was appended: seq ${seq}`)
    const chain = this.#chains.get(sessionId) ?? new Chain(envelope.session)
    this.#chains.set(sessionId, chain)
    chain.append(envelope)
    this.#counting.hear(envelope.header)
    this.#hear(sessionId, indexed(envelope))
    this.#changed()
  }

  /** Puts a stored chain back at start-up. Throws in words if it does not hang together. */
  restore(session: Session, places: readonly IndexedPlace[]): void {
    const { sessionId } = session
    if (this.#chains.has(sessionId)) throw new Error("a session was restored twice")
    if (places.length === 0) throw new Error("a session was restored without the envelope that opens it")
    const chain = new Chain(session)
    chain.restore(places)
    this.#chains.set(sessionId, chain)
    for (const place of places) this.#hear(sessionId, place)
    this.#changed()
  }

  /** Takes note of a stored adoption at start-up. */
  restoreAdoption({ header }: Pick<Parts, "header">): void {
    this.#counting.hear(header)
  }

  /** Forgets a chain from `seq` on: only for what the disk turned out not to hold. */
  rollBack(sessionId: SessionId, seq: number): void {
    const chain = this.#chains.get(sessionId)
    if (!chain) return
    chain.rollBack(seq)
    this.#counting.forget(sessionId, seq)
    const said = new Set(chain.vouchesIn({ from: 0, to: chain.reach }))
    for (const [id, vouchers] of this.#vouchers) if (!said.has(id)) vouchers.delete(sessionId)
    if (chain.reach < 0) this.#chains.delete(sessionId)
    this.#changed()
  }

  /** All rollups that are held, those of one session in the order of its chain. */
  rollups(): StandingRollup[] {
    return [...this.#chains.keys()].flatMap(sessionId => this.rollupsOf(sessionId))
  }

  /** The rollups of one session that are held, in the order of its chain. */
  rollupsOf(sessionId: SessionId): StandingRollup[] {
    return (this.#chains.get(sessionId)?.rollups ?? []).flatMap(({ seq, from }) => {
      const id = this.idAt(sessionId, seq)
      return id ? [{ id, seq, run: { sessionId, from, to: seq - 1 } }] : []
    })
  }

  /** Whether every envelope of a stretch is held itself. */
  holds({ sessionId, from, to }: Range): boolean {
    const missing = this.#chains.get(sessionId)?.missing ?? []
    return to <= this.reach(sessionId) && !missing.some(run => run.from <= to && run.to >= from)
  }

  /** Whether a run can be read whole, if need be with rollups inside it that stand for parts of it. */
  canRead({ sessionId, from, to }: Range): boolean {
    const chain = this.#chains.get(sessionId)
    return chain !== undefined && to <= chain.reach && chain.canRead({ from, to })
  }

  /**
   * Whether a session of another grant says that a rollup of this session is equal to its run (protocol §8). Who may
   * open a session can read, and what it said counts on when its grant is taken back: runs were dropped upon it.
   */
  isVouched(rollup: EnvelopeId, sessionId: SessionId): boolean {
    const author = this.session(sessionId)?.grantPub
    return [...(this.#vouchers.get(rollup) ?? [])].some(voucher => this.session(voucher)?.grantPub !== author)
  }

  /** Whether a session of that grant vouches for a rollup. */
  hasVouched(rollup: EnvelopeId, grantPub: PublicKey): boolean {
    return [...(this.#vouchers.get(rollup) ?? [])].some(
      voucher => this.session(voucher)?.grantPub === grantPub,
    )
  }

  /** What is vouched for in a stretch, each once. */
  vouchesIn({ sessionId, from, to }: Range): EnvelopeId[] {
    return [...new Set(this.#chains.get(sessionId)?.vouchesIn({ from, to }))]
  }

  /** Runs that are held and that nobody needs any more: their rollups are vouched for, and vouch for what they did. */
  droppable(): StandingRollup[] {
    return this.rollups().filter(({ id, seq, run }) => {
      const chain = this.#chains.get(run.sessionId)
      if (!chain || this.#doubted.has(id) || !this.isVouched(id, run.sessionId)) return false
      if (chain.missing.some(missing => missing.from <= run.from && missing.to >= run.to)) return false
      const said = new Set(chain.vouchesIn({ from: seq, to: seq }))
      return chain.vouchesIn(run).every(vouch => said.has(vouch))
    })
  }

  /** A run is not held any more. */
  drop({ sessionId, from, to }: Range): void {
    this.#chains.get(sessionId)?.drop({ from, to })
  }

  /** A rollup does not do, whoever vouches for it: its run is asked for. False: it was doubted before. */
  doubt(rollup: EnvelopeId): boolean {
    if (this.#doubted.has(rollup)) return false
    this.#doubted.add(rollup)
    return true
  }

  /** Runs that are missing and that no rollup may stand in for here. */
  wantedRuns(): Range[] {
    return [...this.#chains].flatMap(([sessionId, chain]) =>
      chain.missing
        .filter(({ from }) => this.#isWanted(chain, from))
        .map(({ from, to }) => ({ sessionId, from, to })),
    )
  }

  /** All heads, sorted by session. Shared: do not write to it. */
  vector(): readonly VectorEntry[] {
    this.#vector ??= this.heads()
      .sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
      .map(head => entryOf(head))
    return this.#vector
  }

  /** 32 bytes that are equal exactly if the vectors are. Shared: do not write to it. */
  digest(): Uint8Array {
    this.#digest ??= digestOf(this.vector())
    return this.#digest
  }

  /** 32 bytes that are equal if two ends hold the same certificates, in whatever order they came. Shared. */
  certificatesDigest(): Uint8Array {
    const all = this.certificates.all()
    if (this.#certificates?.count !== all.length) {
      this.#certificates = { count: all.length, digest: certificatesDigestOf(all) }
    }
    return this.#certificates.digest
  }

  /** What this log holds and an end with that vector does not. Nothing beyond a fork. */
  lackedBy(theirs: readonly VectorEntry[]): Range[] {
    const bySession = new Map(theirs.map(entry => [entry.sessionId, entry]))
    return this.heads().flatMap(({ sessionId, seq: to }) => {
      const entry = bySession.get(sessionId)
      if (!entry) return [{ sessionId, from: 0, to }]
      return entry.seq < to && !this.#differsAt(entry) ? [{ sessionId, from: entry.seq + 1, to }] : []
    })
  }

  /** What an end with that vector holds and this log does not. Nothing beyond a fork. */
  wantedFrom(theirs: readonly VectorEntry[]): Range[] {
    return theirs.flatMap(({ sessionId, seq }) => {
      const [reach, chain] = [this.reach(sessionId), this.#chains.get(sessionId)]
      const to = chain ? Math.min(seq, this.#counting.limit(chain)) : seq
      return to > reach ? [{ sessionId, from: reach + 1, to }] : []
    })
  }

  /** The sessions in which that vector's head is not what this log holds at the same place. */
  forksWith(theirs: readonly VectorEntry[]): Fork[] {
    return theirs.filter(entry => this.#differsAt(entry)).map(({ sessionId, seq }) => ({ sessionId, seq }))
  }

  #differsAt({ sessionId, seq, headHash16 }: VectorEntry): boolean {
    const id = this.idAt(sessionId, seq)
    return id !== null && !equalBytes(headHashOf(id), headHash16)
  }

  #isWanted(chain: Chain, seq: number): boolean {
    const { sessionId } = chain.session
    return !chain.rollups.some(rollup => {
      const id = rollup.from <= seq && seq < rollup.seq ? chain.idAt(rollup.seq) : null
      return id !== null && this.isVouched(id, sessionId) && !this.#doubted.has(id)
    })
  }

  #hear(sessionId: SessionId, { vouches }: IndexedPlace): void {
    for (const id of vouches) {
      const vouchers = this.#vouchers.get(id) ?? new Set()
      this.#vouchers.set(id, vouchers.add(sessionId))
    }
  }

  #changed(): void {
    this.#vector = null
    this.#digest = null
  }
}
