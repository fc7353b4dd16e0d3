// The conversation as two ends see it who mean well, and as one sees it whose other end does not.
import { afterEach, describe, expect, test } from "vitest"
import { idBytes } from "../../../src/bytes/ids"
import { realWorld } from "../../../src/bytes/world"
import { sign, signingKey } from "../../../src/crypto/signing"
import { memoryLinks } from "../../../src/links/memory"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { encodeSeat } from "../../../src/records/certificate"
import { decodeFrame, encodeMessage } from "../../../src/sync/codec"
import { Conversation } from "../../../src/sync/conversation"
import type { Effect } from "../../../src/sync/effects"
import type { Link } from "../../../src/sync/link"
import type { Message } from "../../../src/sync/messages"
import { level, Place, until } from "../links/place"
import { chance, foundDocument, type Member, sealMany, type TestDocument, verify } from "./world"

const cuts: (() => void)[] = []
afterEach(() => {
  for (const cut of cuts.splice(0)) cut()
})

/** Joins two places; `altered` changes what goes from the first to the second. */
function join(a: Place, b: Place, fault?: (frame: Uint8Array) => Uint8Array | null): void {
  const [one, other] = memoryLinks({ world: realWorld, ...(fault ? { fault } : {}) })
  a.meet(one)
  b.meet(other)
  cuts.push(() => one.close())
}

/** Somebody at the other end of a link to a place, who says what a test has them say. */
function stranger(place: Place): {
  link: Link
  heard: Message[]
  say(...messages: Message[]): void
  closed(): boolean
} {
  const [link, other] = memoryLinks({ world: realWorld })
  const heard: Message[] = []
  let closed = false
  link.onMessage(frame => heard.push(...decodeFrame(frame)))
  link.onClose(() => {
    closed = true
  })
  place.meet(other)
  cuts.push(() => link.close())
  return {
    link,
    heard,
    say: (...messages) => {
      for (const message of messages) link.send(encodeMessage(message))
    },
    closed: () => closed,
  }
}

const hello: Message = {
  type: "hello",
  protocolMin: 1,
  protocolMax: 1,
  nonce: chance(5)(32),
  features: [],
  end: "peer",
  at: Date.now(),
  relayKey: null,
}

async function twoWith(seed: number, role: "edit" | "view" = "edit") {
  const document = await foundDocument(seed)
  const member = await document.invite(role)
  const ana = new Place("ana")
  const ben = new Place("ben")
  await ana.hold(document, document.admin)
  await ben.hold(document, member)
  return { document, member, ana, ben }
}

