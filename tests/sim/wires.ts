// The network of a run: links in memory between places that may see each other just now. Frames take their time, links
// break, with or without what is under way, places are cut off from each other in groups, two may have more than one
// link, and somebody in between may alter what passes. A link keeps its order; between links there is none.
import { type MemoryLink, memoryLinks } from "../../src/links/memory"
import type { Link } from "../../src/sync/link"
import type { Chance } from "./chance"
import type { Clockwork, Life } from "./clockwork"

/** Something that can be linked to. */
export interface Place {
  /** Places of one device do not link to each other. */
  readonly device: string
  readonly life: Life
  /** A conversation begins. */
  meet(link: Link): void
}

export interface Weather {
  /** Links break by themselves. */
  breaking: boolean
  /** Two places may have several links. */
  parallel: boolean
  /** Frames are altered on their way, now and then. */
  altering: boolean
  /** The longest way, ms. */
  delayMsMax: number
}

export const FAIR: Weather = { breaking: false, parallel: false, altering: false, delayMsMax: 20 }

interface Wire {
  readonly ends: readonly [Place, Place]
  readonly links: readonly [MemoryLink, MemoryLink]
}

const TEND_MS = 250

export class Wires {
  weather: Weather = FAIR
  /** Who may be linked: all, unless a run says otherwise. */
  mayLink: (one: Place, other: Place) => boolean = () => true
  readonly figures = { links: 0, frames: 0, cuts: 0, altered: 0 }
  readonly #clockwork: Clockwork
  readonly #chance: Chance
  readonly #onFrame: (frame: Uint8Array) => void
  readonly #places = new Set<Place>()
  readonly #wires = new Set<Wire>()

  constructor(clockwork: Clockwork, chance: Chance, onFrame: (frame: Uint8Array) => void) {
    this.#clockwork = clockwork
    this.#chance = chance
    this.#onFrame = onFrame
    this.#tendLater()
  }

  add(place: Place): void {
    this.#places.add(place)
  }

  /** It is gone; its links are found dead. */
  remove(place: Place): void {
    this.#places.delete(place)
    for (const wire of this.#wires) if (wire.ends.includes(place)) this.#cut(wire)
  }

  cutAll(): void {
    for (const wire of this.#wires) this.#cut(wire)
  }

  #tendLater(): void {
    const ms = this.#chance.between(1, 2 * TEND_MS)
    this.#clockwork.at(this.#clockwork.now + ms, null, () => {
      this.#tend()
      this.#tendLater()
    })
  }

  #tend(): void {
    const { breaking, parallel } = this.weather
    const chance = this.#chance
    for (const wire of this.#wires) {
      const [one, other] = wire.ends
      if (!this.mayLink(one, other) || (breaking && chance.often(0.05))) this.#cut(wire)
    }
    const places = [...this.#places]
    for (const [index, one] of places.entries())
      for (const other of places.slice(index + 1)) {
        if (one.device === other.device || !this.mayLink(one, other)) continue
        const links = this.#between(one, other)
        if (links === 0 ? chance.often(0.5) : parallel && links < 3 && chance.often(0.02))
          this.#join(one, other)
      }
  }

  #between(one: Place, other: Place): number {
    let count = 0
    for (const { ends } of this.#wires) if (ends.includes(one) && ends.includes(other)) count++
    return count
  }

  #join(one: Place, other: Place): void {
    const clockwork = this.#clockwork
    const chance = this.#chance.fork()
    const distanceMs = chance.between(0, this.weather.delayMsMax)
    const links = memoryLinks({
      world: {
        now: () => clockwork.now,
        random: length => chance.bytes(length),
        after: (ms, f) => clockwork.at(clockwork.now + ms, null, f),
      },
      delayMs: () => chance.between(distanceMs >> 1, distanceMs),
      fault: frame => this.#pass(frame, chance),
    })
    const wire: Wire = { ends: [one, other], links }
    this.#wires.add(wire)
    this.figures.links++
    links[0].onClose(() => this.#wires.delete(wire))
    for (const [index, place] of wire.ends.entries()) {
      const link = links[index]
      if (link)
        clockwork.at(
          clockwork.now,
          place.life,
          () => place.life.alive && place.meet(this.#seenBy(place.life, link)),
        )
    }
  }

  #cut(wire: Wire): void {
    const [one, other] = wire.links
    this.figures.cuts++
    this.#wires.delete(wire)
    for (const link of wire.links) link.stall(this.#chance.often(0.5)) // what waits in it may be lost
    if (this.#chance.often(0.5)) one.close()
    else other.close()
  }

  #pass(frame: Uint8Array, chance: Chance): Uint8Array {
    this.figures.frames++
    this.#onFrame(frame)
    if (!this.weather.altering || !chance.often(0.01) || frame.length === 0) return frame
    this.figures.altered++
    const altered = frame.slice()
    const at = chance.below(altered.length)
    altered[at] = (altered[at] ?? 0) ^ (1 << chance.below(8))
    return altered
  }

  // Whatever a link tells a place happens in the name of the place's life; one that is over hears and says nothing.
  #seenBy(life: Life, link: MemoryLink): Link {
    const clockwork = this.#clockwork
    const soon = (f: () => void) => clockwork.at(clockwork.now, life, () => life.alive && f())
    return {
      name: link.name,
      send: (frame, lane) => {
        if (life.alive) link.send(frame, lane)
      },
      onMessage(f) {
        let hears = true
        const stop = link.onMessage(frame => soon(() => hears && f(frame)))
        return () => {
          hears = false
          stop()
        }
      },
      onClose: f => link.onClose(why => soon(() => f(why))),
      ready: lane =>
        new Promise(resolve => {
          void link.ready(lane).then(() => soon(resolve))
        }),
      waitingBytes: () => link.waitingBytes(),
      close: () => {
        if (life.alive) link.close()
      },
    }
  }
}
