// A vector of very many sessions in 256 digests, by the first byte of the session: two logs that differ in a few
// sessions find out which, and need not tell each other all the others (protocol §6, BUCKETS).
import { idBytes } from "../bytes/ids"
import { equalBytes, Writer } from "../bytes/writer"
import { labelledHash } from "../crypto/hash"
import { type VectorEntry, writeEntry } from "./log"

export const BUCKETS = 256
export const BUCKET_DIGEST_BYTES = 16

/** Which bucket a session belongs to. */
export function bucketOf({ sessionId }: Pick<VectorEntry, "sessionId">): number {
  return idBytes(sessionId)[0] ?? 0
}

/** One digest after the other, 4 KiB; an empty bucket has one too. `vector`: sorted by session. */
export function bucketDigests(vector: readonly VectorEntry[]): Uint8Array {
  const buckets = Array.from({ length: BUCKETS }, () => new Writer())
  for (const entry of vector) {
    const writer = buckets[bucketOf(entry)]
    if (writer) writeEntry(writer, entry)
  }
  const digests = new Uint8Array(BUCKETS * BUCKET_DIGEST_BYTES)
  for (const [index, writer] of buckets.entries()) {
    const digest = labelledHash("bucket", writer.end()).subarray(0, BUCKET_DIGEST_BYTES)
    digests.set(digest, index * BUCKET_DIGEST_BYTES)
  }
  return digests
}

/** The buckets in which two logs differ, in their order. */
export function differingBuckets(one: Uint8Array, other: Uint8Array): number[] {
  const at = (digests: Uint8Array, index: number) =>
    digests.subarray(index * BUCKET_DIGEST_BYTES, (index + 1) * BUCKET_DIGEST_BYTES)
  return Array.from({ length: BUCKETS }, (_, index) => index).filter(
    index => !equalBytes(at(one, index), at(other, index)),
  )
}
