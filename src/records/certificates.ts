// The certificates of one document that have been checked, and what follows from them: who may do what. To be in
// here is to have been verified. One epoch so far: later epochs (taking back) are refused by name, not guessed at.
import { FormatError, RefusedError } from "../bytes/errors"
import type { CertificateHash, DocId, PublicKey } from "../bytes/ids"
import type { Verify } from "../crypto/signing"
import {
  decodeEpoch,
  decodeGrantCertificate,
  decodeSeat,
  type EpochCertificate,
  GRANTS_MAX,
  type Grant,
  type SeatCertificate,
} from "./certificate"
import { decodeGenesis, type Genesis } from "./genesis"
import { split, typeOf } from "./layout"
import { includes, type Role } from "./roles"

export const SEATS_PER_GRANT_MAX = 1_000

/** Whether `add` put it in now or had it before. */
export type Added = "added" | "known"

export class Certificates {
  readonly genesis: Genesis
  readonly #verify: Verify
  readonly #bytes: Uint8Array[]
  #epoch: EpochCertificate | null = null
  readonly #grants = new Map<PublicKey, Grant>()
  readonly #seats = new Map<CertificateHash, SeatCertificate>()
  readonly #seatsPerGrant = new Map<PublicKey, number>()
  readonly #known = new Set<CertificateHash>()

  private constructor(genesis: Genesis, bytes: Uint8Array, verify: Verify) {
    this.genesis = genesis
    this.#bytes = [bytes]
    this.#verify = verify
  }

  /** Starts from a genesis. Throws FormatError, RefusedError (bad-signature). Keeps `bytes`. */
  static async found(bytes: Uint8Array, verify: Verify): Promise<Certificates> {
    const genesis = decodeGenesis(bytes)
    await expectSignature(verify, "genesis", genesis.rootPub, bytes)
    return new Certificates(genesis, bytes, verify)
  }

  get docId(): DocId {
    return this.genesis.docId
  }

  /** The epoch that counts, or null as long as only the genesis is known. */
  get current(): EpochCertificate | null {
    return this.#epoch
  }

  epoch(hash: CertificateHash): EpochCertificate | null {
    return this.#epoch?.hash === hash ? this.#epoch : null
  }

  /** The grant as it stands in the current certificate and the grant certificates beside it, or null. */
  grant(grantPub: PublicKey): Grant | null {
    return this.#grants.get(grantPub) ?? null
  }

  /** All grants that stand. */
  grants(): readonly Grant[] {
    return [...this.#grants.values()]
  }

  seat(hash: CertificateHash): SeatCertificate | null {
    return this.#seats.get(hash) ?? null
  }

  /** The seat with this key, of whichever grant was first to certify it; for receipts and presence. */
  seatByKey(seatPub: PublicKey): SeatCertificate | null {
    for (const seat of this.#seats.values()) if (seat.seatPub === seatPub) return seat
    return null
  }

  /** The role behind a grant that stands, or null. */
  roleOf(grantPub: PublicKey): Role | null {
    return this.#grants.get(grantPub)?.role ?? null
  }

  /** Everything, in an order in which another set can add it. Views: do not write to them. */
  all(): readonly Uint8Array[] {
    return this.#bytes
  }

  /**
   * Checks and keeps one certificate; keeps `bytes`. Safe to repeat.
   * Throws FormatError; RefusedError: wrong-document, bad-signature, unknown-epoch, unknown-grant, bad-certificate, quota.
   */
  async add(bytes: Uint8Array): Promise<Added> {
    const type = typeOf(bytes)
    switch (type) {
      case "genesis": {
        const { docId } = decodeGenesis(bytes)
        this.#expectDocument(docId)
        return "known"
      }
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
    if (
      epoch.n !== 0 ||
      epoch.parents.length > 0 ||
      epoch.cuts.length + epoch.stands.length + epoch.backKeys.length
    ) {
      throw new RefusedError("bad-certificate", "later epochs are not understood by this version")
    }
    if (!this.genesis.adminPubs.includes(epoch.signer)) {
      throw new RefusedError("bad-certificate", "epoch 0 is not signed by an admin of the genesis")
    }
    await expectSignature(this.#verify, "epoch", epoch.signer, bytes)
    for (const admin of this.genesis.adminPubs) {
      if (epoch.grants.find(grant => grant.grantPub === admin)?.role !== "admin") {
        throw new RefusedError("bad-certificate", "epoch 0 does not list every admin of the genesis")
      }
    }
    // Which of two first epochs counts is decided with the later epochs; until then one is all there is.
    if (this.#epoch) throw new RefusedError("bad-certificate", "a second first epoch")
    this.#epoch = epoch
    for (const grant of epoch.grants) this.#grants.set(grant.grantPub, grant)
    return this.#keep(epoch.hash, bytes)
  }

  async #addGrant(bytes: Uint8Array): Promise<Added> {
    const certificate = decodeGrantCertificate(bytes)
    this.#expectDocument(certificate.docId)
    if (this.#known.has(certificate.hash)) return "known"
    if (!this.epoch(certificate.epoch))
      throw new RefusedError("unknown-epoch", "a grant for an epoch not known here")
    const signer = this.#grants.get(certificate.signer)
    if (signer?.role !== "admin") throw new RefusedError("no-right", "a grant is not signed by an admin")
    await expectSignature(this.#verify, "grant", certificate.signer, bytes)
    const { grant } = certificate
    const listed = this.#grants.get(grant.grantPub)
    if (listed && includes(listed.role, grant.role)) return this.#keep(certificate.hash, bytes) // the higher role stands
    if (!listed && this.#grants.size >= GRANTS_MAX)
      throw new RefusedError("quota", `more than ${GRANTS_MAX} grants`)
    this.#grants.set(grant.grantPub, grant)
    return this.#keep(certificate.hash, bytes)
  }

  async #addSeat(bytes: Uint8Array): Promise<Added> {
    const seat = decodeSeat(bytes)
    this.#expectDocument(seat.docId)
    if (this.#known.has(seat.hash)) return "known"
    if (!this.#grants.has(seat.grantPub))
      throw new RefusedError("unknown-grant", "a seat of a grant not listed here")
    await expectSignature(this.#verify, "seat", seat.grantPub, bytes)
    const count = (this.#seatsPerGrant.get(seat.grantPub) ?? 0) + 1
    if (count > SEATS_PER_GRANT_MAX)
      throw new RefusedError("quota", `more than ${SEATS_PER_GRANT_MAX} seats of a grant`)
    if (this.#known.has(seat.hash)) return "known" // the same one arrived twice while its signature was checked
    this.#seatsPerGrant.set(seat.grantPub, count)
    this.#seats.set(seat.hash, seat)
    return this.#keep(seat.hash, bytes)
  }

  #keep(hash: CertificateHash, bytes: Uint8Array): Added {
    if (this.#known.has(hash)) return "known"
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
  if (!(await verify(kind, signer, fields, signature))) {
    throw new RefusedError("bad-signature", `the signature of a ${kind} certificate does not hold`)
  }
}
