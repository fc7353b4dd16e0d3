// A device that may stop dead before any of its storage transactions, opened again and again, beside one that does
// not. Whatever step it stops at: what reached the readable copy is in the document afterwards, nothing stays
// unsealed after the next start, no place in a chain and no clock is used twice, and all logs and documents agree.
// A run is one number: SHEAF_SEED=… repeats it.
import * as prng from "lib0/prng"
import { expect, test } from "vitest"
import * as Y from "yjs"
import type { Keeper } from "../../src/log/keeper"
import { createDocument } from "../../src/replica/document"
import { openCopies } from "../../src/storage/copies"
import { openCopy } from "../../src/storage/copy"
import { openDatabase } from "../../src/storage/database"
import { Device, share, type Tab, TYPED, turns } from "../unit/replica/rig"

const FIRST = Number(process.env["SHEAF_SEED"] ?? 1)
const RUNS = Number(process.env["SHEAF_RUNS"] ?? 200)

test("a crash at any step loses nothing that reached the copy, and everything is sealed afterwards", async () => {
  console.info(`crash: seeds ${FIRST} to ${FIRST + RUNS - 1}`)
  const seen: Seen = { crashes: 0, crashesOfStarts: 0, tabs: 0, steps: 0 }
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    try {
      await crashRun(seed, seen)
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
    }
  }
  console.info(`crash: ${JSON.stringify(seen)}`)
  expect(seen.crashes, "a run in which nothing crashes proves nothing").toBeGreaterThan(RUNS / 4)
})

test("three devices that hear of each other late and out of turn come to the same document", async () => {
  const runs = Math.ceil(RUNS / 4)
  console.info(`shuffled: seeds ${FIRST} to ${FIRST + runs - 1}`)
  for (let seed = FIRST; seed < FIRST + runs; seed++) {
    try {
      await shuffledRun(seed)
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
    }
  }
})

// One document for all runs: founding it takes longer than a run. Sessions, and so all words, are each run's own.
const company = share(1).then(shared => ({
  shared,
  members: [shared.founder, shared.invite("edit"), shared.invite("edit")] as const,
}))

interface Seen {
  crashes: number
  crashesOfStarts: number
  tabs: number
  steps: number
}

async function crashRun(seed: number, seen: Seen): Promise<void> {
  const chance = prng.create(seed)
  const { shared, members } = await company
  const frail = new Device(shared, members[0], 3 * seed)
  const steady = await new Device(shared, members[1], 3 * seed + 1).open()
  for (let life = prng.int32(chance, 1, 3); life > 0; life--) {
    const inCopy = await copyOf(frail, shared.docId)
    frail.crashAfter(prng.int32(chance, 0, 45))
    const tab = await opened(frail)
    if (!tab) {
      seen.crashesOfStarts++
    } else {
      expectIncludes(tab.replica.doc, inCopy, "what was in the copy before")
      const tabs = [tab]
      for (let step = prng.int32(chance, 3, 14); step > 0 && !frail.hasCrashed; step--) {
        seen.steps++
        await deed(chance, prng.oneOf(chance, tabs), steady, () => frail.hasCrashed)
        // A second tab of the same profile reads the first one's unsealed words from the copy, and writes upon them.
        const second = tabs.length === 1 && prng.int32(chance, 0, 5) === 0 ? await opened(frail) : null
        if (second) tabs.push(second)
      }
      seen.tabs += tabs.length
    }
    if (frail.hasCrashed) seen.crashes++
    await turns(prng.int32(chance, 0, 6)) // what is under way may or may not still be written
    frail.kill()
  }
  const inCopy = await copyOf(frail, shared.docId)
  const last = await frail.open()
  await last.replica.settled()
  expectIncludes(last.replica.doc, inCopy, "what was in the copy before")
  expect(last.replica.pending, "words that are not sealed").toBe(false)
  expect(last.replica.health.aside, "words set aside").toEqual([])
  expect(await last.sessions.of(shared.docId), "records of sessions that are over").toHaveLength(1)
  await meet(last, steady)
  await meet(steady, last)
  for (const tab of [last, steady]) {
    expect(tab.replica.health.poison).toEqual([])
    expect(tab.replica.health.waiting).toBe(0)
    expect(tab.replica.health.fault).toBeNull()
  }
  expect(last.keeper.log.digest()).toEqual(steady.keeper.log.digest())
  expectSame(last.replica.doc, steady.replica.doc)
  await last.replica.close()
  await steady.replica.close()
}