describe("two ends who mean well", () => {
  test("tell each other nothing about documents that only one of them knows", async () => {
    const { document, ana, ben } = await twoWith(31)
    const secret = await foundDocument(32)
    await ana.hold(secret, secret.admin)
    const frames: Uint8Array[] = []
    join(ana, ben, frame => {
      frames.push(frame.slice())
      return frame
    })
    await ana.write(document, ...sealMany(document.write(document.admin), 2))
    await level(document, 2, ana, ben)
    const passed = Buffer.concat(frames)
    expect(passed.includes(Buffer.from(idBytes(secret.docId)))).toBe(false)
    expect(passed.includes(Buffer.from(idBytes(document.docId)))).toBe(true) // in certificates, after the proofs
  })

  test("find a document that one of them gets later, and let one go that is dropped", async () => {
    const { document, ana, ben } = await twoWith(33)
    const later = await foundDocument(34)
    join(ana, ben)
    await until(() => ana.told("live").length === 1)
    await ana.hold(later, later.admin)
    await ana.write(later, ...sealMany(later.write(later.admin), 3))
    await ben.hold(later, later.admin)
    await level(later, 3, ana, ben)
    ben.drop(document)
    await until(() => ana.exchanges[0]?.prover(document.docId) === null)
    expect(ana.exchanges[0]?.prover(later.docId)).not.toBeNull()
  })

  test("tell of a new member before what the member writes", async () => {
    const { document, ana, ben } = await twoWith(35)
    join(ana, ben)
    await until(() => ben.told("live").length === 1)
    const guest = await document.invite("edit")
    await ana.keeper(document).addCertificates(document.certificates.all())
    await ana.keeper(document).accept(sealMany(document.write(guest), 4), "elsewhere")
    await level(document, 4, ana, ben)
    expect(ben.refusals("us")).toEqual([])
  })

  test("get certificates across that only one of them has, without anything being written", async () => {
    const { document, ana, ben } = await twoWith(36)
    const guest = await document.invite("comment")
    await ana.keeper(document).addCertificates(document.certificates.all())
    join(ana, ben)
    await until(() => ben.keeper(document).certificates.roleOf(guest.grant.publicKey) === "comment")
  })

  test("pass presence on, at most so much of it, and none to who has proven nothing", async () => {
    const { document, member, ana, ben } = await twoWith(37)
    join(ana, ben)
    await until(() => ana.told("live").length === 1 && ben.told("live").length === 1)
    for (let count = 0; count < 250; count++)
      ben.exchanges[0]?.presence(document.docId, new Uint8Array([count]))
    await ben.write(document, ...sealMany(document.write(member), 2))
    await level(document, 2, ana, ben) // sent afterwards, so presence has arrived
    const heard = ana.told("presence")
    // Three a second of each who can be here: what others say is passed on.
    expect(heard.length).toBeGreaterThanOrEqual(192)
    expect(heard.length).toBeLessThan(250)
    expect(heard[0]).toMatchObject({ by: { role: "edit" }, bytes: new Uint8Array([0]) })
  })

  test("are both shown who the other is", async () => {
    const { document, member, ana, ben } = await twoWith(38, "view")
    join(ana, ben)
    await until(() => ana.told("live").length === 1 && ben.told("live").length === 1)
    expect(ana.told("live")[0]?.by).toEqual({
      seatPub: member.seat.seatPub,
      grantPub: member.grant.publicKey,
      role: "view",
    })
    expect(ben.exchanges[0]?.prover(document.docId)?.role).toBe("admin")
  })

  test("with a fork between them keep each their branch, say so, and agree on everything else", async () => {
    const { document, ana, ben } = await twoWith(39)
    const writing = document.write(document.admin)
    const trunk = sealMany(writing, 2)
    const [mine] = sealMany(writing, 1)
    writing.forget()
    const others = sealMany(writing, 3)
    const more = document.write(document.admin)
    if (!mine) throw new Error("one was sealed")
    await ana.keeper(document).accept([...trunk, mine, ...sealMany(more, 4)], "x")
    await ben.keeper(document).accept([...trunk, ...others], "x")
    join(ana, ben)
    await until(() => ben.keeper(document).log.reach(more.sessionId) === 3)
    await until(() => [...ana.refusals("us"), ...ana.refusals("them")].includes("fork"))
    expect(ana.keeper(document).log.reach(writing.sessionId)).toBe(2)
    expect(ben.keeper(document).log.reach(writing.sessionId)).toBe(4)
  })

  test("over a link that takes nothing for a while are told of what is new, and fetch it later", async () => {
    const { document, ana, ben } = await twoWith(40)
    const [one, other] = memoryLinks({ world: realWorld, waitingBytesMax: 10_000 })
    ana.meet(one)
    ben.meet(other)
    cuts.push(() => one.close())
    await until(() => ana.told("live").length === 1 && ben.told("live").length === 1)
    one.stall(true)
    const writing = document.write(document.admin)
    for (let count = 0; count < 12; count++) await ana.write(document, writing.seal(200_000).bytes)
    expect(one.waitingBytes()).toBeLessThan(2_000_000)
    one.stall(false)
    await level(document, 12, ana, ben)
  }, 60_000)
})

describe("a relay in the middle", () => {
  async function withRelay(seed: number) {
    const key = signingKey(chance(seed + 1_000)(32))
    const document = await foundDocument(seed)
    const relay = new Place("relay", { kind: "relay", relayKey: key.publicKey })
    const seatOf = ({ docId }: TestDocument): Member => {
      const seatCertificate = encodeSeat({ docId, seatPub: key.publicKey, claimHash: null }, key)
      const seat = {
        seatPub: key.publicKey,
        certificate: seatCertificate,
        grantCertificate: null,
        sign: (kind: "proof" | "stored", bytes: Uint8Array) => sign(kind, bytes, key),
      }
      return { role: "host", grant: key, grantCertificate: null, seatCertificate, seatKey: key, seat }
    }
    relay.follow(document, seatOf(document))
    return { key, document, relay }
  }

  test("takes a document that it does not know from whoever proves a right in it, and signs for it", async () => {
    const { key, document, relay } = await withRelay(51)
    await document.host(key)
    const ana = new Place("ana")
    await ana.hold(document, document.admin)
    await ana.write(document, ...sealMany(document.write(document.admin), 3))
    join(ana, relay)
    await level(document, 3, ana, relay)
    await until(() => ana.told("receipt").length > 0)
    expect(ana.told("receipt").at(-1)?.by).toMatchObject({ role: "host", seatPub: key.publicKey })
  })

  test("is given nothing as long as no admin has listed it, and everything once one has", async () => {
    const { key, document, relay } = await withRelay(52)
    const ana = new Place("ana")
    await ana.hold(document, document.admin)
    await ana.write(document, ...sealMany(document.write(document.admin), 3))
    join(ana, relay)
    await until(() => ana.refusals("us").includes("unknown-grant"))
    expect(relay.holds(document)).toBe(false)
    await document.host(key)
    await ana.keeper(document).addCertificates(document.certificates.all())
    await level(document, 3, ana, relay)
  })

  test("with another key than the one that is known for it is not spoken to", async () => {
    const { document, relay } = await withRelay(53)
    const ana = new Place("ana")
    await ana.hold(document, document.admin)
    const [one, other] = memoryLinks({ world: realWorld })
    relay.meet(other)
    const { ended } = ana.meet(one, signingKey(new Uint8Array(32)).publicKey)
    expect(await ended).toEqual({ why: "another-relay", hostile: true })
    expect(relay.told("problem")).toEqual([])
  })

  test("passes certificates to a newcomer, who reads what others wrote while away", async () => {
    const { key, document, relay } = await withRelay(54)
    await document.host(key)
    const ana = new Place("ana")
    await ana.hold(document, document.admin)
    await ana.write(document, ...sealMany(document.write(document.admin), 6))
    join(ana, relay)
    await level(document, 6, ana, relay)
    ana.exchanges[0]?.close("away")
    const ben = new Place("ben")
    ben.follow(document, document.inviteOffline("view"))
    join(ben, relay)
    await level(document, 6, ben, relay)
  })
})

