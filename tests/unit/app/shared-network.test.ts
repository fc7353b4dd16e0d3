import { signal } from "@preact/signals-core"
import { describe, expect, it } from "vitest"
import type { Recent } from "../../../src/app/carriages"
import type { Carried, Network } from "../../../src/app/network"
import { beginNewcomer } from "../../../src/app/newcomer"
import { createSharedNetwork, type NetworkNote, type SharedNetwork } from "../../../src/app/shared-network"
import type { CertificateHash, DocId, PublicKey } from "../../../src/bytes/ids"
import { idOf } from "../../../src/bytes/ids"
import type { Stop } from "../../../src/bytes/world"
import { sign } from "../../../src/crypto/signing"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { foundDocument, giveGrant } from "../../../src/people/founding"
import { keysOf, type Membership, standingOf } from "../../../src/people/membership"
import type { LockLine } from "../../../src/storage/locks"
import type { TabNote } from "../../../src/storage/tabs"
import type { Report } from "../../../src/sync/shelf"
import { quickSignatures } from "../../quick-signatures"
import { createClock, TestProfile, TestTab, turns } from "./tabs"

// On this thread: turns alone wait for it, however busy the machine is.
const verify = await quickSignatures()
const RELAY = "https://coop.example"
const SEAT = {
  seatPub: idOf<PublicKey>(new Uint8Array(32)),
  grantPub: idOf<PublicKey>(new Uint8Array(32)),
  role: "host",
} as const

