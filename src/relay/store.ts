// What the relay keeps of each document: certificates and sealed envelopes, in the tables of database.ts. A store
// passes the acceptance suite of all log stores; beside that it counts what every grant's envelopes take, because
// a relay takes what strangers bring. It cannot open what it keeps.
import { createHash } from "node:crypto"
import type { Statement } from "better-sqlite3"
import type { RefusedError } from "../bytes/errors"
import { type DocId, ENVELOPE_ID_BYTES, type EnvelopeId, idBytes, idOf, type PublicKey } from "../bytes/ids"
import { concat, equalBytes } from "../bytes/writer"
import { type SigningKey, signingKey } from "../crypto/signing"
import { type IndexedPlace, indexed } from "../log/chain"
import type { Range } from "../log/log"
import {
  announcedBy,
  type Batch,
  followsUpon,
  type LogStore,
  StorageError,
  type StoredLog,
} from "../log/store"
import type { Envelope } from "../records/envelope"
import { announcedIn, prepareBlobs, RelayBlobStore } from "./blob-store"
import { type Database, diskFailure } from "./database"
import { plain } from "./plain"
import { ReceiptShelf } from "./receipt-shelf"

/** All documents of one relay. */
export class Store {
  readonly receipts: ReceiptShelf
  readonly #database: Database
  readonly #statements: Statements
  #storedBytes: number

  constructor(database: Database) {
    this.#database = database
    this.receipts = new ReceiptShelf(database)
    this.#statements = prepare(database)
    const { storedBytes, blobs } = this.#statements
    this.#storedBytes = (storedBytes.get()?.bytes ?? 0) + (blobs.storedBytes.get()?.bytes ?? 0)
  }

  /** The relay's own key, made from `seed` (32 random bytes) at its first start and the same ever after. */
  key(seed: () => Uint8Array): SigningKey {
    const known = this.#statements.seed.get()
    if (known) return signingKey(plain(known.seed))
    const made = seed()
    this.#statements.addSeed.run(made)
    return signingKey(made)
  }

  /** Bytes of envelopes, certificates and blobs over all documents. */
  get storedBytes(): number {
    return this.#storedBytes
  }

  get documentCount(): number {
    return this.#statements.documentCount.get()?.count ?? 0
  }

  /**
   * The store of one document. Nothing is made on the disk until the first append. `room`: why no more of what a grant
   * announces may be kept, null if there is room.
   */
  document(docId: DocId, room: (grantPub: PublicKey) => RefusedError | null = () => null): DocumentStore {
    const count = (bytes: number) => {
      this.#storedBytes += bytes
    }
    return new DocumentStore(docId, this.#database, this.#statements, count, room)
  }
}

export class DocumentStore implements LogStore {
  readonly blobs: RelayBlobStore
  readonly #docId: DocId
  readonly #database: Database
  readonly #statements: Statements
  readonly #count: (bytes: number) => void
  /** The row that stands for the document; null until something of it is stored. */
  #number: number | null
  readonly #grantBytes = new Map<PublicKey, number>()
  #bytes = 0
  #closed = false

  constructor(
    docId: DocId,
    database: Database,
    statements: Statements,
    count: (bytes: number) => void,
    room: (grantPub: PublicKey) => RefusedError | null,
  ) {
    this.#docId = docId
    this.#database = database
    this.#statements = statements
    this.#count = count
    this.#number = statements.document.get(idBytes(docId))?.number ?? null
    if (this.#number !== null) this.#readUsage(this.#number)
    this.blobs = new RelayBlobStore(database, statements.blobs, {
      document: () => this.#number,
      room,
      kept: (grantPub, bytes) => this.#tally({ bytes, grants: new Map([[grantPub, bytes]]) }),
      failure: storageError,
    })
  }

  /** Bytes of everything stored of the document. */
  get bytes(): number {
    return this.#bytes
  }

  /** Bytes of the envelopes that were written by one grant, and of the blobs that it announced. */
  grantBytes(grantPub: PublicKey): number {
    return this.#grantBytes.get(grantPub) ?? 0
  }

  async load(): Promise<StoredLog | null> {
    return this.#reading(() => {
      if (this.#number === null) return null
      const certificates = this.#statements.certificates.all(this.#number).map(row => plain(row.bytes))
      const sessions = this.#statements.sessions.all(this.#number).map(({ number }) => ({
        open: plain(this.#statements.open.get(number)?.bytes ?? Buffer.alloc(0)),
        places: this.#statements.places.all(number).map(placeOf),
      }))
      const adoptions = this.#statements.adoptions.all(this.#number).map(row => plain(row.bytes))
      const announced = announcedIn(this.#statements.blobs, this.#number)
      return { certificates, sessions, announced, adoptions }
    })
  }

