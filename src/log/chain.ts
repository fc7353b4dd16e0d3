// One session's chain as a log knows it: an id for each place, each envelope naming the one before. A stretch of it,
// a *run*, may be missing where a rollup that stands for it is held (protocol §8): the rollup names the id before the
// run and the last one in it, so that the chain hangs together all the same. A run that is missing may come later,
// from its beginning on. Pure; what is genuine is for others to say.
import { type EnvelopeId, NO_ENVELOPE } from "../bytes/ids"
import { type Envelope, type Header, KINDS, type Session } from "../records/envelope"

/** A stretch of a chain, both ends included. */
export interface Run {
  readonly from: number
  readonly to: number
}

/** Where a rollup stands, and where the run begins that it stands for; the run ends before it. */
export interface RollupPlace {
  readonly seq: number
  readonly from: number
  /** What it vouches for, in the name of its run too. */
  readonly vouches: readonly EnvelopeId[]
}

/** Acceptance step 4 (protocol §4). A gap names what is missing before the envelope, and the envelope itself. */
export type PlaceInChain = "next" | "known" | "fork" | { readonly gap: Run }

/** What an index keeps of an envelope. */
export interface IndexedPlace {
  readonly seq: number
  readonly id: EnvelopeId
  /** Of a rollup: where its run begins. Null: it is none. */
  readonly from: number | null
  readonly vouches: readonly EnvelopeId[]
}

/** What an index keeps of a genuine envelope. */
export function indexed({ id, header }: Pick<Envelope, "id" | "header">): IndexedPlace {
  return {
    seq: header.seq,
    id,
    from: header.kind === KINDS.rollup ? header.from : null,
    vouches: header.kind === KINDS.open ? [] : header.vouches,
  }
}

export class Chain {
  readonly session: Session
  /** By seq. Null: it is missing, and not even its id is known. */
  readonly #ids: (EnvelopeId | null)[] = []
  /** By seq. */
  readonly #vouching = new Map<number, readonly EnvelopeId[]>()
  #rollups: RollupPlace[] = []
  #missing: Run[] = []

  constructor(session: Session) {
    this.session = session
  }

  /** The greatest seq; -1: nothing. */
  get reach(): number {
    return this.#ids.length - 1
  }

  /** In the order of their places. */
  get rollups(): readonly RollupPlace[] {
    return this.#rollups
  }

  /** Runs that are not held, each before a rollup that stands for it. */
  get missing(): readonly Run[] {
    return this.#missing
  }

  idAt(seq: number): EnvelopeId | null {
    return this.#ids[seq] ?? null
  }

  isHeld(seq: number): boolean {
    return seq >= 0 && seq <= this.reach && this.#holeAt(seq) === null
  }

  /** Whether a run can be read: what is missing of it, a rollup inside it stands for. */
  canRead(run: Run): boolean {
    const inside = this.#rollups.filter(({ from, seq }) => from >= run.from && seq <= run.to)
    return this.#missing
      .filter(({ from, to }) => from <= run.to && to >= run.from)
      .every(missing => inside.some(({ from, seq }) => from <= missing.from && seq > missing.to))
  }