describe("one network for all tabs", () => {
  it("carries what every tab has open, each document once", async () => {
    const { open, document, settled } = profile()
    const [minutes, budget] = [await document(), await document()]
    const [first, second] = [open("first"), open("second")]
    await first.show(minutes)
    await second.show(minutes)
    await second.show(budget)
    await settled()
    expect([...first.links.documents()].sort()).toEqual([minutes.docId, budget.docId].sort())
    expect(second.networks).toHaveLength(0)
    expect(first.links.keeperOf(budget.docId)?.docId, "what only others show has its log too").toBe(
      budget.docId,
    )
  })

  it("carries what a tab has open that had to wait for its own lock, and does not take it for a dead one", async () => {
    const { open, document, settled } = profile()
    const [minutes, budget] = [await document(), await document()]
    const first = open("first", { slowly: () => turns().then(turns) })
    await first.show(minutes)
    await settled()
    const second = open("second", { slowly: turns })
    await second.show(budget)
    await settled()
    expect(first.links.documents()).toContain(budget.docId)
  })

  it("takes off the links what nobody has open any more, also when a tab is gone without a word", async () => {
    const { open, document, settled } = profile()
    const [minutes, budget] = [await document(), await document()]
    const [first, second] = [open("first"), open("second")]
    await first.show(minutes)
    const hide = await second.show(minutes)
    await second.show(budget)
    await settled()
    hide()
    await settled()
    expect(first.links.documents()).toContain(minutes.docId)
    second.tab.go()
    await settled()
    expect(first.links.documents()).toEqual([minutes.docId])
  })

  it("keeps on the links what was opened last, in the tab that leads alone, until others were opened since", async () => {
    const { open, document, settled, openedLast } = profile()
    const [minutes, budget, rota] = [await document(), await document(), await document()]
    openedLast(minutes)
    const [first, second] = [open("first"), open("second")]
    await settled()
    expect(first.links.documents()).toEqual([minutes.docId])
    expect(first.links.keeperOf(minutes.docId)?.docId, "with its log").toBe(minutes.docId)
    const hide = await second.show(budget)
    openedLast(budget, minutes)
    await settled()
    hide()
    await settled()
    expect([...first.links.documents()].sort()).toEqual([minutes.docId, budget.docId].sort())
    expect(second.networks).toHaveLength(0)
    openedLast(rota, budget)
    await second.show(rota)
    await settled()
    expect([...first.links.documents()].sort()).toEqual([rota.docId, budget.docId].sort())
    first.tab.go()
    await settled()
    expect([...second.links.documents()].sort()).toEqual([rota.docId, budget.docId].sort())
  })

  it("keeps nothing that is put away where every tab has links of its own", async () => {
    const { open, document, settled, openedLast } = profile()
    openedLast(await document())
    const alone = open("alone", { apart: true })
    await settled()
    expect(alone.links.documents()).toEqual([])
  })

  it("tells a tab that follows what happens, and one that comes later how things stand", async () => {
    const { open, document, settled } = profile()
    const minutes = await document()
    const [first, second] = [open("first"), open("second")]
    await second.show(minutes)
    await settled()
    first.links.reach(minutes.docId, RELAY, "live")
    first.links.report(minutes.docId, { kind: "caught-up", docId: minutes.docId }, RELAY)
    for (const seq of [1, 2]) first.links.report(minutes.docId, receipt(minutes.docId, seq), RELAY)
    await settled()
    // That nobody is reached yet may be said more than once.
    expect(second.heard(minutes).filter((words, index, all) => words !== all[index - 1])).toEqual([
      "reach connecting",
      "reach live",
      "caught-up",
      "receipt 1",
      "receipt 2",
    ])
    const third = open("third")
    await third.show(minutes)
    await settled()
    const standing = ["reach connecting", "reach live", "caught-up", "receipt 2"]
    expect(new Set(third.heard(minutes))).toEqual(new Set(standing))
    // Its own log takes the guest's place, on links made anew; what was signed is known.
    await first.show(minutes)
    await settled()
    expect(new Set(first.heard(minutes))).toEqual(new Set(["reach connecting", "caught-up", "receipt 2"]))
  })

  it("moves along when the tab that leads is gone", async () => {
    const { open, document, settled } = profile()
    const [minutes, budget] = [await document(), await document()]
    const [first, second, third] = [open("first"), open("second"), open("third")]
    await first.show(minutes)
    await second.show(minutes)
    await third.show(budget)
    await settled()
    first.links.report(minutes.docId, { kind: "live", docId: minutes.docId, by: SEAT }, "peer 1")
    await settled()
    first.tab.go()
    await settled()
    expect(second.network.leads).toBe(true)
    expect([...second.links.documents()].sort()).toEqual([minutes.docId, budget.docId].sort())
    expect(second.heard(minutes), "nobody is live on links that are gone").toContain("reach away at peer 1")
    second.links.reach(budget.docId, RELAY, "live")
    await settled()
    expect(third.heard(budget).at(-1)).toBe("reach live")
  })

  it("carries a document with the log of the tab that shows it, if that is the one that leads", async () => {
    const { open, document, settled } = profile()
    const minutes = await document()
    const [first, second] = [open("first"), open("second")]
    await second.show(minutes)
    await settled()
    const guest = first.links.keeperOf(minutes.docId)
    const hide = await first.show(minutes)
    await settled()
    expect(first.links.keeperOf(minutes.docId)).not.toBe(guest)
    hide()
    await settled()
    expect(first.links.documents()).toEqual([minutes.docId])
  })

  it("begins a newcomer's document in the tab that follows, from what came to the one that leads", async () => {
    const { open, document, settled } = profile()
    const minutes = await document()
    const newcomer = await minutes.invite()
    const [first, second] = [open("first"), open("second")]
    await second.follow(newcomer)
    await settled()
    expect(second.shown(newcomer)).toBeNull()
    await first.links.found(newcomer.docId, newcomer.certificates)
    await settled()
    expect(second.shown(newcomer)?.docId).toBe(minutes.docId)
    expect(first.links.keeperOf(newcomer.docId)).not.toBeNull()
  })

  it("hands presence to the other tabs and to the links", async () => {
    const { open, document, settled } = profile()
    const minutes = await document()
    const [first, second] = [open("first"), open("second")]
    await first.show(minutes)
    await second.show(minutes)
    await settled()
    second.network.presence(minutes.docId, Uint8Array.of(7))
    first.network.presence(minutes.docId, Uint8Array.of(8))
    await settled()
    expect(first.present(minutes)).toEqual([7])
    expect(second.present(minutes)).toEqual([8])
    expect(first.links.presences).toEqual([8, 7])
  })

  it("tells a tab that has a document open that another has begun to share it", async () => {
    const { open, document, settled } = profile()
    const minutes = await document()
    const [first, second] = [open("first"), open("second")]
    await first.show(minutes)
    await settled()
    expect(second.relaysHeard).toEqual([[minutes.docId, [RELAY]]])
  })

  it("is each tab's own where tabs cannot take turns", async () => {
    const { open, document, settled } = profile()
    const minutes = await document()
    const alone = open("alone", { apart: true })
    await alone.show(minutes)
    await settled()
    expect(alone.links.documents()).toEqual([minutes.docId])
    expect(alone.network.leads).toBe(true)
  })
})

