// Somebody with a device, as the relay meets them: a keeper in memory, a seat, and a real socket. Modified clients are
// made by giving `join` a link that does something else with what passes.
import { WebSocket } from "ws"
import { realWorld } from "../../src/bytes/world"
import { Keeper } from "../../src/log/keeper"
import { MemoryStore } from "../../src/log/memory"
import { connect, type Exchange } from "../../src/sync/exchange"
import type { Link } from "../../src/sync/link"
import { Notary } from "../../src/sync/notary"
import type { Report, Shelf, ShelvedDocument } from "../../src/sync/shelf"
import { type Member, type TestDocument, verify } from "../unit/sync/world"
import { atEnd, type TestRelay } from "./run"

export interface Client {
  readonly member: Member
  /** Null for a newcomer to whom nothing has come yet. */
  readonly keeper: () => Keeper | null
  readonly exchange: Exchange
  readonly reports: readonly Report[]
  /** The first report that fits, past or future. Rejects when the exchange ends without it. */
  until<Kind extends Report["kind"]>(
    kind: Kind,
    fits?: (report: Extract<Report, { kind: Kind }>) => boolean,
  ): Promise<Extract<Report, { kind: Kind }>>
  /** Takes envelopes of one's own in, which sends them. */
  add(...envelopes: readonly { readonly bytes: Uint8Array }[]): Promise<void>
  /** Resolves when the relay has signed for a place in a session. */
  receipt(sessionId: string, seq: number): Promise<void>
}

export interface JoinOptions {
  /** "all": holds the certificates already. "link": knows the name and its own right. */
  readonly knows?: "all" | "link"
  readonly through?: (link: Link) => Link
}

let joined = 0

/** Dials the relay as a member of a document. */
export async function join(
  relay: Pick<TestRelay, "url">,
  document: TestDocument,
  member: Member,
  { knows = "all", through = link => link }: JoinOptions = {},
): Promise<Client> {
  const store = new MemoryStore()
  let keeper: Keeper | null =
    knows === "all" ? await Keeper.found(store, verify, document.certificates.all()) : null
  const changed = new Set<() => void>()
  const shelved: ShelvedDocument = {
    docId: document.docId,
    get keeper() {
      return keeper
    },
    seat: member.seat,
    found: async certificates => {
      keeper ??= await Keeper.found(store, verify, certificates)
      for (const f of changed) f()
      return keeper
    },
  }
  const shelf: Shelf = {
    documents: () => [shelved],
    onChange: f => {
      changed.add(f)
      return () => changed.delete(f)
    },
    look: null,
  }
  const reports: Report[] = []
  const listeners = new Set<() => void>()
  joined++
  const link = through(await socketLink(relay.url.includes("/sync") ? relay.url : `${relay.url}/sync`))
  const exchange = connect(link, shelf, {
    name: `client ${joined}`,
    world: realWorld,
    verify,
    kind: "peer",
    relayKey: null,
    expectedRelayKey: null,
    binding: new Uint8Array(0),
    notary: new Notary(realWorld, 0),
    report: report => {
      reports.push(report)
      for (const f of [...listeners]) f()
    },
  })
  const until: Client["until"] = (kind, fits = () => true) =>
    new Promise((resolve, reject) => {
      const look = () => {
        for (const report of reports) {
          if (report.kind !== kind) continue
          const found = report as Extract<Report, { kind: typeof kind }>
          if (!fits(found)) continue
          listeners.delete(look)
          resolve(found)
          return
        }
      }
      listeners.add(look)
      look()
      exchange.ended.then(({ why }) => reject(new Error(`the exchange ended without "${kind}": ${why}`)))
    })
  atEnd(() => exchange.close("the test is over"))
  return {
    member,
    keeper: () => keeper,
    exchange,
    reports,
    until,
    add: async (...envelopes) => {
      await keeper?.appendOwn(
        envelopes.map(({ bytes }) => bytes),
        batch => store.append(batch),
      )
    },
    receipt: async (sessionId, seq) => {
      await until("receipt", ({ entries }) =>
        entries.some(entry => entry.sessionId === sessionId && entry.seq >= seq),
      )
    },
  }
}

/** A socket of the `ws` package as a link. */
export async function socketLink(url: string): Promise<Link> {
  const socket = new WebSocket(url)
  socket.binaryType = "arraybuffer"
  // The relay says hello at once: that may be here before anybody listens.
  const early: Uint8Array[] = []
  let listener = (frame: Uint8Array): unknown => early.push(frame)
  socket.on("message", content => {
    if (content instanceof ArrayBuffer) listener(new Uint8Array(content))
  })
  await new Promise((resolve, reject) => {
    socket.once("open", resolve)
    socket.once("error", reject)
  })
  atEnd(() => socket.terminate())
  return {
    name: "relay",
    send: frame => socket.send(frame),
    onMessage: f => {
      listener = f
      for (const frame of early.splice(0)) f(frame)
      return () => {
        listener = () => undefined
      }
    },
    onClose: f => {
      const hear = (code: number, reason: Buffer) => f(`${code} ${reason}`)
      socket.on("close", hear)
      return () => socket.off("close", hear)
    },
    ready: async () => undefined,
    waitingBytes: () => socket.bufferedAmount,
    close: () => socket.close(),
  }
}
