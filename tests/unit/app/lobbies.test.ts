// Networks of several pages, joined by lobbies in memory: what rides on a link, what stays idle, what is told.
import { signal } from "@preact/signals-core"
import { describe, expect, test } from "vitest"
import { type Carried, createNetwork } from "../../../src/app/network"
import { isPeer } from "../../../src/app/peer-names"
import type { DocId } from "../../../src/bytes/ids"
import { realWorld, type Stop } from "../../../src/bytes/world"
import type { JoinLobby, OnLink, Talk } from "../../../src/links/lobby"
import { memoryLinks } from "../../../src/links/memory"
import type { Dial } from "../../../src/links/relay"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { NO_LIMITS } from "../../../src/sync/budget"
import { decodeFrame } from "../../../src/sync/codec"
import type { Link } from "../../../src/sync/link"
import { Place, until } from "../links/place"
import { foundDocument, type Member, sealMany, type TestDocument, verify } from "../sync/world"

describe("lobbies", () => {
  test("every document that two pages share rides one link", async () => {
    const air = new Air()
    const documents = [await foundDocument(1), await foundDocument(2), await foundDocument(3)]
    const [ana, bo] = [new Page(air), new Page(air)]
    for (const document of documents) {
      await ana.carry(document, document.admin)
      await bo.carry(document, await document.invite("edit"))
    }
    for (const document of documents) {
      await ana.write(document, 2)
      await until(() => bo.holds(document, 2))
    }
    // Two of the three links between them were found to lead to the same page.
    await until(() => air.links.length === 3)
    const used = air.links.filter(link => link.envelopes.size > 0)
    expect(used).toHaveLength(1)
  })

  test("when the link in use is lost, one that was idle takes over", async () => {
    const air = new Air()
    const documents = [await foundDocument(4), await foundDocument(5)]
    const [ana, bo] = [new Page(air), new Page(air)]
    for (const document of documents) {
      await ana.carry(document, document.admin)
      await bo.carry(document, await document.invite("edit"))
    }
    const [one] = documents
    if (!one) throw new Error("no documents")
    await ana.write(one, 1)
    await until(() => bo.holds(one, 1))
    const inUse = air.links.find(link => link.envelopes.size > 0)
    inUse?.cut()
    await ana.write(one, 1)
    await until(() => bo.holds(one, 2))
    expect(air.links.filter(link => link.envelopes.size > 0)).toHaveLength(2)
  })

  test("with a relay and a peer at once, an envelope takes each way once in each direction at most", async () => {
    const air = new Air()
    const document = await foundDocument(6)
    const relay = new Place("relay", { kind: "relay", relayKey: document.admin.grant.publicKey })
    await relay.hold(document, document.admin)
    const [ana, bo] = [new Page(air, relay), new Page(air, relay)]
    await ana.carry(document, document.admin)
    await bo.carry(document, await document.invite("edit"))
    await until(() => ana.live.size === 2 && bo.live.size === 2)
    for (let count = 1; count <= 5; count++) {
      await ana.write(document, 1)
      await until(() => bo.holds(document, count) && relay.keeper(document).log.heads()[0]?.seq === count - 1)
    }
    await new Promise(resolve => setTimeout(resolve, 50))
    for (const { envelopes } of [...air.links, ...air.wires])
      for (const [id, times] of envelopes) expect({ id, times }).toEqual({ id, times: 1 })
    expect(air.links[0]?.envelopes.size).toBe(5)
  })

  test("a newcomer gets certificates and document from a peer alone, and knows who is live directly", async () => {
    const air = new Air()
    const document = await foundDocument(7)
    const [ana, bo] = [new Page(air), new Page(air)]
    await ana.carry(document, document.admin)
    await ana.write(document, 3)
    bo.follow(document, document.inviteOffline("edit"))
    await until(() => bo.holds(document, 3))
    expect([...bo.live.values()]).toEqual([document.admin.seat.seatPub])
    expect([...bo.live.keys()].every(isPeer)).toBe(true)
    air.links[0]?.cut()
    await until(() => bo.live.size === 0)
  })

  test("lobbies are left when nothing is carried, and the links with them", async () => {
    const air = new Air()
    const document = await foundDocument(8)
    const [ana, bo] = [new Page(air), new Page(air)]
    const put = await ana.carry(document, document.admin)
    await bo.carry(document, await document.invite("view"))
    await until(() => bo.live.size === 1)
    put()
    await until(() => bo.live.size === 0)
    expect(air.present(document)).toBe(1)
  })

  test("two who take a document off and put it on again are one in the lobby", async () => {
    const air = new Air()
    const document = await foundDocument(9)
    const ana = new Page(air)
    const first = await ana.carry(document, document.admin)
    const second = await ana.carry(document, document.admin)
    await until(() => air.present(document) === 1)
    first()
    expect(air.present(document)).toBe(1)
    second()
    expect(air.present(document)).toBe(0)
  })
})

