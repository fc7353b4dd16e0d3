// A log store that forgets when the program ends: for tests, for simulation, and for whoever may not use a disk.
// It is the plainest reading of LogStore, and what the other implementations are compared with.
import { encodeBase64url } from "../bytes/base64url"
import type { Announced } from "../records/blob"
import { type Envelope, KINDS } from "../records/envelope"
import { MemoryBlobStore } from "./blob-store"
import { indexed } from "./chain"
import type { Range } from "./log"
import { announcedBy, type Batch, followsUpon, type LogStore, StorageError, type StoredLog } from "./store"

/** One session's envelopes by seq; a run that was dropped is not there. */
type Places = Map<number, Envelope>

export class MemoryStore implements LogStore {
  readonly #certificates = new Map<string, Uint8Array>()
  readonly #chains = new Map<string, Places>()
  readonly #announced = new Map<string, Announced>()
  readonly blobs = new MemoryBlobStore()

  async load(): Promise<StoredLog | null> {
    if (this.#certificates.size === 0) return null
    const sessions = [...this.#chains.values()].map(places => ({
      open: places.get(0)?.bytes ?? new Uint8Array(0),
      places: inOrder(places).map(indexed),
    }))
    return {
      certificates: [...this.#certificates.values()],
      sessions,
      announced: [...this.#announced.values()],
      adoptions: [...this.#chains.values()]
        .flatMap(inOrder)
        .filter(({ header }) => header.kind === KINDS.adoption)
        .map(({ bytes }) => bytes),
    }
  }

  async append({ certificates, envelopes }: Batch): Promise<void> {
    const longer = new Map<string, Places>()
    for (const envelope of envelopes) {
      const { sessionId, seq } = envelope.header
      const places = longer.get(sessionId) ?? new Map(this.#chains.get(sessionId))
      const standing = places.get(seq)
      if (standing && standing.id !== envelope.id)
        throw new StorageError("conflict", "another envelope is stored there")
      if (seq > 0 && !standing && !places.has(seq - 1) && !places.has(followsUpon(envelope)))
        throw new StorageError("conflict", "the envelope before is not stored")
      places.set(seq, envelope)
      longer.set(sessionId, places)
    }
    for (const certificate of certificates) this.#certificates.set(encodeBase64url(certificate), certificate)
    for (const [sessionId, places] of longer) this.#chains.set(sessionId, places)
    for (const announced of envelopes.flatMap(announcedBy))
      if (!this.#announced.has(announced.blobId)) this.#announced.set(announced.blobId, announced)
  }

  async read({ sessionId, from, to }: Range, bytesMax: number): Promise<Uint8Array[]> {
    const found: Uint8Array[] = []
    let left = bytesMax
    for (const { header, bytes } of inOrder(this.#chains.get(sessionId) ?? new Map())) {
      if (header.seq < from || header.seq > to) continue
      left -= bytes.length
      if (left < 0 && found.length > 0) break
      found.push(bytes)
    }
    return found
  }

  async drop(runs: readonly Range[]): Promise<void> {
    for (const { sessionId, from, to } of runs)
      for (let seq = from; seq <= to; seq++) this.#chains.get(sessionId)?.delete(seq)
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}

function inOrder(places: Places): Envelope[] {
  return [...places.values()].sort((a, b) => a.header.seq - b.header.seq)
}
