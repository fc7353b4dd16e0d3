// The readable copy of a document on this device, and its crash journal: every change of the Y.Doc becomes a row the
// moment it happens, so that what was typed survives even if it was never sealed. This is y-indexeddb's database and
// its loader. Its class is left aside, because it cannot tell anybody that a write was aborted, that a row was
// damaged, or when words are durable; and it trims late. The one file that imports y-indexeddb.
//
// Beside the rows lie *marks*: bytes of the caller's which say what the copy surely contains. A mark is written in a
// transaction over both stores, and transactions that overlap run in the order in which they were made (IndexedDB
// 3.0 §2.7.2): when a mark is kept, so is every row it speaks of.
import { type IDBPDatabase, type IDBPTransaction, openDB, unwrap, wrap } from "idb"
import { fetchUpdates, type IndexeddbPersistence } from "y-indexeddb"
import * as Y from "yjs"
import type { Stop } from "../bytes/world"
import { StorageError } from "../log/store"
import { asStorageError, complete } from "./database"
import { keepLastWords, lastWords } from "./last-words"

export interface ReadableCopy {
  /** The marks as found when it was opened, in the order in which they were written. */
  readonly marks: readonly Uint8Array[]
  /**
   * Adds a mark about what the document holds now. With `instead`, all marks that this copy has found or written give
   * way to it. Rejects with StorageError and keeps nothing if any row before it was not kept. Copies `mark`.
   */
  mark(mark: Uint8Array, how?: "beside" | "instead"): Promise<void>
  /** Resolves when all that the document holds now is durable. Rejects with StorageError. */
  settled(): Promise<void>
  /** Makes one row of many; also takes in rows that another tab wrote. Rejects with StorageError. */
  trim(): Promise<void>
  /** Called when a row was not kept; until a later write mends it, `settled` and `mark` reject. */
  onFailure(f: (error: StorageError) => void): Stop
  /** Stops listening; resolves when the rows under way are settled and the database is closed. */
  close(): Promise<void>
}

/** Rows beyond this are made one: reopening stays quick after hours of typing without a pause. */
export const ROWS_MAX = 250

/**
 * Opens the copy of that name, making it if there is none, and fills `doc` from it, as a change that is not local.
 * Rejects with StorageError; "damaged" if a row cannot be applied: `doc` is then to be thrown away.
 */
export async function openCopy(name: string, doc: Y.Doc): Promise<ReadableCopy> {
  const journal = await Journal.open(name, doc)
  await journal.load()
  return journal
}

/** The origin of changes that were put by when a page went away. */
const LAST_WORDS = { name: "last words" }

const UPDATES = "updates"
const CUSTOM = "custom"
const MARK = "sheaf/mark/"
const SETTLED = "sheaf/settled"

type Writing = IDBPTransaction<unknown, string[], "readwrite">

type Loaded = Pick<IndexeddbPersistence, "_dbref" | "_dbsize" | "_destroyed" | "doc"> & { db: IDBDatabase }

class Journal implements ReadableCopy {
  readonly #database: IDBPDatabase
  readonly #doc: Y.Doc
  /** What y-indexeddb's loader reads and keeps: the first row it has not applied, how many there are. */
  readonly #loader: Loaded
  readonly #marks: { key: string; bytes: Uint8Array }[] = []
  readonly #listeners = new Set<(error: StorageError) => void>()
  #failure: StorageError | null = null
  #trimming: Promise<void> | null = null
  /** Rows that may not be kept yet, and what is in them. */
  readonly #underWay = new Map<Promise<void>, Uint8Array>()
  readonly #name: string
  #stop: Stop = () => undefined
  #closed = false

