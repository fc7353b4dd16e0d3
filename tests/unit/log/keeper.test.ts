import { describe, expect, test } from "vitest"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { type Batch, StorageError } from "../../../src/log/store"
import type { Envelope } from "../../../src/records/envelope"
import { foundDocument, sealMany, verify } from "../sync/world"

/** A disk that a test slows down, or fills. */
class Disk extends MemoryStore {
  readonly sizes: number[] = []
  full = false
  #gate: Promise<void> = Promise.resolve()
  #open: () => void = () => undefined

  hold(): void {
    this.#gate = new Promise(resolve => {
      this.#open = resolve
    })
  }

  letGo(): void {
    this.#open()
  }

  override async append(batch: Batch): Promise<void> {
    await this.#gate
    if (this.full) throw new StorageError("full", "no room")
    this.sizes.push(batch.envelopes.length)
    await super.append(batch)
  }
}

async function begin(seed: number) {
  const document = await foundDocument(seed)
  const disk = new Disk()
  const keeper = await Keeper.found(disk, verify, document.certificates.all())
  const told: Envelope[] = []
  keeper.onAppend(envelopes => told.push(...envelopes))
  const again = async () => {
    const opened = await Keeper.open(disk, verify)
    if (!opened) throw new Error("the disk holds a document")
    return opened
  }
  return { document, disk, keeper, told, again, writing: document.write(document.admin) }
}

describe("what arrives", () => {
  test("is in the log and told before it is on the disk", async () => {
    const { disk, keeper, told, writing } = await begin(1)
    disk.hold()
    const { appended, durable } = await keeper.accept(sealMany(writing, 3), "somewhere")
    expect(told).toEqual(appended)
    expect(keeper.log.reach(writing.sessionId)).toBe(2)
    expect(keeper.storedVector()).toEqual([])
    disk.letGo()
    await durable
    expect(keeper.storedVector()).toEqual(keeper.log.vector())
  })

  test("is passed over the second time", async () => {
    const { keeper, told, writing } = await begin(2)
    const envelopes = sealMany(writing, 3)
    await keeper.accept([...envelopes, ...envelopes], "one")
    const again = await keeper.accept(envelopes, "other")
    expect(again).toMatchObject({ appended: [], refused: [], gaps: [] })
    expect(told).toHaveLength(3)
  })

  test("and is not next is dropped, and what is missing is named", async () => {
    const { document, keeper, writing } = await begin(3)
    const { sessionId } = writing
    const envelopes = sealMany(writing, 6)
    expect((await keeper.accept(envelopes.slice(3, 5), "x")).gaps).toEqual([{ sessionId, from: 0, to: 4 }])
    expect((await keeper.accept([...envelopes.slice(0, 2), ...envelopes.slice(4)], "x")).gaps).toEqual([
      { sessionId, from: 2, to: 5 },
    ])
    expect((await keeper.accept(envelopes, "x")).gaps).toEqual([])
    expect(keeper.log.reach(sessionId)).toBe(5)
    expect(document.docId).toBe(keeper.docId)
  })

  test("and stands where another one stands is refused as a fork; the first branch stays", async () => {
    const { keeper, writing } = await begin(4)
    const trunk = sealMany(writing, 2)
    const first = writing.seal()
    writing.forget()
    const second = writing.seal()
    await keeper.accept([...trunk, first.bytes], "x")
    const { refused } = await keeper.accept([second.bytes, ...sealMany(writing, 1)], "y")
    expect(refused.map(({ reason, id }) => [reason, id])).toEqual(
      expect.arrayContaining([["fork", second.id]]),
    )
    expect(keeper.log.idAt(writing.sessionId, 2)).toBe(first.id)
    expect(keeper.log.reach(writing.sessionId)).toBe(2)
  })

  test("is refused by name: a viewer's, a stranger's, altered in the header and in the body, and nonsense", async () => {
    const { document, keeper, writing } = await begin(5)
    const viewer = await document.invite("view")
    for (const bytes of document.certificates.all()) await keeper.addCertificates([bytes])
    const [opening, update] = sealMany(writing, 2)
    if (!opening || !update) throw new Error("two were sealed")
    const reasonsFor = async (...envelopes: Uint8Array[]) =>
      (await keeper.accept(envelopes, "x")).refused.map(({ reason }) => reason)
    expect(await reasonsFor(...sealMany(document.write(viewer), 1))).toEqual(["no-right"])
    expect(await reasonsFor(...sealMany(document.write(document.stranger()), 1))).toEqual(["unknown-seat"])
    expect(await reasonsFor(opening, flipped(update, -1))).toEqual(["bad-body-hash"])
    expect(await reasonsFor(flipped(update, -200))).toEqual(["bad-signature"])
    expect(await reasonsFor(new Uint8Array(5), new Uint8Array(0))).toEqual(["damaged", "damaged"])
    const other = await foundDocument(6)
    expect(await reasonsFor(...sealMany(other.write(other.admin), 1))).toEqual(["wrong-document"])
    expect(keeper.log.heads()).toHaveLength(1)
  })

  test("does not take down what came with it", async () => {
    const { document, keeper } = await begin(7)
    const [one, two] = [document.write(document.admin), document.write(document.admin)]
    const chain = sealMany(one, 3)
    const bad = flipped(chain[1] ?? new Uint8Array(0), -1)
    const good = sealMany(two, 2)
    const { appended, gaps } = await keeper.accept([chain[0], bad, chain[2], ...good].filter(isBytes), "x")
    expect(appended).toHaveLength(3)
    expect(gaps).toEqual([{ sessionId: one.sessionId, from: 1, to: 2 }])
  })
})

