// The bytes of the conversation. A frame, the unit that a link carries, is one or more messages:
//
//     type byte | length | content            and so on, to the end of the frame, at most 8 MiB
//
// Strict like the records: every length is checked, nothing may be left over, one spelling for each value.
import { FormatError, NewerVersionError } from "../bytes/errors"
import {
  type DocId,
  HASH_BYTES,
  idBytes,
  idOf,
  PUBLIC_KEY_BYTES,
  type PublicKey,
  SESSION_ID_BYTES,
  type SessionId,
} from "../bytes/ids"
import { Reader } from "../bytes/reader"
import { Writer } from "../bytes/writer"
import { BUCKET_DIGEST_BYTES, BUCKETS } from "../log/buckets"
import { readReceipt, writeReceipt } from "../log/ledger"
import { readEntry, writeEntry } from "../log/log"
import { CERTIFICATE_BYTES_MAX } from "../records/layout"
import { readBlobData, readBlobHave, readBlobWant, writeBlobs } from "./blob-codec"
import {
  ANSWERS,
  DOCUMENTS_PER_LINK_MAX,
  END_KINDS,
  MESSAGE_BYTES_MAX,
  type Message,
  NONCE_BYTES,
  type Offered,
  PRESENCE_BYTES_MAX,
  PROTOCOL,
  RANGES_MAX,
} from "./messages"

/** The byte that each message starts with. 15 is kept for forks. */
const TYPES = {
  hello: 0,
  offer: 1,
  prove: 2,
  certs: 3,
  have: 4,
  vector: 5,
  buckets: 21,
  want: 6,
  envelopes: 7,
  stored: 8,
  presence: 9,
  "blob-have": 10,
  "blob-want": 11,
  "blob-data": 12,
  bye: 13,
  ping: 14,
  answers: 16,
  "want-certs": 17,
  error: 18,
  pong: 19,
} as const satisfies Record<Message["type"], number>

const TYPE_OF_BYTE = new Map<number, Message["type"]>(
  Object.entries(TYPES).map(([type, byte]) => [byte, type as Message["type"]]),
)

const SLOT_MAX = 65_535
const FEATURES_MAX = 32
const WORD_BYTES_MAX = 64
const TEXT_BYTES_MAX = 512
const CERTIFICATES_MAX = 10_000
const ENTRIES_MAX = 100_000
const ENVELOPES_MAX = 10_000
const SIGNATURE_BYTES = 64
/** In the place of a VECTOR's 0 or 1. */
const OF_BUCKETS = 2
const OFFER_BY_TAG = 0
const OFFER_BY_NAME = 1

/** One message as it stands in a frame: type, length, content. A fresh array. */
export function encodeMessage(message: Message): Uint8Array {
  const content = new Writer()
  write(content, message)
  return new Writer().byte(TYPES[message.type]).block(content.end()).end()
}

/**
 * All messages of a frame, in order. Throws FormatError, and NewerVersionError for a HELLO of a later protocol and, from
 * somebody who has said hello, for a word that is not known here. What they hold are views of `frame`.
 */
export function decodeFrame(frame: Uint8Array, hasSaidHello = true): Message[] {
  if (frame.length > MESSAGE_BYTES_MAX)
    throw new FormatError(`expected a frame of at most ${MESSAGE_BYTES_MAX} bytes, got ${frame.length}`)
  const reader = new Reader(frame)
  const messages: Message[] = []
  while (reader.left > 0 || messages.length === 0) {
    const byte = reader.byte("a message's type")
    const type = TYPE_OF_BYTE.get(byte)
    if (!type) {
      const Unknown = hasSaidHello ? NewerVersionError : FormatError
      throw new Unknown(`expected a known message, got type ${byte}`)
    }
    const content = new Reader(reader.block(`a ${type} message`, MESSAGE_BYTES_MAX))
    messages.push(read(content, type))
    content.end(`a ${type} message`)
  }
  return messages
}

