// Devices for tests of replicas: each has a browser profile of its own (IndexedDB, locks, tabs), a clock that moves
// only when told to, and may stop dead before any of its storage transactions. Envelopes are carried by hand.
import "fake-indexeddb/auto"
import { IDBFactory } from "fake-indexeddb"
import type { DocId } from "../../../src/bytes/ids"
import type { Stop, World } from "../../../src/bytes/world"
import { Keeper } from "../../../src/log/keeper"
import { accessOf } from "../../../src/people/access"
import { foundDocument, giveGrant } from "../../../src/people/founding"
import { keysOf, type MemberKeys, type Membership, standingOf } from "../../../src/people/membership"
import { Certificates } from "../../../src/records/certificates"
import { type Access, openReplica, type Replica } from "../../../src/replica/replica"
import { openCopies } from "../../../src/storage/copies"
import { openDatabase } from "../../../src/storage/database"
import { type Locks, memoryLocks } from "../../../src/storage/locks"
import { openLogStore } from "../../../src/storage/log-store"
import { openSessions, type SessionRecords } from "../../../src/storage/sessions"
import type { TabNote, Tabs } from "../../../src/storage/tabs"
import { quickSignatures } from "../../quick-signatures"
import { chance } from "../sync/world"

export const verify = await quickSignatures()

/** The one origin that may leave in tests. */
export const TYPED = "typed"

/** A document and the memberships in it. All of it comes from one seed. */
export interface Shared {
  readonly docId: DocId
  readonly certificates: readonly Uint8Array[]
  readonly founder: Membership
  /** Another member, by a link. */
  invite(role: "edit" | "suggest" | "comment" | "view"): Membership
}

export async function share(seed: number): Promise<Shared> {
  const random = chance(seed)
  const { membership, certificates } = foundDocument(random)
  const all = [...certificates]
  const known = await certificatesOf(all)
  const keys = keysOf(membership)
  const standing = standingOf(membership, keys, known)
  if (typeof standing === "string") throw new Error(standing)
  const { docId } = membership
  return {
    docId,
    certificates: all,
    founder: membership,
    invite(role) {
      const { grantSecret, certificate } = giveGrant(role, "link", keys, standing, docId, random)
      all.push(certificate)
      return {
        docId,
        grantSecret,
        seatSeed: random(32),
        rootSeed: null,
        epochPrefix: null,
        grantCertificate: null,
      }
    },
  }
}

async function certificatesOf(all: readonly Uint8Array[]): Promise<Certificates> {
  const [genesis, ...rest] = all
  if (!genesis) throw new Error("a document has a genesis")
  const certificates = await Certificates.found(genesis, verify)
  for (const certificate of rest) await certificates.add(certificate)
  return certificates
}

/** One opening of the document in one tab. */
export interface Tab {
  readonly replica: Replica
  readonly keeper: Keeper
  readonly sessions: SessionRecords
  readonly clock: Clock
  /** This tab alone is gone: it writes nothing more, and its locks are free. */
  die(): void
  /** Types at a place of the body. */
  type(at: number, text: string): void
  text(): string
}

/** A clock that moves when told to; what is due at once runs by itself. */
export class Clock implements World {
  readonly random: World["random"]
  #now = 1_700_000_000_000
  #waiting: { at: number; f: () => void }[] = []
  #isDead = false

  constructor(random: World["random"]) {
    this.random = random
  }

  now(): number {
    return this.#now
  }

