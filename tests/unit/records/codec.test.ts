// The codecs as laws: what is encoded is decoded to the same, and nothing that could not be read is signed.
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { FormatError, NewerVersionError } from "../../../src/bytes/errors"
import {
  type BlobId,
  type CertificateHash,
  type DocId,
  type EnvelopeId,
  idBytes,
  idOf,
  NO_ENVELOPE,
  type PublicKey,
  type SessionId,
} from "../../../src/bytes/ids"
import { Writer } from "../../../src/bytes/writer"
import { H } from "../../../src/crypto/hash"
import { SEALED_BLOB_BYTES_MAX } from "../../../src/records/blob"
import {
  clientIdOf,
  decodeEpoch,
  decodeGrantCertificate,
  decodeSeat,
  decodeSession,
  encodeEpoch,
  encodeGrantCertificate,
  encodeSeat,
  encodeSession,
  type Grant,
  sessionIdOf,
} from "../../../src/records/certificate"
import { encodeEnvelope, KINDS, splitEnvelope } from "../../../src/records/envelope"
import { decodeGenesis, encodeGenesis, type GenesisKind } from "../../../src/records/genesis"
import {
  ADOPTED_MAX,
  BLOBS_MAX,
  decodeHeader,
  encodeHeader,
  HEADER_BYTES_MAX,
  type Header,
  VOUCHES_MAX,
} from "../../../src/records/header"
import { begin, finish, openFields, split, typeOf } from "../../../src/records/layout"
import { decodePlain, encodePlain } from "../../../src/records/plain"
import { includes, ROLES, type Role, roleByte, roleOf } from "../../../src/records/roles"
import { envelope } from "../../vectors/envelope"
import { fieldsOf, key, ours, records, sessionCertificate } from "../../vectors/world"
import { runs } from "../chance"

const signer = key("a signer of many")
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const id = <T extends BlobId | DocId | EnvelopeId | PublicKey | CertificateHash>() =>
  bytesOf(32).map(bytes => idOf<T & DocId>(bytes) as T)
const sessionId = bytesOf(16).map(bytes => idOf<SessionId>(bytes))
const number = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const unique = { maxLength: 4 } as const
const head = fc.record({ sessionId, seq: number, id: id<EnvelopeId>() })
const heads = fc.uniqueArray(head, { ...unique, selector: one => one.sessionId })

const grantOf = (roles: readonly Role[]): fc.Arbitrary<Grant> =>
  fc.constantFrom(...roles).chain(role =>
    fc.record({
      grantPub: id<PublicKey>(),
      boxPub: bytesOf(32),
      role: fc.constant(role),
      capsule: role === "host" ? fc.constant(null) : bytesOf(104),
      sealedLabel: fc.uint8Array({ maxLength: 512 }),
      notAfter: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    }),
  )

