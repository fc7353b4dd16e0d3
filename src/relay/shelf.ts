// What one end finds at the relay: any document it names, if there is room and a right to bring it (protocol §7). It
// decides who may bring what; that what is brought is genuine is for the log to check, and what it says is for
// nobody here to know.
import { RefusedError } from "../bytes/errors"
import type { DocId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import type { RefusedItem } from "../log/refusal"
import { StorageError } from "../log/store"
import type { Prover, Seat, Shelf, ShelvedDocument } from "../sync/shelf"
import type { Documents, OpenDocument } from "./documents"
import { type Journal, shortened } from "./journal"
import { type Quotas, quotaUsedUp } from "./quota"
import type { Limits } from "./settings"
import type { Signer } from "./signer"
import type { Store } from "./store"

/** What all shelves of a relay share. */
export interface ShelfParts {
  readonly signer: Signer
  readonly store: Store
  readonly documents: Documents
  readonly quotas: Quotas
  readonly limits: Limits
  readonly journal: Journal
}

export class RelayShelf implements Shelf {
  readonly #parts: ShelfParts
  readonly #address: string
  readonly #onRelease: (docId: DocId) => void
  readonly #held = new Set<OpenDocument>()
  #emptied = false

  /** `onRelease`: the end has no more to do with a document. */
  constructor(parts: ShelfParts, address: string, onRelease: (docId: DocId) => void) {
    this.#parts = parts
    this.#address = address
    this.#onRelease = onRelease
  }

  /** A relay offers nothing by itself: it is asked. */
  documents(): readonly ShelvedDocument[] {
    return []
  }

  /** Somebody else may bring what this end has asked for. */
  onChange(f: () => void): Stop {
    return this.#parts.documents.onFounded(docId => {
      if ([...this.#held].some(document => document.docId === docId)) f()
    })
  }

  readonly look = async (docId: DocId): Promise<ShelvedDocument | RefusedItem> => {
    let document: OpenDocument
    try {
      document = await this.#parts.documents.open(docId)
    } catch (failure) {
      if (!(failure instanceof StorageError)) throw failure
      this.#parts.journal.error(
        { document: shortened(docId), reason: failure.reason },
        "a document cannot be read",
      )
      return { reason: "closed", message: `closed: the relay's disk: ${failure.reason}` }
    }
    const refused = document.keeper ? null : this.#noRoom()
    if (refused || this.#emptied) {
      document.release()
      return refused ?? { reason: "closed", message: "closed: the link is gone" }
    }
    this.#held.add(document)
    return this.#shelved(document)
  }

  /** Gives everything back: the end is gone. */
  empty(): void {
    this.#emptied = true
    for (const document of [...this.#held]) this.#giveBack(document)
  }

  #shelved(document: OpenDocument): ShelvedDocument {
    return {
      docId: document.docId,
      get keeper() {
        return document.keeper
      },
      seat: this.#seat(document.docId),
      found: (certificates, by) => this.#found(document, certificates, by),
      release: () => this.#giveBack(document),
    }
  }

  /** Who may bring a document that is not here: whoever may add to it, and whoever holds it for others. */
  async #found(
    document: OpenDocument,
    certificates: readonly Uint8Array[],
    by: Prover | null,
  ): Promise<Keeper> {
    const { quotas, journal } = this.#parts
    if (!by)
      throw new RefusedError("bad-proof", "a document is taken only from those who prove a grant in it")
    if (await document.begun()) return document.found(certificates)
    if (by.role === "view")
      throw new RefusedError("no-right", "a viewer may fetch a document here, but not bring a new one")
    const refused = this.#noRoom() ?? quotas.bring(this.#address)
    if (refused) throw refused
    const keeper = await document.found(certificates)
    journal.info({ document: shortened(document.docId) }, "a document was brought")
    return keeper
  }

  // The relay's key is its grant and its seat at once: one key, one place.
  #seat(docId: DocId): Seat {
    const { signer } = this.#parts
    return {
      seatPub: signer.publicKey,
      certificate: signer.seatCertificate(docId),
      grantCertificate: null,
      sign: (kind, bytes) => signer.sign(kind, bytes),
    }
  }

  #noRoom(): RefusedError | null {
    const { storedBytes } = this.#parts.store
    return quotaUsedUp({ grantBytes: 0, documentBytes: 0, storeBytes: storedBytes }, this.#parts.limits)
  }

  #giveBack(document: OpenDocument): void {
    if (!this.#held.delete(document)) return
    document.release()
    this.#onRelease(document.docId)
  }
}
