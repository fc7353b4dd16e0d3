// One run: a few people write in one document while everything goes wrong that this run allows; then everything heals,
// and all of them must hold the same document with every word that is owed in it. A run is one number.
import type { SessionId } from "../../src/bytes/ids"
import { Chance } from "./chance"
import { Clockwork } from "./clockwork"
import type { Company } from "./company"
import { Device, inWords, type Tab } from "./device"
import { drawFaults, type Faults } from "./faults"
import { Host } from "./host"
import { Hostile } from "./hostile"
import type { Stage } from "./stage"
import { judge, judgeSplit } from "./verdict"
import { Watch } from "./watch"
import { FAIR, Wires } from "./wires"
import { Words } from "./words"

export interface RunResult {
  readonly seed: number
  readonly faults: Faults
  /** Empty: nothing is wrong. */
  readonly wrong: readonly string[]
  readonly figures: Readonly<Record<string, number>>
  /** What happened, for whoever looks for the reason. */
  readonly story: readonly string[]
}

const STEPS_MAX = 60
/** How long everything may take to come to rest once it is healed: an end that went silent is found out by then. */
const REST_MS_MAX = 600_000
const REST_STEP_MS = 1_500
/** And where it cannot come to rest, because a session is split. */
const SPLIT_REST_MS = 60_000

export async function simulate(seed: number, company: Company): Promise<RunResult> {
  const run = new Run(seed, company)
  return run.run()
}

class Run {
  readonly #seed: number
  readonly #chance: Chance
  readonly #faults: Faults
  readonly #stage: Stage
  readonly #story: string[] = []
  readonly #devices: Device[]
  readonly #hosts: Host[]
  readonly #hostile: Hostile[]
  #groups = new Map<string, number>()
  #edits = 0
  #healed = false

