// What a person says about sending and fetching on this device: a pause that ends by itself, a cap, and the hours for
// large things. A pause is an end on the wall clock, kept on the disk and looked at often, so that it is over when it is
// over, whoever slept meanwhile: this window, the browser, or the whole device.
import { type Signal, signal } from "@preact/signals-core"
import type { Stop, World } from "../bytes/world"
import type { Cabinet } from "../storage/keys"
import { type Limits, NO_LIMITS } from "../sync/budget"
import type { Page } from "./leader"
import type { Pause, Traffic } from "./model"

export interface TrafficParts {
  readonly world: World
  readonly settings: Cabinet<string, unknown>
  /** Null where the page cannot be watched. */
  readonly page: Page | null
  /** Other windows of this profile are to read it anew. */
  readonly onChange: () => void
  /** It could not be kept. */
  readonly onProblem: (error: unknown) => void
}

const PAUSE = "pause"
const LIMITS = "limits"
const LOOK_EVERY_MS = 30_000
/** A clock that goes back by more was set by somebody; by less, it was only put right. */
const CLOCK_BACK_MS = 60 * 60_000

/** What is kept of a pause. `seenAt`: the latest moment at which it was looked at. */
interface StoredPause {
  readonly until: number
  readonly seenAt: number
}

export class DeviceTraffic implements Traffic {
  readonly pause: Signal<Pause | null> = signal(null)
  readonly limits: Signal<Limits> = signal(NO_LIMITS)
  readonly #parts: TrafficParts
  #seenAt = 0
  readonly #stops: Stop[] = []

  constructor(parts: TrafficParts) {
    this.#parts = parts
  }

  /** Reads what is kept and looks from now on. Rejects with StorageError. */
  async start(): Promise<void> {
    await this.load()
    const { page } = this.#parts
    if (page) this.#stops.push(page.onChange(now => now === "visible" && this.look()))
    this.#lookLater()
  }

  /** Reads what is kept: another window may have changed it. */
  async load(): Promise<void> {
    const { settings } = this.#parts
    const [pause, limits] = await Promise.all([settings.get(PAUSE), settings.get(LIMITS)])
    const stored = pause as StoredPause | null
    this.limits.value = { ...NO_LIMITS, ...(limits as Limits | null) }
    this.#seenAt = stored?.seenAt ?? 0
    this.pause.value = stored && { until: stored.until, clockWentBack: false }
    this.look()
  }

  pauseUntil(until: number): void {
    if (until <= this.#parts.world.now()) return
    this.#seenAt = this.#parts.world.now()
    this.pause.value = { until, clockWentBack: false }
    this.#keep(PAUSE, { until, seenAt: this.#seenAt } satisfies StoredPause)
  }

  resume(): void {
    if (!this.pause.peek()) return
    this.pause.value = null
    this.#keep(PAUSE, null)
  }

  limit(limits: Limits): void {
    this.limits.value = limits
    this.#keep(LIMITS, limits)
  }

  /** Ends a pause that is over, and notices a clock that went back. */
  look(): void {
    const pause = this.pause.peek()
    if (!pause) return
    const now = this.#parts.world.now()
    if (now >= pause.until) {
      this.resume()
      return
    }
    const clockWentBack = now < this.#seenAt - CLOCK_BACK_MS
    if (clockWentBack !== pause.clockWentBack) this.pause.value = { ...pause, clockWentBack }
    if (now <= this.#seenAt) return
    this.#seenAt = now
    this.#put(PAUSE, { until: pause.until, seenAt: now } satisfies StoredPause)
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop()
  }

  #lookLater(): void {
    const stop = this.#parts.world.after(LOOK_EVERY_MS, () => {
      this.#stops.splice(this.#stops.indexOf(stop), 1)
      this.look()
      this.#lookLater()
    })
    this.#stops.push(stop)
  }

  #keep(name: string, value: unknown): void {
    void this.#put(name, value).then(() => this.#parts.onChange())
  }

  async #put(name: string, value: unknown): Promise<void> {
    try {
      await this.#parts.settings.put(name, value)
    } catch (error) {
      this.#parts.onProblem(error)
    }
  }
}
