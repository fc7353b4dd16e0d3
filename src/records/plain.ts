// What is inside a sealed body (protocol §4): a payload, the heads it was written upon, and zeros so that its
// length says little. Pure bytes; the keys are not known here.
import { FormatError } from "../bytes/errors"
import { type EnvelopeId, HASH_BYTES, idBytes, idOf, SESSION_ID_BYTES, type SessionId } from "../bytes/ids"
import { paddedLength } from "../bytes/padding"
import { Reader } from "../bytes/reader"
import { Writer } from "../bytes/writer"

/** The only payload encoding: a Yjs update, version 1. */
const CODEC_YJS_V1 = 1
export const PAYLOAD_BYTES_MAX = 4 * 1024 * 1024
const DEPS_MAX = 100_000

/** One place in one session's chain. */
export interface Head {
  readonly sessionId: SessionId
  readonly seq: number
  readonly id: EnvelopeId
}

export interface Plain {
  /** A Yjs V1 update; empty in a session-open. */
  readonly payload: Uint8Array
  /** Heads of other sessions applied since one's previous envelope. */
  readonly deps: readonly Head[]
  /** 1 + the greatest in the closure. */
  readonly lamport: number
  /** The writer's wall clock, ms: shown, never trusted. */
  readonly at: number
}

/** Encodes and pads. A fresh array. */
export function encodePlain(plain: Plain): Uint8Array {
  const writer = new Writer().byte(CODEC_YJS_V1).block(plain.payload)
  writer.list(plain.deps, dep => writer.bytes(idBytes(dep.sessionId)).number(dep.seq).bytes(idBytes(dep.id)))
  const bytes = writer.number(plain.lamport).number(plain.at).end()
  const padded = new Uint8Array(paddedLength(bytes.length))
  padded.set(bytes)
  return padded
}

/** Throws FormatError, also on padding that is not zero or not of the right length. Views of `bytes`. */
export function decodePlain(bytes: Uint8Array): Plain {
  const reader = new Reader(bytes)
  const codec = reader.byte("a codec")
  if (codec !== CODEC_YJS_V1) throw new FormatError(`expected codec ${CODEC_YJS_V1}, got ${codec}`)
  const payload = reader.block("a payload", PAYLOAD_BYTES_MAX)
  const deps = reader.list("dependencies", DEPS_MAX, () => ({
    sessionId: idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session")),
    seq: reader.number("a sequence number"),
    id: idOf<EnvelopeId>(reader.bytes(HASH_BYTES, "an envelope")),
  }))
  const lamport = reader.number("a lamport time")
  const at = reader.number("a wall clock")
  const length = paddedLength(reader.position)
  if (bytes.length !== length)
    throw new FormatError(`expected padding to ${length} bytes, got ${bytes.length}`)
  if (reader.rest().some(byte => byte !== 0)) throw new FormatError("expected zeros as padding")
  return { payload, deps, lamport, at }
}
