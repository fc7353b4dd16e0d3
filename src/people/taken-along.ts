// What one takes along to another device of one's own: everything that opens a document, except the seat, which each
// device makes for itself (protocol §6). It is only ever written into a file that is sealed to a passphrase.
//
//     01 | docId32 | grant secret32 | root seed or nothing | epoch prefix or nothing | grant certificate or nothing
//        | relays | title | first words | edited at
import { FormatError, NewerVersionError } from "../bytes/errors"
import { type DocId, HASH_BYTES, idBytes, idOf } from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { Writer } from "../bytes/writer"
import { EPOCH_PREFIX_BYTES } from "../records/header"
import type { Membership } from "./membership"

export interface TakenAlong {
  readonly membership: Omit<Membership, "seatSeed">
  /** Origins of the relays that it uses, at most 16. */
  readonly relays: readonly string[]
  /** What the list of documents shows until it is opened. `editedAt`: wall clock, ms. */
  readonly row: { readonly title: string; readonly snippet: string; readonly editedAt: number }
}

const VERSION = 1
const SECRET_BYTES = 32
const CERTIFICATE_BYTES_MAX = 1024
const RELAYS_MAX = 16
const ORIGIN_BYTES_MAX = 256
const WORDS_LENGTH_MAX = 1_000
const WORDS_BYTES_MAX = 3 * WORDS_LENGTH_MAX

/** A fresh array. Words that are too long for a row are cut. */
export function encodeTakenAlong({ membership, relays, row }: TakenAlong): Uint8Array {
  const { docId, grantSecret, rootSeed, epochPrefix, grantCertificate } = membership
  const writer = new Writer().byte(VERSION).bytes(idBytes(docId)).bytes(grantSecret)
  for (const optional of [rootSeed, epochPrefix, grantCertificate])
    writer.block(optional ?? new Uint8Array(0))
  return writer
    .list(relays.slice(0, RELAYS_MAX), origin => writer.text(origin))
    .text(row.title.slice(0, WORDS_LENGTH_MAX))
    .text(row.snippet.slice(0, WORDS_LENGTH_MAX))
    .number(row.editedAt)
    .end()
}

/** Throws FormatError, NewerVersionError. Its bytes are its own. */
export function decodeTakenAlong(bytes: Uint8Array): TakenAlong {
  const reader = new Reader(bytes)
  const version = reader.byte("a version")
  if (version > VERSION) throw new NewerVersionError(`expected keys of version ${VERSION}, got ${version}`)
  if (version !== VERSION) throw new FormatError(`expected keys of version ${VERSION}, got ${version}`)
  const docId = idOf<DocId>(reader.bytes(HASH_BYTES, "a document id"))
  const grantSecret = reader.bytes(SECRET_BYTES, "a secret").slice()
  const rootSeed = orNothing(reader, "a root seed", SECRET_BYTES)
  const epochPrefix = orNothing(reader, "an epoch's prefix", EPOCH_PREFIX_BYTES)
  const certificate = reader.block("a grant certificate", CERTIFICATE_BYTES_MAX).slice()
  const relays = reader.list("relays", RELAYS_MAX, () => reader.text("a relay's origin", ORIGIN_BYTES_MAX))
  const row = {
    title: reader.text("a title", WORDS_BYTES_MAX),
    snippet: reader.text("first words", WORDS_BYTES_MAX),
    editedAt: reader.number("a time"),
  }
  reader.end("keys")
  const grantCertificate = certificate.length > 0 ? certificate : null
  return { membership: { docId, grantSecret, rootSeed, epochPrefix, grantCertificate }, relays, row }
}

function orNothing(reader: Reader, what: string, length: number): Uint8Array | null {
  const bytes = reader.block(what, length)
  if (bytes.length === 0) return null
  if (bytes.length !== length)
    throw new FormatError(`expected ${length} bytes of ${what}, got ${bytes.length}`)
  return bytes.slice()
}
