// Blobs on their way: what is announced and held goes over, piece by piece, in the right order, and goes on after a cut;
// and what a hostile end does with them.
import { afterEach, describe, expect, test } from "vitest"
import type { BlobId } from "../../../src/bytes/ids"
import { realWorld } from "../../../src/bytes/world"
import { memoryLinks } from "../../../src/links/memory"
import { MemoryStore } from "../../../src/log/memory"
import { type SealedBlob, sealBlob } from "../../../src/replica/blob"
import { decodeFrame, encodeMessage } from "../../../src/sync/codec"
import type { BlobData, Message, Piece } from "../../../src/sync/messages"
import { level, Place, until } from "../links/place"
import { chance, foundDocument, type TestDocument } from "./world"

const random = chance(91)
const cuts: (() => void)[] = []
afterEach(() => {
  for (const cut of cuts.splice(0)) cut()
})

/** Joins two places; `onPass` sees each message, from the first to the second or back, and says whether it goes on. */
function join(a: Place, b: Place, onPass: (message: Message) => boolean = () => true): () => void {
  const fault = (frame: Uint8Array) => (decodeFrame(frame).every(onPass) ? frame : null)
  const [one, other] = memoryLinks({ world: realWorld, fault })
  a.meet(one)
  b.meet(other)
  const cut = () => one.close()
  cuts.push(cut)
  return cut
}

const blobOf = (size: number): Promise<SealedBlob> =>
  sealBlob(
    random(size),
    { type: "image/webp", width: 4, height: 3, likeness: { type: "image/webp", bytes: random(500) } },
    random,
    async () => undefined,
  )

async function two(seed: number) {
  const document = await foundDocument(seed)
  const member = await document.invite("view")
  const ana = new Place("ana")
  const ben = new Place("ben")
  await ana.hold(document, document.admin)
  await ben.hold(document, member)
  const writing = document.write(document.admin)
  await ana.write(document, writing.seal().bytes)
  return { document, ana, ben, writing }
}

type Two = Awaited<ReturnType<typeof two>>

/** Keeps blobs at Ana's and announces them. */
async function paste({ document, ana, writing }: Two, ...blobs: readonly SealedBlob[]): Promise<void> {
  const keeper = ana.keeper(document)
  for (const { announced, pieces } of blobs) await keeper.blobs.keepOwn(announced.blobId, pieces)
  await ana.write(document, writing.announce(...blobs.map(({ announced }) => announced)).bytes)
}

const here = (place: Place, document: TestDocument, { announced }: SealedBlob): boolean =>
  place.keeper(document).blobs.isWhole(announced.blobId)

// Compared as buffers: a matcher would look at each of a million numbers.
async function same(place: Place, document: TestDocument, blob: SealedBlob): Promise<void> {
  const { blobs } = place.keeper(document)
  for (const [index, bytes] of blob.pieces.entries())
    expect(Buffer.from(bytes).equals((await blobs.read(blob.announced.blobId, index)) ?? random(1))).toBe(
      true,
    )
}

const dataIn = (passed: readonly Message[]): BlobData[] =>
  passed.flatMap(message => (message.type === "blob-data" ? [message] : []))