function receipt(docId: DocId, seq: number): Report {
  const entries = [{ sessionId: "session" as never, seq, headHash16: new Uint8Array(16) }]
  const seat = idOf<CertificateHash>(new Uint8Array(32))
  return { kind: "receipt", docId, by: SEAT, seat, at: seq, entries, claim: new Uint8Array(0) }
}

interface TestDocument {
  readonly docId: DocId
  readonly membership: Membership
  readonly certificates: readonly Uint8Array[]
  /** Where the tabs of the profile keep it. */
  readonly store: MemoryStore
  /** The same document as somebody finds it who has followed a link. */
  invite(): Promise<TestDocument>
}

/** Locks of a browser that is in no hurry: it thinks before it gives one, and before it says that it has. */
function slowLocks(locks: LockLine, slowly: () => Promise<void>): LockLine {
  return {
    ...locks,
    take: name => slowly().then(() => locks.take(name)),
    enter: (name, how, turn) =>
      locks.enter(name, how, { ...turn, onHeld: () => void slowly().then(() => turn.onHeld()) }),
  }
}

/** A browser profile with its store, and tabs on one network. */
function profile() {
  const clock = createClock()
  const shared = new TestProfile()
  const known = new Map<DocId, TestDocument>()
  /** What was opened last, as the store has it. */
  let recent: readonly Recent[] = []

  const document = async (): Promise<TestDocument> => {
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
    const { membership, certificates } = foundDocument(random)
    const store = new MemoryStore()
    const keeper = await Keeper.found(store, verify, certificates)
    const made: TestDocument = {
      docId: membership.docId,
      membership,
      certificates,
      store,
      async invite() {
        const keys = keysOf(membership)
        const standing = standingOf(membership, keys, keeper.certificates)
        if (typeof standing === "string") throw new Error(standing)
        const given = giveGrant("edit", "a link", keys, standing, membership.docId, random)
        const newcomer: TestDocument = {
          ...made,
          membership: { ...membership, grantSecret: given.grantSecret, rootSeed: null, seatSeed: random(32) },
          certificates: [...certificates, given.certificate],
          store: new MemoryStore(),
        }
        known.set(newcomer.docId, newcomer)
        return newcomer
      },
    }
    known.set(made.docId, made)
    return made
  }

  /** `slowly`: what the browser does before it answers about the locks by which tabs are known to be alive. */
  const open = (name: string, { apart = false, slowly = () => Promise.resolve() } = {}) => {
    const tab = new TestTab(name, shared)
    const networks: TestLinks[] = []
    const relaysHeard: [DocId, readonly string[]][] = []
    const network: SharedNetwork = createSharedNetwork({
      world: clock,
      profile: apart
        ? null
        : {
            tab: name,
            locks: slowLocks(tab.locks, slowly),
            channel: shared.channel<NetworkNote>("network", tab),
            page: tab.page,
          },
      network: () => {
        const links = new TestLinks()
        networks.push(links)
        return links
      },
      guests: {
        world: clock,
        verify,
        place: { kind: "computer", me: signal({ name: "", colour: "moss" }) },
        storeOf: docId => known.get(docId)?.store ?? new MemoryStore(),
        tabsOf: docId => shared.channel<TabNote>(`document/${docId}`, tab),
        membership: async docId => known.get(docId)?.membership ?? null,
        onProblem: error => {
          throw error
        },
      },
      recent: async () => recent,
      onRelays: (docId, relays) => relaysHeard.push([docId, relays]),
    })
    const heard = new Map<DocId, string[]>()
    const present = new Map<DocId, number[]>()
    const shown = new Map<DocId, Keeper | null>()
    const put = ({ docId, membership, store }: TestDocument, keeper: Keeper | null): Stop => {
      const words: string[] = []
      heard.set(docId, words)
      shown.set(docId, keeper)
      const keys = keysOf(membership)
      const carried: Carried = {
        shelved: {
          docId,
          get keeper() {
            return shown.get(docId) ?? null
          },
          seat: {
            seatPub: keys.seat.publicKey,
            certificate: keys.seatCertificate,
            grantCertificate: null,
            sign: (kind, bytes) => sign(kind, bytes, keys.seat),
          },
          async found(certificates) {
            const begun = await beginNewcomer(certificates, membership, keys, store, verify)
            if (typeof begun === "string") throw new Error(begun)
            shown.set(docId, begun)
            network.changed()
            return begun
          },
        },
        relays: [RELAY],
        onReport: report =>
          words.push(
            report.kind === "receipt" ? `receipt ${report.entries.map(({ seq }) => seq)}` : report.kind,
          ),
        onReach: (where, reach) => words.push(`reach ${reach}${where === RELAY ? "" : ` at ${where}`}`),
      }
      const stops = [
        network.carry(carried),
        network.onPresence(docId, bytes => present.set(docId, [...(present.get(docId) ?? []), ...bytes])),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    }
    return {
      tab,
      network,
      networks,
      relaysHeard,
      get links(): TestLinks {
        const last = networks.at(-1)
        if (!last) throw new Error(`${name} has no links`)
        return last
      },
      show: async (shownOne: TestDocument) => put(shownOne, await Keeper.open(shownOne.store, verify)),
      follow: async (newcomer: TestDocument) => put(newcomer, null),
      shown: ({ docId }: TestDocument) => shown.get(docId) ?? null,
      heard: ({ docId }: TestDocument) => heard.get(docId) ?? [],
      present: ({ docId }: TestDocument) => present.get(docId) ?? [],
    }
  }
  const settled = async () => {
    for (let round = 0; round < 20; round++) await turns()
  }
  const openedLast = (...documents: readonly TestDocument[]) => {
    recent = documents.map(({ docId }) => ({ docId, relays: [RELAY] }))
  }
  return { open, document, settled, openedLast }
}

/** Links in the hands of the test. */
class TestLinks implements Network {
  readonly presences: number[] = []
  #carried: Carried[] = []

  carry(carried: Carried): Stop {
    this.#carried.push(carried)
    for (const relay of carried.relays) carried.onReach(relay, "connecting")
    return () => {
      this.#carried = this.#carried.filter(other => other !== carried)
    }
  }

  changed(): void {
    // There is no far end that would have to hear of it.
  }

  presence(_docId: DocId, bytes: Uint8Array): void {
    this.presences.push(...bytes)
  }

  close(): void {
    this.#carried = []
  }

  documents(): DocId[] {
    return this.#carried.map(({ shelved }) => shelved.docId)
  }

  keeperOf(docId: DocId): Keeper | null {
    return this.#of(docId).shelved.keeper
  }

  reach(docId: DocId, where: string, reach: "live" | "away"): void {
    this.#of(docId).onReach(where, reach)
  }

  report(docId: DocId, report: Report, where: string): void {
    this.#of(docId).onReport(report, where)
  }

  async found(docId: DocId, certificates: readonly Uint8Array[]): Promise<void> {
    await this.#of(docId).shelved.found(certificates, null)
  }

  #of(docId: DocId): Carried {
    const found = this.#carried.find(({ shelved }) => shelved.docId === docId)
    if (!found) throw new Error("it is not on the links")
    return found
  }
}
