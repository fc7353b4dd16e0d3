// What a member's replica is given to read and write with: the hinge between who somebody is and what they write.
import type { DocId } from "../bytes/ids"
import type { Access } from "../replica/replica"
import type { MemberKeys, Standing } from "./membership"

/** The access that a standing gives, with every key that it can read with. */
export function accessOf(docId: DocId, keys: MemberKeys, standing: Standing): Access {
  const { role, epoch, keyring } = standing
  const { grant, seat, seatHash, seatCertificate } = keys
  return {
    docId,
    role,
    epoch,
    keyOf: asked => keyring.get(asked) ?? null,
    grantPub: grant.publicKey,
    seat: { key: seat, hash: seatHash, certificate: seatCertificate },
  }
}
