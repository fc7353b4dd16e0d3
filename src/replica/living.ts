// A replica that is open: the parts of replica/ put together, and what is told to whoever shows it. How it came to
// be open is in replica.ts.
import type { Transaction } from "yjs"
import type { Stop } from "../bytes/world"
import { StorageError } from "../log/store"
import type { Aside } from "../storage/copies"
import { Bell } from "./bell"
import type { SealedBlob } from "./blob"
import { Notes } from "./notes"
import { type Company, Outbox } from "./outbox"
import type { LivingParts } from "./parts"
import type { Health, Replica } from "./replica"
import { Rolling } from "./rolling"
import { Safekeeping, type Saved } from "./safekeeping"
import { type Access, beginRecord, type Session } from "./session"
import { keepTabs } from "./siblings"
import { watchTaken } from "./taken"
import { takeLeftovers } from "./takeover"
import { beginWriting, type Writing } from "./writing"

/** How long a tab that was asked for its words may take before one looks whether it is still there. */
const ADOPT_MS = 2_000

export class LivingReplica implements Replica {
  readonly doc
  readonly role
  readonly keeper
  readonly notes: Notes
  readonly #parts: LivingParts
  readonly #safekeeping: Safekeeping
  #access: Access
  #writing: Writing | null
  #outbox: Outbox | null
  #rolling: Rolling
  readonly #saving = new Bell()
  readonly #stops: Stop[]
  readonly #leaveTabs: Stop
  #aside: readonly Aside[]
  #finishing: Promise<void>
  #closing: Promise<void> | null = null
  #adopting: Stop | null = null
  #isOutdated = false
  readonly #outdated = new Bell()
  #renewing: Promise<void> = Promise.resolve()

  constructor(parts: LivingParts) {
    const { contents, access, keeper, world, writing, absorb, troubles, progress } = parts
    this.#parts = parts
    this.#access = access
    this.#writing = writing
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
    this.#outbox = writing && this.#openOutbox(writing.session)
    this.#stops = [
      progress.on(this.#onProgress),
      this.notes.onChange(() => this.#saving.ring()),
      keeper.onFork(() => troubles.bell.ring()),
      watchTaken({
        access: () => this.#access,
        keeper,
        closure: contents.closure,
        session: () => this.#writing?.session ?? null,
        isOutdated: () => this.notes.isOutdated,
        onOutdated: () => void this.#tell(this.#outdate()),
        onProblem: error => troubles.add(error),
      }),
    ]
    this.#leaveTabs = keepTabs({
      tabs: parts.tabs,
      keeper,
      missedSome: parts.hasSiblings,
      onFlushAsked: () => this.#outbox?.flushNow(),
      onProblem: error => troubles.add(error),
    })
    if (!writing) {
      contents.doc.on("afterTransaction", this.#onReaderWrites)
      this.#stops.push(() => contents.doc.off("afterTransaction", this.#onReaderWrites))
    }
    this.#rolling = this.#openRolling()
    this.#safekeeping.grown()
    this.#finishing = this.#finish()
  }

  get saved(): Saved {
    return this.#safekeeping.saved
  }

  get pending(): boolean {
    return this.notes.pending || (this.#writing?.session.hasUnsealed(this.doc) ?? false)
  }

  get health(): Health {
    const { absorb, troubles, takeOver } = this.#parts
    const sessions = [...(this.#writing ? [this.#writing.session] : []), ...takeOver.sessions]
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
    const session = this.#writing?.session
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

  get isOutdated(): boolean {
    return this.#isOutdated
  }

  onOutdated(f: () => void): Stop {
    return this.#outdated.on(f)
  }

  renew(access: Access): Promise<void> {
    const done = this.#renewing.then(() => this.#renew(access))
    // Whoever asked is told of a failure; the next in turn goes ahead all the same.
    this.#renewing = done.catch(() => undefined)
    return done
  }

  async #renew(access: Access): Promise<void> {
    const { absorb, world, ground, own } = this.#parts
    const before = this.#access
    this.#access = access
    absorb.renew(access.keyOf)
    await this.notes.renew(access)
    const old = this.#writing
    if (!old || access.epoch === before.epoch || this.#closing || this.#isOutdated) return
    const record = beginRecord(access, world)
    const next = await beginWriting(record, { ...ground, access }, this.#parts)
    own.add(record.sessionId)
    // From here on one key is of the old session and the next one of the new: nothing waits in between.
    this.#outbox?.flushNow()
    this.#outbox?.close()
    this.#rolling.close()
    this.doc.clientID = next.session.clientId
    this.#writing = next
    this.#outbox = this.#openOutbox(next.session)
    this.#rolling = this.#openRolling()
    await this.#leave(old)
  }

  // Words of it that wait for others are finished like those of a tab that is gone.
  async #leave({ session, release }: Writing): Promise<void> {
    const { takeOver, sessions } = this.#parts
    await this.#tell(session.settle())
    await this.#tell(session.rollUp())
    if (session.hasUnsealed(this.doc)) {
      takeOver.adopt([{ record: session.record, release }])
      this.#onProgress()
      return
    }
    await this.#tell(sessions.change(this.#access.docId, { drop: session.sessionId }))
    release()
  }

  async #outdate(): Promise<void> {
    if (this.#isOutdated) return
    this.#isOutdated = true
    const { copies, contents } = this.#parts
    // Another tab, or the next start, is to begin with the new copy as well, whatever happens to this one.
    await copies.renew(this.#access.docId, contents.name)
    this.#outdated.ring()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { absorb, contents, sessions, access, takeOver, releases } = this.#parts
    await this.#renewing
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
    const session = this.#writing?.session
    if (session && !session.hasUnsealed(this.doc))
      await this.#tell(sessions.change(access.docId, { drop: session.sessionId }))
    await contents.copy.close()
    takeOver.close()
    for (const release of [...releases, ...(this.#writing ? [this.#writing.release] : [])]) release()
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

  #openRolling(): Rolling {
    const { keeper, contents, world, troubles } = this.#parts
    const session = this.#writing?.session ?? null
    const onProblem = (error: unknown) => troubles.add(error)
    return new Rolling({ session, keeper, closure: contents.closure, world, onProblem })
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
    const { access, sessions, locks, contents, takeOver, own, keeper, absorb } = this.#parts
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
      if (this.#writing?.session.waits(this.doc)) this.#outbox?.flushNow()
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
