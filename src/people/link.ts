// A share link: all that a newcomer needs, in the part of an address that no server ever sees (protocol §2).
//
//     https://coop.example/join#<base64url( version | docId | grant secret | epoch number | epoch hash 16
//                                          | relay hints | grant certificate or nothing | check4 )>
//
// `check4` tells a damaged link (cut off by a mail program, a letter lost in copying) from one that was never ours.

import { decodeBase64url, encodeBase64url } from "../bytes/base64url"
import { FormatError, NewerVersionError } from "../bytes/errors"
import { type DocId, idBytes, idOf, PUBLIC_KEY_BYTES, type PublicKey } from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { concat, equalBytes, Writer } from "../bytes/writer"
import { labelledHash } from "../crypto/hash"
import { EPOCHS_MAX } from "../records/certificate"

const LINK_VERSION = 1
const CHECK_BYTES = 4
const HINTS_MAX = 4
const URL_BYTES_MAX = 256
const GRANT_BYTES_MAX = 1024

/** Where a relay is. An empty `origin` means: the origin that the link itself points to. */
export interface RelayHint {
  readonly origin: string
  readonly key: PublicKey
}

export interface ShareLink {
  readonly docId: DocId
  readonly grantSecret: Uint8Array
  readonly epochNumber: number
  readonly epochPrefix: Uint8Array
  readonly relays: readonly RelayHint[]
  /** Present if the link was made while no relay had the certificate. */
  readonly grantCertificate: Uint8Array | null
}

/** The whole address. `origin` is where the app is served, without a trailing slash. */
export function formatLink(link: ShareLink, origin: string): string {
  const writer = new Writer()
  writer
    .byte(LINK_VERSION)
    .bytes(idBytes(link.docId))
    .bytes(link.grantSecret)
    .number(link.epochNumber)
    .bytes(link.epochPrefix)
    .list(link.relays, relay => writer.text(relay.origin).bytes(idBytes(relay.key)))
    .block(link.grantCertificate ?? new Uint8Array(0))
  const fields = writer.end()
  return `${origin}/join#${encodeBase64url(concat(fields, check(fields)))}`
}

/** Whether a text looks like a share link at all. */
export function isLink(text: string): boolean {
  return /\/join#/.test(text)
}

/** Parses an address, or just its fragment. Throws NewerVersionError, FormatError (damaged). */
export function parseLink(address: string): ShareLink {
  const fragment = address.trim().split("#").at(-1) ?? ""
  const bytes = decodeBase64url(fragment)
  const version = bytes[0]
  if (version === undefined) throw new FormatError("expected a link, got nothing behind its #")
  if (version > LINK_VERSION && version < 32)
    throw new NewerVersionError(`expected a link of version 1, got ${version}`)
  const fields = bytes.subarray(0, Math.max(0, bytes.length - CHECK_BYTES))
  if (!equalBytes(check(fields), bytes.subarray(fields.length)))
    throw new FormatError("the link's check does not hold")
  const reader = new Reader(fields)
  if (reader.byte("a version") !== LINK_VERSION)
    throw new FormatError(`expected a link of version 1, got ${version}`)
  const docId = idOf<DocId>(reader.bytes(32, "a document id").slice())
  const grantSecret = reader.bytes(32, "a secret").slice()
  const epochNumber = reader.number("an epoch", EPOCHS_MAX)
  const epochPrefix = reader.bytes(16, "an epoch's hash").slice()
  const relays = reader.list("relay hints", HINTS_MAX, () => ({
    origin: reader.text("a relay's address", URL_BYTES_MAX),
    key: idOf<PublicKey>(reader.bytes(PUBLIC_KEY_BYTES, "a relay's key")),
  }))
  const certificate = reader.block("a grant certificate", GRANT_BYTES_MAX).slice()
  reader.end("a link")
  return {
    docId,
    grantSecret,
    epochNumber,
    epochPrefix,
    relays,
    grantCertificate: certificate.length ? certificate : null,
  }
}

function check(fields: Uint8Array): Uint8Array {
  return labelledHash("link-check", fields).subarray(0, CHECK_BYTES)
}