  async append(batch: Batch): Promise<void> {
    if (this.#closed) throw new StorageError("unavailable", "the store is closed")
    const added = { number: this.#number, bytes: 0, grants: new Map<PublicKey, number>() }
    try {
      await this.#database.write(() => this.#insert(batch, added))
    } catch (failure) {
      throw storageError(failure)
    }
    this.#number = added.number
    this.#tally(added)
  }

  async read({ sessionId, from, to }: Range, bytesMax: number): Promise<Uint8Array[]> {
    return this.#reading(() => {
      const session =
        this.#number === null ? undefined : this.#statements.session.get(this.#number, idBytes(sessionId))
      const found: Uint8Array[] = []
      if (!session) return found
      let left = bytesMax
      for (const { bytes } of this.#statements.range.iterate(session.number, from, to)) {
        left -= bytes.length
        if (left < 0 && found.length > 0) break
        found.push(plain(bytes))
      }
      return found
    })
  }

  async drop(runs: readonly Range[]): Promise<void> {
    if (this.#closed) throw new StorageError("unavailable", "the store is closed")
    const dropped: Added = { number: this.#number, bytes: 0, grants: new Map() }
    try {
      await this.#database.write(() => {
        for (const run of runs) this.#delete(run, dropped)
      })
    } catch (failure) {
      throw storageError(failure)
    }
    this.#tally(dropped)
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  #delete({ sessionId, from, to }: Range, dropped: Added): void {
    if (this.#number === null) return
    const session = this.#statements.session.get(this.#number, idBytes(sessionId))
    if (!session) return
    const bytes = this.#statements.rangeBytes.get(session.number, from, to)?.bytes ?? 0
    this.#statements.dropRange.run(session.number, from, to)
    this.#statements.growSession.run(-bytes, 0, session.number)
    const grantPub = idOf<PublicKey>(session.grantPub)
    dropped.bytes -= bytes
    dropped.grants.set(grantPub, (dropped.grants.get(grantPub) ?? 0) - bytes)
  }

  #tally({ bytes, grants }: Pick<Added, "bytes" | "grants">): void {
    this.#bytes += bytes
    this.#count(bytes)
    for (const [grantPub, more] of grants) this.#grantBytes.set(grantPub, this.grantBytes(grantPub) + more)
  }

  #insert(batch: Batch, added: Added): void {
    const document = added.number ?? this.#statements.addDocument.get(idBytes(this.#docId))?.number
    if (document === undefined) throw new Error("a document's row was not made")
    added.number = document
    for (const bytes of batch.certificates) {
      const hash = createHash("sha256").update(bytes).digest()
      if (this.#statements.addCertificate.run(document, hash, bytes).changes > 0) added.bytes += bytes.length
    }
    for (const envelope of batch.envelopes) {
      if (!this.#insertEnvelope(document, envelope)) continue
      const { grantPub } = envelope.session
      added.bytes += envelope.bytes.length
      added.grants.set(grantPub, (added.grants.get(grantPub) ?? 0) + envelope.bytes.length)
      for (const { blobId, bytes } of announcedBy(envelope))
        this.#statements.blobs.announce.run(document, idBytes(blobId), idBytes(grantPub), bytes)
    }
  }

  /** False: it was there already. Throws StorageError (conflict). */
  #insertEnvelope(document: number, envelope: Envelope): boolean {
    const { id, header, bytes, session } = envelope
    const { sessionId, seq } = header
    const sessionBytes = idBytes(sessionId)
    if (seq === 0) this.#statements.addSession.run(document, sessionBytes, idBytes(session.grantPub))
    const chain = this.#statements.session.get(document, sessionBytes)?.number
    if (chain === undefined) throw new StorageError("conflict", "the envelope before is not stored")
    const there = this.#statements.idAt.get(chain, seq)
    if (there && !equalBytes(there.id, idBytes(id)))
      throw new StorageError("conflict", "another envelope is stored there")
    if (there) return false
    const follows = [seq - 1, followsUpon(envelope)].some(before => this.#statements.idAt.get(chain, before))
    if (seq > 0 && !follows) throw new StorageError("conflict", "the envelope before is not stored")
    const { from, vouches } = indexed(envelope)
    this.#statements.addEnvelope.run(chain, seq, idBytes(id), from, concat(...vouches.map(idBytes)), bytes)
    this.#statements.growSession.run(bytes.length, seq + 1, chain)
    return true
  }

  #readUsage(document: number): void {
    this.#bytes = this.#statements.certificateBytes.get(document)?.bytes ?? 0
    const { grantBytes, blobs } = this.#statements
    for (const { grantPub, bytes } of [...grantBytes.all(document), ...blobs.grantBytes.all(document)]) {
      const grant = idOf<PublicKey>(grantPub)
      this.#grantBytes.set(grant, this.grantBytes(grant) + bytes)
      this.#bytes += bytes
    }
  }

  #reading<T>(read: () => T): T {
    if (this.#closed) throw new StorageError("unavailable", "the store is closed")
    try {
      return read()
    } catch (failure) {
      throw storageError(failure)
    }
  }
}

/** What one write adds; counted only once it is durable. */
interface Added {
  number: number | null
  bytes: number
  readonly grants: Map<PublicKey, number>
}

