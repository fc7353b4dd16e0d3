// The header of an envelope (protocol §4): everything that hosts may see and that the session signs, the body only
// by its hash. What stands in every header comes first, what only a kind has comes last. Form alone: whether the
// session may, and whether the signature holds, is for envelope.ts.
import { FormatError, NewerVersionError } from "../bytes/errors"
import {
  type BlobId,
  type DocId,
  ENVELOPE_ID_BYTES,
  type EnvelopeId,
  HASH_BYTES,
  idBytes,
  idOf,
  NO_ENVELOPE,
  type SessionId,
} from "../bytes/ids"
import type { Reader } from "../bytes/reader"
import type { Writer } from "../bytes/writer"
import { type Announced, SEALED_BLOB_BYTES_MAX } from "./blob"
import {
  begin,
  expectEachOnce,
  type Head,
  openFields,
  readDocId,
  readEnvelopeId,
  readHead,
  readSessionId,
  writeHead,
} from "./layout"

/**
 * 0 opens a session · 1 a Yjs update · 2 a preview: the whole document as its author sees it (§8) · 3 a note (§10) ·
 * 4 announces blobs, so that hosts store their chunks (§10) · 5 a rollup: stands for a run of its own chain (§8) ·
 * 7 an adoption: what lay beyond a cut counts again (§9).
 */
export const KINDS = { open: 0, update: 1, preview: 2, note: 3, blobs: 4, rollup: 5, adoption: 7 } as const
export type Kind = (typeof KINDS)[keyof typeof KINDS]

export const CHANNELS = { body: 0, notes: 1 } as const
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS]

export const EPOCH_PREFIX_BYTES = 16
export const HEADER_BYTES_MAX = 2048
const SESSION_CERTIFICATE_BYTES_MAX = 256
// Together they leave a header below its limit whatever its numbers are.
export const VOUCHES_MAX = 32
export const BLOBS_MAX = 8
export const ADOPTED_MAX = 10

/** What stands in every header. */
interface Standing {
  readonly docId: DocId
  readonly channel: Channel
  /** First 16 bytes of the epoch certificate's hash. */
  readonly epochPrefix: Uint8Array
  readonly sessionId: SessionId
  /** 0 for the session-open, then one more each time; never used again. */
  readonly seq: number
  /** The id before it in the session; `NO_ENVELOPE` exactly at 0. */
  readonly prev: EnvelopeId
  readonly bodyHash: Uint8Array
  readonly bodyBytes: number
}

interface Vouching {
  /** Rollups of other grants that the writer compared with their whole runs and found equal (§8). */
  readonly vouches: readonly EnvelopeId[]
}

/** What only a kind has. */
export type Special =
  | { readonly kind: typeof KINDS.open; readonly sessionCertificate: Uint8Array }
  | (Vouching & { readonly kind: typeof KINDS.update | typeof KINDS.preview | typeof KINDS.note })
  | (Vouching & { readonly kind: typeof KINDS.blobs; readonly blobs: readonly Announced[] })
  | (Vouching & {
      readonly kind: typeof KINDS.rollup
      /** The run begins at this seq, at least 1, and ends at `prev`. */
      readonly from: number
      /** The id before the run. */
      readonly before: EnvelopeId
    })
  | (Vouching & { readonly kind: typeof KINDS.adoption; readonly adopted: readonly Head[] })

export type Header = Standing & Special
/** A header of one kind. */
export type HeaderOf<K extends Kind> = Extract<Header, { readonly kind: K }>
/** A header whose body is not made yet. */
export type Unsealed = Omit<Standing, "bodyHash" | "bodyBytes"> & Special

/** Encodes a header: what is hashed to the envelope's id and signed. A fresh array. */
export function encodeHeader(header: Header): Uint8Array {
  const writer = begin("header")
    .byte(header.kind)
    .bytes(idBytes(header.docId))
    .byte(header.channel)
    .fixed(header.epochPrefix, EPOCH_PREFIX_BYTES, "an epoch's prefix")
    .bytes(idBytes(header.sessionId))
    .number(header.seq)
    .fixed(idBytes(header.prev), ENVELOPE_ID_BYTES, "the envelope before")
    .fixed(header.bodyHash, HASH_BYTES, "a body's hash")
    .number(header.bodyBytes)
  writeSpecial(writer, header)
  return writer.end()
}

