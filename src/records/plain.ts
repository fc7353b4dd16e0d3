// What is inside a sealed body (protocol §4): a payload, the heads it was written upon, and zeros so that its
// length says little. Pure bytes; the keys are not known here.
import { FormatError } from "../bytes/errors"
import { paddedLength } from "../bytes/padding"
import { Reader } from "../bytes/reader"
import { Writer } from "../bytes/writer"
import { assertReadable, expectEachOnce, type Head, readHead, writeHead } from "./layout"

export type { Head }

/** The only payload encoding: a Yjs update, version 1. */
const CODEC_YJS_V1 = 1
export const PAYLOAD_BYTES_MAX = 4 * 1024 * 1024
const DEPS_MAX = 100_000

export interface Plain {
  /** A Yjs V1 update; empty in a session-open. */
  readonly payload: Uint8Array
  /** Heads of other sessions applied since one's previous envelope, each session once. */
  readonly deps: readonly Head[]
  /** 1 + the greatest in the closure. */
  readonly lamport: number
  /** The writer's wall clock, ms: shown, never trusted. */
  readonly at: number
}

/** Encodes and pads. A fresh array. Asserts the limits and that each session is named once. */
export function encodePlain(plain: Plain): Uint8Array {
  const writer = new Writer().byte(CODEC_YJS_V1).block(plain.payload)
  writer.list(plain.deps, dep => writeHead(writer, dep))
  const bytes = writer.number(plain.lamport).number(plain.at).end()
  const padded = new Uint8Array(paddedLength(bytes.length))
  padded.set(bytes)
  assertReadable("env", () => decodePlain(padded))
  return padded
}

/** Throws FormatError, also on padding that is not zero or not of the right length. Views of `bytes`. */
export function decodePlain(bytes: Uint8Array): Plain {
  const reader = new Reader(bytes)
  const codec = reader.byte("a codec")
  if (codec !== CODEC_YJS_V1) throw new FormatError(`expected codec ${CODEC_YJS_V1}, got ${codec}`)
  const payload = reader.block("a payload", PAYLOAD_BYTES_MAX)
  const deps = reader.list("dependencies", DEPS_MAX, () => readHead(reader))
  expectEachOnce(
    deps.map(dep => dep.sessionId),
    "session among the dependencies",
  )
  const lamport = reader.number("a lamport time")
  const at = reader.number("a wall clock")
  const length = paddedLength(reader.position)
  if (bytes.length !== length)
    throw new FormatError(`expected padding to ${length} bytes, got ${bytes.length}`)
  if (reader.rest().some(byte => byte !== 0)) throw new FormatError("expected zeros as padding")
  return { payload, deps, lamport, at }
}
