// For tests of whole envelopes: honest writers, and a reader that keeps the sessions it has accepted, as a log does.
import { FormatError, RefusedError } from "../../../src/bytes/errors"
import { type EnvelopeId, idBytes, NO_ENVELOPE, type SessionId } from "../../../src/bytes/ids"
import type { SigningKey, Verify } from "../../../src/crypto/signing"
import { decodeSeat, encodeSession, sessionIdOf } from "../../../src/records/certificate"
import type { Certificates } from "../../../src/records/certificates"
import {
  type Envelope,
  encodeEnvelope,
  KINDS,
  type Known,
  readEnvelope,
  type Session,
} from "../../../src/records/envelope"
import { specialOf } from "../../vectors/envelope"
import { key, type ours, secret } from "../../vectors/world"

export type Document = typeof ours

/** Writes a chain of envelopes as an honest session does. */
export function chain(
  document: Document,
  seat: Uint8Array,
  seatKey: SigningKey,
  name: string,
  length: number,
) {
  const session = key(`session ${name}`)
  const certificate = encodeSession(
    {
      docId: document.docId,
      epoch: document.epochHash,
      seat: decodeSeat(seat).hash,
      sessionPub: session.publicKey,
    },
    seatKey,
  )
  const envelopes: Uint8Array[] = []
  let prev: EnvelopeId = NO_ENVELOPE
  for (let seq = 0; seq < length; seq++) {
    const header = {
      ...specialOf(seq, certificate),
      docId: document.docId,
      channel: 0 as const,
      epochPrefix: idBytes(document.epochHash).slice(0, 16),
      sessionId: sessionIdOf(session.publicKey),
      seq,
      prev,
    }
    const { bytes, id } = encodeEnvelope(header, secret(`${name} says ${seq} in ${document.docId}`), session)
    envelopes.push(bytes)
    prev = id
  }
  return { envelopes, session, certificate }
}

/** A reader of one document that knows the sessions it has accepted, as a log does. */
export class Reader implements Known {
  readonly certificates: Certificates
  readonly #sessions = new Map<SessionId, Session>()
  readonly #verify: Verify

  constructor(certificates: Certificates, verify: Verify) {
    this.certificates = certificates
    this.#verify = verify
  }

  session(sessionId: SessionId): Session | null {
    return this.#sessions.get(sessionId) ?? null
  }

  isAdopted(): boolean {
    return false
  }

  async read(bytes: Uint8Array): Promise<Envelope> {
    const envelope = await readEnvelope(bytes, this, this.#verify)
    if (envelope.header.kind === KINDS.open && !this.#sessions.has(envelope.session.sessionId))
      this.#sessions.set(envelope.session.sessionId, envelope.session)
    return envelope
  }

  /** "good", or the reason. What is neither a form nor a refusal escapes. */
  async verdict(bytes: Uint8Array): Promise<string> {
    try {
      await this.read(bytes)
      return "good"
    } catch (error) {
      if (error instanceof RefusedError) return error.reason
      if (error instanceof FormatError) return "format"
      throw error
    }
  }
}
