// Documents in .sheaf files: what this device holds is written into one, and what one brings is taken in and told in
// facts that a person can check. What is in a file is links/bundle.ts; whether it is believed is for the keeper.
import { computed, type ReadonlySignal } from "@preact/signals-core"
import { FormatError, NewerVersionError } from "../bytes/errors"
import { type DocId, parseDocId } from "../bytes/ids"
import type { World } from "../bytes/world"
import { isSealed, type Packed, pack, readBundle, writeBundle } from "../links/bundle"
import { type Opened, type TakenIn, takeIn } from "../links/intake"
import { WrongPassphraseError } from "../links/sealed-file"
import type { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import { keysOf, type Membership, type Standing, standingOf } from "../people/membership"
import { decodeTakenAlong, encodeTakenAlong, type TakenAlong } from "../people/taken-along"
import { ROLES } from "../records/roles"
import type { ShelvedDocument } from "../sync/shelf"
import { rightOf } from "./company"
import { Guest, type GuestParts } from "./guest"
import { keptRows, type Library } from "./library"
import type { FiledDocument, FileOutcome, Files, LocalFile } from "./model"
import { problemOf } from "./problems"
import { fileNameOf } from "./summary"

export interface FilesParts {
  readonly world: World
  readonly library: Library
  readonly guests: GuestParts
  /** A document that this tab shows, with its own log: what comes in shows at once. Null: it shows another one. */
  readonly here: (docId: DocId) => ShelvedDocument | null
  /** Resolves when all that was typed in this tab is in its log. Rejects with StorageError. */
  readonly flush: () => Promise<void>
  /** The list of documents has changed: other windows show it too. */
  readonly onListed: () => void
  /** Hands a file to the person. */
  readonly save: (name: string, pieces: AsyncIterable<Uint8Array>) => Promise<void>
}

const EXTENSION = "sheaf"

/** The files of the app. */
export function createFiles(parts: FilesParts): Files {
  return new DocumentFiles(parts)
}

class DocumentFiles implements Files {
  readonly amount: ReadonlySignal<number>
  readonly #parts: FilesParts

  constructor(parts: FilesParts) {
    this.#parts = parts
    this.amount = computed(() => keptRows(parts.library.rows.value).length)
  }

  async save(id: string): Promise<void> {
    const title = this.#parts.library.row(id)?.title ?? ""
    await this.#write([parseDocId(id)], fileNameOf(title), null)
  }

  async takeEverything(passphrase: string | null): Promise<void> {
    const ids = keptRows(this.#parts.library.rows.peek()).map(row => parseDocId(row.id))
    const day = new Date(this.#parts.world.now()).toISOString().slice(0, 10)
    await this.#write(ids, `Sheaf ${day}`, passphrase)
  }

  async open(file: LocalFile, passphrase: string | null): Promise<FileOutcome> {
    try {
      if (passphrase === null && (await isSealed(file.pieces()))) return { outcome: "needs-passphrase" }
      const { documents, broke } = await takeIn(readBundle(file.pieces(), passphrase), (docId, keys) =>
        this.#find(docId, keys),
      )
      this.#parts.onListed()
      if (broke && documents.length === 0)
        return { outcome: broke instanceof NewerVersionError ? "newer-version" : "no-such-file" }
      return { outcome: "taken-in", whole: broke === null, documents: await this.#tell(documents) }
    } catch (error) {
      if (error instanceof WrongPassphraseError) return { outcome: "wrong-passphrase" }
      if (error instanceof NewerVersionError) return { outcome: "newer-version" }
      if (error instanceof FormatError) return { outcome: "no-such-file" }
      if (error instanceof StorageError) return { outcome: "storage", problem: problemOf(error) }
      // The stick was pulled out, or the browser may not read it any more.
      if (error instanceof DOMException) return { outcome: "no-such-file" }
      throw error
    }
  }

  async #write(ids: readonly DocId[], name: string, passphrase: string | null): Promise<void> {
    await this.#parts.flush()
    const documents = this.#packed(ids, passphrase !== null)
    const pieces = writeBundle(documents, passphrase, this.#parts.world.random)
    await this.#parts.save(`${name}.${EXTENSION}`, pieces)
  }

  async *#packed(ids: readonly DocId[], withKeys: boolean): AsyncGenerator<Packed> {
    for (const docId of ids) {
      const opened = await this.#openDocument(docId)
      const keeper = opened?.shelved.keeper
      const along = withKeys ? await this.#parts.library.takenAlong(docId) : null
      if (keeper) yield pack(keeper, along && encodeTakenAlong(along))
      opened?.close()
    }
  }

  async #openDocument(docId: DocId, guests: GuestParts = this.#parts.guests): Promise<Opened | null> {
    const shelved = this.#parts.here(docId)
    if (shelved) return { shelved, close: () => undefined }
    const guest = await Guest.open(docId, guests)
    return guest && { shelved: guest.shelved, close: () => guest.close() }
  }

  async #find(docId: DocId, keys: Uint8Array | null): Promise<Opened | null> {
    const { library } = this.#parts
    const along = keys && decodeTakenAlong(keys)
    if (along && along.membership.docId !== docId)
      throw new FormatError("expected keys of the document that follows them")
    const known = await library.membership(docId)
    if (!along) return known && this.#openDocument(docId)
    const seatSeed = this.#parts.world.random(32)
    const membership: Membership = { ...along.membership, seatSeed }
    if (!known) return this.#begin(along, membership)
    const opened = await this.#openDocument(docId)
    const keeper = opened?.shelved.keeper
    const standing = keeper && standingIn(keeper, membership)
    const now = keeper && standingIn(keeper, known)
    // Whoever has only read here, and can do more on another device, can do more here from the next opening on.
    if (standing && (!now || ROLES.indexOf(standing.role) > ROLES.indexOf(now.role)))
      await library.adopt(along, membership, rightOf(standing.role))
    return opened
  }

  // Keys that open nothing are not kept: the certificates that follow have to bear them out first.
  async #begin(along: TakenAlong, membership: Membership): Promise<Opened | null> {
    const { guests, library } = this.#parts
    const opened = await this.#openDocument(membership.docId, {
      ...guests,
      membership: async () => membership,
    })
    if (!opened) return null
    const { shelved } = opened
    const adopt = async (keeper: Keeper) => {
      const standing = standingIn(keeper, membership)
      if (standing) await library.adopt(along, membership, rightOf(standing.role))
    }
    if (shelved.keeper) await adopt(shelved.keeper)
    return {
      close: () => opened.close(),
      shelved: {
        docId: shelved.docId,
        seat: shelved.seat,
        get keeper() {
          return shelved.keeper
        },
        async found(certificates, by) {
          const keeper = await shelved.found(certificates, by)
          await adopt(keeper)
          return keeper
        },
      },
    }
  }

  #tell(documents: readonly TakenIn[]): Promise<FiledDocument[]> {
    const { library } = this.#parts
    return Promise.all(
      documents.map(async ({ docId, as, edits }) => {
        const [names, membership] = [await library.names(docId), await library.membership(docId)]
        const ownGrant = membership && keysOf(membership).grant.publicKey
        const writers = new Map<string, FiledDocument["edits"][number]>()
        for (const [seat, { grantPub, count }] of edits) {
          const own = grantPub === ownGrant
          const name = own ? null : (names.get(seat) ?? null)
          const who = JSON.stringify([own, name])
          writers.set(who, { own, name, count: count + (writers.get(who)?.count ?? 0) })
        }
        return { id: docId, title: library.row(docId)?.title ?? "", as, edits: [...writers.values()] }
      }),
    )
  }
}

/** What a membership is worth in a document that is here; null: nothing. */
function standingIn(keeper: Keeper, membership: Membership): Standing | null {
  const standing = standingOf(membership, keysOf(membership), keeper.certificates)
  return typeof standing === "string" ? null : standing
}
