import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { FormatError } from "../../../src/bytes/errors"
import { digest, H, kdf, labelledHash } from "../../../src/crypto/hash"
import {
  CAPSULE_BYTES,
  grantBoxKey,
  grantSigningSeed,
  KEY_BYTES,
  NONCE_BYTES,
  open,
  openCapsule,
  SEAL_OVERHEAD_BYTES,
  seal,
  sealCapsule,
} from "../../../src/crypto/sealing"
import { chance, secret } from "../../vectors/world"
import { runs } from "../chance"

const anyBytes = fc.uint8Array({ maxLength: 500 })
const key = secret("a key")

describe("hashes", () => {
  test("H is SHA-512 cut to 32 bytes, of one part or of many", () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        const whole = Uint8Array.from([...a, ...b])
        const sha = createHash("sha512").update(whole).digest().subarray(0, 32)
        expect(Buffer.from(H(whole))).toEqual(sha)
        expect(H(a, b)).toEqual(H(whole))
      }),
      runs(100),
    )
  })

  test("the digest of large bytes is H, whoever computes it", async () => {
    for (const length of [0, 1, 32 * 1024 - 1, 32 * 1024, 300_001]) {
      const bytes = new Uint8Array(length).fill(length & 255)
      expect(await digest(bytes)).toEqual(H(bytes))
    }
  })

  test("a label keeps one use apart from another, and so do the lengths of a key's parts", () => {
    const part = (text: string) => new TextEncoder().encode(text)
    expect(labelledHash("doc", key)).not.toEqual(labelledHash("sid", key))
    expect(kdf("env", key)).not.toEqual(kdf("back", key))
    expect(kdf("env", key, part("ab"), part("c"))).not.toEqual(kdf("env", key, part("a"), part("bc")))
    expect(kdf("env", key, part(""))).not.toEqual(kdf("env", key))
  })

  test("no label is used for two things", () => {
    const source = new URL("../../../src/", import.meta.url)
    const uses = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter(path => /\.tsx?$/.test(path))
      .flatMap(path => [
        ...withoutComments(readFileSync(new URL(path, source), "utf8")).matchAll(
          /\b(?:kdf|labelledHash)\(\s*"([^"]+)"/g,
        ),
      ])
      .map(match => match[1] ?? "")
    expect(uses.length).toBeGreaterThan(4)
    expect(uses.filter((label, at) => uses.indexOf(label) !== at)).toEqual([])
    expect(uses.filter(label => !/^[a-z-]+$/.test(label))).toEqual([])
  })
})

describe("what is sealed", () => {
  test("opens under its key and under no other", () => {
    fc.assert(
      fc.property(anyBytes, plain => {
        const sealed = seal(plain, key, chance("a nonce"))
        expect(sealed).toHaveLength(plain.length + SEAL_OVERHEAD_BYTES)
        expect(open(sealed, key)).toEqual(plain)
        expect(open(sealed, secret("another key"))).toBeNull()
      }),
      runs(100),
    )
  })

  test("does not open with any one bit turned, nor cut short", () => {
    const sealed = seal(secret("plain"), key, chance("a nonce"))
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const turned = sealed.slice()
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(open(turned, key)).toBeNull()
    }
    for (let length = 0; length < sealed.length; length++)
      expect(open(sealed.slice(0, length), key)).toBeNull()
  })

  test("says nothing twice: each sealing draws its nonce", () => {
    const random = chance("nonces")
    expect(seal(key, key, random).slice(0, NONCE_BYTES)).not.toEqual(
      seal(key, key, random).slice(0, NONCE_BYTES),
    )
  })
})

describe("a capsule", () => {
  const box = grantBoxKey(secret("a grant"))

  test("opens for the grant it is for", () => {
    const capsule = sealCapsule(key, box.publicKey, chance("a capsule"))
    expect(capsule).toHaveLength(CAPSULE_BYTES)
    expect(openCapsule(capsule, box)).toEqual(key)
    expect(openCapsule(capsule, grantBoxKey(secret("another grant")))).toBeNull()
  })

  test("does not open with a byte changed, nor at another length", () => {
    const capsule = sealCapsule(key, box.publicKey, chance("a capsule"))
    for (let at = 0; at < capsule.length; at++)
      expect(
        openCapsule(
          capsule.map((byte, index) => (index === at ? byte ^ 2 : byte)),
          box,
        ),
      ).toBeNull()
    expect(openCapsule(capsule.slice(1), box)).toBeNull()
    expect(openCapsule(new Uint8Array(0), box)).toBeNull()
  })

  test("is not made for a key of small order, which everybody could open", () => {
    const one = Uint8Array.of(1, ...new Uint8Array(31))
    for (const boxPub of [new Uint8Array(KEY_BYTES), one])
      expect(() => sealCapsule(key, boxPub, chance("a capsule"))).toThrow(FormatError)
  })
})

test("a grant's signing seed and its box key are two secrets", () => {
  const secretOfGrant = secret("a grant")
  expect(grantSigningSeed(secretOfGrant)).toHaveLength(KEY_BYTES)
  expect(grantSigningSeed(secretOfGrant)).not.toEqual(grantBoxKey(secretOfGrant).secret)
  expect(grantSigningSeed(secretOfGrant)).not.toEqual(grantSigningSeed(secret("another grant")))
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
}
