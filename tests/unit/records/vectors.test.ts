// The vectors of tests/vectors, read from their files the way another implementation would read them: the program
// gives each the verdict that stands beside it.
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { encodeBase64url } from "../../../src/bytes/base64url"
import { FormatError, NewerVersionError, RefusedError } from "../../../src/bytes/errors"
import { type DocId, idBytes, type PublicKey, type SessionId } from "../../../src/bytes/ids"
import { paddedLength } from "../../../src/bytes/padding"
import { Reader } from "../../../src/bytes/reader"
import { Writer } from "../../../src/bytes/writer"
import { H, kdf, labelledHash } from "../../../src/crypto/hash"
import { grantBoxKey, grantSigningSeed, open, openCapsule } from "../../../src/crypto/sealing"
import { createVerify, type SignatureKind, signingKey, webCryptoVerify } from "../../../src/crypto/signing"
import { blobIdOf, decodeChunkList } from "../../../src/records/blob"
import {
  clientIdOf,
  decodeEpoch,
  decodeGrantCertificate,
  decodeSeat,
  sessionIdOf,
  viewCommitOf,
} from "../../../src/records/certificate"
import { Certificates } from "../../../src/records/certificates"
import { readEnvelope, type Session } from "../../../src/records/envelope"
import { typeOf } from "../../../src/records/layout"
import { decodeNotes, encodeNotes } from "../../../src/records/note"
import { decodePlain, encodePlain } from "../../../src/records/plain"
import { type BlobHead, parseReference } from "../../../src/replica/blob"
import { readBlob } from "../../vectors/blobs"
import { plainNotes } from "../../vectors/notes"
import { publicKeyOf } from "../../vectors/signatures"
import { fromHex, toHex } from "../../vectors/world"

const verifiers = { tweetnacl: await createVerify(null), WebCrypto: await createVerify(webCryptoVerify) }
const verify = verifiers.WebCrypto

interface Given {
  readonly records: Readonly<Record<string, string>>
}

function load<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), "utf8")) as T
}

/** How bytes were turned away, in the words of the vectors. What is neither a form nor a refusal is a bug. */
function verdictOf(error: unknown): string {
  if (error instanceof NewerVersionError) return "newer"
  if (error instanceof FormatError) return "format"
  if (error instanceof RefusedError) return error.reason
  throw error
}

async function verdict(read: () => unknown): Promise<string> {
  try {
    const answer = await read()
    return answer === "known" ? "known" : "good"
  } catch (error) {
    return verdictOf(error)
  }
}

function record(given: Given, name: string): Uint8Array {
  const text = given.records[name]
  if (text === undefined) throw new Error(`no record is called ${name}`)
  return fromHex(text)
}

async function certificatesOf(given: Given, names: readonly string[]): Promise<Certificates> {
  const [genesis, ...others] = names.map(name => record(given, name))
  if (!genesis) throw new Error("a genesis must be given")
  const certificates = await Certificates.found(genesis, verify)
  for (const bytes of others) await certificates.add(bytes)
  return certificates
}

const signatures = load<{
  vectors: {
    name: string
    kind: SignatureKind
    publicKey: string
    bytes: string
    signature: string
    good: boolean
  }[]
}>("signatures.json")

for (const [verifier, check] of Object.entries(verifiers))
  describe(`a signature, checked by ${verifier}`, () => {
    test.each(signatures.vectors)("$name: $good", async vector => {
      const { kind, publicKey, bytes, signature, good } = vector
      expect(await check(kind, publicKeyOf(fromHex(publicKey)), fromHex(bytes), fromHex(signature))).toBe(
        good,
      )
    })
  })

const certificates = load<
  Given & { vectors: { name: string; given: string[]; bytes: string; expect: string; id?: string }[] }
>("certificates.json")

describe("a certificate that arrives", () => {
  test.each(certificates.vectors)("$name: $expect", async vector => {
    const bytes = fromHex(vector.bytes)
    if (vector.given.length === 0) {
      expect(await verdict(() => Certificates.found(bytes, verify))).toBe(vector.expect)
    } else {
      const known = await certificatesOf(certificates, vector.given)
      const before = known.all().length
      expect(await verdict(() => known.add(bytes))).toBe(vector.expect)
      expect(known.all().length).toBe(before + (vector.expect === "good" ? 1 : 0))
    }
    if (vector.id !== undefined) expect(hashOf(bytes)).toBe(vector.id)
  })
})

