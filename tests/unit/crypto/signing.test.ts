import { createPublicKey, verify as nodeVerify } from "node:crypto"
import fc from "fast-check"
import nacl from "tweetnacl"
import { describe, expect, test, vi } from "vitest"
import { encodeBase64url } from "../../../src/bytes/base64url"
import { idBytes } from "../../../src/bytes/ids"
import { agreesWithBase } from "../../../src/crypto/agreement"
import { H } from "../../../src/crypto/hash"
import {
  createVerify,
  createWebCryptoVerify,
  deriveSigningKeys,
  type Ed25519Verify,
  SIGNATURE_BYTES,
  sign,
  signingKey,
  tweetnaclVerify,
  webCryptoVerify,
} from "../../../src/crypto/signing"
import { isStrictPoint, isStrictSignature } from "../../../src/crypto/strict"
import { publicKeyOf } from "../../vectors/signatures"
import { runs } from "../chance"
import {
  add,
  BASE,
  challenge,
  encodePoint,
  L,
  multiply,
  pointOf,
  scalarBytes,
  scalarOf,
  secretScalar,
  signOddly,
  TORSION,
} from "./curve"

/** OpenSSL, as the relay uses it. */
const opensslVerify: Ed25519Verify = (message, signature, publicKey) => {
  const x = Buffer.from(publicKey).toString("base64url")
  return nodeVerify(
    null,
    message,
    createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }),
    signature,
  )
}

const seedBytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
const anyBytes = fc.uint8Array({ maxLength: 200 })
const key = signingKey(new Uint8Array(32).fill(3))

describe("a signature", () => {
  test("is good for its kind, its bytes and its key, and for nothing else", async () => {
    const verify = await createVerify(webCryptoVerify)
    await fc.assert(
      fc.asyncProperty(seedBytes, anyBytes, fc.integer({ min: 0, max: 511 }), async (seed, bytes, bit) => {
        const signer = signingKey(seed)
        const signature = sign("env", bytes, signer)
        expect(signature).toHaveLength(SIGNATURE_BYTES)
        expect(await verify("env", signer.publicKey, bytes, signature)).toBe(true)
        expect(await verify("session", signer.publicKey, bytes, signature)).toBe(false)
        expect(await verify("env", signer.publicKey, H(bytes), signature)).toBe(false)
        expect(await verify("env", key.publicKey, bytes, signature)).toBe(false)
        const turned = signature.slice()
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(await verify("env", signer.publicKey, bytes, turned)).toBe(false)
      }),
      runs(30),
    )
  })

  test("is the same every time: a seat makes its certificate anew and gets the same bytes", () => {
    expect(sign("seat", Uint8Array.of(1), key)).toEqual(sign("seat", Uint8Array.of(1), key))
  })
})

describe("a key pair", () => {
  const seed = (first: number) => new Uint8Array(32).fill(first)

  test("is what tweetnacl derives, whoever derived it, and derived once", async () => {
    const seeds = [1, 2, 3].map(seed)
    await deriveSigningKeys(seeds)
    for (const each of seeds) {
      const { publicKey, secretKey } = nacl.sign.keyPair.fromSeed(each)
      const pair = signingKey(each)
      expect(idBytes(pair.publicKey)).toEqual(publicKey)
      expect(pair.secret).toEqual(secretKey)
      expect(signingKey(each.slice())).toBe(pair)
    }
  })

  test("is had where the platform cannot derive it, or derives another", async () => {
    const { subtle } = crypto
    const none = vi.spyOn(subtle, "importKey").mockRejectedValue(new DOMException("no", "NotSupportedError"))
    await deriveSigningKeys([seed(4)])
    none.mockRestore()
    const wrong = vi.spyOn(subtle, "exportKey").mockResolvedValue({ x: encodeBase64url(seed(0)) })
    await deriveSigningKeys([seed(5)])
    wrong.mockRestore()
    for (const each of [seed(4), seed(5)])
      expect(signingKey(each).secret).toEqual(nacl.sign.keyPair.fromSeed(each).secretKey)
  })
})

