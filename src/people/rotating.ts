// A new epoch, by an admin's keys on this device: a new view key, boxed to everybody who stays; cuts for everybody
// from whom something is taken; keys of what went before, sealed for those who read on (protocol §§2, 9). It works
// with no network, and what others do meanwhile is joined when it is met.
import type { CertificateHash, PublicKey } from "../bytes/ids"
import { KEY_BYTES, type Random } from "../crypto/sealing"
import type { SigningKey } from "../crypto/signing"
import {
  type BackKey,
  type Cut,
  type EpochCertificate,
  encodeEpoch,
  type Grant,
  viewCommitOf,
} from "../records/certificate"
import type { Certificates } from "../records/certificates"
import type { Head } from "../records/plain"
import { includes, type Role } from "../records/roles"
import { type Listed, labelOf, listGrant } from "./grants"
import { type Keyring, sealBack } from "./keyring"

/** Whoever signs, and what they hold of the document. */
export interface Admin {
  /** An admin's grant, or root. */
  readonly signer: SigningKey
  readonly keyring: Keyring
  readonly certificates: Certificates
  /** How far each session of a grant is held here and counts. */
  readonly headsOf: (grantPub: PublicKey) => readonly Head[]
  readonly random: Random
}

/** What is to be different. Without anything, heads are joined and what others took is taken here too. */
export interface Change {
  /** Taken from the list. What of theirs is held here still counts. */
  readonly remove?: readonly PublicKey[]
  readonly lower?: ReadonlyMap<PublicKey, Role>
  /** Added, or listed again with another role or end. */
  readonly list?: readonly Listed[]
  readonly expire?: ReadonlyMap<PublicKey, number | null>
}

/** Makes and signs the next epoch. Throws if the signer is admin of nothing that stands. Nothing is stored or sent. */
export function rotate(change: Change, admin: Admin): Uint8Array {
  const { certificates, signer, keyring, random } = admin
  const parents = certificates.heads.filter(head => isAdminOf(signer.publicKey, head, certificates))
  if (parents.length === 0)
    throw new Error("an epoch was made by somebody who is admin of nothing that stands")
  const viewKey = random(KEY_BYTES)
  const listed = staying(change, admin)
  const grants = listed.map(each => listGrant(each, viewKey, random))
  assertReadable(grants)
  return encodeEpoch(
    {
      docId: certificates.docId,
      n: 1 + Math.max(...parents.map(parent => parent.n)),
      parents: parents.map(parent => parent.hash),
      viewCommit: viewCommitOf(viewKey),
      grants,
      cuts: cutsFor(grants, parents, admin),
      stands: standsFor(grants, parents, certificates),
      backKeys: backKeysFor(parents, viewKey, keyring, admin),
    },
    signer,
  )
}

/** Whether somebody may sign what rests on this epoch. */
export function isAdminOf(
  signer: PublicKey,
  { grants }: EpochCertificate,
  { genesis }: Certificates,
): boolean {
  if (signer === genesis.rootPub) return true
  return grants.some(grant => grant.grantPub === signer && grant.role === "admin")
}

function staying(change: Change, { certificates, keyring }: Admin): readonly Listed[] {
  const { remove = [], lower, list = [], expire } = change
  const listed = new Map<PublicKey, Listed>()
  for (const grant of certificates.grants()) {
    const { grantPub, boxPub, role, notAfter } = grant
    if (remove.includes(grantPub)) continue
    listed.set(grantPub, {
      grantPub,
      boxPub,
      role: lower?.get(grantPub) ?? role,
      label: labelOf(grant, keyring),
      notAfter: expire?.has(grantPub) ? (expire.get(grantPub) ?? null) : notAfter,
    })
  }
  for (const each of list) listed.set(each.grantPub, each)
  return [...listed.values()]
}

// Before anything is signed: who stays can read what comes, and no host can.
function assertReadable(grants: readonly Grant[]): void {
  for (const { role, capsule } of grants)
    if ((capsule === null) !== (role === "host"))
      throw new Error(`an epoch was about to list a ${role} ${capsule ? "with" : "without"} a key`)
}

function cutsFor(grants: readonly Grant[], parents: readonly EpochCertificate[], admin: Admin): Cut[] {
  const { certificates, headsOf } = admin
  const now = new Map(grants.map(grant => [grant.grantPub, grant.role]))
  const before = [...parents.flatMap(parent => parent.grants), ...certificates.grants()]
  const taken = new Set<PublicKey>()
  for (const { grantPub, role } of before) {
    const left = now.get(grantPub)
    if (!left || !includes(left, role)) taken.add(grantPub)
  }
  return Array.from(taken, grantPub => ({ grantPub, heads: headsOf(grantPub) }))
}

// What a removed admin has signed and this device knows of goes on counting: it lists others, who have done nothing.
function standsFor(
  grants: readonly Grant[],
  parents: readonly EpochCertificate[],
  certificates: Certificates,
): CertificateHash[] {
  const isAdmin = (grantPub: PublicKey) =>
    grants.some(grant => grant.grantPub === grantPub && grant.role === "admin")
  const removed = new Set(
    parents
      .flatMap(parent => parent.grants)
      .filter(({ role, grantPub }) => role === "admin" && !isAdmin(grantPub))
      .map(({ grantPub }) => grantPub),
  )
  const isBefore = (hash: CertificateHash) => parents.some(parent => certificates.isUpon(parent.hash, hash))
  const beside = certificates.epochs().filter(({ hash }) => certificates.stands(hash) && !isBefore(hash))
  return [...certificates.grantCertificates(), ...beside]
    .filter(({ signer }) => removed.has(signer))
    .map(({ hash }) => hash)
}

function backKeysFor(
  parents: readonly EpochCertificate[],
  viewKey: Uint8Array,
  keyring: Keyring,
  { certificates, random }: Admin,
): BackKey[] {
  const led = new Set<CertificateHash>()
  for (const epoch of certificates.epochs()) {
    if (!parents.some(parent => certificates.isUpon(parent.hash, epoch.hash))) continue
    for (const back of epoch.backKeys) led.add(back.epoch)
  }
  const kept = new Set(parents.map(parent => parent.hash))
  // Others wrote under epochs that lost, before they heard of it: whoever comes later is to read that too.
  for (const hash of keyring.keys()) if (!led.has(hash)) kept.add(hash)
  return [...kept].flatMap(hash => {
    const key = keyring.get(hash)
    return key ? [sealBack(hash, key, viewKey, random)] : []
  })
}
