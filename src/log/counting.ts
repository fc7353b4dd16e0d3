// How much of a chain counts (protocol §9): what its session had a right to write, up to the lowest cut of its grant;
// and whatever lies beyond, up to a place that an editor has adopted. An adoption counts only from where its own
// chain counts without any adoption, so that nobody can vouch for themselves. Pure.
import type { SessionId } from "../bytes/ids"
import type { Certificates } from "../records/certificates"
import { type Header, KINDS, roleOn } from "../records/envelope"
import type { Head } from "../records/plain"
import { includes } from "../records/roles"
import type { Chain } from "./chain"

/** Sessions of which more, or less, counts than before. */
export interface Shift {
  readonly grown: readonly SessionId[]
  readonly shrunk: readonly SessionId[]
}

interface Adoption {
  readonly sessionId: SessionId
  readonly seq: number
  readonly adopted: readonly Head[]
}

/** How far a session counts by itself, and the places of it that cuts name. */
interface Own {
  readonly last: number
  readonly named: readonly Head[]
}

export class Counting {
  readonly #certificates: Certificates
  #adoptions: Adoption[] = []
  /** The places that adopters who count have adopted. */
  #adopted = new Map<SessionId, readonly Head[]>()
  readonly #own = new Map<SessionId, Own>()

  constructor(certificates: Certificates) {
    this.#certificates = certificates
  }

  /** Takes note of an envelope, if it is an adoption. It counts from the next `weigh` on. */
  hear(header: Header): void {
    if (header.kind === KINDS.adoption)
      this.#adoptions.push({ sessionId: header.sessionId, seq: header.seq, adopted: header.adopted })
  }

  /** Forgets the adoptions of a chain from `seq` on. */
  forget(sessionId: SessionId, from: number): void {
    this.#adoptions = this.#adoptions.filter(each => each.sessionId !== sessionId || each.seq < from)
  }

  /** The places of a session that are adopted. */
  adopted(sessionId: SessionId): readonly Head[] {
    return this.#adopted.get(sessionId) ?? []
  }

  /** The greatest seq of a chain that counts; -1: nothing does. */
  reach(chain: Chain): number {
    const places = this.adopted(chain.session.sessionId).filter(head => isOn(chain, head))
    return Math.max(this.#ownReach(chain), ...places.map(({ seq }) => Math.min(seq, chain.reach)))
  }

  /** The greatest seq that can count of a session, however much comes of it; Infinity: nothing was taken. */
  limit({ session }: Chain): number {
    return Math.max(this.#ownOf(session).last, ...this.adopted(session.sessionId).map(({ seq }) => seq))
  }

  /** Looks again at everything: certificates or adoptions have come. */
  weigh(chains: ReadonlyMap<SessionId, Chain>): Shift {
    const before = new Map([...chains].map(([sessionId, chain]) => [sessionId, this.reach(chain)]))
    this.#own.clear()
    const adopted = new Map<SessionId, Head[]>()
    for (const { sessionId, seq, adopted: heads } of this.#adoptions) {
      const chain = chains.get(sessionId)
      if (!chain || seq > this.#ownReach(chain)) continue
      for (const head of heads) adopted.set(head.sessionId, [...(adopted.get(head.sessionId) ?? []), head])
    }
    this.#adopted = adopted
    const grown: SessionId[] = []
    const shrunk: SessionId[] = []
    for (const [sessionId, chain] of chains) {
      const change = this.reach(chain) - (before.get(sessionId) ?? -1)
      if (change > 0) grown.push(sessionId)
      if (change < 0) shrunk.push(sessionId)
    }
    return { grown, shrunk }
  }

  #ownReach(chain: Chain): number {
    const { last, named } = this.#ownOf(chain.session)
    // Another branch than the one that whoever cut it had seen: it may have been made up afterwards.
    return named.every(head => isOn(chain, head)) ? Math.min(chain.reach, last) : -1
  }

  #ownOf(session: Chain["session"]): Own {
    const known = this.#own.get(session.sessionId)
    if (known) return known
    const role = this.#certificates.roleUnder(session.epoch, session.grantPub)
    const may = role !== null && includes(role, roleOn(session.channel))
    const own = may ? this.#certificates.extentOf(session) : { last: -1, named: [] }
    this.#own.set(session.sessionId, own)
    return own
  }
}

// A chain that does not reach a place, or of which a run is missing there, may yet lead to it.
function isOn(chain: Chain, { seq, id }: Head): boolean {
  return (chain.idAt(seq) ?? id) === id
}
