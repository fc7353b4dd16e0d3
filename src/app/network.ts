// The carriers of this device: one dialled link to each relay that some open document uses, links to other people's
// devices, and on each link one conversation about all documents that are meant for it. It knows documents by name and
// by the keeper of their log, never by their text.
import type { ReadonlySignal } from "@preact/signals-core"
import type { DocId, PublicKey } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import type { JoinLobby } from "../links/lobby"
import type { Dial, Missing } from "../links/relay"
import type { Limits } from "../sync/budget"
import { connect, type Exchange } from "../sync/exchange"
import { Notary } from "../sync/notary"
import type { Report, Shelf, ShelvedDocument } from "../sync/shelf"
import { createLobbies } from "./lobbies"

/** Whether a relay can be reached now. */
export type Reach = Missing | "live"

/** A document that wants to be carried. */
export interface Carried {
  readonly shelved: ShelvedDocument
  /** Origins (`https://coop.example`) of the relays that it uses. */
  readonly relays: readonly string[]
  /** What happens to it on a link. `where`: a relay's origin, or a name for a link to a device (peer-names.ts). */
  onReport(report: Report, where: string): void
  /** A relay is within reach or is not; a link to a device is no more ("away"). */
  onReach(where: string, reach: Reach): void
}

export interface NetworkParts {
  readonly world: World
  readonly verify: Verify
  readonly dial: Dial
  /** The way to other people's devices, once it has been loaded; null where there is none. */
  readonly peers: () => Promise<JoinLobby | null>
  /** The key that the relay at an origin had when it was first met, or that a link named; null: never met. */
  readonly pinOf: (origin: string) => PublicKey | null
  /** The relay at an origin was met; its key is remembered. */
  readonly onMet: (origin: string, key: PublicKey) => void
  /** While it says so nothing is on any link. */
  readonly pause: ReadonlySignal<unknown>
  /** What each link may take. */
  readonly limits: () => Limits
}

export interface Network {
  /** Puts a document on the links that it wants. The result takes it off; a link that nothing needs is hung up. */
  carry(document: Carried): Stop
  /** Tells the ends that something about a carried document has changed: it has its keeper now. */
  changed(): void
  /** Sends sealed presence to whoever is live in the document. `links`: only to devices at the end of these. */
  presence(docId: DocId, bytes: Uint8Array, links?: readonly string[]): void
  close(): void
}

/** A device signs for what it keeps at most this often. */
const RECEIPT_PACE_MS = 1_000

/** Whoever is here is told of a pause before the links are gone. */
const LAST_WORD_MS = 700

/** A network with nothing to carry yet. */
export function createNetwork(parts: NetworkParts): Network {
  /** All that wants to be carried, and what is on links now: nothing of it in a pause. */
  const wanting = new Set<Carried>()
  const carried = new Set<Carried>()
  const lines = new Map<string, Line>()
  const notary = new Notary(parts.world, RECEIPT_PACE_MS)
  const lobbies = createLobbies({ ...parts, notary, carried })

  const tidy = () => {
    const wanted = new Set([...carried].flatMap(document => document.relays))
    for (const [origin, line] of lines) {
      if (wanted.has(origin)) continue
      lines.delete(origin)
      line.hangUp()
    }
    for (const origin of wanted) {
      const line = lines.get(origin)
      if (line) line.changed()
      else lines.set(origin, openLine(origin, carried, notary, parts))
    }
    lobbies.tidy()
  }

  let paused = false
  let cutting: Stop = () => undefined
  const settle = () => {
    if (paused)
      for (const document of carried) for (const origin of document.relays) document.onReach(origin, "away")
    carried.clear()
    if (!paused) for (const document of wanting) carried.add(document)
    tidy()
  }
  const stopPausing = parts.pause.subscribe(pause => {
    cutting()
    if (pause === null && paused) {
      paused = false
      settle()
    } else if (pause !== null && !paused)
      cutting = parts.world.after(wanting.size > 0 ? LAST_WORD_MS : 0, () => {
        paused = true
        settle()
      })
  })

  return {
    carry(document) {
      wanting.add(document)
      if (paused) {
        for (const origin of document.relays) document.onReach(origin, "away")
        return () => void wanting.delete(document)
      }
      carried.add(document)
      tidy()
      for (const origin of document.relays) document.onReach(origin, lines.get(origin)?.reach ?? "connecting")
      return () => {
        wanting.delete(document)
        carried.delete(document)
        tidy()
      }
    },
    changed: () => {
      for (const line of lines.values()) line.changed()
      lobbies.changed()
    },
    presence(docId, bytes, links) {
      if (!links) for (const line of lines.values()) line.exchange?.presence(docId, bytes)
      lobbies.presence(docId, bytes, links)
    },
    close() {
      cutting()
      stopPausing()
      wanting.clear()
      lobbies.close()
      for (const line of lines.values()) line.hangUp()
      lines.clear()
      carried.clear()
    },
  }
}

/** The way to one relay: dialled as long as somebody wants it, in conversation while it is connected. */
interface Line {
  readonly exchange: Exchange | null
  readonly reach: Reach
  changed(): void
  hangUp(): void
}

function openLine(origin: string, carried: ReadonlySet<Carried>, notary: Notary, parts: NetworkParts): Line {
  const { world, verify, dial, limits, pinOf, onMet } = parts
  const onShelfChange = new Set<() => void>()
  let exchange: Exchange | null = null
  let reach: Reach = "connecting"
  let count = 0

  const users = () => [...carried].filter(document => document.relays.includes(origin))
  const say = (next: Reach) => {
    reach = next
    for (const document of users()) document.onReach(origin, next)
  }
  const shelf: Shelf = {
    documents: () => users().map(document => document.shelved),
    onChange(f) {
      onShelfChange.add(f)
      return () => onShelfChange.delete(f)
    },
    look: null,
  }
  const report = (what: Report) => {
    if (what.kind === "met" && what.end.relayKey) onMet(origin, what.end.relayKey)
    const about = "docId" in what ? what.docId : null
    for (const document of users()) {
      if (about === null || document.shelved.docId === about) document.onReport(what, origin)
    }
  }
  const dialled = dial(origin, {
    onLink(link) {
      const mine = connect(link, shelf, {
        name: `relay ${origin} ${++count}`,
        world,
        verify,
        kind: "peer",
        relayKey: null,
        expectedRelayKey: pinOf(origin),
        binding: new Uint8Array(0),
        notary,
        limits,
        report,
      })
      exchange = mine
      say("live")
      return mine.ended.then(ending => {
        if (exchange === mine) exchange = null
        return ending
      })
    },
    onReach: say,
  })
  return {
    get exchange() {
      return exchange
    },
    get reach() {
      return reach
    },
    changed: () => {
      for (const f of onShelfChange) f()
    },
    hangUp() {
      exchange?.close("nothing is left to carry")
      dialled.stop()
    },
  }
}
