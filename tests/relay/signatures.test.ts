// The relay's fast ways of checking and signing say exactly what the base says.
import fc from "fast-check"
import { expect, test } from "vitest"
import { type DocId, idOf } from "../../src/bytes/ids"
import { createVerify, type SignatureKind, sign, signingKey } from "../../src/crypto/signing"
import { decodeSeat, encodeSeat } from "../../src/records/certificate"
import { createSigner } from "../../src/relay/signer"
import { createNodeVerify } from "../../src/relay/verify"
import { chance } from "../unit/sync/world"

const key = signingKey(chance(1)(32))
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

test("it signs what the base signs, byte for byte", () => {
  const signer = createSigner(key)
  const kinds = fc.constantFrom<SignatureKind>("proof", "stored", "seat")
  fc.assert(
    fc.property(kinds, fc.uint8Array({ maxLength: 300 }), (kind, bytes) => {
      expect(signer.sign(kind, bytes)).toEqual(sign(kind, bytes, key))
    }),
    { numRuns: 20, seed: 20_261_123 },
  )
})

test("its seat certificates are those that everybody makes", () => {
  const signer = createSigner(key)
  fc.assert(
    fc.property(bytes32, bytes => {
      const docId = idOf<DocId>(bytes)
      const made = signer.seatCertificate(docId)
      expect(made).toEqual(encodeSeat({ docId, seatPub: key.publicKey, claimHash: null }, key))
      expect(decodeSeat(made)).toMatchObject({ docId, grantPub: key.publicKey, seatPub: key.publicKey })
    }),
    { numRuns: 10, seed: 20_261_124 },
  )
})

test("it believes what the base believes, also when it remembers fewer keys than there are", async () => {
  const [base, fast] = [await createVerify(null), await createVerify(createNodeVerify(2))]
  const keys = [3, 4, 5].map(seed => signingKey(chance(seed)(32)))
  const message = chance(6)(40)
  let believed = 0
  for (const signer of keys) {
    for (const flipped of [null, 0, 31, 32, 63]) {
      const signature = sign("env", message, signer)
      if (flipped !== null) signature[flipped] = (signature[flipped] ?? 0) ^ 1
      for (const { publicKey } of keys) {
        const expected = await base("env", publicKey, message, signature)
        expect(await fast("env", publicKey, message, signature)).toBe(expected)
        if (expected) believed++
      }
    }
  }
  expect(believed).toBe(keys.length)
})