describe("the disk", () => {
  test("is given in one go what came while it was busy", async () => {
    const { document, disk, keeper } = await begin(8)
    disk.sizes.length = 0
    disk.hold()
    const sessions = Array.from({ length: 6 }, () => document.write(document.admin))
    const accepted = []
    for (const writing of sessions) accepted.push(await keeper.accept(sealMany(writing, 2), "x"))
    disk.letGo()
    await Promise.all(accepted.map(({ durable }) => durable))
    expect(disk.sizes.reduce((sum, size) => sum + size)).toBe(12)
    expect(disk.sizes.length).toBeLessThanOrEqual(2)
  })

  test("that refuses is believed: the log holds what the disk holds, and can go on", async () => {
    const { disk, keeper, writing, again } = await begin(9)
    const envelopes = sealMany(writing, 6)
    await (await keeper.accept(envelopes.slice(0, 2), "x")).durable
    disk.full = true
    disk.hold()
    const lost = await keeper.accept(envelopes.slice(2, 4), "x")
    const lostToo = await keeper.accept(envelopes.slice(4), "x")
    expect(keeper.log.reach(writing.sessionId)).toBe(5)
    disk.letGo()
    await expect(lost.durable).rejects.toThrow(StorageError)
    await expect(lostToo.durable).rejects.toThrow("full")
    expect(keeper.log.reach(writing.sessionId)).toBe(1)
    expect((await again()).log.digest()).toEqual(keeper.log.digest())
    disk.full = false
    await (await keeper.accept(envelopes, "x")).durable
    expect((await again()).log.reach(writing.sessionId)).toBe(5)
  })

  test("keeps the certificates that it refused before with the next batch", async () => {
    const { document, disk, keeper, again } = await begin(10)
    const editor = await document.invite("edit")
    disk.full = true
    const shown = [editor.grantCertificate, editor.seatCertificate].filter(isBytes)
    const { added, durable } = await keeper.addCertificates(shown)
    expect(added).toHaveLength(2)
    await expect(durable).rejects.toThrow("full")
    disk.full = false
    await (await keeper.accept(sealMany(document.write(editor), 2), "x")).durable
    const opened = await again()
    expect(opened.certificates.roleOf(editor.grant.publicKey)).toBe("edit")
    expect(opened.log.heads()).toHaveLength(1)
  })

  test("that does not hold together says so instead of opening", async () => {
    const { disk } = await begin(11)
    const other = await foundDocument(12)
    const damaged = Object.assign(new MemoryStore(), {
      load: async () => ({
        certificates: [...((await disk.load())?.certificates ?? []), other.admin.seatCertificate],
        sessions: [],
      }),
    })
    await expect(Keeper.open(damaged, verify)).rejects.toMatchObject({ reason: "damaged" })
    expect(await Keeper.open(new MemoryStore(), verify)).toBeNull()
  })
})

