// Taking over what a tab or a crash left behind: sessions of this device whose lock nobody holds are finished, by
// their own keys, and never written in again (protocol §4). First their words, which count up and so cannot be
// missed; then deletions, which leave no trace in clocks: those that a document rebuilt from the log does not have.
import * as Y from "yjs"
import type { SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import { signingKey } from "../crypto/signing"
import type { Keeper } from "../log/keeper"
import { clientIdOf } from "../records/certificate"
import { includes } from "../records/roles"
import type { Locks } from "../storage/locks"
import type { SessionRecord, SessionRecords } from "../storage/sessions"
import { Absorb } from "./absorb"
import { Closure } from "./closure"
import { type Deletes, deletesOf, minus } from "./deletes"
import { createDocument } from "./document"
import { type Ground, Session } from "./session"

/** A record whose lock was free and is held now. */
export interface Leftover<R = SessionRecord> {
  readonly record: R
  readonly release: Stop
}

export function lockName(sessionId: SessionId): string {
  return `sheaf/session/${sessionId}`
}

/** Takes the locks that are free. To be done before the readable copy is read: what its tab wrote is in it then. */
export async function takeLeftovers<R extends Pick<SessionRecord, "sessionId">>(
  records: readonly R[],
  locks: Locks,
): Promise<Leftover<R>[]> {
  const taken = await Promise.all(
    records.map(async record => {
      const release = await locks.take(lockName(record.sessionId))
      return release ? [{ record, release }] : []
    }),
  )
  return taken.flat()
}

/**
 * The record as the log bears it out: null if the log does not hold what it says was sealed, so that nothing can follow.
 * The log may be ahead of a record only if a profile was restored from a backup; then the log is believed.
 */
export function agreed(record: SessionRecord, keeper: Keeper, closure: Closure): SessionRecord | null {
  const { sessionId, head } = record
  if (head && keeper.log.idAt(sessionId, head.seq) !== head.id) return null
  const logged = keeper.log.head(sessionId)
  if (!logged) return record
  if (closure.reach(sessionId) !== logged.seq) return null // it waits for others; so does whatever would follow
  const { seq, id } = logged
  return { ...record, head: { seq, id }, sealedUpTo: closure.endOf(sessionId), lamport: closure.lamport }
}

/**
 * Whether this device may still write in a session: its epoch can be read, and nothing was taken from its grant. One
 * that is not in the log yet would be opened by the present grant.
 */
export function mayGoOn(
  { docId, sessionId, seed, clientId, epoch }: SessionRecord,
  { access, keeper }: Pick<Ground, "access" | "keeper">,
): boolean {
  const { grantPub, keyOf } = access
  const { log, certificates } = keeper
  const session = log.session(sessionId) ?? { sessionId, grantPub, epoch }
  const isOurs =
    session.grantPub === grantPub && clientId === clientIdOf(docId, grantPub, signingKey(seed).publicKey)
  const role = certificates.roleUnder(session.epoch, grantPub)
  if (!isOurs || !role || !includes(role, "edit") || !keyOf(epoch)) return false
  return certificates.extentOf(session).last === Number.POSITIVE_INFINITY
}

export interface TakeOverOptions {
  readonly leftovers: readonly Leftover[]
  readonly ground: Ground
  readonly records: SessionRecords
  /** The document that holds their words. */
  readonly source: Y.Doc
  /** Whether deletions in it that the log lacks are this device's: not if others' were taken back. */
  readonly ownDeletions: boolean
  /** Called with each session that is finished: the source has no more to say of it. */
  readonly onDone: (sessionId: SessionId) => void
  /** The number under which `source` is being written now, if it is: those deletions are the living session's. */
  readonly living: () => number | null
}

export class TakeOver {
  readonly #options: TakeOverOptions
  #open: { readonly session: Session; readonly release: Stop }[] = []
  /** Records that no chain can follow: their words are no longer theirs to seal. */
  readonly #lost: Leftover[] = []
  #compared = false

  constructor(options: TakeOverOptions) {
    this.#options = options
    this.adopt(options.leftovers)
  }

  /** Takes on more; their words are in the source by now. */
  adopt(leftovers: readonly Leftover[]): void {
    const { ground } = this.#options
    for (const leftover of leftovers) {
      const record = agreed(leftover.record, ground.keeper, ground.closure)
      if (!record || !mayGoOn(record, ground)) this.#lost.push(leftover)
      else this.#open.push({ session: new Session(record, ground), release: leftover.release })
    }
    this.#compared = false
  }

  /** Sessions that this take-over may still write in. */
  get sessions(): readonly Session[] {
    return this.#open.map(({ session }) => session)
  }

  /** Seals their words, each as far as what it was written upon is in the log. Rejects with StorageError. */
  async sealWords(): Promise<void> {
    const { source } = this.#options
    for (let progress = true; progress; ) {
      progress = false
      for (const { session } of this.#open) {
        if (!session.seal(source)) continue
        await session.settle()
        progress = true // others may have been written upon these
      }
    }
  }

  /**
   * Seals the deletions that the log lacks and lets go of every session that is done. Called again when something was
   * applied, for what waited for it. Rejects with StorageError.
   */
  async finish(): Promise<void> {
    const { source, records, ground, onDone } = this.#options
    const [first] = this.#open
    if (first && !this.#compared) {
      if (this.#options.ownDeletions) first.session.gather(await this.#lackingDeletions())
      this.#compared = true
    }
    await this.sealWords()
    for (const each of [...this.#open]) {
      if (each.session.hasUnsealed(source)) continue
      await records.change(ground.access.docId, { drop: each.session.sessionId })
      each.release()
      this.#open = this.#open.filter(other => other !== each)
      onDone(each.session.sessionId)
    }
  }

  async #lackingDeletions(): Promise<Deletes> {
    const { ground, source, living } = this.#options
    const rebuilt = await rebuild(ground)
    const lacking = new Map(minus(deletesIn(source), deletesIn(rebuilt)))
    const writing = living()
    if (writing !== null) lacking.delete(writing)
    rebuilt.destroy()
    return lacking
  }

  /** Drops the records that are beyond help. To be called when their words were set aside. */
  async forget(): Promise<void> {
    const { ground, records } = this.#options
    const beyondHelp = [
      ...this.#lost.map(({ record }) => record.sessionId),
      ...this.sessions.map(each => each.sessionId),
    ]
    for (const sessionId of beyondHelp) await records.change(ground.access.docId, { drop: sessionId })
    this.close()
  }

  /** Lets go of the locks; what is not finished is taken over at the next start. */
  close(): void {
    for (const { release } of [...this.#open, ...this.#lost]) release()
    this.#open = []
    this.#lost.length = 0
  }
}

/** A document made from the log alone. */
export async function rebuild({ access, keeper, world }: Ground): Promise<Y.Doc> {
  const doc = createDocument()
  const absorb = new Absorb({
    doc,
    closure: new Closure(),
    keeper,
    keyOf: access.keyOf,
    world,
    isOwn: () => false,
    onProgress: () => undefined,
    onProblem: () => undefined,
  })
  await absorb.settled()
  absorb.close()
  if (absorb.fault) throw absorb.fault
  return doc
}

function deletesIn(doc: Y.Doc) {
  return deletesOf(Y.createDeleteSetFromStructStore(doc.store))
}
