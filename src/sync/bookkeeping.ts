// One document's receipts on one link: checks those that come, whoever signed them, passes on what the other end may not
// have heard, and notices when it holds less than it has signed for.
import type { PublicKey, SessionId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import type { Keeper, Source } from "../log/keeper"
import type { Receipt } from "../log/ledger"
import type { Effect } from "./effects"
import { receiptBytes } from "./proofs"
import type { Prover, Report } from "./shelf"

export interface BookkeepingParts {
  readonly keeper: Keeper
  /** Our own seat here. */
  readonly seatPub: PublicKey
  /** The link's name, as the source of what came over it. */
  readonly name: Source
  readonly world: World
  readonly verify: Verify
  readonly report: (report: Report) => void
  /** Tells the other end of a receipt, if it listens. */
  readonly send: (receipt: Receipt) => void
}

type Claims = Pick<Extract<Effect, { do: "compare-receipts" }>, "by" | "entries" | "informed">

/** What others sign is passed on in gatherings: many people in company sign often. */
const PASS_ON_MS = 5_000

export class Bookkeeping {
  readonly #parts: BookkeepingParts
  readonly #stops: readonly Stop[]
  #gathered = new Set<Receipt>()
  #passing: Stop | null = null
  /** Who the other end is, and what it has last said that it holds. */
  #said: {
    readonly by: Prover
    readonly reach: ReadonlyMap<SessionId, number>
    readonly since: number
  } | null = null
  #informed = false
  #withheld = false

  constructor(parts: BookkeepingParts) {
    this.#parts = parts
    const { keeper, name } = parts
    this.#stops = [
      keeper.receipts.onTaken((receipt, source) => {
        this.#compare()
        if (source !== name) this.#gather(receipt)
      }),
      // What it signed for may be seen elsewhere first, and the words after that.
      keeper.onAppend(() => this.#compare()),
    ]
  }

  /** Takes a receipt that came. False: its signature does not hold, and nobody honest passes such a thing on. */
  async check(receipt: Receipt): Promise<boolean> {
    const { keeper, seatPub, verify, name, report } = this.#parts
    const { seat, at, entries, claim, signature } = receipt
    const signer = keeper.certificates.seat(seat)
    const role = signer && keeper.certificates.roleOf(signer.grantPub)
    // Of a seat that is not known here or not listed any more it says nothing; one's own words are no news.
    if (!signer || !role || signer.seatPub === seatPub) return true
    const signed = receiptBytes(keeper.docId, receipt)
    if (!(await verify("stored", signer.seatPub, signed, signature))) return false
    if (keeper.receipts.take(receipt, name)) {
      const by = { seatPub: signer.seatPub, grantPub: signer.grantPub, role }
      report({ kind: "receipt", docId: keeper.docId, by, seat, at, entries, claim })
    }
    return true
  }

  /** Tells the other end everything that others have signed. */
  tellAll(): void {
    for (const receipt of this.#parts.keeper.receipts.all()) this.#gather(receipt)
  }

  /** The other end has said how far it holds the log. `since`: its own wall clock when the link began, ms. */
  said({ by, entries, informed }: Claims, since: number): void {
    this.#informed = informed
    if (entries)
      this.#said = { by, reach: new Map(entries.map(({ sessionId, seq }) => [sessionId, seq])), since }
    this.#compare()
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#passing?.()
  }

  #gather(receipt: Receipt): void {
    if (this.#signerOf(receipt) === this.#said?.by.seatPub) return
    this.#gathered.add(receipt)
    this.#passing ??= this.#parts.world.after(PASS_ON_MS, () => {
      this.#passing = null
      const kept = new Set(this.#parts.keeper.receipts.all())
      for (const each of this.#gathered) if (kept.has(each)) this.#parts.send(each)
      this.#gathered.clear()
    })
  }

  // What it signed for before this link began it must hold now, as far as that is valid here. What it has signed since
  // may be newer than what it said.
  #compare(): void {
    const said = this.#said
    if (!said || !this.#informed || this.#withheld) return
    const { keeper, report } = this.#parts
    for (const receipt of keeper.receipts.all()) {
      if (receipt.at >= said.since || this.#signerOf(receipt) !== said.by.seatPub) continue
      for (const { sessionId, seq } of receipt.entries) {
        if (Math.min(seq, keeper.log.reach(sessionId)) <= (said.reach.get(sessionId) ?? -1)) continue
        this.#withheld = true
        report({ kind: "withheld", docId: keeper.docId, by: said.by, sessionId })
        return
      }
    }
  }

  #signerOf({ seat }: Receipt): PublicKey | null {
    return this.#parts.keeper.certificates.seat(seat)?.seatPub ?? null
  }
}