describe("what is sealed here", () => {
  test("is on the disk before it is in the log and on its way", async () => {
    const { disk, keeper, told, writing } = await begin(13)
    const seen: number[] = []
    await keeper.appendOwn(sealMany(writing, 2), async batch => {
      seen.push(told.length, keeper.log.reach(writing.sessionId))
      await disk.append(batch)
    })
    expect(seen).toEqual([0, -1])
    expect(told).toHaveLength(2)
    expect(keeper.storedVector()).toEqual(keeper.log.vector())
  })

  test("is not in the log if the disk refuses, and can be tried again", async () => {
    const { disk, keeper, told, writing } = await begin(14)
    const envelopes = sealMany(writing, 2)
    disk.full = true
    await expect(keeper.appendOwn(envelopes, batch => disk.append(batch))).rejects.toThrow("full")
    expect(told).toEqual([])
    disk.full = false
    expect(await keeper.appendOwn(envelopes, batch => disk.append(batch))).toHaveLength(2)
  })

  test("is refused like anybody's if it has no right or is not next, and nothing of it is stored", async () => {
    const { document, disk, keeper, writing } = await begin(15)
    const viewer = await document.invite("view")
    await keeper.addCertificates(document.certificates.all())
    disk.sizes.length = 0
    const persist = (batch: Batch) => disk.append(batch)
    await expect(keeper.appendOwn(sealMany(document.write(viewer), 1), persist)).rejects.toThrow("no-right")
    const [opening, first, second] = sealMany(writing, 3)
    if (!opening || !first || !second) throw new Error("three were sealed")
    await expect(keeper.appendOwn([opening, second], persist)).rejects.toThrow("not-next")
    await expect(keeper.appendOwn([first], persist)).rejects.toThrow()
    expect(disk.sizes).toEqual([])
  })
})

describe("two tabs over one store", () => {
  test("one takes up what the other has stored, and tells it as coming from the disk", async () => {
    const { document, keeper, writing, again } = await begin(16)
    const other = await again()
    const sources: string[] = []
    other.onAppend((_, source) => sources.push(source))
    const editor = await document.invite("edit")
    await keeper.addCertificates(document.certificates.all())
    await (await keeper.accept(sealMany(writing, 3), "x")).durable
    await (await keeper.accept(sealMany(document.write(editor), 2), "x")).durable
    expect(await other.refresh()).toHaveLength(5)
    expect(other.log.digest()).toEqual(keeper.log.digest())
    expect(new Set(sources)).toEqual(new Set(["disk"]))
    expect(await other.refresh()).toEqual([])
  })

  test("told how far a session has grown, it reads only that", async () => {
    const { disk, keeper, writing, again } = await begin(18)
    const other = await again()
    await (await keeper.accept(sealMany(writing, 4), "x")).durable
    const load = disk.load.bind(disk)
    let loads = 0
    disk.load = () => {
      loads++
      return load()
    }
    expect(await other.refresh([{ sessionId: writing.sessionId, seq: 3 }])).toHaveLength(4)
    expect(loads).toBe(0)
    expect(await other.refresh([{ sessionId: writing.sessionId, seq: 9 }])).toEqual([])
    expect(loads).toBe(1)
  })

  test("of two that were given different branches, the first to store wins and nothing else is lost", async () => {
    const { document, keeper, writing, again } = await begin(19)
    const other = await again()
    const opening = writing.seal().bytes
    const mine = writing.seal()
    writing.forget()
    const theirs = writing.seal()
    await (await keeper.accept([opening, mine.bytes], "x")).durable
    const innocent = sealMany(document.write(document.admin), 2)
    const lost = await other.accept([opening, theirs.bytes, ...innocent], "y")
    await expect(lost.durable).rejects.toMatchObject({ reason: "conflict" })
    const { refused, durable } = await other.accept([theirs.bytes, ...innocent], "y")
    await durable
    expect(refused.map(({ reason }) => reason)).toEqual(["fork"])
    expect(other.log.idAt(writing.sessionId, 1)).toBe(mine.id)
    expect(other.log.heads()).toHaveLength(2)
  })
})

describe("receipts", () => {
  test("may speak of what came from elsewhere once it is durable", async () => {
    const { disk, keeper, writing } = await begin(17)
    const stored: number[] = []
    const stop = keeper.onStored(entries => stored.push(...entries.map(({ seq }) => seq)))
    await keeper.appendOwn(sealMany(writing, 1), batch => disk.append(batch))
    expect(stored).toEqual([])
    await (await keeper.accept(sealMany(writing, 2), "x")).durable
    expect(stored).toEqual([2])
    stop()
    await (await keeper.accept(sealMany(writing, 2), "x")).durable
    expect(stored).toEqual([2])
    await keeper.close()
  })
})

/** The same with one bit changed, counted from the end. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice()
  const index = changed.length + at
  changed[index] = (changed[index] ?? 0) ^ 1
  return changed
}

function isBytes(bytes: Uint8Array | null | undefined): bytes is Uint8Array {
  return bytes != null
}
