// The order in which a keeper writes: one transaction at a time, and whatever comes while one runs gathers for the
// next, so that a slow disk costs one wait for many envelopes. When the disk refuses, everything that was waiting is
// refused with it: what follows in a chain cannot be kept without what came before.
import type { Envelope } from "../records/envelope"
import type { Batch, LogStore } from "./store"

interface Gathering {
  readonly envelopes: Envelope[]
  /** Set when an earlier write failed: this one is not to be tried. */
  refusal: unknown
  durable: Promise<void>
}

export interface WriteEvents {
  /** These are durable now. */
  stored(envelopes: readonly Envelope[]): void
  /** None of these is, nor will be without being given again. Called before their promises reject. */
  lost(envelopes: readonly Envelope[], error: unknown): void
}

export class Writes {
  readonly #store: LogStore
  readonly #events: WriteEvents
  /** Certificates that ride with the next transaction, whichever it is. */
  #certificates: Uint8Array[] = []
  #last: Promise<unknown> = Promise.resolve()
  #running: Gathering | null = null
  #gathering: Gathering | null = null

  constructor(store: LogStore, events: WriteEvents) {
    this.#store = store
    this.#events = events
  }

  /** What was given and is not durable yet. */
  unstored(): readonly Envelope[] {
    return [...(this.#running?.envelopes ?? []), ...(this.#gathering?.envelopes ?? [])]
  }

  /** Has envelopes and certificates kept; resolves when they are, rejects if they are not. */
  write(envelopes: readonly Envelope[], certificates: readonly Uint8Array[] = []): Promise<void> {
    this.#certificates.push(...certificates)
    const gathering = this.#gathering ?? this.#gather()
    gathering.envelopes.push(...envelopes)
    return gathering.durable
  }

  /** Has one batch kept by the caller's own function, in its turn; certificates that wait ride along. */
  writeWith(envelopes: readonly Envelope[], persist: (batch: Batch) => Promise<void>): Promise<void> {
    return this.#inTurn(() => this.#transact(envelopes, persist))
  }

  /** Resolves when everything given so far is durable or lost. Never rejects. */
  async settled(): Promise<void> {
    await this.#last
  }

  #gather(): Gathering {
    const gathering: Gathering = { envelopes: [], refusal: null, durable: Promise.resolve() }
    gathering.durable = this.#inTurn(() => this.#writeGathered(gathering))
    this.#gathering = gathering
    return gathering
  }

  async #writeGathered(gathering: Gathering): Promise<void> {
    if (gathering.refusal) throw gathering.refusal
    this.#gathering = null
    this.#running = gathering
    try {
      await this.#transact(gathering.envelopes, batch => this.#store.append(batch))
    } catch (refusal) {
      const lost = this.unstored()
      this.#running = null
      this.#refuseGathered(refusal)
      this.#events.lost(lost, refusal)
      throw refusal
    }
    this.#running = null
    this.#events.stored(gathering.envelopes)
  }

  // It keeps its turn, so that those who wait for it are told, but nobody joins it any more.
  #refuseGathered(refusal: unknown): void {
    if (this.#gathering) this.#gathering.refusal = refusal
    this.#gathering = null
  }

  async #transact(envelopes: readonly Envelope[], persist: (batch: Batch) => Promise<void>): Promise<void> {
    const certificates = [...this.#certificates]
    if (envelopes.length + certificates.length === 0) return
    await persist({ certificates, envelopes })
    this.#certificates = this.#certificates.slice(certificates.length)
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const done = this.#last.then(write)
    // Whoever asked is told of a failure; the next in turn goes ahead all the same.
    this.#last = done.catch(() => undefined)
    return done
  }
}
