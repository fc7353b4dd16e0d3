// What the relay keeps of each document: certificates and sealed envelopes, in the tables of database.ts. A store
// passes the acceptance suite of all log stores; beside that it counts what every grant's envelopes take, because
// a relay takes what strangers bring. It cannot open what it keeps.
import { createHash } from "node:crypto"
import type { Statement } from "better-sqlite3"
import { type DocId, type EnvelopeId, idBytes, idOf, type PublicKey } from "../bytes/ids"
import { equalBytes } from "../bytes/writer"
import { type SigningKey, signingKey } from "../crypto/signing"
import type { Range } from "../log/log"
import { type Batch, type LogStore, StorageError, type StoredLog } from "../log/store"
import type { Envelope } from "../records/envelope"
import { type Database, diskFailure } from "./database"
import { plain } from "./plain"

/** All documents of one relay. */
export class Store {
  readonly #database: Database
  readonly #statements: Statements
  #storedBytes: number

  constructor(database: Database) {
    this.#database = database
    this.#statements = prepare(database)
    this.#storedBytes = this.#statements.storedBytes.get()?.bytes ?? 0
  }

  /** The relay's own key, made from `seed` (32 random bytes) at its first start and the same ever after. */
  key(seed: () => Uint8Array): SigningKey {
    const known = this.#statements.seed.get()
    if (known) return signingKey(plain(known.seed))
    const made = seed()
    this.#statements.addSeed.run(made)
    return signingKey(made)
  }

  /** Bytes of envelopes and certificates over all documents. */
  get storedBytes(): number {
    return this.#storedBytes
  }

  get documentCount(): number {
    return this.#statements.documentCount.get()?.count ?? 0
  }

  /** The store of one document. Nothing is made on the disk until the first append. */
  document(docId: DocId): DocumentStore {
    return new DocumentStore(docId, this.#database, this.#statements, bytes => {
      this.#storedBytes += bytes
    })
  }
}

export class DocumentStore implements LogStore {
  readonly #docId: DocId
  readonly #database: Database
  readonly #statements: Statements
  readonly #count: (bytes: number) => void
  /** The row that stands for the document; null until something of it is stored. */
  #number: number | null
  readonly #grantBytes = new Map<PublicKey, number>()
  #bytes = 0
  #closed = false

  constructor(docId: DocId, database: Database, statements: Statements, count: (bytes: number) => void) {
    this.#docId = docId
    this.#database = database
    this.#statements = statements
    this.#count = count
    this.#number = statements.document.get(idBytes(docId))?.number ?? null
    if (this.#number !== null) this.#readUsage(this.#number)
  }

  /** Bytes of everything stored of the document. */
  get bytes(): number {
    return this.#bytes
  }

  /** Bytes of the envelopes that were written by one grant. */
  grantBytes(grantPub: PublicKey): number {
    return this.#grantBytes.get(grantPub) ?? 0
  }

  async load(): Promise<StoredLog | null> {
    return this.#reading(() => {
      if (this.#number === null) return null
      const certificates = this.#statements.certificates.all(this.#number).map(row => plain(row.bytes))
      const sessions = this.#statements.sessions.all(this.#number).map(({ number }) => ({
        open: plain(this.#statements.open.get(number)?.bytes ?? Buffer.alloc(0)),
        ids: this.#statements.ids.all(number).map(row => idOf<EnvelopeId>(row.id)),
      }))
      return { certificates, sessions }
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
    this.#bytes += added.bytes
    this.#count(added.bytes)
    for (const [grantPub, bytes] of added.grants)
      this.#grantBytes.set(grantPub, this.grantBytes(grantPub) + bytes)
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

  async close(): Promise<void> {
    this.#closed = true
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
    }
  }

  /** False: it was there already. Throws StorageError (conflict). */
  #insertEnvelope(document: number, { id, header, bytes, session }: Envelope): boolean {
    const { sessionId, seq } = header
    const sessionBytes = idBytes(sessionId)
    if (seq === 0) this.#statements.addSession.run(document, sessionBytes, idBytes(session.grantPub))
    // The row counts the chain, so that it can only grow by its next link.
    const grown = this.#statements.growSession.get(bytes.length, document, sessionBytes, seq)
    if (grown) {
      this.#statements.addEnvelope.run(grown.number, seq, idBytes(id), bytes)
      return true
    }
    const held = this.#statements.session.get(document, sessionBytes)
    if (!held || seq > held.next) throw new StorageError("conflict", "the envelope before is not stored")
    const there = this.#statements.idAt.get(held.number, seq)
    if (!there || !equalBytes(there.id, idBytes(id)))
      throw new StorageError("conflict", "another envelope is stored there")
    return false
  }

  #readUsage(document: number): void {
    this.#bytes = this.#statements.certificateBytes.get(document)?.bytes ?? 0
    for (const { grantPub, bytes } of this.#statements.grantBytes.all(document)) {
      this.#grantBytes.set(idOf<PublicKey>(grantPub), bytes)
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

type Statements = ReturnType<typeof prepare>

function prepare({ connection }: Database) {
  const statement = <Parameters extends unknown[], Row = unknown>(sql: string): Statement<Parameters, Row> =>
    connection.prepare<Parameters, Row>(sql)
  return {
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
    session: statement<[number, Uint8Array], { number: number; next: number }>(
      "SELECT number, next FROM sessions WHERE document = ? AND id = ?",
    ),
    addSession: statement<[number, Uint8Array, Uint8Array]>(
      `INSERT INTO sessions (document, id, grantPub, next, bytes) VALUES (?, ?, ?, 0, 0)
        ON CONFLICT DO NOTHING`,
    ),
    growSession: statement<[number, number, Uint8Array, number], { number: number }>(
      `UPDATE sessions SET next = next + 1, bytes = bytes + ?
        WHERE document = ? AND id = ? AND next = ? RETURNING number`,
    ),
    grantBytes: statement<[number], { grantPub: Buffer; bytes: number }>(
      "SELECT grantPub, sum(bytes) AS bytes FROM sessions WHERE document = ? GROUP BY grantPub",
    ),

    addEnvelope: statement<[number, number, Uint8Array, Uint8Array]>(
      "INSERT INTO envelopes (session, seq, id, bytes) VALUES (?, ?, ?, ?)",
    ),
    open: statement<[number], { bytes: Buffer }>("SELECT bytes FROM envelopes WHERE session = ? AND seq = 0"),
    ids: statement<[number], { id: Buffer }>("SELECT id FROM envelopes WHERE session = ? ORDER BY seq"),
    idAt: statement<[number, number], { id: Buffer }>(
      "SELECT id FROM envelopes WHERE session = ? AND seq = ?",
    ),
    range: statement<[number, number, number], { bytes: Buffer }>(
      "SELECT bytes FROM envelopes WHERE session = ? AND seq BETWEEN ? AND ? ORDER BY seq",
    ),
  }
}