describe("what is announced and held", () => {
  test("goes to who lacks it: what was pasted before they met, and what is pasted while they are connected", async () => {
    const both = await two(201)
    const [before, after] = [await blobOf(150_000), await blobOf(10)]
    await paste(both, before)
    join(both.ana, both.ben)
    await until(() => here(both.ben, both.document, before))
    await paste(both, after)
    await until(() => here(both.ben, both.document, after))
    await same(both.ben, both.document, before)
    await same(both.ben, both.document, after)
  })

  test("is shown small before any of it is fetched whole, and the one that somebody waits for comes first", async () => {
    const both = await two(202)
    const [one, other] = [await blobOf(300_000), await blobOf(300_000)]
    await paste(both, one, other)
    const passed: Message[] = []
    both.ben.keeper(both.document).blobs.hurry(other.announced.blobId)
    join(both.ana, both.ben, message => passed.push(message) > 0)
    await until(() => here(both.ben, both.document, one) && here(both.ben, both.document, other))
    const order = dataIn(passed)
    const lastFirst = order.map(({ index }) => index < 2).lastIndexOf(true)
    expect(lastFirst).toBe(3)
    const rest = order.slice(4).map(({ blobId }) => blobId)
    expect(rest.indexOf(one.announced.blobId)).toBeGreaterThan(rest.lastIndexOf(other.announced.blobId) - 2)
    expect(order).toHaveLength(one.pieces.length + other.pieces.length)
  })

  test("goes on after a cut where it stopped: no piece comes twice", async () => {
    const both = await two(203)
    const blob = await blobOf(900_000)
    await paste(both, blob)
    const passed: Message[] = []
    const cut = join(both.ana, both.ben, message => {
      passed.push(message)
      return dataIn(passed).length < 6
    })
    await until(() => both.ben.keeper(both.document).blobs.here(blob.announced.blobId).size === 5)
    cut()
    const rest: Message[] = []
    join(both.ana, both.ben, message => rest.push(message) > 0)
    await until(() => here(both.ben, both.document, blob))
    await same(both.ben, both.document, blob)
    expect(dataIn(rest)).toHaveLength(blob.pieces.length - 5)
  })

  test("comes from whoever has it, each piece once, however many do", async () => {
    const both = await two(204)
    const { document, ana, ben } = both
    const cleo = new Place("cleo")
    await cleo.hold(document, document.admin)
    const blob = await blobOf(1_200_000)
    await paste(both, blob)
    join(ana, cleo)
    await until(() => here(cleo, document, blob))
    const passed: Message[] = []
    join(ana, ben, message => passed.push(message) > 0)
    join(cleo, ben, message => passed.push(message) > 0)
    await until(() => here(ben, document, blob))
    expect(dataIn(passed)).toHaveLength(blob.pieces.length)
    await same(ben, document, blob)
  })

  test("waits for text that is being fetched", async () => {
    const both = await two(205)
    const { document, ana, ben, writing } = both
    const blob = await blobOf(100_000)
    await paste(both, blob)
    for (let count = 0; count < 40; count++) await ana.write(document, writing.seal(20_000).bytes)
    const passed: Message[] = []
    join(ana, ben, message => passed.push(message) > 0)
    await until(() => here(ben, document, blob))
    await level(document, 42, ana, ben)
    const isAnswer = (message: Message) => message.type === "envelopes" && message.answer
    expect(passed.findIndex(({ type }) => type === "blob-data")).toBeGreaterThan(
      passed.findLastIndex(isAnswer),
    )
  })

  test("is here again after a restart", async () => {
    const both = await two(206)
    const blob = await blobOf(100_000)
    const store = new MemoryStore()
    const { document, ana } = both
    await paste(both, blob)
    const cleo = new Place("cleo")
    cleo.follow(document, await document.invite("view"), store)
    await ana.keeper(document).addCertificates(document.certificates.all())
    join(ana, cleo)
    await until(() => cleo.holds(document) && here(cleo, document, blob))
    expect((await store.load())?.announced).toEqual([blob.announced])
    expect((await store.blobs.held(null)).get(blob.announced.blobId)).toHaveLength(blob.pieces.length)
  })
})

/** Somebody who has proven a right, and then says what a test has them say about blobs. */
async function liar(seed: number, answer: (piece: Piece, blob: SealedBlob) => Uint8Array) {
  const both = await two(seed)
  const blob = await blobOf(100_000)
  await paste(both, blob)
  const { document, ana, ben } = both
  // What Ana says is changed on its way, which over a real link only Ana herself could do.
  const [one, other] = memoryLinks({
    world: realWorld,
    fault: frame => {
      const messages = decodeFrame(frame).map(message =>
        message.type === "blob-data" ? { ...message, bytes: answer(message, blob) } : message,
      )
      return Uint8Array.from(messages.flatMap(message => [...encodeMessage(message)]))
    },
  })
  ana.meet(one)
  const exchange = ben.meet(other)
  cuts.push(() => one.close())
  return { ...both, blob, exchange, document, ben }
}

