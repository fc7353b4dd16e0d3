// What a device that has followed a link believes: no certificates but those that bear out the link, and it keeps no
// others. Whoever carries a document that is not here yet asks this file before anything is stored.
import { RefusedError } from "../bytes/errors"
import type { Verify } from "../crypto/signing"
import { Keeper } from "../log/keeper"
import type { LogStore } from "../log/store"
import { type MemberKeys, type Membership, type NoStanding, standingOf } from "../people/membership"
import { Certificates } from "../records/certificates"

/**
 * Begins the document in an empty store with certificates that came from somewhere, genesis first, if they give this
 * member a standing, or let it keep the document sealed; otherwise why not, and nothing is stored. Throws FormatError, RefusedError ("wrong-document",
 * "bad-certificate"), StorageError.
 */
export async function beginNewcomer(
  certificates: readonly Uint8Array[],
  membership: Membership,
  keys: MemberKeys,
  store: LogStore,
  verify: Verify,
): Promise<Keeper | NoStanding> {
  const [genesis, ...rest] = certificates
  if (!genesis) throw new RefusedError("bad-certificate", "no genesis came")
  const known = await Certificates.found(genesis, verify)
  if (known.docId !== membership.docId)
    throw new RefusedError("wrong-document", "the genesis of another document came")
  for (const bytes of rest) await known.add(bytes)
  if (membership.grantCertificate) await known.add(membership.grantCertificate)
  // Nothing here has ever named the grant of the link: its right was taken back, or was never given.
  if (known.listingsOf(keys.grant.publicKey).length === 0) return "not-listed"
  await known.add(keys.seatCertificate)
  const standing = standingOf(membership, keys, known)
  if (typeof standing === "string" && standing !== "host") return standing
  return standing !== "host" && standing.isRemoved ? "not-listed" : Keeper.found(store, verify, known.all())
}
