// What every place where blobs rest must do. Memory, IndexedDB and SQLite pass the same tests:
//
//     blobSuite("memory", async () => docId => store)
import { describe, expect, test } from "vitest"
import { idOf } from "../../../src/bytes/ids"
import { Keeper } from "../../../src/log/keeper"
import type { Announced } from "../../../src/records/blob"
import { chance, foundDocument, verify } from "../sync/world"
import type { OpenStore } from "./store-suite"

/** `make` gives a fresh place for each test, and whatever opens stores in it. */
export function blobSuite(name: string, make: () => Promise<OpenStore>): void {
  describe(`a blob store in ${name}`, () => {
    test("gives back each piece, byte for byte, and says which are here", async () => {
      const { store, blob, other } = await prepare(make)
      await store.blobs.put(blob, 0, Uint8Array.of(1, 2, 3))
      await store.blobs.put(blob, 7, Uint8Array.of(4))
      await store.blobs.put(other, 1, Uint8Array.of(5))
      expect(await store.blobs.read(blob, 7)).toEqual(Uint8Array.of(4))
      expect(await store.blobs.read(blob, 0)).toEqual(Uint8Array.of(1, 2, 3))
      expect(await store.blobs.read(blob, 1)).toBeNull()
      const held = await store.blobs.held(null)
      expect([...(held.get(blob) ?? [])].sort()).toEqual([0, 7])
      expect(held.get(other)).toEqual([1])
      expect([...(await store.blobs.held(other)).keys()]).toEqual([other])
    })

    test("holds nothing at first, and passes over what it has already", async () => {
      const { store, blob } = await prepare(make)
      expect((await store.blobs.held(null)).size).toBe(0)
      await store.blobs.put(blob, 2, Uint8Array.of(1))
      await store.blobs.put(blob, 2, Uint8Array.of(1))
      expect((await store.blobs.held(blob)).get(blob)).toEqual([2])
    })

    test("finds after a restart what was announced, and what was kept", async () => {
      const { store, open, document, blob, other } = await prepare(make)
      const bytes = chance(3)(70_000)
      await store.blobs.put(blob, 1, bytes)
      await store.close()
      const again = await open(document.docId)
      const announced = (await again.load())?.announced ?? []
      expect(new Map(announced.map(({ blobId, bytes }) => [blobId, bytes]))).toEqual(
        new Map([
          [blob, 70_000],
          [other, 3],
        ]),
      )
      expect(Buffer.from(bytes).equals((await again.blobs.read(blob, 1)) ?? new Uint8Array(0))).toBe(true)
    })

    test("keeps the blobs of two documents apart", async () => {
      const { store, open, blob, announce } = await prepare(make)
      const elsewhere = await foundDocument(32)
      const there = await open(elsewhere.docId)
      await announce(there, elsewhere)
      await store.blobs.put(blob, 1, Uint8Array.of(1))
      expect(await there.blobs.read(blob, 1)).toBeNull()
      expect((await there.blobs.held(null)).size).toBe(0)
    })
  })
}

async function prepare(make: () => Promise<OpenStore>) {
  const open = await make()
  const document = await foundDocument(31)
  const [one, two]: [Announced, Announced] = [
    { blobId: idOf(chance(1)(32)), bytes: 70_000 },
    { blobId: idOf(chance(2)(32)), bytes: 3 },
  ]
  const announce = async (store: Awaited<ReturnType<OpenStore>>, of = document) => {
    const keeper = await Keeper.found(store, verify, of.certificates.all())
    const writing = of.write(of.admin)
    const { durable } = await keeper.accept(
      [writing.seal().bytes, writing.announce(one, two).bytes, writing.announce(one).bytes],
      "test",
    )
    await durable
  }
  const store = await open(document.docId)
  await announce(store)
  return { open, store, document, announce, blob: one.blobId, other: two.blobId }
}
