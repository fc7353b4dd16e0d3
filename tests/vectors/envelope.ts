// Builds the envelopes of the vectors, true ones and odd ones: signed by the session's key unless told otherwise,
// over whatever header it is given.
import { encodeBase64url } from "../../src/bytes/base64url"
import { type EnvelopeId, idBytes, NO_ENVELOPE } from "../../src/bytes/ids"
import { concat } from "../../src/bytes/writer"
import { H } from "../../src/crypto/hash"
import { type SignatureKind, type SigningKey, sign } from "../../src/crypto/signing"
import { sessionIdOf } from "../../src/records/certificate"
import { type Header, type HeaderOf, KINDS } from "../../src/records/envelope"
import { encodeHeader } from "../../src/records/header"
import { assembled, ours, secret, sessionKey } from "./world"

/** What is not as it should be. */
export interface Odd {
  /** Fields in the place of the true ones; with a `kind`, also all that this kind has of its own. */
  readonly header?: Partial<Header>
  readonly body?: Uint8Array
  readonly signer?: SigningKey
  readonly kind?: SignatureKind
  readonly editHeader?: (header: Uint8Array) => Uint8Array
}

const prefix = idBytes(ours.epochHash).slice(0, 16)

/** What only this place's header has: the opening at 0, updates behind it. */
export function specialOf(
  seq: number,
  sessionCertificate: Uint8Array,
):
  | Pick<HeaderOf<typeof KINDS.open>, "kind" | "sessionCertificate">
  | { kind: typeof KINDS.update; vouches: [] } {
  return seq === 0 ? { kind: KINDS.open, sessionCertificate } : { kind: KINDS.update, vouches: [] }
}

/** An envelope of a session by name, true unless told otherwise; a kind 0 carries `certificate`. */
export function envelope(session: string, seq: number, certificate: Uint8Array, odd: Odd = {}) {
  const body = odd.body ?? concat(secret(`body ${session} ${seq}`), new Uint8Array(136))
  const opens = seq === 0
  // Odd fields may leave a header that no type describes; it is encoded as far as its kind goes.
  const header = {
    ...specialOf(seq, certificate),
    docId: ours.docId,
    channel: 0,
    epochPrefix: prefix,
    sessionId: sessionIdOf(sessionKey(session).publicKey),
    seq,
    prev: opens ? NO_ENVELOPE : (encodeBase64url(secret("the envelope before")) as EnvelopeId),
    bodyHash: H(body),
    bodyBytes: body.length,
    ...odd.header,
  } as Header
  const plain = encodeHeader(header)
  const encoded = odd.editHeader ? odd.editHeader(plain) : plain
  const signature = sign(odd.kind ?? "env", encoded, odd.signer ?? sessionKey(session))
  return { bytes: assembled(encoded, signature, body), id: H(encoded), encoded, signature, body }
}