  after(ms: number, f: () => void): Stop {
    const entry = { at: this.#now + ms, f }
    if (ms === 0) setImmediate(() => this.#fire(entry))
    this.#waiting.push(entry)
    return () => {
      this.#waiting = this.#waiting.filter(other => other !== entry)
    }
  }

  /** Lets time pass and everything that falls due in it happen. */
  advance(ms: number): void {
    this.#now += ms
    for (const entry of [...this.#waiting].sort((a, b) => a.at - b.at))
      if (entry.at <= this.#now) this.#fire(entry)
  }

  /** Nothing happens any more. */
  die(): void {
    this.#isDead = true
  }

  #fire(entry: { at: number; f: () => void }): void {
    if (this.#isDead || !this.#waiting.includes(entry)) return
    this.#waiting = this.#waiting.filter(other => other !== entry)
    entry.f()
  }
}

export class Device {
  #membership: Membership
  readonly #shared: Shared
  readonly #random: World["random"]
  readonly factory = new IDBFactory()
  #locks: Locks = memoryLocks()
  #hub = new Set<(note: TabNote) => void>()
  #clocks: Clock[] = []
  #opened: Incarnation | null = null

  constructor(shared: Shared, membership: Membership, seed: number) {
    this.#shared = shared
    this.#membership = membership
    this.#random = chance(seed)
  }

  /** Opens it with another link, after these certificates have come. */
  openAs(membership: Membership, certificates: readonly Uint8Array[]): Promise<Tab> {
    this.#membership = membership
    return this.open(certificates)
  }

  /** Opens the document in another tab. Devices are opened one at a time. */
  async open(certificates: readonly Uint8Array[] = []): Promise<Tab> {
    globalThis.indexedDB = this.factory
    const clock = new Clock(this.#random)
    this.#clocks.push(clock)
    const before = connectionsOf(this.factory)
    const held = new Set<Stop>()
    const locks: Locks = {
      take: async name => {
        const release = await this.#locks.take(name)
        if (release) held.add(release)
        return release
      },
    }
    const database = await openDatabase()
    const { docId } = this.#shared
    const store = openLogStore(database, docId)
    const keeper =
      (await Keeper.open(store, verify)) ?? (await Keeper.found(store, verify, this.#shared.certificates))
    await keeper.addCertificates([...this.#shared.certificates, ...certificates])
    const sessions = openSessions(database)
    const replica = await openReplica({
      access: this.#access(keeper),
      keeper,
      store,
      sessions,
      copies: openCopies(database),
      locks,
      tabs: this.#tabs(),
      world: clock,
      mayLeave: origin => origin === TYPED,
    })
    const connections = connectionsOf(this.factory).filter(each => !before.includes(each))
    return {
      replica,
      keeper,
      sessions,
      clock,
      die: () => {
        clock.die()
        for (const each of connections) killed.add(each)
        for (const release of held) release()
      },
      type: (at, text) => replica.doc.transact(() => replica.doc.getText("body").insert(at, text), TYPED),
      text: () => replica.doc.getText("body").toString(),
    }
  }

  /** From the storage transaction that is made after `count` others, nothing of this device happens any more. */
  crashAfter(count: number): void {
    this.#opened = { transactionsLeft: count }
    incarnations.set(this.factory, this.#opened)
  }

  get hasCrashed(): boolean {
    return this.#opened !== null && this.#opened.transactionsLeft < 0
  }

  /** Everything that was running is gone, its locks with it; what it had begun to write may still be written. */
  restart(): void {
    for (const clock of this.#clocks) clock.die()
    this.#clocks = []
    this.#locks = memoryLocks()
    this.#hub = new Set()
    this.#opened = null
    incarnations.delete(this.factory)
  }

  /** Cuts off what runs now for good, even if the device is started again: its connections write nothing more. */
  kill(): void {
    for (const each of connectionsOf(this.factory)) killed.add(each)
    this.restart()
  }

  #access(keeper: Keeper): Access {
    const keys = keysFor(this.#membership)
    const standing = standingOf(this.#membership, keys, keeper.certificates)
    if (typeof standing === "string") throw new Error(standing)
    return accessOf(this.#shared.docId, keys, standing)
  }

  #tabs(): Tabs {
    const hub = this.#hub
    const listeners = new Set<(note: TabNote) => void>()
    const hear = (note: TabNote) => {
      for (const listener of listeners) listener(note)
    }
    hub.add(hear)
    return {
      post(note) {
        for (const other of hub) if (other !== hear) setImmediate(() => hub.has(other) && other(note))
      },
      onNote(f) {
        listeners.add(f)
        return () => listeners.delete(f)
      },
      close: () => {
        hub.delete(hear)
      },
    }
  }
}

// Deriving keys costs more than a whole run of typing does.
const derived = new WeakMap<Membership, MemberKeys>()

function keysFor(membership: Membership): MemberKeys {
  const keys = derived.get(membership) ?? keysOf(membership)
  derived.set(membership, keys)
  return keys
}

interface Incarnation {
  transactionsLeft: number
}

/** What is looked up in the insides of the simulated IndexedDB. */
interface RawDatabase {
  readonly connections: readonly object[]
}

const incarnations = new Map<IDBFactory, Incarnation>()
const killed = new WeakSet<object>()

function rawDatabases(factory: IDBFactory): RawDatabase[] {
  return [...(factory as unknown as { _databases: Map<string, RawDatabase> })._databases.values()]
}

function connectionsOf(factory: IDBFactory): object[] {
  return rawDatabases(factory).flatMap(raw => [...raw.connections])
}

// Every storage step of every device is a transaction: this is where one may stop for good.
const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given) {
  const raw = (this as unknown as { _rawDatabase: RawDatabase })._rawDatabase
  for (const [factory, incarnation] of incarnations)
    if (rawDatabases(factory).includes(raw) && incarnation.transactionsLeft-- <= 0) killed.add(this)
  if (killed.has(this)) throw new DOMException("the device has stopped", "InvalidStateError")
  return transaction.apply(this, given)
}

/** Carries from one log to another all that it lacks. Resolves when it is durable and absorbed there. */
export async function carry(from: Tab, to: Tab): Promise<void> {
  await to.keeper.addCertificates(from.keeper.certificates.all())
  for (const range of from.keeper.log.lackedBy(to.keeper.log.vector())) {
    const bytes = await from.keeper.read(range, 1e9)
    await (await to.keeper.accept(bytes, "by hand")).durable
  }
  await to.replica.settled()
}

/** Waits for something that is on its way, however long the machine takes. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let patience = 5_000; patience > 0; patience--) {
    if (isSo()) return
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  throw new Error(`it never came to be that ${isSo}`)
}

/** Gives what is on its way a little time: for showing that something does not happen. */
export async function turns(count = 30): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve))
}
