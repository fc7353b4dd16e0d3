// The blobs of one document at the relay: sealed pieces in the same file as the envelopes that announce them, counted
// to whoever announced them. What is not announced has no row, and no place.
import type { Statement } from "better-sqlite3"
import type { RefusedError } from "../bytes/errors"
import { type BlobId, idBytes, idOf, type PublicKey } from "../bytes/ids"
import type { BlobStore } from "../log/blob-store"
import type { Announced } from "../records/blob"
import type { Database } from "./database"
import { plain } from "./plain"

/** What the blobs of a document need of its store. */
export interface BlobSurroundings {
  /** The row that stands for the document; null until something of it is stored. */
  document(): number | null
  /** Why nothing more of what a grant announced may be kept; null: there is room. */
  room(grantPub: PublicKey): RefusedError | null
  /** Bytes of a grant's that are on the disk now. */
  kept(grantPub: PublicKey, bytes: number): void
  /** A disk's failure in the words of stores. */
  failure(failure: unknown): unknown
}

export class RelayBlobStore implements BlobStore {
  readonly #database: Database
  readonly #statements: BlobStatements
  readonly #around: BlobSurroundings

  constructor(database: Database, statements: BlobStatements, around: BlobSurroundings) {
    this.#database = database
    this.#statements = statements
    this.#around = around
  }

  async held(blobId: BlobId | null): Promise<ReadonlyMap<BlobId, readonly number[]>> {
    const held = new Map<BlobId, number[]>()
    for (const { id, place } of this.#reading(document => this.#statements.held.all(document)) ?? []) {
      const each = idOf<BlobId>(id)
      if (blobId === null || each === blobId) held.set(each, [...(held.get(each) ?? []), place])
    }
    return held
  }

  async put(blobId: BlobId, index: number, bytes: Uint8Array): Promise<void> {
    const blob = this.#reading(document => this.#statements.blob.get(document, idBytes(blobId)))
    if (!blob) throw new Error("a piece came of a blob that was not announced")
    const grantPub = idOf<PublicKey>(blob.grantPub)
    const refused = this.#around.room(grantPub)
    if (refused) throw refused
    let added = 0
    try {
      await this.#database.write(() => {
        added = this.#statements.addPiece.run(blob.number, index, bytes).changes * bytes.length
      })
    } catch (failure) {
      throw this.#around.failure(failure)
    }
    this.#around.kept(grantPub, added)
  }

  async read(blobId: BlobId, index: number): Promise<Uint8Array | null> {
    const row = this.#reading(document => this.#statements.piece.get(document, idBytes(blobId), index))
    return row ? plain(row.bytes) : null
  }

  #reading<T>(read: (document: number) => T): T | null {
    const document = this.#around.document()
    if (document === null) return null
    try {
      return read(document)
    } catch (failure) {
      throw this.#around.failure(failure)
    }
  }
}

export type BlobStatements = ReturnType<typeof prepareBlobs>

export function prepareBlobs({ connection }: Database) {
  const statement = <Parameters extends unknown[], Row = unknown>(sql: string): Statement<Parameters, Row> =>
    connection.prepare<Parameters, Row>(sql)
  return {
    announced: statement<[number], { id: Buffer; bytes: number }>(
      "SELECT id, bytes FROM blobs WHERE document = ? ORDER BY number",
    ),
    announce: statement<[number, Uint8Array, Uint8Array, number]>(
      "INSERT INTO blobs (document, id, grantPub, bytes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    blob: statement<[number, Uint8Array], { number: number; grantPub: Buffer }>(
      "SELECT number, grantPub FROM blobs WHERE document = ? AND id = ?",
    ),
    held: statement<[number], { id: Buffer; place: number }>(
      "SELECT id, place FROM blobs JOIN pieces ON pieces.blob = blobs.number WHERE document = ?",
    ),
    addPiece: statement<[number, number, Uint8Array]>(
      "INSERT INTO pieces (blob, place, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    piece: statement<[number, Uint8Array, number], { bytes: Buffer }>(
      `SELECT pieces.bytes FROM blobs JOIN pieces ON pieces.blob = blobs.number
        WHERE document = ? AND id = ? AND place = ?`,
    ),
    grantBytes: statement<[number], { grantPub: Buffer; bytes: number }>(
      `SELECT grantPub, sum(length(pieces.bytes)) AS bytes FROM blobs JOIN pieces ON pieces.blob = blobs.number
        WHERE document = ? GROUP BY grantPub`,
    ),
    storedBytes: statement<[], { bytes: number }>(
      "SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM pieces",
    ),
  }
}

/** The announced blobs of a document, as they were announced. */
export function announcedIn(statements: BlobStatements, document: number): Announced[] {
  return statements.announced.all(document).map(({ id, bytes }) => ({ blobId: idOf<BlobId>(id), bytes }))
}
