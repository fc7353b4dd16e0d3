// A document that this tab carries for other tabs of its profile and does not show: its log, kept level with what they
// write through the store that all of them share, and its seat, which proves and signs for the device. Nobody reads
// it here: there is no text, and the key serves only to say to its readers what this device is.
import { signal } from "@preact/signals-core"
import { RefusedError } from "../bytes/errors"
import type { DocId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import { Keeper } from "../log/keeper"
import type { LogStore } from "../log/store"
import {
  isSameStanding,
  keysOf,
  type MemberKeys,
  type Membership,
  type Standing,
  standingOf,
} from "../people/membership"
import { keepTabs } from "../replica/siblings"
import type { Tabs } from "../storage/tabs"
import type { ShelvedDocument } from "../sync/shelf"
import { beginNewcomer } from "./newcomer"
import { type OwnPlace, seatOf } from "./seating"

export interface GuestParts {
  readonly world: World
  readonly verify: Verify
  /** What this device says of itself to those who read the document. */
  readonly place: OwnPlace
  readonly storeOf: (docId: DocId) => LogStore
  /** The tabs that share the document's log. */
  readonly tabsOf: (docId: DocId) => Tabs
  /** What this device is in a document, as it is stored now; null: nothing. */
  readonly membership: (docId: DocId) => Promise<Membership | null>
  readonly onProblem: (error: unknown) => void
}

/** What is done for documents that this tab does not show is done with what lies in the store. */
export function guestParts(
  parts: Pick<GuestParts, "world" | "verify" | "storeOf" | "tabsOf" | "place">,
  library: { membershipElsewhere: GuestParts["membership"] },
): GuestParts {
  const membership = (docId: DocId) => library.membershipElsewhere(docId)
  const onProblem = (error: unknown) => console.info("Sheaf: a document of another window:", error)
  const { world, verify, storeOf, tabsOf, place } = parts
  return { world, verify, storeOf, tabsOf, place, membership, onProblem }
}

export class Guest {
  readonly shelved: ShelvedDocument
  readonly #membership: Membership
  readonly #keys: MemberKeys
  readonly #parts: GuestParts
  readonly #store: LogStore
  readonly #standing = signal<Standing | null>(null)
  #keeper: Keeper | null = null
  #stopTabs: Stop = () => undefined
  #founding: Promise<Keeper> | null = null
  #closed = false

  private constructor(membership: Membership, parts: GuestParts) {
    this.#membership = membership
    this.#keys = keysOf(membership)
    this.#parts = parts
    this.#store = parts.storeOf(membership.docId)
    this.shelved = this.#shelve()
  }

  /** Opens what is stored of a document; null if this device is nobody in it. Rejects with StorageError. */
  static async open(docId: DocId, parts: GuestParts): Promise<Guest | null> {
    const membership = await parts.membership(docId)
    if (!membership) return null
    const guest = new Guest(membership, parts)
    await guest.look()
    return guest
  }

  /** Takes up a document that another tab has begun meanwhile. True if it is here only now. */
  async look(): Promise<boolean> {
    if (this.#keeper || this.#closed) return false
    const keeper = await Keeper.open(this.#store, this.#parts.verify)
    return keeper !== null && this.#take(keeper)
  }

  /** Lets go of the log, once nobody has it on a link. */
  close(): void {
    this.#closed = true
    this.#stopTabs()
    this.#keeper?.close().catch(this.#parts.onProblem)
  }

  #shelve(): ShelvedDocument {
    const guest = this
    const { world, place } = this.#parts
    return {
      docId: this.#membership.docId,
      get keeper() {
        return guest.#keeper
      },
      seat: seatOf(this.#membership, this.#keys, place, this.#standing, world.random),
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
    if (this.#keeper) return this.#keeper
    const keeper = await beginNewcomer(
      certificates,
      this.#membership,
      this.#keys,
      this.#store,
      this.#parts.verify,
    )
    if (typeof keeper === "string")
      throw new RefusedError("no-right", `the link opens nothing here: ${keeper}`)
    this.#take(keeper)
    return this.#keeper ?? keeper
  }

  #take(keeper: Keeper): boolean {
    if (this.#keeper || this.#closed) return false
    this.#keeper = keeper
    const tabs = this.#parts.tabsOf(this.#membership.docId)
    const { onProblem } = this.#parts
    const stop = keepTabs({ tabs, keeper, missedSome: true, onFlushAsked: () => undefined, onProblem })
    const stopCertificates = keeper.onCertificates(() => this.#stand(keeper))
    this.#stand(keeper)
    this.#stopTabs = () => {
      stop()
      stopCertificates()
      tabs.close()
    }
    return true
  }

  #stand(keeper: Keeper): void {
    const standing = standingOf(this.#membership, this.#keys, keeper.certificates)
    const before = this.#standing.peek()
    const now = typeof standing === "string" ? null : standing
    if (now === null || before === null || !isSameStanding(before, now)) this.#standing.value = now
  }
}
