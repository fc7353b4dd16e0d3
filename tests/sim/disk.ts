// The disk of a simulated device: an IndexedDB whose every step is an event, that can be slow, full, cut off between any
// two transactions, copied and put back. The database code above it is the real one. It looks into the insides of
// fake-indexeddb, which has no doors for any of this.
import "fake-indexeddb/auto"
import { IDBFactory } from "fake-indexeddb"
import { openDB } from "idb"
import * as Y from "yjs"
import type { DocId } from "../../src/bytes/ids"
import { createDocument } from "../../src/replica/document"
import type { Chance } from "./chance"
import { continueAs, type Life, lifeNow } from "./clockwork"

interface RawRecord {
  readonly key: unknown
  readonly value: unknown
}

interface RawStore {
  readonly name: string
  readonly autoIncrement: boolean
  readonly records: { values(): Iterable<RawRecord> }
  readonly rawIndexes: ReadonlyMap<string, { readonly keyPath: string }>
}

interface RawTransaction {
  readonly mode: string
  readonly db: IDBDatabase
  readonly _state: string
  _abort(reason: string): void
}

interface RawDatabase {
  readonly name: string
  readonly version: number
  readonly transactions: readonly RawTransaction[]
  readonly rawObjectStores: ReadonlyMap<string, RawStore>
}

/** All rows of a disk at one moment. */
export type Backup = readonly {
  readonly name: string
  readonly version: number
  readonly stores: readonly (Pick<RawStore, "name" | "autoIncrement"> & {
    readonly indexes: readonly string[]
    readonly rows: readonly RawRecord[]
  })[]
}[]

const owners = new WeakMap<IDBDatabase, Life>()
const openers = new WeakMap<IDBRequest, Life>()

export class Disk {
  factory = new IDBFactory()
  full = false
  /** Whether it ever was. */
  wasFull = false
  /** How long one step may take. */
  slowMs = 0
  /** Transactions that were begun. */
  transactions = 0
  readonly #chance: Chance
  #crash: { left: number; readonly f: () => void } | null = null

  constructor(chance: Chance) {
    this.#chance = chance
  }

  /** How long the next step of a transaction takes. Those that do not wait for each other overtake each other. */
  takesMs(): number {
    return this.slowMs > 0 && this.#chance.often(0.2) ? this.#chance.between(1, this.slowMs) : 0
  }

  /** Calls `f` in place of the transaction that is begun after `count` others. */
  crashAfter(count: number, f: () => void): void {
    this.#crash = { left: count, f }
  }

  fill(full: boolean): void {
    this.full = full
    this.wasFull ||= full
  }

  calm(): void {
    this.#crash = null
    this.full = false
    this.slowMs = 0
  }

  /** A transaction is about to be begun. Throws if nothing may be any more. */
  begin(life: Life): void {
    this.transactions++
    if (life.alive && this.#crash && this.#crash.left-- <= 0) {
      const { f } = this.#crash
      this.#crash = null
      f()
    }
    if (!life.alive) throw new DOMException("the device has stopped", "InvalidStateError")
  }

  /** Of what lives that are over had under way, only a beginning is kept. */
  cutOff(): void {
    for (const { transactions } of this.#databases()) {
      const underWay = transactions.filter(
        ({ mode, db, _state }) =>
          mode === "readwrite" && _state !== "finished" && owners.get(db)?.alive === false,
      )
      const kept = this.#chance.often(0.5) ? underWay.length : this.#chance.below(underWay.length + 1)
      for (const transaction of underWay.slice(kept)) transaction._abort("AbortError")
    }
  }

  /** Whether something is being written. */
  get isBusy(): boolean {
    return this.#databases().some(({ transactions }) => transactions.some(each => each._state !== "finished"))
  }

  rows(database: string, store: string): RawRecord[] {
    const raw = this.#databases().find(({ name }) => name === database)
    return [...(raw?.rawObjectStores.get(store)?.records.values() ?? [])]
  }

