// Which epochs stand, when admins have removed each other without knowing of one another (protocol §2). A pure
// function of the epochs that are held: whatever order they came in, every replica weighs the same.
//
// Admins are weighed in the order in which they were first listed, root first. A removal that is weighed makes void
// what the removed admin signed beside it: neither before it, nor upon it, nor among what it says still stands, nor
// what somebody weighed earlier has built upon. What rests on something void is void too; if its own signer is still
// an admin, it is an orphan: nothing can be built on it, but whom it took something from does not get it back.
import type { CertificateHash, PublicKey } from "../bytes/ids"
import type { EpochCertificate } from "./epoch"
import type { Genesis } from "./genesis"
import { byWeight, type Lineage } from "./lineage"

export interface Weighing {
  readonly standing: ReadonlySet<CertificateHash>
  /** The ends of what stands, the one that counts first. More than one: a join is due. */
  readonly heads: readonly EpochCertificate[]
  /** Whose cuts count: what stands, and orphans. */
  readonly cutting: readonly EpochCertificate[]
  /** Removals of admins that were weighed. */
  readonly removals: readonly Removal[]
}

/** An epoch that removed admins, or made them something less. */
export interface Removal {
  readonly by: EpochCertificate
  readonly admins: ReadonlySet<PublicKey>
}

/** Weighs all epochs of a lineage. */
export function weigh(genesis: Genesis, lineage: Lineage): Weighing {
  const scales = new Scales(lineage)
  scales.weigh(genesis.rootPub)
  for (const admin of genesis.adminPubs) scales.weigh(admin)
  for (let next = scales.nextListed(); next; next = scales.nextListed()) scales.weigh(next)
  return scales.result()
}

/** Whether what an admin signed beside `by` (under `epoch`, known by `hash`) is void since `by` removed them. */
export function isVoidBy(
  { by }: Removal,
  lineage: Lineage,
  signed: { readonly hash: CertificateHash; readonly epoch: CertificateHash },
): boolean {
  return !lineage.isUpon(signed.epoch, by.hash) && !by.stands.includes(signed.hash)
}

class Scales {
  readonly #lineage: Lineage
  readonly #done = new Set<PublicKey>()
  readonly #weighed: EpochCertificate[] = []
  readonly #removals: Removal[] = []
  /** Void because of who signed it. */
  readonly #refused = new Set<CertificateHash>()
  /** Void for whatever reason. */
  #void = new Set<CertificateHash>()

  constructor(lineage: Lineage) {
    this.#lineage = lineage
  }

  weigh(signer: PublicKey): void {
    if (this.#done.has(signer)) return
    this.#done.add(signer)
    for (const epoch of this.#lineage.all()) {
      if (epoch.signer !== signer || this.#void.has(epoch.hash)) continue
      this.#weighed.push(epoch)
      const admins = this.#removedBy(epoch)
      if (admins.size > 0) this.#apply({ by: epoch, admins })
    }
  }

  /** Of the admins who were not weighed yet, the one who was first listed in anything that is not void. */
  nextListed(): PublicKey | null {
    for (const epoch of this.#lineage.all()) {
      if (this.#void.has(epoch.hash)) continue
      for (const admin of this.#lineage.admins(epoch.hash)) if (!this.#done.has(admin)) return admin
    }
    return null
  }

  result(): Weighing {
    const standing = this.#lineage.all().filter(({ hash }) => !this.#void.has(hash))
    const names = new Set(standing.map(({ hash }) => hash))
    const orphans = this.#lineage
      .all()
      .filter(({ hash }) => this.#void.has(hash) && !this.#refused.has(hash))
      .filter(orphan => standing.some(each => this.#isBy(orphan, each)))
    return {
      standing: names,
      heads: headsOf(standing),
      cutting: [...standing, ...orphans],
      removals: this.#removals,
    }
  }

  #isBy(orphan: EpochCertificate, standing: EpochCertificate): boolean {
    return (
      this.#lineage.isUpon(orphan.hash, standing.hash) &&
      this.#lineage.admins(standing.hash).has(orphan.signer)
    )
  }

  #removedBy(epoch: EpochCertificate): ReadonlySet<PublicKey> {
    const before = epoch.parents.flatMap(parent => [...this.#lineage.admins(parent)])
    const after = this.#lineage.admins(epoch.hash)
    return new Set(before.filter(admin => !after.has(admin)))
  }

  #apply(removal: Removal): void {
    this.#removals.push(removal)
    const { by, admins } = removal
    const kept = this.#keptFrom(removal)
    for (const epoch of this.#lineage.all()) {
      const { hash, signer } = epoch
      if (admins.has(signer) && !kept.has(hash) && isVoidBy(removal, this.#lineage, { hash, epoch: hash }))
        this.#refused.add(hash)
    }
    this.#refused.delete(by.hash) // an admin may leave
    this.#void = new Set()
    for (const { hash, parents } of this.#lineage.all())
      if (this.#refused.has(hash) || parents.some(parent => this.#void.has(parent))) this.#void.add(hash)
  }

  /** What the removed admins signed and yet remains: before the removal, or known to it or to somebody weighed. */
  #keptFrom({ by, admins }: Removal): ReadonlySet<CertificateHash> {
    const known = this.#weighed.filter(({ signer, hash }) => !admins.has(signer) && !this.#void.has(hash))
    const named = by.stands.filter(hash => this.#lineage.get(hash) !== null)
    const kept = new Set<CertificateHash>()
    for (const hash of [by.hash, ...named, ...known.map(epoch => epoch.hash)])
      for (const earlier of this.#lineage.past(hash)) kept.add(earlier)
    return kept
  }
}

// Two devices may join the same heads at once: the lower hash counts, and no third joins the two.
function headsOf(standing: readonly EpochCertificate[]): readonly EpochCertificate[] {
  const parents = new Set(standing.flatMap(epoch => epoch.parents))
  const joined = new Set<string>()
  const heads: EpochCertificate[] = []
  for (const epoch of [...standing].sort(byWeight)) {
    const same = [...epoch.parents].sort().join()
    const again = epoch.parents.length > 1 && joined.has(same)
    joined.add(same)
    if (!again && !parents.has(epoch.hash)) heads.push(epoch)
  }
  return heads
}
