// Documents and their people for tests of the log, the conversation and the carriers: real keys, certificates and
// envelopes around bodies of random bytes, since nothing here opens them. All of it comes from one seed.
import {
  type DocId,
  type EnvelopeId,
  idBytes,
  NO_ENVELOPE,
  type PublicKey,
  type SessionId,
} from "../../../src/bytes/ids"
import { type SigningKey, sign, signingKey } from "../../../src/crypto/signing"
import type { Announced } from "../../../src/records/blob"
import {
  decodeSeat,
  encodeEpoch,
  encodeGrantCertificate,
  encodeSeat,
  encodeSession,
  type Grant,
  sessionIdOf,
  viewCommitOf,
} from "../../../src/records/certificate"
import { Certificates } from "../../../src/records/certificates"
import { CHANNELS, encodeEnvelope, KINDS } from "../../../src/records/envelope"
import { decodeEpoch } from "../../../src/records/epoch"
import { encodeGenesis } from "../../../src/records/genesis"
import type { Special } from "../../../src/records/header"
import type { Head } from "../../../src/records/plain"
import type { Role } from "../../../src/records/roles"
import type { Seat } from "../../../src/sync/shelf"
import { quickSignatures } from "../../quick-signatures"
import { specialOf } from "../../vectors/envelope"

export const verify = await quickSignatures()

/** Bytes that are the same for the same seed (mulberry32). */
export function chance(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) & 0xff
  }
  return length => Uint8Array.from({ length }, next)
}

/** Somebody with a role, on one device. */
export interface Member {
  readonly role: Role
  readonly grant: SigningKey
  readonly grantCertificate: Uint8Array | null
  readonly seatCertificate: Uint8Array
  readonly seatKey: SigningKey
  /** What an exchange is given. */
  readonly seat: Seat
}

/** A session that is being written. Nobody here asks whether the role may write. */
export interface Writing {
  readonly sessionId: SessionId
  readonly key: SigningKey
  /** The next envelope; the first one opens the session. `body`: its bytes, or how many. */
  seal(body?: number | Uint8Array, special?: Special): Sealed
  /** A rollup of what was sealed from seq `from` on. */
  rollUp(from: number, vouches?: readonly EnvelopeId[]): Sealed
  /** An update that vouches. */
  vouch(...rollups: readonly Sealed[]): Sealed
  /** An envelope that announces blobs; the session must be open. */
  announce(...blobs: readonly Announced[]): Sealed
  /** Takes back the last one: what is sealed next stands at its place. */
  forget(): void
}

export interface Sealed {
  readonly bytes: Uint8Array
  readonly id: EnvelopeId
  readonly seq: number
}

export interface TestDocument {
  readonly docId: DocId
  /** Everything that counts, in an order in which it can be added. */
  readonly certificates: Certificates
  readonly admin: Member
  /** Lists a new grant and seats a device under it; both are added to `certificates`. */
  invite(role: Exclude<Role, "admin">): Promise<Member>
  /** The same by a link made offline: nobody knows of it yet. */
  inviteOffline(role: Exclude<Role, "admin">): Member
  /** Somebody under a grant that no admin listed. */
  stranger(): Member
  /** Lists a relay's key as a host. */
  host(relay: SigningKey): Promise<void>
  /** The next epoch, without a member, cut at `heads`. Nobody knows of it yet, `certificates` neither. */
  takeBack(member: Member, heads?: readonly Head[]): Uint8Array
  /** Lists a member again, under an epoch. */
  giveBack(member: Member, epoch: Uint8Array): Uint8Array
  write(member: Member): Writing
}

