import { readFileSync } from "node:fs"
import fc from "fast-check"
import * as prng from "lib0/prng"
import { describe, expect, test, vi } from "vitest"
import { FormatError, NewerVersionError } from "../../../src/bytes/errors"
import { concat, equalBytes, Writer } from "../../../src/bytes/writer"
import { stretch } from "../../../src/crypto/passphrase"
import { isSealed, type Packed, type Part, readBundle } from "../../../src/links/bundle"
import { WrongPassphraseError } from "../../../src/links/sealed-file"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { encodeMessage } from "../../../src/sync/codec"
import { fromHex } from "../../vectors/world"
import { runs, SEED } from "../chance"
import { Device, share } from "../replica/rig"
import { chance, foundDocument, sealMany, verify } from "../sync/world"
import { fileOf, pieces, saved, takeInto } from "./bundles"

// Stretching is meant to be slow: each passphrase with its salt is stretched once here.
vi.mock("../../../src/crypto/passphrase", async original => {
  const real = await original<typeof import("../../../src/crypto/passphrase")>()
  const known = new Map<string, Promise<Uint8Array>>()
  const stretchOnce: typeof real.stretch = (words, { salt, rounds }) => {
    const name = `${words} ${salt} ${rounds}`
    const key = known.get(name) ?? real.stretch(words, { salt, rounds })
    known.set(name, key)
    return key
  }
  return { ...real, stretch: stretchOnce }
})

const random = chance(70)
const packed = (
  certificates: Uint8Array[],
  envelopes: Uint8Array[][] = [],
  keys: Uint8Array | null = null,
): Packed => ({
  certificates,
  envelopes: (async function* () {
    yield* envelopes
  })(),
  keys,
})

async function partsOf(
  file: Uint8Array,
  passphrase: string | null = null,
  pieceBytes?: number,
): Promise<Part[]> {
  const parts: Part[] = []
  for await (const part of readBundle(pieces(file, pieceBytes), passphrase)) parts.push(part)
  return parts
}

describe("the form of a file", () => {
  const letters = (text: string) => new TextEncoder().encode(text)
  const one = () =>
    packed([letters("genesis"), letters("epoch")], [[letters("a"), letters("b")], [letters("c")]])
  const two = () => packed([letters("another")])

  test("what was written is read, whatever the pieces it comes in", async () => {
    const file = await fileOf([one(), two()], random)
    const whole = await partsOf(file)
    expect(whole.map(({ part, slot }) => `${part} ${slot}`)).toEqual([
      "certificates 0",
      "envelopes 0",
      "envelopes 0",
      "certificates 1",
    ])
    for (const pieceBytes of [1, 2, 7, 50]) expect(await partsOf(file, null, pieceBytes)).toEqual(whole)
    expect(await isSealed(pieces(file))).toBe(false)
  })

  test("cut off anywhere, with something behind, or with a byte changed, it is refused", async () => {
    const file = await fileOf([one(), two()], random)
    for (let length = 0; length < file.length; length++)
      await expect(partsOf(file.slice(0, length)), `${length} bytes`).rejects.toBeInstanceOf(FormatError)
    await expect(partsOf(concat(file, new Uint8Array(1)))).rejects.toBeInstanceOf(FormatError)
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(partsOf(changed), `byte ${at}`).rejects.toBeInstanceOf(FormatError)
    }
  })

  test("a newer file says so", async () => {
    await expect(partsOf(letters("SHEAF2\0"))).rejects.toBeInstanceOf(NewerVersionError)
    await expect(partsOf(letters("SHEAF1\x02"))).rejects.toBeInstanceOf(NewerVersionError)
    await expect(partsOf(letters("PK\x03\x04 an archive"))).rejects.not.toBeInstanceOf(NewerVersionError)
  })

  test("nothing else that ends of links say has a place in it, nor parts out of their order", async () => {
    const begin = concat(letters("SHEAF1"), new Uint8Array(1))
    const certs = (slot: number) => encodeMessage({ type: "certs", slot, certificates: [letters("x")] })
    const envelopes = (slot: number, answer = false) =>
      encodeMessage({ type: "envelopes", slot, answer, envelopes: [letters("x")] })
    for (const parts of [
      [encodeMessage({ type: "ping" })],
      [certs(0), encodeMessage({ type: "want-certs", slot: 0 })],
      [certs(0), envelopes(0, true)],
      [envelopes(0)],
      [certs(1)],
      [certs(0), certs(2)],
      [certs(0), envelopes(0), certs(0)],
      [certs(0), certs(1), envelopes(0)],
      [
        new Writer()
          .byte(32)
          .block(new Writer().number(0).block(letters("keys")).end())
          .end(),
      ],
    ])
      await expect(partsOf(concat(begin, ...parts))).rejects.toThrow(/expected/)
  })

  test("a length that is claimed costs nothing before its bytes have come", async () => {
    const claim = (length: number) =>
      concat(letters("SHEAF1"), new Writer().byte(0).byte(7).number(length).end(), letters("little"))
    await expect(partsOf(claim(8_000_000))).rejects.toThrow("expected 8000000 bytes of a part, got 6")
    await expect(partsOf(claim(2 ** 40))).rejects.toThrow(/of at most/)
  })

  test("whatever the bytes are, nothing but a refusal comes of them", async () => {
    const begin = concat(letters("SHEAF1"), new Uint8Array(1))
    const part = fc
      .tuple(fc.constantFrom(3, 7, 32, 33, 9), fc.uint8Array({ maxLength: 40 }))
      .map(([type, bytes]) => new Writer().byte(type).block(bytes).end())
    const file = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map(bytes => concat(begin, bytes)),
      fc.array(part, { maxLength: 6 }).map(parts => concat(begin, ...parts)),
    )
    await fc.assert(
      fc.asyncProperty(file, async bytes => {
        await expect(partsOf(bytes)).rejects.toBeInstanceOf(FormatError)
      }),
      runs(300),
    )
  })
})

