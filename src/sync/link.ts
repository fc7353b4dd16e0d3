// What carries frames between two ends: a data channel, a socket, another tab, memory. A link knows no message and
// no document; it keeps order, loses nothing while it is open, and says when it is not. tests/unit/links/suite.ts
// is the acceptance suite that every carrier passes.
import type { Stop } from "../bytes/world"

/**
 * What must not wait, and what is large and may be late. A carrier that has a second way sends bulk there; the
 * others need not look. Only what the conversation can hear late goes there (exchange.ts says what).
 */
export type Lane = "live" | "bulk"

export interface Link {
  readonly name: "peers" | "relay" | "tabs" | "bundle" | "memory"

  /** Sends one frame of at most 8 MiB. The bytes belong to the link afterwards. After a close it does nothing. */
  send(frame: Uint8Array, lane?: Lane): void

  /**
   * Called with each frame that arrives. Each lane keeps its order, and bulk never overtakes what is live; what is
   * live may overtake bulk. The bytes belong to the listener. One listener at a time.
   */
  onMessage(f: (frame: Uint8Array) => void): Stop

  /** Called once, when the link is closed by either end or by the network; at once if it is closed already. */
  onClose(f: (why: string) => void): Stop

  /** Resolves when there is room to send: the link is open and little is waiting. Also when it is closed. */
  ready(lane?: Lane): Promise<void>

  /** Bytes given to `send` for the live lane that have not left yet. */
  waitingBytes(): number

  /** Safe to call twice. */
  close(): void
}
