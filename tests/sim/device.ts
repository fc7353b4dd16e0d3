// A device with a browser profile: a disk, locks, and tabs in which the document is open. Every tab has the real keeper,
// replica and conversation, and a person before it. A device may stop between any two storage steps, and is then started
// again from what its disk holds.

import type { Stop } from "../../src/bytes/world"
import { bodyOf } from "../../src/content/document"
import { StorageError } from "../../src/log/store"
import { openReplica, type Replica } from "../../src/replica/replica"
import { openCopies } from "../../src/storage/copies"
import { type Locks, memoryLocks } from "../../src/storage/locks"
import { openSessions } from "../../src/storage/sessions"
import type { TabNote, Tabs } from "../../src/storage/tabs"
import type { Chance } from "./chance"
import { Life } from "./clockwork"
import type { Member } from "./company"
import { type Backup, Disk } from "./disk"
import { Holder } from "./holder"
import { mayLeave, Person } from "./person"
import type { Stage } from "./stage"

interface Ear {
  readonly life: Life
  readonly hear: (note: TabNote) => void
}

export class Device {
  readonly name: string
  readonly member: Member
  readonly disk: Disk
  readonly tabs = new Set<Tab>()
  readonly stage: Stage
  /** Whether it has all certificates from the start; others have a link. */
  readonly knows: boolean
  readonly skewMs: number
  readonly figures = { opened: 0, crashes: 0, rollBacks: 0, closed: 0 }
  locks: Locks = memoryLocks()
  readonly ears = new Set<Ear>()
  readonly chance: Chance
  backup: Backup | null = null
  /** While an older disk is being put back. */
  isBusy = false

  constructor(member: Member, stage: Stage, knows: boolean, skewMs: number) {
    this.name = member.name
    this.member = member
    this.stage = stage
    this.knows = knows
    this.skewMs = skewMs
    this.chance = stage.chance.fork()
    this.disk = new Disk(this.chance.fork())
    stage.watch.keeps(member.seat.seatPub, this.disk, this.name)
  }

  /** Opens the document in another tab. */
  async open(): Promise<void> {
    if (this.tabs.size === 0) {
      const texts = this.disk.copies(this.stage.company.docId).map(doc => {
        const title = doc.getText("title").toString()
        return title + bodyOf(doc).toString()
      })
      this.stage.words.found(this.name, character => texts.some(text => text.includes(character)))
      this.stage.watch.reopened(this.member.seat.seatPub)
    }
    const tab = new Tab(this, ++this.figures.opened)
    this.tabs.add(tab)
    await this.stage.clockwork.in(tab.life, () => tab.open())
  }

  /** Everything that runs here stops, now. */
  crash(): void {
    this.figures.crashes++
    for (const tab of [...this.tabs]) tab.die()
    this.locks = memoryLocks()
    this.ears.clear()
    this.disk.cutOff()
  }

  /** Remembers the disk as it is. */
  backUp(): void {
    this.backup = this.disk.backUp() ?? this.backup
  }

  /** The disk as it was, after a crash. */
  async rollBack(): Promise<void> {
    const { backup } = this
    if (!backup) return
    const { clockwork, watch, words } = this.stage
    const life = new Life(`${this.name} being restored`, this.disk, clockwork, this.chance.fork())
    await clockwork.in(life, () => this.crash())
    this.figures.rollBacks++
    this.isBusy = true
    words.rolledBack(this.name)
    watch.rolledBack(this.member.seat.seatPub, Math.floor(clockwork.now) + this.skewMs)
    await clockwork.in(life, () => {
      void this.disk.restore(backup).then(() => {
        this.isBusy = false
      })
    })
  }
}

export class Tab {
  readonly life: Life
  readonly holder: Holder
  replica: Replica | null = null
  person: Person | null = null
  state: "opening" | "open" | "closing" | "gone" = "opening"
  readonly #device: Device
  readonly #held = new Set<Stop>()
  readonly #stops: Stop[] = []

  constructor(device: Device, number: number) {
    this.#device = device
    const { stage, member, chance } = device
    const { clockwork, company } = stage
    this.life = new Life(
      `${device.name}, tab ${number}`,
      device.disk,
      clockwork,
      chance.fork(),
      device.skewMs,
    )
    this.holder = new Holder({
      stage,
      life: this.life,
      device: device.name,
      seat: member.seat,
      hostKey: null,
      certificates: device.knows ? company.certificates : [],
      onKeeper: (keeper, store, database) => {
        this.#try(async () => {
          const replica = await openReplica({
            access: member.access,
            keeper,
            store,
            sessions: openSessions(database),
            copies: openCopies(database),
            locks: this.#locks(),
            tabs: this.#tabs(),
            world: this.life.world,
            mayLeave,
          })
          if (this.life.alive) this.#enter(replica)
        })
      },
    })
  }

  open(): void {
    this.#try(() => this.holder.open())
  }

  /** Gone from one moment to the next, as a tab that the browser kills. */
  die(): void {
    if (this.state === "gone") return
    this.state = "gone"
    this.life.alive = false
    const { stage, tabs } = this.#device
    stage.words.ended(this.life)
    stage.wires.remove(this.holder)
    tabs.delete(this)
    for (const release of this.#held) release()
    for (const stop of this.#stops) stop()
  }

  /** Closes in good order. */
  close(): void {
    if (this.state !== "open") return
    this.state = "closing"
    this.#device.figures.closed++
    this.person?.leave()
    this.person = null
    this.#try(async () => {
      await this.replica?.close()
      await this.holder.close()
      if (!this.replica?.pending && this.replica?.saved.state === "saved")
        this.#device.stage.words.saved(this.life)
      this.die()
    })
  }

  #enter(replica: Replica): void {
    const { stage, name, chance } = this.#device
    const { words } = stage
    this.replica = replica
    this.state = "open"
    this.person = new Person(replica, words, this.life, name)
    this.#stops.push(
      replica.onSaved(() => {
        if (this.life.alive && replica.saved.state === "saved") words.saved(this.life)
      }),
    )
    replica.company(chance.oneOf(["nobody", "relay", "people"]))
  }

  // What fails because the device has stopped, or has no room, is no fault; the tab is gone then.
  #try(work: () => Promise<void>): void {
    const { disk, stage, name } = this.#device
    work().catch((error: unknown) => {
      if (!this.life.alive) return
      if (!(error instanceof StorageError && disk.wasFull)) stage.watch.wrong(`${name}: ${inWords(error)}`)
      this.die()
    })
  }

  #locks(): Locks {
    const { locks } = this.#device
    return {
      take: async name => {
        const release = await locks.take(name)
        if (release) this.#held.add(release)
        return release
      },
    }
  }

  #tabs(): Tabs {
    const { ears, stage, chance } = this.#device
    const { clockwork } = stage
    const listeners = new Set<(note: TabNote) => void>()
    const ear: Ear = {
      life: this.life,
      hear: note => {
        for (const listener of listeners) listener(note)
      },
    }
    ears.add(ear)
    return {
      post: note => {
        if (!this.life.alive) return
        for (const other of ears)
          if (other !== ear)
            clockwork.at(clockwork.now + chance.below(5), other.life, () => {
              if (other.life.alive && ears.has(other)) other.hear(note)
            })
      },
      onNote(f) {
        listeners.add(f)
        return () => listeners.delete(f)
      },
      close: () => {
        ears.delete(ear)
      },
    }
  }
}

export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? "" : `\ncaused by ${inWords(error.cause)}`
  return (error.stack ?? `${error.name}: ${error.message}`) + cause
}
