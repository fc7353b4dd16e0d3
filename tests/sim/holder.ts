// The networked half of a place: a keeper that is opened or founded, a shelf with one document on it, and a conversation
// on every link. Devices have a replica on top of it; a host has nothing.
import { RefusedError } from "../../src/bytes/errors"
import type { PublicKey } from "../../src/bytes/ids"
import type { Stop } from "../../src/bytes/world"
import { Keeper } from "../../src/log/keeper"
import { Certificates } from "../../src/records/certificates"
import { type Database, openDatabase } from "../../src/storage/database"
import { type DocumentStore, openLogStore } from "../../src/storage/log-store"
import { connect, type Exchange } from "../../src/sync/exchange"
import type { Link } from "../../src/sync/link"
import { Notary } from "../../src/sync/notary"
import type { Report, Seat, Shelf, ShelvedDocument } from "../../src/sync/shelf"
import type { Life } from "./clockwork"
import type { Stage } from "./stage"
import type { Place } from "./wires"

export interface HolderParts {
  readonly stage: Stage
  readonly life: Life
  readonly device: string
  readonly seat: Seat
  /** A host's key; null: a device of a member. */
  readonly hostKey: PublicKey | null
  /** What is known before anybody was met; empty: only the document's name, and a right in it. */
  readonly certificates: readonly Uint8Array[]
  /** Called with every link, before anything is said. */
  readonly onLink?: (link: Link) => void
  /** Called once there is a log. */
  readonly onKeeper: (keeper: Keeper, store: DocumentStore, database: Database) => void
}

/** Receipts of a device are this far apart at least, as in the app. */
const RECEIPT_PACE_MS = 1_000

export class Holder implements Place {
  readonly device: string
  readonly life: Life
  readonly exchanges = new Set<Exchange>()
  keeper: Keeper | null = null
  readonly #parts: HolderParts
  readonly #notary: Notary
  readonly #onChange = new Set<() => void>()
  readonly #shelved: ShelvedDocument
  #database: Database | null = null
  #store: DocumentStore | null = null
  #founding: Promise<Keeper> | null = null
  #links = 0

  constructor(parts: HolderParts) {
    this.#parts = parts
    this.device = parts.device
    this.life = parts.life
    this.#notary = new Notary(parts.life.world, parts.hostKey ? 0 : RECEIPT_PACE_MS)
    const holder = this
    this.#shelved = {
      docId: parts.stage.company.docId,
      get keeper() {
        return holder.keeper
      },
      seat: parts.seat,
      found: certificates => {
        this.#founding ??= this.#found(certificates).catch(error => {
          this.#founding = null
          throw error
        })
        return this.#founding
      },
    }
  }

  /** Opens what is stored, or begins it with what is known; then it can be linked to. */
  async open(): Promise<void> {
    const { stage, certificates } = this.#parts
    const { docId, verify } = stage.company
    this.#database = await openDatabase()
    this.#store = openLogStore(this.#database, docId)
    const keeper = await Keeper.open(this.#store, verify)
    if (keeper) this.#enter(keeper)
    else if (certificates.length > 0) this.#enter(await Keeper.found(this.#store, verify, certificates))
    stage.wires.add(this)
  }

  meet(link: Link): void {
    const { life, hostKey, stage, onLink } = this.#parts
    onLink?.(link)
    const { docId, verify } = stage.company
    const shelf: Shelf = {
      documents: () => (hostKey ? [] : [this.#shelved]),
      onChange: f => this.#listen(f),
      look: hostKey
        ? async asked => (asked === docId ? this.#shelved : { reason: "closed", message: "not here" })
        : null,
    }
    const exchange = connect(link, shelf, {
      name: `${life.name} ${++this.#links}`,
      world: life.world,
      verify,
      kind: hostKey ? "relay" : "peer",
      relayKey: hostKey,
      expectedRelayKey: null,
      binding: new Uint8Array(0),
      notary: this.#notary,
      report: report => this.#heard(report),
    })
    this.exchanges.add(exchange)
    void exchange.ended.then(ending => {
      this.exchanges.delete(exchange)
      if (ending.hostile && life.alive) stage.watch.hostile(this.device, ending.why)
    })
  }

  /** Leaves in good order. */
  async close(): Promise<void> {
    for (const exchange of this.exchanges) exchange.close("done")
    await this.keeper?.close()
    this.#database?.close()
  }

  #heard(report: Report): void {
    if (!this.life.alive || this.#parts.onLink) return
    const { watch } = this.#parts.stage
    switch (report.kind) {
      case "receipt":
        watch.receipt(report.by.seatPub, report.at, report.entries)
        return
      case "problem":
        watch.problem(this.device, `${report.problem}: ${report.message}`)
        return
      case "refused":
        watch.refused(this.device, report.by, report.reason, report.message)
        return
      case "withheld":
      case "live":
      case "met":
      case "caught-up":
      case "presence":
        return
      default:
        report satisfies never
    }
  }

  // A newcomer believes no certificates but those that bear out its right; a host takes what hangs together.
  async #found(certificates: readonly Uint8Array[]): Promise<Keeper> {
    const { stage, seat, hostKey } = this.#parts
    const { docId, verify } = stage.company
    const own = hostKey ? [] : [seat.grantCertificate, seat.certificate].filter(bytes => bytes !== null)
    const [genesis, ...rest] = [...certificates, ...own]
    if (!genesis || !this.#store) throw new RefusedError("bad-certificate", "no genesis came")
    const known = await Certificates.found(genesis, verify)
    if (known.docId !== docId)
      throw new RefusedError("wrong-document", "the genesis of another document came")
    for (const bytes of rest) await known.add(bytes)
    const keeper = await Keeper.found(this.#store, verify, known.all())
    this.#enter(keeper)
    return keeper
  }

  #enter(keeper: Keeper): void {
    if (this.keeper || !this.#store || !this.#database) return
    this.keeper = keeper
    this.#parts.stage.watch.follow(keeper, this.life)
    this.#parts.onKeeper(keeper, this.#store, this.#database)
    for (const f of this.#onChange) f()
  }

  #listen(f: () => void): Stop {
    this.#onChange.add(f)
    return () => {
      this.#onChange.delete(f)
    }
  }
}
