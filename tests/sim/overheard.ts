// Two who mean well, and somebody between them who alters what they say, after they have proven who they are as before.
// Nothing may break at either end, no more is checked than was sent, and with a third who hears them directly they are
// level soon afterwards.
import { realWorld, type World } from "../../src/bytes/world"
import type { Verify } from "../../src/crypto/signing"
import { memoryLinks } from "../../src/links/memory"
import { Place } from "../unit/links/place"
import {
  chance as bytesFrom,
  foundDocument,
  type TestDocument,
  verify,
  type Writing,
} from "../unit/sync/world"
import { Chance } from "./chance"
import { type FuzzResult, fuzzDecoders } from "./fuzz"
import { mutated } from "./mutation"

/** What is signed is no smaller than its signature; and an end proves itself, and signs what it holds. */
const BYTES_PER_CHECK = 64
const CHECKS = 16
/** How long those who are level again are waited for. */
const LEVEL_MS = 20_000
/** How long the altered conversation lasts. */
const TURNS = 12
const CONVERSATIONS_PER_SEED = 4

export class Overheard {
  readonly #document: TestDocument
  readonly #places: readonly [Place, Place, Place]
  readonly #writing: Writing
  readonly #frames: Uint8Array[] = []
  readonly #escaped: string[] = []
  readonly #caught = (error: unknown) => this.#escaped.push(`escaped: ${String(error)}`)
  #checks: number[] = []
  #written = 0

  private constructor(document: TestDocument, writing: Writing) {
    this.#document = document
    this.#writing = writing
    const place = (index: number) =>
      new Place(`end ${index}`, { world: steady(index), verify: this.#counting(index) })
    this.#places = [place(0), place(1), place(2)]
    process.on("unhandledRejection", this.#caught)
    process.on("uncaughtException", this.#caught)
  }

  /** Has an honest conversation, which is overheard: it is what hostile bytes are made of. */
  static async begin(): Promise<Overheard> {
    const document = await foundDocument(77)
    const members = [document.admin, await document.invite("edit"), await document.invite("edit")]
    const overheard = new Overheard(document, document.write(document.admin))
    for (const [index, member] of members.entries()) await overheard.#places[index]?.hold(document, member)
    await overheard.#write(5)
    const level = await overheard.#level(frame => {
      overheard.#frames.push(frame.slice())
      return frame
    })
    if (!level) throw new Error("an honest conversation came to nothing")
    return overheard
  }

  /** One seed: the decoders, and altered conversations. Once: what came before would not be in the number. */
  async fuzz(seed: number): Promise<FuzzResult> {
    const decoders = await fuzzDecoders(seed, this.#frames)
    const chance = new Chance(seed).fork()
    const wrong = [...decoders.wrong]
    let { inputs } = decoders
    for (let times = 0; times < CONVERSATIONS_PER_SEED; times++) {
      const live = await this.#alter(chance)
      inputs += live.inputs
      wrong.push(...live.wrong)
    }
    process.off("unhandledRejection", this.#caught)
    process.off("uncaughtException", this.#caught)
    return { ...decoders, inputs, wrong }
  }

  async #alter(chance: Chance): Promise<{ inputs: number; wrong: string[] }> {
    const altered: Uint8Array[] = []
    let bytes = 0
    this.#checks = []
    await this.#write(chance.between(1, 3))
    const share = chance.oneOf([0.3, 0.6, 1])
    // Mostly they know each other by then.
    let untouched = chance.below(9)
    const cut = this.#join(0, 1, frame => {
      const said = untouched-- <= 0 && chance.often(share) ? mutated(frame, this.#frames, chance) : frame
      if (said !== frame) altered.push(said)
      bytes += said.length
      return said.slice()
    })
    for (let turn = 0; turn < TURNS; turn++) await new Promise(resolve => setTimeout(resolve, 1))
    cut()
    const wrong: string[] = []
    for (const checks of this.#checks)
      if (checks > CHECKS + bytes / BYTES_PER_CHECK)
        wrong.push(`${checks} signatures checked for ${bytes} bytes`)
    if (!(await this.#level())) wrong.push("the ends were of no use to others afterwards")
    wrong.push(...this.#escaped.splice(0))
    for (const place of this.#places) {
      for (const { problem, message } of place.told("problem"))
        if (problem === "broken") wrong.push(`${place.name} broke: ${message}`)
      place.reports.length = 0
      place.exchanges.length = 0
      place.links.length = 0
    }
    const said = altered.map(each => Buffer.from(each).toString("hex")).join(" ")
    return { inputs: altered.length, wrong: wrong.map(what => `conversation: ${what}: ${said}`) }
  }

  async #write(count: number): Promise<void> {
    for (; count > 0; count--) {
      await this.#places[0].write(this.#document, this.#writing.seal().bytes)
      this.#written++
    }
  }

  /** Whether all three hold everything after an honest conversation. */
  async #level(fault?: (frame: Uint8Array) => Uint8Array): Promise<boolean> {
    const cuts = [this.#join(0, 1, fault), this.#join(1, 2, fault)]
    const until = Date.now() + LEVEL_MS
    const isLevel = () =>
      this.#places.every(place => {
        const [head] = place.keeper(this.#document).log.heads()
        return head?.seq === this.#written - 1
      })
    while (!isLevel() && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 1))
    for (const cut of cuts) cut()
    return isLevel()
  }

  #join(a: 0 | 1 | 2, b: 0 | 1 | 2, fault?: (frame: Uint8Array) => Uint8Array): () => void {
    const [one, other] = memoryLinks({ world: realWorld, ...(fault ? { fault } : {}) })
    this.#places[a].meet(one)
    this.#places[b].meet(other)
    return () => {
      one.close()
      other.close()
    }
  }

  #counting(index: number): Verify {
    return (...given) => {
      this.#checks[index] = (this.#checks[index] ?? 0) + 1
      return verify(...given)
    }
  }
}

/** A world whose clock and chance are numbers; only its timers are real. */
function steady(seed: number): World {
  let at = 1_700_000_000_000
  return { now: () => ++at, random: bytesFrom(900 + seed), after: realWorld.after }
}
