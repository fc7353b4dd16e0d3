// What every place where a log rests must do. Memory, IndexedDB and SQLite pass the same tests:
//
//     storeSuite("memory", async () => ({ open: () => store, … }))
import { describe, expect, test } from "vitest"
import { indexed } from "../../../src/log/chain"
import { Keeper } from "../../../src/log/keeper"
import type { Range } from "../../../src/log/log"
import { MemoryStore } from "../../../src/log/memory"
import { type Batch, type LogStore, StorageError, type StoredSession } from "../../../src/log/store"
import type { Envelope } from "../../../src/records/envelope"
import { splitEnvelope } from "../../../src/records/envelope"
import { foundDocument, sealMany, type TestDocument, verify } from "../sync/world"

/** Opens the store of one document; the same document opened again after `close` finds what was stored. */
export type OpenStore = (docId: TestDocument["docId"]) => Promise<LogStore>

/** `make` gives a fresh place for each test, and whatever opens stores in it. */
export function storeSuite(name: string, make: () => Promise<OpenStore>): void {
  describe(`a log store in ${name}`, () => {
    test("holds nothing before the first batch", async () => {
      const { store } = await prepare(make)
      expect(await store.load()).toBeNull()
    })

    test("gives back certificates in order, sessions and ids", async () => {
      const { store, batch, envelopes, reopened } = await prepare(make)
      await store.append(batch)
      const loaded = await (await reopened(store)).load()
      expect(loaded?.certificates.map(hex)).toEqual(batch.certificates.map(hex))
      const [first] = envelopes
      expect(loaded?.sessions).toHaveLength(2)
      const session = loaded?.sessions.find(({ places }) => places[0]?.id === first?.id)
      expect(hex(session?.open)).toBe(hex(first?.bytes))
      expect(idsOf(session)).toEqual(envelopes.slice(0, 4).map(({ id }) => id))
    })

    test("reads a range in order, byte for byte", async () => {
      const { store, batch, envelopes, reopened } = await prepare(make)
      await store.append(batch)
      const read = await (await reopened(store)).read(rangeOf(envelopes, 1, 3), 1e6)
      expect(read.map(hex)).toEqual(envelopes.slice(1, 4).map(({ bytes }) => hex(bytes)))
    })

    test("reads as much as fits, but at least one", async () => {
      const { store, batch, envelopes } = await prepare(make)
      await store.append(batch)
      const two = (envelopes[0]?.bytes.length ?? 0) + (envelopes[1]?.bytes.length ?? 0)
      expect(await store.read(rangeOf(envelopes, 0, 3), two)).toHaveLength(2)
      expect(await store.read(rangeOf(envelopes, 0, 3), two - 1)).toHaveLength(1)
      expect(await store.read(rangeOf(envelopes, 0, 3), 1)).toHaveLength(1)
    })

    test("reads nothing of what it does not reach", async () => {
      const { store, batch, envelopes } = await prepare(make)
      await store.append(batch)
      expect(await store.read(rangeOf(envelopes, 4, 9), 1e6)).toEqual([])
      expect(await store.read(rangeOf(envelopes, 3, 9), 1e6)).toHaveLength(1)
      const elsewhere: Range = { ...rangeOf(envelopes, 0, 3), sessionId: "AAAAAAAAAAAAAAAAAAAAAA" as never }
      expect(await store.read(elsewhere, 1e6)).toEqual([])
    })

    test("continues a chain, and passes over what it holds", async () => {
      const { store, batch, envelopes } = await prepare(make)
      await store.append({ certificates: batch.certificates, envelopes: envelopes.slice(0, 2) })
      await store.append({ certificates: batch.certificates, envelopes: envelopes.slice(0, 4) })
      const loaded = await store.load()
      expect(loaded?.sessions.map(idsOf)).toEqual([envelopes.slice(0, 4).map(({ id }) => id)])
      expect(loaded?.certificates).toHaveLength(batch.certificates.length)
    })

    test("keeps nothing of a batch with a hole in it", async () => {
      const { store, batch, envelopes } = await prepare(make)
      const [opening, , third] = envelopes
      if (!opening || !third) throw new Error("there are four")
      await store.append({ certificates: batch.certificates, envelopes: [opening] })
      expect(await reasonOf(store.append({ certificates: [], envelopes: [third] }))).toBe("conflict")
      expect(idsOf((await store.load())?.sessions[0])).toEqual([opening.id])
    })

    test("keeps nothing of a batch that stands where another one stands", async () => {
      const { store, batch, envelopes, other } = await prepare(make)
      await store.append({ certificates: batch.certificates, envelopes: envelopes.slice(0, 2) })
      const [stranger] = envelopes.slice(4)
      if (!stranger) throw new Error("there is another session")
      const mixed = { certificates: [], envelopes: [stranger, other] }
      expect(await reasonOf(store.append(mixed))).toBe("conflict")
      expect((await store.load())?.sessions).toHaveLength(1)
      expect(await store.read(rangeOf(envelopes, 1, 1), 1e6)).toEqual([envelopes[1]?.bytes])
    })

    test("drops a run for its rollup, goes on behind it, and takes the run back from its beginning", async () => {
      const { store, document, reopened } = await prepare(make)
      const writing = document.write(document.admin)
      const bytes = [...sealMany(writing, 4), writing.rollUp(1).bytes, writing.seal().bytes]
      const envelopes = await checked(document.certificates.all(), bytes)
      const certificates = document.certificates.all()
      const places = (...seqs: number[]) => seqs.map(seq => indexed(at(envelopes, seq)))
      await store.append({ certificates, envelopes: envelopes.slice(0, 5) })
      await store.drop([rangeOf(envelopes, 1, 3)])
      await store.append({ certificates, envelopes: envelopes.slice(5) })
      const again = await reopened(store)
      expect((await again.load())?.sessions[0]?.places).toEqual(places(0, 4, 5))
      const read = await again.read(rangeOf(envelopes, 0, 9), 1e6)
      expect(read.map(hex)).toEqual([0, 4, 5].map(seq => hex(at(envelopes, seq).bytes)))
      expect(await again.read(rangeOf(envelopes, 1, 3), 1e6)).toEqual([])
      await again.append({ certificates, envelopes: envelopes.slice(1, 3) })
      expect((await again.load())?.sessions[0]?.places).toEqual(places(0, 1, 2, 4, 5))
    })

    test("takes a rollup in the place of its run, and nothing else behind what is not there", async () => {
      const { store, document } = await prepare(make)
      const writing = document.write(document.admin)
      const bytes = [...sealMany(writing, 4), writing.rollUp(2).bytes, writing.seal().bytes]
      const envelopes = await checked(document.certificates.all(), bytes)
      const certificates = document.certificates.all()
      const of = (...seqs: number[]) => ({ certificates, envelopes: seqs.map(seq => at(envelopes, seq)) })
      expect(await reasonOf(store.append(of(0, 4)))).toBe("conflict")
      expect(await reasonOf(store.append(of(0, 1, 5)))).toBe("conflict")
      await store.append(of(0, 1, 4, 5))
      const loaded = await store.load()
      expect(loaded?.sessions[0]?.places).toEqual([0, 1, 4, 5].map(seq => indexed(at(envelopes, seq))))
    })

    test("serves a keeper that is opened again", async () => {
      const { store, document, reopened } = await prepare(make)
      const writing = document.write(document.admin)
      const keeper = await Keeper.found(store, verify, document.certificates.all())
      await (await keeper.accept(sealMany(writing, 5), "test")).durable
      const again = await Keeper.open(await reopened(store), verify)
      expect(again?.log.reach(writing.sessionId)).toBe(4)
      const { appended } = (await again?.accept(sealMany(writing, 2), "test")) ?? { appended: [] }
      expect(appended).toHaveLength(2)
      expect(again?.log.digest()).not.toEqual(keeper.log.digest())
    })

    test("may be closed twice", async () => {
      const { store } = await prepare(make)
      await store.close()
      await store.close()
    })
  })
}

