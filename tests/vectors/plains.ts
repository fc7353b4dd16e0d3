// Vectors of what is inside a sealed body, and of the bytes that carry everything: numbers, ids, padding, keys.
import { encodeBase64url } from "../../src/bytes/base64url"
import { type EnvelopeId, idBytes, type SessionId } from "../../src/bytes/ids"
import { paddedLength } from "../../src/bytes/padding"
import { concat, Writer } from "../../src/bytes/writer"
import { H, kdf, labelledHash } from "../../src/crypto/hash"
import { grantBoxKey, grantSigningSeed, seal } from "../../src/crypto/sealing"
import { signingKey } from "../../src/crypto/signing"
import { clientIdOf, sessionIdOf, viewCommitOf } from "../../src/records/certificate"
import { encodePlain, type Plain } from "../../src/records/plain"
import {
  chance,
  grant,
  grantKey,
  grantSecret,
  ours,
  patched,
  secret,
  sessionKey,
  toHex,
  type Verdict,
  viewKey,
} from "./world"

interface PlainVector {
  readonly name: string
  readonly bytes: string
  readonly expect: Verdict
  readonly plain?: {
    payload: string
    deps: { sessionId: string; seq: number; id: string }[]
    lamport: number
    at: number
  }
}

const head = (name: string, seq: number) => ({
  sessionId: encodeBase64url(secret(name).subarray(0, 16)) as SessionId,
  seq,
  id: encodeBase64url(secret(`id ${name}`)) as EnvelopeId,
})

function padded(bytes: Uint8Array, length = paddedLength(bytes.length)): Uint8Array {
  return concat(bytes, new Uint8Array(length - bytes.length))
}

export function plainVectors(): PlainVector[] {
  const vectors: PlainVector[] = []
  const good = (name: string, plain: Plain) => {
    const deps = plain.deps.map(dep => ({
      sessionId: toHex(idBytes(dep.sessionId)),
      seq: dep.seq,
      id: toHex(idBytes(dep.id)),
    }))
    const { lamport, at } = plain
    vectors.push({
      name,
      bytes: toHex(encodePlain(plain)),
      expect: "good",
      plain: { payload: toHex(plain.payload), deps, lamport, at },
    })
  }
  const bad = (name: string, bytes: Uint8Array) =>
    vectors.push({ name, bytes: toHex(bytes), expect: "format" })
  const payload = secret("a payload")
  const small = { payload, deps: [], lamport: 1, at: 1_700_000_000_000 }
  good("empty, as in a session's opening", { payload: new Uint8Array(0), deps: [], lamport: 0, at: 0 })
  good("a payload", small)
  good("a payload and two dependencies", { ...small, deps: [head("one", 7), head("two", 300)] })
  good("numbers up to 2^53 - 1", { ...small, lamport: Number.MAX_SAFE_INTEGER, at: Number.MAX_SAFE_INTEGER })
  good("exactly 128 bytes before padding", { ...small, payload: new Uint8Array(128 - 11).fill(7) })
  good("129 bytes before padding", { ...small, payload: new Uint8Array(129 - 11).fill(7) })
  good("over 4 KiB: Padmé", { ...small, payload: new Uint8Array(5_000).fill(9) })

  const plain = encodePlain(small)
  const content = (codec: number, deps: (writer: Writer) => Writer) =>
    deps(new Writer().byte(codec).block(payload)).number(1).number(1).end()
  const oneDep = (seq: number[]) => (writer: Writer) =>
    writer.number(1).bytes(secret("one").subarray(0, 16)).bytes(Uint8Array.from(seq)).bytes(secret("id one"))
  bad("empty", new Uint8Array(0))
  bad("one byte short", plain.slice(0, -1))
  bad("codec 2", padded(content(2, writer => writer.number(0))))
  bad("a padding byte that is not zero, the last", patched(plain, plain.length - 1, 1, 1))
  bad("a padding byte that is not zero, the first", patched(plain, 43, 1, 1))
  bad("padded to 256 where 128 are enough", padded(plain, 256))
  bad("not padded", plain.slice(0, 43))
  bad("padded to 64", plain.slice(0, 64))
  bad("a payload longer than the whole", patched(plain, 1, 1, 0x80, 0x02))
  bad("a payload over 4 MiB claimed", patched(plain, 1, 1, 0x81, 0x80, 0x80, 0x02))
  bad("the payload's length as a0 00", patched(plain, 1, 1, 0xa0, 0x00))
  bad("100,001 dependencies claimed", padded(content(1, writer => writer.number(100_001))))
  bad(
    "3 dependencies claimed, 1 there",
    padded(
      content(1, writer =>
        writer.number(3).bytes(secret("one").subarray(0, 16)).number(1).bytes(secret("id one")),
      ),
    ),
  )
  bad("a dependency's seq as 81 00", padded(content(1, oneDep([0x81, 0]))))
  bad(
    "two dependencies of one session",
    padded(
      content(1, writer =>
        writer
          .number(2)
          .bytes(secret("one").subarray(0, 16))
          .number(1)
          .bytes(secret("id one"))
          .bytes(secret("one").subarray(0, 16))
          .number(2)
          .bytes(secret("id two")),
      ),
    ),
  )
  bad(
    "a lamport time of 2^53",
    padded(
      concat(
        new Writer().byte(1).block(payload).number(0).end(),
        Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0),
      ),
    ),
  )
  return vectors
}

