// Vectors of envelopes: what is known (certificates, opened sessions), what arrives, and what must come of it up to
// acceptance step 5 without step 4, which is the log's.
import { encodeBase64url } from "../../src/bytes/base64url"
import { type BlobId, type EnvelopeId, idBytes, NO_ENVELOPE, type SessionId } from "../../src/bytes/ids"
import { concat, Writer } from "../../src/bytes/writer"
import { H } from "../../src/crypto/hash"
import { sign } from "../../src/crypto/signing"
import { clientIdOf, sessionIdOf } from "../../src/records/certificate"
import { BODY_BYTES_MAX } from "../../src/records/envelope"
import { secretScalar, signOddly, TORSION } from "../unit/crypto/curve"
import { envelope, type Odd } from "./envelope"
import {
  assembled,
  flipped,
  grantKey,
  key,
  malleated,
  ours,
  patched,
  seatOfBea,
  seatOfCy,
  seatOfDee,
  seatOfVic,
  secret,
  sessionCertificate,
  sessionKey,
  theirs,
  toHex,
  type Verdict,
} from "./world"

interface EnvelopeVector {
  readonly name: string
  /** Kind-0 envelopes read before. */
  readonly opened: readonly string[]
  readonly bytes: string
  readonly expect: Verdict
  readonly id?: string
  readonly sessionId?: string
  /** Decimal: it may lie beyond 2^32. */
  readonly clientId?: string
}

// Offsets in a header (docs/protocol.md, chapter 4), and in an envelope whose header is below 16 KiB.
const HEADER = { kind: 2, channel: 35, epochPrefix: 36, seq: 68, bodyBytes: 133 }
const LENGTH_BYTES = 2
const NOTHING = new Uint8Array(0)

const id = (name: string) => encodeBase64url(secret(name)) as EnvelopeId
const blob = (name: string, bytes: number) => ({ blobId: encodeBase64url(secret(name)) as BlobId, bytes })
const head = (name: string, seq: number) => ({
  sessionId: encodeBase64url(secret(name).subarray(0, 16)) as SessionId,
  seq,
  id: id(name),
})

interface KindVector {
  readonly name: string
  readonly bytes: Uint8Array
  readonly expect: Verdict
  readonly opened?: readonly Uint8Array[]
}

