// Break everything, then let it heal: places that write while links come and go, certificates arrive late and frames
// take their time. Afterwards, all of them joined, they hold the same. The seed is printed; SEED=… repeats the plan.
import { expect, test } from "vitest"
import { realWorld } from "../../../src/bytes/world"
import { sign, signingKey } from "../../../src/crypto/signing"
import { memoryLinks } from "../../../src/links/memory"
import { encodeSeat } from "../../../src/records/certificate"
import { SEED } from "../chance"
import { level, Place, until } from "../links/place"
import { chance, foundDocument, type Member, type TestDocument } from "./world"

const RUNS = 12
const STEPS = 40

test(`${RUNS} restless networks come to rest with the same log everywhere`, async () => {
  const document = await foundDocument(81)
  const relayKey = signingKey(chance(82)(32))
  await document.host(relayKey)
  const members = [
    document.admin,
    await document.invite("edit"),
    await document.invite("edit"),
    await document.invite("view"),
  ]
  for (let run = 0; run < RUNS; run++)
    await restless(SEED + run, document, members, hostOf(document, relayKey))
}, 120_000)

async function restless(
  seed: number,
  document: TestDocument,
  members: readonly Member[],
  host: Member,
): Promise<void> {
  const bytes = chance(seed)
  const below = (limit: number) => (bytes(1)[0] ?? 0) % limit
  const relay = new Place("relay", { kind: "relay", relayKey: host.seat.seatPub })
  relay.follow(document, host)
  const places = await Promise.all(
    members.map(async (member, index) => {
      const place = new Place(`place ${index} of ${seed}`)
      // Some know the document, some only its name.
      if (index === 0 || below(2) === 0) await place.hold(document, member)
      else place.follow(document, member)
      return place
    }),
  )
  const writers = places.slice(0, 3).map((place, index) => {
    const member = members[index]
    if (!member) throw new Error("there are four members")
    return { place, writing: document.write(member) }
  })
  const cuts: (() => void)[] = []
  const join = (a: Place, b: Place) => {
    const [one, other] = memoryLinks({ world: realWorld, delayMs: () => below(4) })
    a.meet(one)
    b.meet(other)
    cuts.push(() => one.close())
  }
  let written = 0
  for (let step = 0; step < STEPS; step++) {
    const { place, writing } = writers[below(writers.length)] ?? { place: null, writing: null }
    const action = below(10)
    const [a, b] = [places[below(places.length)], places[below(places.length)]]
    if (action < 5 && place?.holds(document)) {
      await place.write(document, writing.seal(below(200)).bytes)
      written++
    } else if (action < 7 && a) join(a, relay)
    else if (action < 8 && a && b && a !== b) join(a, b)
    else if (action < 9) cuts.splice(below(cuts.length + 1), 1)[0]?.()
    else await new Promise(resolve => setTimeout(resolve, below(6)))
  }
  for (const place of places) join(place, relay)
  await level(document, written, relay, ...places)
  await until(() => places.every(place => place.told("live").length > 0))
  for (const place of [relay, ...places]) {
    expect(place.told("problem"), `seed ${seed}`).toEqual([])
    expect(place.refusals("us"), `seed ${seed}`).toEqual([])
  }
  for (const cut of cuts) cut()
}

function hostOf({ docId }: TestDocument, key: ReturnType<typeof signingKey>): Member {
  const seatCertificate = encodeSeat({ docId, seatPub: key.publicKey, claimHash: null }, key)
  const seat = {
    seatPub: key.publicKey,
    certificate: seatCertificate,
    grantCertificate: null,
    sign: (kind: "proof" | "stored", bytes: Uint8Array) => sign(kind, bytes, key),
  }
  return { role: "host", grant: key, grantCertificate: null, seatCertificate, seatKey: key, seat }
}
