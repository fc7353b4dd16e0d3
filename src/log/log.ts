// A log is the set of sealed envelopes that a device holds of one document, as chains: one per session, each
// envelope naming the one before. This file is its index: which ids, in which order, which heads, what another log
// lacks. It is pure: it holds no bodies, knows no disk, no key and no Y.Doc. keeper.ts is the one door into it.
import {
  type DocId,
  type EnvelopeId,
  idBytes,
  idOf,
  NO_ENVELOPE,
  type PublicKey,
  SESSION_ID_BYTES,
  type SessionId,
} from "../bytes/ids"
import type { Reader } from "../bytes/reader"
import { concat, equalBytes, Writer } from "../bytes/writer"
import { H, labelledHash } from "../crypto/hash"
import type { Certificates } from "../records/certificates"
import type { Envelope, Known, Parts, Session } from "../records/envelope"
import { split } from "../records/layout"
import type { Head } from "../records/plain"
import { Chain, type IndexedPlace, indexed } from "./chain"

/** A stretch of one chain, both ends included. */
export interface Range {
  readonly sessionId: SessionId
  readonly from: number
  readonly to: number
}

/** How far a log holds one chain. `headHash16`: the first 16 bytes of the id at `seq`, so that forks show. */
export interface VectorEntry {
  readonly sessionId: SessionId
  readonly seq: number
  readonly headHash16: Uint8Array
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

export const HEAD_HASH_BYTES = 16

export class Log implements Known {
  readonly certificates: Certificates
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

  /** The last place of every chain, in no particular order. */
  heads(): Head[] {
    return [...this.#chains.keys()].map(sessionId => this.head(sessionId)).filter(head => head !== null)
  }

  /** The last place of one chain; null for a session that was never opened here. */
  head(sessionId: SessionId): Head | null {
    const seq = this.reach(sessionId)
    const id = this.idAt(sessionId, seq)
    return id ? { sessionId, seq, id } : null
  }

  /** The greatest seq held of a session; -1 for one that was never opened here. */
  reach(sessionId: SessionId): number {
    return this.#chains.get(sessionId)?.reach ?? -1
  }

  /** The id at a place; null if this log does not reach it, or where a run is missing and its ids with it. */
  idAt(sessionId: SessionId, seq: number): EnvelopeId | null {
    return this.#chains.get(sessionId)?.idAt(seq) ?? null
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

  /** Forgets a chain from `seq` on: only for what the disk turned out not to hold. */
  rollBack(sessionId: SessionId, seq: number): void {
    const chain = this.#chains.get(sessionId)
    if (!chain) return
    chain.rollBack(seq)
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
      const hashes = all.map(bytes => H(split(bytes).fields)).sort(compareBytes)
      this.#certificates = { count: all.length, digest: labelledHash("certificates", concat(...hashes)) }
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
    return theirs.flatMap(({ sessionId, seq: to }) => {
      const reach = this.reach(sessionId)
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

/** A head as it travels. */
export function entryOf({ sessionId, seq, id }: Head): VectorEntry {
  return { sessionId, seq, headHash16: headHashOf(id) }
}

export function writeEntry(writer: Writer, { sessionId, seq, headHash16 }: VectorEntry): void {
  writer.bytes(idBytes(sessionId)).number(seq).bytes(headHash16)
}

/** The layout that `writeEntry` writes: sessionId16 | seq | headHash16. Throws FormatError. Views. */
export function readEntry(reader: Reader): VectorEntry {
  const sessionId = idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session"))
  const seq = reader.number("a sequence number")
  return { sessionId, seq, headHash16: reader.bytes(HEAD_HASH_BYTES, "the hash of a head") }
}

function headHashOf(id: EnvelopeId): Uint8Array {
  return idBytes(id).subarray(0, HEAD_HASH_BYTES)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

function digestOf(vector: readonly VectorEntry[]): Uint8Array {
  const writer = new Writer()
  for (const entry of vector) writeEntry(writer, entry)
  return labelledHash("vector", writer.end())
}