async function shuffledRun(seed: number) {
  const chance = prng.create(seed)
  const { shared, members } = await company
  const tabs: Tab[] = []
  for (const [index, membership] of members.entries())
    tabs.push(await new Device(shared, membership, 3 * seed + index).open())
  for (let step = 0; step < 30; step++) {
    const from = prng.oneOf(chance, tabs)
    const to = prng.oneOf(chance, tabs)
    edit(chance, from.replica.doc)
    if (prng.bool(chance)) await from.replica.flush()
    if (from !== to && prng.bool(chance)) await meet(from, to, chance)
  }
  for (const tab of tabs) await tab.replica.flush()
  for (const from of tabs) for (const to of tabs) if (from !== to) await meet(from, to)
  const [first] = tabs
  for (const tab of tabs) {
    expect(tab.replica.health.poison).toEqual([])
    expect(tab.replica.health.waiting).toBe(0)
    if (first) expectSame(tab.replica.doc, first.replica.doc)
    await tab.replica.close()
  }
}

async function deed(chance: prng.PRNG, frail: Tab, steady: Tab, isOver: () => boolean): Promise<void> {
  switch (prng.int32(chance, 0, 9)) {
    case 0:
      await frail.replica.flush().catch(() => undefined) // it may be the step at which the device stops
      return
    case 1:
      frail.clock.advance(prng.int32(chance, 10, 6_000))
      return turns(prng.int32(chance, 0, 20))
    case 2:
      edit(chance, steady.replica.doc)
      return steady.replica.flush()
    case 3:
    case 4: {
      const [from, to] = prng.bool(chance) ? [frail, steady] : [steady, frail]
      try {
        return await meet(from, to)
      } catch (error) {
        if (isOver()) return // it stopped in the middle of it
        throw error
      }
    }
    case 5:
      frail.replica.flushNow()
      return
    default:
      edit(chance, frail.replica.doc)
      return turns(prng.int32(chance, 0, 2))
  }
}

function edit(chance: prng.PRNG, doc: Y.Doc): void {
  const body = doc.getText("body")
  const at = prng.int32(chance, 0, body.length)
  const length = prng.int32(chance, 0, Math.min(4, body.length - at))
  doc.transact(() => {
    switch (prng.int32(chance, 0, 6)) {
      case 0:
        return body.insertEmbed(at, new Y.Map([["type", "heading"]]))
      case 1:
        return length > 0 && body.format(at, length, { bold: prng.bool(chance) || null })
      case 2:
      case 3:
        return length > 0 && body.delete(at, length)
      default:
        return body.insert(at, prng.word(chance, 1, 5))
    }
  }, TYPED)
}

// Carries what the other log lacks, session by session; with chance, in any order and only so far.
async function meet(from: Tab, to: Tab, chance: prng.PRNG | null = null): Promise<void> {
  const ranges = from.keeper.log.lackedBy(to.keeper.log.vector())
  if (chance) ranges.sort(() => (prng.bool(chance) ? 1 : -1))
  await to.keeper.addCertificates(from.keeper.certificates.all())
  for (const range of ranges) {
    const last = chance ? prng.int32(chance, range.from, range.to) : range.to
    await take(to.keeper, await from.keeper.read({ ...range, to: last }, 1e9))
  }
  await to.replica.settled()
}

async function take(keeper: Keeper, bytes: readonly Uint8Array[]): Promise<void> {
  const { refused, durable } = await keeper.accept(bytes, "by hand")
  // A fork would be a place in a chain that was used twice.
  expect(refused, "what a device refuses of another's honest work").toEqual([])
  await durable
}

async function opened(device: Device): Promise<Tab | null> {
  try {
    return await device.open()
  } catch (error) {
    if (device.hasCrashed) return null
    throw error
  }
}

// The copy as the next start will find it.
async function copyOf(
  device: Device,
  docId: Parameters<ReturnType<typeof openCopies>["of"]>[0],
): Promise<Y.Doc> {
  globalThis.indexedDB = device.factory
  const database = await openDatabase()
  const { name } = await openCopies(database).of(docId)
  database.close()
  const doc = createDocument()
  await (await openCopy(name, doc)).close()
  return doc
}

function expectIncludes(doc: Y.Doc, part: Y.Doc, what: string): void {
  for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(part)))
    expect(Y.getState(doc.store, client), what).toBeGreaterThanOrEqual(clock)
  const before = JSON.stringify(doc.getText("body").toDelta())
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(part))
  expect(JSON.stringify(doc.getText("body").toDelta()), what).toBe(before)
}

function expectSame(one: Y.Doc, other: Y.Doc): void {
  const vector = (doc: Y.Doc) => [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b)
  expect(vector(one)).toEqual(vector(other))
  expect(one.getText("body").toDelta().map(plain)).toEqual(other.getText("body").toDelta().map(plain))
}

function plain(piece: { insert?: unknown; attributes?: unknown }): unknown {
  return { ...piece, insert: piece.insert instanceof Y.Map ? piece.insert.toJSON() : piece.insert }
}