  private constructor(name: string, database: IDBPDatabase, doc: Y.Doc) {
    this.#name = name
    this.#database = database
    this.#doc = doc
    this.#loader = {
      db: unwrap(database),
      doc,
      _dbref: 0,
      _dbsize: 0,
      _destroyed: false,
    }
  }

  static async open(name: string, doc: Y.Doc): Promise<Journal> {
    if (typeof indexedDB === "undefined")
      throw new StorageError("unavailable", "this browser offers no IndexedDB here")
    try {
      const database = await openDB(name, 1, {
        upgrade(fresh) {
          fresh.createObjectStore(UPDATES, { autoIncrement: true })
          fresh.createObjectStore(CUSTOM)
        },
        blocking: () => database.close(),
      })
      return new Journal(name, database, doc)
    } catch (error) {
      throw asStorageError(error, "unavailable", "a readable copy could not be opened")
    }
  }

  get marks(): readonly Uint8Array[] {
    return this.#marks.map(({ bytes }) => bytes)
  }

  async load(): Promise<void> {
    try {
      await this.#fetch()
      const transaction = this.#database.transaction(CUSTOM)
      const [keys, values] = await Promise.all([
        transaction.store.getAllKeys(ALL_MARKS()),
        transaction.store.getAll(ALL_MARKS()),
      ])
      keys.forEach((key, index) => {
        if (values[index] instanceof Uint8Array) this.#marks.push({ key: String(key), bytes: values[index] })
      })
    } catch (error) {
      this.#database.close()
      throw asStorageError(error, "damaged", "a readable copy could not be read")
    }
    this.#doc.on("update", this.#onUpdate)
    this.#stop = keepLastWords(this.#name, () => {
      const updates = [...this.#underWay.values()]
      return updates.length > 0 ? Y.mergeUpdates(updates) : null
    })
    this.#takeLastWords()
    if (this.#loader._dbsize > 1) this.#trimSoon()
  }

  // They become rows like any change; until then they stay where they are.
  #takeLastWords(): void {
    const { updates, forget } = lastWords(this.#name)
    if (updates.length === 0) return
    try {
      for (const update of updates) Y.applyUpdate(this.#doc, update, LAST_WORDS)
    } catch (error) {
      console.warn("Sheaf: last words that are damaged were left out:", error)
    }
    const kept = Promise.all(this.#underWay.keys())
    void kept.then(() => this.#failure ?? forget())
  }

  onFailure(f: (error: StorageError) => void): Stop {
    this.#listeners.add(f)
    return () => this.#listeners.delete(f)
  }

  async mark(mark: Uint8Array, how: "beside" | "instead" = "beside"): Promise<void> {
    await this.#mend()
    const bytes = mark.slice()
    let key = ""
    const old = how === "instead" ? this.#marks.map(each => each.key) : []
    await this.#transact([UPDATES, CUSTOM], async transaction => {
      await transaction.objectStore(UPDATES).count() // everything made before has ended by now, well or badly
      if (this.#failure) throw this.#failure
      const store = transaction.objectStore(CUSTOM)
      const last = (await store.getAllKeys(ALL_MARKS())).at(-1)
      key = keyAfter(last)
      await Promise.all([store.put(bytes, key), ...old.map(each => store.delete(each))])
    })
    if (how === "instead") this.#marks.length = 0
    this.#marks.push({ key, bytes })
  }

  async settled(): Promise<void> {
    await this.#mend()
    await this.#transact([UPDATES, CUSTOM], async transaction => {
      await transaction.objectStore(UPDATES).count()
      if (this.#failure) throw this.#failure
      // Something must be written, or a browser has no reason to wait for the disk.
      await transaction.objectStore(CUSTOM).put(0, SETTLED)
    })
  }

  trim(): Promise<void> {
    this.#trimming ??= this.#trim().finally(() => {
      this.#trimming = null
    })
    return this.#trimming
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#doc.off("update", this.#onUpdate)
    this.#stop()
    await Promise.allSettled([...this.#underWay.keys(), this.#trimming])
    this.#loader._destroyed = true
    this.#database.close()
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this.#loader) return // these are rows already
    const write = this.#append(update)
    this.#underWay.set(write, update)
    void write.finally(() => this.#underWay.delete(write))
    if (++this.#loader._dbsize > ROWS_MAX) this.#trimSoon()
  }

  // Never rejects: who typed is not who waits. A failure is told to the listeners and kept until mended.
  async #append(update: Uint8Array): Promise<void> {
    try {
      const transaction = this.#database.transaction(UPDATES, "readwrite")
      await complete(transaction, () => {
        const added = transaction.store.add(update)
        // Without it the browser waits for this page to say that nothing more will come, and throws the row away if
        // the page is gone by then: the last words before a window is closed, or a crash.
        transaction.commit()
        return added
      })
    } catch (error) {
      this.#fail(asStorageError(error, "failed", "a change was not kept in the readable copy"))
    }
  }

  #fail(error: StorageError): void {
    this.#failure = error
    for (const listener of this.#listeners) listener(error)
  }

  // A row that was not kept is made good by keeping the whole document.
  async #mend(): Promise<void> {
    if (this.#failure) await this.trim()
  }

  #trimSoon(): void {
    if (this.#closed || this.#trimming) return
    this.trim().catch((error: unknown) => {
      this.#fail(asStorageError(error, "failed", "a readable copy could not be trimmed"))
    })
  }

  async #trim(): Promise<void> {
    try {
      const store = await this.#fetch() // its transaction is still active: what follows is part of it
      const failure = this.#failure
      const transaction = wrap(store.transaction) as unknown as Writing
      const key = await complete(transaction, () => this.#replace(transaction))
      this.#loader._dbref = Number(key) + 1
      this.#loader._dbsize = 1
      // What failed before this transaction was made is in it; what failed later is not.
      if (this.#failure === failure) this.#failure = null
    } catch (error) {
      throw asStorageError(error, "failed", "a readable copy could not be trimmed")
    }
  }

  async #replace(transaction: Writing): Promise<IDBValidKey> {
    const rows = transaction.objectStore(UPDATES)
    const key = await rows.add(Y.encodeStateAsUpdate(this.#doc))
    await rows.delete(IDBKeyRange.upperBound(key, true))
    return key
  }

  #fetch(): Promise<IDBObjectStore> {
    return fetchUpdates(this.#loader as unknown as IndexeddbPersistence)
  }

  async #transact(stores: string[], work: (transaction: Writing) => Promise<void>): Promise<void> {
    try {
      const transaction = this.#database.transaction(stores, "readwrite", { durability: "strict" })
      await complete(transaction, () => work(transaction))
    } catch (error) {
      throw asStorageError(error, "failed", "a readable copy could not be written")
    }
  }
}

const ALL_MARKS = () => IDBKeyRange.bound(MARK, `${MARK}\uffff`)

function keyAfter(last: IDBValidKey | undefined): string {
  const number = last === undefined ? 0 : Number(String(last).slice(MARK.length)) + 1
  return MARK + String(number).padStart(12, "0")
}
