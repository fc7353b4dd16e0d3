// A replica of one document on this device: the hinge where its log and its Y.Doc meet. It opens from the readable
// copy, absorbs what the log has beyond it, finishes what earlier sessions left, and then lets people write: their
// words go out through the outbox, others' come in through absorb, and nothing else touches the document.
// It knows no network: whoever carries envelopes talks to the keeper.
import * as Y from "yjs"
import type { SessionId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import { includes, type Role } from "../records/roles"
import type { Aside, Copies } from "../storage/copies"
import type { Locks } from "../storage/locks"
import type { DocumentStore } from "../storage/log-store"
import type { SessionRecords } from "../storage/sessions"
import type { Tabs } from "../storage/tabs"
import { Absorb, type Poison } from "./absorb"
import { Bell } from "./bell"
import type { SealedBlob } from "./blob"
import { type Contents, hasOrphans, openAnew, openContents, textBeyond } from "./contents"
import { LivingReplica } from "./living"
import type { Notes } from "./notes"
import type { Company, MayLeave } from "./outbox"
import { Troubles } from "./parts"
import type { Saved } from "./safekeeping"
import { type Access, beginRecord, type Ground } from "./session"
import { ARRIVED } from "./staging"
import { type Leftover, mayGoOn, TakeOver, takeLeftovers } from "./takeover"
import { beginWriting } from "./writing"

export type { Access, Company, Saved }

export interface ReplicaOptions {
  readonly access: Access
  readonly keeper: Keeper
  readonly store: DocumentStore
  readonly sessions: SessionRecords
  readonly copies: Copies
  readonly locks: Locks
  readonly tabs: Tabs
  readonly world: World
  /** The allow-list: whether a change of this origin may leave the document. */
  readonly mayLeave: MayLeave
}

/** What to look at when something is odd. All counts are 0 and all lists empty when all is well. */
export interface Health {
  /** Kept, never applied; what builds on them waits. */
  readonly poison: readonly Poison[]
  /** Envelopes in the log that wait for others. */
  readonly waiting: number
  /** Envelopes of kinds that are kept and passed on, but not read yet. */
  readonly unread: number
  /** Local changes that were made outside the allow-list. */
  readonly strays: number
  /** Why one's own words cannot be sealed; null: they can. */
  readonly stuck: string | null
  /** Words that no session can seal, taken out of the document and kept. */
  readonly aside: readonly Aside[]
  /**
   * Sessions that are split: this log holds one branch, somebody else another, as after a profile was put back to an
   * older state. What is written upon one branch reaches nobody who holds the other.
   */
  readonly forks: readonly SessionId[]
  /** A failure of this device or of ours, in words for whoever looks. */
  readonly fault: string | null
}

export interface Replica {
  readonly doc: Y.Doc
  readonly role: Role
  readonly keeper: Keeper
  /** Comments and suggestions beside the text. */
  readonly notes: Notes
  /** Whether the last words typed are durable on this device. */
  readonly saved: Saved
  /** Whether there are words that are not durable in the log yet: nobody else can have them. */
  readonly pending: boolean
  /** Called when `saved` or `pending` may have changed. */
  onSaved(f: () => void): Stop
  readonly health: Health
  onHealth(f: () => void): Stop
  /** Who would hear of changes soon: decides how eagerly to seal. */
  company(company: Company): void
  /**
   * Keeps a blob and announces it; durable when it resolves. Only then may the text name it. Rejects with StorageError:
   * then nobody knows of it.
   */
  addBlob(blob: SealedBlob): Promise<void>
  /** Resolves when everything written is durable and in the log. Rejects with StorageError; it is tried again. */
  flush(): Promise<void>
  /** Seals on this thread and begins to store it: for `blur`, `visibilitychange` and `pagehide`. */
  flushNow(): void
  /** Resolves when all that the log holds is in the document or waits, and what earlier sessions left is finished. */
  settled(): Promise<void>
  /** Forgets words that were set aside: they were taken back, or are not wanted. */
  forgetAside(): Promise<void>
  /**
   * Certificates have changed what this device may read or write: more is read, and what is written from now on is
   * written under the new epoch, in a session of its own. The role stays: for another the replica is opened anew.
   */
  renew(access: Access): Promise<void>
  /** What the document shows does not count any more: it is to be closed and opened anew, from the log. */
  readonly isOutdated: boolean
  /** Called when it has become so. */
  onOutdated(f: () => void): Stop
  /** Seals, stores and lets go. The keeper and the store stay open: they are the caller's. */
  close(): Promise<void>
}

/**
 * Opens a document on this device; ready for keys when it resolves. With a role that may not write there is no
 * session, and nothing is ever sealed. Rejects with StorageError.
 */
export async function openReplica(options: ReplicaOptions): Promise<Replica> {
  const opening = new Opening(options)
  try {
    return await opening.open()
  } catch (error) {
    await opening.abandon()
    throw error
  }
}

/** The steps of a start, in their order (protocol §4). */
class Opening {
  readonly #options: ReplicaOptions
  readonly #own = new Set<SessionId>()
  readonly #progress = new Bell()
  readonly #troubles = new Troubles()
  #releases: Stop[] = []
  #hasSiblings = false
  #contents: Contents | null = null
  #absorb: Absorb | null = null

  constructor(options: ReplicaOptions) {
    this.#options = options
  }

  async open(): Promise<Replica> {
    const { access, keeper, sessions, copies, locks, world } = this.#options
    await this.#takeSeat()
    const record = beginRecord(access, world)
    const mayWrite = includes(access.role, "edit")
    // Locks first, then the copy: a tab that is gone has written all it ever will when its copy is read.
    const records = mayWrite ? await sessions.of(access.docId) : []
    const leftovers = await takeLeftovers(records, locks)
    this.#hasSiblings = records.length > leftovers.length
    this.#releases = leftovers.map(({ release }) => release)
    let { contents, absorb } = await this.#enter(
      await openContents(access.docId, keeper, copies, record.clientId),
    )
    if (!contents.old && (await this.#holdsOrphans(contents, absorb, leftovers))) {
      await contents.copy.close()
      const anew = await this.#enter(await openAnew(access.docId, keeper, copies, contents))
      contents = anew.contents
      absorb = anew.absorb
    }
    const ground = this.#groundOf(contents)
    const takeOver = await this.#takeOver(leftovers, contents, ground)
    const living = { ...ground, onDurable: () => this.#progress.ring() }
    const writing = mayWrite ? await beginWriting(record, living, this.#options) : null
    if (writing) this.#own.add(record.sessionId)
    return new LivingReplica({
      ...this.#options,
      contents,
      absorb,
      ground: living,
      writing,
      takeOver,
      hasSiblings: this.#hasSiblings,
      own: this.#own,
      progress: this.#progress,
      troubles: this.#troubles,
      releases: this.#releases,
      aside: (await copies.of(access.docId)).aside,
    })
  }

  /** Lets go of everything after a failure. */
  async abandon(): Promise<void> {
    this.#absorb?.close()
    await this.#contents?.copy.close()
    this.#options.tabs.close()
    for (const release of this.#releases) release()
  }

  // Others must be able to look up who opened the sessions of this device.
  async #takeSeat(): Promise<void> {
    const { access, keeper } = this.#options
    if (keeper.certificates.seat(access.seat.hash)) return
    const { refused, durable } = await keeper.addCertificates([access.seat.certificate])
    await durable
    if (refused[0]) throw new StorageError("failed", "this device's own seat is not accepted by its log")
  }

  async #enter(contents: Contents): Promise<{ contents: Contents; absorb: Absorb }> {
    const { keeper, access, world } = this.#options
    this.#absorb?.close()
    const absorb = new Absorb({
      doc: contents.doc,
      closure: contents.closure,
      keeper,
      keyOf: access.keyOf,
      world,
      isOwn: sessionId => this.#own.has(sessionId),
      onProgress: () => this.#progress.ring(),
      onProblem: error => this.#troubles.add(error),
    })
    this.#contents = contents
    this.#absorb = absorb
    await absorb.settled()
    return { contents, absorb }
  }

  // Words of a session without a record: nobody can seal them, and whatever is written upon them would wait for ever.
  // While another tab writes into the same copy it is left as it is.
  async #holdsOrphans(
    { doc, closure }: Contents,
    absorb: Absorb,
    leftovers: readonly Leftover[],
  ): Promise<boolean> {
    const { sessions, access, keeper } = this.#options
    const records = await sessions.of(access.docId) // afresh: a tab may have begun while the copy was read
    if (records.length > leftovers.length) {
      this.#hasSiblings = true
      return false
    }
    const sealable = records.filter(record => mayGoOn(record, { access, keeper }))
    const clients = new Set(sealable.map(({ clientId }) => clientId))
    if (!hasOrphans(doc, closure, clients)) return false
    // Or it has ended meanwhile: then its record is gone because its words are in the log by now.
    await keeper.refresh()
    await absorb.settled()
    return hasOrphans(doc, closure, clients)
  }

  #groundOf({ doc, closure, old }: Contents): Ground {
    const { access, keeper, store, world } = this.#options
    return {
      access,
      keeper,
      store,
      closure,
      world,
      onDurable: payload => {
        if (old && payload.length > 0) Y.applyUpdate(doc, payload, ARRIVED)
        this.#progress.ring()
      },
    }
  }

  async #takeOver(leftovers: readonly Leftover[], { doc, old }: Contents, ground: Ground): Promise<TakeOver> {
    const { sessions, copies, access, keeper, world } = this.#options
    const source = old?.doc ?? doc
    const onDone = (sessionId: SessionId) => {
      this.#own.delete(sessionId)
      this.#absorb?.disown(sessionId)
    }
    const takeOver = new TakeOver({
      leftovers,
      ground,
      records: sessions,
      source,
      ownDeletions: !old || keeper.log.beyond().length === 0,
      living: () => (old ? null : doc.clientID),
      onDone,
    })
    for (const { sessionId } of takeOver.sessions) this.#own.add(sessionId)
    await takeOver.sealWords()
    if (old) {
      await takeOver.finish()
      const others = new Set(keeper.log.beyond().map(({ session }) => session.clientId))
      const text = textBeyond(old.doc, doc, others)
      await copies.setAside(access.docId, { at: world.now(), text, copy: old.name })
      await takeOver.forget()
    }
    return takeOver
  }
}
