// The epochs of a document as they rest on each other: every one names its parents, which were here before it. What
// an epoch rests on never changes; which of several counts is weighing.ts's to say.
import { type CertificateHash, compareIds, type PublicKey } from "../bytes/ids"
import type { EpochCertificate } from "./epoch"

export class Lineage {
  readonly #epochs = new Map<CertificateHash, EpochCertificate>()
  readonly #pasts = new Map<CertificateHash, ReadonlySet<CertificateHash>>()
  readonly #admins = new Map<CertificateHash, ReadonlySet<PublicKey>>()
  #ordered: readonly EpochCertificate[] | null = null

  /** Adds an epoch; its parents are here. */
  add(epoch: EpochCertificate): void {
    this.#epochs.set(epoch.hash, epoch)
    const admins = epoch.grants.filter(({ role }) => role === "admin").map(({ grantPub }) => grantPub)
    this.#admins.set(epoch.hash, new Set(admins))
    this.#ordered = null
  }

  get(hash: CertificateHash): EpochCertificate | null {
    return this.#epochs.get(hash) ?? null
  }

  /** All, parents before children: by number, then by hash. The same on every replica that holds the same. */
  all(): readonly EpochCertificate[] {
    this.#ordered ??= [...this.#epochs.values()].sort(byNumber)
    return this.#ordered
  }

  /** Whom an epoch lists as admins, in its own order. */
  admins(hash: CertificateHash): ReadonlySet<PublicKey> {
    return this.#admins.get(hash) ?? new Set()
  }

  /** An epoch that is here, and everything it rests on. */
  past(hash: CertificateHash): ReadonlySet<CertificateHash> {
    // Step by step: a chain may be a thousand epochs long, and a stack is not.
    const toDo = [hash]
    for (let next = toDo.at(-1); next; next = toDo.at(-1)) {
      const parents = this.#pasts.has(next) ? [] : (this.#epochs.get(next)?.parents ?? [])
      const unknown = parents.filter(parent => !this.#pasts.has(parent))
      if (unknown.length > 0) {
        toDo.push(...unknown)
        continue
      }
      if (!this.#pasts.has(next)) this.#pasts.set(next, this.#pastFrom(next, parents))
      toDo.pop()
    }
    return this.#pasts.get(hash) ?? new Set([hash])
  }

  /** Whether `later` is `earlier` or rests on it. */
  isUpon(later: CertificateHash, earlier: CertificateHash): boolean {
    return later === earlier || this.past(later).has(earlier)
  }

  #pastFrom(hash: CertificateHash, parents: readonly CertificateHash[]): ReadonlySet<CertificateHash> {
    const past = new Set([hash])
    for (const parent of parents) for (const earlier of this.#pasts.get(parent) ?? []) past.add(earlier)
    return past
  }
}

/** The order in which epochs are looked at: by number, then by hash. */
export function byNumber(a: EpochCertificate, b: EpochCertificate): number {
  return a.n - b.n || compareIds(a.hash, b.hash)
}

/** Of several epochs, the one that counts comes first: the greatest number, then the lowest hash. */
export function byWeight(a: EpochCertificate, b: EpochCertificate): number {
  return b.n - a.n || compareIds(a.hash, b.hash)
}
