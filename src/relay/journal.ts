// What the relay says about itself, on stderr, as lines of JSON (pino). It never says what a document holds, a key,
// a token or a whole id or address: an operator needs to tell two documents apart, and a thief of logs must not.
import { createHash } from "node:crypto"
import pino, { type Logger } from "pino"
import type { LogLevel } from "./settings"

export type Journal = Logger

/** Where lines go: stderr, or what a test reads. */
export interface LineSink {
  write(line: string): void
}

export function openJournal(level: LogLevel, sink: LineSink = process.stderr): Journal {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, sink)
}

/** Enough of an id to tell two apart, too little to name one. */
export function shortened(id: string): string {
  return `${id.slice(0, 6)}…`
}

/**
 * An address as a name that is the same for one run of the relay and means nothing outside: logs are for seeing
 * that one end misbehaves, not for a register of who was there.
 */
export function createPseudonym(salt: Uint8Array): (address: string) => string {
  return address => createHash("sha256").update(salt).update(address).digest("base64url").slice(0, 8)
}