describe("tweetnacl, WebCrypto and OpenSSL say the same", () => {
  const strict = async (bare: Ed25519Verify) => {
    const verify = await createVerify(bare)
    // Not the fallback: the self-test must have let it in.
    expect(await agreesWithBase(bare)).toBe(true)
    return verify
  }

  test("about honest and about damaged signatures", async () => {
    const verifiers = await Promise.all([tweetnaclVerify, webCryptoVerify, opensslVerify].map(strict))
    await fc.assert(
      fc.asyncProperty(seedBytes, anyBytes, fc.integer({ min: -1, max: 95 }), async (seed, bytes, at) => {
        const signer = signingKey(seed)
        const publicKey = idBytes(signer.publicKey)
        const signature = sign("env", bytes, signer)
        // One byte of the key or of the signature, or none.
        if (at >= 64) publicKey[at - 64] = (publicKey[at - 64] ?? 0) ^ 0x11
        else if (at >= 0) signature[at] = (signature[at] ?? 0) ^ 0x11
        const verdicts = await Promise.all(
          verifiers.map(verify => verify("env", publicKeyOf(publicKey), bytes, signature)),
        )
        expect(verdicts).toEqual(Array(3).fill(at < 0))
      }),
      runs(40),
    )
  })

  test("about keys and nonces with any part of small order", async () => {
    const verifiers = await Promise.all([tweetnaclVerify, webCryptoVerify, opensslVerify].map(strict))
    const order = fc.bigInt({ min: 0n, max: 7n })
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 1n, max: L - 1n }), order, order, async (nonce, ofKey, ofR) => {
        const scalar = secretScalar(new Uint8Array(32).fill(3))
        const publicKey = encodePoint(add(pointOf(idBytes(key.publicKey)), multiply(TORSION, ofKey)))
        const message = Uint8Array.from([
          ...new TextEncoder().encode("sheaf/1/env\0"),
          ...H(Uint8Array.of(5)),
        ])
        const signature = signOddly(message, scalar, publicKey, nonce, multiply(TORSION, ofR))
        const verdicts = await Promise.all(
          verifiers.map(verify => verify("env", publicKeyOf(publicKey), Uint8Array.of(5), signature)),
        )
        expect(new Set(verdicts).size).toBe(1)
        if (ofKey === 0n) expect(verdicts[0]).toBe(ofR === 0n)
      }),
      runs(24),
    )
  })
})