describe("a hostile end", () => {
  test("that sends junk for a piece is hung up on, and nothing of it is kept", async () => {
    const { exchange, ben, document, blob } = await liar(211, ({ index }, { pieces }) =>
      index === 2 ? random(pieces[2]?.length ?? 1) : (pieces[index] ?? new Uint8Array(0)),
    )
    expect(await exchange.ended).toEqual({ why: "bad-body-hash", hostile: true })
    expect([...ben.keeper(document).blobs.here(blob.announced.blobId)]).not.toContain(2)
  })

  test("that sends another piece than was asked for, well sealed as it is, is hung up on", async () => {
    const { exchange } = await liar(
      212,
      ({ index }, { pieces }) => pieces[index === 2 ? 3 : index] ?? random(1),
    )
    expect(await exchange.ended).toMatchObject({ hostile: true })
  })

  test("that announces what it does not give is asked no further, and the link goes on", async () => {
    const { ben, ana, document, blob, writing } = await liar(213, () => new Uint8Array(0))
    await ana.write(document, writing.seal().bytes)
    await level(document, 3, ana, ben)
    expect(ben.keeper(document).blobs.here(blob.announced.blobId).size).toBe(0)
    expect(ben.exchanges[0]?.prover(document.docId)).not.toBeNull()
  })

  test("gets nothing that was never announced, and keeps nobody by what nobody asked for", async () => {
    const both = await two(214)
    const { document, ana, ben, writing } = both
    const secret = await blobOf(1_000)
    // Kept, but no envelope speaks of it.
    await ana.keeper(document).blobs.keepOwn(secret.announced.blobId, secret.pieces)
    const passed: Message[] = []
    join(ana, ben, message => passed.push(message) > 0)
    await until(() => ana.told("live").length > 0 && ben.told("live").length > 0)
    const { blobId } = secret.announced
    ben.links[0]?.send(encodeMessage({ type: "blob-want", slot: 0, pieces: [{ blobId, index: 1 }] }))
    await until(() => dataIn(passed).length === 1)
    expect(dataIn(passed)[0]?.bytes).toHaveLength(0)
    const unasked = {
      type: "blob-data",
      slot: 0,
      blobId,
      index: 0,
      bytes: secret.pieces[0] ?? random(1),
    } as const
    ana.links[0]?.send(encodeMessage(unasked))
    await ana.write(document, writing.seal().bytes)
    await level(document, 2, ana, ben)
    expect(ben.keeper(document).blobs.all()).toEqual<BlobId[]>([])
  })

  test("that sends a piece which nobody asked for has brought nothing, however genuine it is", async () => {
    const both = await two(216)
    const { document, ana, ben, writing } = both
    const blob = await blobOf(1_000)
    // Announced, and held by nobody: there is nobody to ask.
    await ana.write(document, writing.announce(blob.announced).bytes)
    join(ana, ben)
    await level(document, 2, ana, ben)
    const { blobId } = blob.announced
    const list = blob.pieces[0] ?? random(1)
    ana.links[0]?.send(encodeMessage({ type: "blob-data", slot: 0, blobId, index: 0, bytes: list }))
    await ana.write(document, writing.seal().bytes)
    await level(document, 3, ana, ben)
    const { blobs } = ben.keeper(document)
    await blobs.ready()
    expect(blobs.all()).toEqual([blobId])
    expect([...blobs.here(blobId)]).toEqual([])
  })

  test("who has proven no right is given nothing", async () => {
    const both = await two(215)
    const { document, ana } = both
    const blob = await blobOf(1_000)
    await paste(both, blob)
    const stranger = new Place("stranger")
    stranger.follow(document, document.stranger())
    const passed: Message[] = []
    join(ana, stranger, message => passed.push(message) > 0)
    await until(() => stranger.refusals("them").includes("unknown-grant"))
    const { blobId } = blob.announced
    stranger.links[0]?.send(encodeMessage({ type: "blob-want", slot: 0, pieces: [{ blobId, index: 0 }] }))
    stranger.links[0]?.send(encodeMessage({ type: "ping" }))
    await until(() => passed.some(({ type }) => type === "pong"))
    expect(passed.filter(({ type }) => type === "blob-data" || type === "blob-have")).toEqual([])
  })
})