interface Prepared {
  readonly store: LogStore
  readonly document: TestDocument
  readonly batch: Batch
  /** Four of one session, two of another. */
  readonly envelopes: readonly Envelope[]
  /** Stands where the second of the first session stands. */
  readonly other: Envelope
  reopened(store: LogStore): Promise<LogStore>
}

async function prepare(make: () => Promise<OpenStore>): Promise<Prepared> {
  const document = await foundDocument(7)
  const open = await make()
  const writing = document.write(document.admin)
  const bytes = [writing.seal().bytes]
  const branch = writing.seal().bytes
  writing.forget()
  bytes.push(...sealMany(writing, 3), ...sealMany(document.write(document.admin), 2))
  const certificates = document.certificates.all()
  const envelopes = await checked(certificates, bytes)
  const [, other] = await checked(certificates, [bytes[0] ?? branch, branch])
  if (!other) throw new Error("a branch is as genuine as what it branches from")
  return {
    store: await open(document.docId),
    document,
    batch: { certificates, envelopes },
    envelopes,
    other,
    reopened: async store => {
      await store.close()
      return open(document.docId)
    },
  }
}

async function checked(
  certificates: readonly Uint8Array[],
  bytes: readonly Uint8Array[],
): Promise<readonly Envelope[]> {
  const keeper = await Keeper.found(new MemoryStore(), verify, certificates)
  const { appended } = await keeper.accept(bytes, "test")
  expect(appended.map(({ bytes }) => splitEnvelope(bytes).id)).toHaveLength(bytes.length)
  return appended
}

function at(envelopes: readonly Envelope[], seq: number): Envelope {
  const envelope = envelopes[seq]
  if (!envelope) throw new Error(`there is no envelope ${seq}`)
  return envelope
}

function idsOf(session: StoredSession | undefined) {
  return session?.places.map(({ id }) => id)
}

function rangeOf([first]: readonly Envelope[], from: number, to: number): Range {
  if (!first) throw new Error("there are envelopes")
  return { sessionId: first.header.sessionId, from, to }
}

async function reasonOf(storing: Promise<unknown>): Promise<string> {
  const failure = await storing.then(
    () => null,
    (error: unknown) => error,
  )
  return failure instanceof StorageError ? failure.reason : `${failure}`
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("hex")
}
