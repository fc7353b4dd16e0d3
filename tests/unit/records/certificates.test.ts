import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { RefusedError } from "../../../src/bytes/errors"
import { type CertificateHash, compareIds, idBytes } from "../../../src/bytes/ids"
import type { Verify } from "../../../src/crypto/signing"
import { decodeGrantCertificate, decodeSeat, GRANTS_MAX } from "../../../src/records/certificate"
import { Certificates, GRANT_CERTIFICATES_MAX, SEATS_PER_GRANT_MAX } from "../../../src/records/certificates"
import { quickSignatures } from "../../quick-signatures"
import { grantKey, key, ours, records, seatOfBea, secret, viewer } from "../../vectors/world"
import { runs } from "../chance"

const verify = await quickSignatures()
const all = Object.values(records)

async function known(more: readonly Uint8Array[] = [], check: Verify = verify): Promise<Certificates> {
  const certificates = await Certificates.found(ours.genesis, check)
  await certificates.add(ours.epoch)
  for (const bytes of more) await certificates.add(bytes)
  return certificates
}

describe("what is known of a document", () => {
  test("is its genesis at first, and then everything in an order in which others can add it", async () => {
    const first = await Certificates.found(ours.genesis, verify)
    expect(first.current).toBeNull()
    expect(first.docId).toBe(ours.docId)
    for (const bytes of all) await first.add(bytes)
    const second = await Certificates.found(first.all()[0] ?? ours.genesis, verify)
    for (const bytes of first.all()) await second.add(bytes)
    expect(second.all()).toEqual(first.all())
    expect(second.grants()).toEqual(first.grants())
    expect(first.all()).toEqual(all)
  })

  test("says who may do what", async () => {
    const certificates = await known(all)
    expect(certificates.current?.hash).toBe(ours.epochHash)
    expect(certificates.epoch(ours.epochHash)?.n).toBe(0)
    expect(certificates.epoch(decodeSeat(seatOfBea).hash)).toBeNull()
    const roles = ["admin", "bea", "cy", "vic", "relay", "nobody"].map(name =>
      certificates.roleOf(grantKey(name).publicKey),
    )
    expect(roles).toEqual(["admin", "edit", "edit", "view", "host", null])
    expect(certificates.grant(grantKey("cy").publicKey)?.notAfter).toBe(1_900_000_000_000)
    expect(certificates.grants()).toHaveLength(6)
  })

  test("finds a seat by its certificate, and by its key", async () => {
    const certificates = await known([seatOfBea])
    const seat = decodeSeat(seatOfBea)
    expect(certificates.seat(seat.hash)).toEqual(seat)
    expect(certificates.seatByKey(seat.seatPub)).toEqual(seat)
    expect(certificates.seat(ours.epochHash)).toBeNull()
    expect(certificates.seatByKey(key("nobody's seat").publicKey)).toBeNull()
  })

  test("is copied: what arrived may be written over, and a large message is not kept alive by it", async () => {
    const message = new Uint8Array(8 * 1024 * 1024)
    message.set(viewer, 100)
    const certificates = await known()
    const adding = certificates.add(message.subarray(100, 100 + viewer.length))
    message.fill(0)
    expect(await adding).toBe("added")
    const kept = certificates.all().at(-1)
    expect(kept).toEqual(viewer)
    expect(kept?.buffer.byteLength).toBe(viewer.length)
    const listed = certificates.grant(grantKey("vic").publicKey)?.boxPub
    expect(listed).toEqual(decodeGrantCertificate(viewer).grant.boxPub)
  })

  test("is not what a caller makes of the list that it was given", async () => {
    const certificates = await known()
    const list = certificates.all() as Uint8Array[]
    list.pop()
    expect(certificates.all()).toHaveLength(2)
  })
})