describe("bundles.json", () => {
  const { vectors } = JSON.parse(
    readFileSync(new URL("../../vectors/bundles.json", import.meta.url), "utf8"),
  ) as {
    vectors: { name: string; bytes: string; passphrase: string | null; expect: string; parts?: unknown }[]
  }

  test.each(vectors)("$name is $expect", { timeout: 60_000 }, async vector => {
    const reading = partsOf(fromHex(vector.bytes), vector.passphrase)
    if (vector.expect !== "good") {
      const why = await reading.catch((error: unknown) => error)
      const newer = why instanceof NewerVersionError
      const said = why instanceof WrongPassphraseError ? "wrong-passphrase" : newer ? "newer" : "format"
      expect(why).toBeInstanceOf(said === "wrong-passphrase" ? WrongPassphraseError : FormatError)
      expect(said).toBe(vector.expect)
      return
    }
    const parts = (await reading).map(part => [
      part.part,
      part.slot,
      part.part === "keys"
        ? part.keys.length
        : (part.part === "envelopes" ? part.envelopes : part.certificates).length,
    ])
    expect(parts).toEqual(vector.parts)
  })
})

describe("sealed to a passphrase", { timeout: 120_000 }, () => {
  const passphrase = "four words of ours"
  const letters = new TextEncoder().encode("genesis of something")
  const large = Array.from({ length: 3 }, () => [random(60_000), random(60_000), random(60_000)])
  const keys = new TextEncoder().encode("what opens it")

  test("it opens with the passphrase alone, and nothing in it can be read without", async () => {
    const file = await fileOf([packed([letters], large, keys)], random, passphrase)
    expect(await isSealed(pieces(file))).toBe(true)
    expect(Buffer.from(file).includes(Buffer.from(letters))).toBe(false)
    const parts = await partsOf(file, passphrase, 999)
    expect(parts[0]).toEqual({ part: "keys", slot: 0, keys })
    const came = parts.flatMap(part => (part.part === "envelopes" ? part.envelopes : []))
    expect(equalBytes(concat(...came), concat(...large.flat()))).toBe(true)
    await expect(partsOf(file, "four words of our")).rejects.toBeInstanceOf(WrongPassphraseError)
    // The same letters, however a keyboard makes them.
    const stretching = { salt: random(16), rounds: 2 }
    expect(await stretch("cafe\u0301", stretching)).toEqual(await stretch("caf\u00e9", stretching))
    expect(await stretch("cafe", stretching)).not.toEqual(await stretch("caf\u00e9", stretching))
  })

  test("chunks that are cut off, left out, doubled or changed are refused", async () => {
    const file = await fileOf([packed([letters], large)], random, passphrase)
    const head = 7 + 16 + 3
    const sizes: number[] = []
    for (let at = head; at < file.length; ) {
      const [low = 0, middle = 0, high = 0] = file.subarray(at + 1, at + 4)
      const bytes = (low & 127) + (middle & 127) * 128 + high * 16_384
      sizes.push(4 + bytes)
      at += 4 + bytes
    }
    expect(sizes.length).toBeGreaterThan(2)
    const chunk = (index: number) => {
      const at = head + sizes.slice(0, index).reduce((sum, size) => sum + size, 0)
      return file.slice(at, at + (sizes[index] ?? 0))
    }
    const start = file.slice(0, head)
    const all = sizes.map((_, index) => chunk(index))
    const [first = start, , ...rest] = all
    for (const chunks of [[first], [first, ...rest], [...all, ...all.slice(-1)]])
      await expect(partsOf(concat(start, ...chunks), passphrase)).rejects.toBeInstanceOf(FormatError)
    const changed = concat(start, ...all)
    changed[head + first.length + 60] = (changed[head + first.length + 60] ?? 0) ^ 1
    await expect(partsOf(changed, passphrase)).rejects.toBeInstanceOf(FormatError)
  })

  test("a file that asks for too little or too much stretching is refused before any", async () => {
    const asking = (rounds: number) =>
      concat(
        new TextEncoder().encode("SHEAF1\x01"),
        new Writer().bytes(random(16)).number(rounds).end(),
        random(90),
      )
    await expect(partsOf(asking(1_000), passphrase)).rejects.toThrow(/at least 600000/)
    await expect(partsOf(asking(2 ** 40), passphrase)).rejects.toThrow(/at most/)
  })

  test("keys are never written into an open file", async () => {
    await expect(fileOf([packed([letters], [], keys)], random)).rejects.toThrow("open file")
  })
})

