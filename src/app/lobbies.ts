// Other people's devices: a lobby for each carried document, and on each link that a lobby finds one conversation about
// all of them. Two links to the same page are found out by what both say of themselves, and one of the two stays idle.
import { encodeBase64url } from "../bytes/base64url"
import type { DocId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import type { JoinLobby, Talk } from "../links/lobby"
import type { Limits } from "../sync/budget"
import { connect, type Exchange } from "../sync/exchange"
import type { Link } from "../sync/link"
import type { Notary } from "../sync/notary"
import type { Report, Shelf } from "../sync/shelf"
import type { Carried } from "./network"
import { PEER } from "./peer-names"

export interface LobbiesParts {
  readonly world: World
  readonly verify: Verify
  /** The way into lobbies, when it has been loaded; null where there is none. Asked once, when something is carried. */
  readonly peers: () => Promise<JoinLobby | null>
  readonly notary: Notary
  readonly limits: () => Limits
  readonly carried: ReadonlySet<Carried>
}

export interface Lobbies {
  /** What is carried has changed: lobbies are entered and left. */
  tidy(): void
  /** Something about a carried document has changed. */
  changed(): void
  /** `links`: only over these; else over all. */
  presence(docId: DocId, bytes: Uint8Array, links?: readonly string[]): void
  close(): void
}

/** One page of the program, as it calls itself in HELLO. */
const PAGE = "page:"
const PAGE_BYTES = 16

/** Lobbies for nothing yet. */
export function createLobbies(parts: LobbiesParts): Lobbies {
  return new PeerLobbies(parts)
}

interface Line {
  readonly name: string
  readonly binding: Uint8Array
  readonly exchange: Exchange
  /** What it calls itself; null until it has said hello. */
  page: string | null
  /** There is another link to the same page, which is used. */
  idle: boolean
  readonly onShelfChange: Set<() => void>
}

class PeerLobbies implements Lobbies {
  readonly #parts: LobbiesParts
  readonly #page: string
  #join: JoinLobby | "not asked" | "loading" | null = "not asked"
  readonly #lobbies = new Map<DocId, { readonly relays: string; readonly leave: Stop }>()
  readonly #lines = new Set<Line>()
  #count = 0

  constructor(parts: LobbiesParts) {
    this.#parts = parts
    this.#page = PAGE + encodeBase64url(parts.world.random(PAGE_BYTES))
  }

  tidy(): void {
    const wanted = this.#wanted()
    for (const [docId, { relays, leave }] of this.#lobbies) {
      if (wanted.get(docId)?.join() === relays) continue
      this.#lobbies.delete(docId)
      leave()
    }
    if (wanted.size > 0 && this.#join === "not asked") void this.#load()
    const join = this.#join
    for (const [docId, relays] of wanted) {
      if (this.#lobbies.has(docId) || typeof join !== "function") continue
      const leave = join(docId, relays, (link, binding) => this.#talk(link, binding))
      this.#lobbies.set(docId, { relays: relays.join(), leave })
    }
    this.changed()
  }

  changed(): void {
    for (const { onShelfChange } of this.#lines) for (const f of onShelfChange) f()
  }

  presence(docId: DocId, bytes: Uint8Array, links?: readonly string[]): void {
    for (const { name, exchange } of this.#lines)
      if (!links || links.includes(name)) exchange.presence(docId, bytes)
  }

  close(): void {
    this.#join = null
    for (const line of this.#lines) {
      this.#lost(line)
      line.exchange.close("nothing is left to carry")
    }
    for (const { leave } of this.#lobbies.values()) leave()
    this.#lobbies.clear()
  }

  async #load(): Promise<void> {
    this.#join = "loading"
    const join = await this.#parts.peers().catch((error: unknown) => {
      // Part of the program did not come: the network is gone, say. It is asked for again with the next document.
      if (error instanceof TypeError) return "not asked" as const
      throw error
    })
    if (this.#join !== "loading") return
    this.#join = join
    if (join !== "not asked") this.tidy()
  }

  /** The documents that are carried, and the relays on which others look for them. */
  #wanted(): Map<DocId, readonly string[]> {
    const wanted = new Map<DocId, readonly string[]>()
    for (const { shelved, relays } of this.#parts.carried)
      wanted.set(shelved.docId, [...new Set([...(wanted.get(shelved.docId) ?? []), ...relays])].sort())
    return wanted
  }

  #talk(link: Link, binding: Uint8Array): Talk {
    const { world, verify, notary, limits } = this.#parts
    const onShelfChange = new Set<() => void>()
    const name = `${PEER}${++this.#count}`
    const shelf: Shelf = {
      documents: () => (line.idle ? [] : this.#shelved()),
      onChange(f) {
        onShelfChange.add(f)
        return () => onShelfChange.delete(f)
      },
      look: null,
    }
    const exchange = connect(link, shelf, {
      name,
      world,
      verify,
      kind: "peer",
      relayKey: null,
      expectedRelayKey: null,
      binding,
      features: [this.#page],
      notary,
      limits,
      report: what => this.#hear(line, what),
    })
    const line: Line = { name, binding, exchange, page: null, idle: false, onShelfChange }
    this.#lines.add(line)
    const ended = exchange.ended.then(ending => {
      this.#lost(line)
      return ending
    })
    const proven = () => this.#shelved().some(({ docId }) => exchange.prover(docId))
    return {
      ended,
      get met() {
        return exchange.far !== null
      },
      get proven() {
        return proven()
      },
    }
  }

  #shelved(): readonly Carried["shelved"][] {
    return [...new Map([...this.#parts.carried].map(({ shelved }) => [shelved.docId, shelved])).values()]
  }

  #hear(line: Line, what: Report): void {
    if (what.kind === "met") {
      line.page = what.end.features.find(word => word.startsWith(PAGE)) ?? null
      this.#settle(line.page)
      return
    }
    const about = "docId" in what ? what.docId : null
    for (const document of this.#parts.carried)
      if (about === null || document.shelved.docId === about) document.onReport(what, line.name)
  }

  #lost(line: Line): void {
    if (!this.#lines.delete(line)) return
    this.#settle(line.page)
    for (const document of this.#parts.carried) document.onReach(line.name, "away")
  }

  // Of several links to one page that with the lowest binding is used: both ends come to the same.
  #settle(page: string | null): void {
    if (page === null) return
    const same = [...this.#lines].filter(line => line.page === page)
    same.sort((a, b) => (encodeBase64url(a.binding) < encodeBase64url(b.binding) ? -1 : 1))
    for (const [index, line] of same.entries()) {
      line.idle = index > 0
      for (const f of line.onShelfChange) f()
    }
  }
}
