// What carries frames between two ends: a data channel, a socket, another tab, memory. A link knows no message and
// no document; it keeps order, loses nothing while it is open, and says when it is not. tests/unit/links/suite.ts
// is the acceptance suite that every carrier passes.
import type { Stop } from "../bytes/world"

export interface Link {
  readonly name: "peers" | "relay" | "tabs" | "bundle" | "memory"

  /** Sends one frame of at most 8 MiB. The bytes belong to the link afterwards. After a close it does nothing. */
  send(frame: Uint8Array): void

  /** Called with each frame that arrives, in order. The bytes belong to the listener. One listener at a time. */
  onMessage(f: (frame: Uint8Array) => void): Stop

  /** Called once, when the link is closed by either end or by the network; at once if it is closed already. */
  onClose(f: (why: string) => void): Stop

  /** Resolves when there is room to send: the link is open and little is waiting. Also when it is closed. */
  ready(): Promise<void>

  /** Bytes given to `send` that have not left yet. */
  waitingBytes(): number

  /** Safe to call twice. */
  close(): void
}
