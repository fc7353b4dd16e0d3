// Vectors: how far a log holds each of its chains, as it travels and as it is compared. Pure bytes.
import { type EnvelopeId, idBytes, idOf, SESSION_ID_BYTES, type SessionId } from "../bytes/ids"
import type { Reader } from "../bytes/reader"
import { concat, Writer } from "../bytes/writer"
import { H, labelledHash } from "../crypto/hash"
import { split } from "../records/layout"
import type { Head } from "../records/plain"

export const HEAD_HASH_BYTES = 16

/** How far a log holds one chain. `headHash16`: the first 16 bytes of the id at `seq`, so that forks show. */
export interface VectorEntry {
  readonly sessionId: SessionId
  readonly seq: number
  readonly headHash16: Uint8Array
}

/** A head as it travels. */
export function entryOf({ sessionId, seq, id }: Head): VectorEntry {
  return { sessionId, seq, headHash16: headHashOf(id) }
}

export function writeEntry(writer: Writer, { sessionId, seq, headHash16 }: VectorEntry): void {
  writer.bytes(idBytes(sessionId)).number(seq).bytes(headHash16)
}

/** The layout that `writeEntry` writes: sessionId16 | seq | headHash16. Throws FormatError. Views. */
export function readEntry(reader: Reader): VectorEntry {
  const sessionId = idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session"))
  const seq = reader.number("a sequence number")
  return { sessionId, seq, headHash16: reader.bytes(HEAD_HASH_BYTES, "the hash of a head") }
}

export function headHashOf(id: EnvelopeId): Uint8Array {
  return idBytes(id).subarray(0, HEAD_HASH_BYTES)
}

/** 32 bytes that are equal exactly if the vectors are. */
export function digestOf(vector: readonly VectorEntry[]): Uint8Array {
  const writer = new Writer()
  for (const entry of vector) writeEntry(writer, entry)
  return labelledHash("vector", writer.end())
}

/** 32 bytes that are equal if the certificates are, in whatever order they came. */
export function certificatesDigestOf(all: readonly Uint8Array[]): Uint8Array {
  const hashes = all.map(bytes => H(split(bytes).fields)).sort(compareBytes)
  return labelledHash("certificates", concat(...hashes))
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
