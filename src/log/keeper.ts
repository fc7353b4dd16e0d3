// The one door into a log: checks what arrives (acceptance steps 1–5, protocol §4), puts it into the index, tells
// whoever listens, and has it written down. One keeper serves one document; what it does happens in turns, so that
// no two arrivals race for the same place. It opens nothing: replica/ does, and the relay never can.
import { RefusedError } from "../bytes/errors"
import type { DocId, SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import { Certificates } from "../records/certificates"
import { type Envelope, KINDS, sessionOf, splitEnvelope } from "../records/envelope"
import type { Head } from "../records/plain"
import { type Arrivals, firstSeqs, isRun, type Settled, settle, verifyArrivals } from "./arrivals"
import { Blobs } from "./blobs"
import { Ledger } from "./ledger"
import { entryOf, Log, type Range, type Shift, type StandingRollup, type VectorEntry } from "./log"
import { errorOf, type RefusedEnvelope, type RefusedItem, refusalOf } from "./refusal"
import { announcedBy, type Batch, type LogStore, StorageError } from "./store"
import { Writes } from "./writes"

export interface Accepted {
  /** What is new, in the order in which it was appended. */
  readonly appended: readonly Envelope[]
  readonly refused: readonly RefusedEnvelope[]
  /** What is missing before something that came; it was dropped and is to be asked for again. */
  readonly gaps: readonly Range[]
  /** Resolves when `appended` is durable; rejects (StorageError) if it is not, and then the log has it no more. */
  readonly durable: Promise<void>
}

export interface Certified {
  /** The bytes of what is new here. */
  readonly added: readonly Uint8Array[]
  readonly refused: readonly RefusedItem[]
  readonly durable: Promise<void>
}

/** Where something came from: a link's name, "own", "disk". Whoever forwards uses it so as not to send it back. */
export type Source = string

type Listener<T> = (items: readonly T[], source: Source) => void

export class Keeper {
  readonly log: Log
  /** What the log announces beside itself, and what others have signed for. */
  readonly blobs: Blobs
  readonly receipts = new Ledger()
  readonly #store: LogStore
  readonly #verify: Verify
  readonly #writes: Writes
  readonly #onAppend = new Set<Listener<Envelope>>()
  readonly #onCertificates = new Set<Listener<Uint8Array>>()
  readonly #onStored = new Set<(entries: readonly VectorEntry[]) => void>()
  readonly #onLost = new Set<() => void>()
  readonly #onShift = new Set<(shift: Shift) => void>()
  readonly #onFork = new Set<() => void>()
  readonly #forks = new Set<SessionId>()
  #last: Promise<unknown> = Promise.resolve()

  private constructor(log: Log, blobs: Blobs, store: LogStore, verify: Verify) {
    this.log = log
    this.blobs = blobs
    this.#store = store
    this.#verify = verify
    this.#writes = new Writes(store, {
      stored: envelopes => this.#tellStored(envelopes),
      lost: (envelopes, error) => this.#lost(envelopes, error),
    })
  }

  /** Opens what is stored; null if nothing is. Rejects with StorageError: "damaged" if what is stored does not hold. */
  static async open(store: LogStore, verify: Verify): Promise<Keeper | null> {
    const stored = await store.load()
    if (!stored) return null
    try {
      const log = new Log(await Certificates.from(stored.certificates, verify))
      for (const { open, places } of stored.sessions)
        log.restore(sessionOf(splitEnvelope(open).header, log.certificates), places)
      for (const bytes of stored.adoptions) log.restoreAdoption(splitEnvelope(bytes))
      log.weigh()
      return new Keeper(log, new Blobs(log.docId, store.blobs, stored.announced), store, verify)
    } catch (error) {
      throw new StorageError("damaged", "a stored log does not hold together", { cause: error })
    }
  }

  /**
   * Begins a document in an empty store: genesis first, then what counts with it, all of it durable on return.
   * Keeps `certificates`. Throws FormatError, RefusedError, StorageError.
   */
  static async found(store: LogStore, verify: Verify, certificates: readonly Uint8Array[]): Promise<Keeper> {
    const log = new Log(await Certificates.from(certificates, verify))
    await store.append({ certificates: log.certificates.all(), envelopes: [] })
    return new Keeper(log, new Blobs(log.docId, store.blobs, []), store, verify)
  }

  get docId(): DocId {
    return this.log.docId
  }

  get certificates(): Certificates {
    return this.log.certificates
  }

  /**
   * Takes what arrived: checked, indexed and told to listeners before it is on the disk (`durable` says when it is).
   * Duplicates are passed over. Never throws for what the bytes are. Keeps the bytes of what it appends.
   */
  accept(envelopes: readonly Uint8Array[], source: Source): Promise<Accepted> {
    return this.#inTurn(async () => {
      const arrivals = await verifyArrivals(envelopes, this.log, this.#verify)
      const { appended, grown } = this.#settle(arrivals)
      const durable = appended.length > 0 ? this.#writes.write(appended) : Promise.resolve()
      this.#tell(this.#onAppend, grown, source)
      this.#weigh(appended.some(isAdoption))
      return { appended, refused: arrivals.refused, gaps: [...arrivals.gaps.values()], durable }
    })
  }

  /**
   * Takes envelopes sealed here. `persist` stores the batch together with the record of the session in one
   * transaction, and only then are they in the log and on their way: a crash in between must not leave the record
   * behind the log, or the same seq would be sealed twice. Rejects with what `persist` rejects with, and with
   * RefusedError for an envelope that nobody would accept; then none of them is in the log.
   */
  appendOwn(
    envelopes: readonly Uint8Array[],
    persist: (batch: Batch) => Promise<void>,
  ): Promise<readonly Envelope[]> {
    return this.#inTurn(async () => {
      const { genuine, refused } = await verifyArrivals(envelopes, this.log, this.#verify)
      const [first] = refused
      if (first) throw errorOf(first)
      if (genuine.length !== envelopes.length || !isRun(genuine, this.log))
        throw new RefusedError("not-next", "one's own envelopes do not follow what is in the log")
      await this.#writes.writeWith(genuine, persist)
      for (const envelope of genuine) this.log.append(envelope)
      this.#announce(genuine)
      this.#tell(this.#onAppend, genuine, "own")
      this.#weigh(genuine.some(isAdoption))
      return genuine
    })
  }

  /** Takes certificates, each on its own, in the order given. Keeps the bytes of what it adds. */
  addCertificates(certificates: readonly Uint8Array[], source: Source = "own"): Promise<Certified> {
    return this.#inTurn(async () => {
      const { added, refused } = await this.#add(certificates)
      const durable = added.length > 0 ? this.#writes.write([], added) : Promise.resolve()
      this.#tell(this.#onCertificates, added, source)
      this.#weigh(added.length > 0)
      return { added, refused, durable }
    })
  }

  /** The bytes of a range, in order; see LogStore.read. Waits for what is being written. */
  async read(range: Range, bytesMax: number): Promise<Uint8Array[]> {
    await this.#writes.settled()
    return this.#store.read(range, bytesMax)
  }

  /**
   * Drops runs for the rollups that stand for them (protocol §8). `mayGo` has the last word on each of those that
   * somebody vouched for. Rejects with StorageError, and then all is held as before.
   */
  async dropRuns(mayGo: (rollup: StandingRollup) => boolean = () => true): Promise<void> {
    if (!this.log.droppable().some(mayGo)) return
    await this.#inTurn(async () => {
      await this.#writes.settled() // nothing goes upon a word that is not kept
      const going = this.log.droppable().filter(mayGo)
      const runs = going.map(({ run }) => run)
      if (runs.length === 0) return
      await this.#store.drop(runs)
      for (const run of runs) this.log.drop(run)
    })
  }

  /**
   * Takes up what another tab has put into the same store; it is told to listeners with the source "disk". `heads`:
   * how far sessions have grown there, if that is known: then only these are read. Rejects with StorageError.
   */
  refresh(heads: readonly Pick<Head, "sessionId" | "seq">[] = []): Promise<readonly Envelope[]> {
    return this.#inTurn(async () => {
      const taken: Envelope[] = []
      for (const { sessionId, seq } of heads) taken.push(...(await this.#takeUp(sessionId, seq)))
      const behind = heads.some(({ sessionId, seq }) => this.log.held(sessionId) < seq)
      if (behind || heads.length === 0) taken.push(...(await this.#takeUpAll()))
      this.#announce(taken)
      this.#tell(this.#onAppend, taken, "disk")
      this.#weigh(taken.some(isAdoption))
      return taken
    })
  }

  /** The heads of what is durable: what a receipt may speak of. */
  storedVector(): readonly VectorEntry[] {
    const firstLost = firstSeqs(this.#writes.unstored())
    return this.log.vector().flatMap(entry => {
      const seq = (firstLost.get(entry.sessionId) ?? Number.POSITIVE_INFINITY) - 1
      if (seq >= entry.seq) return [entry]
      const id = this.log.idAt(entry.sessionId, seq)
      return id ? [entryOf({ sessionId: entry.sessionId, seq, id })] : []
    })
  }

  /**
   * Called with what made chains longer, in order; own envelopes are durable then, others may not be yet. Of runs that
   * were missing and came later, only `onStored` tells.
   */
  onAppend(f: Listener<Envelope>): Stop {
    return listen(this.#onAppend, f)
  }

  /** Called with the bytes of certificates that are new here. */
  onCertificates(f: Listener<Uint8Array>): Stop {
    return listen(this.#onCertificates, f)
  }

  /** Called when envelopes that came from elsewhere are durable, with how far their sessions are. */
  onStored(f: (entries: readonly VectorEntry[]) => void): Stop {
    return listen(this.#onStored, f)
  }

  /** Sessions of which another branch, well signed, has come here since the keeper was opened. */
  get forks(): ReadonlySet<SessionId> {
    return this.#forks
  }

  /** Called when `forks` has grown. */
  onFork(f: () => void): Stop {
    return listen(this.#onFork, f)
  }

  /** Called when more, or less, of what is held counts: something was taken back, or adopted. */
  onShift(f: (shift: Shift) => void): Stop {
    return listen(this.#onShift, f)
  }

  /** Called when envelopes that were told of turned out not to be kept: they are not in the log any more. */
  onLost(f: () => void): Stop {
    return listen(this.#onLost, f)
  }

  /** Waits for what is being written and lets the store go. */
  async close(): Promise<void> {
    await this.#last
    await this.#writes.settled()
    await this.#store.close()
  }

  #settle(arrivals: Arrivals): Settled {
    const settled = settle(arrivals, this.log)
    const before = this.#forks.size
    for (const { reason, sessionId } of arrivals.refused)
      if (reason === "fork" && sessionId) this.#forks.add(sessionId)
    if (this.#forks.size > before) for (const f of this.#onFork) f()
    return settled
  }

  async #takeUpAll(): Promise<Envelope[]> {
    const stored = await this.#store.load()
    if (!stored) return []
    const { added } = await this.#add(stored.certificates)
    this.#tell(this.#onCertificates, added, "disk")
    this.#weigh(added.length > 0)
    const taken: Envelope[] = []
    for (const { open, places } of stored.sessions)
      taken.push(...(await this.#takeUp(splitEnvelope(open).header.sessionId, places.at(-1)?.seq ?? -1)))
    return taken
  }

  async #takeUp(sessionId: SessionId, to: number): Promise<Envelope[]> {
    const taken: Envelope[] = []
    for (let from = this.log.held(sessionId) + 1; from <= to; from = this.log.held(sessionId) + 1) {
      const bytes = await this.#store.read({ sessionId, from, to }, READ_BYTES)
      const { appended } = this.#settle(await verifyArrivals(bytes, this.log, this.#verify))
      taken.push(...appended)
      if (appended.length === 0) break // of an unknown seat, or a branch of its own: what is held here stays
    }
    return taken
  }

  async #add(certificates: readonly Uint8Array[]): Promise<Pick<Certified, "added" | "refused">> {
    const added: Uint8Array[] = []
    const refused: RefusedItem[] = []
    for (const bytes of certificates) {
      try {
        if ((await this.certificates.add(bytes)) === "added") added.push(bytes)
      } catch (error) {
        refused.push(refusalOf(error))
      }
    }
    return { added, refused }
  }

  #weigh(isDue: boolean): void {
    const shift = isDue ? this.log.weigh() : null
    if (shift && shift.grown.length + shift.shrunk.length > 0) for (const f of this.#onShift) f(shift)
  }

  #tellStored(envelopes: readonly Envelope[]): void {
    this.#announce(envelopes)
    const last = new Map(envelopes.map(envelope => [envelope.header.sessionId, envelope]))
    const entries = [...last.values()].map(({ id, header: { sessionId, seq } }) =>
      entryOf({ sessionId, seq, id }),
    )
    if (entries.length > 0) for (const f of this.#onStored) f(entries)
  }

  // The log must not claim what the disk does not hold. Where another tab was first with another branch of a session,
  // that one stands from now on, or every later write that comes with such an envelope would be lost with it.
  #lost(envelopes: readonly Envelope[], error: unknown): void {
    for (const [sessionId, seq] of firstSeqs(envelopes)) this.log.rollBack(sessionId, seq)
    for (const f of this.#onLost) f()
    if (!(error instanceof StorageError) || error.reason !== "conflict") return
    this.refresh().catch((failure: unknown) => {
      // A disk that cannot be read now says so to whoever asks it next.
      if (!(failure instanceof StorageError)) throw failure
    })
  }

  #tell<T>(listeners: ReadonlySet<Listener<T>>, items: readonly T[], source: Source): void {
    if (items.length > 0) for (const f of listeners) f(items, source)
  }

  // Nothing rests beside the log before what announces it does.
  #announce(envelopes: readonly Envelope[]): void {
    for (const announced of envelopes.flatMap(announcedBy)) this.blobs.announce(announced)
  }

  #inTurn<T>(f: () => Promise<T>): Promise<T> {
    const done = this.#last.then(f)
    // Whoever asked is told of a failure; the next in turn goes ahead all the same.
    this.#last = done.catch(() => undefined)
    return done
  }
}

const READ_BYTES = 4 * 1024 * 1024

function listen<T>(listeners: Set<T>, f: T): Stop {
  listeners.add(f)
  return () => {
    listeners.delete(f)
  }
}

function isAdoption({ header }: Envelope): boolean {
  return header.kind === KINDS.adoption
}
