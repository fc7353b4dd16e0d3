// What stands when admins took something back: the vectors of weighing.json, each in many orders of arrival. What is
// refused for want of what it rests on is brought again, as the conversation does.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { RefusedError } from "../../../src/bytes/errors"
import type { CertificateHash, PublicKey, SessionId } from "../../../src/bytes/ids"
import { createVerify, webCryptoVerify } from "../../../src/crypto/signing"
import { Certificates } from "../../../src/records/certificates"
import type { WeighingVector } from "../../vectors/weighing"
import { fromHex } from "../../vectors/world"
import { runs } from "../chance"

const verify = await createVerify(webCryptoVerify)
const file = join(import.meta.dirname, "../../vectors/weighing.json")
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { vectors: WeighingVector[] }

async function arrive(genesis: Uint8Array, records: readonly Uint8Array[]): Promise<Certificates> {
  const certificates = await Certificates.found(genesis, verify)
  let waiting = [...records]
  while (waiting.length > 0) {
    const refused: Uint8Array[] = []
    for (const bytes of waiting) {
      try {
        await certificates.add(bytes)
      } catch (error) {
        if (!(error instanceof RefusedError) || !error.reason.startsWith("unknown")) throw error
        refused.push(bytes)
      }
    }
    if (refused.length === waiting.length) throw new Error("what was refused rests on nothing")
    waiting = refused
  }
  return certificates
}

function verdictOf(certificates: Certificates, { extents }: WeighingVector) {
  return {
    heads: certificates.heads.map(({ hash }) => hash),
    void: certificates
      .epochs()
      .map(({ hash }) => hash)
      .filter(hash => !certificates.stands(hash))
      .sort(),
    listed: Object.fromEntries(certificates.grants().map(({ grantPub, role }) => [grantPub, role])),
    extents: extents.map(each => {
      const { last } = certificates.extentOf({
        grantPub: each.grantPub as PublicKey,
        epoch: each.epoch as CertificateHash,
        sessionId: each.sessionId as SessionId,
      })
      return { ...each, last: Number.isFinite(last) ? last : null }
    }),
  }
}

describe("what was taken back", () => {
  test.each(vectors)("$name", async vector => {
    const { name: _, records, ...expected } = vector
    const [genesis = new Uint8Array(0), ...rest] = records.map(fromHex)
    expect(verdictOf(await arrive(genesis, rest), vector)).toEqual(expected)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rest, { minLength: rest.length }), async order => {
        expect(verdictOf(await arrive(genesis, order), vector)).toEqual(expected)
      }),
      runs(10),
    )
  })

  test.each(vectors)("and another can add all of it in the order it is given: $name", async vector => {
    const [genesis = new Uint8Array(0), ...rest] = vector.records.map(fromHex)
    const known = await arrive(genesis, [...rest].reverse())
    const other = await Certificates.found(genesis, verify)
    for (const bytes of known.all()) await other.add(bytes)
    expect(verdictOf(other, vector)).toEqual(verdictOf(known, vector))
  })
})
