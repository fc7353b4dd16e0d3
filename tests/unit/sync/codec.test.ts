import fc from "fast-check"
import { expect, test } from "vitest"
import { FormatError, NewerVersionError } from "../../../src/bytes/errors"
import {
  type BlobId,
  type CertificateHash,
  type DocId,
  idOf,
  type PublicKey,
  type SessionId,
} from "../../../src/bytes/ids"
import { concat, Writer } from "../../../src/bytes/writer"
import { decodeFrame, encodeMessage } from "../../../src/sync/codec"
import { MESSAGE_BYTES_MAX, type Message } from "../../../src/sync/messages"
import { runs } from "../chance"

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const slot = fc.integer({ min: 0, max: 65_535 })
const number = fc.integer({ min: 0, max: 2 ** 40 })
const bytes = fc.uint8Array({ maxLength: 300 })
const word = fc.stringMatching(/^[a-z0-9-]{1,20}$/)
const text = fc.string({ maxLength: 60 })
const sessionId = bytesOf(16).map(id => idOf<SessionId>(id))
const entries = fc.array(fc.record({ sessionId, seq: number, headHash16: bytesOf(16) }), { maxLength: 4 })
const range = fc
  .tuple(sessionId, number, fc.nat(500))
  .map(([id, from, more]) => ({ sessionId: id, from, to: from + more }))
const offered = fc.oneof(
  fc.record({ slot, tag: bytesOf(32) }),
  fc.record({ slot, docId: bytesOf(32).map(id => idOf<DocId>(id)) }),
)
const relayKey = bytesOf(32).map(key => idOf<PublicKey>(key))
const hello = fc.record({
  type: fc.constant("hello"),
  protocolMin: fc.constantFrom(0, 1),
  protocolMax: number,
  nonce: bytesOf(32),
  features: fc.array(word, { maxLength: 3 }),
  at: number,
})
const answer = fc.record({ slot, answer: fc.constantFrom("have", "willing", "refused"), reason: text })

const blobId = bytesOf(32).map(id => idOf<BlobId>(id))
const piece = { blobId, index: fc.nat(401) }
const pieces = fc
  .uniqueArray(fc.nat(401), { minLength: 1, maxLength: 6 })
  .map(indices => indices.sort((a, b) => a - b))
const holding = fc.record({ blobId, pieces: fc.oneof(fc.constant("whole" as const), pieces) })

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.tuple(hello, relayKey).map(([said, key]) => ({ ...said, end: "relay", relayKey: key }) as Message),
  hello.map(said => ({ ...said, end: "peer", relayKey: null }) as Message),
  fc.record({ type: fc.constant("offer"), documents: fc.array(offered, { maxLength: 4 }) }),
  fc.record({
    type: fc.constant("prove"),
    slot,
    seatCertificate: bytes,
    grantCertificate: bytes,
    signature: bytesOf(64),
  }),
  fc.record({ type: fc.constant("certs"), slot, certificates: fc.array(bytes, { maxLength: 4 }) }),
  fc.record({
    type: fc.constant("have"),
    slot,
    channel: fc.nat(255),
    digest: bytesOf(32),
    certificates: bytesOf(32),
  }),
  fc.record({
    type: fc.constant("vector"),
    slot,
    channel: fc.nat(255),
    whole: fc.boolean(),
    buckets: fc.constant(null),
    entries,
  }),
  fc.record({
    type: fc.constant("vector"),
    slot,
    channel: fc.nat(255),
    whole: fc.constant(true),
    buckets: fc.array(fc.nat(255), { maxLength: 5 }),
    entries,
  }),
  fc.record({ type: fc.constant("buckets"), slot, channel: fc.nat(255), digests: bytesOf(4_096) }),
  fc.record({
    type: fc.constant("want"),
    slot,
    bytesMax: number,
    ranges: fc.array(range, { maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant("envelopes"),
    slot,
    answer: fc.boolean(),
    envelopes: fc.array(bytes, { maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant("stored"),
    slot,
    receipt: fc.record({
      seat: bytesOf(32).map(each => idOf<CertificateHash>(each)),
      channel: fc.nat(255),
      at: number,
      entries,
      claim: fc.uint8Array({ maxLength: 512 }),
      signature: bytesOf(64),
    }),
  }),
  fc.record({ type: fc.constant("presence"), slot, bytes }),
  fc.record({ type: fc.constant("blob-have"), slot, holdings: fc.array(holding, { maxLength: 4 }) }),
  fc.record({ type: fc.constant("blob-want"), slot, pieces: fc.array(fc.record(piece), { maxLength: 8 }) }),
  fc.record({ type: fc.constant("blob-data"), slot, ...piece, bytes }),
  fc.record({ type: fc.constant("bye"), slot: fc.option(slot), why: text }),
  fc.record({
    type: fc.constant("answers"),
    answers: fc.array(answer, { maxLength: 4 }),
  }) as fc.Arbitrary<Message>,
  fc.record({ type: fc.constant("want-certs"), slot }),
  fc.record({ type: fc.constant("error"), slot: fc.option(slot), reason: word, message: text }),
  fc.constantFrom({ type: "ping" }, { type: "pong" }),
)

test("every message is read as it was written, alone and several in a frame", () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), said => {
      expect(decodeFrame(concat(...said.map(encodeMessage)))).toEqual(said)
    }),
    runs(500),
  )
})

test("a frame that is cut short, or has a byte too many, is turned away", () => {
  fc.assert(
    fc.property(message, fc.nat(), (said, at) => {
      const frame = encodeMessage(said)
      expect(() => decodeFrame(frame.subarray(0, at % frame.length))).toThrow(FormatError)
      expect(() => decodeFrame(concat(frame, new Uint8Array([0])))).toThrow(FormatError)
    }),
    runs(500),
  )
})

test("a frame with any byte changed is read as something else or turned away, and nothing else escapes", () => {
  fc.assert(
    fc.property(message, fc.nat(), fc.integer({ min: 1, max: 255 }), (said, at, change) => {
      const frame = encodeMessage(said)
      const index = at % frame.length
      frame[index] = (frame[index] ?? 0) ^ change
      try {
        expect(decodeFrame(frame)).not.toEqual([said])
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }),
    runs(1_000),
  )
})

test("random bytes never do more than be turned away", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), frame => {
      try {
        decodeFrame(frame)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }),
    runs(2_000),
  )
})

test("what is too large, unknown or from a newer protocol is turned away by name", () => {
  expect(() => decodeFrame(new Uint8Array(MESSAGE_BYTES_MAX + 1))).toThrow("at most")
  expect(() => decodeFrame(new Uint8Array([200, 0]))).toThrow(NewerVersionError)
  const newer = new Writer()
    .byte(0)
    .block(new Uint8Array([2, 3, 9, 9, 9]))
    .end()
  expect(() => decodeFrame(newer)).toThrow(NewerVersionError)
  expect(() =>
    decodeFrame(encodeMessage({ type: "presence", slot: 0, bytes: new Uint8Array(2_049) })),
  ).toThrow("at most 2048")
  const countless = new Writer().byte(7).block(new Writer().number(0).byte(0).number(9_999).end()).end()
  expect(() => decodeFrame(countless)).toThrow("9999")
})
