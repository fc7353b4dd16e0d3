// The notes of an open document: what the log holds of them together with what was written here a moment ago, and the
// one way to write (protocol §10). A person who never comments has no session for it; the first note begins one. What
// earlier openings left unsealed is sealed first of all.
import type { CertificateHash } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import type { NoteEvent, NoteId } from "../records/note"
import { includes, type Role } from "../records/roles"
import type { Locks } from "../storage/locks"
import type { DocumentStore } from "../storage/log-store"
import type { SessionRecords } from "../storage/sessions"
import { Bell } from "./bell"
import { type LoggedNote, NoteLog } from "./note-log"
import { beginNoteRecord, type NoteGround, NoteSession } from "./note-session"
import type { Company } from "./outbox"
import type { Access } from "./session"
import { takenBack } from "./taken"
import { lockName, takeLeftovers } from "./takeover"

/** An event with who wrote it: the seat, which is a device, and the role of its grant now. */
export interface NoteEntry {
  readonly id: NoteId
  readonly event: NoteEvent
  readonly lamport: number
  /** The writer's wall clock, ms: shown, never trusted. */
  readonly at: number
  readonly person: CertificateHash
  readonly role: Role
}

export interface NotesOptions {
  readonly access: Access
  readonly keeper: Keeper
  readonly store: DocumentStore
  readonly sessions: SessionRecords
  readonly locks: Locks
  readonly world: World
  readonly onProblem: (error: unknown) => void
}

export interface Written {
  /** The event's id, for good. */
  readonly id: NoteId
  /** Resolves when it is durable on this device. Rejects with StorageError; it is tried again. */
  readonly kept: Promise<void>
}

/** The session that notes are written in, and its lock. */
interface Writing {
  readonly session: NoteSession
  readonly locked: Promise<Stop | null>
}

const LIVE_MS = 150
const QUIET_MS = 1_000
const RETRY_MS = 5_000

export class Notes {
  readonly #options: NotesOptions
  #access: Access
  readonly #log: NoteLog
  readonly #bell = new Bell()
  /** Written here since the document was opened, as long as the log does not tell them. */
  readonly #own = new Map<NoteId, LoggedNote>()
  #writing: Writing | null = null
  #company: Company = "nobody"
  #timer: Stop | null = null
  #closed = false
  readonly #finishing: Promise<void>

