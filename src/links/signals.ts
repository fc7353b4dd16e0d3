// What may come through signalling, as y-webrtc seals it: strict, because y-webrtc itself lets whatever it does not
// expect become an exception. Anybody who has ever seen a document's link can say anything here; it is worth no more
// than a hint that somebody may be there. This file reads and judges shapes; peers.ts decides what becomes of them.
import * as decoding from "lib0/decoding"
import { FormatError } from "../bytes/errors"
import { fingerprintOf } from "./fingerprints"

export type Signal =
  /** Somebody is there. */
  | { readonly type: "announce"; readonly from: string }
  /** A step towards a connection between two of them. */
  | {
      readonly type: "signal"
      readonly from: string
      readonly to: string
      /** Decides between two offers that cross; only compared. */
      readonly token: number | undefined
      readonly signal: Step
    }

export type Step =
  | { readonly type: "offer" | "answer"; readonly sdp: string }
  | { readonly type: "candidate"; readonly candidate: RTCIceCandidateInit }

const NAME_LENGTH_MAX = 64
const SEALED_LENGTH_MAX = 64 * 1024
const SDP_LENGTH_MAX = 32 * 1024
const CANDIDATE_LENGTH_MAX = 1024
const SEAL = "AES-GCM"
const IV_BYTES = 12

/** Opens and reads a signal. Rejects with FormatError, whatever it is given. */
export async function openSignal(sealed: unknown, key: CryptoKey): Promise<Signal> {
  if (typeof sealed !== "string" || sealed.length > SEALED_LENGTH_MAX)
    throw new FormatError("expected a sealed signal as text")
  let said: unknown
  try {
    const bytes = Uint8Array.from(atob(sealed), character => character.charCodeAt(0))
    const decoder = decoding.createDecoder(bytes)
    if (decoding.readVarString(decoder) !== SEAL) throw new FormatError(`expected a signal under ${SEAL}`)
    const iv = new Uint8Array(decoding.readVarUint8Array(decoder))
    const body = new Uint8Array(decoding.readVarUint8Array(decoder))
    if (iv.length !== IV_BYTES)
      throw new FormatError(`expected a nonce of ${IV_BYTES} bytes, got ${iv.length}`)
    const opened = new Uint8Array(await crypto.subtle.decrypt({ name: SEAL, iv }, key, body))
    said = decoding.readAny(decoding.createDecoder(opened))
  } catch (error) {
    // atob, lib0 and WebCrypto have each a kind of their own for bytes that mean nothing.
    throw new FormatError("expected a signal that opens", { cause: error })
  }
  return readSignal(said)
}

/** Judges an opened signal; what it does not know is left out. Throws FormatError. */
export function readSignal(said: unknown): Signal {
  const { type, from, to, token, signal } = fieldsOf(said)
  if (type === "announce") return { type, from: nameOf(from) }
  if (type !== "signal") throw new FormatError("expected an announcement or a step")
  const readToken = typeof token === "number" && Number.isFinite(token) ? token : undefined
  return { type, from: nameOf(from), to: nameOf(to), token: readToken, signal: stepOf(fieldsOf(signal)) }
}

function stepOf({ type, sdp, candidate }: Record<string, unknown>): Step {
  if (type === "offer" || type === "answer") {
    const description = textOf(sdp, SDP_LENGTH_MAX, "a session description")
    fingerprintOf(description)
    return { type, sdp: description }
  }
  // Connections are made once and with nothing but channels: whoever asks for more gets no answer.
  if (type !== "candidate") throw new FormatError("expected an offer, an answer or a candidate")
  const { candidate: line, sdpMLineIndex, sdpMid } = fieldsOf(candidate)
  return {
    type,
    candidate: {
      candidate: textOf(line, CANDIDATE_LENGTH_MAX, "a candidate"),
      sdpMLineIndex:
        typeof sdpMLineIndex === "number" ? Math.min(Math.abs(Math.trunc(sdpMLineIndex)), 9) : null,
      sdpMid: sdpMid === null || sdpMid === undefined ? null : textOf(sdpMid, NAME_LENGTH_MAX, "a name"),
    },
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new FormatError("expected an object")
  return value as Record<string, unknown>
}

function nameOf(value: unknown): string {
  const name = textOf(value, NAME_LENGTH_MAX, "a name")
  if (name === "") throw new FormatError("expected a name")
  return name
}

function textOf(value: unknown, lengthMax: number, what: string): string {
  if (typeof value !== "string" || value.length > lengthMax)
    throw new FormatError(`expected ${what} of at most ${lengthMax} characters`)
  return value
}
