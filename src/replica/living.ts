// A replica that is open: the parts of replica/ put together, and what is told to whoever shows it. How it came to
// be open is in replica.ts.
import type { Transaction } from "yjs"
import type { SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import { StorageError } from "../log/store"
import type { Aside } from "../storage/copies"
import type { Absorb } from "./absorb"
import { Bell } from "./bell"
import type { SealedBlob } from "./blob"
import type { Contents } from "./contents"
import { Notes } from "./notes"
import { type Company, Outbox } from "./outbox"
import type { Health, Replica, ReplicaOptions } from "./replica"
import { Rolling } from "./rolling"
import { Safekeeping, type Saved } from "./safekeeping"
import type { Session } from "./session"
import { keepTabs } from "./siblings"
import { type TakeOver, takeLeftovers } from "./takeover"

/** How long a tab that was asked for its words may take before one looks whether it is still there. */
const ADOPT_MS = 2_000

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
  /** Null: this role writes nothing. */
  readonly session: Session | null
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

export class LivingReplica implements Replica {
  readonly doc
  readonly role
  readonly keeper
  readonly notes: Notes
  readonly #parts: LivingParts
  readonly #safekeeping: Safekeeping
  readonly #outbox: Outbox | null
  readonly #rolling: Rolling
  readonly #saving = new Bell()
  readonly #stops: Stop[]
  readonly #leaveTabs: Stop
  #aside: readonly Aside[]
  #finishing: Promise<void>
  #closing: Promise<void> | null = null
  #adopting: Stop | null = null

  constructor(parts: LivingParts) {
    const { contents, access, keeper, world, session, absorb, troubles, progress } = parts
    this.#parts = parts
    this.doc = contents.doc
    this.role = access.role
    this.keeper = keeper
    this.#aside = parts.aside
    this.notes = new Notes({ ...parts, onProblem: error => troubles.add(error) })
    this.#safekeeping = new Safekeeping({
      doc: contents.doc,
      copy: contents.copy,
      closure: contents.closure,
      world,
      mayMark: () => absorb.fault === null,
      onSaved: () => this.#saving.ring(),
    })
    this.#outbox = session && this.#openOutbox(session)
    this.#stops = [
      progress.on(this.#onProgress),
      this.notes.onChange(() => this.#saving.ring()),
      keeper.onFork(() => troubles.bell.ring()),
    ]
    this.#leaveTabs = keepTabs({
      tabs: parts.tabs,
      keeper,
      missedSome: parts.hasSiblings,
      onFlushAsked: () => this.#outbox?.flushNow(),
      onProblem: error => troubles.add(error),
    })
    if (!session) {
      contents.doc.on("afterTransaction", this.#onReaderWrites)
      this.#stops.push(() => contents.doc.off("afterTransaction", this.#onReaderWrites))
    }
    this.#rolling = new Rolling({
      session,
      keeper,
      closure: contents.closure,
      world,
      onProblem: error => troubles.add(error),
    })
    this.#safekeeping.grown()
    this.#finishing = this.#finish()
  }

  get saved(): Saved {
    return this.#safekeeping.saved
  }

  get pending(): boolean {
    return this.notes.pending || (this.#parts.session?.hasUnsealed(this.doc) ?? false)
  }

  get health(): Health {
    const { absorb, troubles, session, takeOver } = this.#parts
    const sessions = [...(session ? [session] : []), ...takeOver.sessions]
    const stuck = sessions.map(each => each.stuck).find(why => why !== null) ?? null
    const { strays, fault } = troubles
    const { poison, waiting, ...text } = absorb.absorption
    const notes = this.notes.health
    return {
      ...text,
      poison: [...poison, ...notes.poison],
      waiting: waiting + notes.waiting,
      strays,
      stuck,
      aside: this.#aside,
      forks: [...this.keeper.forks],
      fault,
    }
  }

  onSaved(f: () => void): Stop {
    return this.#saving.on(f)
  }

  onHealth(f: () => void): Stop {
    const stops = [this.#parts.troubles.bell.on(f), this.#parts.progress.on(f)]
    return () => {
      for (const stop of stops) stop()
    }
  }

  company(company: Company): void {
    this.#outbox?.company(company)
    this.notes.company(company)
  }

  async flush(): Promise<void> {
    await Promise.all([this.#outbox?.flush(), this.#safekeeping.settle(), this.notes.flush()])
  }

  async addBlob({ announced, pieces }: SealedBlob): Promise<void> {
    const { session } = this.#parts
    if (!session) throw new Error("a blob was added where nothing may be written")
    await this.keeper.blobs.keepOwn(announced.blobId, pieces)
    session.announce([announced])
    await session.settle()
  }

  flushNow(): void {
    this.#outbox?.flushNow()
    this.notes.flushNow()
    void this.#rolling.roll()
  }

  async settled(): Promise<void> {
    await this.#parts.absorb.settled()
    await this.notes.settled()
    await this.#finishing
  }

  async forgetAside(): Promise<void> {
    await this.#parts.copies.forgetAside(this.#parts.access.docId)
    this.#aside = []
    this.#parts.troubles.bell.ring()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { absorb, contents, session, sessions, access, takeOver, releases } = this.#parts
    this.#outbox?.close()
    this.#adopting?.()
    for (const stop of this.#stops) stop()
    // What cannot be kept now is in the readable copy or nowhere; the next start takes it over.
    await this.#tell(this.flush())
    await this.#rolling.roll()
    this.#rolling.close()
    await this.notes.close()
    await this.#finishing
    // Only now: other tabs are told of the last words too.
    this.#leaveTabs()
    this.#parts.tabs.close()
    absorb.close()
    await this.#tell(absorb.settled())
    await this.#tell(this.#safekeeping.mark())
    this.#safekeeping.close()
    if (session && !session.hasUnsealed(this.doc))
      await this.#tell(sessions.change(access.docId, { drop: session.sessionId }))
    await contents.copy.close()
    takeOver.close()
    for (const release of releases) release()
  }

  #openOutbox(session: Session): Outbox {
    const { mayLeave, world, tabs, troubles } = this.#parts
    return new Outbox({
      doc: this.doc,
      session,
      mayLeave,
      world,
      events: {
        onChange: () => this.#saving.ring(),
        onStray: () => troubles.stray(),
        onProblem: error => troubles.add(error),
        onWaiting: () => {
          tabs.post({ note: "flush" })
          this.#adopting ??= world.after(ADOPT_MS, () => void this.#tell(this.#adopt()))
        },
      },
    })
  }

  readonly #onProgress = (): void => {
    this.#safekeeping.grown()
    this.#outbox?.retry()
    this.#saving.ring()
    // What a leftover was written upon may have come; one attempt at a time.
    if (this.#parts.takeOver.sessions.length > 0) this.#finishing = this.#finishing.then(() => this.#finish())
  }

  readonly #onReaderWrites = (transaction: Transaction): void => {
    if (transaction.local && transaction.changed.size > 0) this.#parts.troubles.stray()
  }

  // Deletions that were never sealed are looked for when the document is already open: it takes a second reading of
  // the log, and nothing waits for it.
  async #finish(): Promise<void> {
    const { takeOver } = this.#parts
    if (takeOver.sessions.length > 0) await this.#tell(takeOver.finish())
  }

  // The tab whose words these were written upon does not answer. If it is gone, its lock is free, and this one
  // finishes its session; if it only sleeps, it is asked again.
  async #adopt(): Promise<void> {
    const { access, sessions, locks, contents, takeOver, own, session, keeper, absorb } = this.#parts
    this.#adopting = null
    const records = await sessions.of(access.docId)
    const leftovers = await takeLeftovers(
      records.filter(({ sessionId }) => !own.has(sessionId)),
      locks,
    )
    try {
      if (leftovers.length === 0) return
      await keeper.refresh() // its last envelopes, should it have had no time to tell
      await absorb.settled()
      await contents.copy.trim() // takes in every row that it has written
      takeOver.adopt(leftovers.splice(0))
      for (const { sessionId } of takeOver.sessions) own.add(sessionId)
      await takeOver.finish()
    } finally {
      for (const { release } of leftovers) release() // not this time: the disk was full
      if (session?.waits(this.doc)) this.#outbox?.flushNow()
    }
  }

  async #tell(work: Promise<unknown>): Promise<void> {
    try {
      await work
    } catch (error) {
      this.#parts.troubles.add(error)
      if (!(error instanceof StorageError)) console.error("Sheaf: a replica", error)
    }
  }
}
