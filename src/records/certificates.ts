// The certificates of one document that have been checked, and what follows from them: who may do what. To be in
// here is to have been verified, and what follows does not depend on the order in which they came. One epoch so
// far: later epochs (taking back) are refused by name, not guessed at.
import { FormatError, RefusedError } from "../bytes/errors"
import { type CertificateHash, compareIds, type DocId, type PublicKey } from "../bytes/ids"
import type { Verify } from "../crypto/signing"
import { decodeEpoch, type EpochCertificate, GRANTS_MAX } from "./epoch"
import { decodeGenesis, type Genesis } from "./genesis"
import { decodeGrantCertificate, type Grant } from "./grant"
import { CERTIFICATE_BYTES_MAX, split, typeOf } from "./layout"
import { includes, type Role } from "./roles"
import { decodeSeat, type SeatCertificate } from "./seat"

export const SEATS_PER_GRANT_MAX = 1_000
/** Beside an epoch. More than grants, because one grant may be listed again. */
export const GRANT_CERTIFICATES_MAX = 5_000

/** Whether `add` put it in now or had it before. */
export type Added = "added" | "known"

/** A grant, and the certificate that lists it: the epoch, or a grant certificate beside it. */
interface Listing {
  readonly grant: Grant
  readonly by: CertificateHash
}

export class Certificates {
  readonly genesis: Genesis
  readonly #verify: Verify
  readonly #bytes: Uint8Array[]
  readonly #known = new Set<CertificateHash>()
  #epoch: EpochCertificate | null = null
  readonly #listings = new Map<PublicKey, Listing>()
  #grantCertificates = 0
  readonly #seats = new Map<CertificateHash, SeatCertificate>()
  readonly #seatsByKey = new Map<PublicKey, SeatCertificate>()
  readonly #seatsPerGrant = new Map<PublicKey, number>()
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

  get docId(): DocId {
    return this.genesis.docId
  }

  /** The epoch that counts, or null as long as only the genesis is known. */
  get current(): EpochCertificate | null {
    return this.#epoch
  }

  /** An epoch that was added, or null. */
  epoch(hash: CertificateHash): EpochCertificate | null {
    return this.#epoch?.hash === hash ? this.#epoch : null
  }

  /**
   * The grant as it stands in the current certificate and the grant certificates beside it, or null. Listed more than
   * once, the higher role counts; among equals what the epoch says, else the certificate with the lowest hash.
   */
  grant(grantPub: PublicKey): Grant | null {
    return this.#listings.get(grantPub)?.grant ?? null
  }

  /** All grants that stand. */
  grants(): readonly Grant[] {
    return Array.from(this.#listings.values(), listing => listing.grant)
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

  /** The role behind a grant that stands, or null. */
  roleOf(grantPub: PublicKey): Role | null {
    return this.grant(grantPub)?.role ?? null
  }

  /** Everything, in an order in which another set can add it. Not copies: do not write to them. */
  all(): readonly Uint8Array[] {
    return [...this.#bytes]
  }

  /**
   * Checks one certificate and keeps a copy. Safe to repeat. Calls take turns: one that rests on another may follow
   * it without waiting, and which of two comes first never depends on how long a signature takes to check.
   * Throws FormatError, NewerVersionError; RefusedError: wrong-document, bad-signature, unknown-epoch, unknown-grant,
   * no-right, bad-certificate, quota.
   */
  async add(bytes: Uint8Array): Promise<Added> {
    const own = ownCopy(bytes)
    const adding = this.#last.then(() => this.#take(own))
    // The next one's turn comes either way; whoever added this one hears why it was refused.
    const done = () => undefined
    this.#last = adding.then(done, done)
    return adding
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
    if (epoch.n !== 0)
      throw new RefusedError(
        "bad-certificate",
        `epoch ${epoch.n}: later epochs are not understood by this version`,
      )
    if (epoch.cuts.length + epoch.stands.length + epoch.backKeys.length > 0)
      throw new RefusedError("bad-certificate", "a first epoch that takes something back")
    // Which of two first epochs counts is decided with the later epochs; until then one is all there is.
    if (this.#epoch) throw new RefusedError("bad-certificate", "a second first epoch")
    if (!this.genesis.adminPubs.includes(epoch.signer))
      throw new RefusedError("bad-certificate", "epoch 0 is not signed by an admin of the genesis")
    for (const admin of this.genesis.adminPubs)
      if (epoch.grants.find(grant => grant.grantPub === admin)?.role !== "admin")
        throw new RefusedError("bad-certificate", "epoch 0 does not list every admin of the genesis")
    await expectSignature(this.#verify, "epoch", epoch.signer, bytes)
    this.#epoch = epoch
    for (const grant of epoch.grants) this.#listings.set(grant.grantPub, { grant, by: epoch.hash })
    return this.#keep(epoch.hash, bytes)
  }

  async #addGrant(bytes: Uint8Array): Promise<Added> {
    const { hash, docId, epoch, signer, grant } = decodeGrantCertificate(bytes)
    this.#expectDocument(docId)
    if (this.#known.has(hash)) return "known"
    if (!this.epoch(epoch)) throw new RefusedError("unknown-epoch", "a grant for an epoch not known here")
    if (this.roleOf(signer) !== "admin")
      throw new RefusedError("no-right", "a grant is not signed by an admin")
    const standing = this.#listings.get(grant.grantPub)
    if (!standing && this.#listings.size >= GRANTS_MAX)
      throw new RefusedError("quota", `expected at most ${GRANTS_MAX} grants`)
    if (this.#grantCertificates >= GRANT_CERTIFICATES_MAX)
      throw new RefusedError("quota", `expected at most ${GRANT_CERTIFICATES_MAX} grant certificates`)
    await expectSignature(this.#verify, "grant", signer, bytes)
    const listing = { grant, by: hash }
    if (!standing || this.#outranks(listing, standing)) this.#listings.set(grant.grantPub, listing)
    this.#grantCertificates++
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

  #outranks(listing: Listing, standing: Listing): boolean {
    if (listing.grant.role !== standing.grant.role) return includes(listing.grant.role, standing.grant.role)
    return standing.by !== this.#epoch?.hash && compareIds(listing.by, standing.by) < 0
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
