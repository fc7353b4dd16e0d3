// Documents for tests of the relay: real keys, certificates and envelopes around bodies of random bytes, since the
// relay opens none. Everything comes from a seed, so that a run can be had again.
import { type DocId, type EnvelopeId, idBytes, NO_ENVELOPE, type PublicKey } from "../../src/bytes/ids"
import { createVerify, type SigningKey, sign, signingKey, webCryptoVerify } from "../../src/crypto/signing"
import {
  decodeSeat,
  encodeEpoch,
  encodeGrantCertificate,
  encodeSeat,
  encodeSession,
  type Grant,
  sessionIdOf,
  viewCommitOf,
} from "../../src/records/certificate"
import { Certificates } from "../../src/records/certificates"
import {
  CHANNELS,
  type Envelope,
  encodeEnvelope,
  KINDS,
  type Known,
  readEnvelope,
  type Session,
} from "../../src/records/envelope"
import { encodeGenesis } from "../../src/records/genesis"
import type { Role } from "../../src/records/roles"
import type { Seat } from "../../src/sync/shelf"

/** A stream of bytes that is the same for the same seed (mulberry32). */
export function seededBytes(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) & 0xff
  }
  return length => Uint8Array.from({ length }, next)
}

export const verify = await createVerify(webCryptoVerify)

/** Somebody with a role in a document, on one device. */
export interface Member {
  readonly role: Role
  readonly grant: SigningKey
  readonly seat: SigningKey
  /** What others need to believe in the member: the grant's certificate and the seat's. */
  readonly certificates: readonly Uint8Array[]
  /** As an exchange wants it. */
  readonly asSeat: Seat
}

/** One opening of the document for writing. Sealing is signing random bytes. */
export interface Writing {
  readonly session: SigningKey
  /** The next envelope of the chain; the first one opens the session. */
  seal(body?: number | Uint8Array): {
    readonly bytes: Uint8Array
    readonly id: EnvelopeId
    readonly seq: number
  }
}

export class TestDocument {
  readonly docId: DocId
  readonly certificates: Certificates
  readonly admin: Member
  readonly #random: (length: number) => Uint8Array

  private constructor(certificates: Certificates, admin: Member, random: (length: number) => Uint8Array) {
    this.certificates = certificates
    this.docId = certificates.docId
    this.admin = admin
    this.#random = random
  }

  static async found(seed: number): Promise<TestDocument> {
    const random = seededBytes(seed)
    const root = signingKey(random(32))
    const admin = signingKey(random(32))
    const genesis = encodeGenesis({ kind: "doc", nonce: random(16), adminPubs: [admin.publicKey] }, root)
    const certificates = await Certificates.found(genesis, verify)
    const { docId } = certificates
    await certificates.add(
      encodeEpoch(
        {
          docId,
          n: 0,
          parents: [],
          viewCommit: viewCommitOf(random(32)),
          grants: [grantOf(admin.publicKey, "admin", random)],
          cuts: [],
          stands: [],
          backKeys: [],
        },
        admin,
      ),
    )
    return new TestDocument(certificates, await seatOf(certificates, admin, "admin", [], random), random)
  }

  /** Lists a new grant and seats a device under it. */
  async invite(role: Exclude<Role, "admin">): Promise<Member> {
    const grant = signingKey(this.#random(32))
    const certificate = this.list(grant.publicKey, role)
    await this.certificates.add(certificate)
    return seatOf(this.certificates, grant, role, [certificate], this.#random)
  }

  /** An admin's certificate for a grant; not added to anything. */
  list(grantPub: PublicKey, role: Exclude<Role, "admin">): Uint8Array {
    const epoch = this.certificates.current
    if (!epoch) throw new Error("the document has no epoch")
    return encodeGrantCertificate(
      { docId: this.docId, epoch: epoch.hash, grant: grantOf(grantPub, role, this.#random) },
      this.admin.grant,
    )
  }

  /** Somebody with a key of their own that no admin has listed. */
  stranger(): Promise<Member> {
    return seatOf(null, signingKey(this.#random(32)), "edit", [], this.#random, this.docId)
  }

  /** Opens a session in a member's name; nobody checks here whether the role may write. */
  write(member: Member, signer: SigningKey = signingKey(this.#random(32))): Writing {
    const epoch = this.certificates.current
    const seat = encodeSeat(
      { docId: this.docId, seatPub: member.seat.publicKey, claimHash: null },
      member.grant,
    )
    if (!epoch) throw new Error("the document has no epoch")
    const certificate = encodeSession(
      { docId: this.docId, epoch: epoch.hash, seat: decodeSeat(seat).hash, sessionPub: signer.publicKey },
      member.seat,
    )
    const sessionId = sessionIdOf(signer.publicKey)
    let seq = 0
    let prev = NO_ENVELOPE
    return {
      session: signer,
      seal: (body = 168) => {
        const kind = seq === 0 ? KINDS.open : KINDS.update
        const { bytes, id } = encodeEnvelope(
          {
            kind,
            docId: this.docId,
            channel: CHANNELS.body,
            epochPrefix: idBytes(epoch.hash).slice(0, 16),
            sessionId,
            seq,
            prev,
            sessionCertificate: seq === 0 ? certificate : new Uint8Array(0),
          },
          typeof body === "number" ? this.#random(body) : body,
          signer,
        )
        const sealed = { bytes, id, seq }
        prev = id
        seq++
        return sealed
      },
    }
  }

  /** Envelopes as a keeper would hand them to a store. */
  async check(all: readonly { readonly bytes: Uint8Array }[]): Promise<Envelope[]> {
    const sessions = new Map<string, Session>()
    const known: Known = {
      certificates: this.certificates,
      session: sessionId => sessions.get(sessionId) ?? null,
    }
    const checked: Envelope[] = []
    for (const { bytes } of all) {
      const envelope = await readEnvelope(bytes, known, verify)
      sessions.set(envelope.header.sessionId, envelope.session)
      checked.push(envelope)
    }
    return checked
  }
}

function grantOf(grantPub: PublicKey, role: Role, random: (length: number) => Uint8Array): Grant {
  return {
    grantPub,
    boxPub: random(32),
    role,
    capsule: role === "host" ? null : random(104),
    sealedLabel: new Uint8Array(0),
    notAfter: null,
  }
}

async function seatOf(
  certificates: Certificates | null,
  grant: SigningKey,
  role: Role,
  before: readonly Uint8Array[],
  random: (length: number) => Uint8Array,
  docId = certificates?.docId,
): Promise<Member> {
  if (!docId) throw new Error("a seat needs a document")
  const seat = signingKey(random(32))
  const certificate = encodeSeat({ docId, seatPub: seat.publicKey, claimHash: null }, grant)
  await certificates?.add(certificate)
  const asSeat: Seat = {
    seatPub: seat.publicKey,
    certificate,
    grantCertificate: before[0] ?? null,
    sign: (kind, bytes) => sign(kind, bytes, seat),
  }
  return { role, grant, seat, certificates: [...before, certificate], asSeat }
}
