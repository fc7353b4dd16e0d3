// What this device holds of one document, and what others have signed for: the side of a document that faces the
// network. It knows the log, the certificates and the receipts, and never the text.
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core"
import { RefusedError } from "../bytes/errors"
import type { CertificateHash, DocId, PublicKey } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import type { Keeper } from "../log/keeper"
import type { LogStore } from "../log/store"
import { accessOf } from "../people/access"
import { hostGrant, isHost } from "../people/founding"
import {
  isSameStanding,
  keysOf,
  type MemberKeys,
  type Membership,
  type NoStanding,
  type Standing,
  standingOf,
} from "../people/membership"
import type { Access } from "../replica/replica"
import type { Prover, Report, ShelvedDocument } from "../sync/shelf"
import type { HoldingEvents } from "./attendance"
import type { StoredHolding } from "./library"
import type { Problem, RelayState } from "./model"
import type { Carried, Network, NetworkParts, Reach } from "./network"
import { beginNewcomer } from "./newcomer"
import { isPeer } from "./peer-names"
import { reported } from "./problems"
import { type Holder, Receipts } from "./receipts"
import { hostOf, RelayWatch } from "./relay-state"
import { type OwnPlace, seatOf } from "./seating"

export interface HoldingParts {
  readonly world: World
  readonly verify: Verify
  /** What this device says of itself to those who read the document. */
  readonly place: OwnPlace
  readonly pinOf: NetworkParts["pinOf"]
  /** What people in the document called themselves, by their seats. */
  readonly names: ReadonlyMap<CertificateHash, string>
  readonly network: Network
  readonly store: LogStore
  readonly stored: StoredHolding
  /** Keeps what a restart must remember. */
  readonly remember: (what: StoredHolding) => void
  readonly onProblem: (problem: Problem) => void
  /** A problem of that kind is over. */
  readonly onMended: (kind: Problem["kind"]) => void
}

const RECEIPTS_KEPT_AFTER_MS = 500
/** How often a right is looked at that ends. */
const DAY_MS = 24 * 60 * 60_000
/** What a person must know although only another device has said it, whose clock or bytes may be wrong. */
const OURS_TOO: readonly string[] = ["newer-protocol", "broken"]

export class Holding implements Carried {
  readonly membership: Membership
  readonly keys: MemberKeys
  readonly shelved: ShelvedDocument
  /** Null until the document's certificates are here, and they list this member. */
  readonly entered: ReadonlySignal<{ readonly keeper: Keeper; readonly standing: Standing } | null>
  /** Why the certificates that came give this member nothing. */
  readonly shut: Signal<NoStanding | null> = signal(null)
  readonly relay: ReadonlySignal<RelayState | null>
  readonly holders: Signal<readonly Holder[]> = signal([])
  /** Others use a newer Sheaf. */
  readonly outdated: Signal<boolean> = signal(false)
  /** The seats whose devices are live here straight, by the link; through a relay is not straight. */
  readonly direct: Signal<ReadonlyMap<string, PublicKey>> = signal(new Map())
  /** Somebody has said that there is nothing more to fetch, or it was here before. */
  readonly caughtUp: Signal<boolean> = signal(false)
  events: HoldingEvents | null = null
  relays: readonly string[]
  readonly names: HoldingParts["names"]
  readonly #parts: HoldingParts
  readonly #entered = signal<{ readonly keeper: Keeper; readonly standing: Standing } | null>(null)
  readonly #standing = computed(() => this.#entered.value?.standing ?? null)
  readonly #receipts: Receipts
  readonly #relay: RelayWatch
  #founding: Promise<Keeper> | null = null
  #uncarry: Stop | null = null
  #remembering: Stop | null = null
  #expiry: Stop = () => undefined
  #stops: Stop[] = []

  constructor(membership: Membership, parts: HoldingParts) {
    this.membership = membership
    this.keys = keysOf(membership)
    this.#parts = parts
    this.names = parts.names
    this.entered = this.#entered
    this.relays = parts.stored.relays
    this.#relay = new RelayWatch(this.relays[0] ?? null, parts.pinOf)
    this.relay = this.#relay.state
    this.#receipts = new Receipts(parts.stored.receipts)
    this.shelved = this.#shelve()
  }

