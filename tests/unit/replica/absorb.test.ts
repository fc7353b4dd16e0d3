// What an editor who breaks the rules can do to others: nothing but be shown.
import { beforeEach, expect, test } from "vitest"
import * as Y from "yjs"
import { type BlobId, type EnvelopeId, idOf } from "../../../src/bytes/ids"
import { Writer } from "../../../src/bytes/writer"
import { keysOf } from "../../../src/people/membership"
import { KINDS } from "../../../src/records/envelope"
import { createDocument } from "../../../src/replica/document"
import { chance } from "../sync/world"
import { type Forger, forger } from "./forger"
import { carry, Device, share, type Tab, until } from "./rig"

let reader: Tab
let evil: Forger

beforeEach(async () => {
  const shared = await share(21)
  const member = shared.invite("edit")
  reader = await new Device(shared, shared.founder, 22).open()
  evil = forger(member, reader.keeper.certificates, chance(23))
  await reader.keeper.addCertificates([keysOf(member).seatCertificate])
})

async function arrive(...envelopes: { readonly bytes: Uint8Array }[]): Promise<void> {
  const { durable, refused } = await reader.keeper.accept(
    envelopes.map(({ bytes }) => bytes),
    "test",
  )
  expect(refused).toEqual([])
  await durable
  await reader.replica.settled()
}

function words(text: string, client = evil.clientId): Uint8Array {
  const doc = createDocument(client)
  doc.getText("body").insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

const why = () => reader.replica.health.poison.map(each => each.why)

test("honest words by the same means are read", async () => {
  await arrive(evil.seal(), evil.seal({ payload: words("honest") }))
  expect(reader.text()).toBe("honest")
  expect(why()).toEqual([])
})

test("kinds that are not read yet are kept and counted, and what follows them is read", async () => {
  const id = idOf<EnvelopeId>(new Uint8Array(32).fill(1))
  const opening = evil.seal()
  const unread = [
    evil.seal({}, { kind: KINDS.preview, vouches: [] }),
    evil.seal(
      {},
      { kind: KINDS.blobs, vouches: [], blobs: [{ blobId: idOf<BlobId>(new Uint8Array(32)), bytes: 1 }] },
    ),
    evil.seal({}, { kind: KINDS.adoption, vouches: [], adopted: [{ ...opening.head, id }] }),
  ]
  const last = evil.seal({ payload: words("after them") })
  await arrive(opening, ...unread, last)
  expect(reader.replica.health).toMatchObject({ unread: 1, poison: [], waiting: 0 })
  expect(reader.keeper.log.head(last.head.sessionId)).toEqual(last.head)
  expect(reader.text()).toBe("after them")
})

test("a body that does not open is poison, stays in the log, and is named", async () => {
  const opening = evil.seal()
  const garbage = evil.sealGarbage()
  await arrive(opening, garbage)
  expect(reader.replica.health.poison).toMatchObject([garbage.head])
  expect(reader.keeper.log.idAt(garbage.head.sessionId, 1)).toBe(garbage.head.id)
})

test("what follows poison, and what builds on it, waits and is counted", async () => {
  await arrive(evil.seal(), evil.sealGarbage(), evil.seal({ payload: words("after") }))
  expect(reader.replica.health.waiting).toBe(1)
  expect(reader.text()).toBe("")
})

test("somebody else's words under one's own signature are poison", async () => {
  await arrive(evil.seal(), evil.seal({ payload: words("stolen", reader.replica.doc.clientID) }))
  expect(why()[0]).toContain("session itself")
  expect(reader.text()).toBe("")
  reader.type(0, "still writing")
  await reader.replica.flush()
  expect(reader.replica.pending).toBe(false)
})

test("words under a body that names what it lacks wait, and come when it arrives", async () => {
  const shared = await share(31)
  const [one, two] = [shared.invite("edit"), shared.invite("edit")]
  const tab = await new Device(shared, shared.founder, 32).open()
  await tab.keeper.addCertificates([keysOf(one).seatCertificate, keysOf(two).seatCertificate])
  const first = forger(one, tab.keeper.certificates, chance(33))
  const second = forger(two, tab.keeper.certificates, chance(34))
  const earlier = [first.seal(), first.seal({ payload: words("earlier", first.clientId) })] as const
  const later = [
    second.seal(),
    second.seal({ deps: [earlier[1].head], lamport: 3, payload: words("later ", second.clientId) }),
  ]
  await (
    await tab.keeper.accept(
      later.map(({ bytes }) => bytes),
      "test",
    )
  ).durable
  await tab.replica.settled()
  expect(tab.text()).toBe("")
  expect(tab.replica.health.waiting).toBe(1)
  await (
    await tab.keeper.accept(
      earlier.map(({ bytes }) => bytes),
      "test",
    )
  ).durable
  await tab.replica.settled()
  expect(tab.text()).toContain("earlier")
  expect(tab.text()).toContain("later")
  expect(tab.replica.health.waiting).toBe(0)
})

test("a lamport time that jumps to the end of all numbers stops its author, not the others", async () => {
  await arrive(evil.seal({ lamport: Number.MAX_SAFE_INTEGER }))
  expect(why()[0]).toContain("lamport")
  reader.type(0, "x")
  await reader.replica.flush()
  expect(reader.replica.pending).toBe(false)
})

test("a session that opens with words, names itself, or deletes the future is poison", async () => {
  await arrive(evil.seal({ payload: words("early") }))
  expect(why()).toEqual(["expected to open, announce or adopt without words"])
  const shared = await share(41)
  const tab = await new Device(shared, shared.founder, 42).open()
  const other = forger(shared.founder, tab.keeper.certificates, chance(43))
  const opening = other.seal()
  const selfish = other.seal({ deps: [opening.head] })
  await (await tab.keeper.accept([opening.bytes, selfish.bytes], "test")).durable
  await tab.replica.settled()
  expect(tab.replica.health.poison[0]?.why).toContain("its own session")
  const third = forger(shared.founder, tab.keeper.certificates, chance(44))
  tab.type(0, "mine")
  await tab.replica.flush()
  const deletion = deleting(tab.replica.doc.clientID, 2, 1_000)
  const envelopes = [third.seal(), third.seal({ payload: deletion })]
  await (
    await tab.keeper.accept(
      envelopes.map(({ bytes }) => bytes),
      "test",
    )
  ).durable
  await tab.replica.settled()
  expect(tab.replica.health.poison.at(-1)?.why).toContain("delete range inside the closure")
  tab.type(4, " and later words")
  expect(tab.text()).toBe("mine and later words")
})

/** An update that deletes a range and writes nothing. */
function deleting(client: number, clock: number, length: number): Uint8Array {
  return new Writer().number(0).number(1).number(client).number(1).number(clock).number(length).end()
}

test("what has just come is applied without being read from the disk, and what was opened later is read", async () => {
  const shared = await share(81)
  const ana = await new Device(shared, shared.founder, 810).open()
  const device = new Device(shared, shared.invite("edit"), 811)
  const bo = await device.open()
  const read = bo.keeper.read.bind(bo.keeper)
  let reads = 0
  bo.keeper.read = (...range) => {
    reads++
    return read(...range)
  }
  for (const words of ["first", "second", "third"]) {
    ana.type(0, `${words} `)
    await ana.replica.flush()
    await carry(ana, bo)
    await until(() => bo.text() === ana.text())
  }
  expect(reads).toBe(0)
  await bo.replica.close()
  expect((await device.open()).text()).toBe("third second first ")
})