describe("what is encoded is decoded to the same", () => {
  test("a genesis", () => {
    const genesis = fc.record({
      kind: fc.constantFrom<GenesisKind>("doc", "space", "keyring"),
      nonce: bytesOf(16),
      adminPubs: fc.uniqueArray(id<PublicKey>(), { minLength: 1, maxLength: 4 }),
    })
    fc.assert(
      fc.property(genesis, given => {
        expect(decodeGenesis(encodeGenesis(given, signer))).toMatchObject({
          ...given,
          rootPub: signer.publicKey,
        })
      }),
      runs(30),
    )
  })

  test("an epoch, also a later one", () => {
    const epoch = fc.record({
      docId: id<DocId>(),
      n: fc.integer({ min: 1, max: 1_000 }),
      parents: fc.uniqueArray(id<CertificateHash>(), { minLength: 1, maxLength: 3 }),
      viewCommit: bytesOf(32),
      grants: fc.uniqueArray(grantOf(ROLES), { ...unique, selector: grant => grant.grantPub }),
      cuts: fc.uniqueArray(fc.record({ grantPub: id<PublicKey>(), heads }), {
        ...unique,
        selector: cut => cut.grantPub,
      }),
      stands: fc.uniqueArray(id<CertificateHash>(), unique),
      backKeys: fc.uniqueArray(fc.record({ epoch: id<CertificateHash>(), sealed: bytesOf(72) }), {
        ...unique,
        selector: key => key.epoch,
      }),
    })
    fc.assert(
      fc.property(epoch, given => {
        const decoded = decodeEpoch(encodeEpoch(given, signer))
        expect(decoded).toMatchObject({ ...given, signer: signer.publicKey })
      }),
      runs(30),
    )
  })

  test("a grant certificate", () => {
    const certificate = fc.record({
      docId: id<DocId>(),
      epoch: id<CertificateHash>(),
      grant: grantOf(ROLES.filter(role => role !== "admin")),
    })
    fc.assert(
      fc.property(certificate, given => {
        const decoded = decodeGrantCertificate(encodeGrantCertificate(given, signer))
        expect(decoded).toMatchObject({ ...given, signer: signer.publicKey })
      }),
      runs(30),
    )
  })

  test("a seat and a session", () => {
    const seat = fc.record({
      docId: id<DocId>(),
      seatPub: id<PublicKey>(),
      claimHash: fc.option(bytesOf(32)),
    })
    const session = fc.record({
      docId: id<DocId>(),
      epoch: id<CertificateHash>(),
      seat: id<CertificateHash>(),
      sessionPub: id<PublicKey>(),
    })
    fc.assert(
      fc.property(seat, session, (aSeat, aSession) => {
        expect(decodeSeat(encodeSeat(aSeat, signer))).toMatchObject({ ...aSeat, grantPub: signer.publicKey })
        expect(decodeSession(encodeSession(aSession, signer))).toEqual({
          ...aSession,
          sessionId: sessionIdOf(aSession.sessionPub),
        })
      }),
      runs(30),
    )
  })

  test("an envelope, whose id the writer knows before any reader", () => {
    const standing = fc.record({
      docId: id<DocId>(),
      channel: fc.constantFrom(0 as const, 1 as const),
      epochPrefix: bytesOf(16),
      sessionId,
      seq: fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }),
      prev: id<EnvelopeId>(),
    })
    const vouches = fc.uniqueArray(id<EnvelopeId>(), { maxLength: VOUCHES_MAX })
    const special = fc.oneof(
      fc.record({ kind: fc.constantFrom(KINDS.update, KINDS.preview, KINDS.note), vouches }),
      fc.record({
        kind: fc.constant(KINDS.blobs),
        vouches,
        blobs: fc.uniqueArray(fc.record({ blobId: id<BlobId>(), bytes: fc.nat(SEALED_BLOB_BYTES_MAX) }), {
          minLength: 1,
          maxLength: BLOBS_MAX,
          selector: one => one.blobId,
        }),
      }),
      fc.record({ kind: fc.constant(KINDS.rollup), vouches, from: fc.constant(1), before: id<EnvelopeId>() }),
      fc.record({
        kind: fc.constant(KINDS.adoption),
        vouches,
        adopted: fc.uniqueArray(head, {
          minLength: 1,
          maxLength: ADOPTED_MAX,
          selector: one => one.sessionId,
        }),
      }),
    )
    fc.assert(
      fc.property(standing, special, fc.uint8Array({ maxLength: 2_000 }), (common, own, body) => {
        const given = { ...common, ...own }
        const written = encodeEnvelope(given, body, signer)
        const parts = splitEnvelope(written.bytes)
        expect(parts.id).toBe(written.id)
        expect(parts.header).toMatchObject({ ...given, bodyBytes: body.length })
        expect(parts.body).toEqual(body)
      }),
      runs(60),
    )
  })

  test("a header as full as it may be, with the longest numbers, keeps within its limit", () => {
    const most = Number.MAX_SAFE_INTEGER
    const ids = (count: number) =>
      Array.from({ length: count }, (_, index) => idOf<EnvelopeId>(H(Uint8Array.of(index))))
    const common = {
      docId: ours.docId,
      channel: 0 as const,
      epochPrefix: new Uint8Array(16),
      sessionId: sessionIdOf(signer.publicKey),
      seq: most,
      prev: ids(1)[0] ?? NO_ENVELOPE,
      bodyHash: new Uint8Array(32),
      bodyBytes: most,
      vouches: ids(VOUCHES_MAX),
    }
    const adopted = ids(ADOPTED_MAX).map(id => ({
      sessionId: idOf<SessionId>(H(idBytes(id)).subarray(0, 16)),
      seq: most,
      id,
    }))
    const blobs = ids(BLOBS_MAX).map(id => ({
      blobId: idOf<BlobId>(idBytes(id)),
      bytes: SEALED_BLOB_BYTES_MAX,
    }))
    const full: Header[] = [
      { ...common, kind: KINDS.adoption, adopted },
      { ...common, kind: KINDS.blobs, blobs },
      { ...common, kind: KINDS.rollup, from: most - 1, before: common.prev },
    ]
    for (const header of full) {
      const bytes = encodeHeader(header)
      expect(bytes.length).toBeLessThanOrEqual(HEADER_BYTES_MAX)
      expect(decodeHeader(bytes)).toEqual(header)
    }
  })

  test("a plain, at every length around its padding", () => {
    const plain = fc.record({
      payload: fc.uint8Array({ maxLength: 9_000 }),
      deps: heads,
      lamport: number,
      at: number,
    })
    fc.assert(
      fc.property(plain, given => {
        expect(decodePlain(encodePlain(given))).toEqual(given)
      }),
      runs(200),
    )
  })
})

