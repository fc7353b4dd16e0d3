// The certificates of one document that have been checked, and what follows from them: who may do what, and how far
// a session counts. To be in here is to have been verified: by its form, by what it rests on, and by its signature.
// Whether it counts is weighed over everything that is here (weighing.ts, cuts.ts, listings.ts), never by the order
// in which it came; what does not count is kept and passed on like the rest, or replicas could not agree.
import { FormatError, RefusedError } from "../bytes/errors"
import { type CertificateHash, compareIds, type DocId, type PublicKey } from "../bytes/ids"
import type { Verify } from "../crypto/signing"
import { type CutBy, Cuts, type Extent } from "./cuts"
import { decodeEpoch, EPOCHS_MAX, type EpochCertificate } from "./epoch"
import { decodeGenesis, type Genesis } from "./genesis"
import { decodeGrantCertificate, type Grant, type GrantCertificate } from "./grant"
import { CERTIFICATE_BYTES_MAX, split, typeOf } from "./layout"
import { Lineage } from "./lineage"
import { Book, type Listing } from "./listings"
import { includes, type Role } from "./roles"
import { decodeSeat, type SeatCertificate } from "./seat"
import { type Weighing, weigh } from "./weighing"

export const SEATS_PER_GRANT_MAX = 1_000
/** By one admin. More than grants, because one grant may be listed again. */
export const GRANT_CERTIFICATES_MAX = 5_000

/** Whether `add` put it in now or had it before. */
export type Added = "added" | "known"

/** What follows from all that is held; made again when something came that may change it. */
interface Judgement {
  readonly weighing: Weighing
  readonly cuts: Cuts
  readonly book: Book
}

type Counted = "epochs" | "grant certificates"