  /** The readable copies of a document, as the next start will find them. */
  copies(docId: DocId): Y.Doc[] {
    const record = this.rows("sheaf", "copies").find(({ key }) => key === docId)?.value as
      | { name: string; previous: string | null }
      | undefined
    const names = record ? [record.name, record.previous] : [`sheaf-copy/${docId}/0`]
    return names.flatMap(name => {
      if (name === null) return []
      const doc = createDocument()
      for (const { value } of this.rows(name, "updates")) Y.applyUpdate(doc, value as Uint8Array)
      return [doc]
    })
  }

  /** Null while something is being written. */
  backUp(): Backup | null {
    if (this.isBusy) return null
    return this.#databases().map(({ name, version, rawObjectStores }) => ({
      name,
      version,
      stores: [...rawObjectStores.values()].map(store => ({
        name: store.name,
        autoIncrement: store.autoIncrement,
        indexes: [...store.rawIndexes.values()].map(({ keyPath }) => keyPath),
        rows: [...store.records.values()].map(({ key, value }) => ({ key, value })),
      })),
    }))
  }

  /** Puts everything back as it was. Only when nobody uses it; in the name of a life on this disk. */
  async restore(backup: Backup): Promise<void> {
    this.factory = new IDBFactory()
    this.calm()
    for (const { name, version, stores } of backup) {
      const database = await openDB(name, version, {
        upgrade(fresh) {
          for (const { name: store, autoIncrement, indexes } of stores) {
            const made = fresh.createObjectStore(store, { autoIncrement })
            for (const index of indexes) made.createIndex(index, index)
          }
        },
      })
      for (const { name: store, rows } of stores) {
        const transaction = database.transaction(store, "readwrite")
        for (const { key, value } of rows) await transaction.store.put(value, key as IDBValidKey)
        await transaction.done
      }
      database.close()
    }
  }

  #databases(): RawDatabase[] {
    return [...(this.factory as unknown as { _databases: Map<string, RawDatabase> })._databases.values()]
  }
}

// A connection belongs to the life that opened it, and what it tells is told in that life's name.
const { open } = IDBFactory.prototype
IDBFactory.prototype.open = function (this: IDBFactory, ...given) {
  const request = open.apply(this, given)
  const life = lifeNow()
  if (life) openers.set(request, life)
  return request
}

const events: EventTarget = Object.getPrototypeOf(IDBRequest.prototype)
const { dispatchEvent } = events
events.dispatchEvent = function (this: EventTarget, event) {
  const life = ownerOf(this)
  if (life) continueAs(life)
  return dispatchEvent.call(this, event)
}

function ownerOf(target: EventTarget): Life | undefined {
  if (target instanceof IDBTransaction) return owners.get(target.db)
  if (!(target instanceof IDBRequest)) return undefined
  const opener = openers.get(target)
  if (!opener) return target.transaction ? owners.get(target.transaction.db) : undefined
  if (target.result instanceof IDBDatabase) owners.set(target.result, opener)
  return opener
}

const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given) {
  const life = owners.get(this)
  life?.disk.begin(life)
  return transaction.apply(this, given)
}

interface Steps {
  readonly db: IDBDatabase
  _started: boolean
  _start(): void
}

const steps = IDBTransaction.prototype as unknown as Steps
const { _start } = steps
steps._start = function (this: Steps) {
  this._started = true
  const life = owners.get(this.db)
  const ms = life?.disk.takesMs() ?? 0
  if (life && ms > 0) life.later(ms, () => _start.call(this))
  else _start.call(this)
}

// A full disk shows when a transaction has something to write: it is aborted, often after its requests succeeded.
const { add, put } = IDBObjectStore.prototype
const refusing = (write: typeof add): typeof add =>
  function (this: IDBObjectStore, value, key) {
    const request = write.call(this, value, key)
    const under = this.transaction as unknown as RawTransaction
    if (owners.get(under.db)?.disk.full && under.mode === "readwrite")
      queueMicrotask(() => under._state === "finished" || under._abort("QuotaExceededError"))
    return request
  }
Object.assign(IDBObjectStore.prototype, { add: refusing(add), put: refusing(put) })