export async function foundDocument(seed: number): Promise<TestDocument> {
  const random = chance(seed)
  const newKey = () => signingKey(random(32))
  const grantOf = (grantPub: PublicKey, role: Role): Grant => ({
    grantPub,
    boxPub: random(32),
    role,
    capsule: role === "host" ? null : random(104),
    sealedLabel: new Uint8Array(0),
    notAfter: null,
  })
  const adminKey = newKey()
  const genesis = encodeGenesis({ kind: "doc", nonce: random(16), adminPubs: [adminKey.publicKey] }, newKey())
  const certificates = await Certificates.found(genesis, verify)
  const { docId } = certificates
  const first = {
    docId,
    n: 0,
    parents: [],
    viewCommit: viewCommitOf(random(32)),
    grants: [grantOf(adminKey.publicKey, "admin")],
    cuts: [],
    stands: [],
    backKeys: [],
  }
  await certificates.add(encodeEpoch(first, adminKey))
  const epoch = certificates.current
  if (!epoch) throw new Error("a founded document has an epoch")

  const list = (grantPub: PublicKey, role: Role, under = epoch.hash) =>
    encodeGrantCertificate({ docId, epoch: under, grant: grantOf(grantPub, role) }, adminKey)
  const memberOf = (role: Role, grant: SigningKey, grantCertificate: Uint8Array | null): Member => {
    const seatKey = newKey()
    const seatCertificate = encodeSeat({ docId, seatPub: seatKey.publicKey, claimHash: null }, grant)
    const seat: Seat = {
      seatPub: seatKey.publicKey,
      certificate: seatCertificate,
      grantCertificate,
      sign: (kind, bytes) => sign(kind, bytes, seatKey),
    }
    return { role, grant, grantCertificate, seatCertificate, seatKey, seat }
  }
  const inviteOffline: TestDocument["inviteOffline"] = role => {
    const grant = newKey()
    return memberOf(role, grant, list(grant.publicKey, role))
  }
  const admin = memberOf("admin", adminKey, null)
  await certificates.add(admin.seatCertificate)

  return {
    docId,
    certificates,
    admin,
    inviteOffline,
    async invite(role) {
      const member = inviteOffline(role)
      if (member.grantCertificate) await certificates.add(member.grantCertificate)
      await certificates.add(member.seatCertificate)
      return member
    },
    stranger: () => memberOf("edit", newKey(), null),
    giveBack: ({ grant, role }, under) => list(grant.publicKey, role, decodeEpoch(under).hash),
    takeBack: ({ grant }, heads = []) =>
      encodeEpoch(
        {
          ...first,
          n: 1,
          parents: [epoch.hash],
          viewCommit: viewCommitOf(random(32)),
          grants: certificates.grants().filter(({ grantPub }) => grantPub !== grant.publicKey),
          cuts: [{ grantPub: grant.publicKey, heads }],
        },
        adminKey,
      ),
    async host(relay) {
      await certificates.add(list(relay.publicKey, "host"))
    },
    write(member) {
      const key = newKey()
      const sessionId = sessionIdOf(key.publicKey)
      const seat = decodeSeat(member.seatCertificate).hash
      const session = { docId, epoch: epoch.hash, seat, sessionPub: key.publicKey }
      const sessionCertificate = encodeSession(session, member.seatKey)
      const ids: EnvelopeId[] = []
      const writing: Writing = {
        sessionId,
        key,
        forget: () => {
          ids.pop()
        },
        announce: (...blobs) => writing.seal(160, { kind: KINDS.blobs, vouches: [], blobs }),
        rollUp: (from, vouches = []) =>
          writing.seal(160, { kind: KINDS.rollup, from, before: ids[from - 1] ?? NO_ENVELOPE, vouches }),
        vouch: (...rollups) =>
          writing.seal(160, { kind: KINDS.update, vouches: rollups.map(({ id }) => id) }),
        seal(body = 160, special = specialOf(ids.length, sessionCertificate)) {
          const seq = ids.length
          const header = {
            ...special,
            docId,
            channel: CHANNELS.body,
            epochPrefix: idBytes(epoch.hash).slice(0, 16),
            sessionId,
            seq,
            prev: ids.at(-1) ?? NO_ENVELOPE,
          }
          const { bytes, id } = encodeEnvelope(header, typeof body === "number" ? random(body) : body, key)
          ids.push(id)
          return { bytes, id, seq }
        },
      }
      return writing
    },
  }
}

/** The next `count` envelopes of a session. */
export function sealMany(writing: Writing, count: number, body = 160): Uint8Array[] {
  return Array.from({ length: count }, () => writing.seal(body).bytes)
}
