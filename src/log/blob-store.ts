// Where the pieces of a document's blobs rest. What lies behind it (IndexedDB, SQLite, memory) is for the rooms above
// to say. It keeps what was checked before, under its blob and its index, and judges nothing.
// tests/unit/log/blob-suite.ts is the acceptance suite that every implementation passes.
import type { BlobId } from "../bytes/ids"

export interface BlobStore {
  /** The indices of the pieces that are here, of one blob or (null) of all. Rejects with StorageError. */
  held(blobId: BlobId | null): Promise<ReadonlyMap<BlobId, readonly number[]>>

  /**
   * Durable when it resolves; a piece that is there already is passed over. Rejects with StorageError; with RefusedError
   * (quota) where a host gives no more room. The bytes are the store's afterwards.
   */
  put(blobId: BlobId, index: number, bytes: Uint8Array): Promise<void>

  /** A piece; null if it is not here. Rejects with StorageError. The caller must not write to it. */
  read(blobId: BlobId, index: number): Promise<Uint8Array | null>
}

/** Forgets when the program ends: for tests, for simulation, and for whoever may not use a disk. */
export class MemoryBlobStore implements BlobStore {
  readonly #pieces = new Map<BlobId, Map<number, Uint8Array>>()

  async held(blobId: BlobId | null): Promise<ReadonlyMap<BlobId, readonly number[]>> {
    const found = new Map<BlobId, readonly number[]>()
    for (const [each, pieces] of this.#pieces)
      if (blobId === null || each === blobId) found.set(each, [...pieces.keys()])
    return found
  }

  async put(blobId: BlobId, index: number, bytes: Uint8Array): Promise<void> {
    const pieces = this.#pieces.get(blobId) ?? new Map<number, Uint8Array>()
    this.#pieces.set(blobId, pieces)
    if (!pieces.has(index)) pieces.set(index, bytes)
  }

  async read(blobId: BlobId, index: number): Promise<Uint8Array | null> {
    return this.#pieces.get(blobId)?.get(index) ?? null
  }
}