/** Kinds above 1: what stands in their headers, and on which channel whose they may be. */
function kindVectors(first: Uint8Array): KindVector[] {
  const vectors: KindVector[] = []
  const of = (name: string, expect: Verdict, header: Odd["header"] = {}, seq = 9) =>
    vectors.push({ name, bytes: envelope("first", seq, first, { header }).bytes, expect })
  const vouches = [id("a rollup"), id("another rollup")]
  of("an update that vouches for two rollups", "good", { vouches })
  of("vouches for 32", "good", { vouches: Array.from({ length: 32 }, (_, index) => id(`rollup ${index}`)) })
  of("vouches for 33", "format", {
    vouches: Array.from({ length: 33 }, (_, index) => id(`rollup ${index}`)),
  })
  of("vouches twice for one", "format", { vouches: [id("a rollup"), id("a rollup")] })
  of("a preview", "good", { kind: 2, vouches })
  of("announces a blob", "good", { kind: 4, blobs: [blob("a blob", 70_000)] })
  of("announces a blob twice", "format", { kind: 4, blobs: [blob("a blob", 1), blob("a blob", 2)] })
  of("announces more than a blob can have", "format", { kind: 4, blobs: [blob("a blob", 30_000_000)] })
  of("announces no blob", "format", { kind: 4, blobs: [] })
  of("announces nine blobs", "format", {
    kind: 4,
    blobs: Array.from({ length: 9 }, (_, index) => blob(`blob ${index}`, index)),
  })
  of("a rollup of 2 to 8", "good", { kind: 5, vouches, from: 2, before: id("the first") })
  of("a rollup of one", "good", { kind: 5, from: 8, before: id("the seventh") })
  of("a rollup of nothing", "format", { kind: 5, from: 9, before: id("the eighth") })
  of("a rollup of its session's opening", "format", { kind: 5, from: 0, before: NO_ENVELOPE })
  of("adopts two envelopes", "good", { kind: 7, adopted: [head("one", 3), head("two", 40)] })
  of("adopts nothing", "format", { kind: 7, adopted: [] })
  of("adopts two of one session", "format", { kind: 7, adopted: [head("one", 3), head("one", 4)] })
  for (const [what, header] of [
    ["a note", { kind: 3 }],
    ["a preview among the notes", { kind: 2, channel: 1 }],
    ["blobs among the notes", { kind: 4, channel: 1, blobs: [blob("a blob", 1)] }],
    ["a rollup among the notes", { kind: 5, channel: 1, from: 2, before: id("the first") }],
    ["an adoption among the notes", { kind: 7, channel: 1, adopted: [head("one", 3)] }],
  ] as const)
    of(`${what}: no place for it`, "no-right", header)

  const ofDee = sessionCertificate("notes", { seat: seatOfDee, signer: key("seat of dee") })
  const notes = envelope("notes", 0, ofDee, { header: { channel: 1 } }).bytes
  vectors.push({ name: "opens a session of notes, as a commenter", bytes: notes, expect: "good" })
  vectors.push({
    name: "a note of a commenter",
    bytes: envelope("notes", 1, ofDee, { header: { kind: 3, channel: 1, vouches } }).bytes,
    expect: "good",
    opened: [notes],
  })
  vectors.push({
    name: "a note in a session of the body, its channel turned",
    bytes: envelope("first", 1, first, { header: { kind: 3, channel: 1 } }).bytes,
    expect: "no-right",
  })
  vectors.push({
    name: "opens a session of the body, as a commenter",
    bytes: envelope("notes", 0, ofDee).bytes,
    expect: "no-right",
  })
  const ofVic = sessionCertificate("third", { seat: seatOfVic, signer: key("seat of vic") })
  vectors.push({
    name: "opens a session of notes, as a viewer",
    bytes: envelope("third", 0, ofVic, { header: { channel: 1 } }).bytes,
    expect: "no-right",
  })
  return vectors
}