function write(writer: Writer, message: Message): void {
  switch (message.type) {
    case "hello":
      writer.number(message.protocolMin).number(message.protocolMax).bytes(message.nonce)
      writer.list(message.features, feature => writer.text(feature))
      writer.byte(END_KINDS.indexOf(message.end)).number(message.at)
      writer.block(message.relayKey ? idBytes(message.relayKey) : new Uint8Array(0))
      return
    case "offer":
      writer.list(message.documents, offered => {
        writer.number(offered.slot)
        if ("tag" in offered) writer.byte(OFFER_BY_TAG).bytes(offered.tag)
        else writer.byte(OFFER_BY_NAME).bytes(idBytes(offered.docId))
      })
      return
    case "prove":
      writer.number(message.slot).block(message.seatCertificate).block(message.grantCertificate)
      writer.bytes(message.signature)
      return
    case "certs":
      writer.number(message.slot).list(message.certificates, bytes => writer.block(bytes))
      return
    case "have":
      writer.number(message.slot).byte(message.channel).bytes(message.digest).bytes(message.certificates)
      return
    case "vector":
      writer
        .number(message.slot)
        .byte(message.channel)
        .byte(message.buckets ? OF_BUCKETS : message.whole ? 1 : 0)
      if (message.buckets) writer.block(Uint8Array.from(message.buckets))
      writer.list(message.entries, entry => writeEntry(writer, entry))
      return
    case "buckets":
      writer.number(message.slot).byte(message.channel).bytes(message.digests)
      return
    case "want":
      writer.number(message.slot).number(message.bytesMax)
      writer.list(message.ranges, ({ sessionId, from, to }) =>
        writer
          .bytes(idBytes(sessionId))
          .number(from)
          .number(to - from),
      )
      return
    case "envelopes":
      writer.number(message.slot).byte(message.answer ? 1 : 0)
      writer.list(message.envelopes, bytes => writer.block(bytes))
      return
    case "stored":
      writeReceipt(writer.number(message.slot), message.receipt)
      return
    case "presence":
      writer.number(message.slot).block(message.bytes)
      return
    case "blob-have":
    case "blob-want":
    case "blob-data":
      writer.number(message.slot)
      writeBlobs(writer, message)
      return
    case "bye":
      writer.number(slotNumber(message.slot)).text(cut(message.why))
      return
    case "answers":
      writer.list(message.answers, ({ slot, answer, reason }) =>
        writer.number(slot).byte(ANSWERS.indexOf(answer)).text(reason),
      )
      return
    case "want-certs":
      writer.number(message.slot)
      return
    case "error":
      writer.number(slotNumber(message.slot)).text(message.reason).text(cut(message.message))
      return
    case "ping":
    case "pong":
      return
    default:
      message satisfies never
  }
}

