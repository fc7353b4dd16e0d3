// A log store that forgets when the program ends: for tests, for simulation, and for whoever may not use a disk.
// It is the plainest reading of LogStore, and what the other implementations are compared with.
import { encodeBase64url } from "../bytes/base64url"
import type { Envelope } from "../records/envelope"
import type { Range } from "./log"
import { type Batch, type LogStore, StorageError, type StoredLog } from "./store"

export class MemoryStore implements LogStore {
  readonly #certificates = new Map<string, Uint8Array>()
  readonly #chains = new Map<string, Envelope[]>()

  async load(): Promise<StoredLog | null> {
    if (this.#certificates.size === 0) return null
    const sessions = [...this.#chains.values()].map(chain => ({
      open: chain[0]?.bytes ?? new Uint8Array(0),
      ids: chain.map(envelope => envelope.id),
    }))
    return { certificates: [...this.#certificates.values()], sessions }
  }

  async append({ certificates, envelopes }: Batch): Promise<void> {
    const longer = new Map<string, Envelope[]>()
    for (const envelope of envelopes) {
      const { sessionId, seq } = envelope.header
      const chain = longer.get(sessionId) ?? [...(this.#chains.get(sessionId) ?? [])]
      if (seq > chain.length) throw new StorageError("conflict", "the envelope before is not stored")
      if (seq < chain.length && chain[seq]?.id !== envelope.id)
        throw new StorageError("conflict", "another envelope is stored there")
      chain[seq] = envelope
      longer.set(sessionId, chain)
    }
    for (const certificate of certificates) this.#certificates.set(encodeBase64url(certificate), certificate)
    for (const [sessionId, chain] of longer) this.#chains.set(sessionId, chain)
  }

  async read({ sessionId, from, to }: Range, bytesMax: number): Promise<Uint8Array[]> {
    const found: Uint8Array[] = []
    let left = bytesMax
    for (const { bytes } of this.#chains.get(sessionId)?.slice(from, to + 1) ?? []) {
      left -= bytes.length
      if (left < 0 && found.length > 0) break
      found.push(bytes)
    }
    return found
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}
