// The relay's one file: SQLite, write-ahead log, every commit forced to the disk. Writes of many documents that come
// close together share one transaction, because the force is what costs and one serves all (performance notes:
// durability is free in throughput when it is paid once per batch). It knows tables, not what is in them.
import { chmodSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import Sqlite, { type Database as Connection, SqliteError } from "better-sqlite3"
import type { World } from "../bytes/world"

export const DATABASE_FILE = "sheaf.db"
const SCHEMA_VERSION = 1

// documents   one per document; `number` stands in for the 32 bytes of its id
// certificates  as they were signed, in an order in which they can be added; `hash` (SHA-256) keeps each to one row
// sessions    one per chain: whose it is, how long it is (`next` is the seq that may follow), what it takes
// receipts    of a document, in one piece, as log/ledger.ts stores them
// blobs       announced by envelopes: whose they are, and what the announcer says they take
// pieces      of blobs, sealed; `place` is a piece's index in its blob
// envelopes   in order of arrival; the index holds the ids and what runs are dropped by (where a rollup's run begins,
//             the ids that a header vouches for, one after the other), so that opening a document reads no bodies. Another finds
//             adoptions: a header is longer than 127 bytes, so its length takes two, and its third byte is the kind
const SCHEMA = `
  CREATE TABLE relay (seed BLOB NOT NULL);
  CREATE TABLE documents (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
  CREATE TABLE certificates (
    number INTEGER PRIMARY KEY, document INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL,
    UNIQUE (document, hash)
  );
  CREATE TABLE sessions (
    number INTEGER PRIMARY KEY, document INTEGER NOT NULL, id BLOB NOT NULL, grantPub BLOB NOT NULL,
    next INTEGER NOT NULL, bytes INTEGER NOT NULL, UNIQUE (document, id)
  );
  CREATE TABLE envelopes (
    number INTEGER PRIMARY KEY, session INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL,
    runFrom INTEGER, vouches BLOB NOT NULL, bytes BLOB NOT NULL
  );
  CREATE TABLE receipts (document BLOB PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE blobs (
    number INTEGER PRIMARY KEY, document INTEGER NOT NULL, id BLOB NOT NULL, grantPub BLOB NOT NULL,
    bytes INTEGER NOT NULL, UNIQUE (document, id)
  );
  CREATE TABLE pieces (blob INTEGER NOT NULL, place INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE (blob, place));
  CREATE UNIQUE INDEX envelopes_of_session ON envelopes (session, seq, id, runFrom, vouches);
  CREATE INDEX adoptions ON envelopes (session) WHERE substr(bytes, 5, 1) = x'07';
`

/** The folder cannot be used: another relay has it, or a newer one made it. The message is meant for the operator. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError"
}

interface Write {
  readonly perform: () => void
  readonly resolve: () => void
  readonly reject: (failure: unknown) => void
}

export class Database {
  readonly connection: Connection
  readonly #world: World
  readonly #gatherMs: number
  #waiting: Write[] = []
  #closed = false

  /** Opens or makes `folder`/sheaf.db. Throws DatabaseError. Writes are gathered for `gatherMs` before they commit. */
  constructor(folder: string, world: World, gatherMs = 2) {
    this.#world = world
    this.#gatherMs = gatherMs
    this.connection = open(folder)
  }

  /**
   * Runs `perform` in the next shared transaction. Resolves when that is on the disk; rejects with what `perform`
   * threw, or with the disk's SqliteError, and then nothing of it is stored. The failure of one write does not
   * touch its neighbours.
   */
  write(perform: () => void): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("a write came after the database was closed"))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ perform, resolve, reject })
      if (this.#waiting.length === 1) this.#world.after(this.#gatherMs, () => this.flush())
    })
  }

  /** Commits at once what waits. Never throws: each write is told. */
  flush(): void {
    const writes = this.#waiting
    this.#waiting = []
    if (writes.length === 0) return
    const failures = new Map<Write, unknown>()
    try {
      this.connection.transaction(() => this.#performAll(writes, failures)).immediate()
    } catch (failure) {
      // The disk is full or failing: what the transaction held is gone, for all of them.
      for (const { reject } of writes) reject(failure)
      return
    }
    for (const write of writes) {
      if (failures.has(write)) write.reject(failures.get(write))
      else write.resolve()
    }
  }

  /** Commits what waits and closes the file. Safe to call twice. */
  close(): void {
    if (this.#closed) return
    this.flush()
    this.#closed = true
    this.connection.close()
  }

  #performAll(writes: readonly Write[], failures: Map<Write, unknown>): void {
    for (const write of writes) {
      try {
        // Inside a transaction this is a savepoint: what one write did before it failed is undone alone.
        this.connection.transaction(write.perform)()
      } catch (failure) {
        // After some errors SQLite has given up the whole transaction already (SQLite, "Response To Errors").
        if (!this.connection.inTransaction) throw failure
        failures.set(write, failure)
      }
    }
  }
}

/** Whether a failure is the disk's, and of which kind; null: it is not, but a bug of ours. */
export function diskFailure(failure: unknown): "full" | "damaged" | "failed" | null {
  if (!(failure instanceof SqliteError)) return null
  if (failure.code.startsWith("SQLITE_FULL")) return "full"
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(failure.code)) return "damaged"
  return /^SQLITE_(IOERR|READONLY|CANTOPEN|NOMEM)/.test(failure.code) ? "failed" : null
}

function open(folder: string): Connection {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, DATABASE_FILE)
  const connection = new Sqlite(file, { timeout: 1_000 })
  try {
    chmodSync(file, 0o600)
    // Two relays on one file would each keep an index of their own in memory: the second is turned away.
    connection.pragma("locking_mode = EXCLUSIVE")
    connection.pragma("journal_mode = WAL")
    connection.pragma("synchronous = FULL")
    connection.pragma("journal_size_limit = 67108864")
    connection.transaction(() => prepare(connection)).exclusive()
    return connection
  } catch (failure) {
    connection.close()
    if (failure instanceof SqliteError && failure.code.startsWith("SQLITE_BUSY"))
      throw new DatabaseError(
        `Another relay is using ${folder}. Stop it, or set SHEAF_DATA to another folder.`,
      )
    throw failure
  }
}

function prepare(connection: Connection): void {
  const version = connection.pragma("user_version", { simple: true })
  if (version === SCHEMA_VERSION) return
  if (version !== 0)
    throw new DatabaseError(
      "The data folder was made by a newer relay. Update this one, or use another folder.",
    )
  connection.exec(SCHEMA)
  connection.pragma(`user_version = ${SCHEMA_VERSION}`)
}