/** A disk's failure in the words of log stores. Anything else is our bug and is handed on as it is. */
function storageError(failure: unknown): unknown {
  const disk = diskFailure(failure)
  return disk ? new StorageError(disk, `the relay's disk: ${disk}`, { cause: failure }) : failure
}

interface StoredRow {
  readonly seq: number
  readonly id: Buffer
  readonly runFrom: number | null
  readonly vouches: Buffer
}

function placeOf({ seq, id, runFrom, vouches }: StoredRow): IndexedPlace {
  const ids = Array.from({ length: vouches.length / ENVELOPE_ID_BYTES }, (_, index) =>
    idOf<EnvelopeId>(vouches.subarray(index * ENVELOPE_ID_BYTES, (index + 1) * ENVELOPE_ID_BYTES)),
  )
  return { seq, id: idOf<EnvelopeId>(id), from: runFrom, vouches: ids }
}

type Statements = ReturnType<typeof prepare>

function prepare(database: Database) {
  const { connection } = database
  const statement = <Parameters extends unknown[], Row = unknown>(sql: string): Statement<Parameters, Row> =>
    connection.prepare<Parameters, Row>(sql)
  return {
    blobs: prepareBlobs(database),
    seed: statement<[], { seed: Buffer }>("SELECT seed FROM relay"),
    addSeed: statement<[Uint8Array]>("INSERT INTO relay (seed) VALUES (?)"),
    storedBytes: statement<[], { bytes: number }>(
      `SELECT (SELECT coalesce(sum(bytes), 0) FROM sessions)
        + (SELECT coalesce(sum(length(bytes)), 0) FROM certificates) AS bytes`,
    ),
    documentCount: statement<[], { count: number }>("SELECT count(*) AS count FROM documents"),

    document: statement<[Uint8Array], { number: number }>("SELECT number FROM documents WHERE id = ?"),
    // Setting a column to itself makes RETURNING answer for a row that was there already.
    addDocument: statement<[Uint8Array], { number: number }>(
      "INSERT INTO documents (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING number",
    ),

    certificates: statement<[number], { bytes: Buffer }>(
      "SELECT bytes FROM certificates WHERE document = ? ORDER BY number",
    ),
    addCertificate: statement<[number, Uint8Array, Uint8Array]>(
      "INSERT INTO certificates (document, hash, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    certificateBytes: statement<[number], { bytes: number }>(
      "SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM certificates WHERE document = ?",
    ),

    sessions: statement<[number], { number: number }>(
      "SELECT number FROM sessions WHERE document = ? AND next > 0 ORDER BY number",
    ),
    session: statement<[number, Uint8Array], { number: number; grantPub: Buffer }>(
      "SELECT number, grantPub FROM sessions WHERE document = ? AND id = ?",
    ),
    addSession: statement<[number, Uint8Array, Uint8Array]>(
      `INSERT INTO sessions (document, id, grantPub, next, bytes) VALUES (?, ?, ?, 0, 0)
        ON CONFLICT DO NOTHING`,
    ),
    growSession: statement<[number, number, number]>(
      "UPDATE sessions SET bytes = bytes + ?, next = max(next, ?) WHERE number = ?",
    ),
    grantBytes: statement<[number], { grantPub: Buffer; bytes: number }>(
      "SELECT grantPub, sum(bytes) AS bytes FROM sessions WHERE document = ? GROUP BY grantPub",
    ),

    addEnvelope: statement<[number, number, Uint8Array, number | null, Uint8Array, Uint8Array]>(
      "INSERT INTO envelopes (session, seq, id, runFrom, vouches, bytes) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    open: statement<[number], { bytes: Buffer }>("SELECT bytes FROM envelopes WHERE session = ? AND seq = 0"),
    places: statement<[number], StoredRow>(
      "SELECT seq, id, runFrom, vouches FROM envelopes WHERE session = ? ORDER BY seq",
    ),
    rangeBytes: statement<[number, number, number], { bytes: number }>(
      `SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM envelopes
        WHERE session = ? AND seq BETWEEN ? AND ?`,
    ),
    dropRange: statement<[number, number, number]>(
      "DELETE FROM envelopes WHERE session = ? AND seq BETWEEN ? AND ?",
    ),
    adoptions: statement<[number], { bytes: Buffer }>(
      `SELECT envelopes.bytes FROM envelopes INDEXED BY adoptions JOIN sessions ON sessions.number = session
        WHERE document = ? AND substr(envelopes.bytes, 5, 1) = x'07' ORDER BY envelopes.number`,
    ),
    idAt: statement<[number, number], { id: Buffer }>(
      "SELECT id FROM envelopes WHERE session = ? AND seq = ?",
    ),
    range: statement<[number, number, number], { bytes: Buffer }>(
      "SELECT bytes FROM envelopes WHERE session = ? AND seq BETWEEN ? AND ? ORDER BY seq",
    ),
  }
}