function read(reader: Reader, type: Message["type"]): Message {
  switch (type) {
    case "hello": {
      const protocolMin = reader.number("the oldest protocol")
      const protocolMax = reader.number("the newest protocol")
      // Only these two numbers will always stand where they stand now.
      if (protocolMin > PROTOCOL)
        throw new NewerVersionError(`expected protocol ${PROTOCOL}, got ${protocolMin} to ${protocolMax}`)
      const nonce = reader.bytes(NONCE_BYTES, "a nonce")
      const features = reader.list("features", FEATURES_MAX, () => readWord(reader, "a feature"))
      const end = choice(reader.byte("a kind of end"), END_KINDS, "a kind of end")
      const at = reader.number("a wall clock")
      const key = reader.block("a relay's key", PUBLIC_KEY_BYTES)
      if (key.length !== (end === "relay" ? PUBLIC_KEY_BYTES : 0))
        throw new FormatError("expected a key from a relay and from nobody else")
      const relayKey = end === "relay" ? idOf<PublicKey>(key) : null
      return { type, protocolMin, protocolMax, nonce, features, end, at, relayKey }
    }
    case "offer":
      return { type, documents: reader.list("documents", DOCUMENTS_PER_LINK_MAX, () => readOffered(reader)) }
    case "prove": {
      const slot = readSlot(reader)
      const seatCertificate = reader.block("a seat's certificate", CERTIFICATE_BYTES_MAX)
      const grantCertificate = reader.block("a grant's certificate", CERTIFICATE_BYTES_MAX)
      const signature = reader.bytes(SIGNATURE_BYTES, "a signature")
      return { type, slot, seatCertificate, grantCertificate, signature }
    }
    case "certs": {
      const slot = readSlot(reader)
      const block = () => reader.block("a certificate", CERTIFICATE_BYTES_MAX)
      return { type, slot, certificates: reader.list("certificates", CERTIFICATES_MAX, block) }
    }
    case "have": {
      const slot = readSlot(reader)
      const channel = reader.byte("a channel")
      const digest = reader.bytes(HASH_BYTES, "a digest")
      return { type, slot, channel, digest, certificates: reader.bytes(HASH_BYTES, "a digest") }
    }
    case "vector": {
      const slot = readSlot(reader)
      const channel = reader.byte("a channel")
      const how = reader.byte("whole")
      if (how > OF_BUCKETS) throw new FormatError(`expected 0, 1 or 2 for whole, got ${how}`)
      const buckets = how === OF_BUCKETS ? [...reader.block("buckets", BUCKETS)] : null
      return { type, slot, channel, whole: how > 0, buckets, entries: readEntries(reader) }
    }
    case "buckets": {
      const slot = readSlot(reader)
      const channel = reader.byte("a channel")
      return { type, slot, channel, digests: reader.bytes(BUCKETS * BUCKET_DIGEST_BYTES, "digests") }
    }
    case "want": {
      const slot = readSlot(reader)
      const bytesMax = reader.number("a size")
      const ranges = reader.list("ranges", RANGES_MAX, () => {
        const sessionId = idOf<SessionId>(reader.bytes(SESSION_ID_BYTES, "a session"))
        const from = reader.number("a sequence number")
        return { sessionId, from, to: from + reader.number("a length", Number.MAX_SAFE_INTEGER - from) }
      })
      return { type, slot, bytesMax, ranges }
    }
    case "envelopes": {
      const slot = readSlot(reader)
      const answer = readFlag(reader, "answer")
      const block = () => reader.block("an envelope", MESSAGE_BYTES_MAX)
      return { type, slot, answer, envelopes: reader.list("envelopes", ENVELOPES_MAX, block) }
    }
    case "stored":
      return { type, slot: readSlot(reader), receipt: readReceipt(reader) }
    case "presence":
      return { type, slot: readSlot(reader), bytes: reader.block("presence", PRESENCE_BYTES_MAX) }
    case "blob-have":
      return { type, slot: readSlot(reader), holdings: readBlobHave(reader) }
    case "blob-want":
      return { type, slot: readSlot(reader), pieces: readBlobWant(reader) }
    case "blob-data":
      return { type, slot: readSlot(reader), ...readBlobData(reader) }
    case "bye":
      return { type, slot: readSlotOrNone(reader), why: reader.text("a reason", TEXT_BYTES_MAX) }
    case "answers": {
      const answers = reader.list("answers", DOCUMENTS_PER_LINK_MAX, () => {
        const slot = readSlot(reader)
        const answer = choice(reader.byte("an answer"), ANSWERS, "an answer")
        return { slot, answer, reason: reader.text("a reason", WORD_BYTES_MAX) }
      })
      return { type, answers }
    }
    case "want-certs":
      return { type, slot: readSlot(reader) }
    case "error": {
      const slot = readSlotOrNone(reader)
      const reason = readWord(reader, "a reason")
      return { type, slot, reason, message: reader.text("a message", TEXT_BYTES_MAX) }
    }
    case "ping":
    case "pong":
      return { type }
    default:
      return type satisfies never
  }
}

function readOffered(reader: Reader): Offered {
  const slot = readSlot(reader)
  const by = reader.byte("a way to offer")
  if (by === OFFER_BY_TAG) return { slot, tag: reader.bytes(HASH_BYTES, "a tag") }
  if (by === OFFER_BY_NAME) return { slot, docId: idOf<DocId>(reader.bytes(HASH_BYTES, "a document id")) }
  throw new FormatError(`expected a tag or a name, got ${by}`)
}

function readEntries(reader: Reader) {
  return reader.list("entries", ENTRIES_MAX, () => readEntry(reader))
}

function readSlot(reader: Reader): number {
  return reader.number("a slot", SLOT_MAX)
}

// A slot or none at all: 0 for none, otherwise one more than the slot.
function slotNumber(slot: number | null): number {
  return slot === null ? 0 : slot + 1
}

function readSlotOrNone(reader: Reader): number | null {
  const number = reader.number("a slot", SLOT_MAX + 1)
  return number === 0 ? null : number - 1
}

function readFlag(reader: Reader, what: string): boolean {
  const byte = reader.byte(what)
  if (byte > 1) throw new FormatError(`expected 0 or 1 for ${what}, got ${byte}`)
  return byte === 1
}

// Stable words are machine-readable and end up in logs: no others than these characters.
function readWord(reader: Reader, what: string): string {
  const word = reader.text(what, WORD_BYTES_MAX)
  if (!/^[a-z0-9-]+(:[A-Za-z0-9_-]*)?$/.test(word)) throw new FormatError(`expected a plain word as ${what}`)
  return word
}

function choice<T>(byte: number, choices: readonly T[], what: string): T {
  const chosen = choices[byte]
  if (chosen === undefined) throw new FormatError(`expected ${what}, got ${byte}`)
  return chosen
}

// A message for people is never worth a refused frame.
function cut(text: string): string {
  return text.length * 3 <= TEXT_BYTES_MAX ? text : `${text.slice(0, 160)}…`
}