describe("an end that does not mean well", () => {
  test("gets no answer but a closed link for speaking before hello, a second hello, or garbage", async () => {
    const { ana } = await twoWith(61)
    for (const said of [[{ type: "offer", documents: [] }], [hello, hello]] as Message[][]) {
      const { say, closed } = stranger(ana)
      say(...said)
      await until(closed)
    }
    expect(ana.told("problem").map(({ problem }) => problem)).toEqual(["garbage", "garbage"])
  })

  test("is told apart from one that speaks a later protocol, which has done nothing wrong", async () => {
    const { ana } = await twoWith(69)
    const { say, closed } = stranger(ana)
    say({ ...hello, protocolMin: 90, protocolMax: 99 } as Message)
    await until(closed)
    expect(ana.told("problem").map(({ problem }) => problem)).toEqual(["newer-protocol"])
  })

  test("that only sends back what it is sent is recognised as an echo", async () => {
    const { ana } = await twoWith(62)
    const { link, closed, heard, say } = stranger(ana)
    await until(() => heard.length > 0)
    say(...heard)
    await until(closed)
    expect(ana.told("problem")[0]?.problem).toBe("echo")
    expect(link.waitingBytes()).toBe(0)
  })

  test("that passes a proof on to another link does not get in: the proof is for one link only", async () => {
    const { document, ana, ben } = await twoWith(63)
    // Mallory stands between the two with links of her own, and says to each what the other says to her, but draws
    // her own nonces, as she must: she has to know what each end will sign.
    const toAna = stranger(ana)
    const toBen = stranger(ben)
    toAna.say(hello)
    toBen.say({ ...hello, nonce: chance(6)(32) })
    await until(() => toAna.heard.some(isOffer) && toBen.heard.some(isOffer))
    toAna.say(...toBen.heard.filter(isOffer))
    toBen.say(...toAna.heard.filter(isOffer))
    // Tags are bound to the nonces: neither recognises the other's.
    await ana.write(document, ...sealMany(document.write(document.admin), 1))
    await new Promise(resolve => setTimeout(resolve, 30))
    expect([...toAna.heard, ...toBen.heard].some(({ type }) => type === "prove")).toBe(false)
  })

  test("that says it is somebody else is told so and cut off", async () => {
    const { document, member, ana } = await twoWith(64)
    const mallory = new Place("mallory")
    // The seat's certificate is ben's, the signature is not.
    const other = signingKey(chance(9)(32))
    const seat = {
      ...member.seat,
      sign: (kind: "proof" | "stored", bytes: Uint8Array) => sign(kind, bytes, other),
    }
    await mallory.hold(document, { ...member, seat })
    join(mallory, ana)
    expect(await ana.exchanges[0]?.ended).toEqual({ why: "bad-proof", hostile: true })
    await until(() => mallory.refusals("them").includes("bad-proof"))
    expect(ana.told("live")).toEqual([])
  })

  test("that alters an envelope on its way is dropped, and nothing of it is kept", async () => {
    const { document, ana, ben } = await twoWith(65)
    await ana.write(document, ...sealMany(document.write(document.admin), 2))
    join(ana, ben, frame => {
      const messages = decodeFrame(frame)
      if (!messages.some(({ type }) => type === "envelopes")) return frame
      const altered = frame.slice()
      altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
      return altered
    })
    expect(await ben.exchanges[0]?.ended).toEqual({ why: "bad-body-hash", hostile: true })
    expect(
      ben
        .keeper(document)
        .log.heads()
        .map(({ seq }) => seq),
    ).toEqual([0]) // what came before it was good
  })

  test("that asks without having proven anything hears nothing", async () => {
    const { document, ana } = await twoWith(66)
    await ana.write(document, ...sealMany(document.write(document.admin), 2))
    const { say, heard } = stranger(ana)
    say(hello)
    await until(() => heard.some(isOffer))
    const vector = ana.keeper(document).log.vector()
    const ranges = vector.map(({ sessionId, seq }) => ({ sessionId, from: 0, to: seq }))
    say({ type: "want-certs", slot: 0 }, { type: "want", slot: 0, bytesMax: 1e6, ranges }, { type: "ping" })
    await until(() => heard.some(({ type }) => type === "pong"))
    expect(heard.map(({ type }) => type)).toEqual(["hello", "offer", "pong"])
  })

  test("that offers more documents than a link may carry is cut off", async () => {
    const { ana } = await twoWith(67)
    const { say, closed } = stranger(ana)
    const random = chance(8)
    const offer = (count: number): Message => ({
      type: "offer",
      documents: Array.from({ length: count }, (_, slot) => ({ slot, tag: random(32) })),
    })
    say(hello, offer(1_500), offer(1_500))
    await until(closed)
    expect(ana.told("problem")[0]?.problem).toBe("flood")
  })

  test("with a clock that is wrong is told apart, and spoken to all the same", async () => {
    const { ana } = await twoWith(68)
    const { say, heard } = stranger(ana)
    say({ ...hello, at: Date.now() + 3_600_000 } as Message)
    await until(() => heard.some(isOffer))
    const [problem] = ana.told("problem")
    expect(problem?.problem).toBe("clock-skew")
    expect(problem?.skewMs).toBeGreaterThan(3_500_000)
  })
})

