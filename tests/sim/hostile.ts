// Members without scruples: a viewer whose client writes all the same, and an editor whose client seals what breaks the
// rules. Both prove who they are, hear everything, and say what they like. Nothing that they say may be in a document,
// and nothing of the viewer's in any log.
import * as Y from "yjs"
import { signingKey } from "../../src/crypto/signing"
import type { Keeper } from "../../src/log/keeper"
import { type Envelope, encodeEnvelope, KINDS } from "../../src/records/envelope"
import { encodeMessage } from "../../src/sync/codec"
import type { Link } from "../../src/sync/link"
import { type Forger, forger } from "../unit/replica/forger"
import type { Chance } from "./chance"
import { Life } from "./clockwork"
import type { Member } from "./company"
import { Disk } from "./disk"
import { Holder } from "./holder"
import type { Stage } from "./stage"

/** No person of a run types it: ideographs are taken in order, and never that far. */
const FORGED = "\u9fa5"
/** The number of the one document that an end of a link offers. */
const SLOT = 0

export class Hostile {
  readonly name: string
  readonly holder: Holder
  readonly #stage: Stage
  readonly #member: Member
  readonly #chance: Chance
  readonly #links = new Set<Link>()
  readonly #heard: Envelope[] = []

  constructor(member: Member, stage: Stage) {
    this.#stage = stage
    this.#member = member
    this.name = `hostile ${member.name}`
    this.#chance = stage.chance.fork()
    const disk = new Disk(this.#chance.fork())
    const life = new Life(this.name, disk, stage.clockwork, this.#chance.fork())
    stage.watch.keeps(member.seat.seatPub, disk, this.name)
    this.holder = new Holder({
      stage,
      life,
      device: this.name,
      seat: member.seat,
      hostKey: null,
      certificates: stage.company.certificates,
      onKeeper: keeper => this.#listen(keeper),
      onLink: link => {
        this.#links.add(link)
        link.onClose(() => this.#links.delete(link))
      },
    })
  }

  async open(): Promise<void> {
    await this.#stage.clockwork.in(this.holder.life, () => {
      this.holder.open().catch((error: unknown) => this.#stage.watch.wrong(String(error)))
    })
  }

  leave(): void {
    this.holder.life.alive = false
    this.#stage.wires.remove(this.holder)
  }

  /** Says something to somebody; what it was. */
  async act(): Promise<string> {
    const chance = this.#chance
    const links = [...this.#links]
    if (links.length === 0) return "hears nobody"
    const said = this.#member.role === "view" ? this.#asViewer() : this.#asEditor()
    await this.#stage.clockwork.in(this.holder.life, () => {
      chance
        .oneOf(links)
        .send(encodeMessage({ type: "envelopes", slot: SLOT, answer: false, envelopes: said.envelopes }))
    })
    return said.what
  }

  #asViewer(): { what: string; envelopes: Uint8Array[] } {
    const chance = this.#chance
    const heard = this.#heard.length > 0 ? chance.oneOf(this.#heard).bytes : null
    const what = chance.oneOf([
      ...["writes", "goes on for another", "goes on for another"],
      ...["alters", "splices", "replays", "replays all", "babbles"],
    ])
    switch (what) {
      case "alters":
        return { what, envelopes: heard ? [this.#altered(heard)] : [] }
      case "splices": {
        // The front of one with the body of another.
        const other = this.#heard.length > 0 ? chance.oneOf(this.#heard) : null
        if (!heard || !other) return { what, envelopes: [] }
        return { what, envelopes: [new Uint8Array([...heard.slice(0, -other.body.length), ...other.body])] }
      }
      case "goes on for another":
        return { what, envelopes: this.#goOn() }
      case "replays":
        return { what, envelopes: heard ? [heard, heard] : [] }
      case "replays all":
        return { what, envelopes: this.#heard.map(({ bytes }) => bytes).reverse() }
      case "babbles":
        return { what, envelopes: [chance.bytes(chance.between(1, 300))] }
      default: {
        const mine = this.#forger()
        return {
          what,
          envelopes: [mine.seal().bytes, mine.seal({ payload: forgedWords(mine.clientId) }).bytes],
        }
      }
    }
  }

  #asEditor(): { what: string; envelopes: Uint8Array[] } {
    const mine = this.#forger()
    const what = this.#chance.oneOf([
      "writes as another",
      "seals garbage",
      "deletes what is to come",
      "burns clocks",
    ])
    const opening = mine.seal().bytes
    const victim = this.#heard.length > 0 ? this.#chance.oneOf(this.#heard).session.clientId : 7
    switch (what) {
      case "writes as another":
        return { what, envelopes: [opening, mine.seal({ payload: forgedWords(victim) }).bytes] }
      case "seals garbage":
        return { what, envelopes: [opening, mine.sealGarbage().bytes] }
      case "deletes what is to come":
        return { what, envelopes: [opening, mine.seal({ payload: deletion(victim, 0, 1_000_000) }).bytes] }
      default:
        return { what, envelopes: [opening, mine.seal({ payload: forgedWords(mine.clientId, 5_000) }).bytes] }
    }
  }

  // What comes next in somebody's session, but for the signature.
  #goOn(): Uint8Array[] {
    const heads = this.holder.keeper?.log.heads() ?? []
    const head = heads.length > 0 ? this.#chance.oneOf(heads) : null
    const last = this.#heard.find(({ id }) => id === head?.id)
    if (!last) return []
    const { docId, channel, epochPrefix, sessionId, seq } = last.header
    const header = {
      kind: KINDS.update,
      vouches: [],
      docId,
      channel,
      epochPrefix,
      sessionId,
      seq: seq + 1,
      prev: last.id,
    }
    const key = signingKey(this.#chance.bytes(32))
    return [encodeEnvelope(header, this.#chance.bytes(160), key).bytes]
  }

  #forger(): Forger {
    const { keeper } = this.holder
    if (!keeper) throw new Error("a hostile member has no certificates")
    return forger(this.#member.membership, keeper.certificates, length => this.#chance.bytes(length))
  }

  #altered(bytes: Uint8Array): Uint8Array {
    const altered = bytes.slice()
    const at = this.#chance.below(altered.length)
    altered[at] = (altered[at] ?? 0) ^ (1 << this.#chance.below(8))
    return altered
  }

  #listen(keeper: Keeper): void {
    keeper.onAppend(envelopes => this.#heard.push(...envelopes))
  }
}

/** An update that types at the beginning of the body, under any number, from any clock on. */
function forgedWords(client: number, clock = 0): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = client
  if (clock > 0) doc.getText("body").insert(0, "x".repeat(clock))
  const before = Y.encodeStateVector(doc)
  doc.getText("body").insert(0, FORGED)
  return Y.encodeStateAsUpdate(doc, before)
}

/** An update that does nothing but delete: no structs, one client, one range (all numbers below 2^21). */
function deletion(client: number, clock: number, length: number): Uint8Array {
  const number = (value: number): number[] => {
    const bytes: number[] = []
    for (let left = value; ; left = Math.floor(left / 128)) {
      if (left < 128) return [...bytes, left]
      bytes.push((left % 128) + 128)
    }
  }
  return new Uint8Array([0, 1, ...number(client), 1, ...number(clock), ...number(length)])
}