describe("taking a file in", () => {
  test("each edit counts once, however often and in whatever order files come", async () => {
    const document = await foundDocument(71)
    const editor = await document.invite("edit")
    const keeperOf = () => Keeper.found(new MemoryStore(), verify, document.certificates.all())
    const ana = await keeperOf()
    const writing = document.write(document.admin)
    await ana.accept(sealMany(writing, 4), "own")
    const early = await saved(random, ana)
    await ana.accept([...sealMany(writing, 3), ...sealMany(document.write(editor), 3)], "own")
    const late = await saved(random, ana)
    const bo = await keeperOf()
    const counts = async (file: Uint8Array) => {
      const { documents, broke } = await takeInto(file, [bo])
      expect(broke).toBeNull()
      return documents.map(each => [
        each.as,
        [...each.edits.values()].map(({ count }) => count).sort(),
        each.refused,
      ])
    }
    expect(await counts(early)).toEqual([["known", [3], 0]])
    expect(await counts(early)).toEqual([["known", [], 0]])
    expect(await counts(late)).toEqual([["known", [2, 3], 0]])
    expect(await counts(early)).toEqual([["known", [], 0]])
    expect(bo.log.digest()).toEqual(ana.log.digest())
    const cy = await keeperOf()
    await takeInto(late, [cy])
    await takeInto(early, [cy])
    expect(cy.log.digest()).toEqual(ana.log.digest())
  })

  test("of a document that nothing here opens nothing is kept, and the next one is taken in all the same", async () => {
    const [mine, theirs] = [await foundDocument(72), await foundDocument(73)]
    const make = async (document: typeof mine) => {
      const keeper = await Keeper.found(new MemoryStore(), verify, document.certificates.all())
      await keeper.accept(sealMany(document.write(document.admin), 3), "own")
      return keeper
    }
    const file = await saved(random, await make(theirs), await make(mine))
    const here = await Keeper.found(new MemoryStore(), verify, mine.certificates.all())
    const { documents } = await takeInto(file, [here])
    expect(documents.map(each => each.as)).toEqual(["unreadable", "known"])
    expect(here.log.heads()).toHaveLength(1)
  })

  test("a forged envelope ends it, and what came before it is in the log", async () => {
    const document = await foundDocument(74)
    const certificates = document.certificates.all()
    const good = sealMany(document.write(document.admin), 3)
    const forged = sealMany(document.write(document.admin), 1).map(bytes => {
      const changed = bytes.slice()
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
      return changed
    })
    const after = sealMany(document.write(document.admin), 2)
    const file = await fileOf([packed([...certificates], [good, forged, after])], random)
    const here = await Keeper.found(new MemoryStore(), verify, certificates)
    const { documents, broke } = await takeInto(file, [here])
    expect(broke).toBeInstanceOf(FormatError)
    expect(documents.map(each => [...each.edits.values()].map(({ count }) => count))).toEqual([[2]])
    expect(here.log.heads()).toHaveLength(1)
  })

  test("somebody without a right gets nothing in by a file, and envelopes of another document neither", async () => {
    const document = await foundDocument(75)
    const viewer = await document.invite("view")
    const stranger = document.stranger()
    const other = await foundDocument(76)
    const certificates = document.certificates.all()
    const hostile = [viewer, stranger].flatMap(member => sealMany(document.write(member), 2))
    const file = await fileOf([packed([...certificates, stranger.seatCertificate], [hostile])], random)
    const here = await Keeper.found(new MemoryStore(), verify, certificates)
    const { documents, broke } = await takeInto(file, [here])
    expect(broke).toBeNull()
    expect(documents.map(({ edits, refused }) => [edits.size, refused])).toEqual([[0, 2]])
    const foreign = await fileOf([packed([...certificates], [sealMany(other.write(other.admin), 1)])], random)
    expect((await takeInto(foreign, [here])).broke).toBeInstanceOf(FormatError)
    expect(here.log.heads()).toEqual([])
  })
})

