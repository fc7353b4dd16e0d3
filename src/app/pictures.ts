// The pictures of one document as its screen sees them: what is here of each, as it comes, opened for who watches it and
// let go of afterwards; and new ones, sealed and kept before the text names them. The bytes travel by themselves
// (log/blobs.ts); here they are opened, never fetched.
import { FormatError } from "../bytes/errors"
import { type BlobId, type DocId, parseDocId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { MadePicture, PictureState, Pictures } from "../editor/pictures"
import type { BlobStore } from "../log/blob-store"
import type { Blobs } from "../log/blobs"
import { StorageError } from "../log/store"
import {
  type BlobHead,
  type BlobReference,
  formatReference,
  openContent,
  openHead,
  parseReference,
  sealBlob,
} from "../replica/blob"
import type { Replica } from "../replica/replica"

/** What a browser makes of bytes that it is to draw. */
export interface ObjectUrls {
  make(bytes: Uint8Array, type: string): string
  revoke(url: string): void
}

export interface PictureParts {
  readonly replica: Pick<Replica, "keeper" | "addBlob">
  readonly world: World
  readonly urls: ObjectUrls
  /** The pieces of another document's blobs on this device; empty if it is not here. */
  readonly elsewhere: (docId: DocId) => BlobStore
}

/** What is drawn; anything else that calls itself a picture is not. An SVG could say more than a picture should. */
const DRAWN = ["image/webp", "image/jpeg", "image/png", "image/gif", "image/avif"]

/** The pictures of an open document, until they are closed. */
export interface DocumentPictures extends Pictures {
  close(): void
}

export function createPictures(parts: PictureParts): DocumentPictures {
  return new OpenPictures(parts)
}

class OpenPictures implements DocumentPictures {
  readonly home: string
  readonly #parts: PictureParts
  readonly #watched = new Map<string, Watched>()
  readonly #stop: Stop
  #closed = false

  constructor(parts: PictureParts) {
    this.#parts = parts
    this.home = parts.replica.keeper.docId
    this.#stop = parts.replica.keeper.blobs.onChange(blobId => this.#changed(blobId))
  }

  watch(text: string, f: (state: PictureState) => void): Stop {
    const reference = parseReference(text)
    if (reference === null || this.#closed) {
      f({ state: "damaged" })
      return () => undefined
    }
    const { replica, urls, world } = this.#parts
    const watched = this.#watched.get(text) ?? new Watched(reference, replica.keeper.blobs, urls, world)
    this.#watched.set(text, watched)
    const stop = watched.add(f)
    return () => {
      stop()
      if (watched.isWatched || this.#watched.get(text) !== watched) return
      this.#watched.delete(text)
      watched.close()
    }
  }

  async add({ bytes, ...picture }: MadePicture): Promise<string> {
    const { replica, world } = this.#parts
    const blob = await sealBlob(bytes, picture, world.random, () => pause(world))
    await replica.addBlob(blob)
    return formatReference(blob.reference)
  }

  async adopt(text: string, home: string): Promise<string | null> {
    const reference = parseReference(text)
    const { replica, world, elsewhere } = this.#parts
    if (reference === null) return null
    const { blobs } = replica.keeper
    // It may have been cut here and pasted back.
    if (home === this.home) return blobs.all().includes(reference.blobId) ? text : null
    const docId = docIdIn(home)
    if (docId === null) return null
    const store = elsewhere(docId)
    const indices = (await store.held(reference.blobId)).get(reference.blobId) ?? []
    const read = (index: number) => store.read(reference.blobId, index)
    const total = Math.max(0, ...indices)
    const opened = await openBlob(reference, total, read, () => pause(world))
    if (opened === null) return null
    const blob = await sealBlob(opened.content, opened.head, world.random, () => pause(world))
    await replica.addBlob(blob)
    return formatReference(blob.reference)
  }

  close(): void {
    this.#closed = true
    this.#stop()
    for (const watched of this.#watched.values()) watched.close()
    this.#watched.clear()
  }

  #changed(blobId: BlobId): void {
    for (const watched of this.#watched.values()) if (watched.reference.blobId === blobId) watched.look()
  }
}

/** One picture that is on the screen, in one place or in several. */
class Watched {
  readonly reference: BlobReference
  readonly #blobs: Blobs
  readonly #urls: ObjectUrls
  readonly #world: World
  readonly #listeners = new Set<(state: PictureState) => void>()
  #state: PictureState = { state: "waiting" }
  #url: string | null = null
  #looking = false
  #again = false
  #closed = false

  constructor(reference: BlobReference, blobs: Blobs, urls: ObjectUrls, world: World) {
    this.reference = reference
    this.#blobs = blobs
    this.#urls = urls
    this.#world = world
    blobs.hurry(reference.blobId)
    this.look()
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  add(f: (state: PictureState) => void): Stop {
    this.#listeners.add(f)
    f(this.#state)
    return () => {
      this.#listeners.delete(f)
    }
  }

  /** Something may have changed. One look at a time; what comes meanwhile is looked at afterwards. */
  look(): void {
    if (this.#looking) {
      this.#again = true
      return
    }
    this.#looking = true
    void this.#look()
      .catch((error: unknown) => {
        // A disk that cannot be read now may be later: the next piece has it looked at again.
        if (!(error instanceof StorageError)) throw error
      })
      .finally(() => {
        this.#looking = false
        const again = this.#again
        this.#again = false
        if (again && !this.#closed) this.look()
      })
  }

  close(): void {
    this.#closed = true
    if (this.#url) this.#urls.revoke(this.#url)
    this.#url = null
  }

  async #look(): Promise<void> {
    const { blobId, key } = this.reference
    const { state } = this.#state
    if (state === "here" || state === "damaged" || this.#closed) return
    await this.#blobs.ready()
    const pieces = this.#blobs.pieces(blobId)
    const here = this.#blobs.here(blobId)
    if (pieces === null || !here.has(1)) return
    const read = (index: number) => this.#blobs.read(blobId, index)
    if (this.#blobs.isWhole(blobId)) {
      const opened = await openBlob(this.reference, pieces - 1, read, () => pause(this.#world))
      if (opened === null || !DRAWN.includes(opened.head.type)) this.#tell({ state: "damaged" }, null)
      else {
        const url = this.#make(opened.content, opened.head.type)
        if (url) this.#tell({ state: "here", url }, url)
      }
      return
    }
    const bytes = this.#blobs.bytes(blobId)
    const ofIt = Math.floor((bytes * (here.size - 1)) / (pieces - 1))
    if (this.#state.state === "small") {
      this.#tell({ ...this.#state, here: ofIt }, this.#url)
      return
    }
    const first = await read(1)
    const head = first && openHead(first, key, pieces - 1)
    if (!head) {
      this.#tell({ state: "damaged" }, null)
      return
    }
    const { likeness } = head
    const url = likeness && DRAWN.includes(likeness.type) ? this.#make(likeness.bytes, likeness.type) : null
    this.#tell({ state: "small", url, here: ofIt, bytes }, url)
  }

  #make(bytes: Uint8Array, type: string): string | null {
    return this.#closed ? null : this.#urls.make(bytes, type)
  }

  #tell(state: PictureState, url: string | null): void {
    if (this.#closed) return
    const before = this.#url
    this.#url = url
    this.#state = state
    for (const f of this.#listeners) f(state)
    // Whoever shows the old one has been told of the new.
    if (before && before !== url) this.#urls.revoke(before)
  }
}

function docIdIn(text: string): DocId | null {
  try {
    return parseDocId(text)
  } catch (error) {
    if (error instanceof FormatError) return null // a clipboard may say anything
    throw error
  }
}

/** A blob from its pieces, 1 to `total`; null if one is missing or it does not open. */
async function openBlob(
  { key }: BlobReference,
  total: number,
  read: (index: number) => Promise<Uint8Array | null>,
  between: () => Promise<void>,
): Promise<{ readonly head: BlobHead; readonly content: Uint8Array } | null> {
  const chunks: Uint8Array[] = []
  for (let index = 1; index <= total; index++) {
    const chunk = await read(index)
    if (chunk === null) return null
    chunks.push(chunk)
  }
  const [first, ...rest] = chunks
  const head = first ? openHead(first, key, total) : null
  const content = head && (await openContent(rest, key, head, between))
  return head && content && { head, content }
}

// A chunk takes a millisecond or two: a page that draws meanwhile is not held up by a large picture.
function pause(world: World): Promise<void> {
  return new Promise(resolve => world.after(0, resolve))
}