describe("the one function that checks", () => {
  test("uses WebCrypto in this Node", async () => {
    const fast = vi.fn(webCryptoVerify)
    const verify = await createVerify(fast)
    const before = fast.mock.calls.length
    expect(before).toBeGreaterThan(1) // the self-test
    await verify("env", key.publicKey, Uint8Array.of(1), sign("env", Uint8Array.of(1), key))
    expect(fast.mock.calls.length).toBe(before + 1)
  })

  const liars: [string, Ed25519Verify][] = [
    ["says yes to everything", () => true],
    ["says no to everything", () => false],
    ["throws", () => Promise.reject(new DOMException("no Ed25519 here", "NotSupportedError"))],
    ["multiplies by the cofactor", cofactored],
    [
      "looks at a part of the message only",
      (message, signature, publicKey) =>
        tweetnaclVerify(
          message.length === 4 ? Uint8Array.from([0x73, ...message]) : message,
          signature,
          publicKey,
        ),
    ],
  ]
  test.each(liars)("does not use one that %s", async (_, liar) => {
    expect(await agreesWithBase(liar)).toBe(false)
    const verify = await createVerify(liar)
    const good = sign("env", Uint8Array.of(1), key)
    expect(await verify("env", key.publicKey, Uint8Array.of(1), good)).toBe(true)
    expect(await verify("env", key.publicKey, Uint8Array.of(2), good)).toBe(false)
  })

  test("answers, and does not throw, where a verifier that was let in throws later", async () => {
    let calls = 0
    const moody: Ed25519Verify = (...given) => {
      calls++
      if (calls > 20) throw new DOMException("not a point", "DataError")
      return tweetnaclVerify(...given)
    }
    const verify = await createVerify(moody)
    calls = 20
    expect(await verify("env", key.publicKey, Uint8Array.of(1), sign("env", Uint8Array.of(1), key))).toBe(
      true,
    )
    expect(calls).toBe(21)
  })

  test("has read the bytes when it returns: they are the caller's again", async () => {
    for (const bare of [null, webCryptoVerify]) {
      const verify = await createVerify(bare)
      const bytes = Uint8Array.of(1)
      const signature = sign("env", bytes, key)
      const answer = verify("env", key.publicKey, bytes, signature)
      bytes.fill(0)
      signature.fill(0)
      expect(await answer).toBe(true)
    }
  })

  test("imports a key once, and keeps no more than it is told to", async () => {
    const importKey = vi.spyOn(crypto.subtle, "importKey")
    const bare = createWebCryptoVerify(2)
    const keys = [1, 2, 3].map(fill => signingKey(new Uint8Array(32).fill(fill)))
    const imports = async (which: number) => {
      const signer = keys[which] ?? key
      const before = importKey.mock.calls.length
      const message = Uint8Array.of(which)
      // A raw Ed25519 signature of the message, by the way of the curve's own signer.
      const raw = signOddly(
        message,
        secretScalar(new Uint8Array(32).fill(which + 1)),
        idBytes(signer.publicKey),
        9n,
      )
      expect(await bare(message, raw, idBytes(signer.publicKey))).toBe(true)
      return importKey.mock.calls.length - before
    }
    expect([await imports(0), await imports(0), await imports(1)]).toEqual([1, 0, 1])
    expect(await imports(0)).toBe(0) // 0 is the youngest now
    expect(await imports(2)).toBe(1) // and 1 left for 2
    expect([await imports(0), await imports(1)]).toEqual([0, 1])
    importKey.mockRestore()
  })
})

describe("what may be a point", () => {
  test("any that an honest key has", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: L - 1n }), scalar => {
        expect(isStrictPoint(encodePoint(multiply(BASE, scalar)))).toBe(true)
      }),
      runs(20),
    )
  })

  test("none of small order, none above the field's prime, none of another length", () => {
    for (let order = 0n; order < 8n; order++)
      expect(isStrictPoint(encodePoint(multiply(TORSION, order)))).toBe(false)
    for (let above = 2n ** 255n - 19n; above < 2n ** 255n; above++) {
      expect(isStrictPoint(scalarBytes(above))).toBe(false)
      expect(isStrictPoint(scalarBytes(above | (1n << 255n)))).toBe(false)
    }
    expect(isStrictPoint(new Uint8Array(31).fill(7))).toBe(false)
  })

  test("S ends below the group's order", () => {
    const R = encodePoint(BASE)
    expect(isStrictSignature(Uint8Array.from([...R, ...scalarBytes(L - 1n)]))).toBe(true)
    expect(isStrictSignature(Uint8Array.from([...R, ...scalarBytes(L)]))).toBe(false)
  })
})

/** A verifier as RFC 8032 also allows it: both sides multiplied by 8. */
function cofactored(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (tweetnaclVerify(message, signature, publicKey)) return true
  // Moving R or the key by a point of small order changes nothing for it; the vectors of the self-test differ by that.
  return [1n, 2n, 3n, 4n, 5n, 6n, 7n].some(times => {
    const R = signature.subarray(0, 32)
    try {
      const moved = encodePoint(add(pointOf(R), multiply(TORSION, times)))
      const S = signature.subarray(32)
      return holds(message, S, R, moved, publicKey)
    } catch {
      return false // R is no point
    }
  })
}

// S B = moved + H(R, A, M) A, with the hash over the R that was sent.
function holds(
  message: Uint8Array,
  S: Uint8Array,
  R: Uint8Array,
  moved: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  const left = encodePoint(multiply(BASE, scalarOf(S)))
  const times = challenge(R, publicKey, message)
  const right = encodePoint(add(pointOf(moved), multiply(pointOf(publicKey), times)))
  return left.every((byte, at) => byte === right[at])
}
