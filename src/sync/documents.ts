// The documents of a shelf as one exchange deals with them: performs what its conversation asks for against keepers,
// seats and the shelf, and feeds the results back. What becomes new in a keeper, from whatever source, is told to
// the conversation here.
import type { DocId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import type { Keeper, Source } from "../log/keeper"
import { type RefusedItem, refusalOf } from "../log/refusal"
import { StorageError } from "../log/store"
import { decodeGenesis } from "../records/genesis"
import { Bookkeeping } from "./bookkeeping"
import type { Supplied } from "./catch-up"
import type { Conversation, Offerable } from "./conversation"
import type { Effect } from "./effects"
import type { Following, Notary } from "./notary"
import { checkProof } from "./proving"
import type { Report, Shelf, ShelvedDocument } from "./shelf"
import type { Slot } from "./slot"
import { PIECE_WRONG, RECEIPT_WRONG } from "./suspicion"

/** What may have been taken in and not be on the disk yet. */
const UNSTORED_BYTES_MAX = 16 * 1024 * 1024

type Of<Name extends Effect["do"]> = Extract<Effect, { readonly do: Name }>
export type InTurn = Exclude<
  Effect,
  Of<"send" | "report" | "close" | "read" | "read-pieces" | "take-piece" | "sign-receipt">
>

/** What this file needs of the exchange that it is part of. */
export interface Host {
  perform(effects: readonly Effect[]): void
  /** Whether the link has room for what is new. */
  mayPush(): boolean
  /** Resolves when the link has room, or is closed. */
  room(): Promise<void>
  /** Something failed that never should. */
  failed(error: unknown): void
}

export interface DocumentsOptions {
  readonly name: Source
  readonly world: World
  readonly verify: Verify
  readonly notary: Notary
  readonly report: (report: Report) => void
}

interface Attached {
  readonly shelved: ShelvedDocument
  /** A relay's: asked for by name, it stays although the shelf does not offer it. */
  readonly looked: boolean
  following: Following | null
  books: Bookkeeping | null
  stops: readonly Stop[]
}

export class Documents {
  readonly #shelf: Shelf
  readonly #conversation: Conversation
  readonly #options: DocumentsOptions
  readonly #host: Host
  readonly #attached = new Map<DocId, Attached>()
  readonly #stopShelf: Stop
  #unstoredBytes = 0
  #lastDurable: Promise<void> = Promise.resolve()

  constructor(shelf: Shelf, conversation: Conversation, options: DocumentsOptions, host: Host) {
    this.#shelf = shelf
    this.#conversation = conversation
    this.#options = options
    this.#host = host
    this.#stopShelf = shelf.onChange(() => this.#shelfChanged())
  }

  /** Resolves at once, unless so much waits for the disk that no more should be taken in. */
  async notTooFarAhead(): Promise<void> {
    if (this.#unstoredBytes > UNSTORED_BYTES_MAX) await this.#lastDurable
  }

  /** Time has passed: what was let go is offered again, and a document that was begun elsewhere is taken up. */
  tick(): void {
    if (this.#conversation.far) this.#shelfChanged()
  }

  close(): void {
    this.#stopShelf()
    for (const docId of [...this.#attached.keys()]) this.#detach(docId)
  }

  async perform(effect: InTurn): Promise<void> {
    switch (effect.do) {
      case "offer":
        this.#offer()
        return
      case "look":
        return this.#look(effect)
      case "sign-proof":
        return this.#signProof(effect)
      case "check-proof":
        return this.#checkProof(effect)
      case "found":
        return this.#found(effect)
      case "take-certificates":
        return this.#takeCertificates(effect)
      case "accept":
        return this.#accept(effect)
      case "check-receipt":
        return this.#checkReceipt(effect)
      case "compare-receipts":
        this.#attached.get(effect.docId)?.books?.said(effect, this.#conversation.far?.since ?? 0)
        return
      case "forget":
        this.#detach(effect.docId)
        return
      default:
        effect satisfies never
    }
  }

  /** Reads what the other end wants, as much as fits, once there is room to send it. */
  async read({ docId, ranges, bytesMax }: Of<"read">): Promise<void> {
    await this.#host.room()
    const keeper = this.#keeper(docId)
    const supplied: Supplied[] = []
    let left = bytesMax
    for (const range of keeper ? ranges : []) {
      if (!keeper || left <= 0) break
      const envelopes = await this.#orStorageRefused(docId, () => keeper.read(range, left), [])
      supplied.push({ range, envelopes })
      left -= envelopes.reduce((sum, bytes) => sum + bytes.length, 0)
    }
    this.#about(docId, slot => slot.supply(supplied))
  }

  /** Reads pieces of blobs one after the other, each once there is room to send it: what is live goes before. */
  async readPieces({ docId, pieces }: Of<"read-pieces">): Promise<void> {
    for (const piece of pieces) {
      await this.#host.room()
      const { blobId, index } = piece
      const read = async () => (await this.#keeper(docId)?.blobs.read(blobId, index)) ?? NOTHING
      const bytes = await this.#orStorageRefused(docId, read, NOTHING)
      this.#about(docId, slot => slot.blobs?.supply(piece, bytes))
    }
  }

  async takePiece({ docId, piece, bytes }: Of<"take-piece">): Promise<void> {
    const blobs = this.#keeper(docId)?.blobs
    const take = async () => blobs?.take(piece.blobId, piece.index, bytes) ?? "known"
    try {
      const taken = await this.#orStorageRefused(docId, take, "known")
      if (taken === "wrong") this.#about(docId, slot => slot.hostile(PIECE_WRONG))
    } catch (error) {
      const { reason, message } = refusalOf(error)
      this.#about(docId, slot => slot.failed(reason, message))
    }
    this.#about(docId, slot => slot.blobs?.taken(piece))
  }

  async signReceipt({ docId }: Of<"sign-receipt">): Promise<void> {
    const receipt = await this.#attached.get(docId)?.following?.whole()
    if (receipt) this.#about(docId, slot => slot.receipt(receipt))
    this.#attached.get(docId)?.books?.tellAll()
  }

  #offer(): void {
    const { far } = this.#conversation
    if (!far) return
    const documents = this.#shelf.documents(far)
    const names = new Set(documents.map(shelved => shelved.docId))
    for (const [docId, { looked }] of this.#attached) {
      if (looked || names.has(docId)) continue
      this.#detach(docId)
      this.#host.perform(this.#conversation.withdraw(docId))
    }
    const added = documents.filter(({ docId }) => !this.#attached.has(docId))
    for (const shelved of added) this.#attach(shelved, false)
    this.#host.perform(this.#conversation.offer(added.map(offerable)))
  }

  async #look({ asked }: Of<"look">): Promise<void> {
    const { far } = this.#conversation
    const { look } = this.#shelf
    if (!far) return
    const closed: RefusedItem = { reason: "closed", message: "this end takes no documents" }
    const answers: { slot: number; document: Offerable | RefusedItem }[] = []
    for (const { slot, docId } of asked) {
      const document = look ? await look(docId, far) : closed
      if ("reason" in document) answers.push({ slot, document })
      else if (!this.#attached.has(docId)) {
        this.#attach(document, true)
        answers.push({ slot, document: offerable(document) })
      }
    }
    this.#host.perform(this.#conversation.looked(answers))
  }

  async #signProof({ docId, bytes }: Of<"sign-proof">): Promise<void> {
    const signature = await this.#attached.get(docId)?.shelved.seat.sign("proof", bytes)
    if (signature) this.#about(docId, slot => slot.proofSigned(signature))
  }

  async #checkProof({ docId, proof, certificates }: Of<"check-proof">): Promise<void> {
    const keeper = this.#keeper(docId)
    const { name: source, verify, world } = this.#options
    const ground = keeper ? { keeper, source } : { docId, certificates }
    const result = await checkProof(proof, ground, verify, world.now())
    this.#about(docId, slot => slot.proofChecked(result))
  }

  async #found({ docId, certificates, by }: Of<"found">): Promise<void> {
    const attached = this.#attached.get(docId)
    if (!attached || attached.following) return
    try {
      const named = decodeGenesis(certificates[0] ?? new Uint8Array(0)).docId
      if (named !== docId) {
        const message = "certificates of another document"
        this.#about(docId, slot => slot.notFounded({ reason: "wrong-document", message }))
        return
      }
      await attached.shelved.found(certificates, by)
      this.#follow(attached)
    } catch (error) {
      if (error instanceof StorageError) {
        this.#storageRefused(docId, error)
        this.#about(docId, slot => slot.notBegun())
      } else {
        const refused = refusalOf(error)
        this.#about(docId, slot => slot.notFounded(refused))
      }
    }
  }

  async #takeCertificates({ docId, certificates }: Of<"take-certificates">): Promise<void> {
    const keeper = this.#keeper(docId)
    if (!keeper) return
    const { refused } = await keeper.addCertificates(certificates, this.#options.name)
    this.#about(docId, slot => slot.certificatesTaken(refused))
  }

  async #accept({ docId, envelopes, answer }: Of<"accept">): Promise<void> {
    const keeper = this.#keeper(docId)
    if (!keeper) return
    const accepted = await keeper.accept(envelopes, this.#options.name)
    this.#track(
      docId,
      accepted.appended.reduce((sum, { bytes }) => sum + bytes.length, 0),
      accepted.durable,
    )
    this.#about(docId, slot => slot.accepted(answer, accepted))
  }

  async #checkReceipt({ docId, receipt }: Of<"check-receipt">): Promise<void> {
    const holds = await this.#attached.get(docId)?.books?.check(receipt)
    if (holds === false) this.#about(docId, slot => slot.hostile(RECEIPT_WRONG))
  }

  // What is not durable yet is counted, and a disk that refuses is reported here and to the other end.
  #track(docId: DocId, bytes: number, durable: Promise<void>): void {
    this.#unstoredBytes += bytes
    this.#lastDurable = this.#orStorageRefused(docId, () => durable, undefined)
      .catch((error: unknown) => this.#host.failed(error))
      .finally(() => {
        this.#unstoredBytes -= bytes
      })
  }

  async #orStorageRefused<T>(docId: DocId, f: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await f()
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.#storageRefused(docId, error)
      return otherwise
    }
  }

  #storageRefused(docId: DocId, { reason, message }: StorageError): void {
    this.#options.report({ kind: "refused", docId, by: "us", reason: "storage", message })
    this.#about(docId, slot => slot.failed("storage", reason === "full" ? "no room is left" : "not stored"))
  }

  #shelfChanged(): void {
    if (!this.#conversation.far) return
    this.#offer()
    for (const attached of this.#attached.values()) if (!attached.following) this.#follow(attached)
  }

  #attach(shelved: ShelvedDocument, looked: boolean): void {
    const attached: Attached = { shelved, looked, following: null, books: null, stops: [] }
    this.#attached.set(shelved.docId, attached)
    this.#follow(attached)
  }

  /** Listens to the keeper, as soon as there is one. */
  #follow(attached: Attached): void {
    const { docId, keeper, seat } = attached.shelved
    if (!keeper || attached.following) return
    const { name, notary } = this.#options
    attached.following = notary.follow(
      keeper,
      seat,
      receipt => this.#about(docId, slot => slot.receipt(receipt)),
      error => this.#host.failed(error),
    )
    const books = new Bookkeeping({
      ...this.#options,
      keeper,
      seatPub: seat.seatPub,
      send: receipt => this.#about(docId, slot => slot.receipt(receipt)),
    })
    attached.books = books
    attached.stops = [
      attached.following.stop,
      () => books.close(),
      keeper.onAppend((envelopes, source) =>
        this.#about(docId, slot => slot.appended(envelopes, source === name, this.#host.mayPush())),
      ),
      keeper.blobs.onChange(blobId => this.#about(docId, slot => slot.blobs?.changed(blobId))),
      keeper.onLost(() => this.#about(docId, slot => slot.lost())),
      keeper.onCertificates((certificates, source) =>
        this.#about(docId, slot => slot.certificatesAdded(certificates, source === name)),
      ),
    ]
    this.#about(docId, slot => slot.founded(keeper))
  }

  #detach(docId: DocId): void {
    const attached = this.#attached.get(docId)
    if (!attached) return
    this.#attached.delete(docId)
    for (const stop of attached.stops) stop()
    this.#about(docId, slot => slot.blobs?.close())
    attached.shelved.release?.()
  }

  #keeper(docId: DocId): Keeper | null {
    return this.#attached.get(docId)?.shelved.keeper ?? null
  }

  #about(docId: DocId, f: (slot: Slot) => void): void {
    this.#host.perform(this.#conversation.about(docId, f))
  }
}

const NOTHING = new Uint8Array(0)

function offerable({ docId, keeper, seat }: ShelvedDocument): Offerable {
  return { docId, held: keeper, seat }
}
