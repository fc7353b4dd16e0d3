// A blind host, as a relay is: it keeps and serves what it cannot read, signs for it, and may stop at any step.

import { Life } from "./clockwork"
import type { Company } from "./company"
import { inWords } from "./device"
import { Disk } from "./disk"
import { Holder } from "./holder"
import type { Stage } from "./stage"

export class Host {
  readonly name: string
  readonly disk: Disk
  readonly figures = { crashes: 0 }
  holder: Holder | null = null
  readonly #stage: Stage
  readonly #self: Company["hosts"][number]

  constructor(self: Company["hosts"][number], stage: Stage) {
    this.#self = self
    this.#stage = stage
    this.name = self.name
    this.disk = new Disk(stage.chance.fork())
    stage.watch.keeps(self.seat.seatPub, this.disk, this.name)
  }

  async open(): Promise<void> {
    const { clockwork, chance, watch } = this.#stage
    const life = new Life(this.name, this.disk, clockwork, chance.fork())
    watch.reopened(this.#self.seat.seatPub)
    const holder = new Holder({
      stage: this.#stage,
      life,
      device: this.name,
      seat: this.#self.seat,
      hostKey: this.#self.key.publicKey,
      certificates: [],
      onKeeper: () => undefined,
    })
    this.holder = holder
    await clockwork.in(life, () => {
      holder.open().catch((error: unknown) => {
        if (life.alive && !this.disk.wasFull) watch.wrong(`${this.name}: ${inWords(error)}`)
      })
    })
  }

  crash(): void {
    if (!this.holder) return
    this.figures.crashes++
    this.holder.life.alive = false
    this.#stage.wires.remove(this.holder)
    this.holder = null
    this.disk.cutOff()
  }
}
