// How the blobs of one document come over one link (protocol §10), once both ends have proven themselves and as long as
// no text is being fetched. Each end says which pieces it holds; what is missing here is asked for, a few pieces at a
// time: the lists first, then what each blob looks like, then the rest. After a cut it goes on where it stopped, because
// what came was kept. Sans I/O.
import type { BlobId } from "../bytes/ids"
import type { Blobs } from "../log/blobs"
import type { Effect } from "./effects"
import {
  BLOBS_PER_MESSAGE_MAX,
  type BlobData,
  type BlobHave,
  type BlobWant,
  PIECES_MAX,
  type Piece,
} from "./messages"

const AGAIN_MS = 120_000
/** How much more of a blob is held before others are told again. */
const NEWS_PIECES = 16
/** Blobs of which the other end may tell before they are announced here. */
const TOLD_MAX = 10_000

export interface BlobTalkOptions {
  readonly blobs: Blobs
  /** The number that labels what is sent. */
  readonly slot: number
  /** Whether text is being fetched on this link: then pictures wait. */
  readonly isBusy: () => boolean
  readonly do: (effect: Effect) => void
  readonly now: () => number
}

export class BlobTalk {
  readonly #options: BlobTalkOptions
  /** What the other end has said that it holds; "whole" or the pieces. */
  readonly #theirs = new Map<BlobId, "whole" | ReadonlySet<number>>()
  /** How many pieces of a blob the other end was told to be here. */
  readonly #told = new Map<BlobId, number>()
  /** What was asked for and has not come. */
  readonly #awaited = new Map<string, Piece>()
  #since = 0

  constructor(options: BlobTalkOptions) {
    this.#options = options
  }

  get pulling(): boolean {
    return this.#awaited.size > 0
  }

  /** Both ends listen: tells all that is here. */
  begin(): void {
    this.#tell(this.#options.blobs.all())
    this.pull()
  }

  /** A blob was announced, more of it is here, or somebody waits for it. */
  changed(blobId: BlobId): void {
    const { blobs } = this.#options
    const held = blobs.here(blobId).size
    const told = this.#told.get(blobId) ?? 0
    const isNews = held > told && (told < 2 || blobs.isWhole(blobId) || held - told >= NEWS_PIECES)
    if (isNews) this.#tell([blobId])
    this.pull()
  }

  /** A message about blobs came. */
  receive(message: BlobHave | BlobWant | BlobData): void {
    switch (message.type) {
      case "blob-have":
        this.#have(message)
        return
      case "blob-want":
        this.#want(message)
        return
      case "blob-data":
        this.#data(message)
        return
      default:
        message satisfies never
    }
  }

  #have({ holdings }: BlobHave): void {
    for (const { blobId, pieces } of holdings)
      if (this.#theirs.has(blobId) || this.#theirs.size < TOLD_MAX)
        this.#theirs.set(blobId, pieces === "whole" ? pieces : new Set(pieces))
    this.pull()
  }

  #want({ pieces }: BlobWant): void {
    const { blobs } = this.#options
    this.#options.do({ do: "read-pieces", docId: blobs.docId, pieces: pieces.slice(0, PIECES_MAX) })
  }

  /** What was read for the other end; empty: it is not here. */
  supply({ blobId, index }: Piece, bytes: Uint8Array): void {
    this.#send({ type: "blob-data", slot: this.#options.slot, blobId, index, bytes })
  }

  #data({ blobId, index, bytes }: BlobData): void {
    const piece = { blobId, index }
    // What nobody asked for is nobody's.
    if (!this.#awaited.has(keyOf(piece))) return
    const { blobs } = this.#options
    if (bytes.length > 0) this.#options.do({ do: "take-piece", docId: blobs.docId, piece, bytes })
    else {
      // It is not there although it was said to be: nothing of this blob is asked for until it is said again.
      this.#theirs.delete(blobId)
      this.taken(piece)
    }
  }

  /** A piece that was asked for is here now, or will not be. */
  taken(piece: Piece): void {
    this.#awaited.delete(keyOf(piece))
    this.#options.blobs.unask(piece.blobId, piece.index, this)
    this.#since = this.#options.now()
    if (this.#awaited.size === 0) this.pull()
  }

  /** Asks for what is missing and held there, unless something is on its way already. */
  pull(): void {
    const { isBusy, slot, now } = this.#options
    if (this.#awaited.size > 0 || isBusy()) return
    const pieces = this.#choose()
    if (pieces.length === 0) return
    for (const piece of pieces) this.#awaited.set(keyOf(piece), piece)
    this.#since = now()
    this.#send({ type: "blob-want", slot, pieces })
  }

  /** Others may ask where an answer has not come for a very long time. */
  tick(now: number): void {
    if (this.#awaited.size > 0 && now - this.#since >= AGAIN_MS) this.#giveUp()
    this.pull()
  }

  /** The link, or the document on it, is gone. */
  close(): void {
    this.#giveUp()
  }

  #giveUp(): void {
    this.#awaited.clear()
    this.#options.blobs.unaskAll(this)
  }

  // First what every blob is, and then each in turn: a page full of pictures shows all of them small before one is sharp.
  #choose(): Piece[] {
    const { blobs } = this.#options
    const chosen: Piece[] = []
    const take = (blobId: BlobId, indices: readonly number[]) => {
      const theirs = this.#theirs.get(blobId)
      for (const index of indices) {
        if (chosen.length >= PIECES_MAX) return
        if ((theirs === "whole" || theirs?.has(index)) && blobs.ask(blobId, index, this))
          chosen.push({ blobId, index })
      }
    }
    const known = blobs.incomplete().filter(blobId => this.#theirs.has(blobId))
    for (const blobId of known) take(blobId, blobs.missing(blobId).filter(isFirst))
    if (chosen.length > 0) return chosen
    for (const blobId of known) take(blobId, blobs.missing(blobId))
    return chosen
  }

  #tell(blobIds: readonly BlobId[]): void {
    const { blobs, slot } = this.#options
    const holdings: BlobHave["holdings"][number][] = []
    for (const blobId of blobIds) {
      const here = blobs.here(blobId)
      if (here.size === 0) continue
      this.#told.set(blobId, here.size)
      holdings.push({ blobId, pieces: blobs.isWhole(blobId) ? "whole" : [...here].sort((a, b) => a - b) })
    }
    for (let from = 0; from < holdings.length; from += BLOBS_PER_MESSAGE_MAX)
      this.#send({ type: "blob-have", slot, holdings: holdings.slice(from, from + BLOBS_PER_MESSAGE_MAX) })
  }

  #send(message: BlobHave | BlobWant | BlobData): void {
    this.#options.do({ do: "send", message })
  }
}

/** The list, and what the blob is. */
const isFirst = (index: number): boolean => index < 2

function keyOf({ blobId, index }: Piece): string {
  return `${blobId} ${index}`
}
