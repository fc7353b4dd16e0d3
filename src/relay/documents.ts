// The documents that the relay has open: each opened when somebody asks for it, shared by all who do, and closed
// when nobody has for a while and others need the room. It gives out keepers and never looks behind them.
import type { DocId, PublicKey } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import type { SignatureKind, Verify } from "../crypto/signing"
import { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import { sessionIdOf } from "../records/certificate"
import { type Envelope, KINDS } from "../records/envelope"
import { limitsForBlobs, quotaUsedUp } from "./quota"
import type { Limits } from "./settings"
import type { DocumentStore, Store } from "./store"

/** One open document. `keeper` is null as long as nothing of it is stored. */
export interface OpenDocument {
  readonly docId: DocId
  readonly keeper: Keeper | null
  /** Waits for whoever is just beginning it; null if nobody has. */
  begun(): Promise<Keeper | null>
  /** Begins it, or adds to it if somebody else was first. Throws what `Keeper.found` throws. */
  found(certificates: readonly Uint8Array[]): Promise<Keeper>
  /** Gives it back. Safe to call twice. */
  release(): void
}

interface Entry {
  readonly store: DocumentStore
  readonly verify: Verify
  keeper: Keeper | null
  founding: Promise<Keeper> | null
  users: number
  /** The grants behind the keys of sessions that are in the log: hashing a key for each envelope would show. */
  readonly writers: Map<PublicKey, PublicKey>
}

export class Documents {
  readonly #store: Store
  readonly #verify: Verify
  readonly #limits: Limits
  readonly #onAppend: (envelopes: readonly Envelope[], source: string) => void
  readonly #onFounded = new Set<(docId: DocId) => void>()
  readonly #entries = new Map<DocId, Promise<Entry>>()
  /** Open and used by nobody, the longest unused first. */
  readonly #idle = new Map<DocId, Entry>()
  readonly #closing = new Map<DocId, Promise<void>>()

  constructor(
    store: Store,
    verify: Verify,
    limits: Limits,
    onAppend: (envelopes: readonly Envelope[], source: string) => void,
  ) {
    this.#store = store
    this.#verify = verify
    this.#limits = limits
    this.#onAppend = onAppend
  }

  /** Documents that are open, used or not. */
  get openCount(): number {
    return this.#entries.size
  }

  /** Opens a document, or shares the one that is open. Rejects with StorageError. */
  async open(docId: DocId): Promise<OpenDocument> {
    const opening = this.#entries.get(docId) ?? this.#load(docId)
    this.#entries.set(docId, opening)
    let entry: Entry
    try {
      entry = await opening
    } catch (failure) {
      // What could not be read now may be read later: the next who asks tries again.
      if (this.#entries.get(docId) === opening) this.#entries.delete(docId)
      throw failure
    }
    // While this one waited, the entry may have gone idle and been closed.
    if (this.#entries.get(docId) !== opening) return this.open(docId)
    entry.users++
    this.#idle.delete(docId)
    let held = true
    return {
      docId,
      get keeper() {
        return entry.keeper
      },
      begun: async () => {
        while (entry.founding) await entry.founding.catch(() => null)
        return entry.keeper
      },
      found: certificates => this.#found(docId, entry, certificates),
      release: () => {
        if (held) this.#release(docId, entry)
        held = false
      },
    }
  }

  /** Called when a document that somebody may be waiting for has been begun. */
  onFounded(f: (docId: DocId) => void): Stop {
    this.#onFounded.add(f)
    return () => {
      this.#onFounded.delete(f)
    }
  }

  /** Closes everything; what is being written is finished first. */
  async close(): Promise<void> {
    for (const [docId, opening] of this.#entries) {
      const entry = await opening.catch(() => null) // who asked for it was told
      if (entry) await this.#closeEntry(docId, entry)
    }
    await Promise.all(this.#closing.values())
  }

  async #load(docId: DocId): Promise<Entry> {
    await this.#closing.get(docId)
    const room = (grantPub: PublicKey) =>
      quotaUsedUp(this.#usage(entry, grantPub), limitsForBlobs(this.#limits))
    const store = this.#store.document(docId, room)
    const entry: Entry = {
      store,
      verify: (...signature) => this.#verifyWithin(entry, ...signature),
      keeper: null,
      founding: null,
      users: 0,
      writers: new Map(),
    }
    entry.keeper = await Keeper.open(store, entry.verify)
    entry.keeper?.receipts.restore(this.#store.receipts.get(docId))
    if (entry.keeper) this.#watch(entry.keeper)
    return entry
  }

  async #found(docId: DocId, entry: Entry, certificates: readonly Uint8Array[]): Promise<Keeper> {
    entry.users++ // whoever asked may be gone before the disk has answered
    try {
      // Two may bring it at once. That one of them brings nonsense must not be held against the other.
      while (entry.founding) await entry.founding.catch(() => null)
      if (entry.keeper) {
        await entry.keeper.addCertificates(certificates)
        return entry.keeper
      }
      const keeper = await this.#foundFirst(entry, certificates)
      for (const f of this.#onFounded) f(docId)
      return keeper
    } finally {
      this.#release(docId, entry)
    }
  }

  async #foundFirst(entry: Entry, certificates: readonly Uint8Array[]): Promise<Keeper> {
    entry.founding = Keeper.found(entry.store, entry.verify, certificates)
    try {
      entry.keeper = await entry.founding
      this.#watch(entry.keeper)
      return entry.keeper
    } finally {
      entry.founding = null
    }
  }

  // What somebody vouches for makes room: runs go, their rollups stay (protocol §8).
  #watch(keeper: Keeper): void {
    keeper.onAppend(this.#onAppend)
    keeper.onAppend(envelopes => {
      if (!envelopes.some(({ header }) => header.kind !== KINDS.open && header.vouches.length > 0)) return
      keeper.dropRuns().catch((failure: unknown) => {
        // A disk that does not do it now keeps more than it needs until the next vouch.
        if (!(failure instanceof StorageError)) throw failure
      })
    })
  }

  #release(docId: DocId, entry: Entry): void {
    entry.users--
    if (entry.users > 0) return
    if (!entry.keeper) {
      // What was never begun is not worth remembering: its name may have been made up.
      this.#entries.delete(docId)
      return
    }
    this.#idle.set(docId, entry)
    while (this.#tooManyIdle()) {
      const oldest = this.#idle.entries().next()
      if (!oldest.done) this.#closeEntry(...oldest.value)
    }
  }

  #tooManyIdle(): boolean {
    const { idleDocumentsMax, idleBytesMax } = this.#limits
    let bytes = 0
    for (const { store } of this.#idle.values()) bytes += store.bytes
    return this.#idle.size > idleDocumentsMax || bytes > idleBytesMax
  }

  #closeEntry(docId: DocId, entry: Entry): Promise<void> {
    this.#entries.delete(docId)
    this.#idle.delete(docId)
    if (entry.keeper) this.#store.receipts.put(docId, entry.keeper.receipts.store())
    const closed = (entry.keeper ?? entry.store).close()
    const closing = closed.finally(() => this.#closing.delete(docId))
    this.#closing.set(docId, closing)
    return closing
  }

  /**
   * The check of a signature is where the log's door asks an outsider about each record before it takes it, and a
   * RefusedError thrown there is told by its name like any other: so this is where a full quota says no.
   */
  #verifyWithin(entry: Entry, ...record: Parameters<Verify>): Promise<boolean> {
    const [kind, publicKey] = record
    // What is read back from the disk was let in before.
    const refused = entry.keeper
      ? quotaUsedUp(this.#usage(entry, writerOf(entry, kind, publicKey)), this.#limitsFor(kind))
      : null
    return refused ? Promise.reject(refused) : this.#verify(...record)
  }

  // A full document can still be read by those who are let in now: their certificates have room of their own.
  #limitsFor(kind: SignatureKind): Limits {
    const { documentBytesMax } = this.#limits
    return kind === "env" || kind === "session"
      ? this.#limits
      : { ...this.#limits, documentBytesMax: documentBytesMax + documentBytesMax / 4 }
  }

  #usage({ store }: Entry, grantPub: PublicKey | null) {
    return {
      grantBytes: grantPub ? store.grantBytes(grantPub) : 0,
      documentBytes: store.bytes,
      storeBytes: this.#store.storedBytes,
    }
  }
}

/** The grant in whose name something is about to be stored; null where none is known, or for a certificate. */
function writerOf({ keeper, writers }: Entry, kind: SignatureKind, publicKey: PublicKey): PublicKey | null {
  if (kind === "session") return keeper?.certificates.seatByKey(publicKey)?.grantPub ?? null
  if (kind !== "env") return null
  const known = writers.get(publicKey)
  if (known) return known
  const grantPub = keeper?.log.session(sessionIdOf(publicKey))?.grantPub ?? null
  if (grantPub) writers.set(publicKey, grantPub)
  return grantPub
}
