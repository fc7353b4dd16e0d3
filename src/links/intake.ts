// Takes a bundle in: what is in it goes through the same door as what comes over a link, so that a file has no more power
// than whoever is at the other end of one, and may come late, twice or in any order. It says what was new.
import { FormatError } from "../bytes/errors"
import type { CertificateHash, DocId, PublicKey } from "../bytes/ids"
import type { Keeper } from "../log/keeper"
import { refusalOf } from "../log/refusal"
import { KINDS } from "../records/envelope"
import { decodeGenesis } from "../records/genesis"
import type { ShelvedDocument } from "../sync/shelf"
import { isProvenBad } from "../sync/suspicion"
import type { Part } from "./bundle"

/** What became of one document of a bundle. */
export interface TakenIn {
  readonly docId: DocId
  /** unreadable: nothing here opens it, and nothing of it was kept. shut: what is here does not, or no more. */
  readonly as: "new" | "known" | "unreadable" | "shut"
  /** How many edits were new, by the seat that made them. */
  readonly edits: ReadonlyMap<CertificateHash, Edits>
  /** How many envelopes were not taken, for whatever reason. */
  readonly refused: number
}

/** What one device has written, under one grant. */
export interface Edits {
  readonly grantPub: PublicKey
  readonly count: number
}

export interface Intake {
  readonly documents: readonly TakenIn[]
  /** The file stopped being a bundle, or held what nobody honest writes; all before it was taken in. Null: it is whole. */
  readonly broke: FormatError | null
}

/** The document as this device has it, or may have it by these keys; null: it is nobody in it. */
export type Find = (docId: DocId, keys: Uint8Array | null) => Promise<Opened | null>

export interface Opened {
  readonly shelved: ShelvedDocument
  /** The file has no more of it. */
  close(): void
}

/** The source of everything that a file brings. */
const FILE = "file"

/** Takes all parts in, in their order. Rejects with StorageError, WrongPassphraseError, or what `find` rejects with. */
export async function takeIn(parts: AsyncIterable<Part>, find: Find): Promise<Intake> {
  const documents: TakenIn[] = []
  let taking: Taking | null = null
  let keys: Uint8Array | null = null
  const end = () => {
    if (taking) documents.push(taking.end())
    taking = null
  }
  try {
    for await (const part of parts) {
      if (part.part === "keys") {
        end()
        keys = part.keys
      } else if (part.part === "envelopes") await (taking as Taking | null)?.envelopes(part.envelopes)
      else if (!taking || (taking as Taking).slot !== part.slot) {
        end()
        taking = await Taking.begin(part.slot, part.certificates, keys, find)
        keys = null
      } else await (taking as Taking).certificates(part.certificates)
    }
    return { documents, broke: null }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return { documents, broke: error }
  } finally {
    end()
  }
}

/** One document on its way in. */
class Taking {
  readonly slot: number
  readonly #docId: DocId
  readonly #opened: Opened | null
  #keeper: Keeper | null = null
  #as: TakenIn["as"] = "unreadable"
  readonly #edits = new Map<CertificateHash, Edits>()
  #refused = 0

  private constructor(slot: number, docId: DocId, opened: Opened | null) {
    this.slot = slot
    this.#docId = docId
    this.#opened = opened
  }

  static async begin(
    slot: number,
    certificates: readonly Uint8Array[],
    keys: Uint8Array | null,
    find: Find,
  ): Promise<Taking> {
    const { docId } = decodeGenesis(certificates[0] ?? new Uint8Array(0))
    const taking = new Taking(slot, docId, await find(docId, keys))
    await taking.#begin(certificates)
    return taking
  }

  async #begin(certificates: readonly Uint8Array[]): Promise<void> {
    if (!this.#opened) return
    const { shelved } = this.#opened
    this.#as = shelved.keeper ? "known" : "new"
    this.#keeper = shelved.keeper ?? (await this.#found(shelved, certificates))
    if (this.#as === "known") await this.certificates(certificates)
  }

  async certificates(certificates: readonly Uint8Array[]): Promise<void> {
    if (!this.#keeper) return
    const { refused, durable } = await this.#keeper.addCertificates(certificates, FILE)
    await durable
    for (const { reason, message } of refused) if (isProvenBad(reason)) throw new FormatError(message)
  }

  async envelopes(envelopes: readonly Uint8Array[]): Promise<void> {
    if (!this.#keeper) return
    const { appended, refused, gaps, durable } = await this.#keeper.accept(envelopes, FILE)
    // A file may be large: no more of it is taken in than the disk has room for.
    await durable
    for (const { header, session } of appended) {
      if (header.kind === KINDS.open) continue
      const { seat, grantPub } = session
      this.#edits.set(seat, { grantPub, count: 1 + (this.#edits.get(seat)?.count ?? 0) })
    }
    this.#refused += refused.length + gaps.length
    for (const { reason, message } of refused) if (isProvenBad(reason)) throw new FormatError(message)
  }

  end(): TakenIn {
    this.#opened?.close()
    return { docId: this.#docId, as: this.#as, edits: this.#edits, refused: this.#refused }
  }

  async #found(shelved: ShelvedDocument, certificates: readonly Uint8Array[]): Promise<Keeper | null> {
    try {
      return await shelved.found(certificates, null)
    } catch (error) {
      const { reason, message } = refusalOf(error)
      if (isProvenBad(reason)) throw new FormatError(message)
      this.#as = "shut"
      return null
    }
  }
}
