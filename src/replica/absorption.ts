// What absorbing a log into a document takes, and how it stands: shapes only; absorb.ts does it.
import type * as Y from "yjs"
import type { SessionId } from "../bytes/ids"
import type { World } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import type { Head } from "../records/plain"
import type { Closure } from "./closure"
import type { KeyOf } from "./sealing"

/** An envelope that is kept and never applied. */
export interface Poison extends Head {
  readonly why: string
}

/** How a document's log stands against the document. */
export interface Absorption {
  readonly poison: readonly Poison[]
  /** Envelopes in the log that wait for others, for poison, or on a fork. */
  readonly waiting: number
  /** Envelopes met since it was opened whose kind is kept and passed on, but not read yet. */
  readonly unread: number
}

export interface AbsorbOptions {
  readonly doc: Y.Doc
  readonly closure: Closure
  readonly keeper: Keeper
  readonly keyOf: KeyOf
  readonly world: World
  /** Sessions whose words this very document is the source of: they are not applied to it again. */
  readonly isOwn: (sessionId: SessionId) => boolean
  /** Called after each transaction, and when something was found to be poison. */
  readonly onProgress: () => void
  /** Absorbing stopped for a reason of this device: the log could not be read, or a bug of ours. */
  readonly onProblem: (error: unknown) => void
}