  get docId(): DocId {
    return this.membership.docId
  }

  /** Takes up what is stored here, and goes on the network. */
  open(keeper: Keeper | null): void {
    if (keeper) this.#enter(keeper)
    this.#carry()
  }

  /** What the replica needs to read and write. Only while the document is entered. */
  get access(): Access {
    const inside = this.#entered.peek()
    if (!inside) throw new Error("access was asked for a document that is not open")
    return accessOf(this.docId, this.keys, inside.standing)
  }

  /** Uses a relay from now on, besides those in use. Nothing happens if it is in use. */
  useRelay(origin: string): void {
    if (this.relays.includes(origin)) return
    this.relays = [...this.relays, origin]
    this.#relay.use(origin)
    this.#remember()
    this.#carry()
  }

  /** The key of a relay in use, once it was met. */
  relayKey(origin: string): PublicKey | null {
    return this.#relay.keys.get(origin) ?? null
  }

  /** The address of a relay by its key; null: none that was met has it. */
  relayName(key: PublicKey): string | null {
    return this.#relay.nameOf(key)
  }

  onReach(origin: string, reach: Reach): void {
    if (isPeer(origin)) this.#directly(origin, null)
    if (origin !== this.relays[0]) return
    if (reach === "captive") this.#parts.onProblem({ kind: "captive-portal" })
    if (reach === "live") this.#parts.onMended("captive-portal")
    this.#relay.linked(origin, reach)
    this.#count()
  }

  onReport(report: Report, origin: string): void {
    switch (report.kind) {
      case "met":
        if (report.end.relayKey) this.#meet(origin, report.end.relayKey)
        return
      case "live":
        if (isPeer(origin)) this.#directly(origin, report.by.seatPub)
        this.events?.onLive()
        return
      case "caught-up":
        this.caughtUp.value = true
        return
      case "receipt":
        this.#receipts.take(report)
        this.#count()
        this.#remember()
        return
      case "withheld":
        this.#withheld(report.by, origin)
        return
      case "presence":
        this.events?.onPresence(report.bytes, origin)
        return
      case "refused":
        // What one other device does not take says nothing about the document.
        if (isPeer(origin) || report.by !== "them" || this.#isOut) return
        this.#relay.linked(origin, "refused")
        this.#parts.onProblem({ kind: "relay-refused", reason: report.reason })
        return
      case "problem":
        if (report.problem === "newer-protocol") this.outdated.value = true
        if (!isPeer(origin) || OURS_TOO.includes(report.problem)) this.#tell(report, origin)
        return
      default:
        report satisfies never
    }
  }

  close(): void {
    this.#uncarry?.()
    for (const stop of this.#stops.splice(0)) stop()
    this.#remembering?.()
    this.#expiry()
    this.#rememberNow()
  }

  #shelve(): ShelvedDocument {
    const holding = this
    const { membership, keys } = this
    return {
      docId: membership.docId,
      get keeper() {
        return holding.#entered.peek()?.keeper ?? null
      },
      seat: seatOf(membership, keys, this.#parts.place, this.#standing, this.#parts.world.random),
      found: certificates => {
        this.#founding ??= this.#found(certificates).catch(error => {
          this.#founding = null
          throw error
        })
        return this.#founding
      },
    }
  }

