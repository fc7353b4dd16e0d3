// Pictures as a screen sees them: what is here of each, as it comes, and what is let go of again.
import { expect, test } from "vitest"
import { createPictures, type DocumentPictures, type ObjectUrls } from "../../../src/app/pictures"
import type { Stop, World } from "../../../src/bytes/world"
import type { MadePicture, PictureState } from "../../../src/editor/pictures"
import { MemoryBlobStore } from "../../../src/log/blob-store"
import { Blobs } from "../../../src/log/blobs"
import type { Keeper } from "../../../src/log/keeper"
import { formatReference, type SealedBlob, sealBlob } from "../../../src/replica/blob"
import { chance, foundDocument } from "../sync/world"

const random = chance(501)
const world: World = {
  now: () => 0,
  random,
  after: (_ms, f): Stop => {
    setImmediate(f)
    return () => undefined
  },
}

/** Object URLs that are counted. */
class Urls implements ObjectUrls {
  readonly alive = new Map<string, Uint8Array>()
  #count = 0
  make(bytes: Uint8Array): string {
    const url = `blob:${++this.#count}`
    this.alive.set(url, bytes)
    return url
  }
  revoke(url: string): void {
    this.alive.delete(url)
  }
}

const { docId } = await foundDocument(502)

function place(store = new MemoryBlobStore()) {
  const blobs = new Blobs(docId, store, [])
  const urls = new Urls()
  const pictures = createPictures({
    replica: {
      keeper: { docId, blobs } as Keeper,
      addBlob: async ({ announced, pieces }: SealedBlob) => {
        await blobs.keepOwn(announced.blobId, pieces)
        blobs.announce(announced)
      },
    },
    world,
    urls,
    elsewhere: () => elsewhere,
  })
  return { blobs, urls, pictures, store }
}

const elsewhere = new MemoryBlobStore()

function made(size: number, type = "image/webp"): MadePicture {
  return {
    bytes: random(size),
    type,
    width: 640,
    height: 480,
    likeness: { type: "image/webp", bytes: random(99) },
  }
}

const sealed = ({ bytes, ...picture }: MadePicture) => sealBlob(bytes, picture, random, async () => undefined)

function watch(pictures: DocumentPictures, reference: string) {
  const states: PictureState[] = []
  const stop = pictures.watch(reference, state => states.push(state))
  return { states, stop, last: () => states.at(-1) }
}

test("one that was put in is here; its URL lives as long as somebody watches it, in however many places", async () => {
  const { pictures, urls } = place()
  const picture = made(100_000)
  const reference = await pictures.add(picture)
  const [one, other] = [watch(pictures, reference), watch(pictures, reference)]
  await expect.poll(() => one.last()?.state).toBe("here")
  expect(other.last()).toEqual(one.last())
  expect([...urls.alive.values()].map(bytes => Buffer.from(bytes).equals(picture.bytes))).toEqual([true])
  one.stop()
  expect(urls.alive.size).toBe(1)
  other.stop()
  expect(urls.alive.size).toBe(0)
})

test("one that comes is waited for, then small with how far it is, then whole; the small one is let go of", async () => {
  const { pictures, blobs, urls } = place()
  const blob = await sealed(made(400_000))
  const { blobId } = blob.announced
  const { states, last } = watch(pictures, formatReference(blob.reference))
  expect(last()).toEqual({ state: "waiting" })
  blobs.announce(blob.announced)
  await blobs.ready()
  const come = async (index: number) => {
    blobs.ask(blobId, index, blob)
    expect(await blobs.take(blobId, index, blob.pieces[index] ?? new Uint8Array(0))).toBe("kept")
  }
  expect(blobs.incomplete()).toEqual([blobId])
  await come(0)
  expect(last()).toEqual({ state: "waiting" })
  await come(1)
  await expect.poll(() => last()?.state).toBe("small")
  expect(urls.alive.size).toBe(1)
  for (let index = 2; index < blob.pieces.length; index++) await come(index)
  await expect.poll(() => last()?.state).toBe("here")
  const progress = states.flatMap(state => (state.state === "small" ? [state.here / state.bytes] : []))
  expect(progress.every((share, at) => share > 0 && share < 1 && share >= (progress[at - 1] ?? 0))).toBe(true)
  expect(urls.alive.size).toBe(1)
  pictures.close()
  expect(urls.alive.size).toBe(0)
})

test("what does not open under the reference's key, and what a browser should not draw, is damaged", async () => {
  const { pictures, urls } = place()
  const script = await pictures.add(made(10, "image/svg+xml"))
  const [one, other] = [await pictures.add(made(10)), await pictures.add(made(10))]
  const crossed = `${one.split(".")[0]}.${other.split(".")[1]}`
  for (const reference of [script, crossed, "no reference"]) {
    const { last } = watch(pictures, reference)
    await expect.poll(() => last()?.state).toBe("damaged")
  }
  expect(urls.alive.size).toBe(0)
})

test("one of another document gets a key and a name of its own here; one that is not whole there stays there", async () => {
  const { pictures, blobs, urls } = place()
  const picture = made(70_000)
  const there = await sealed(picture)
  const reference = formatReference(there.reference)
  const home = (await foundDocument(503)).docId
  for (const [index, piece] of there.pieces.entries()) {
    expect(await pictures.adopt(reference, home)).toBeNull()
    await elsewhere.put(there.announced.blobId, index, piece)
  }
  const adopted = await pictures.adopt(reference, home)
  expect(adopted).not.toBeNull()
  expect(adopted?.split(".")).not.toContain(there.announced.blobId)
  expect(blobs.all()).toHaveLength(1)
  const { last } = watch(pictures, adopted ?? "")
  await expect.poll(() => last()?.state).toBe("here")
  expect([...urls.alive.values()].map(bytes => Buffer.from(bytes).equals(picture.bytes))).toEqual([true])
  expect(await pictures.adopt(reference, "no document")).toBeNull()
  expect(await pictures.adopt(adopted ?? "", docId)).toBe(adopted)
})
