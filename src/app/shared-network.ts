// One network for all tabs of a browser profile. The tab that leads has the links and carries for the others; the others
// announce what they have open and hear what becomes of it. Words travel between tabs through the log that they share
// (replica/siblings.ts); here pass only names, presence and what was reported. Which of the two a tab is may change at
// any moment, and what it carries moves along.
import type { DocId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { LockLine } from "../storage/locks"
import type { Channel } from "../storage/tabs"
import { type CarriageNote, type CarriageParts, Carriages, type Heard } from "./carriages"
import type { GuestParts } from "./guest"
import { type LeaderNote, type Page, standForElection } from "./leader"
import type { Carried, Network } from "./network"

/** What the tabs of a profile tell each other about the network. */
export type NetworkNote =
  | LeaderNote
  | (CarriageNote & { readonly by: string })
  /** To the leader: this tab has a document open that uses relays. Again whenever another tab leads. */
  | {
      readonly note: "carry"
      readonly tab: string
      readonly docId: DocId
      readonly relays: readonly string[]
    }
  | { readonly note: "drop"; readonly tab: string; readonly docId: DocId }
  /** A tab has begun a document. */
  | { readonly note: "begun" }
  /**
   * One's own sealed presence: for the other tabs, and for the leader to send on. `links`: somebody else's, for the
   * leader to pass on to these, unless it has the document open and does so by itself.
   */
  | {
      readonly note: "presence"
      readonly docId: DocId
      readonly bytes: Uint8Array
      readonly links?: readonly string[] | undefined
    }

/** What a tab shares with the others of its profile. */
export interface Profile {
  /** This tab's own name, unlike any other's. */
  readonly tab: string
  readonly locks: LockLine
  readonly channel: Channel<NetworkNote>
  readonly page: Page
}

export interface SharedNetworkParts {
  readonly world: World
  /** Null where the browser does not let tabs take turns: then each has its own network, which is safe and wasteful. */
  readonly profile: Profile | null
  /** The links themselves, for as long as this tab leads. */
  readonly network: () => Network
  readonly guests: GuestParts
  readonly recent: CarriageParts["recent"]
  /** Another tab carries a document over these relays: whoever has it open here uses them too. */
  readonly onRelays: (docId: DocId, relays: readonly string[]) => void
}

export interface SharedNetwork extends Network {
  /** Whether this tab has the links. */
  readonly leads: boolean
  /** Hears the presence of other tabs of this profile in a document. */
  onPresence(docId: DocId, f: (bytes: Uint8Array) => void): Stop
}

/** The lock that a tab holds as long as it lives. */
const TAB_LOCK = "sheaf-tab/"

/** The names of all tabs of the profile that are there now. */
export async function tabsOf(locks: LockLine): Promise<readonly string[]> {
  const held = await locks.held(TAB_LOCK)
  return held.map(name => name.slice(TAB_LOCK.length))
}

/** A network that nobody leads yet: what is carried waits for a moment. */
export function createSharedNetwork(parts: SharedNetworkParts): SharedNetwork {
  return new TabNetwork(parts)
}

class TabNetwork implements SharedNetwork {
  readonly #parts: SharedNetworkParts
  readonly #own = new Map<DocId, Carried>()
  readonly #siblings = new Map<DocId, (bytes: Uint8Array) => void>()
  /** What this tab carries for itself and others while it leads. */
  #carriages: Carriages | null = null
  /** The tab that leads, as far as this one knows; null: none, or this one. */
  #leader: Extract<LeaderNote, { readonly note: "leads" }> | null = null
  /** The ends of links at which a document was said to be live, by this tab's own links or the leader's. */
  readonly #live = new Map<DocId, Set<string>>()
  /** Tabs whose end is waited for, to let go of what was theirs. */
  readonly #watched = new Map<string, Stop>()
  #stops: Stop[] = []
  /** Whether this tab holds its own lock: what it announced before, the leader would take for a dead tab's. */
  #joined = false
  #closed = false

  constructor(parts: SharedNetworkParts) {
    this.#parts = parts
    if (parts.profile) void this.#join(parts.profile)
    else this.#lead()
  }

  get leads(): boolean {
    return this.#carriages !== null
  }

  carry(carried: Carried): Stop {
    const { docId } = carried.shelved
    this.#own.set(docId, carried)
    if (!this.leads) for (const relay of carried.relays) carried.onReach(relay, "connecting")
    this.#announce(docId)
    return () => {
      if (this.#own.get(docId) !== carried) return
      this.#own.delete(docId)
      this.#live.delete(docId)
      this.#announce(docId)
    }
  }

  changed(): void {
    this.#carriages?.changed()
    this.#post({ note: "begun" })
  }

  presence(docId: DocId, bytes: Uint8Array, links?: readonly string[]): void {
    this.#carriages?.presence(docId, bytes, links)
    if (!links || !this.leads) this.#post({ note: "presence", docId, bytes: bytes.slice(), links })
  }

  onPresence(docId: DocId, f: (bytes: Uint8Array) => void): Stop {
    this.#siblings.set(docId, f)
    return () => {
      if (this.#siblings.get(docId) === f) this.#siblings.delete(docId)
    }
  }

  close(): void {
    this.#closed = true
    this.#own.clear()
    for (const stop of this.#stops.splice(0)) stop()
    this.#follow()
    this.#parts.profile?.channel.close()
  }

  // Its own lock first: by it the leader knows that a tab which announces something is alive.
  async #join({ tab, locks, channel, page }: Profile): Promise<void> {
    const release = await locks.take(TAB_LOCK + tab)
    if (this.#closed) {
      release?.()
      return
    }
    this.#joined = true
    const election = standForElection({
      tab,
      locks,
      world: this.#parts.world,
      page,
      post: note => this.#post(note),
      onLead: () => this.#lead(),
      onDeposed: () => this.#follow(),
    })
    this.#stops = [
      channel.onNote(note => {
        if (note.note === "who-leads" || note.note === "leads") election.hear(note)
        this.#hear(note)
      }),
      () => election.stop(),
      () => release?.(),
    ]
  }

  #lead(): void {
    const { network, guests, recent, profile } = this.#parts
    this.#leader = null
    this.#cutOff()
    this.#carriages = new Carriages({
      network: network(),
      guests,
      // Where each tab is on its own, none would be the one to do it.
      recent: profile ? recent : async () => [],
      post: note => this.#post({ ...note, by: profile?.tab ?? "" }),
      tell: (carried, heard) => this.#tell(carried, heard),
    })
    for (const [docId, carried] of this.#own) this.#carriages.own(docId, carried)
  }

  #follow(): void {
    this.#carriages?.close()
    this.#carriages = null
    for (const stop of this.#watched.values()) stop()
    this.#watched.clear()
    this.#cutOff()
  }

  #tell(carried: Carried, heard: Heard): void {
    const { docId } = carried.shelved
    const live = this.#live.get(docId) ?? new Set()
    this.#live.set(docId, live)
    if (heard.on === "report") {
      const [report, where] = heard.said
      if (report.kind === "live") live.add(where)
      carried.onReport(...heard.said)
    } else {
      const [where, reach] = heard.said
      if (reach !== "live") live.delete(where)
      carried.onReach(...heard.said)
    }
  }

  // Other links from now on: what was live on those of before is not any more, as far as is known.
  #cutOff(): void {
    for (const [docId, carried] of this.#own) {
      const relays = new Set(carried.relays)
      for (const where of this.#live.get(docId) ?? []) if (!relays.has(where)) carried.onReach(where, "away")
      for (const relay of relays) carried.onReach(relay, "connecting")
    }
    this.#live.clear()
  }

  // Taking off and putting on again in one turn, as a document does that has a new relay, is one announcement.
  #announcing = new Set<DocId>()

  #announce(docId: DocId): void {
    if (this.#announcing.size === 0) queueMicrotask(() => this.#announceNow())
    this.#announcing.add(docId)
  }

  #announceNow(): void {
    for (const docId of this.#announcing) {
      const carried = this.#own.get(docId) ?? null
      this.#carriages?.own(docId, carried)
      this.#say(docId, carried)
    }
    this.#announcing.clear()
  }

  // The leader says it too: another tab that has the document open learns of its relays. Who has not joined yet says it
  // when it hears who leads.
  #say(docId: DocId, carried: Carried | null): void {
    if (!this.#joined) return
    const tab = this.#parts.profile?.tab ?? ""
    if (carried) this.#post({ note: "carry", tab, docId, relays: [...carried.relays] })
    else this.#post({ note: "drop", tab, docId })
  }

  #hear(note: NetworkNote): void {
    const { onRelays } = this.#parts
    switch (note.note) {
      case "who-leads":
        return
      case "leads":
        if (this.leads || (note.tab === this.#leader?.tab && note.reign === this.#leader.reign)) return
        if (this.#leader) this.#cutOff()
        this.#leader = note
        for (const [docId, carried] of this.#own) this.#say(docId, carried)
        return
      case "carry":
        onRelays(note.docId, note.relays)
        if (!this.#carriages) return
        this.#watch(note.tab)
        this.#carriages.tab(note.tab, note.docId, note.relays)
        return
      case "drop":
        this.#carriages?.drop(note.tab, note.docId)
        return
      case "begun":
        this.#carriages?.changed()
        return
      case "presence":
        if (!note.links || !this.#own.has(note.docId))
          this.#carriages?.presence(note.docId, note.bytes, note.links)
        if (!note.links) this.#siblings.get(note.docId)?.(note.bytes)
        return
      case "heard": {
        const carried = this.#own.get(note.docId)
        if (carried && !this.leads && note.by === this.#leader?.tab) this.#tell(carried, note.heard)
        return
      }
      case "founding":
        this.#found(note.docId, note.certificates)
        return
      default:
        note satisfies never
    }
  }

  // A document begins here as it began with the leader, or is found to be shut; who asked hears of it elsewhere.
  #found(docId: DocId, certificates: readonly Uint8Array[]): void {
    const shelved = this.#own.get(docId)?.shelved
    if (!shelved || shelved.keeper || this.leads) return
    shelved.found(certificates, null).catch(this.#parts.guests.onProblem)
  }

  #watch(tab: string): void {
    const { profile } = this.#parts
    if (!profile || this.#watched.has(tab)) return
    const stop = profile.locks.enter(TAB_LOCK + tab, "wait", {
      onHeld: () => {
        this.#watched.get(tab)?.()
        this.#watched.delete(tab)
        this.#carriages?.gone(tab)
      },
      onLost: () => undefined, // nobody steals these
    })
    this.#watched.set(tab, stop)
  }

  #post(note: NetworkNote): void {
    this.#parts.profile?.channel.post(note)
  }
}