function hashOf(bytes: Uint8Array): string | undefined {
  const type = typeOf(bytes)
  if (type === "epoch") return toHex(idBytes(decodeEpoch(bytes).hash))
  if (type === "grant") return toHex(idBytes(decodeGrantCertificate(bytes).hash))
  if (type === "seat") return toHex(idBytes(decodeSeat(bytes).hash))
  return toHex(labelledHash("doc", bytes.subarray(0, -64)))
}

const envelopes = load<
  Given & {
    vectors: {
      name: string
      opened: string[]
      bytes: string
      expect: string
      id?: string
      sessionId?: string
      clientId?: string
    }[]
  }
>("envelopes.json")

const known = await certificatesOf(envelopes, Object.keys(envelopes.records))

describe("an envelope that arrives", () => {
  test.each(envelopes.vectors)("$name: $expect", async vector => {
    const sessions = new Map<SessionId, Session>()
    const world = {
      certificates: known,
      session: (id: SessionId) => sessions.get(id) ?? null,
      isAdopted: () => false,
    }
    for (const opened of vector.opened) {
      const { session } = await readEnvelope(fromHex(opened), world, verify)
      sessions.set(session.sessionId, session)
    }
    expect(await verdict(() => readEnvelope(fromHex(vector.bytes), world, verify))).toBe(vector.expect)
    if (vector.id === undefined) return
    const { id, session } = await readEnvelope(fromHex(vector.bytes), world, verify)
    expect(toHex(idBytes(id))).toBe(vector.id)
    expect(toHex(idBytes(session.sessionId))).toBe(vector.sessionId)
    expect(String(session.clientId)).toBe(vector.clientId)
  })
})

const plains = load<{
  vectors: {
    name: string
    bytes: string
    expect: string
    plain?: {
      payload: string
      deps: { sessionId: string; seq: number; id: string }[]
      lamport: number
      at: number
    }
  }[]
}>("plains.json")

describe("what a body opens to", () => {
  test.each(plains.vectors)("$name: $expect", async vector => {
    const bytes = fromHex(vector.bytes)
    expect(await verdict(() => decodePlain(bytes))).toBe(vector.expect)
    if (!vector.plain) return
    const { payload, deps, lamport, at } = decodePlain(bytes)
    const heads = deps.map(dep => ({
      sessionId: toHex(idBytes(dep.sessionId)),
      seq: dep.seq,
      id: toHex(idBytes(dep.id)),
    }))
    expect({ payload: toHex(payload), deps: heads, lamport, at }).toEqual(vector.plain)
    expect(toHex(encodePlain({ payload, deps, lamport, at }))).toBe(vector.bytes)
  })
})

const notes = load<{ vectors: { name: string; bytes: string; expect: string; notes?: unknown[] }[] }>(
  "notes.json",
)

describe("notes", () => {
  test.each(notes.vectors)("$name: $expect", async vector => {
    const bytes = fromHex(vector.bytes)
    expect(await verdict(() => decodeNotes(bytes))).toBe(vector.expect)
    if (!vector.notes) return
    expect(plainNotes(decodeNotes(bytes))).toEqual(vector.notes)
    expect(toHex(encodeNotes(decodeNotes(bytes)))).toBe(vector.bytes)
  })
})

const blobs = load<{
  vectors: {
    name: string
    reference: string
    pieces: string[]
    head: (Omit<BlobHead, "likeness"> & { likeness: { type: string; bytes: string } | null }) | null
    content: string | null
  }[]
}>("blobs.json")

describe("what a blob is to whoever has its key", () => {
  test.each(blobs.vectors)("$name", async ({ reference, pieces, head, content }) => {
    const parsed = parseReference(reference)
    if (!parsed) throw new Error("the vector's reference is none")
    const bytes = pieces.map(fromHex)
    expect(blobIdOf(bytes[0] ?? new Uint8Array(0))).toBe(parsed.blobId)
    const read = await readBlob(parsed.key, bytes)
    expect(read && toHex(read.content)).toBe(content)
    const likeness = read?.head.likeness ?? null
    expect(
      read && { ...read.head, likeness: likeness && { ...likeness, bytes: toHex(likeness.bytes) } },
    ).toEqual(head)
    if (read)
      expect(decodeChunkList(bytes[0] ?? new Uint8Array(0))).toEqual(bytes.slice(1).map(chunk => H(chunk)))
  })
})