test("two devices that only ever exchange a file for three months end with the same document", async () => {
  const chanceOf = prng.create(SEED)
  const shared = await share(SEED)
  const invited = shared.invite("edit")
  const devices = [new Device(shared, shared.founder, SEED + 1), new Device(shared, invited, SEED + 2)]
  const files: { of: number; bytes: Uint8Array }[] = []
  const written: string[] = []
  const exchange = async (from: number, to: number, old: boolean) => {
    const giver = await (devices[from] as Device).open()
    files.push({ of: from, bytes: await saved(random, giver.keeper) })
    await giver.replica.close()
    const own = files.filter(({ of }) => of === from)
    const file = old ? own[prng.int32(chanceOf, 0, own.length - 1)] : own.at(-1)
    const taker = await (devices[to] as Device).open()
    for (let times = prng.int32(chanceOf, 1, 2); times > 0; times--) {
      const { broke, documents } = await takeInto(file?.bytes ?? new Uint8Array(0), [taker.keeper])
      expect(broke).toBeNull()
      expect(documents.map(each => each.refused)).toEqual([0])
    }
    await taker.replica.settled()
    await taker.replica.close()
  }
  for (let day = 0; day < 90; day++) {
    for (const [who, device] of devices.entries()) {
      if (prng.int32(chanceOf, 0, 9) > 1) continue
      const tab = await device.open()
      for (let edits = prng.int32(chanceOf, 1, 4); edits > 0; edits--) {
        const text = tab.replica.doc.getText("body")
        const word = ` ${who ? "bo" : "ana"}${day}x${edits}`
        tab.type(prng.int32(chanceOf, 0, text.length), word)
        written.push(word.trim())
        if (prng.bool(chanceOf)) await tab.replica.flush()
      }
      tab.clock.advance(86_400_000)
      await tab.replica.flush()
      await tab.replica.close()
    }
    const from = prng.int32(chanceOf, 0, 1)
    if (prng.int32(chanceOf, 0, 9) === 0) await exchange(from, 1 - from, prng.int32(chanceOf, 0, 3) === 0)
  }
  await exchange(0, 1, false)
  await exchange(1, 0, false)
  const [ana, bo] = [await (devices[0] as Device).open(), await (devices[1] as Device).open()]
  expect(bo.keeper.log.digest()).toEqual(ana.keeper.log.digest())
  expect(bo.text()).toBe(ana.text())
  expect(ana.replica.health).toMatchObject({ poison: [], waiting: 0, forks: [], fault: null })
  // Words may be typed into the middle of others: letters are counted.
  const letters = (words: string) => [...words.replaceAll(" ", "")].sort().join("")
  expect(letters(ana.text())).toBe(letters(written.join("")))
}, 120_000)
