// What an admin's device does by itself, so that what was decided takes effect everywhere (protocol §§2, 9): it joins
// heads that did not know of each other, takes out whose time has run out, and gives whoever was let in under an
// earlier epoch the key of the current one.
import { encodeGrantCertificate } from "../records/certificate"
import { labelOf, listGrant } from "./grants"
import { type Admin, isAdminOf, rotate } from "./rotating"

/** The certificates that are due; none: all is well. `now`: wall clock, ms. */
export function upkeep(admin: Admin, now: number): readonly Uint8Array[] {
  const { certificates, signer, keyring } = admin
  const { current } = certificates
  if (!current || !isAdminOf(signer.publicKey, current, certificates)) return []
  const mine = certificates.heads.filter(head => isAdminOf(signer.publicKey, head, certificates))
  const over = certificates.grants().filter(({ notAfter }) => notAfter !== null && notAfter < now)
  const unfinished = !certificates.isFinished && (mine.length > 1 || certificates.heads.length === 1)
  if (unfinished || over.length > 0) return [rotate({ remove: over.map(({ grantPub }) => grantPub) }, admin)]
  // Root signs epochs and nothing else, and whoever cannot read the current epoch has nothing to give.
  const viewKey = signer.publicKey === certificates.genesis.rootPub ? undefined : keyring.get(current.hash)
  if (!viewKey) return []
  return certificates
    .grants()
    .filter(grant => grant.role !== "host" && grant.role !== "admin")
    .filter(({ grantPub }) => !certificates.listingsOf(grantPub).some(({ epoch }) => epoch === current.hash))
    .map(grant => {
      const listed = listGrant({ ...grant, label: labelOf(grant, keyring) }, viewKey, admin.random)
      return encodeGrantCertificate({ docId: certificates.docId, epoch: current.hash, grant: listed }, signer)
    })
}