/** A link and what has gone over it: how often each envelope in each direction, and which there were. */
interface Wire {
  readonly envelopes: Map<string, number>
  cut(): void
}

/** Where pages find each other: everybody in a lobby is connected to everybody else in it. */
class Air {
  readonly links: Wire[] = []
  /** Links to relays. */
  readonly wires: Wire[] = []
  readonly #lobbies = new Map<DocId, Set<OnLink>>()
  readonly #cuts = new Map<OnLink, (() => void)[]>()
  #count = 0

  readonly join: JoinLobby = (docId, _relays, onLink): Stop => {
    const there = this.#lobbies.get(docId) ?? new Set()
    this.#lobbies.set(docId, there)
    for (const other of there) this.#connect(onLink, other)
    there.add(onLink)
    return () => {
      there.delete(onLink)
      for (const cut of this.#cuts.get(onLink) ?? []) cut()
    }
  }

  present({ docId }: TestDocument): number {
    return this.#lobbies.get(docId)?.size ?? 0
  }

  wire(wires: Wire[]): [Link, Link] {
    const [one, other] = memoryLinks({ world: realWorld })
    const envelopes = new Map<string, number>()
    for (const [end, link] of [one, other].entries()) {
      const send = link.send.bind(link)
      link.send = frame => {
        for (const message of decodeFrame(frame))
          if (message.type === "envelopes")
            for (const bytes of message.envelopes) {
              const name = `${Buffer.from(bytes.subarray(-12)).toString("hex")} from ${end}`
              envelopes.set(name, (envelopes.get(name) ?? 0) + 1)
            }
        send(frame)
      }
    }
    wires.push({ envelopes, cut: () => one.close() })
    return [one, other]
  }

  #connect(one: OnLink, other: OnLink): void {
    const [a, b] = this.wire(this.links)
    const binding = new Uint8Array(64).fill(++this.#count)
    const talks: Talk[] = [one(a, binding), other(b, binding.slice())]
    for (const [index, talk] of talks.entries()) void talk.ended.then(() => [a, b][index]?.close())
    for (const end of [one, other]) this.#cuts.set(end, [...(this.#cuts.get(end) ?? []), () => a.close()])
  }
}

/** A page with a network, and what it was told. */
class Page {
  /** Who is live, by the way. */
  readonly live = new Map<string, string>()
  readonly #held = new Map<DocId, { keeper: Keeper | null; store: MemoryStore; member: Member }>()
  readonly #network

  constructor(air: Air, relay: Place | null = null) {
    const dial: Dial = (_origin, events) => {
      if (relay) {
        const [one, other] = air.wire(air.wires)
        relay.meet(other)
        void events.onLink(one)
      }
      return { retry: () => undefined, stop: () => undefined }
    }
    this.#network = createNetwork({
      world: realWorld,
      verify,
      dial,
      peers: async () => air.join,
      pinOf: () => null,
      onMet: () => undefined,
      pause: signal(null),
      limits: () => NO_LIMITS,
    })
  }

  async carry(document: TestDocument, member: Member): Promise<Stop> {
    const stop = this.follow(document, member)
    const held = this.#held.get(document.docId)
    if (held && !held.keeper)
      held.keeper = await Keeper.found(held.store, verify, document.certificates.all())
    this.#network.changed()
    return stop
  }

  follow({ docId }: TestDocument, member: Member): Stop {
    const held = this.#held.get(docId) ?? { keeper: null, store: new MemoryStore(), member }
    this.#held.set(docId, held)
    const carried: Carried = {
      shelved: {
        docId,
        get keeper() {
          return held.keeper
        },
        seat: member.seat,
        found: async certificates => {
          held.keeper ??= await Keeper.found(held.store, verify, certificates)
          return held.keeper
        },
      },
      relays: ["https://coop.example"],
      onReport: (report, where) => {
        if (report.kind === "live") this.live.set(where, report.by.seatPub)
      },
      onReach: (where, reach) => {
        if (reach === "away") this.live.delete(where)
      },
    }
    return this.#network.carry(carried)
  }

  holds({ docId }: TestDocument, envelopes: number): boolean {
    const heads = this.#held.get(docId)?.keeper?.log.heads() ?? []
    return heads.reduce((sum, { seq }) => sum + seq + 1, 0) >= envelopes
  }

  readonly #writing = new Map<DocId, ReturnType<TestDocument["write"]>>()

  async write(document: TestDocument, envelopes: number): Promise<void> {
    const held = this.#held.get(document.docId)
    if (!held?.keeper) throw new Error("the document is not here")
    const writing = this.#writing.get(document.docId) ?? document.write(held.member)
    this.#writing.set(document.docId, writing)
    await held.keeper.appendOwn(sealMany(writing, envelopes), async batch => held.store.append(batch))
  }
}
