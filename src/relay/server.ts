// The relay's end of every conversation: for each socket a link, a shelf and an exchange. It passes presence on to
// those who have proven that they may hear it, slows down whoever writes too much, and tells the journal. Nothing
// that an end says is opened here, and nothing that it writes itself gets into the journal.
import type { DocId } from "../bytes/ids"
import type { World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import type { Envelope } from "../records/envelope"
import { connect, type Exchange } from "../sync/exchange"
import { Notary } from "../sync/notary"
import type { Report } from "../sync/shelf"
import { Documents } from "./documents"
import { type Journal, shortened } from "./journal"
import { createLink } from "./link"
import type { Quotas } from "./quota"
import type { Limits } from "./settings"
import { RelayShelf } from "./shelf"
import type { Signer } from "./signer"
import type { Socket } from "./sockets"
import type { Store } from "./store"

/** What the server is made of. */
export interface ServerParts {
  readonly signer: Signer
  readonly store: Store
  readonly verify: Verify
  readonly quotas: Quotas
  readonly limits: Limits
  readonly world: World
  readonly journal: Journal
}

interface End {
  readonly exchange: Exchange
  readonly socket: Socket
}

export class SyncServer {
  readonly #parts: ServerParts
  readonly #documents: Documents
  /** By the name of their exchange, which is the source of what they bring. */
  readonly #ends = new Map<string, End>()
  /** The names of those who have proven a right to a document, and so hear who is present in it. */
  readonly #live = new Map<DocId, Set<string>>()
  readonly #notary: Notary
  #joined = 0

  constructor(parts: ServerParts) {
    this.#parts = parts
    this.#notary = new Notary(parts.world, 0)
    this.#documents = new Documents(parts.store, parts.verify, parts.limits, (envelopes, source) =>
      this.#pace(envelopes, source),
    )
  }

  /** Serves a socket until it closes. */
  join(socket: Socket): void {
    const { signer, verify, world, journal } = this.#parts
    this.#joined++
    const name = `end ${this.#joined}`
    const link = createLink(socket)
    const parts = { ...this.#parts, documents: this.#documents }
    const shelf = new RelayShelf(parts, socket.address, docId => this.#leave(docId, name))
    const exchange = connect(link, shelf, {
      name,
      world,
      verify,
      kind: "relay",
      relayKey: signer.publicKey,
      expectedRelayKey: null,
      binding: new Uint8Array(0),
      notary: this.#notary,
      report: report => this.#hear(name, report),
    })
    this.#ends.set(name, { exchange, socket })
    exchange.ended.then(({ hostile }) => {
      this.#ends.delete(name)
      shelf.empty()
      journal.debug({ end: name, hostile }, "an end left")
    })
  }

  /** Says goodbye to all ends, finishes what is being written, closes all documents. */
  async close(): Promise<void> {
    const ends = [...this.#ends.values()]
    for (const { exchange } of ends) exchange.close("the relay is closing")
    await Promise.all(ends.map(({ exchange }) => exchange.ended))
    await this.#documents.close()
  }

  #hear(name: string, report: Report): void {
    note(this.#parts.journal, name, report)
    if (report.kind === "live")
      this.#live.set(report.docId, (this.#live.get(report.docId) ?? new Set()).add(name))
    if (report.kind === "presence")
      for (const other of this.#live.get(report.docId) ?? [])
        if (other !== name) this.#ends.get(other)?.exchange.presence(report.docId, report.bytes)
  }

  #leave(docId: DocId, name: string): void {
    const live = this.#live.get(docId)
    live?.delete(name)
    if (live?.size === 0) this.#live.delete(docId)
  }

  /** Reads more slowly from an end that brings more than a seat may write. */
  #pace(envelopes: readonly Envelope[], source: string): void {
    const end = this.#ends.get(source)
    if (!end) return
    for (const { session, bytes } of envelopes) {
      const waitMs = this.#parts.quotas.written(session.seatPub, bytes.length)
      if (waitMs > 0) end.socket.pause(waitMs)
    }
  }
}

/** What the journal hears of a conversation: stable words and short names. */
function note(journal: Journal, end: string, report: Report): void {
  switch (report.kind) {
    case "met":
      journal.debug({ end, as: report.end.kind }, "an end said hello")
      return
    case "live":
      journal.debug(
        { end, document: shortened(report.docId), role: report.by.role },
        "an end proved its right",
      )
      return
    case "refused": {
      const document = report.docId && shortened(report.docId)
      // The reason that the other end names may be any text at all.
      const reason = report.by === "us" ? report.reason : null
      journal.info({ end, document, by: report.by, reason }, "something was refused")
      return
    }
    case "problem":
      // "broken" is a failure of this program, told in its own words.
      if (report.problem === "broken") journal.error({ end, failure: report.message }, "a conversation broke")
      else journal.info({ end, problem: report.problem }, "something is wrong with an end")
      return
    case "caught-up":
    case "withheld":
    case "receipt":
    case "presence":
      return
    default:
      report satisfies never
  }
}
