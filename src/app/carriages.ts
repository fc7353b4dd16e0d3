// What the leading tab has on its links: every document that any tab of the profile has open, each once, and the few
// that were open last, so that a colleague who comes back finds a copy. A document that this tab shows itself is carried
// with its own log; any other as a guest. What is heard of a document goes to all tabs that have it, and whoever comes
// later is told where things stand.
import type { DocId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import type { Report, ShelvedDocument } from "../sync/shelf"
import { Briefing } from "./briefing"
import { Guest, type GuestParts } from "./guest"
import type { Carried, Network } from "./network"

/** Something that happened to a document on a link: what its `Carried` is told. */
export type Heard =
  | { readonly on: "report"; readonly said: Parameters<Carried["onReport"]> }
  | { readonly on: "reach"; readonly said: Parameters<Carried["onReach"]> }

/** What the leader tells the other tabs about a document. */
export type CarriageNote =
  | { readonly note: "heard"; readonly docId: DocId; readonly heard: Heard }
  /** Certificates came from which a document that is nowhere here yet can be begun. */
  | { readonly note: "founding"; readonly docId: DocId; readonly certificates: readonly Uint8Array[] }

/** A shared document that was open on this profile not long ago. */
export interface Recent {
  readonly docId: DocId
  readonly relays: readonly string[]
}

export interface CarriageParts {
  readonly network: Network
  readonly guests: GuestParts
  /** The shared documents that were opened last, by any tab. Asked whenever one is opened or put away. */
  readonly recent: () => Promise<readonly Recent[]>
  readonly post: (note: CarriageNote) => void
  /** Tells a document of this tab what was heard of it. */
  readonly tell: (carried: Carried, heard: Heard) => void
}

interface Carriage {
  readonly docId: DocId
  own: Carried | null
  /** Other tabs that have it open, and the relays that they know of. */
  readonly tabs: Map<string, readonly string[]>
  /** The relays of one that is among the last opened; null: it is not. */
  recent: readonly string[] | null
  guest: Guest | "opening" | null
  running: Running | null
  readonly briefing: Briefing
}

interface Running {
  readonly shelved: ShelvedDocument
  readonly relays: readonly string[]
  readonly stop: Stop
}

export class Carriages {
  readonly #parts: CarriageParts
  readonly #carriages = new Map<DocId, Carriage>()
  /** What relays said when they were met, for documents that come later. */
  readonly #met = new Map<string, Heard>()
  #recalling: Promise<void> = Promise.resolve()
  #closed = false

  constructor(parts: CarriageParts) {
    this.#parts = parts
    this.#recall()
  }

  /** What this tab itself has open; null: nothing of that name any more. */
  own(docId: DocId, carried: Carried | null): void {
    const carriage = this.#of(docId)
    carriage.own = carried
    this.#settle(carriage)
    if (carried) this.#brief(carriage, heard => this.#parts.tell(carried, heard))
    this.#recall()
  }

  /** Another tab has a document open. */
  tab(tab: string, docId: DocId, relays: readonly string[]): void {
    const carriage = this.#of(docId)
    carriage.tabs.set(tab, relays)
    this.#settle(carriage)
    this.#brief(carriage, heard => this.#parts.post({ note: "heard", docId, heard }))
    this.#recall()
  }

  /** It has it open no more. */
  drop(tab: string, docId: DocId): void {
    const carriage = this.#carriages.get(docId)
    if (!carriage?.tabs.delete(tab)) return
    this.#settle(carriage)
    this.#recall()
  }

  /** A tab is gone, however it went. */
  gone(tab: string): void {
    for (const { docId, tabs, running } of [...this.#carriages.values()]) {
      if (!tabs.has(tab)) continue
      // Its last words may be in the store without a word to anybody.
      running?.shelved.keeper?.refresh().catch(this.#parts.guests.onProblem)
      this.drop(tab, docId)
    }
  }

  /** Some tab has begun a document, or what is carried besides has changed. */
  changed(): void {
    this.#recall()
    this.#parts.network.changed()
    for (const { guest } of this.#carriages.values()) if (guest instanceof Guest) this.#look(guest)
  }

  presence(docId: DocId, bytes: Uint8Array, links?: readonly string[]): void {
    this.#parts.network.presence(docId, bytes, links)
  }

  close(): void {
    this.#closed = true
    this.#parts.network.close()
    for (const carriage of this.#carriages.values()) {
      carriage.own = null
      carriage.tabs.clear()
      carriage.recent = null
      this.#closeGuest(carriage)
    }
    this.#carriages.clear()
  }

  #of(docId: DocId): Carriage {
    const known = this.#carriages.get(docId)
    if (known) return known
    const briefing = new Briefing()
    const made = { docId, own: null, tabs: new Map(), recent: null, guest: null, running: null, briefing }
    this.#carriages.set(docId, made)
    return made
  }

  // One after the other, so that what was read last counts.
  #recall(): void {
    const { recent, guests } = this.#parts
    this.#recalling = this.#recalling
      .then(async () => {
        const found = new Map((await recent()).map(({ docId, relays }) => [docId, relays]))
        if (this.#closed) return
        for (const docId of found.keys()) this.#of(docId)
        for (const carriage of [...this.#carriages.values()]) {
          carriage.recent = found.get(carriage.docId) ?? null
          this.#settle(carriage)
        }
      })
      .catch(guests.onProblem)
  }

  // Puts on the links what is wanted now. While the log stays the same, a change of relays interrupts nothing.
  #settle(carriage: Carriage): void {
    const { own, tabs, recent } = carriage
    const relays = [...new Set([...(own?.relays ?? []), ...[...tabs.values()].flat(), ...(recent ?? [])])]
    const shelved = relays.length > 0 ? this.#shelvedOf(carriage) : null
    const before = carriage.running
    if (before?.shelved === shelved && sameWords(before?.relays ?? [], relays)) return
    carriage.running = null
    if (before && before.shelved !== shelved) before.stop()
    if (shelved) carriage.running = { shelved, relays, stop: this.#carry(carriage, shelved, relays) }
    if (before && before.shelved === shelved) before.stop()
    if (own || !isWanted(carriage)) this.#closeGuest(carriage)
    if (!own && !isWanted(carriage)) this.#carriages.delete(carriage.docId)
  }

  #carry(carriage: Carriage, shelved: ShelvedDocument, relays: readonly string[]): Stop {
    const hear = (heard: Heard) => this.#hear(carriage, heard)
    carriage.briefing.forget()
    return this.#parts.network.carry({
      shelved,
      relays,
      onReport: (...said) => hear({ on: "report", said }),
      onReach: (...said) => hear({ on: "reach", said }),
    })
  }

  #hear(carriage: Carriage, heard: Heard): void {
    if (heard.on === "report" && heard.said[0].kind === "met") this.#met.set(heard.said[1], heard)
    carriage.briefing.hear(heard)
    if (carriage.own) this.#parts.tell(carriage.own, heard)
    if (carriage.tabs.size > 0)
      this.#parts.post({ note: "heard", docId: carriage.docId, heard: compact(heard) })
  }

  // Where things stand, for a tab that has not heard it.
  #brief({ running, briefing }: Carriage, f: (heard: Heard) => void): void {
    for (const relay of running?.relays ?? []) {
      const met = this.#met.get(relay)
      if (met) f(met)
    }
    for (const heard of briefing.all()) f(heard)
  }

  #shelvedOf(carriage: Carriage): ShelvedDocument | null {
    if (carriage.own) return this.#withNewcomers(carriage.own.shelved)
    if (!isWanted(carriage)) return null
    const { guest } = carriage
    if (guest instanceof Guest) return this.#withNewcomers(guest.shelved)
    if (guest === null) void this.#openGuest(carriage)
    return null
  }

  async #openGuest(carriage: Carriage): Promise<void> {
    const { guests } = this.#parts
    carriage.guest = "opening"
    const guest = await Guest.open(carriage.docId, guests).catch((error: unknown) => {
      guests.onProblem(error)
      return null
    })
    carriage.guest = guest
    if (!guest) return
    if (this.#closed || carriage.own || !isWanted(carriage)) this.#closeGuest(carriage)
    else this.#settle(carriage)
  }

  #closeGuest(carriage: Carriage): void {
    if (!(carriage.guest instanceof Guest)) return
    carriage.guest.close()
    carriage.guest = null
  }

  #look(guest: Guest): void {
    const { network, guests } = this.#parts
    guest.look().then(isNew => isNew && network.changed(), guests.onProblem)
  }

  readonly #wrapped = new WeakMap<ShelvedDocument, ShelvedDocument>()

  // The same document, except that all tabs hear of the certificates that begin it.
  #withNewcomers(shelved: ShelvedDocument): ShelvedDocument {
    const known = this.#wrapped.get(shelved)
    if (known) return known
    const { docId, seat } = shelved
    const wrapped: ShelvedDocument = {
      docId,
      seat,
      get keeper() {
        return shelved.keeper
      },
      found: (certificates, by) => {
        this.#parts.post({ note: "founding", docId, certificates })
        return shelved.found(certificates, by)
      },
    }
    this.#wrapped.set(shelved, wrapped)
    return wrapped
  }
}

/** Whether somebody wants it besides this tab itself. */
function isWanted({ tabs, recent }: Carriage): boolean {
  return tabs.size > 0 || recent !== null
}

// Presence is a view into the frame that it came in: a copy of the whole frame would be posted with it.
function compact(heard: Heard): Heard {
  if (heard.on === "reach") return heard
  const [report, ...rest] = heard.said
  if (report.kind !== "presence") return heard
  const alone: Report = { ...report, bytes: report.bytes.slice() }
  return { on: "report", said: [alone, ...rest] }
}

function sameWords(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every(word => others.includes(word))
}