/** Numbers as LEB128: good ones with their value, others refused. */
export function numberVectors() {
  const good = [0, 1, 127, 128, 300, 16_383, 16_384, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER].map(
    value => ({
      bytes: toHex(new Writer().number(value).end()),
      value,
    }),
  )
  const bad = [
    "",
    "80",
    "8000",
    "ff00",
    "808000",
    "8080808080808010",
    "ffffffffffffffff7f",
    "ffffffffffffffff",
  ]
  return { good, refused: bad }
}

/** Lengths before and after padding. */
export function paddingVectors() {
  const lengths = [
    0, 1, 127, 128, 129, 256, 257, 1_000, 1_025, 2_049, 4_095, 4_096, 4_097, 5_000, 8_192, 8_193, 65_535,
    65_537, 1_000_000, 4_194_304, 4_194_305,
  ]
  return lengths.map(length => ({ length, padded: paddedLength(length) }))
}

/** Hashes, derived keys, ids, and one body sealed. */
export function keyVectors() {
  const secretOfBea = grantSecret("bea")
  const { capsule } = grant("bea", "edit")
  const session = sessionKey("first").publicKey
  const plain = encodePlain({ payload: secret("a payload"), deps: [], lamport: 1, at: 2 })
  const envelopeKey = kdf(
    "env",
    viewKey,
    idBytes(ours.docId),
    Uint8Array.of(0),
    idBytes(ours.epochHash),
    idBytes(sessionIdOf(session)),
  )
  return {
    hash: { bytes: toHex(secret("x")), H: toHex(H(secret("x"))) },
    labelledHash: { label: "doc", bytes: toHex(secret("x")), hash: toHex(labelledHash("doc", secret("x"))) },
    kdf: {
      label: "env",
      key: toHex(secret("k")),
      parts: ["", toHex(secret("part"))],
      derived: toHex(kdf("env", secret("k"), new Uint8Array(0), secret("part"))),
    },
    grant: {
      secret: toHex(secretOfBea),
      signingSeed: toHex(grantSigningSeed(secretOfBea)),
      grantPub: toHex(idBytes(grantKey("bea").publicKey)),
      boxPub: toHex(grantBoxKey(secretOfBea).publicKey),
      capsule: toHex(capsule ?? new Uint8Array(0)),
      viewKey: toHex(viewKey),
      viewCommit: toHex(viewCommitOf(viewKey)),
    },
    session: {
      docId: toHex(idBytes(ours.docId)),
      grantPub: toHex(idBytes(grantKey("bea").publicKey)),
      sessionSeed: toHex(secret("session first")),
      sessionPub: toHex(idBytes(signingKey(secret("session first")).publicKey)),
      sessionId: toHex(idBytes(sessionIdOf(session))),
      clientId: String(clientIdOf(ours.docId, grantKey("bea").publicKey, session)),
    },
    body: {
      viewKey: toHex(viewKey),
      docId: toHex(idBytes(ours.docId)),
      channel: 0,
      epoch: toHex(idBytes(ours.epochHash)),
      sessionId: toHex(idBytes(sessionIdOf(session))),
      key: toHex(envelopeKey),
      plain: toHex(plain),
      sealed: toHex(seal(plain, envelopeKey, chance("nonce of a body"))),
    },
  }
}
