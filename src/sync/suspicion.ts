// What the bytes that an end sends tell about that end, and what they leave open.
import { type RefusalReason, type RefusedItem, refusalOf } from "../log/refusal"
import { typeOf } from "../records/layout"

/** Whether it may be a genesis; bytes that are nothing at all are for others to refuse. */
export function mayBegin(bytes: Uint8Array | undefined): boolean {
  try {
    return bytes !== undefined && typeOf(bytes) === "genesis"
  } catch (error) {
    refusalOf(error) // or it is a bug of ours
    return true
  }
}

/** Nobody honest sends this: every honest end checks before it passes on. */
export function isProvenBad(reason: RefusalReason): boolean {
  return ["bad-signature", "bad-body-hash", "damaged", "wrong-document", "too-large"].includes(reason)
}

/** What only a hostile end can bring about, beyond what the checks of a log find. */
export const PIECE_WRONG: RefusedItem = {
  reason: "bad-body-hash",
  message: "a piece of a blob is not the one that was announced",
}
export const RECEIPT_WRONG: RefusedItem = {
  reason: "bad-signature",
  message: "the signature of a receipt does not hold",
}
