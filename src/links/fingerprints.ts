// What ties a proof to one peer connection: the fingerprints of the certificates at both ends, as the two session
// descriptions name them (RFC 8122). Whoever stands in the middle has certificates of its own, and the proofs of the
// two ends do not fit each other.
import { FormatError } from "../bytes/errors"
import { concat } from "../bytes/writer"

const SHA256_BYTES = 32

/** The fingerprint that a session description names. Throws FormatError unless it is exactly one, and sha-256. */
export function fingerprintOf(description: string): Uint8Array {
  const lines = description.split(/\r\n|\r|\n/).filter(line => /^a=fingerprint:/i.test(line))
  const [line] = lines
  if (line === undefined || lines.length > 1)
    throw new FormatError(`expected one fingerprint in a session description, got ${lines.length}`)
  const hex = /^a=fingerprint:sha-256 ([0-9a-f]{2}(?::[0-9a-f]{2})*)\s*$/i.exec(line)?.[1]?.split(":")
  if (hex?.length !== SHA256_BYTES) throw new FormatError("expected a sha-256 fingerprint of 32 bytes")
  return Uint8Array.from(hex, byte => Number.parseInt(byte, 16))
}

/** Both, the lower one first: the same 64 bytes at both ends. Throws FormatError. */
export function bindingOf(local: string, remote: string): Uint8Array {
  const [ours, theirs] = [fingerprintOf(local), fingerprintOf(remote)]
  const at = ours.findIndex((byte, index) => byte !== theirs[index])
  return (ours[at] ?? 0) < (theirs[at] ?? 0) ? concat(ours, theirs) : concat(theirs, ours)
}