  async #found(certificates: readonly Uint8Array[]): Promise<Keeper> {
    const { verify, store } = this.#parts
    const keeper = await beginNewcomer(certificates, this.membership, this.keys, store, verify)
    if (typeof keeper === "string") {
      this.shut.value = keeper
      throw new RefusedError("no-right", `the link opens nothing here: ${keeper}`)
    }
    this.#enter(keeper)
    if (this.shut.peek() === null) return keeper
    await keeper.close()
    throw new RefusedError("no-right", "it is kept sealed, by another part of this device")
  }

  #enter(keeper: Keeper): void {
    const standing = this.#standingIn(keeper)
    if (typeof standing === "string") {
      this.shut.value = standing
      return
    }
    this.shut.value = null
    // A founder, and who had something of it before, need not wait for anybody.
    if (this.membership.rootSeed || keeper.log.vector().length > 0) this.caughtUp.value = true
    this.#stops.push(
      keeper.onAppend(() => this.#count()),
      keeper.onCertificates(() => this.#standAnew(keeper)),
    )
    const { ledger } = this.#parts.stored
    if (ledger) keeper.receipts.restore(ledger)
    this.#entered.value = { keeper, standing }
    this.#count()
    for (const [origin, key] of this.#relay.keys) this.#meet(origin, key)
    this.#parts.network.changed()
  }

  // A right that has run out by this device's clock is none: nobody takes its proof any more.
  #standingIn(keeper: Keeper): Standing | NoStanding {
    const { now, after } = this.#parts.world
    const standing = standingOf(this.membership, this.keys, keeper.certificates)
    const until = keeper.certificates.grant(this.keys.grant.publicKey)?.notAfter ?? null
    this.#expiry()
    if (typeof standing === "string" || until === null) return standing
    if (until < now()) return { ...standing, role: "view", isRemoved: true }
    this.#expiry = after(Math.min(until - now() + 1, DAY_MS), () => this.#standAnew(keeper))
    return standing
  }

  // What is nothing at all now was something before: what could be read until then stays readable.
  #standAnew(keeper: Keeper): void {
    const before = this.#entered.peek()?.standing
    const standing = this.#standingIn(keeper)
    if (!before || typeof standing === "string" || isSameStanding(before, standing)) return
    this.#entered.value = { keeper, standing }
  }

  // Only an admin can list a relay as a host, and only then do its receipts count (protocol §6).
  #meet(origin: string, key: PublicKey): void {
    this.#relay.keys.set(origin, key)
    const inside = this.#entered.peek()
    if (inside?.standing.role !== "admin" || isHost(inside.keeper.certificates, key)) return
    inside.keeper
      .addCertificates([hostGrant(key, this.keys, inside.standing, this.docId, this.#parts.world.random)])
      .catch(this.#storageFailed)
  }

  readonly #storageFailed = (): void => this.#parts.onProblem({ kind: "disk-full" })

  #carry(): void {
    this.#uncarry?.()
    this.#uncarry = this.relays.length > 0 ? this.#parts.network.carry(this) : null
  }

  #count(): void {
    const keeper = this.#entered.peek()?.keeper
    if (!keeper) return
    const own = this.keys.seat.publicKey
    this.holders.value = this.#receipts.holders(keeper.log.vector()).filter(holder => holder.seatPub !== own)
    this.#relay.signed(this.holders.peek())
  }

  /** What a place has signed for until now does not count any more: nobody waits for it. */
  forget(seatPub: PublicKey): void {
    this.#receipts.forget(seatPub)
    this.#count()
    this.#remember()
  }

  // A place that does not have what it signed for is none of the places that keep everything.
  #withheld({ seatPub }: Prover, origin: string): void {
    this.forget(seatPub)
    if (!isPeer(origin)) this.#parts.onProblem({ kind: "copy-missing", from: hostOf(origin) })
  }

  /** That others refuse one then is no fault of theirs. */
  get #isOut(): boolean {
    return this.shut.peek() !== null || (this.#entered.peek()?.standing.isRemoved ?? false)
  }

  #directly(link: string, seat: PublicKey | null): void {
    const direct = new Map(this.direct.peek())
    if (seat) direct.set(link, seat)
    else direct.delete(link)
    this.direct.value = direct
  }

  #tell(report: Extract<Report, { kind: "problem" }>, origin: string): void {
    const problem = reported(report, hostOf(origin))
    if (problem) this.#parts.onProblem(problem)
  }

  #remember(): void {
    this.#remembering ??= this.#parts.world.after(RECEIPTS_KEPT_AFTER_MS, () => {
      this.#remembering = null
      this.#rememberNow()
    })
  }

  #rememberNow(): void {
    const ledger = this.#entered.peek()?.keeper.receipts.store() ?? null
    this.#parts.remember({ relays: this.relays, receipts: this.#receipts.store(), ledger })
  }
}
