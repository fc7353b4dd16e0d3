// Rights in one document, as an admin's device sees and changes them: links are made, what was given is listed with who
// has come by it, and taken back. What was decided elsewhere is seen through by itself: heads are joined, what has run
// out is taken out, and whoever came under an earlier key is given the new one (people/upkeep.ts).
import { type Signal, signal } from "@preact/signals-core"
import type { CertificateHash, PublicKey } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import { giveGrant } from "../people/founding"
import { grantKeysOf, isRelay } from "../people/grants"
import type { Standing } from "../people/membership"
import { type Admin, rotate } from "../people/rotating"
import { upkeep } from "../people/upkeep"
import type { Holding } from "./holding"
import { linkTo } from "./linking"
import type { GivenRight, LinkRight, Sharing } from "./model"
import { untilLive } from "./reaching"

export interface SharingParts {
  readonly world: World
  /** The address that links of this app begin with. */
  readonly origin: string
  /** The secret of a link made before, so that one right has one link; null: none was. */
  readonly givenBefore: (right: LinkRight) => Promise<Uint8Array | null>
  readonly rememberGiven: (right: LinkRight, secret: Uint8Array) => Promise<void>
  /** What people here called themselves, by their seats. */
  readonly names: () => Promise<ReadonlyMap<CertificateHash, string>>
  /** Something went wrong with what is done without being asked. */
  readonly onProblem: (error: unknown) => void
}

/** Long enough that two admins' devices, which hear of the same, seldom do the same. */
const UPKEEP_MS = { least: 500, spread: 3_000 }
/** How often it is looked whether a right has run out. */
const LOOK_MS = 60 * 60_000

export class DocumentSharing implements Sharing {
  readonly given: Signal<readonly GivenRight[]> = signal([])
  readonly #holding: Holding
  readonly #keeper: Keeper
  readonly #parts: SharingParts
  readonly #stops: Stop[]
  #upkeep: Stop = () => undefined

  constructor(holding: Holding, keeper: Keeper, parts: SharingParts) {
    this.#holding = holding
    this.#keeper = keeper
    this.#parts = parts
    this.#stops = [keeper.onCertificates(() => this.#changed())]
    this.#changed()
  }

  async link(right: LinkRight, until: number | null): Promise<string> {
    const { origin, world, givenBefore, rememberGiven } = this.#parts
    const holding = this.#holding
    holding.useRelay(origin)
    // A link that ends is a new one each time; of those that do not, one right has one.
    let secret = until === null ? await givenBefore(right) : null
    if (!secret || !this.#stands(secret, right)) {
      secret = await this.#give(right, until)
      if (until === null) await rememberGiven(right, secret)
    }
    await untilLive(holding.relay, world)
    return linkTo(holding, secret, origin)
  }

  async takeBack(key: string): Promise<void> {
    const certificate = rotate({ remove: [key as PublicKey] }, this.#admin)
    const { durable, refused } = await this.#keeper.addCertificates([certificate])
    if (refused[0]) throw new Error(`an epoch of one's own was refused: ${refused[0].message}`)
    await durable
  }

  /** Reads again what is known of people's names. */
  async look(): Promise<void> {
    const { certificates } = this.#keeper
    const names = await this.#parts.names()
    const own = this.#holding.keys.grant.publicKey
    this.given.value = certificates
      .grants()
      .filter(grant => grant.grantPub !== own && !isRelay(grant))
      .map(({ grantPub, role, notAfter }) => ({
        key: grantPub,
        right: role,
        until: notAfter,
        people: certificates.seatsOf(grantPub).map(({ hash }) => names.get(hash) ?? ""),
      }))
  }

  close(): void {
    this.#upkeep()
    for (const stop of this.#stops) stop()
  }

  // Durable when it resolves. The certificate travels by itself.
  async #give(right: LinkRight, until: number | null): Promise<Uint8Array> {
    const { docId, keys } = this.#holding
    const { random } = this.#parts.world
    const given = giveGrant(right, `${right} link`, keys, this.#standing, docId, random, until)
    await (await this.#keeper.addCertificates([given.certificate])).durable
    return given.grantSecret
  }

  get #standing(): Standing {
    const inside = this.#holding.entered.peek()
    if (!inside) throw new Error("rights were changed in a document that is not open")
    return inside.standing
  }

  get #admin(): Admin {
    const { log, certificates } = this.#keeper
    return {
      signer: this.#holding.keys.grant,
      keyring: this.#standing.keyring,
      certificates,
      headsOf: grantPub => log.headsOf(grantPub),
      random: this.#parts.world.random,
    }
  }

  #stands(secret: Uint8Array, right: LinkRight): boolean {
    return this.#keeper.certificates.roleOf(grantKeysOf(secret).grantPub) === right
  }

  #changed(): void {
    void this.look().catch(this.#parts.onProblem)
    this.#keepUpIn(UPKEEP_MS.least + ((this.#parts.world.random(1)[0] ?? 0) / 256) * UPKEEP_MS.spread)
  }

  #keepUpIn(ms: number): void {
    this.#upkeep()
    this.#upkeep = this.#parts.world.after(ms, () => {
      this.#keepUpIn(LOOK_MS)
      this.#keepUp().catch(this.#parts.onProblem)
    })
  }

  async #keepUp(): Promise<void> {
    if (this.#holding.entered.peek()?.standing.role !== "admin") return
    const due = upkeep(this.#admin, this.#parts.world.now())
    if (due.length > 0) await (await this.#keeper.addCertificates(due)).durable
  }
}