export function envelopeVectors(): EnvelopeVector[] {
  const vectors: EnvelopeVector[] = []
  const add = (
    name: string,
    bytes: Uint8Array,
    expect: Verdict,
    opened: readonly Uint8Array[] = [],
    more: Partial<EnvelopeVector> = {},
  ) => {
    vectors.push({ name, opened: opened.map(toHex), bytes: toHex(bytes), expect, ...more })
  }

  const first = sessionCertificate("first")
  const open = envelope("first", 0, first)
  const update = envelope("first", 1, first)
  const known = [open.bytes]
  const opening = (odd: Odd) => envelope("first", 0, first, odd).bytes
  const updated = (odd: Odd) => envelope("first", 1, first, odd).bytes
  const facts = {
    sessionId: toHex(idBytes(sessionIdOf(sessionKey("first").publicKey))),
    clientId: String(clientIdOf(ours.docId, grantKey("bea").publicKey, sessionKey("first").publicKey)),
  }
  add("opens a session of an editor", open.bytes, "good", [], { id: toHex(open.id), ...facts })
  add("an update", update.bytes, "good", known, { id: toHex(update.id), ...facts })
  add(
    "an update at 2^53 - 1: its place is the log's to judge",
    envelope("first", Number.MAX_SAFE_INTEGER, first).bytes,
    "good",
    known,
  )
  const bySomeoneElse = envelope(
    "second",
    0,
    sessionCertificate("second", { seat: seatOfCy, signer: key("seat of cy") }),
  )
  add("opens a session of somebody admitted beside the epoch", bySomeoneElse.bytes, "good")
  add(
    "an update with an empty body: what is sealed is not seen here",
    updated({ body: NOTHING }),
    "good",
    known,
  )

  add("empty", NOTHING, "format")
  add("one byte short", update.bytes.slice(0, -1), "format", known)
  add("one byte left over", concat(update.bytes, Uint8Array.of(0)), "format", known)
  add("cut within the header", update.bytes.slice(0, 40), "format", known)
  add(
    "cut within the signature",
    update.bytes.slice(0, LENGTH_BYTES + update.encoded.length + 30),
    "format",
    known,
  )
  add("the header's length in three bytes", patched(update.bytes, 0, 2, 0x88, 0x81, 0x00), "format", known)
  add("a header of 2,049 bytes claimed", patched(update.bytes, 0, 2, 0x81, 0x10), "format", known)
  const edited = (edit: (header: Uint8Array) => Uint8Array) => updated({ editHeader: edit })
  add(
    "version 2",
    edited(header => patched(header, 0, 1, 2)),
    "newer",
    known,
  )
  add(
    "version 0",
    edited(header => patched(header, 0, 1, 0)),
    "format",
    known,
  )
  add(
    "of type session",
    edited(header => patched(header, 1, 1, 5)),
    "format",
    known,
  )
  for (const kind of [6, 8])
    add(
      `kind ${kind}, not known`,
      edited(header => patched(header, HEADER.kind, 1, kind)),
      "newer",
      known,
    )
  add(
    "channel 2, not understood yet",
    edited(header => patched(header, HEADER.channel, 1, 2)),
    "newer",
    known,
  )
  add(
    "seq as 81 00",
    edited(header => patched(header, HEADER.seq, 1, 0x81, 0)),
    "format",
    known,
  )
  add(
    "seq 2^53",
    edited(header => patched(header, HEADER.seq, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10)),
    "format",
    known,
  )
  add(
    "a byte left over in the header, signed",
    edited(header => concat(header, Uint8Array.of(0))),
    "format",
    known,
  )
  add("an update at seq 0", updated({ header: { seq: 0, prev: NO_ENVELOPE } }), "format", known)
  add("an update behind no envelope", updated({ header: { prev: NO_ENVELOPE } }), "format", known)
  add(
    "an update with a session certificate where the vouches stand",
    edited(header => concat(header.slice(0, -1), new Writer().block(first).end())),
    "format",
    known,
  )
  add("opens at seq 1", opening({ header: { seq: 1 } }), "format")
  add(
    "opens behind another envelope",
    opening({ header: { prev: encodeBase64url(secret("before")) as EnvelopeId } }),
    "format",
  )
  add("opens without a session certificate", envelope("first", 0, NOTHING).bytes, "format")
  add(
    "opens with a session certificate one byte short",
    envelope("first", 0, first.slice(0, -1)).bytes,
    "format",
  )
  add(
    "opens with a session certificate of 257 bytes",
    envelope("first", 0, new Uint8Array(257)).bytes,
    "format",
  )
  add("opens with a seat's certificate", envelope("first", 0, seatOfBea).bytes, "format")
  add(
    "opens with a session certificate of version 2",
    envelope("first", 0, patched(first, 0, 1, 2)).bytes,
    "newer",
  )
  add(
    "the header says one byte more of body than there is",
    updated({ header: { bodyBytes: 169 } }),
    "format",
    known,
  )
  add(
    "the header says one byte less of body than there is",
    updated({ header: { bodyBytes: 167 } }),
    "format",
    known,
  )
  add(
    "a body over the limit claimed",
    updated({ header: { bodyBytes: BODY_BYTES_MAX + 1 } }),
    "too-large",
    known,
  )

  add("another document's, whole", updated({ header: { docId: theirs.docId } }), "wrong-document", known)
  const ofTheirs = sessionCertificate("first", { docId: theirs.docId, epoch: theirs.epochHash })
  add("opens with another document's session", envelope("first", 0, ofTheirs).bytes, "wrong-document")
  add(
    "opens a session of an epoch nobody knows",
    envelope("first", 0, sessionCertificate("first", { epoch: theirs.epochHash })).bytes,
    "unknown-epoch",
  )
  add(
    "opens a session of a seat nobody knows",
    envelope("first", 0, sessionCertificate("first", { seat: ours.seat("bea", "elsewhere") })).bytes,
    "unknown-seat",
  )
  add(
    "opens a session certified by another seat's key",
    envelope("first", 0, sessionCertificate("first", { signer: key("seat of cy") })).bytes,
    "bad-signature",
  )
  add(
    "opens a session whose certificate is signed as a seat",
    envelope(
      "first",
      0,
      concat(first.subarray(0, -64), sign("seat", first.subarray(0, -64), key("seat of bea"))),
    ).bytes,
    "bad-signature",
  )
  add(
    "opens a session whose certificate has S + L",
    envelope("first", 0, malleated(first)).bytes,
    "bad-signature",
  )
  add(
    "opens a session under an id that is not its key's",
    opening({ header: { sessionId: sessionIdOf(sessionKey("second").publicKey) } }),
    "bad-certificate",
  )
  add(
    "opens a session of a key that somebody else holds",
    envelope("second", 0, sessionCertificate("second", { seat: seatOfCy, signer: key("seat of cy") }), {
      signer: sessionKey("first"),
    }).bytes,
    "bad-signature",
  )
  add(
    "opens a session of a viewer",
    envelope("third", 0, sessionCertificate("third", { seat: seatOfVic, signer: key("seat of vic") })).bytes,
    "no-right",
  )
  add("an update of a session nobody opened", envelope("third", 1, first).bytes, "unknown-session", known)
  add("an update among the notes", updated({ header: { channel: 1 } }), "no-right", known)
  add(
    "the channel turned after signing",
    patched(update.bytes, LENGTH_BYTES + HEADER.channel, 1, 1),
    "no-right",
    known,
  )
  add(
    "under another epoch's prefix",
    updated({ header: { epochPrefix: idBytes(theirs.epochHash).slice(0, 16) } }),
    "unknown-epoch",
    known,
  )
  add(
    "opens under another epoch's prefix",
    opening({ header: { epochPrefix: idBytes(theirs.epochHash).slice(0, 16) } }),
    "unknown-epoch",
  )

  const next = envelope("first", 2, first)
  for (const { name, bytes, expect, opened = known } of kindVectors(first)) add(name, bytes, expect, opened)
  add("signed by another session's key", updated({ signer: sessionKey("second") }), "bad-signature", known)
  add("signed as a session certificate", updated({ kind: "session" }), "bad-signature", known)
  add("S + L", assembled(update.encoded, malleated(update.signature), update.body), "bad-signature", known)
  add(
    "R of small order",
    assembled(
      update.encoded,
      concat(Uint8Array.of(1), new Uint8Array(31), update.signature.subarray(32)),
      update.body,
    ),
    "bad-signature",
    known,
  )
  const message = concat(new TextEncoder().encode("sheaf/1/env\0"), H(update.encoded))
  const oddR = signOddly(
    message,
    secretScalar(secret("session first")),
    idBytes(sessionKey("first").publicKey),
    14n,
    TORSION,
  )
  add("R with a part of small order", assembled(update.encoded, oddR, update.body), "bad-signature", known)
  add(
    "the header of one, the signature of the next",
    assembled(update.encoded, next.signature, update.body),
    "bad-signature",
    known,
  )
  add(
    "the seq turned after signing",
    flipped(update.bytes, LENGTH_BYTES + HEADER.seq + 8),
    "bad-signature",
    known,
  )
  add(
    "the body of the next under a true header",
    assembled(update.encoded, update.signature, next.body),
    "bad-body-hash",
    known,
  )
  add("one bit of the body turned", flipped(update.bytes, -1), "bad-body-hash", known)
  add(
    "a body of zeros under a true header",
    assembled(update.encoded, update.signature, new Uint8Array(update.body.length)),
    "bad-body-hash",
    known,
  )
  add(
    "a bad signature over a wrong body: the signature is looked at first",
    assembled(update.encoded, next.signature, next.body),
    "bad-signature",
    known,
  )
  return vectors
}
