// The documents of others that this device keeps sealed (protocol §2, role host): it checks them, signs for them and
// hands them to whoever has a right, and never reads one. They are in no list of documents; here is the list of them.
import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core"
import type { DocId } from "../bytes/ids"
import type { World } from "../bytes/world"
import type { Keys } from "../storage/keys"
import type { ArrangerParts } from "./arranging"
import type { Recent } from "./carriages"
import { type Library, settingsOf } from "./library"

/** A document of others that this device keeps sealed. */
export interface KeptCopy {
  readonly id: string
  /** For whom, as this person calls them; empty: not said. */
  readonly name: string
  /** Wall clock ms. */
  readonly since: number
}

export interface Keeping {
  readonly copies: ReadonlySignal<readonly KeptCopy[]>
  name(id: string, name: string): Promise<void>
  /** Takes the copy off this device. */
  stop(id: string): Promise<void>
}

export interface SealedCopiesParts {
  readonly library: Library
  readonly settings: Keys["settings"]
  readonly world: World
  /** Takes a document off this device. Rejects with StorageError. */
  readonly erase: ArrangerParts["erase"]
  /** Told when something else is to be carried. */
  readonly network: { changed(): void }
  /** Other windows are to show the same. */
  readonly onListed: () => void
}

interface Stored extends Omit<KeptCopy, "id"> {
  readonly docId: DocId
}

const KEPT = "kept-sealed"
const NAME_LENGTH_MAX = 80

export class SealedCopies implements Keeping {
  readonly copies: Signal<readonly KeptCopy[]> = signal([])
  readonly #parts: SealedCopiesParts

  constructor(parts: SealedCopiesParts) {
    this.#parts = parts
  }

  /** Reads the list. Rejects with StorageError, as everything here does. */
  async load(): Promise<void> {
    this.copies.value = (await this.#stored()).map(({ docId, ...copy }) => ({ id: docId, ...copy }))
  }

  has(id: string): boolean {
    return this.copies.peek().some(copy => copy.id === id)
  }

  /** A document that was begun by a host's link is kept from now on. */
  async take(docId: DocId): Promise<void> {
    const others = (await this.#stored()).filter(each => each.docId !== docId)
    await this.#keep([...others, { docId, name: "", since: this.#parts.world.now() }])
    await this.#parts.library.unlist(docId)
  }

  /** It is a document of one's own from now on: a link with more in it was followed. */
  async release(docId: DocId): Promise<void> {
    if (this.has(docId)) await this.#keep((await this.#stored()).filter(each => each.docId !== docId))
  }

  /** Remembers for whom it is kept; only this device knows. */
  async name(id: string, name: string): Promise<void> {
    const cut = name.trim().slice(0, NAME_LENGTH_MAX)
    await this.#keep((await this.#stored()).map(each => (each.docId === id ? { ...each, name: cut } : each)))
  }

  /** Takes the copy off this device. */
  async stop(id: string): Promise<void> {
    const kept = await this.#stored()
    const found = kept.find(({ docId }) => docId === id)
    if (!found) return
    await this.#keep(kept.filter(each => each !== found))
    await this.#parts.erase(found.docId, settingsOf(found.docId))
  }

  /** To be carried as long as the app is open. */
  async carried(): Promise<readonly Recent[]> {
    const { library } = this.#parts
    const kept = await this.#stored()
    return Promise.all(
      kept.map(async ({ docId }) => ({ docId, relays: (await library.holding(docId)).relays })),
    )
  }

  async #stored(): Promise<readonly Stored[]> {
    return ((await this.#parts.settings.get(KEPT)) as readonly Stored[] | null) ?? []
  }

  async #keep(kept: readonly Stored[]): Promise<void> {
    await this.#parts.settings.put(KEPT, kept)
    await this.load()
    this.#parts.onListed()
    this.#parts.network.changed()
  }
}