export class Certificates {
  readonly genesis: Genesis
  readonly #verify: Verify
  readonly #bytes: Uint8Array[]
  readonly #known = new Set<CertificateHash>()
  readonly #lineage = new Lineage()
  readonly #grantCertificates: GrantCertificate[] = []
  /** Every listing of a grant that is held, counting or not. */
  readonly #listings = new Map<PublicKey, Listing[]>()
  readonly #counts = {
    epochs: new Map<PublicKey, number>(),
    "grant certificates": new Map<PublicKey, number>(),
  }
  readonly #seats = new Map<CertificateHash, SeatCertificate>()
  readonly #seatsByKey = new Map<PublicKey, SeatCertificate>()
  readonly #seatsPerGrant = new Map<PublicKey, number>()
  #judged: Judgement | null = null
  #last: Promise<void> = Promise.resolve()

  private constructor(genesis: Genesis, bytes: Uint8Array, verify: Verify) {
    this.genesis = genesis
    this.#bytes = [bytes]
    this.#verify = verify
  }

  /** Starts from a genesis, which is copied. Throws FormatError, RefusedError (bad-signature). */
  static async found(bytes: Uint8Array, verify: Verify): Promise<Certificates> {
    const own = ownCopy(bytes)
    const genesis = decodeGenesis(own)
    await expectSignature(verify, "genesis", genesis.rootPub, own)
    return new Certificates(genesis, own, verify)
  }

  /** Adds all of a document one after the other, its genesis first. Throws what `found` and `add` throw. */
  static async from(all: readonly Uint8Array[], verify: Verify): Promise<Certificates> {
    const [genesis, ...others] = all
    if (!genesis) throw new FormatError("expected a genesis, got no certificates")
    const certificates = await Certificates.found(genesis, verify)
    for (const bytes of others) await certificates.add(bytes)
    return certificates
  }

  get docId(): DocId {
    return this.genesis.docId
  }

  /** The epoch that counts, or null as long as only the genesis is known. */
  get current(): EpochCertificate | null {
    return this.heads[0] ?? null
  }

  /** The ends of the epochs that stand, the current one first. More than one: admins acted without knowing of each other. */
  get heads(): readonly EpochCertificate[] {
    return this.#judgement.weighing.heads
  }

  /** An epoch that is held, whether it stands or not; or null. */
  epoch(hash: CertificateHash): EpochCertificate | null {
    return this.#lineage.get(hash)
  }

  /** Every epoch that is held, parents before children. */
  epochs(): readonly EpochCertificate[] {
    return this.#lineage.all()
  }

  /** Whether an epoch stands: it was not made void by the removal of who signed it or what it rests on. */
  stands(epoch: CertificateHash): boolean {
    return this.#judgement.weighing.standing.has(epoch)
  }

  /** Whether `later` is `earlier` or rests on it. */
  isUpon(later: CertificateHash, earlier: CertificateHash): boolean {
    return this.#lineage.isUpon(later, earlier)
  }

  /** Whether the current epoch knows of all that was taken away. Else an admin's device has something to join. */
  get isFinished(): boolean {
    return this.heads.length < 2 && this.#judgement.book.isFinished()
  }

  /** The grant as it stands now, or null: it is not listed any more, or never was. */
  grant(grantPub: PublicKey): Grant | null {
    return this.#judgement.book.today().get(grantPub)?.grant ?? null
  }

  /** All grants that stand. */
  grants(): readonly Grant[] {
    return Array.from(this.#judgement.book.today().values(), listing => listing.grant)
  }

  /** The role behind a grant that stands, or null. */
  roleOf(grantPub: PublicKey): Role | null {
    return this.grant(grantPub)?.role ?? null
  }

  /** The role that a grant had under an epoch, which decides what its sessions of that epoch may sign; or null. */
  roleUnder(epoch: CertificateHash, grantPub: PublicKey): Role | null {
    return this.#judgement.book.roleUnder(epoch, grantPub)
  }

  /** How far a session counts. */
  extentOf(session: CutBy): Extent {
    return this.#judgement.cuts.extentOf(session)
  }

  /** Every listing of a grant that is held, counting or not: each may hold a key in its capsule. */
  listingsOf(grantPub: PublicKey): readonly Listing[] {
    return this.#listings.get(grantPub) ?? []
  }

  /** All grant certificates that are held, counting or not. */
  grantCertificates(): readonly GrantCertificate[] {
    return this.#grantCertificates
  }

  seat(hash: CertificateHash): SeatCertificate | null {
    return this.#seats.get(hash) ?? null
  }

  /**
   * The seat with this key, or null; of several, the one whose certificate has the lowest hash. A grant may certify
   * a key that is somebody else's: where it matters whose seat it is, go by the certificate and not by the key.
   */
  seatByKey(seatPub: PublicKey): SeatCertificate | null {
    return this.#seatsByKey.get(seatPub) ?? null
  }

  /** The seats of a grant that are held. */
  seatsOf(grantPub: PublicKey): readonly SeatCertificate[] {
    return [...this.#seats.values()].filter(seat => seat.grantPub === grantPub)
  }

  /** Everything, in an order in which another set can add it. Not copies: do not write to them. */
  all(): readonly Uint8Array[] {
    return [...this.#bytes]
  }

  /**
   * Checks one certificate and keeps a copy. Safe to repeat. Calls take turns: one that rests on another may follow
   * it without waiting, and which of two comes first never depends on how long a signature takes to check.
   * Throws FormatError, NewerVersionError; RefusedError: wrong-document, bad-signature, unknown-epoch, unknown-grant,
   * no-right, bad-certificate, quota. What is refused for something unknown is to be brought again with it.
   */
  async add(bytes: Uint8Array): Promise<Added> {
    const own = ownCopy(bytes)
    const adding = this.#last.then(() => this.#take(own))
    // The next one's turn comes either way; whoever added this one hears why it was refused.
    const done = () => undefined
    this.#last = adding.then(done, done)
    return adding
  }

  get #judgement(): Judgement {
    if (!this.#judged) {
      const weighing = weigh(this.genesis, this.#lineage)
      const cuts = new Cuts(weighing.cutting, this.#lineage)
      const book = new Book(this.#lineage, weighing, cuts, this.#grantCertificates)
      this.#judged = { weighing, cuts, book }
    }
    return this.#judged
  }

  async #take(bytes: Uint8Array): Promise<Added> {
    const type = typeOf(bytes)
    switch (type) {
      case "genesis":
        this.#expectDocument(decodeGenesis(bytes).docId)
        return "known"
      case "epoch":
        return this.#addEpoch(bytes)
      case "grant":
        return this.#addGrant(bytes)
      case "seat":
        return this.#addSeat(bytes)
      case "session":
      case "header":
        throw new FormatError(`expected a certificate of an epoch, grant or seat, got a ${type}`)
      default:
        return type satisfies never
    }
  }

  async #addEpoch(bytes: Uint8Array): Promise<Added> {
    const epoch = decodeEpoch(bytes)
    this.#expectDocument(epoch.docId)
    if (this.#known.has(epoch.hash)) return "known"
    if (epoch.n === 0) this.#expectFirst(epoch)
    else this.#expectNext(epoch)
    this.#expectFewer("epochs", epoch.signer, EPOCHS_MAX)
    await expectSignature(this.#verify, "epoch", epoch.signer, bytes)
    this.#count("epochs", epoch.signer)
    this.#lineage.add(epoch)
    for (const grant of epoch.grants) this.#list({ grant, by: epoch.hash, epoch: epoch.hash })
    this.#judged = null
    return this.#keep(epoch.hash, bytes)
  }

  #expectFirst(epoch: EpochCertificate): void {
    if (epoch.cuts.length + epoch.stands.length + epoch.backKeys.length > 0)
      throw new RefusedError("bad-certificate", "a first epoch that takes something back")
    if (!this.genesis.adminPubs.includes(epoch.signer))
      throw new RefusedError("bad-certificate", "epoch 0 is not signed by an admin of the genesis")
    for (const admin of this.genesis.adminPubs)
      if (epoch.grants.find(grant => grant.grantPub === admin)?.role !== "admin")
        throw new RefusedError("bad-certificate", "epoch 0 does not list every admin of the genesis")
  }

  // All of it follows from the epoch and its parents, so that it is taken everywhere or nowhere.
  #expectNext(epoch: EpochCertificate): void {
    const parents = epoch.parents.map(hash => {
      const parent = this.#lineage.get(hash)
      if (!parent) throw new RefusedError("unknown-epoch", "an epoch upon one that is not known here")
      return parent
    })
    const n = 1 + Math.max(...parents.map(parent => parent.n))
    if (epoch.n !== n) throw new RefusedError("bad-certificate", `expected epoch ${n}, got ${epoch.n}`)
    const { signer } = epoch
    if (
      signer !== this.genesis.rootPub &&
      !parents.every(({ hash }) => this.#lineage.admins(hash).has(signer))
    )
      throw new RefusedError("no-right", "an epoch is not signed by an admin of all that it rests on")
    const listed = new Map(epoch.grants.map(grant => [grant.grantPub, grant.role]))
    const cut = new Set(epoch.cuts.map(({ grantPub }) => grantPub))
    for (const { grantPub, role } of parents.flatMap(parent => parent.grants)) {
      const now = listed.get(grantPub)
      if (!cut.has(grantPub) && (!now || !includes(now, role)))
        throw new RefusedError("bad-certificate", "an epoch takes from a grant without a cut")
    }
  }

  async #addGrant(bytes: Uint8Array): Promise<Added> {
    const certificate = decodeGrantCertificate(bytes)
    const { hash, docId, epoch, signer, grant } = certificate
    this.#expectDocument(docId)
    if (this.#known.has(hash)) return "known"
    if (!this.epoch(epoch)) throw new RefusedError("unknown-epoch", "a grant for an epoch not known here")
    if (!this.#lineage.admins(epoch).has(signer))
      throw new RefusedError("no-right", "a grant is not signed by an admin")
    this.#expectFewer("grant certificates", signer, GRANT_CERTIFICATES_MAX)
    await expectSignature(this.#verify, "grant", signer, bytes)
    this.#count("grant certificates", signer)
    this.#grantCertificates.push(certificate)
    this.#list({ grant, by: hash, epoch })
    this.#judged = null
    return this.#keep(hash, bytes)
  }

  async #addSeat(bytes: Uint8Array): Promise<Added> {
    const seat = decodeSeat(bytes)
    this.#expectDocument(seat.docId)
    if (this.#known.has(seat.hash)) return "known"
    if (!this.#listings.has(seat.grantPub))
      throw new RefusedError("unknown-grant", "a seat of a grant not listed here")
    const count = (this.#seatsPerGrant.get(seat.grantPub) ?? 0) + 1
    if (count > SEATS_PER_GRANT_MAX)
      throw new RefusedError("quota", `expected at most ${SEATS_PER_GRANT_MAX} seats of a grant`)
    await expectSignature(this.#verify, "seat", seat.grantPub, bytes)
    this.#seatsPerGrant.set(seat.grantPub, count)
    this.#seats.set(seat.hash, seat)
    const standing = this.#seatsByKey.get(seat.seatPub)
    if (!standing || compareIds(seat.hash, standing.hash) < 0) this.#seatsByKey.set(seat.seatPub, seat)
    return this.#keep(seat.hash, bytes)
  }

  #list(listing: Listing): void {
    const listings = this.#listings.get(listing.grant.grantPub)
    if (listings) listings.push(listing)
    else this.#listings.set(listing.grant.grantPub, [listing])
  }

  // By signer: whoever floods a document with certificates uses up their own share and nobody else's.
  #expectFewer(what: Counted, signer: PublicKey, max: number): void {
    if ((this.#counts[what].get(signer) ?? 0) >= max)
      throw new RefusedError("quota", `expected at most ${max} ${what} by one admin`)
  }

  #count(what: Counted, signer: PublicKey): void {
    this.#counts[what].set(signer, 1 + (this.#counts[what].get(signer) ?? 0))
  }

  #keep(hash: CertificateHash, bytes: Uint8Array): Added {
    this.#known.add(hash)
    this.#bytes.push(bytes)
    return "added"
  }

  #expectDocument(docId: DocId): void {
    if (docId !== this.docId) throw new RefusedError("wrong-document", "a certificate of another document")
  }
}

type CertificateKind = "genesis" | "epoch" | "grant" | "seat" | "session"

/** Throws RefusedError (bad-signature) unless the record's signature by `signer` is good. */
export async function expectSignature(
  verify: Verify,
  kind: CertificateKind,
  signer: PublicKey,
  bytes: Uint8Array,
): Promise<void> {
  const { fields, signature } = split(bytes)
  if (!(await verify(kind, signer, fields, signature)))
    throw new RefusedError("bad-signature", `the signature of a ${kind} certificate does not hold`)
}

// A certificate is kept for as long as the document is open, and what arrived with it may be a message of 8 MiB.
function ownCopy(bytes: Uint8Array): Uint8Array {
  if (bytes.length > CERTIFICATE_BYTES_MAX)
    throw new FormatError(`expected a certificate of at most 1 MiB, got ${bytes.length} bytes`)
  return bytes.slice()
}