function writeSpecial(writer: Writer, header: Header): void {
  if (header.kind === KINDS.open) {
    writer.block(header.sessionCertificate)
    return
  }
  writer.list(header.vouches, id => writer.bytes(idBytes(id)))
  switch (header.kind) {
    case KINDS.update:
    case KINDS.preview:
    case KINDS.note:
      return
    case KINDS.blobs:
      writer.list(header.blobs, ({ blobId, bytes }) => writer.bytes(idBytes(blobId)).number(bytes))
      return
    case KINDS.rollup:
      writer.number(header.from).bytes(idBytes(header.before))
      return
    case KINDS.adoption:
      writer.list(header.adopted, head => writeHead(writer, head))
      return
    default:
      header satisfies never
  }
}

/** Throws FormatError, NewerVersionError. Views of `bytes`. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = openFields(bytes, "header")
  const kind = kindOf(reader.byte("a kind"))
  const docId = readDocId(reader)
  const channel = reader.byte("a channel")
  if (channel !== CHANNELS.body && channel !== CHANNELS.notes)
    throw new NewerVersionError(`expected channel 0 or 1, got ${channel}`)
  const epochPrefix = reader.bytes(EPOCH_PREFIX_BYTES, "an epoch")
  const sessionId = readSessionId(reader)
  const seq = reader.number("a sequence number")
  const prev = readEnvelopeId(reader)
  const bodyHash = reader.bytes(HASH_BYTES, "a body's hash")
  const bodyBytes = reader.number("a body's length")
  const special = readSpecial(reader, kind, seq)
  reader.end("a header")
  const opens = kind === KINDS.open
  if (opens !== (seq === 0)) throw new FormatError("expected a session to open at 0 and nowhere else")
  if (opens !== (prev === NO_ENVELOPE))
    throw new FormatError(
      "expected no envelope before the one that opens a session, and one before any other",
    )
  return { ...special, docId, channel, epochPrefix, sessionId, seq, prev, bodyHash, bodyBytes }
}

// A kind that is not known here may be a newer one: say so, rather than "damaged".
function kindOf(byte: number): Kind {
  for (const kind of Object.values(KINDS)) if (byte === kind) return kind
  throw new NewerVersionError(`expected a known kind, got ${byte}`)
}

function readSpecial(reader: Reader, kind: Kind, seq: number): Special {
  if (kind === KINDS.open) {
    const sessionCertificate = reader.block("a session certificate", SESSION_CERTIFICATE_BYTES_MAX)
    if (sessionCertificate.length === 0) throw new FormatError("expected a session's certificate, got none")
    return { kind, sessionCertificate }
  }
  const vouches = reader.list("vouches", VOUCHES_MAX, () => readEnvelopeId(reader))
  expectEachOnce(vouches, "envelope among the vouches")
  switch (kind) {
    case KINDS.update:
    case KINDS.preview:
    case KINDS.note:
      return { kind, vouches }
    case KINDS.blobs:
      return { kind, vouches, blobs: readBlobs(reader) }
    case KINDS.rollup: {
      const from = reader.number("where a run begins")
      const before = readEnvelopeId(reader)
      if (from < 1 || from >= seq)
        throw new FormatError(`expected a run from 1 or later to before seq ${seq}, got ${from}`)
      return { kind, vouches, from, before }
    }
    case KINDS.adoption: {
      const adopted = readSome(reader, "adopted envelopes", ADOPTED_MAX, readHead)
      expectEachOnce(
        adopted.map(({ sessionId }) => sessionId),
        "session among the adopted",
      )
      return { kind, vouches, adopted }
    }
    default:
      return kind satisfies never
  }
}

function readBlobs(reader: Reader): readonly Announced[] {
  const blobs = readSome(reader, "blobs", BLOBS_MAX, readBlob)
  expectEachOnce(
    blobs.map(({ blobId }) => blobId),
    "blob among the announced",
  )
  return blobs
}

function readBlob(reader: Reader): Announced {
  const blobId = idOf<BlobId>(reader.bytes(HASH_BYTES, "a blob"))
  return { blobId, bytes: reader.number("the length of a blob", SEALED_BLOB_BYTES_MAX) }
}

// What an envelope is there to name, it names at least one of.
function readSome<T>(reader: Reader, what: string, max: number, read: (reader: Reader) => T): T[] {
  const items = reader.list(what, max, () => read(reader))
  if (items.length === 0) throw new FormatError(`expected ${what}, got none`)
  return items
}