  /** Where an envelope belongs. */
  placeOf(id: EnvelopeId, header: Pick<Header, "seq" | "prev"> & Header): PlaceInChain {
    const { seq, prev } = header
    const hole = this.#holeAt(seq)
    if (seq <= this.reach && !hole) return this.#ids[seq] === id ? "known" : "fork"
    const standing = this.#ids[seq] ?? null
    if (standing && standing !== id) return "fork"
    const next = hole ? hole.from : this.reach + 1
    if (header.kind === KINDS.rollup && header.from <= seq - 1 && header.from <= next) {
      const { from, before } = header
      if (this.idAt(from - 1) !== before || this.#cutsRollup(from, seq)) return "fork"
      if (seq > next) return "next"
    }
    if (seq > next) return { gap: { from: next, to: seq } }
    return prev === (this.idAt(next - 1) ?? NO_ENVELOPE) ? "next" : "fork"
  }

  /** Adds an envelope that is next. */
  append({ id, header }: Pick<Envelope, "id" | "header">): void {
    const { seq, prev } = header
    const hole = this.#holeAt(seq)
    const next = hole ? hole.from : this.reach + 1
    while (this.reach < seq) this.#ids.push(null)
    this.#ids[seq] = id
    if (seq > next) this.#ids[seq - 1] = prev
    this.#missing = withoutRun(this.#missing, { from: next, to: seq })
    if (seq > next) this.#miss({ from: next, to: seq - 1 })
    this.#note(indexed({ id, header }))
  }

  /** Puts places back that were stored, in their order. Throws in words if they do not hang together. */
  restore(places: readonly IndexedPlace[]): void {
    for (const place of places) {
      const next = this.reach + 1
      const { seq, from } = place
      if (seq !== next && !(from !== null && from <= next && seq > next))
        throw new Error(`a chain goes on at seq ${seq} where ${next} is next`)
      while (this.reach < seq) this.#ids.push(null)
      this.#ids[seq] = place.id
      if (seq > next) this.#miss({ from: next, to: seq - 1 })
      this.#note(place)
    }
  }

  /** A run is not held any more; a rollup that stands for it must be. */
  drop(run: Run): void {
    if (!this.#rollups.some(({ seq, from }) => from <= run.from && seq > run.to))
      throw new Error("a run was dropped that no rollup stands for")
    this.#rollups = this.#rollups.filter(({ seq }) => seq < run.from || seq > run.to)
    for (const seq of [...this.#vouching.keys()])
      if (seq >= run.from && seq <= run.to) this.#vouching.delete(seq)
    this.#missing = withoutRun(this.#missing, run)
    this.#miss(run)
  }

  /** Forgets the chain from `seq` on; a run whose rollup goes goes with it. */
  rollBack(seq: number): void {
    const torn = this.#missing.find(run => run.from < seq && run.to + 1 >= seq)
    const end = Math.min(torn ? torn.from : seq, this.#ids.length)
    this.#ids.length = end
    this.#rollups = this.#rollups.filter(rollup => rollup.seq < end)
    this.#missing = this.#missing.filter(run => run.from < end)
    for (const at of [...this.#vouching.keys()]) if (at >= end) this.#vouching.delete(at)
  }

  /** What is vouched for in a stretch, by what is held of it. */
  vouchesIn(run: Run): EnvelopeId[] {
    return [...this.#vouching].flatMap(([seq, ids]) => (seq >= run.from && seq <= run.to ? ids : []))
  }

  #note({ seq, from, vouches }: IndexedPlace): void {
    if (vouches.length > 0) this.#vouching.set(seq, vouches)
    if (from === null) return
    this.#rollups.push({ seq, from, vouches })
    this.#rollups.sort((a, b) => a.seq - b.seq)
  }

  #miss(run: Run): void {
    this.#missing = [...this.#missing, run].sort((a, b) => a.from - b.from)
  }

  #holeAt(seq: number): Run | null {
    return this.#missing.find(run => run.from <= seq && seq <= run.to) ?? null
  }

  // Runs nest or lie apart: what stands for a run must not be taken apart by another.
  #cutsRollup(from: number, seq: number): boolean {
    return this.#rollups.some(other => other.seq >= from && other.seq < seq && other.from < from)
  }
}

function withoutRun(runs: readonly Run[], { from, to }: Run): Run[] {
  return runs.flatMap(run => {
    if (run.to < from || run.from > to) return [run]
    const rest: Run[] = []
    if (run.from < from) rest.push({ from: run.from, to: from - 1 })
    if (run.to > to) rest.push({ from: to + 1, to: run.to })
    return rest
  })
}
