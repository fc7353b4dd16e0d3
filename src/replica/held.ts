// Envelopes of others that have just come and are on their way to the disk, kept at hand for a moment: a word that is
// typed elsewhere need not be read back before it is shown. Whoever takes some knows that they are durable by then.
import type { SessionId } from "../bytes/ids"
import type { Range } from "../log/log"
import { CHANNELS, type Envelope } from "../records/envelope"

/** Beyond this everything is let go: it is read from the log, as ever. */
const BYTES_MAX = 256 * 1024

export class Held {
  readonly #bySession = new Map<SessionId, Envelope[]>()
  #bytes = 0

  /** Holds what belongs to the text, in the order of its chains. */
  add(envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) {
      const { sessionId } = envelope.header
      if (envelope.header.channel !== CHANNELS.body) continue
      if (this.#bytes + envelope.bytes.length > BYTES_MAX) this.clear()
      const held = this.#bySession.get(sessionId) ?? []
      this.#bySession.set(sessionId, held)
      held.push(envelope)
      this.#bytes += envelope.bytes.length
    }
  }

  /** The bytes of a range from its beginning on, as far as there is no gap; of what lies before its end none is held then. */
  take({ sessionId, from, to }: Range): Uint8Array[] {
    const taken: Uint8Array[] = []
    const rest: Envelope[] = []
    for (const envelope of this.#bySession.get(sessionId) ?? []) {
      const { header, bytes } = envelope
      if (header.seq > to) rest.push(envelope)
      else this.#bytes -= bytes.length
      if (header.seq === from + taken.length && header.seq <= to) taken.push(bytes)
    }
    if (rest.length > 0) this.#bySession.set(sessionId, rest)
    else this.#bySession.delete(sessionId)
    return taken
  }

  /** Lets everything go: some of it may not have been kept. */
  clear(): void {
    this.#bySession.clear()
    this.#bytes = 0
  }
}