  constructor(seed: number, company: Company) {
    this.#seed = seed
    const chance = new Chance(seed)
    this.#chance = chance
    const faults = drawFaults(chance)
    this.#faults = faults
    const watch = new Watch(company.docId, {
      hostile: faults.altering || faults.hostileViewer || faults.hostileEditor,
      full: faults.fullDisks,
      forks: faults.rollBacks,
    })
    const clockwork = new Clockwork((error, life) => {
      if (!life || life.alive) watch.wrong(`${life?.name ?? "the network"}: ${inWords(error)}`)
    })
    const words = new Words()
    const wires = new Wires(clockwork, chance.fork(), frame => watch.frame(frame))
    this.#stage = { clockwork, chance: chance.fork(), wires, words, watch, company }
    const writers = company.writers.slice(0, chance.between(2, 4))
    const viewers = company.viewers.slice(0, chance.below(2))
    this.#hosts = company.hosts.slice(0, faults.hosts).map(self => new Host(self, this.#stage))
    this.#devices = [...writers, ...viewers].map((member, index) => {
      const skewMs = faults.skewed ? chance.between(-100_000, 100_000) : 0
      return new Device(member, this.#stage, index === 0 || chance.often(0.5), skewMs)
    })
    const rogues = [
      ...(faults.hostileViewer ? company.viewers.slice(1, 2) : []),
      ...(faults.hostileEditor ? company.writers.slice(-1) : []),
    ]
    this.#hostile = rogues.map(member => new Hostile(member, this.#stage))
    wires.mayLink = (one, other) => this.#mayLink(one.device, other.device)
    wires.weather = {
      breaking: faults.breaking,
      parallel: faults.parallel,
      altering: faults.altering,
      delayMsMax: faults.slowLinks ? 3_000 : 100,
    }
  }

  async run(): Promise<RunResult> {
    const stop = this.#stage.clockwork.takeOver()
    try {
      await this.#act()
      await this.#heal()
    } catch (error) {
      this.#stage.watch.wrong(inWords(error))
    } finally {
      stop()
    }
    return {
      seed: this.#seed,
      faults: this.#faults,
      wrong: this.#stage.watch.found,
      figures: this.#figures(),
      story: this.#story,
    }
  }

  // What goes wrong

  async #act(): Promise<void> {
    const { clockwork } = this.#stage
    for (const host of this.#hosts) await host.open()
    for (const device of this.#devices) await this.#open(device)
    for (const rogue of this.#hostile) await rogue.open()
    await clockwork.run(this.#chance.between(0, 3_000))
    const steps = this.#chance.between(10, STEPS_MAX)
    for (let step = 0; step < steps && !this.#isWrong; step++) {
      for (const device of this.#devices) {
        device.disk.slowMs = this.#faults.slowDisks ? 40 : 0
        if (device.tabs.size === 0 && !device.isBusy && this.#chance.often(0.3)) await this.#open(device)
      }
      for (const host of this.#hosts) if (!host.holder && this.#chance.often(0.3)) await host.open()
      await this.#deed()
      for (const rogue of this.#hostile)
        if (this.#chance.often(0.2)) this.#tell(`${rogue.name} ${await rogue.act()}`)
      await clockwork.run(this.#pauseMs())
    }
  }

  #pauseMs(): number {
    const chance = this.#chance
    if (chance.often(0.4)) return 0
    return chance.often(0.8) ? chance.between(0, 400) : chance.between(0, 12_000)
  }

  async #deed(): Promise<void> {
    const chance = this.#chance
    const faults = this.#faults
    const device = chance.oneOf(this.#devices)
    const tabs = [...device.tabs].filter(({ state }) => state === "open")
    if (tabs.length === 0) return
    const tab = chance.oneOf(tabs)
    const kind = chance.below(100)
    if (kind < 62) return this.#write(tab, device)
    if (kind < 68) return this.#does(tab, "flushes", () => tab.replica?.flushNow())
    if (kind < 72)
      return this.#does(tab, "has company", () =>
        tab.replica?.company(chance.oneOf(["nobody", "relay", "people"])),
      )
    if (kind < 76) return this.#does(tab, "closes", () => tab.close())
    if (kind < 80 && faults.tabs && device.tabs.size < 3) return this.#open(device)
    if (kind < 83 && faults.tabs) return this.#does(tab, "dies", () => tab.die())
    if (kind < 87 && faults.crashes) {
      const after = chance.below(12)
      this.#tell(`${device.name} will stop after ${after} storage steps`)
      return device.disk.crashAfter(after, () => {
        this.#tell(`${device.name} stops`)
        device.crash()
      })
    }
    if (kind < 89 && faults.crashes) return this.#does(tab, "stops with its device", () => device.crash())
    const [host] = this.#hosts
    if (kind < 91 && faults.crashes && host) {
      const after = chance.below(12)
      this.#tell(`${host.name} will stop after ${after} storage steps`)
      return host.disk.crashAfter(after, () => host.crash())
    }
    if (kind < 95 && faults.partitions) {
      const names = [...this.#devices, ...this.#hosts].map(({ name }) => name)
      this.#groups = new Map(names.map(name => [name, chance.below(3)]))
      return this.#tell(`the network is divided: ${JSON.stringify([...this.#groups])}`)
    }
    if (kind < 97 && faults.fullDisks) {
      const { disk, name } = chance.oneOf([...this.#devices, ...this.#hosts])
      disk.fill(!disk.full)
      return this.#tell(`${name} has ${disk.full ? "no room" : "room again"}`)
    }
    if (kind < 100 && faults.rollBacks) {
      if (!device.backup || chance.often(0.4)) {
        device.backUp()
        return this.#tell(`${device.name} is backed up`)
      }
      this.#tell(`${device.name} is put back`)
      return device.rollBack()
    }
  }

  async #write(tab: Tab, device: Device): Promise<void> {
    if (device.member.role === "view") return
    for (let deeds = this.#chance.between(1, 3); deeds > 0; deeds--)
      await this.#does(tab, "writes", () => {
        if (!tab.person || tab.state !== "open") return "nothing any more"
        this.#edits++
        return tab.person.act(this.#chance, this.#faults.undo)
      })
  }

  async #open(device: Device): Promise<void> {
    this.#tell(`${device.name} opens a tab`)
    await device.open()
  }

  async #does(tab: Tab, what: string, f: () => unknown): Promise<void> {
    await this.#stage.clockwork.in(tab.life, () => {
      const how = f()
      this.#tell(`${tab.life.name} ${what}${typeof how === "string" ? `: ${how}` : ""}`)
    })
  }

  #mayLink(one: string, other: string): boolean {
    const isHost = (name: string) => name.startsWith("host")
    if (isHost(one) && isHost(other)) return false
    if (this.#faults.onlyHosts && !isHost(one) && !isHost(other)) return false
    return this.#healed || this.#groups.get(one) === this.#groups.get(other)
  }

  // What must come of it

  async #heal(): Promise<void> {
    if (this.#isWrong) return
    this.#tell("everything heals")
    const { clockwork, wires, words, watch } = this.#stage
    this.#healed = true
    for (const rogue of this.#hostile) rogue.leave()
    wires.weather = FAIR
    // A conversation that somebody has altered may have missed its point; nothing but its end is asked of it.
    if (this.#faults.altering) wires.cutAll()
    for (const place of [...this.#devices, ...this.#hosts]) place.disk.calm()
    await this.#rest("after everything healed")
    if (this.#split.length > 0) {
      judgeSplit(this.#devices, words, watch, this.#split)
      return
    }
    for (const device of this.#devices)
      for (const tab of device.tabs) await this.#does(tab, "closes", () => tab.close())
    await clockwork.run(5_000)
    for (const device of this.#devices) {
      if (device.tabs.size > 0) watch.wrong(`${device.name} does not close`)
      await this.#open(device)
    }
    await this.#newcomer()
    await this.#rest("after everybody opened the document again")
    if (this.#isWrong) return
    watch.checkAllReceipts()
    if (this.#split.length > 0) {
      judgeSplit(this.#devices, words, watch, this.#split)
      return
    }
    judge(this.#devices, words, watch, this.#faults.hostileEditor)
  }

  // Somebody who has nothing but a link, and makes the document from the log that others send.
  async #newcomer(): Promise<void> {
    const member = this.#stage.company.viewers.at(-1)
    if (!member) throw new Error("somebody has not been here yet")
    const newcomer = new Device(member, this.#stage, false, 0)
    this.#devices.push(newcomer)
    await this.#open(newcomer)
  }

  /** Until all logs are the same and all of them are read. */
  async #rest(when: string): Promise<void> {
    const { clockwork, watch } = this.#stage
    let why = ""
    for (let waited = 0; waited < REST_MS_MAX && !this.#isWrong; waited += REST_STEP_MS) {
      for (const device of this.#devices)
        if (device.tabs.size === 0 && !device.isBusy) await this.#open(device)
      for (const host of this.#hosts) if (!host.holder) await host.open()
      await clockwork.run(REST_STEP_MS)
      why = this.#unrest()
      if (why === "" || (waited > SPLIT_REST_MS && this.#split.length > 0)) return
    }
    if (!this.#isWrong) watch.wrong(`it did not come to rest ${when}: ${why}`)
  }

  #unrest(): string {
    const holders = [
      ...this.#devices.flatMap(device => [...device.tabs].map(({ holder }) => holder)),
      ...this.#hosts.map(({ holder }) => holder),
    ]
    const asleep = this.#devices.find(device => device.tabs.size === 0)
    if (asleep) return `${asleep.name} has not opened the document`
    const digests = new Set<string>()
    for (const holder of holders) {
      const log = holder?.keeper?.log
      if (!log) return `${holder?.device} has no log`
      digests.add(Buffer.from(log.digest()).toString("hex"))
    }
    for (const device of this.#devices)
      for (const { replica, life, state } of device.tabs) {
        if (!replica || state !== "open") return `${life.name} is ${state}`
        if (replica.pending) return `${life.name} has words that are not sealed`
        if (replica.saved.state !== "saved") return `${life.name}: ${replica.saved.state}`
        if (replica.health.waiting > 0)
          return `in ${life.name} envelopes wait: ${JSON.stringify(replica.health)}`
      }
    return digests.size === 1 ? "" : `there are ${digests.size} different logs`
  }

  get #split(): readonly SessionId[] {
    return this.#stage.watch.splitOn([...this.#devices, ...this.#hosts].map(({ disk }) => disk))
  }

  get #isWrong(): boolean {
    return this.#stage.watch.found.length > 0
  }

  #tell(what: string): void {
    this.#story.push(`${Math.floor(this.#stage.clockwork.now % 10_000_000)} ${what}`)
  }

  #figures(): Record<string, number> {
    const { clockwork, wires, watch, words } = this.#stage
    const sum = (of: (device: Device) => number) => this.#devices.reduce((all, device) => all + of(device), 0)
    return {
      events: clockwork.count,
      edits: this.#edits,
      characters: words.typedCount,
      ...watch.figures,
      ...wires.figures,
      openings: sum(({ figures }) => figures.opened),
      crashes:
        sum(({ figures }) => figures.crashes) +
        this.#hosts.reduce((all, host) => all + host.figures.crashes, 0),
      rollBacks: sum(({ figures }) => figures.rollBacks),
      storageSteps: sum(({ disk }) => disk.transactions),
    }
  }
}
