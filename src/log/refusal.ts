// Why something that arrived was not taken, as a value: for the log, the other end and the screen the same word.
import { FormatError, NewerVersionError, type Refusal, RefusedError } from "../bytes/errors"
import type { EnvelopeId, SessionId } from "../bytes/ids"

/** A refusal, bytes that are not what they claim to be, or a version newer than this program. */
export type RefusalReason = Refusal | "damaged" | "newer-version"

export interface RefusedItem {
  readonly reason: RefusalReason
  readonly message: string
}

export interface RefusedEnvelope extends RefusedItem {
  /** Null where the bytes do not even tell. */
  readonly id: EnvelopeId | null
  readonly sessionId: SessionId | null
}

/** What a FormatError or RefusedError comes down to. Anything else is a bug and is thrown on. */
export function refusalOf(error: unknown): RefusedItem {
  if (error instanceof RefusedError) return { reason: error.reason, message: error.message }
  if (error instanceof NewerVersionError) return { reason: "newer-version", message: error.message }
  if (error instanceof FormatError) return { reason: "damaged", message: error.message }
  throw error
}

/** The way back, for callers to whom a refusal is an exception. */
export function errorOf({ reason, message }: RefusedItem): FormatError | RefusedError {
  if (reason === "damaged") return new FormatError(message)
  return reason === "newer-version" ? new NewerVersionError(message) : new RefusedError(reason, message)
}
