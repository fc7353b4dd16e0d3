// The parts that an open replica is put together from, and what went wrong with them. Shapes and a bell.
import type { SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import type { Aside } from "../storage/copies"
import type { Absorb } from "./absorb"
import { Bell } from "./bell"
import type { Contents } from "./contents"
import type { ReplicaOptions } from "./replica"
import type { Ground } from "./session"
import type { TakeOver } from "./takeover"
import type { Writing } from "./writing"

/** What went wrong on this device, for `health`. */
export class Troubles {
  readonly bell = new Bell()
  strays = 0
  fault: string | null = null

  add(error: unknown): void {
    this.fault = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    this.bell.ring()
  }

  stray(): void {
    this.strays++
    this.bell.ring()
  }
}

export interface LivingParts extends ReplicaOptions {
  readonly contents: Contents
  readonly absorb: Absorb
  /** What a session of this document stands on. */
  readonly ground: Ground
  /** Null: this role writes nothing. */
  readonly writing: Writing | null
  readonly takeOver: TakeOver
  /** Another tab had the document open while this one began. */
  readonly hasSiblings: boolean
  /** Sessions that this document is the source of. */
  readonly own: Set<SessionId>
  /** Rung when something was applied, or has become durable in the log. */
  readonly progress: Bell
  readonly troubles: Troubles
  /** Let go of at the end. */
  readonly releases: readonly Stop[]
  readonly aside: readonly Aside[]
}
