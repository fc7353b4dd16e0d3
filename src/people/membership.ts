// What one device is in one document: a grant that was given to it and a seat that it made for itself (protocol
// §2). Everything else — keys, role, certificates — derives from these two secrets and the document's certificates.
import { type CertificateHash, type DocId, idBytes, idOf } from "../bytes/ids"
import { equalBytes } from "../bytes/writer"
import { type BoxKey, grantBoxKey, grantSigningSeed } from "../crypto/sealing"
import { deriveSigningKeys, type SigningKey, signingKey } from "../crypto/signing"
import { decodeSeat, type EpochCertificate, encodeSeat } from "../records/certificate"
import type { Certificates } from "../records/certificates"
import { includes, type Role } from "../records/roles"
import { type Keyring, keyringOf } from "./keyring"

/** What is kept on the device, in the store of raw secrets. */
export interface Membership {
  readonly docId: DocId
  /** 32 bytes: whoever has them has the grant. */
  readonly grantSecret: Uint8Array
  /** 32 bytes, made on this device and never shown to another. */
  readonly seatSeed: Uint8Array
  /** 32 bytes for the device that made the document; null elsewhere. */
  readonly rootSeed: Uint8Array | null
  /** First 16 bytes of the epoch's hash that the link named; a newcomer accepts no older one. Null for the founder. */
  readonly epochPrefix: Uint8Array | null
  /** A grant certificate that travelled in the link because no relay had it yet. */
  readonly grantCertificate: Uint8Array | null
}

/** The keys that derive from a membership. They belong to the caller, who must not write to them. */
export interface MemberKeys {
  readonly grant: SigningKey
  readonly box: BoxKey
  readonly seat: SigningKey
  readonly seatCertificate: Uint8Array
  readonly seatHash: CertificateHash
}

/** What the certificates give this member: may read (and perhaps write), from now on. */
export interface Standing {
  readonly role: Role
  /** The epoch under which this member writes: the current one, or the newest whose key it has. */
  readonly epoch: CertificateHash
  /** The key of that epoch, 32 bytes. */
  readonly viewKey: Uint8Array
  /** Every key it can read with. */
  readonly keyring: Keyring
  /** Everything was taken back: what could be read until then is still readable here, and nothing more comes. */
  readonly isRemoved: boolean
}

const derived = new WeakMap<Membership, MemberKeys>()

/** Has the keys of a membership derived by the platform, so that `keysOf` is quick. */
export async function deriveKeys({ grantSecret, seatSeed }: Membership): Promise<void> {
  await deriveSigningKeys([grantSigningSeed(grantSecret), seatSeed])
}

/** The keys, derived once. The seat certificate is the same bytes every time: Ed25519 signs without chance. */
export function keysOf(membership: Membership): MemberKeys {
  const keys = derived.get(membership) ?? derive(membership)
  derived.set(membership, keys)
  return keys
}

function derive(membership: Membership): MemberKeys {
  const grant = signingKey(grantSigningSeed(membership.grantSecret))
  const seat = signingKey(membership.seatSeed)
  const seatCertificate = encodeSeat(
    { docId: membership.docId, seatPub: seat.publicKey, claimHash: null },
    grant,
  )
  return {
    grant,
    box: grantBoxKey(membership.grantSecret),
    seat,
    seatCertificate,
    seatHash: decodeSeat(seatCertificate).hash,
  }
}

/** Whether two standings let a member read and write the same. */
export function isSameStanding(a: Standing, b: Standing): boolean {
  return (
    a.role === b.role &&
    a.epoch === b.epoch &&
    a.isRemoved === b.isRemoved &&
    a.keyring.size === b.keyring.size
  )
}

/**
 * Why a membership gives nothing to read in a document whose certificates are known. `host`: it may keep it, sealed, and
 * sign for it.
 */
export type NoStanding = "not-listed" | "older-epoch" | "capsule-broken" | "host"

/** What this membership is worth under these certificates, or why nothing. */
export function standingOf(
  membership: Membership,
  keys: MemberKeys,
  certificates: Certificates,
): Standing | NoStanding {
  const grantPub = keys.grant.publicKey
  if (certificates.listingsOf(grantPub).length === 0) return "not-listed"
  // A host may hold back what is newer than an old epoch, but never serve less than the link promised (§2).
  const { epochPrefix } = membership
  if (epochPrefix && !certificates.epochs().some(epoch => isNamedBy(epoch, epochPrefix))) return "older-epoch"
  const role = certificates.roleOf(grantPub)
  if (role === "host") return "host"
  const keyring = keyringOf(grantPub, keys.box, certificates)
  const newestFirst = [...certificates.heads, ...[...certificates.epochs()].reverse()]
  const mayWriteUnder = ({ hash }: EpochCertificate) =>
    certificates.stands(hash) && certificates.roleUnder(hash, grantPub) !== null
  const found = newestFirst.find(epoch => keyring.has(epoch.hash) && (!role || mayWriteUnder(epoch)))
  const viewKey = found && keyring.get(found.hash)
  if (!found || !viewKey) return "capsule-broken"
  const epoch = found.hash
  if (!role) return { role: "view", epoch, viewKey, keyring, isRemoved: true }
  const under = certificates.roleUnder(epoch, grantPub) ?? role
  return { role: includes(under, role) ? role : under, epoch, viewKey, keyring, isRemoved: false }
}

function isNamedBy({ hash }: EpochCertificate, prefix: Uint8Array): boolean {
  return equalBytes(idBytes(hash).subarray(0, prefix.length), prefix)
}

/** Parses what the store gives back. Throws on anything that is not a membership: our own bug or a damaged store. */
export function readMembership(value: unknown): Membership {
  const record = value as Partial<Record<keyof Membership, unknown>> | null
  const bytes = (name: keyof Membership, length: number): Uint8Array => {
    const found = record?.[name]
    if (!(found instanceof Uint8Array) || found.length !== length)
      throw new Error(`a stored membership has no ${name}`)
    return found
  }
  const optional = (name: keyof Membership): Uint8Array | null => {
    const found = record?.[name]
    return found instanceof Uint8Array ? found : null
  }
  if (typeof record?.docId !== "string") throw new Error("a stored membership has no document")
  return {
    docId: idOf<DocId>(idBytes(record.docId as DocId)),
    grantSecret: bytes("grantSecret", 32),
    seatSeed: bytes("seatSeed", 32),
    rootSeed: optional("rootSeed"),
    epochPrefix: optional("epochPrefix"),
    grantCertificate: optional("grantCertificate"),
  }
}