  constructor(options: NotesOptions) {
    this.#options = options
    this.#access = options.access
    this.#log = new NoteLog({
      keeper: options.keeper,
      keyOf: options.access.keyOf,
      world: options.world,
      onProgress: () => this.#grown(),
      onProblem: options.onProblem,
    })
    this.#finishing = this.#finishLeftovers().catch(options.onProblem)
  }

  /** All events that are known here, one's own that nobody else can have yet included; in no particular order. */
  get entries(): readonly NoteEntry[] {
    const { certificates } = this.#options.keeper
    return [...this.#log.entries, ...this.#own.values()].flatMap(({ session, ...entry }) => {
      const role = certificates.roleOf(session.grantPub)
      return role ? [{ ...entry, person: session.seat, role }] : []
    })
  }

  /** Whether notes are shown that do not count any more. */
  get isOutdated(): boolean {
    return takenBack(this.#log.closure, this.#options.keeper.log).length > 0
  }

  /** What the log holds and nobody can read, and what waits for it. */
  get health() {
    return { poison: this.#log.poison, waiting: this.#log.waiting }
  }

  /** Whether something was written that is not durable in the log yet. */
  get pending(): boolean {
    return (this.#writing?.session.pending.length ?? 0) > 0
  }

  /** Called when `entries` has changed. */
  onChange(f: () => void): Stop {
    return this.#bell.on(f)
  }

  /** Writes one event. Throws if the role may not: the interface offers nothing of the kind then. */
  write(event: NoteEvent): Written {
    const access = this.#access
    const { world } = this.#options
    const needed: Role = event.type === "suggest" || event.type === "revise" ? "suggest" : "comment"
    if (!includes(access.role, needed)) throw new Error(`the role ${access.role} may not write this note`)
    const { session, locked } = this.#begin()
    const id = session.add(event)
    const pending = session.pending.find(each => each.id === id)
    const lamport =
      1 + Math.max(this.#log.closure.lamport, ...[...this.#own.values()].map(own => own.lamport))
    this.#own.set(id, {
      id,
      event: pending?.event ?? event,
      lamport,
      at: world.now(),
      session: { sessionId: session.sessionId, seat: access.seat.hash, grantPub: access.grantPub },
    })
    this.#bell.ring()
    this.#timer ??= world.after(this.#company === "people" ? LIVE_MS : QUIET_MS, this.#onTimer)
    return { id, kept: locked.then(() => session.keep()) }
  }

  /** More can be read; what is written from now on is written under the new epoch, in a session of its own. */
  async renew(access: Access): Promise<void> {
    const before = this.#access
    this.#access = access
    this.#log.renew(access.keyOf)
    const old = this.#writing
    if (!old || access.epoch === before.epoch) return
    this.#writing = null
    const release = await old.locked
    try {
      await old.session.seal()
      await old.session.drop()
    } catch (error) {
      this.#options.onProblem(error) // its record stays, and the next start finishes it
    }
    release?.()
  }

  /** Who would hear of a note soon. */
  company(company: Company): void {
    this.#company = company
  }

  /** Resolves when everything written is in the log. Rejects with StorageError, RefusedError; it is tried again. */
  async flush(): Promise<void> {
    this.#timer?.()
    this.#timer = null
    await this.#writing?.session.seal()
  }

  /** Seals what is pending, without waiting for it. */
  flushNow(): void {
    this.flush().catch((error: unknown) => {
      this.#options.onProblem(error)
      if (!this.#closed) this.#timer ??= this.#options.world.after(RETRY_MS, this.#onTimer)
    })
  }

  /** Resolves when all that the log holds is applied or waits, and what earlier sessions left is sealed. */
  async settled(): Promise<void> {
    await this.#log.settled()
    await this.#finishing
  }

  /** Seals and lets go. What cannot be sealed now is in the session's record, for the next start. */
  async close(): Promise<void> {
    this.#closed = true
    this.#timer?.()
    await this.#finishing
    const writing = this.#writing
    const release = await writing?.locked
    try {
      await writing?.session.seal()
      await writing?.session.drop()
    } catch (error) {
      this.#options.onProblem(error)
    }
    this.#log.close()
    release?.()
  }

  readonly #onTimer = (): void => {
    this.#timer = null
    this.flushNow()
  }

  #begin(): Writing {
    if (this.#writing) return this.#writing
    const { locks, world } = this.#options
    const record = beginNoteRecord(this.#access, world)
    const session = new NoteSession(record, this.#ground)
    this.#writing = { session, locked: locks.take(lockName(record.sessionId)) }
    return this.#writing
  }

  get #ground(): NoteGround {
    const { keeper, store, sessions: records, world } = this.#options
    return { access: this.#access, keeper, store, records, log: this.#log, world }
  }

  #grown(): void {
    for (const id of this.#own.keys()) if (this.#log.has(id)) this.#own.delete(id)
    this.#bell.ring()
  }

  async #finishLeftovers(): Promise<void> {
    const { access, keeper, sessions, locks } = this.#options
    if (!includes(access.role, "comment")) return
    const leftovers = await takeLeftovers(await sessions.notesOf(access.docId), locks)
    try {
      if (leftovers.length > 0) await this.#log.settled()
      for (const { record } of leftovers) {
        // A record that the log does not bear out cannot be followed: its place is another's by now.
        const head = keeper.log.head(record.sessionId)
        if (head?.id !== record.head?.id || !access.keyOf(record.epoch)) continue
        const session = new NoteSession(record, this.#ground)
        await session.seal()
        await session.drop()
      }
    } finally {
      for (const { release } of leftovers) release()
    }
  }
}
