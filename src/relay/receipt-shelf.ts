// The receipts of each document, over a stop of the relay: what devices have signed for, to be told to those who meet
// only the relay. Written when a document is put away; what a crash loses comes again from the devices themselves.
import { type DocId, idBytes } from "../bytes/ids"
import type { Database } from "./database"
import { plain } from "./plain"

export class ReceiptShelf {
  readonly #get
  readonly #put

  constructor({ connection }: Database) {
    this.#get = connection.prepare<[Uint8Array], { bytes: Buffer }>(
      "SELECT bytes FROM receipts WHERE document = ?",
    )
    this.#put = connection.prepare<[Uint8Array, Uint8Array]>(
      "INSERT INTO receipts (document, bytes) VALUES (?, ?) ON CONFLICT (document) DO UPDATE SET bytes = excluded.bytes",
    )
  }

  /** As log/ledger.ts stores them; empty if there are none. Throws SqliteError. */
  get(docId: DocId): Uint8Array {
    const row = this.#get.get(idBytes(docId))
    return row ? plain(row.bytes) : new Uint8Array(0)
  }

  /** Throws SqliteError. */
  put(docId: DocId, bytes: Uint8Array): void {
    this.#put.run(idBytes(docId), bytes)
  }
}
