// Sealing and opening one envelope's plain (protocol §§3, 4). The key binds what secretbox cannot: the document, the
// channel, the epoch and the session, so that a body moved to another place opens under no key.
import { FormatError } from "../bytes/errors"
import { type CertificateHash, type DocId, idBytes, type SessionId } from "../bytes/ids"
import { kdf } from "../crypto/hash"
import { open, type Random, seal } from "../crypto/sealing"
import type { Channel } from "../records/envelope"
import { decodePlain, encodePlain, type Plain } from "../records/plain"

/** What the key of an envelope is bound to. */
export interface Binding {
  readonly docId: DocId
  readonly channel: Channel
  readonly epoch: CertificateHash
  readonly sessionId: SessionId
}

/** 32 bytes: kdf("env", viewKey, docId, channel, epochCertHash, sessionId). One key serves a session. */
export function envelopeKey(viewKey: Uint8Array, binding: Binding): Uint8Array {
  const { docId, channel, epoch, sessionId } = binding
  return kdf("env", viewKey, idBytes(docId), new Uint8Array([channel]), idBytes(epoch), idBytes(sessionId))
}

/** The view key of an epoch, 32 bytes, or null: this member was not given it (yet). */
export type KeyOf = (epoch: CertificateHash) => Uint8Array | null

/** The keys of a document's sessions, each derived once. */
export class BodyKeys {
  #keyOf: KeyOf
  readonly #docId: DocId
  readonly #keys = new Map<SessionId, Uint8Array>()

  constructor(keyOf: KeyOf, docId: DocId) {
    this.#keyOf = keyOf
    this.#docId = docId
  }

  /** More can be read than before. */
  renew(keyOf: KeyOf): void {
    this.#keyOf = keyOf
  }

  /** The key of a session's bodies, or null as long as its epoch cannot be read here. */
  of({ sessionId, channel, epoch }: Omit<Binding, "docId">): Uint8Array | null {
    const known = this.#keys.get(sessionId)
    if (known) return known
    const viewKey = this.#keyOf(epoch)
    if (!viewKey) return null
    const key = envelopeKey(viewKey, { docId: this.#docId, channel, epoch, sessionId })
    this.#keys.set(sessionId, key)
    return key
  }
}

/** A sealed body: nonce | secretbox(padded plain). A fresh array. */
export function sealPlain(plain: Plain, key: Uint8Array, random: Random): Uint8Array {
  return seal(encodePlain(plain), key, random)
}

/** What a checked envelope holds, or why it cannot be read. The reason is the same on every replica with the key. */
export type Opening =
  | { readonly ok: true; readonly plain: Plain }
  | { readonly ok: false; readonly why: string }

/** Opens the body of an envelope that was checked. */
export function openBody(body: Uint8Array, key: Uint8Array): Opening {
  const bytes = open(body, key)
  if (!bytes) return { ok: false, why: "it does not open with the document's key" }
  try {
    return { ok: true, plain: decodePlain(bytes) }
  } catch (error) {
    if (error instanceof FormatError) return { ok: false, why: error.message }
    throw error
  }
}
