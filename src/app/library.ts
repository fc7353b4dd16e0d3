// The documents of this device: what gives access to each, the list of them, and what a restart must remember. It
// makes new ones and accepts links; it opens none.
import { type Signal, signal } from "@preact/signals-core"
import { FormatError } from "../bytes/errors"
import { type CertificateHash, type DocId, type PublicKey, parseDocId } from "../bytes/ids"
import type { World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import { Keeper } from "../log/keeper"
import type { LogStore } from "../log/store"
import { drawSecrets, foundDocument } from "../people/founding"
import type { ShareLink } from "../people/link"
import { type Membership, readMembership } from "../people/membership"
import type { TakenAlong } from "../people/taken-along"
import type { Keys, LibraryRow } from "../storage/keys"
import type { Recent } from "./carriages"
import { type DocumentRow, LINK_RIGHTS, type LinkRight, RIGHTS, type Right, TARGET } from "./model"
import { mergeReceipts, type StoredReceipts } from "./receipts"

/** What is remembered of a holding between two starts. */
export interface StoredHolding {
  readonly relays: readonly string[]
  readonly receipts: StoredReceipts
  /** The receipts themselves, to be passed on (log/ledger.ts); null: none. */
  readonly ledger: Uint8Array | null
}

/** A document in the words of its row. */
export interface Summary {
  readonly title: string
  readonly snippet: string
  readonly right: Right
  readonly shared: boolean
  readonly places: number
}

export interface LibraryParts {
  readonly world: World
  readonly verify: Verify
  readonly keys: Keys
  readonly storeOf: (docId: DocId) => LogStore
  /** The origin that an empty relay hint stands for. */
  readonly origin: string
}

/** What a person decides about a row, and no document says. */
export type Arrangement = Pick<LibraryRow, "pinned" | "folder" | "trashedAt" | "target">

const OPENED_LAST = "opened-last"
/** So many openings are remembered. */
const OPENED_MAX = 12
/** So many shared documents stay on the links when they are put away: each has a lobby of its own. */
const RECENT_MAX = 3

export class Library {
  readonly rows: Signal<readonly DocumentRow[]> = signal([])
  readonly #parts: LibraryParts
  readonly #pins = new Map<string, PublicKey>()
  readonly #namesSaid = new Set<string>()

  constructor(parts: LibraryParts) {
    this.#parts = parts
  }

  /** Reads the list. Rejects with StorageError, as everything here does. */
  async load(): Promise<void> {
    const { keys } = this.#parts
    const [rows] = await Promise.all([keys.library.all(), this.#loadPins()])
    this.rows.value = sorted(rows.map(({ name, value }) => rowOf(name, value)))
  }

  row(id: string): DocumentRow | null {
    return this.rows.peek().find(row => row.id === id) ?? null
  }

  /** What this device is in a document; null: nothing. */
  async membership(id: string): Promise<Membership | null> {
    try {
      const stored = await this.#parts.keys.access.get(parseDocId(id))
      return stored === null ? null : readMembership(stored)
    } catch (error) {
      if (error instanceof FormatError) return null // an address that names nothing
      throw error
    }
  }

  /** The same for a document that another tab has open: with the relays' keys that its link may have brought. */
  async membershipElsewhere(id: DocId): Promise<Membership | null> {
    await this.#loadPins()
    return this.membership(id)
  }

  /** A document to begin writing in: one of one's own that is still blank, so that asking again makes no second. */
  async fresh(): Promise<Membership> {
    for (const { name, value } of await this.#parts.keys.access.all()) {
      if (this.row(name)) continue
      const membership = readMembership(value)
      if (membership.rootSeed) return membership
    }
    return this.#found()
  }

  /** Makes this device a member by a link, unless it can do as much already. `isKept`: it keeps it sealed, so far. */
  async accept(link: ShareLink, isKept: boolean): Promise<Membership> {
    const { world, keys, origin } = this.#parts
    const { docId, grantSecret, epochPrefix, grantCertificate } = link
    const before = await this.membership(docId)
    const row = this.row(docId)
    if (before && row?.right !== "view" && !isKept) return before
    const seatSeed = world.random(32)
    const membership = { docId, grantSecret, seatSeed, rootSeed: null, epochPrefix, grantCertificate }
    const hinted = link.relays.map(hint => hint.origin || origin)
    for (const hint of link.relays) this.pin(hint.origin || origin, hint.key)
    const stored = await this.holding(docId)
    const relays = [...new Set([...(hinted.length > 0 ? hinted : [origin]), ...stored.relays])]
    await keys.settings.put(holdingKey(docId), { ...stored, relays })
    await keys.access.put(docId, membership)
    if (!row) await this.list(docId, { title: "", snippet: "", right: "view", shared: true, places: 0 })
    return membership
  }

  /** Makes this device a member by what was taken along from another one of this person's. */
  async adopt({ relays, row }: TakenAlong, membership: Membership, right: Right): Promise<void> {
    const { keys } = this.#parts
    const { docId } = membership
    await this.rememberHolding(docId, { relays, receipts: [], ledger: null })
    await keys.access.put(docId, membership)
    const { pinned, folder, trashedAt, target } = this.row(docId) ?? UNARRANGED
    const shared = relays.length > 0
    await this.keep(docId, { ...row, shared, places: 1, right, pinned, folder, trashedAt, target })
  }

  /** What another device of this person's needs to open a document; null: this device is nobody in it. */
  async takenAlong(id: DocId): Promise<TakenAlong | null> {
    const membership = await this.membership(id)
    const row = this.row(id)
    if (!membership || !row) return null
    const { relays } = await this.holding(id)
    return { membership, relays, row }
  }

  /** The names that people in a document gave themselves, by their seats. */
  async names(id: DocId): Promise<ReadonlyMap<CertificateHash, string>> {
    const stored = await this.#parts.keys.settings.get(namesKey(id))
    return stored instanceof Map ? stored : new Map()
  }

  async rememberName(id: DocId, seat: CertificateHash, name: string): Promise<void> {
    // Presence says it many times a minute.
    const said = `${id} ${seat} ${name}`
    if (this.#namesSaid.has(said)) return
    this.#namesSaid.add(said)
    await this.#parts.keys.settings.put(namesKey(id), new Map(await this.names(id)).set(seat, name))
  }

  /** Shows a document in the list as it is now. Its time changes only with its words. */
  async list(id: DocId, summary: Summary): Promise<void> {
    const before = this.row(id)
    const same = before?.title === summary.title && before.snippet === summary.snippet
    const { pinned, folder, trashedAt, target } = before ?? UNARRANGED
    const editedAt = same ? before.editedAt : this.#parts.world.now()
    await this.keep(id, { ...summary, editedAt, pinned, folder, trashedAt, target })
  }

  /** Takes a document off the list: what is here of it is kept, and is nothing to read. */
  async unlist(id: DocId): Promise<void> {
    await this.#parts.keys.library.delete(id)
    this.forget(id)
  }

  /** Takes the row of a document that is not on this device any more off the list. */
  forget(id: string): void {
    this.rows.value = this.rows.peek().filter(row => row.id !== id)
  }

  async holding(id: DocId): Promise<StoredHolding> {
    const found = (await this.#parts.keys.settings.get(holdingKey(id))) as Partial<StoredHolding> | null
    return { relays: found?.relays ?? [], receipts: found?.receipts ?? [], ledger: found?.ledger ?? null }
  }

  /** Adds to what is remembered: another tab may know of relays and receipts that this one never heard of. */
  async rememberHolding(id: DocId, { relays, receipts, ledger }: StoredHolding): Promise<void> {
    const stored = await this.holding(id)
    await this.#parts.keys.settings.put(holdingKey(id), {
      relays: [...new Set([...stored.relays, ...relays])],
      receipts: mergeReceipts(stored.receipts, receipts),
      ledger: ledger ?? stored.ledger,
    })
  }

  /** A document is opened now. */
  async rememberOpened(id: DocId): Promise<void> {
    const others = (await this.#openedLast()).filter(other => other !== id)
    await this.#parts.keys.settings.put(OPENED_LAST, [id, ...others].slice(0, OPENED_MAX))
  }

  /** The shared ones among those opened last, the last one first. What was thrown away is none of them. */
  async recent(): Promise<readonly Recent[]> {
    const opened = (await this.#openedLast()).filter(id => this.row(id)?.trashedAt === null)
    const all = await Promise.all(
      opened.map(async docId => ({ docId, relays: (await this.holding(docId)).relays })),
    )
    return all.filter(({ relays }) => relays.length > 0).slice(0, RECENT_MAX)
  }

  async #openedLast(): Promise<readonly DocId[]> {
    return ((await this.#parts.keys.settings.get(OPENED_LAST)) as readonly DocId[] | null) ?? []
  }

  /** The secret of a link that was made before for this right, so that one right has one link. */
  async given(id: DocId, right: LinkRight): Promise<Uint8Array | null> {
    const secret = await this.#parts.keys.settings.get(givenKey(id, right))
    return secret instanceof Uint8Array ? secret : null
  }

  async rememberGiven(id: DocId, right: LinkRight, secret: Uint8Array): Promise<void> {
    await this.#parts.keys.settings.put(givenKey(id, right), secret)
  }

  /** What this device showed of a document when somebody last looked at it: a Yjs snapshot. Null: it never did. */
  async seen(id: DocId): Promise<Uint8Array | null> {
    const seen = await this.#parts.keys.settings.get(seenKey(id))
    return seen instanceof Uint8Array ? seen : null
  }

  async rememberSeen(id: DocId, seen: Uint8Array): Promise<void> {
    await this.#parts.keys.settings.put(seenKey(id), seen)
  }

  /** The key that the relay at an origin has had since it was first met; null: it never was. */
  pinOf(origin: string): PublicKey | null {
    return this.#pins.get(origin) ?? null
  }

  /** Remembers a relay's key. What is pinned stays: a relay that comes with another is not the same relay. */
  async pin(origin: string, key: PublicKey): Promise<void> {
    if (this.#pins.has(origin)) return
    this.#pins.set(origin, key)
    await this.#parts.keys.pins.put(origin, key)
  }

  /** Keeps a row and shows it where it belongs. */
  async keep(id: DocId, row: LibraryRow): Promise<void> {
    const shown = rowOf(id, row)
    this.rows.value = sorted([...this.rows.peek().filter(other => other.id !== id), shown])
    const { id: _name, ...stored } = shown
    await this.#parts.keys.library.put(id, stored)
  }

  async #loadPins(): Promise<void> {
    for (const { name, value } of await this.#parts.keys.pins.all()) this.#pins.set(name, value as PublicKey)
  }

  async #found(): Promise<Membership> {
    const { world, verify, keys, storeOf } = this.#parts
    const { membership, certificates } = foundDocument(world.random, await drawSecrets(world.random))
    const keeper = await Keeper.found(storeOf(membership.docId), verify, certificates)
    await keeper.close()
    await keys.access.put(membership.docId, membership)
    return membership
  }
}

const UNARRANGED: Arrangement = { pinned: false, folder: "", trashedAt: null, target: TARGET }

function namesKey(id: DocId): string {
  return `names/${id}`
}

function holdingKey(id: DocId): string {
  return `holding/${id}`
}

function givenKey(id: DocId, right: LinkRight): string {
  return `given/${id}/${right}`
}

function seenKey(id: DocId): string {
  return `seen/${id}`
}

/** Names of the single settings that speak of one document. */
export function settingsOf(id: DocId): string[] {
  return [holdingKey(id), ...LINK_RIGHTS.map(right => givenKey(id, right)), namesKey(id), seenKey(id)]
}

function rowOf(id: string, row: LibraryRow): DocumentRow {
  const right = RIGHTS.find(each => each === row.right) ?? "view"
  return { ...row, id, right, target: row.target ?? TARGET }
}

function sorted(rows: readonly DocumentRow[]): readonly DocumentRow[] {
  return [...rows].sort((a, b) => b.editedAt - a.editedAt)
}

/** The documents that are not in the trash. */
export function keptRows(rows: readonly DocumentRow[]): readonly DocumentRow[] {
  return rows.filter(row => row.trashedAt === null)
}
