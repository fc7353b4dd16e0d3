// What is hashed and signed in the conversation (protocol §6). A tag tells a document's name only to those who know
// it; a proof ties a seat to this link and this direction; a receipt says what is durably kept. Pure bytes.
import { type DocId, idBytes } from "../bytes/ids"
import { Writer } from "../bytes/writer"
import { labelledHash } from "../crypto/hash"
import type { Receipt } from "../log/ledger"
import { writeEntry } from "../log/log"

/** What ties a conversation to one link: both nonces, and what the carrier adds. */
export interface Meeting {
  readonly ourNonce: Uint8Array
  readonly theirNonce: Uint8Array
  readonly binding: Uint8Array
}

/** The same link, seen from the other end. */
export function turned({ ourNonce, theirNonce, binding }: Meeting): Meeting {
  return { ourNonce: theirNonce, theirNonce: ourNonce, binding }
}

/** H("tag" || docId || my nonce || your nonce || binding), by the end that offers. 32 bytes. */
export function tagOf(docId: DocId, { ourNonce, theirNonce, binding }: Meeting): Uint8Array {
  return labelledHash("tag", idBytes(docId), ourNonce, theirNonce, binding)
}

/** What the prover signs. The direction is the order of the nonces, and once more a byte: nothing can be sent back. */
export function proofBytes(docId: DocId, { ourNonce, theirNonce, binding }: Meeting): Uint8Array {
  const direction = isLower(ourNonce, theirNonce) ? 0 : 1
  return new Writer()
    .bytes(idBytes(docId))
    .bytes(ourNonce)
    .bytes(theirNonce)
    .byte(direction)
    .block(binding)
    .end()
}

/** What a receipt's signature covers. */
export function receiptBytes(
  docId: DocId,
  { channel, at, entries, claim }: Omit<Receipt, "seat" | "signature">,
): Uint8Array {
  const writer = new Writer().bytes(idBytes(docId)).byte(channel).number(at)
  return writer
    .list(entries, entry => writeEntry(writer, entry))
    .block(claim)
    .end()
}

function isLower(a: Uint8Array, b: Uint8Array): boolean {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}
