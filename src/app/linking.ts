// The share link of a document for a right that was given: short where the relay has what it needs to know, and whole
// where only this device has it.
import { idBytes } from "../bytes/ids"
import { certificateOf } from "../people/founding"
import { formatLink } from "../people/link"
import type { Holding } from "./holding"

/** `origin`: the address that links of this app begin with, and of its relay. The document must be open. */
export function linkTo(holding: Holding, grantSecret: Uint8Array, origin: string): string {
  const inside = holding.entered.peek()
  if (!inside) throw new Error("a document that is not open was shared")
  const key = holding.relayKey(origin)
  const live = holding.relay.peek()?.link === "live"
  return formatLink(
    {
      docId: holding.docId,
      grantSecret,
      epochNumber: 0,
      epochPrefix: idBytes(inside.standing.epoch).subarray(0, 16),
      relays: key ? [{ origin: "", key }] : [],
      // Where nobody but this device has the certificate yet, the link brings it along (protocol §2).
      grantCertificate: live ? null : certificateOf(grantSecret, inside.keeper.certificates),
    },
    origin,
  )
}
