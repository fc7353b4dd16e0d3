// Who the other end is in a document (protocol §6, PROVE): its seat signed what ties it to this link, its grant
// certified the seat, and the certificates that count here list the grant.
import { RefusedError } from "../bytes/errors"
import type { DocId } from "../bytes/ids"
import type { Verify } from "../crypto/signing"
import type { Keeper } from "../log/keeper"
import { errorOf, type RefusedItem, refusalOf } from "../log/refusal"
import { decodeSeat } from "../records/certificate"
import { Certificates } from "../records/certificates"
import type { Proof } from "./effects"
import type { Prover } from "./shelf"

/** Against what a proof is checked: a log held here, or the certificates of a document that is not (a relay). */
export type Ground =
  | { readonly keeper: Keeper; readonly source: string }
  | { readonly docId: DocId; readonly certificates: readonly Uint8Array[] }

/** Checks a proof; certificates that come with a good one are taken into the log. `now`: wall clock, ms. */
export async function checkProof(
  proof: Proof,
  ground: Ground,
  verify: Verify,
  now: number,
): Promise<Prover | RefusedItem> {
  try {
    const { hash, seatPub, grantPub } = decodeSeat(proof.seatCertificate)
    if (!(await verify("proof", seatPub, proof.signed, proof.signature)))
      throw new RefusedError("bad-proof", "the signature of a proof does not hold")
    const shown = [proof.grantCertificate, proof.seatCertificate].filter(bytes => bytes.length > 0)
    const { certificates, refused } =
      "keeper" in ground
        ? {
            certificates: ground.keeper.certificates,
            ...(await ground.keeper.addCertificates(shown, ground.source)),
          }
        : { certificates: await tried(shown, ground, verify), refused: [] }
    const grant = certificates.grant(grantPub)
    if (!grant && certificates.listingsOf(grantPub).length > 0)
      throw new RefusedError("no-right", "a proof by a grant that was taken back")
    if (!grant) throw new RefusedError("unknown-grant", "a proof by a grant that is not listed here")
    // A grant's certificate that was refused does not matter if the grant is listed anyway; the seat's does.
    const seatRefused = refused.at(-1)
    if (!certificates.seat(hash) && seatRefused) throw errorOf(seatRefused)
    if (grant.notAfter !== null && grant.notAfter < now)
      throw new RefusedError("no-right", "a proof by a grant that has run out")
    return { seatPub, grantPub, role: grant.role }
  } catch (error) {
    return refusalOf(error)
  }
}

async function tried(
  shown: readonly Uint8Array[],
  { docId, certificates: all }: Extract<Ground, { docId: DocId }>,
  verify: Verify,
): Promise<Certificates> {
  const [genesis, ...others] = all
  if (!genesis) throw new RefusedError("bad-certificate", "a document without certificates")
  const certificates = await Certificates.found(genesis, verify)
  if (certificates.docId !== docId)
    throw new RefusedError("wrong-document", "certificates of another document")
  for (const bytes of [...others, ...shown]) await certificates.add(bytes)
  return certificates
}
