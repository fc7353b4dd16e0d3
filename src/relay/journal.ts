// What the relay says about itself, on stderr, as lines of JSON (pino). It never says what a document holds, a key,
// a token or a whole id or address: an operator needs to tell two documents apart, and a thief of logs must not.
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
