// What comes in one handful: whose words they are, and which refusals are told.
import { expect, test } from "vitest"
import { NO_ENVELOPE } from "../../../src/bytes/ids"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { decodeSeat, decodeSession, encodeSession } from "../../../src/records/certificate"
import { type Envelope, encodeEnvelope, KINDS, splitEnvelope } from "../../../src/records/envelope"
import { foundDocument, type Member, type TestDocument, verify, type Writing } from "../sync/world"

/** The same session key, opening a session under somebody else's seat. */
function openedBy(member: Member, opening: Uint8Array, { key }: Writing): Uint8Array {
  const { header } = splitEnvelope(opening)
  if (header.kind !== KINDS.open) throw new Error("it opens no session")
  const session = decodeSession(header.sessionCertificate)
  const seat = decodeSeat(member.seatCertificate).hash
  const sessionCertificate = encodeSession({ ...session, seat }, member.seatKey)
  return encodeEnvelope({ ...header, prev: NO_ENVELOPE, sessionCertificate }, new Uint8Array(160), key).bytes
}

async function keeperOf(document: TestDocument) {
  const keeper = await Keeper.found(new MemoryStore(), verify, document.certificates.all())
  const told: Envelope[] = []
  keeper.onAppend(envelopes => told.push(...envelopes))
  return { keeper, told }
}

test("of two openings of one session the one that stands says whose words follow", async () => {
  const document = await foundDocument(71)
  const ben = await document.invite("edit")
  const writing = document.write(document.admin)
  const opening = writing.seal().bytes
  const other = openedBy(ben, opening, writing)
  const words = writing.seal().bytes
  for (const [first, second] of [
    [opening, other],
    [other, opening],
  ] as const) {
    const { keeper, told } = await keeperOf(document)
    const { refused } = await keeper.accept([first, second, words], "somewhere")
    expect(refused.map(({ reason }) => reason)).toContain("fork")
    const session = keeper.log.session(writing.sessionId)
    expect(session?.grantPub).toBe((first === opening ? document.admin : ben).grant.publicKey)
    for (const envelope of told) expect(envelope.session).toEqual(session)
  }
})

test("what follows an opening of an unknown seat is refused with it, in one word", async () => {
  const document = await foundDocument(72)
  const { keeper } = await keeperOf(document)
  const late = await document.invite("edit")
  const writing = document.write(late)
  const all = [writing.seal().bytes, writing.seal().bytes, writing.seal().bytes]
  const { appended, refused, gaps } = await keeper.accept(all, "somewhere")
  expect({ appended, gaps }).toEqual({ appended: [], gaps: [] })
  expect(refused.map(({ reason }) => reason)).toEqual(["unknown-seat"])
  await keeper.addCertificates(document.certificates.all())
  expect((await keeper.accept(all, "somewhere")).appended).toHaveLength(3)
})

test("another branch of a session is told of once it has shown its signature", async () => {
  const document = await foundDocument(73)
  const { keeper } = await keeperOf(document)
  const writing = document.write(document.admin)
  const [opening, one] = [writing.seal().bytes, writing.seal().bytes]
  writing.forget()
  const other = writing.seal().bytes
  let rung = 0
  keeper.onFork(() => rung++)
  await keeper.accept([opening, one], "somewhere")
  const damaged = other.slice()
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1
  await keeper.accept([damaged], "somewhere")
  expect([...keeper.forks]).toEqual([])
  await keeper.accept([other, other], "somewhere")
  await keeper.accept([other], "somewhere")
  expect([...keeper.forks]).toEqual([writing.sessionId])
  expect(rung).toBe(1)
})
