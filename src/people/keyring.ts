// The view keys that one member's grant opens: those in its own capsules, and from each of these backwards, by the
// keys that a later epoch keeps of earlier ones (protocol §§2, 3). What was taken from a member ends the ring; what
// they could read before stays in it.

import type { PublicKey } from "../bytes/ids"
import { type CertificateHash, idBytes } from "../bytes/ids"
import { equalBytes } from "../bytes/writer"
import { kdf } from "../crypto/hash"
import { type BoxKey, open, openCapsule, type Random, seal } from "../crypto/sealing"
import { type BackKey, type EpochCertificate, viewCommitOf } from "../records/certificate"
import type { Certificates } from "../records/certificates"

/** View keys, 32 bytes each, by epoch. Each is the one that its epoch commits to. */
export type Keyring = ReadonlyMap<CertificateHash, Uint8Array>

/** Every view key that a grant opens under these certificates. */
export function keyringOf(grantPub: PublicKey, box: BoxKey, certificates: Certificates): Keyring {
  const ring = new Map<CertificateHash, Uint8Array>()
  const toFollow: EpochCertificate[] = []
  const take = (hash: CertificateHash, key: Uint8Array | null) => {
    const epoch = certificates.epoch(hash)
    if (!epoch || !key || ring.has(hash) || !equalBytes(viewCommitOf(key), epoch.viewCommit)) return
    ring.set(hash, key)
    toFollow.push(epoch)
  }
  for (const { grant, epoch } of certificates.listingsOf(grantPub))
    if (grant.capsule) take(epoch, openCapsule(grant.capsule, box))
  for (let next = toFollow.pop(); next; next = toFollow.pop()) {
    const key = ring.get(next.hash)
    for (const { epoch, sealed } of key ? next.backKeys : [])
      if (key && !ring.has(epoch)) take(epoch, open(sealed, backKey(key, epoch)))
  }
  return ring
}

/** An earlier epoch's key, for whoever can read a later one. */
export function sealBack(
  epoch: CertificateHash,
  key: Uint8Array,
  laterKey: Uint8Array,
  random: Random,
): BackKey {
  return { epoch, sealed: seal(key, backKey(laterKey, epoch), random) }
}

function backKey(laterKey: Uint8Array, epoch: CertificateHash): Uint8Array {
  return kdf("back", laterKey, idBytes(epoch))
}
