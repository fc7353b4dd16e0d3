// Whoever's right was taken back gets nothing more, not even what they could not read: on links that are open, on new
// ones, from peers and from a relay alike. They are shown the epoch that took it, so that their own screen can say so.
import { afterEach, describe, expect, test } from "vitest"
import { realWorld } from "../../../src/bytes/world"
import { memoryLinks } from "../../../src/links/memory"
import type { EndKind } from "../../../src/sync/messages"
import { level, Place, until } from "../links/place"
import { foundDocument, sealMany, type TestDocument } from "./world"

const cuts: (() => void)[] = []
afterEach(() => {
  for (const cut of cuts.splice(0)) cut()
})

function join(a: Place, b: Place): () => void {
  const [one, other] = memoryLinks({ world: realWorld })
  a.meet(one)
  b.meet(other)
  const cut = () => one.close()
  cuts.push(cut)
  return cut
}

const heldBy = (place: Place, document: TestDocument) =>
  place
    .keeper(document)
    .log.heads()
    .reduce((sum, { seq }) => sum + seq + 1, 0)

describe.each<EndKind>(["peer", "relay"])("fetching by a removed reader, from a %s", kind => {
  async function people(seed: number) {
    const document = await foundDocument(seed)
    const [bo, cy] = [await document.invite("edit"), await document.invite("edit")]
    const { seatPub } = document.admin.seat
    const holder = new Place("the holder", kind === "relay" ? { kind, relayKey: seatPub } : { kind })
    const [ana, ben, cyd] = [new Place("ana"), new Place("ben"), new Place("cyd")]
    await ana.hold(document, document.admin)
    await holder.hold(document, document.admin)
    await ben.hold(document, bo)
    await cyd.hold(document, cy)
    return { document, bo, holder, ana, ben, cyd }
  }

  test("on a link that is open: put out at once, told why, and all others go on", async () => {
    const { document, bo, holder, ana, ben, cyd } = await people(61)
    for (const place of [ana, ben, cyd]) join(place, holder)
    const words = document.write(document.admin)
    await ana.write(document, ...sealMany(words, 3))
    await level(document, 3, ana, holder, ben, cyd)
    await ana.keeper(document).addCertificates([document.takeBack(bo)])
    await until(() => holder.keeper(document).certificates.roleOf(bo.grant.publicKey) === null)
    await ana.write(document, ...sealMany(words, 4))
    await level(document, 7, ana, holder, cyd)
    await until(() => ben.keeper(document).certificates.roleOf(bo.grant.publicKey) === null)
    // Bo asks as often as a program can, and for what it knows to be there.
    const theirs = document.write(bo)
    await ben.keeper(document).accept(sealMany(theirs, 2), "elsewhere")
    await ana.write(document, ...sealMany(words, 1))
    await level(document, 8, ana, holder, cyd)
    expect(ben.keeper(document).log.held(words.sessionId)).toBe(2)
    expect(holder.keeper(document).log.held(theirs.sessionId)).toBe(-1)
    expect(holder.exchanges.map(exchange => exchange.prover(document.docId)?.grantPub)).not.toContain(
      bo.grant.publicKey,
    )
  })

  test("on a new link: shown the epoch that took the right, and nothing else", async () => {
    const { document, bo, holder, ben } = await people(62)
    const words = document.write(document.admin)
    await holder.write(document, ...sealMany(words, 5))
    const later = await document.invite("edit")
    await holder.keeper(document).addCertificates([...document.certificates.all(), document.takeBack(bo)])
    join(ben, holder)
    await until(() => ben.keeper(document).certificates.roleOf(bo.grant.publicKey) === null)
    await until(() => ben.refusals("them").includes("no-right"))
    expect(heldBy(ben, document)).toBe(0)
    expect(ben.keeper(document).certificates.seatsOf(later.grant.publicKey)).toEqual([])
  })

  test("a right that is given back lets them in again", async () => {
    const { document, bo, holder, ana, ben } = await people(63)
    join(ana, holder)
    join(ben, holder)
    const words = document.write(document.admin)
    await ana.write(document, ...sealMany(words, 1))
    await level(document, 1, ana, holder, ben)
    const taken = document.takeBack(bo)
    await ana.keeper(document).addCertificates([taken])
    await until(() => ben.keeper(document).certificates.roleOf(bo.grant.publicKey) === null)
    await ana.keeper(document).addCertificates([document.giveBack(bo, taken)])
    await ana.write(document, ...sealMany(words, 2))
    await level(document, 3, ana, holder, ben)
  })
})