const basics = load<{
  numbers: { good: { bytes: string; value: number }[]; refused: string[] }
  padding: { length: number; padded: number }[]
  keys: {
    hash: Record<"bytes" | "H", string>
    labelledHash: Record<"label" | "bytes" | "hash", string>
    kdf: { label: string; key: string; parts: string[]; derived: string }
    grant: Record<
      "secret" | "signingSeed" | "grantPub" | "boxPub" | "capsule" | "viewKey" | "viewCommit",
      string
    >
    session: Record<"docId" | "grantPub" | "sessionSeed" | "sessionPub" | "sessionId" | "clientId", string>
    body: { viewKey: string; docId: string; channel: number; epoch: string; sessionId: string } & Record<
      "key" | "plain" | "sealed",
      string
    >
  }
}>("basics.json")

describe("numbers", () => {
  test.each(basics.numbers.good)("$bytes is $value", ({ bytes, value }) => {
    expect(toHex(new Writer().number(value).end())).toBe(bytes)
    expect(new Reader(fromHex(bytes)).number("a number")).toBe(value)
  })
  test.each(basics.numbers.refused)("%s is no number", bytes => {
    expect(() => new Reader(fromHex(bytes)).number("a number")).toThrow(FormatError)
  })
})

test.each(basics.padding)("$length bytes are padded to $padded", ({ length, padded }) => {
  expect(paddedLength(length)).toBe(padded)
})

describe("keys and hashes", () => {
  const { hash, labelledHash: labelled, kdf: derived, grant, session, body } = basics.keys
  test("H, a labelled hash and a derived key", () => {
    expect(toHex(H(fromHex(hash.bytes)))).toBe(hash.H)
    expect(toHex(labelledHash(labelled.label, fromHex(labelled.bytes)))).toBe(labelled.hash)
    expect(toHex(kdf(derived.label, fromHex(derived.key), ...derived.parts.map(fromHex)))).toBe(
      derived.derived,
    )
  })
  test("a grant's two keys derive from its secret and open its capsule to the key that the epoch commits to", () => {
    const box = grantBoxKey(fromHex(grant.secret))
    expect(toHex(grantSigningSeed(fromHex(grant.secret)))).toBe(grant.signingSeed)
    expect(toHex(idBytes(signingKey(fromHex(grant.signingSeed)).publicKey))).toBe(grant.grantPub)
    expect(toHex(box.publicKey)).toBe(grant.boxPub)
    const viewKey = openCapsule(fromHex(grant.capsule), box)
    expect(viewKey && toHex(viewKey)).toBe(grant.viewKey)
    expect(toHex(viewCommitOf(fromHex(grant.viewKey)))).toBe(grant.viewCommit)
  })
  test("a session's id and the number that Yjs knows it by", () => {
    const sessionPub = encodeBase64url(fromHex(session.sessionPub)) as PublicKey
    const grantPub = encodeBase64url(fromHex(session.grantPub)) as PublicKey
    const docId = encodeBase64url(fromHex(session.docId)) as DocId
    expect(signingKey(fromHex(session.sessionSeed)).publicKey).toBe(sessionPub)
    expect(toHex(idBytes(sessionIdOf(sessionPub)))).toBe(session.sessionId)
    expect(String(clientIdOf(docId, grantPub, sessionPub))).toBe(session.clientId)
  })
  test("a body opens under the key of its document, channel, epoch and session", () => {
    const parts = [
      fromHex(body.docId),
      Uint8Array.of(body.channel),
      fromHex(body.epoch),
      fromHex(body.sessionId),
    ]
    const key = kdf("env", fromHex(body.viewKey), ...parts)
    expect(toHex(key)).toBe(body.key)
    const plain = open(fromHex(body.sealed), key)
    expect(plain && toHex(plain)).toBe(body.plain)
    const elsewhere = kdf(
      "env",
      fromHex(body.viewKey),
      ...parts.slice(0, 1),
      Uint8Array.of(1),
      ...parts.slice(2),
    )
    expect(open(fromHex(body.sealed), elsewhere)).toBeNull()
  })
})

test("there are vectors for every reason that a record can be refused for", () => {
  const said = new Set([...certificates.vectors, ...envelopes.vectors].map(vector => vector.expect))
  expect([...said].sort()).toEqual(
    [
      "bad-body-hash",
      "bad-certificate",
      "bad-signature",
      "format",
      "good",
      "known",
      "newer",
      "no-right",
      "too-large",
      "unknown-epoch",
      "unknown-grant",
      "unknown-seat",
      "unknown-session",
      "wrong-document",
    ].sort(),
  )
})
