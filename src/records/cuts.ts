// What still counts of the sessions of grants from which something was taken (protocol §9). A cut names the last
// place of each session that its admin held; what a session holds beyond the lowest of them does not count, whoever
// brings it and whenever. A cut is about sessions that were begun without knowing of it: one that was begun under the
// cutting epoch, or upon it, is judged by what that epoch lists.
import type { CertificateHash, PublicKey, SessionId } from "../bytes/ids"
import type { EpochCertificate } from "./epoch"
import type { Head } from "./layout"
import type { Lineage } from "./lineage"

/** How far a session counts. */
export interface Extent {
  /** The last seq that counts; -1: nothing of it does; Infinity: it is not cut. */
  readonly last: number
  /** Every place that a cut names of it. A chain that holds something else there is another branch: none of it counts. */
  readonly named: readonly Head[]
}

/** What of a session a cut goes by. */
export interface CutBy {
  readonly sessionId: SessionId
  readonly grantPub: PublicKey
  readonly epoch: CertificateHash
}

interface Indexed {
  readonly by: CertificateHash
  readonly heads: ReadonlyMap<SessionId, Head>
}

const WHOLE: Extent = { last: Number.POSITIVE_INFINITY, named: [] }

export class Cuts {
  readonly #lineage: Lineage
  readonly #byGrant = new Map<PublicKey, Indexed[]>()

  /** `cutting`: the epochs whose cuts count. */
  constructor(cutting: readonly EpochCertificate[], lineage: Lineage) {
    this.#lineage = lineage
    for (const { hash, cuts } of cutting)
      for (const { grantPub, heads } of cuts) {
        const indexed = { by: hash, heads: new Map(heads.map(head => [head.sessionId, head])) }
        this.#byGrant.set(grantPub, [...(this.#byGrant.get(grantPub) ?? []), indexed])
      }
  }

  /** How far a session counts. */
  extentOf({ sessionId, grantPub, epoch }: CutBy): Extent {
    const cuts = this.besides(grantPub, epoch)
    if (cuts.length === 0) return WHOLE
    const named = cuts.flatMap(({ heads }) => heads.get(sessionId) ?? [])
    // A session that a cut does not list was not there when it was made.
    const last = named.length < cuts.length ? -1 : Math.min(...named.map(({ seq }) => seq))
    return { last, named }
  }

  /** The epochs that take something from a grant, and that nothing at or before `epoch` knew of. */
  besides(grantPub: PublicKey, epoch: CertificateHash): readonly Indexed[] {
    return (this.#byGrant.get(grantPub) ?? []).filter(({ by }) => !this.#lineage.isUpon(epoch, by))
  }
}
