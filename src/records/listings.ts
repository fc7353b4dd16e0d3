// Who may do what under each epoch (protocol §2): what it lists itself, and the grant certificates that were issued
// under it or before it, by admins who have not been removed since, until a cut names the grant. Pure: asked again
// after something came, it answers for the set that is held then.
import { type CertificateHash, compareIds, type PublicKey } from "../bytes/ids"
import type { Cuts } from "./cuts"
import { GRANTS_MAX } from "./epoch"
import type { Grant, GrantCertificate } from "./grant"
import type { Lineage } from "./lineage"
import { includes, type Role } from "./roles"
import { isVoidBy, type Weighing } from "./weighing"

/** A grant, and the certificate that lists it: an epoch, or a grant certificate. */
export interface Listing {
  readonly grant: Grant
  readonly by: CertificateHash
  /** The epoch whose key its capsule holds. */
  readonly epoch: CertificateHash
}

type Listings = ReadonlyMap<PublicKey, Listing>

export class Book {
  readonly #lineage: Lineage
  readonly #weighing: Weighing
  readonly #cuts: Cuts
  /** Those that no removal of their signer has made void, the lowest hash first. */
  readonly #certificates: readonly GrantCertificate[]
  readonly #pages = new Map<CertificateHash, Listings>()
  #today: Listings | null = null

  constructor(lineage: Lineage, weighing: Weighing, cuts: Cuts, certificates: Iterable<GrantCertificate>) {
    this.#lineage = lineage
    this.#weighing = weighing
    this.#cuts = cuts
    this.#certificates = [...certificates]
      .filter(certificate => !this.#isVoid(certificate))
      .sort((a, b) => compareIds(a.hash, b.hash))
  }

  /**
   * Who stands now: what the head that counts lists, and what other heads list besides, without what the epochs that
   * a head did not know of have taken away. Removals of all branches apply.
   */
  today(): Listings {
    this.#today ??= this.#standing()
    return this.#today
  }

  /** Whether the head that counts lists nothing that another epoch has taken away. */
  isFinished(): boolean {
    const [current] = this.#weighing.heads
    if (!current) return true
    return [...this.#page(current.hash)].every(
      ([grantPub, { grant }]) => this.#left(grantPub, grant.role, current.hash) === grant.role,
    )
  }

  /** The role that a grant had under an epoch; null: none. Under one that does not stand, what it had before it. */
  roleUnder(epoch: CertificateHash, grantPub: PublicKey): Role | null {
    const asked = new Set<CertificateHash>()
    const toAsk = [epoch]
    let best: Role | null = null
    for (let next = toAsk.pop(); next; next = toAsk.pop()) {
      if (asked.has(next)) continue
      asked.add(next)
      if (!this.#weighing.standing.has(next)) {
        toAsk.push(...(this.#lineage.get(next)?.parents ?? []))
        continue
      }
      const role = this.#page(next).get(grantPub)?.grant.role ?? null
      if (role && (!best || includes(role, best))) best = role
    }
    return best
  }

  #standing(): Listings {
    const today = new Map<PublicKey, Listing>()
    for (const head of this.#weighing.heads)
      for (const [grantPub, listing] of this.#page(head.hash)) {
        const role = this.#left(grantPub, listing.grant.role, head.hash)
        if (!role || today.has(grantPub)) continue
        today.set(grantPub, role === listing.grant.role ? listing : lowered(listing, role))
      }
    return today
  }

  // What is left of a role after the epochs that this head did not know of.
  #left(grantPub: PublicKey, role: Role, head: CertificateHash): Role | null {
    let left: Role | null = role
    for (const { by } of this.#cuts.besides(grantPub, head)) {
      const now = this.#lineage.get(by)?.grants.find(grant => grant.grantPub === grantPub)?.role ?? null
      if (!now || (left && includes(left, now))) left = now
      if (!left) return null
    }
    return left
  }

  // Listed more than once, the higher role counts; among equals what the epoch says, else the lowest hash.
  #page(epoch: CertificateHash): Listings {
    const known = this.#pages.get(epoch)
    if (known) return known
    const page = new Map<PublicKey, Listing>()
    for (const grant of this.#lineage.get(epoch)?.grants ?? [])
      page.set(grant.grantPub, { grant, by: epoch, epoch })
    for (const { hash, grant, epoch: issued } of this.#certificates) {
      const { grantPub, role } = grant
      if (!this.#lineage.isUpon(epoch, issued) || this.#isTaken(grantPub, issued, epoch)) continue
      const listed = page.get(grantPub)
      const counts = listed
        ? role !== listed.grant.role && includes(role, listed.grant.role)
        : page.size < GRANTS_MAX
      if (counts) page.set(grantPub, { grant, by: hash, epoch: issued })
    }
    this.#pages.set(epoch, page)
    return page
  }

  // Whether something at or before `epoch` has cut what was issued under an earlier one.
  #isTaken(grantPub: PublicKey, issued: CertificateHash, epoch: CertificateHash): boolean {
    return this.#cuts.besides(grantPub, issued).some(({ by }) => this.#lineage.isUpon(epoch, by))
  }

  #isVoid({ hash, epoch, signer }: GrantCertificate): boolean {
    return this.#weighing.removals.some(
      removal => removal.admins.has(signer) && isVoidBy(removal, this.#lineage, { hash, epoch }),
    )
  }
}

// Who was made less somewhere and not here has no more than the less.
function lowered(listing: Listing, role: Role): Listing {
  const capsule = role === "host" ? null : listing.grant.capsule
  return { ...listing, grant: { ...listing.grant, role, capsule } }
}
