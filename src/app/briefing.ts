// Where a carried document stands with the ends of its links, as far as it was heard: enough to tell a tab that comes
// later everything that it would know had it listened from the start.
import type { PublicKey, SessionId } from "../bytes/ids"
import type { VectorEntry } from "../log/log"
import type { Report } from "../sync/shelf"
import type { Heard } from "./carriages"
import { isPeer } from "./peer-names"

type Receipt = Extract<Report, { readonly kind: "receipt" }>

interface Signed {
  readonly last: Receipt
  readonly entries: Map<SessionId, VectorEntry>
  readonly where: string
}

const NOTHING = new Uint8Array(0)

export class Briefing {
  readonly #reach = new Map<string, Heard>()
  /** Who is live, by the link's end and the seat. */
  readonly #live = new Map<string, Map<PublicKey, Heard>>()
  #caughtUp: Heard | null = null
  readonly #receipts = new Map<PublicKey, Signed>()

  /** Takes what was heard. What is over as soon as it is said is not kept. */
  hear(heard: Heard): void {
    if (heard.on === "reach") {
      const [where, reach] = heard.said
      this.#reach.set(where, heard)
      if (reach !== "live") this.#live.delete(where)
      // A link to a device that is no more never comes back under that name.
      if (isPeer(where)) this.#reach.delete(where)
      return
    }
    const [report, where] = heard.said
    switch (report.kind) {
      case "live":
        this.#live.set(where, (this.#live.get(where) ?? new Map()).set(report.by.seatPub, heard))
        return
      case "caught-up":
        this.#caughtUp = heard
        return
      case "receipt":
        this.#sign(report, where)
        return
      case "met":
      case "presence":
      case "withheld":
      case "refused":
      case "problem":
        return
      default:
        report satisfies never
    }
  }

  /** All that holds now, in an order in which it could have been heard. */
  all(): readonly Heard[] {
    const live = [...this.#live.values()].flatMap(ends => [...ends.values()])
    const receipts = [...this.#receipts.values()].map(({ last, entries, where }): Heard => {
      return { on: "report", said: [{ ...last, entries: [...entries.values()] }, where] }
    })
    return [...this.#reach.values(), ...live, ...(this.#caughtUp ? [this.#caughtUp] : []), ...receipts]
  }

  /** Forgets what depends on links: they are made anew. What was signed stays signed. */
  forget(): void {
    this.#reach.clear()
    this.#live.clear()
  }

  #sign(report: Receipt, where: string): void {
    const entries = this.#receipts.get(report.by.seatPub)?.entries ?? new Map<SessionId, VectorEntry>()
    for (const entry of report.entries)
      if (entry.seq >= (entries.get(entry.sessionId)?.seq ?? 0)) entries.set(entry.sessionId, entry)
    const { claim = NOTHING } = this.#receipts.get(report.by.seatPub)?.last ?? {}
    const last = report.claim.length > 0 ? report : { ...report, claim }
    this.#receipts.set(report.by.seatPub, { last, entries, where })
  }
}