describe("nothing that could not be read is signed", () => {
  test("a genesis without an admin", () =>
    expect(() => encodeGenesis({ kind: "doc", nonce: new Uint8Array(16), adminPubs: [] }, signer)).toThrow(
      "what nobody could read was about to be signed as genesis",
    ))

  test("a nonce of another length", () =>
    expect(() =>
      encodeGenesis({ kind: "doc", nonce: new Uint8Array(15), adminPubs: [signer.publicKey] }, signer),
    ).toThrow("a nonce is 16 bytes, not 15"))

  test("a viewer without a capsule, a host with one, an admin beside the epoch", () => {
    expect(() => ours.admit("vic", "view", { capsule: null })).toThrow("about to be signed as grant")
    expect(() => ours.admit("relay", "host", { capsule: new Uint8Array(104) })).toThrow("about to be signed")
    expect(() => ours.admit("cy", "admin")).toThrow("about to be signed as grant")
  })

  test("an update without an envelope before it, or with a body over the limit", () => {
    const { header } = splitEnvelope(envelope("first", 1, new Uint8Array(0)).bytes)
    expect(() => encodeEnvelope({ ...header, seq: 0 }, new Uint8Array(0), signer)).toThrow("signed as env")
    expect(() => encodeEnvelope(header, new Uint8Array(5 * 1024 * 1024), signer)).toThrow("signed as env")
  })

  test("a plain that names a session twice", () => {
    const { header } = splitEnvelope(envelope("first", 1, new Uint8Array(0)).bytes)
    const dep = { sessionId: header.sessionId, seq: 1, id: header.prev }
    expect(() => encodePlain({ payload: new Uint8Array(0), deps: [dep, dep], lamport: 0, at: 0 })).toThrow(
      "signed as env",
    )
  })
})

describe("the layout that all share", () => {
  test("a record says what it is in its second byte, or that it is newer in its first", () => {
    const types = Object.values(records).map(typeOf)
    expect(types).toEqual(["genesis", "epoch", ...Array(4).fill("grant"), ...Array(4).fill("seat")])
    expect(typeOf(sessionCertificate("first"))).toBe("session")
    expect(() => typeOf(Uint8Array.of(2, 9))).toThrow(NewerVersionError)
    expect(() => typeOf(Uint8Array.of(1, 9))).toThrow("expected a known record type, got 9")
    expect(() => typeOf(new Uint8Array(0))).toThrow(FormatError)
  })

  test("a record over 1 MiB is not looked into", () => {
    expect(() => split(new Uint8Array((1 << 20) + 1))).toThrow("expected a record of at most 1 MiB")
  })

  test("a signature is what stands at the end, and is in no hash", () => {
    const seat = records["seat of Bea"] ?? new Uint8Array(0)
    const { fields, signature } = split(seat)
    expect(fields).toEqual(fieldsOf(seat))
    expect(signature).toHaveLength(64)
    const resigned = Uint8Array.from([...fields, ...new Uint8Array(64)])
    expect(decodeSeat(resigned).hash).toBe(decodeSeat(seat).hash)
  })

  test("begins with version and type, and ends with a signature", () => {
    const record = finish(begin("seat"), "seat", signer, () => undefined)
    expect(record.subarray(0, 2)).toEqual(new Writer().byte(1).byte(4).end())
    expect(record).toHaveLength(66)
    expect(openFields(record.subarray(0, 2), "seat").left).toBe(0)
  })
})

test("a role includes all below it, and stands on the wire as its place", () => {
  for (const [place, role] of ROLES.entries()) {
    expect(roleOf(roleByte(role))).toBe(role)
    expect(roleByte(role)).toBe(place)
    for (const [lower, other] of ROLES.entries()) expect(includes(role, other)).toBe(lower <= place)
  }
  expect(() => roleOf(ROLES.length)).toThrow("expected a role, got 6")
})

test("a session's key is named by half of its hash, and by a number that Yjs can hold", () => {
  const numbers = new Set<number>()
  fc.assert(
    fc.property(id<PublicKey>(), id<PublicKey>(), (grantPub, sessionPub) => {
      expect(sessionIdOf(sessionPub)).toHaveLength(22)
      const clientId = clientIdOf(ours.docId, grantPub, sessionPub)
      expect(Number.isSafeInteger(clientId) && clientId >= 0).toBe(true)
      // Another grant's session, or another document's, is another client even under the same key.
      expect(clientIdOf(ours.docId, sessionPub, sessionPub)).not.toBe(clientId)
      numbers.add(clientId)
    }),
    runs(100),
  )
  expect(Math.max(...numbers)).toBeGreaterThan(2 ** 45) // all 53 bits are used
})
