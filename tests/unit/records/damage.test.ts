// Damage as a law: a record with any one byte changed, cut or added is turned away by name, and nothing else escapes.
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { FormatError, RefusedError } from "../../../src/bytes/errors"
import type { SessionId } from "../../../src/bytes/ids"
import { Certificates } from "../../../src/records/certificates"
import { readEnvelope } from "../../../src/records/envelope"
import { decodePlain, encodePlain } from "../../../src/records/plain"
import { quickSignatures } from "../../quick-signatures"
import { envelope } from "../../vectors/envelope"
import { ours, records, sessionCertificate } from "../../vectors/world"
import { runs } from "../chance"

const verify = await quickSignatures()

describe("any one byte changed, cut or added is turned away by name", () => {
  /** Runs a reader over every such damage of good bytes; what escapes by another name fails the test. */
  async function expectRefusals(good: Uint8Array, read: (bytes: Uint8Array) => unknown, masks = [1, 0x80]) {
    const damaged = [Uint8Array.from([...good, 0]), Uint8Array.from([0, ...good])]
    for (let at = 0; at < good.length; at++) {
      damaged.push(good.slice(0, at), Uint8Array.from([...good.subarray(0, at), ...good.subarray(at + 1)]))
      for (const mask of masks) damaged.push(good.map((byte, index) => (index === at ? byte ^ mask : byte)))
    }
    const reasons = new Set<string>()
    for (const bytes of damaged) {
      if (Buffer.compare(bytes, good) === 0) continue // a byte cut from a run of equal ones and put back by none
      try {
        await read(bytes)
      } catch (error) {
        if (error instanceof RefusedError) reasons.add(error.reason)
        else if (error instanceof FormatError) reasons.add("format")
        else throw error
        continue
      }
      expect.fail(`taken, though damaged: ${Buffer.from(bytes).toString("hex")}`)
    }
    return reasons
  }

  test("a genesis", async () => {
    const reasons = await expectRefusals(ours.genesis, bytes => Certificates.found(bytes, verify))
    expect(reasons).toEqual(new Set(["format", "bad-signature"]))
  })

  test.each(Object.keys(records).filter(name => name !== "genesis"))("the %s", async name => {
    const good = records[name] ?? new Uint8Array(0)
    const known = await Certificates.found(ours.genesis, verify)
    for (const [other, record] of Object.entries(records)) if (other !== name) await added(known, record)
    const reasons = await expectRefusals(good, bytes => known.add(bytes), [4])
    expect(reasons).toContain("format")
    expect(reasons).toContain("bad-signature")
  })

  /** A record that rests on the one that is missing is not known either; that is not what is tested. */
  async function added(known: Certificates, record: Uint8Array): Promise<void> {
    try {
      await known.add(record)
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
    }
  }

  test("an envelope that opens a session, and an update", async () => {
    const certificates = await Certificates.found(ours.genesis, verify)
    for (const record of Object.values(records)) await certificates.add(record)
    const first = sessionCertificate("first")
    const open = envelope("first", 0, first)
    const { session } = await readEnvelope(
      open.bytes,
      { certificates, session: () => null, isAdopted: () => false },
      verify,
    )
    const known = {
      certificates,
      session: (asked: SessionId) => (asked === session.sessionId ? session : null),
      isAdopted: () => false,
    }
    const opening = await expectRefusals(open.bytes, bytes => readEnvelope(bytes, known, verify))
    const update = await expectRefusals(envelope("first", 1, first).bytes, bytes =>
      readEnvelope(bytes, known, verify),
    )
    expect(opening).toContain("bad-certificate")
    expect(update).toEqual(
      new Set([
        "format",
        "bad-signature",
        "bad-body-hash",
        "no-right",
        "unknown-epoch",
        "unknown-session",
        "wrong-document",
      ]),
    )
  })

  test("a plain's padding", async () => {
    const plain = encodePlain({ payload: new Uint8Array(0), deps: [], lamport: 0, at: 0 })
    for (let at = 5; at < plain.length; at++)
      expect(() => decodePlain(plain.map((byte, index) => (index === at ? 1 : byte)))).toThrow(FormatError)
  })

  test("and bytes that were never a record", async () => {
    const certificates = await Certificates.found(ours.genesis, verify)
    for (const record of Object.values(records)) await certificates.add(record)
    const known = { certificates, session: () => null, isAdopted: () => false }
    const types = fc.constantFrom(...Object.values(records).map(record => record.subarray(0, 34)))
    await fc.assert(
      fc.asyncProperty(types, fc.uint8Array({ maxLength: 400 }), async (start, rest) => {
        const bytes = Uint8Array.from([...start, ...rest])
        for (const read of [
          () => certificates.add(bytes),
          () => readEnvelope(bytes, known, verify),
          () => decodePlain(bytes),
        ])
          await expect((async () => read())()).rejects.toSatisfy(
            error => error instanceof FormatError || error instanceof RefusedError,
          )
      }),
      runs(300),
    )
  })
})