describe("the order of arrival decides nothing", () => {
  // Every way to list Dee, seats that share a key, and a grant that the epoch lists too.
  const contested = [
    ours.admit("dee", "view"),
    ours.admit("dee", "edit"),
    ours.admit("dee", "edit", { notAfter: 5 }),
    ours.admit("dee", "edit", { notAfter: 6 }),
    ours.admit("dee", "comment"),
    ours.admit("bea", "edit", { notAfter: 7 }),
    ours.admit("bea", "suggest"),
    ours.seat("bea", "shared"),
    ours.seat("admin", "shared"),
    ours.seat("bea", "shared", secret("claim")),
  ]

  test("about which listing of a grant counts, nor whose seat a key is", async () => {
    const answers = async (order: readonly Uint8Array[]) => {
      const certificates = await known(order)
      return {
        dee: certificates.grant(grantKey("dee").publicKey),
        bea: certificates.grant(grantKey("bea").publicKey),
        seat: certificates.seatByKey(key("seat of shared").publicKey),
      }
    }
    const first = await answers(contested)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(contested, { minLength: contested.length }), async order => {
        expect(await answers(order)).toEqual(first)
      }),
      runs(20),
    )
    // And what they say is the rule: the higher role, then the epoch, then the lowest hash.
    expect(first.dee?.role).toBe("edit")
    const lowest = contested
      .slice(1, 4)
      .map(decodeGrantCertificate)
      .sort((a, b) => compareIds(a.hash, b.hash))[0]
    expect(first.dee).toEqual(lowest?.grant)
    expect(first.bea?.notAfter).toBeNull()
    const lowestSeat = contested
      .slice(7)
      .map(decodeSeat)
      .sort((a, b) => compareIds(a.hash, b.hash))[0]
    expect(first.seat).toEqual(lowestSeat)
  })

  test("and all at once is as good as one after the other: calls take turns", async () => {
    const certificates = await Certificates.found(ours.genesis, verify)
    const once = [ours.epoch, ...contested, viewer]
    const answers = await Promise.all([...once, ...once].map(bytes => certificates.add(bytes)))
    expect(answers).toEqual([...once.map(() => "added"), ...once.map(() => "known")])
    expect(certificates.all()).toEqual([ours.genesis, ...once])
  })

  test("and one that is refused does not hold up the next", async () => {
    const certificates = await Certificates.found(ours.genesis, verify)
    const answers = await Promise.allSettled(
      [viewer, ours.epoch, viewer].map(bytes => certificates.add(bytes)),
    )
    expect(answers.map(answer => answer.status)).toEqual(["rejected", "fulfilled", "fulfilled"])
  })
})

describe("limits", () => {
  // Signatures are not what is tested here, and a thousand of them take long.
  const believing: Verify = async () => true
  const refusal = async (adding: Promise<unknown>) => {
    try {
      await adding
    } catch (error) {
      if (error instanceof RefusedError) return error.reason
      throw error
    }
    return "taken"
  }
  // Cut open and given another key, unsigned: quicker than a thousand scalar multiplications.
  const renamed = (record: Uint8Array, at: number, name: string) => {
    const bytes = record.slice()
    bytes.set(secret(name), at)
    return bytes
  }

  test("of grants: of more than can be, those count whose certificates have the lowest hashes", async () => {
    const certificates = await known([], believing)
    const hashes = new Map<string, CertificateHash>()
    for (let count = 0; count < GRANTS_MAX + 10; count++) {
      const bytes = renamed(viewer, 98, `grant ${count}`)
      await certificates.add(bytes)
      const { hash, grant } = decodeGrantCertificate(bytes)
      hashes.set(grant.grantPub, hash)
    }
    const listed = certificates.grants().filter(({ grantPub }) => hashes.has(grantPub))
    expect(certificates.grants()).toHaveLength(GRANTS_MAX)
    const lowest = [...hashes.values()].sort(compareIds)
    expect(new Set(listed.map(({ grantPub }) => hashes.get(grantPub)))).toEqual(
      new Set(lowest.slice(0, listed.length)),
    )
    // Who is listed by the epoch is not crowded out.
    expect(certificates.roleOf(grantKey("bea").publicKey)).toBe("edit")
  })

  test("of grant certificates, though they list nobody new", async () => {
    const certificates = await known([], believing)
    const again = ours.admit("vic", "view", { sealedLabel: new Uint8Array(32) })
    // The label begins behind its length, where the empty one of `viewer` has none.
    for (let count = 0; count < GRANT_CERTIFICATES_MAX; count++)
      await certificates.add(renamed(again, 269, `label ${count}`))
    expect(await refusal(certificates.add(renamed(again, 269, "one too many")))).toBe("quota")
    expect(certificates.grants()).toHaveLength(3)
  })

  test("of seats for each grant, also when they come at once; one that is known is known", async () => {
    const certificates = await known([], believing)
    const seats = Array.from({ length: SEATS_PER_GRANT_MAX }, (_, count) =>
      renamed(seatOfBea, 66, `seat ${count}`),
    )
    await Promise.all([...seats, ...seats].map(bytes => certificates.add(bytes)))
    expect(certificates.all()).toHaveLength(2 + SEATS_PER_GRANT_MAX)
    expect(await refusal(certificates.add(renamed(seatOfBea, 66, "one too many")))).toBe("quota")
    expect(await certificates.add(seats[7] ?? seatOfBea)).toBe("known")
    expect(await refusal(certificates.add(ours.seat("admin")))).toBe("taken")
  })
})

test("messages say what was expected and what came, and never a key", async () => {
  const certificates = await known()
  const secretText = Buffer.from(idBytes(grantKey("vic").publicKey)).toString("hex")
  for (const bytes of [ours.admit("vic", "view", {}, "bea"), ours.seat("vic"), viewer.slice(0, 50)]) {
    const error: unknown = await certificates.add(bytes).catch((refused: unknown) => refused)
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).not.toContain(grantKey("vic").publicKey)
    expect(String(error)).not.toContain(secretText)
  }
})
