// The two ways in which hostile or damaged bytes are turned away. Messages say what was expected and what
// came, never plaintext or keys (protocol §11): they may be shown, logged and sent to the other end.

/** The bytes are not what they claim to be: too short, too long, not canonical, of an unknown type. */
export class FormatError extends Error {
  override readonly name: string = "FormatError"
}

/** A version, kind or channel that this program does not know: the sender may simply be newer. */
export class NewerVersionError extends FormatError {
  override readonly name = "NewerVersionError"
}

/** Why a well-formed thing is refused. The same word on peers, on the relay and on the screen. */
export type Refusal =
  | "wrong-document"
  | "bad-signature"
  | "bad-body-hash"
  | "too-large"
  | "unknown-epoch"
  | "unknown-grant"
  | "unknown-seat"
  | "unknown-session"
  | "no-right"
  | "not-next"
  | "fork"
  | "cut"
  | "bad-certificate"
  | "bad-proof"
  | "quota"
  | "closed"

/** Well formed, but not allowed. `reason` is stable and machine-readable; the message is for people who look. */
export class RefusedError extends Error {
  override readonly name = "RefusedError"
  readonly reason: Refusal
  constructor(reason: Refusal, message: string) {
    super(`${reason}: ${message}`)
    this.reason = reason
  }
}
