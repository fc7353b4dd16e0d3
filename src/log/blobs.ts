// The blobs of one document as a replica holds them: which are announced, which pieces are here, which are being asked
// for. Piece 0 is the list of a blob's chunks, the others are its chunks, sealed. A piece is kept only if an envelope in
// the log announces its blob and its hash is the right one; nobody here can open one. Whoever holds some pieces can give
// those to others.
import { FormatError } from "../bytes/errors"
import type { BlobId, DocId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import { equalBytes } from "../bytes/writer"
import { digest } from "../crypto/hash"
import { type Announced, blobIdOf, decodeChunkList, SEALED_CHUNK_BYTES_MAX } from "../records/blob"
import type { BlobStore } from "./blob-store"

/** Who asks for a piece: one document on one link. Compared, never looked into. */
type Asker = object

interface Held {
  readonly announced: Announced
  /** The hashes of its chunks; null until the list is here. */
  hashes: readonly Uint8Array[] | null
  readonly here: Set<number>
}

/** What became of a piece that came. */
export type Taken = "kept" | "known" | "wrong"

export class Blobs {
  readonly docId: DocId
  readonly #store: BlobStore
  readonly #blobs = new Map<BlobId, Held>()
  /** Announced, and not whole here. */
  readonly #incomplete = new Set<BlobId>()
  /** Those that somebody waits for, before all others. */
  readonly #hurried = new Set<BlobId>()
  /** Blob and index of a piece → who asks for it now. */
  readonly #asked = new Map<string, Asker>()
  /** They could not be kept, or are not what they should be: not asked for again while this replica is open. */
  readonly #unwanted = new Set<BlobId>()
  readonly #onChange = new Set<(blobId: BlobId) => void>()
  readonly #onKept = new Set<(blobId: BlobId) => void>()
  #looked: Promise<void>

  /** `announced`: what the log announces, as it was stored. */
  constructor(docId: DocId, store: BlobStore, announced: readonly Announced[]) {
    this.docId = docId
    this.#store = store
    for (const each of announced)
      this.#blobs.set(each.blobId, { announced: each, hashes: null, here: new Set() })
    this.#looked = announced.length === 0 ? Promise.resolve() : this.#lookAll()
    this.#looked.catch(() => undefined) // whoever waits for it is told
  }

  /** Resolves when it is known what is here of all that was announced until now. Rejects with StorageError. */
  ready(): Promise<void> {
    return this.#looked
  }

  /** An envelope that announces a blob is in the log. What the store holds of it already counts. */
  announce(announced: Announced): void {
    if (this.#blobs.has(announced.blobId)) return
    const held: Held = { announced, hashes: null, here: new Set() }
    this.#blobs.set(announced.blobId, held)
    this.#lookAgain(held)
  }

  /** All that are announced, in the order in which they were. */
  all(): readonly BlobId[] {
    return [...this.#blobs.keys()]
  }

  /** Announced and not whole here, those first that somebody waits for. */
  incomplete(): readonly BlobId[] {
    const wanted = [...this.#incomplete].filter(blobId => !this.#unwanted.has(blobId))
    const isHurried = (blobId: BlobId) => this.#hurried.has(blobId)
    return [...wanted.filter(isHurried), ...wanted.filter(blobId => !isHurried(blobId))]
  }

  /** The bytes of all chunks of a blob together, as its announcer says; 0 for one that is not announced. */
  bytes(blobId: BlobId): number {
    return this.#blobs.get(blobId)?.announced.bytes ?? 0
  }

  /** How many pieces a blob has, its list included; null until that is here. */
  pieces(blobId: BlobId): number | null {
    const hashes = this.#blobs.get(blobId)?.hashes ?? null
    return hashes && 1 + hashes.length
  }

  /** The pieces of a blob that are here. Shared: do not write to it. */
  here(blobId: BlobId): ReadonlySet<number> {
    return this.#blobs.get(blobId)?.here ?? NONE
  }

  isWhole(blobId: BlobId): boolean {
    return this.here(blobId).size === this.pieces(blobId)
  }

  /** The indices of the pieces that can be asked for: the list alone, as long as it is not here. */
  missing(blobId: BlobId): number[] {
    const here = this.here(blobId)
    const pieces = this.pieces(blobId) ?? 1
    return Array.from({ length: pieces }, (_, index) => index).filter(index => !here.has(index))
  }

  /** A piece, or null if it is not here. Rejects with StorageError. The caller must not write to it. */
  async read(blobId: BlobId, index: number): Promise<Uint8Array | null> {
    return this.here(blobId).has(index) ? this.#store.read(blobId, index) : null
  }

  /**
   * Keeps the pieces of a blob that was sealed here, before it is announced: whoever hears of it can have it at once.
   * Durable when it resolves. Rejects with StorageError.
   */
  async keepOwn(blobId: BlobId, pieces: readonly Uint8Array[]): Promise<void> {
    for (const [index, bytes] of pieces.entries()) await this.#store.put(blobId, index, bytes)
  }

  /** Somebody waits for this one: it is fetched before others. */
  hurry(blobId: BlobId): void {
    if (this.#hurried.has(blobId)) return
    this.#hurried.add(blobId)
    this.#tell(blobId)
  }

  /** Takes note that somebody asks for a piece. False: it is being asked for already. */
  ask(blobId: BlobId, index: number, asker: Asker): boolean {
    const place = placeOf(blobId, index)
    if (this.#asked.has(place)) return false
    this.#asked.set(place, asker)
    return true
  }

  /** It will not come from there: others may ask for it. */
  unask(blobId: BlobId, index: number, asker: Asker): void {
    const place = placeOf(blobId, index)
    if (this.#asked.get(place) === asker) this.#asked.delete(place)
  }

  /** Nothing more will come from there. */
  unaskAll(asker: Asker): void {
    let freed = false
    for (const [place, who] of this.#asked) if (who === asker) freed = this.#asked.delete(place)
    if (freed) for (const blobId of this.#incomplete) this.#tell(blobId)
  }

  /**
   * Takes a piece that was asked for. "wrong": its hash is not the announced one, which only an end
   * that lies can bring about. Durable when it is "kept". Keeps the bytes. Rejects with StorageError, RefusedError
   * (quota); then the blob is not asked for again.
   */
  async take(blobId: BlobId, index: number, bytes: Uint8Array): Promise<Taken> {
    const held = this.#blobs.get(blobId)
    if (!held || held.here.has(index)) return "known"
    try {
      if (!(await isRight(held, index, bytes))) return "wrong"
      const hashes = held.hashes ?? decodeChunkList(bytes)
      await this.#store.put(blobId, index, bytes)
      held.hashes = hashes
      held.here.add(index)
      this.#grown(held)
      for (const f of this.#onKept) f(blobId)
      return "kept"
    } catch (error) {
      this.#unwanted.add(blobId)
      if (!(error instanceof FormatError)) throw error
      return "known" // who announced it wrote no list; who brought it is not to blame
    }
  }

  /** Another tab has put pieces of a blob into the same store. */
  refresh(blobId: BlobId): void {
    const held = this.#blobs.get(blobId)
    if (held && !this.isWhole(blobId)) this.#lookAgain(held)
  }

  /** Called when a blob was announced, when more of it is here, and when somebody waits for it. */
  onChange(f: (blobId: BlobId) => void): Stop {
    this.#onChange.add(f)
    return () => {
      this.#onChange.delete(f)
    }
  }

  /** Called when a piece that came from elsewhere was kept. */
  onKept(f: (blobId: BlobId) => void): Stop {
    this.#onKept.add(f)
    return () => {
      this.#onKept.delete(f)
    }
  }

  async #lookAll(): Promise<void> {
    const stored = await this.#store.held(null)
    for (const held of this.#blobs.values()) await this.#found(held, stored.get(held.announced.blobId) ?? [])
  }

  #lookAgain(held: Held): void {
    const { blobId } = held.announced
    this.#looked = this.#looked
      .catch(() => undefined)
      .then(async () => this.#found(held, (await this.#store.held(blobId)).get(blobId) ?? []))
    this.#looked.catch(() => undefined)
  }

  async #found(held: Held, indices: readonly number[]): Promise<void> {
    if (indices.length > 0 && !held.hashes) {
      const list = await this.#store.read(held.announced.blobId, 0)
      held.hashes = list && decodeChunkList(list)
    }
    for (const index of indices) if (held.hashes && index <= held.hashes.length) held.here.add(index)
    this.#grown(held)
  }

  #grown({ announced: { blobId } }: Held): void {
    if (this.isWhole(blobId)) this.#incomplete.delete(blobId)
    else this.#incomplete.add(blobId)
    this.#tell(blobId)
  }

  #tell(blobId: BlobId): void {
    for (const f of this.#onChange) f(blobId)
  }
}

const NONE: ReadonlySet<number> = new Set()

async function isRight({ announced, hashes }: Held, index: number, bytes: Uint8Array): Promise<boolean> {
  if (bytes.length > SEALED_CHUNK_BYTES_MAX) return false
  if (index === 0) return blobIdOf(bytes) === announced.blobId
  const hash = hashes?.[index - 1]
  return hash !== undefined && equalBytes(await digest(bytes), hash)
}

function placeOf(blobId: BlobId, index: number): string {
  return `${blobId} ${index}`
}
