// What every carrier must do, tried with real conversations over it:
//
//     carrierSuite("memory", async () => ({ join: (a, b) => …, raw: b => …, … }))
//
// A carrier may have something in the middle (a relay); then both places hold their conversation with that.
import { afterEach, describe, expect, test } from "vitest"
import type { SigningKey } from "../../../src/crypto/signing"
import { MemoryStore } from "../../../src/log/memory"
import type { Batch } from "../../../src/log/store"
import { sealBlob } from "../../../src/replica/blob"
import { encodeMessage } from "../../../src/sync/codec"
import type { Link } from "../../../src/sync/link"
import { chance, foundDocument, sealMany, type TestDocument } from "../sync/world"
import { level, Place, until } from "./place"

export interface Carrier {
  /** Connects two places, who `meet` over new links; resolves to what cuts them. */
  join(a: Place, b: Place): Promise<() => void>
  /** A bare link to a place, or to what is in the middle; nobody converses at this end. */
  raw(to: Place): Promise<Link>
  /** What is in the middle and must be listed as a host; null where nothing is. */
  readonly host: SigningKey | null
  close(): Promise<void>
}

/** `make` gives a carrier with nothing on it yet, for each test. `documents`: how many share one link (founding costs). */
export function carrierSuite(
  name: string,
  make: () => Promise<Carrier>,
  { documents: documentCount = 200 } = {},
): void {
  describe(`a carrier: ${name}`, () => {
    const closing: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const close of closing.splice(0)) await close()
    })
    let seed = 1_000
    const begin = async () => {
      const carrier = await make()
      closing.push(() => carrier.close())
      const document = await newDocument(carrier)
      return { carrier, document, ana: new Place("ana"), ben: new Place("ben") }
    }
    const newDocument = async (carrier: Carrier): Promise<TestDocument> => {
      seed++
      const document = await foundDocument(seed)
      if (carrier.host) await document.host(carrier.host)
      return document
    }

    test("two who wrote apart hold the same afterwards", async () => {
      const { carrier, document, ana, ben } = await begin()
      const editor = await document.invite("edit")
      await ana.hold(document, document.admin)
      await ben.hold(document, editor)
      await ana.write(document, ...sealMany(document.write(document.admin), 120))
      await ben.write(document, ...sealMany(document.write(editor), 80))
      await carrier.join(ana, ben)
      await level(document, 200, ana, ben)
      await until(() => ana.told("caught-up").length > 0 && ben.told("caught-up").length > 0)
    })

    test("a newcomer who has only a link gets certificates, then envelopes, then what is written", async () => {
      const { carrier, document, ana, ben } = await begin()
      const byLink = document.inviteOffline("edit")
      await ana.hold(document, document.admin)
      const writing = document.write(document.admin)
      await ana.write(document, ...sealMany(writing, 40))
      ben.follow(document, byLink)
      await carrier.join(ana, ben)
      await level(document, 40, ana, ben)
      await ben.write(document, ...sealMany(document.write(byLink), 3))
      await ana.write(document, ...sealMany(writing, 1))
      await level(document, 44, ana, ben)
    })

    test("a stranger gets neither certificates nor envelopes", async () => {
      const { carrier, document, ana, ben } = await begin()
      await ana.hold(document, document.admin)
      await ana.write(document, ...sealMany(document.write(document.admin), 5))
      ben.follow(document, document.stranger())
      await carrier.join(ana, ben)
      await until(() => ben.refusals("them").includes("unknown-grant"))
      expect(ben.holds(document)).toBe(false)
    })

    test("what a viewer writes with a changed program is refused by name, and the viewer still reads", async () => {
      const { carrier, document, ana, ben } = await begin()
      const viewer = await document.invite("view")
      await ana.hold(document, document.admin)
      await ben.hold(document, viewer)
      await carrier.join(ana, ben)
      await until(() => ben.told("live").length > 0)
      const forged = sealMany(document.write(viewer), 2)
      const message = { type: "envelopes", slot: 0, answer: false, envelopes: forged } as const
      ben.links[0]?.send(encodeMessage(message))
      await until(() => ben.refusals("them").includes("no-right"))
      await ana.write(document, ...sealMany(document.write(document.admin), 2))
      await level(document, 2, ana, ben)
      expect(ana.keeper(document).log.heads()).toHaveLength(1)
    })

    test("what is written while connected arrives, and is never sent back", async () => {
      const { carrier, document, ana, ben } = await begin()
      await ana.hold(document, document.admin)
      const editor = await document.invite("edit")
      await ben.hold(document, editor)
      await carrier.join(ana, ben)
      await until(() => ana.told("live").length > 0 && ben.told("live").length > 0)
      const writing = document.write(document.admin)
      const echoes: string[] = []
      const keeper = ana.keeper(document)
      const accept = keeper.accept.bind(keeper)
      keeper.accept = (envelopes, source) => {
        echoes.push(...envelopes.map(({ length }) => `${length} bytes from ${source}`))
        return accept(envelopes, source)
      }
      for (let count = 1; count <= 5; count++) {
        await ana.write(document, writing.seal().bytes)
        await level(document, count, ana, ben)
      }
      await ben.write(document, ...sealMany(document.write(editor), 2))
      await level(document, 7, ana, ben)
      expect(echoes).toHaveLength(2)
    })

    test("what is written at one end of a chain of three arrives at the other", async () => {
      const { carrier, document, ana, ben } = await begin()
      const cleo = new Place("cleo")
      const [editor, reader] = [await document.invite("edit"), await document.invite("view")]
      await ana.hold(document, document.admin)
      await ben.hold(document, editor)
      await cleo.hold(document, reader)
      await carrier.join(ana, ben)
      await carrier.join(ben, cleo)
      await ana.write(document, ...sealMany(document.write(document.admin), 20))
      await level(document, 20, ana, ben, cleo)
    })

    test("a receipt comes only after the disk has kept what it speaks of", async () => {
      const { carrier, document, ana, ben } = await begin()
      if (carrier.host) return // there the receipts are those of what is in the middle
      const editor = await document.invite("edit")
      const store = new SlowStore()
      await ana.hold(document, document.admin)
      await ben.hold(document, editor, store)
      await carrier.join(ana, ben)
      await until(() => ana.told("live").length > 0 && ben.told("live").length > 0)
      store.hold()
      await ana.write(document, ...sealMany(document.write(document.admin), 3))
      await level(document, 3, ana, ben)
      expect(ana.told("receipt")).toEqual([])
      store.letGo()
      await until(() => ana.told("receipt").length > 0)
      const receipt = ana.told("receipt").at(-1)
      expect(receipt?.by.seatPub).toBe(editor.seat.seatPub)
      expect(receipt?.entries).toEqual(ana.keeper(document).log.vector())
    })

    test("an envelope of 3 MiB arrives whole", async () => {
      const { carrier, document, ana, ben } = await begin()
      await ana.hold(document, document.admin)
      ben.follow(document, document.inviteOffline("edit"))
      const writing = document.write(document.admin)
      await ana.write(
        document,
        writing.seal().bytes,
        writing.seal(3 * 1024 * 1024).bytes,
        writing.seal().bytes,
      )
      await carrier.join(ana, ben)
      await level(document, 3, ana, ben)
    })

    test("a picture of 300 KiB arrives, and the words beside it do not wait for it", async () => {
      const { carrier, document, ana, ben } = await begin()
      const editor = await document.invite("edit")
      await ana.hold(document, document.admin)
      await ben.hold(document, editor)
      const random = chance(seed)
      const what = { type: "image/webp", width: 4, height: 3, likeness: null }
      const { announced, pieces } = await sealBlob(random(300 * 1024), what, random, async () => undefined)
      const writing = document.write(document.admin)
      await ana.keeper(document).blobs.keepOwn(announced.blobId, pieces)
      await ana.write(document, writing.seal().bytes, writing.announce(announced).bytes)
      await carrier.join(ana, ben)
      await ana.write(document, writing.seal().bytes)
      await level(document, 3, ana, ben)
      await until(() => ben.keeper(document).blobs.isWhole(announced.blobId))
    })

    test(`${documentCount} documents share one link`, async () => {
      const { carrier, ana, ben } = await begin()
      const documents = await Promise.all(Array.from({ length: documentCount }, () => newDocument(carrier)))
      for (const document of documents) {
        await ana.hold(document, document.admin)
        await ben.hold(document, document.admin)
        await ana.write(document, ...sealMany(document.write(document.admin), 2))
      }
      await carrier.join(ana, ben)
      for (const document of documents) await level(document, 2, ana, ben)
    }, 120_000)

    test("garbage ends the link that it came over, and nothing else", async () => {
      const { carrier, document, ana, ben } = await begin()
      await ana.hold(document, document.admin)
      await ben.hold(document, document.admin)
      const random = chance(seed)
      for (const length of [1, 2, 7, 300, 70_000]) {
        const link = await carrier.raw(ben)
        const closed = new Promise<string>(resolve => {
          link.onClose(resolve)
        })
        await link.ready()
        link.send(random(length))
        await closed
      }
      await carrier.join(ana, ben)
      await ana.write(document, ...sealMany(document.write(document.admin), 2))
      await level(document, 2, ana, ben)
    })

    test("cut in the middle and joined again, both hold the same", async () => {
      const { carrier, document, ana, ben } = await begin()
      await ana.hold(document, document.admin)
      ben.follow(document, document.inviteOffline("edit"))
      await ana.write(document, ...sealMany(document.write(document.admin), 150, 4_000))
      const cut = await carrier.join(ana, ben)
      await until(() => ben.holds(document) && ben.keeper(document).log.heads().length > 0)
      cut()
      await Promise.all([ana.exchanges[0]?.ended, ben.exchanges[0]?.ended])
      await ana.write(document, ...sealMany(document.write(document.admin), 10))
      await carrier.join(ana, ben)
      await level(document, 160, ana, ben)
    })
  })
}

/** A disk that can be made to wait. */
class SlowStore extends MemoryStore {
  #waiting: Promise<void> = Promise.resolve()
  #go: () => void = () => undefined

  hold(): void {
    this.#waiting = new Promise(resolve => {
      this.#go = resolve
    })
  }

  letGo(): void {
    this.#go()
  }

  override async append(batch: Batch): Promise<void> {
    await this.#waiting
    await super.append(batch)
  }
}
