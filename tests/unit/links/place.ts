// A place where documents are: a device in a test, with a shelf, keepers and a memory of what it was told. It meets
// others over whatever link it is given.
import type { DocId, PublicKey } from "../../../src/bytes/ids"
import { realWorld, type World } from "../../../src/bytes/world"
import type { Verify } from "../../../src/crypto/signing"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import type { LogStore } from "../../../src/log/store"
import { connect, type Exchange } from "../../../src/sync/exchange"
import type { Link } from "../../../src/sync/link"
import type { EndKind } from "../../../src/sync/messages"
import { Notary } from "../../../src/sync/notary"
import type { Report, Shelf, ShelvedDocument } from "../../../src/sync/shelf"
import { type Member, type TestDocument, verify } from "../sync/world"

export interface PlaceOptions {
  readonly kind?: EndKind
  readonly relayKey?: PublicKey
  readonly world?: World
  readonly look?: Shelf["look"]
  /** In place of the one that all share: to count what is checked. */
  readonly verify?: Verify
}

interface Held extends ShelvedDocument {
  keeper: Keeper | null
  readonly store: LogStore
}

export class Place {
  readonly name: string
  readonly reports: Report[] = []
  readonly exchanges: Exchange[] = []
  readonly links: Link[] = []
  readonly #options: PlaceOptions
  readonly #world: World
  readonly #notary: Notary
  readonly #held = new Map<DocId, Held>()
  readonly #changed = new Set<() => void>()

  constructor(name: string, options: PlaceOptions = {}) {
    this.name = name
    this.#options = options
    this.#world = options.world ?? realWorld
    this.#notary = new Notary(this.#world, 0)
  }

  /** Holds a document, with all certificates that are known by now. */
  async hold(document: TestDocument, member: Member, store: LogStore = new MemoryStore()): Promise<Keeper> {
    const held = this.#put(document, member, store)
    held.keeper = await Keeper.found(store, verify, document.certificates.all())
    this.#change()
    return held.keeper
  }

  /** Knows a document's name and a right in it, and nothing else. */
  follow(document: TestDocument, member: Member, store: LogStore = new MemoryStore()): void {
    this.#put(document, member, store)
    this.#change()
  }

  /** Has no more to do with a document. */
  drop({ docId }: TestDocument): void {
    this.#held.delete(docId)
    this.#change()
  }

  /** Starts a conversation over a link. */
  meet(link: Link, expectedRelayKey: PublicKey | null = null): Exchange {
    this.links.push(link)
    const exchange = connect(link, this.#shelf(), {
      name: `${this.name} ${this.exchanges.length}`,
      world: this.#world,
      verify: this.#options.verify ?? verify,
      kind: this.#options.kind ?? "peer",
      relayKey: this.#options.relayKey ?? null,
      expectedRelayKey,
      binding: new Uint8Array(0),
      notary: this.#notary,
      report: report => {
        this.reports.push(report)
      },
    })
    this.exchanges.push(exchange)
    return exchange
  }

  keeper({ docId }: Pick<TestDocument, "docId">): Keeper {
    const keeper = this.#held.get(docId)?.keeper
    if (!keeper) throw new Error(`${this.name} does not hold the document`)
    return keeper
  }

  holds({ docId }: Pick<TestDocument, "docId">): boolean {
    return this.#held.get(docId)?.keeper != null
  }

  /** Takes in what was sealed here. */
  async write(document: TestDocument, ...envelopes: readonly Uint8Array[]): Promise<void> {
    const store = this.#held.get(document.docId)?.store
    await this.keeper(document).appendOwn(envelopes, async batch => store?.append(batch))
  }

  /** What it was told of one kind. */
  told<Kind extends Report["kind"]>(kind: Kind): Extract<Report, { kind: Kind }>[] {
    return this.reports.filter((report): report is Extract<Report, { kind: Kind }> => report.kind === kind)
  }

  refusals(by: "us" | "them"): string[] {
    return this.told("refused").flatMap(report => (report.by === by ? [report.reason] : []))
  }

  #put({ docId }: TestDocument, member: Member, store: LogStore): Held {
    let founding: Promise<Keeper> | null = null
    const held: Held = {
      docId,
      keeper: null,
      seat: member.seat,
      store,
      found: certificates => {
        founding ??= Keeper.found(store, verify, certificates).then(keeper => {
          held.keeper = keeper
          this.#change()
          return keeper
        })
        return founding
      },
    }
    this.#held.set(docId, held)
    return held
  }

  #shelf(): Shelf {
    return {
      documents: () => (this.#options.kind === "relay" ? [] : [...this.#held.values()]),
      onChange: f => {
        this.#changed.add(f)
        return () => this.#changed.delete(f)
      },
      look:
        this.#options.look ??
        (this.#options.kind === "relay"
          ? async docId => this.#held.get(docId) ?? { reason: "closed", message: "not here" }
          : null),
    }
  }

  #change(): void {
    for (const f of this.#changed) f()
  }
}

/** Waits until something is so; the test's own time is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 2))
}

/** Waits until places hold the same of a document, and at least `envelopes` of it. */
export async function level(document: TestDocument, envelopes: number, ...places: Place[]): Promise<void> {
  await until(() => {
    if (places.some(place => !place.holds(document))) return false
    const logs = places.map(place => place.keeper(document).log)
    const count = logs[0]?.heads().reduce((sum, head) => sum + head.seq + 1, 0) ?? 0
    return (
      count >= envelopes && new Set(logs.map(log => Buffer.from(log.digest()).toString("hex"))).size === 1
    )
  })
}