describe("time", () => {
  test("after a while of quiet there is a ping; an end that stays silent is dead, one that answers is not", () => {
    let now = 0
    const conversation = new Conversation({
      world: { now: () => now, random: chance(1) },
      kind: "peer",
      relayKey: null,
      expectedRelayKey: null,
      binding: new Uint8Array(0),
      link: "memory",
      features: [],
    })
    conversation.begin()
    const receive = (message: Message) => [...conversation.receive(encodeMessage(message))].flat()
    receive(hello)
    const at = (seconds: number) => {
      now = seconds * 1_000
      return conversation.tick(now).map(nameOf)
    }
    expect(at(10)).toEqual([])
    expect(at(15)).toEqual(["send ping"])
    expect(at(20)).toEqual([])
    receive({ type: "pong" })
    expect(at(50)).toEqual(["send ping"])
    expect(at(59)).toEqual([])
    expect(at(60)).toEqual(["report problem", "close"])
    expect(receive({ type: "ping" })).toEqual([])
  })
})

test("a document shared by many in a mesh becomes the same everywhere, whoever writes and whichever link is cut", async () => {
  const document = await foundDocument(71)
  const members = [document.admin, await document.invite("edit"), await document.invite("edit")]
  const places = await Promise.all(
    members.map(async (member, index) => {
      const place = new Place(`place ${index}`)
      await place.hold(document, member)
      return place
    }),
  )
  const [a, b, c] = places
  if (!a || !b || !c) throw new Error("there are three")
  join(a, b)
  join(b, c)
  join(c, a)
  const random = chance(71)
  const writings = members.map(member => document.write(member))
  for (let step = 0; step < 60; step++) {
    const who = (random(1)[0] ?? 0) % 3
    const [place, writing] = [places[who], writings[who]]
    if (place && writing) await place.write(document, writing.seal().bytes)
    if (step === 30) cuts[0]?.()
  }
  await level(document, 60, ...places)
})

test("a log that came over a conversation opens again from its store", async () => {
  const { document, ana } = await twoWith(72)
  const store = new MemoryStore()
  const ben = new Place("ben again")
  ben.follow(document, document.inviteOffline("edit"), store)
  await ana.write(document, ...sealMany(document.write(document.admin), 30))
  join(ana, ben)
  await level(document, 30, ana, ben)
  await until(() => ana.told("receipt").length > 0)
  const opened = await Keeper.open(store, verify)
  expect(opened?.log.digest()).toEqual(ana.keeper(document).log.digest())
})

function isOffer(message: Message): boolean {
  return message.type === "offer"
}

function nameOf(effect: Effect): string {
  if (effect.do === "send") return `send ${effect.message.type}`
  return effect.do === "report" ? `report ${effect.report.kind}` : effect.do
}
