// Who keeps what, as far as it can be known: a receipt is as good from a third hand, and a place that does not hold what
// it has signed for is found by the first who meets anybody else.
import { afterEach, describe, expect, test } from "vitest"
import { realWorld, type World } from "../../../src/bytes/world"
import { sign, signingKey } from "../../../src/crypto/signing"
import { memoryLinks } from "../../../src/links/memory"
import { encodeSeat } from "../../../src/records/certificate"
import { encodeMessage } from "../../../src/sync/codec"
import { level, Place, until } from "../links/place"
import { chance, foundDocument, type Member, sealMany } from "./world"

/** A world in which nobody waits long. */
const hurried: World = { ...realWorld, after: (ms, f) => realWorld.after(Math.min(ms, 30), f) }

const cuts: (() => void)[] = []
afterEach(() => {
  for (const cut of cuts.splice(0)) cut()
})

function join(a: Place, b: Place, fault?: (frame: Uint8Array) => Uint8Array | null): () => void {
  const [one, other] = memoryLinks({ world: realWorld, ...(fault ? { fault } : {}) })
  a.meet(one)
  b.meet(other)
  cuts.push(() => one.close())
  return () => one.close()
}

async function company(seed: number) {
  const document = await foundDocument(seed)
  const key = signingKey(chance(seed + 1_000)(32))
  await document.host(key)
  const seatCertificate = encodeSeat({ docId: document.docId, seatPub: key.publicKey, claimHash: null }, key)
  const host: Member = {
    ...{ role: "host", grant: key, grantCertificate: null, seatCertificate, seatKey: key },
    seat: {
      seatPub: key.publicKey,
      certificate: seatCertificate,
      grantCertificate: null,
      sign: (kind, bytes) => sign(kind, bytes, key),
    },
  }
  const ben = await document.invite("edit")
  /** A relay as it was when it had nothing yet: the same key, an empty store. */
  const relay = async () => {
    const place = new Place("relay", { kind: "relay", relayKey: key.publicKey, world: hurried })
    await place.hold(document, host)
    return place
  }
  const device = async (name: string, member: Member) => {
    const place = new Place(name, { world: hurried })
    await place.hold(document, member)
    return place
  }
  return { document, key, benSeat: ben, relay, device }
}

describe("a receipt", () => {
  test("reaches somebody who never meets the one that signed it", async () => {
    const { document, benSeat, relay, device } = await company(71)
    const between = await relay()
    const ben = await device("ben", benSeat)
    const ana = await device("ana", document.admin)
    await ana.write(document, ...sealMany(document.write(document.admin), 3))
    const away = join(ana, between)
    await level(document, 3, ana, between)
    away()
    join(ben, between)
    await level(document, 3, ben, between)
    await until(() => between.told("receipt").some(({ by }) => by.seatPub === benSeat.seat.seatPub))
    join(ana, between)
    await until(() => ana.told("receipt").some(({ by }) => by.seatPub === benSeat.seat.seatPub))
    expect(ana.told("receipt").find(({ by }) => by.seatPub === benSeat.seat.seatPub)?.by.role).toBe("edit")
    expect(ana.told("withheld")).toEqual([])
  })

  test("whose signature does not hold ends the link that it came over", async () => {
    const { document, benSeat, device } = await company(72)
    const ana = await device("ana", document.admin)
    const ben = await device("ben", benSeat)
    await ana.write(document, ...sealMany(document.write(document.admin), 1))
    join(ana, ben)
    await level(document, 1, ana, ben)
    await until(() => ana.keeper(document).receipts.all().length === 1)
    const [good] = ana.keeper(document).receipts.all()
    if (!good) throw new Error("ben has signed")
    const forged = { ...good, at: good.at + 900_000 }
    const hostile = new Place("hostile", { world: hurried })
    await hostile.hold(document, await document.invite("view"))
    const cy = await device("cy", document.admin)
    const [one, other] = memoryLinks({ world: realWorld })
    hostile.meet(one)
    const { ended } = cy.meet(other)
    await until(() => cy.told("live").length === 1)
    one.send(encodeMessage({ type: "stored", slot: 0, receipt: forged }))
    expect(await ended).toMatchObject({ hostile: true, why: "bad-signature" })
  })
})

describe("a relay that signed for words and does not hand them out", () => {
  async function signedAndLost(seed: number) {
    const all = await company(seed)
    const { document, benSeat, relay, device } = all
    const before = await relay()
    const ben = await device("ben", benSeat)
    await ben.write(document, ...sealMany(document.write(benSeat), 3))
    const away = join(ben, before)
    await level(document, 3, ben, before)
    await until(() => ben.told("receipt").length > 0)
    away()
    await new Promise(resolve => setTimeout(resolve, 5)) // what it signed lies before the next link
    return { ...all, ben, after: await relay() }
  }

  test("is found when the words are met elsewhere first", async () => {
    const { document, key, ben, after, device } = await signedAndLost(73)
    const ana = await device("ana", document.admin)
    join(ana, ben)
    await level(document, 3, ana, ben)
    await until(() => ana.told("receipt").some(({ by }) => by.seatPub === key.publicKey))
    join(ana, after)
    await until(() => ana.told("withheld").length > 0)
    expect(ana.told("withheld")[0]?.by).toMatchObject({ seatPub: key.publicKey, role: "host" })
    expect(ana.told("withheld")).toHaveLength(1)
  })

  test("is found when the words are met elsewhere later", async () => {
    const { document, ben, after, device } = await signedAndLost(74)
    const ana = await device("ana", document.admin)
    // The relay goes on to hide them: what would fill its log again does not reach it.
    let meetsBen = false
    join(ana, after, frame => (meetsBen ? null : frame))
    await until(() => ana.told("caught-up").length > 0)
    await new Promise(resolve => setTimeout(resolve, 100)) // certificates have gone both ways
    expect(ana.told("withheld")).toEqual([])
    meetsBen = true
    join(ana, ben)
    await until(() => ana.told("withheld").length > 0)
  })
})

describe("what a device says of itself", () => {
  test("goes along when it is met, and again when it has changed", async () => {
    const { document, benSeat, device } = await company(75)
    const ana = await device("ana", document.admin)
    let said = Uint8Array.of(1, 2, 3)
    const changed = new Set<() => void>()
    const claim = {
      read: () => said,
      onChange: (f: () => void) => {
        changed.add(f)
        return () => changed.delete(f)
      },
    }
    const ben = await device("ben", { ...benSeat, seat: { ...benSeat.seat, claim } })
    await ana.write(document, ...sealMany(document.write(document.admin), 2))
    join(ana, ben)
    await level(document, 2, ana, ben)
    const claims = () => ana.told("receipt").map(({ claim }) => [...claim])
    await until(() => claims().length > 0)
    expect(claims()[0]).toEqual([1, 2, 3])
    said = Uint8Array.of(4)
    for (const f of changed) f()
    await until(() => claims().some(each => each[0] === 4))
    expect(ana.told("receipt").at(-1)?.seat).toBe(ana.keeper(document).receipts.all()[0]?.seat)
    // Whoever comes later is told the same by a third hand.
    const cy = await device("cy", document.admin)
    join(ana, cy)
    await until(() => cy.told("receipt").some(({ claim }) => claim[0] === 4))
  })
})
