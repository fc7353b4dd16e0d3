// Rates pace, amounts refuse by name; and neither forgets nor invents.
import { describe, expect, test } from "vitest"
import { Bucket, limitsForBlobs, Quotas, quotaUsedUp } from "../../src/relay/quota"
import { DEFAULT_LIMITS } from "../../src/relay/settings"

const MINUTE_MS = 60_000

function clock(at = 1_000_000) {
  return {
    at,
    now() {
      return this.at
    },
  }
}

describe("a bucket", () => {
  test("lends, and says how long it takes to pay back", () => {
    const bucket = new Bucket(600, MINUTE_MS, 0)
    expect(bucket.take(600, 0)).toBe(0)
    expect(bucket.take(100, 0)).toBe(10_000)
    expect(bucket.take(0, 4_000)).toBe(6_000)
    expect(bucket.take(0, 10_000)).toBe(0)
  })

  test("never holds more than its capacity, however long nobody took", () => {
    const bucket = new Bucket(10, MINUTE_MS, 0)
    for (let taken = 0; taken < 10; taken++) expect(bucket.tryTake(10 * MINUTE_MS)).toBe(true)
    expect(bucket.tryTake(10 * MINUTE_MS)).toBe(false)
  })

  test("does not punish a clock that is set back", () => {
    const bucket = new Bucket(10, MINUTE_MS, 5 * MINUTE_MS)
    bucket.take(5, 5 * MINUTE_MS)
    expect(bucket.take(5, 0)).toBe(0)
    expect(bucket.take(1, MINUTE_MS)).toBe(0)
  })
})

describe("what is stored", () => {
  const limits = { ...DEFAULT_LIMITS, documentBytesMax: 400, grantsPerDocumentQuota: 4, storeBytesMax: 1_000 }
  const usage = { grantBytes: 0, documentBytes: 0, storeBytes: 0 }

  test("may fill a grant's share, and nothing comes on top", () => {
    expect(quotaUsedUp({ ...usage, grantBytes: 99 }, limits)).toBeNull()
    const refused = quotaUsedUp({ ...usage, grantBytes: 100 }, limits)
    expect(refused?.reason).toBe("quota")
    expect(refused?.message).toContain("one grant wrote")
  })

  test("is refused by the name of the quota that is used up", () => {
    expect(quotaUsedUp({ ...usage, documentBytes: 400 }, limits)?.message).toContain(
      "a document may take 400",
    )
    expect(quotaUsedUp({ ...usage, storeBytes: 1_001 }, limits)?.message).toContain("the whole relay")
  })
})

test("pictures leave a quarter of every quota to words", () => {
  const usage = { grantBytes: 80, documentBytes: 80, storeBytes: 80 }
  const limits = { ...DEFAULT_LIMITS, documentBytesMax: 400, grantsPerDocumentQuota: 4, storeBytesMax: 1_000 }
  expect(quotaUsedUp(usage, limits)).toBeNull()
  expect(quotaUsedUp(usage, limitsForBlobs(limits))?.message).toContain("may take 75 bytes")
})

describe("addresses and seats", () => {
  test("an address has so many connections, and a closed one makes room", () => {
    const quotas = new Quotas({ ...DEFAULT_LIMITS, addressConnectionsMax: 2 }, clock())
    const first = quotas.connect("a")
    quotas.connect("a")
    expect(quotas.connect("a")).toMatchObject({ reason: "quota" })
    expect(quotas.connect("b")).toBeTypeOf("function")
    if (typeof first !== "function") throw new Error("the first connection was refused")
    first()
    first() // twice does not make room for two
    expect(quotas.connect("a")).toBeTypeOf("function")
    expect(quotas.connect("a")).toMatchObject({ reason: "quota" })
  })

  test("bytes that come too fast are paced, for each address and seat on its own", () => {
    const world = clock()
    const quotas = new Quotas(
      { ...DEFAULT_LIMITS, addressBytesPerMinute: 600, seatBytesPerMinute: 60 },
      world,
    )
    expect(quotas.received("a", 600)).toBe(0)
    expect(quotas.received("a", 300)).toBe(30_000)
    expect(quotas.received("b", 300)).toBe(0)
    expect(quotas.written("seat", 61)).toBe(1_000)
    world.at += 30_000
    expect(quotas.received("a", 0)).toBe(0)
  })

  test("an address brings so many new documents an hour", () => {
    const world = clock()
    const quotas = new Quotas({ ...DEFAULT_LIMITS, addressDocumentsPerHour: 2 }, world)
    expect([quotas.bring("a"), quotas.bring("a"), quotas.bring("b")]).toEqual([null, null, null])
    expect(quotas.bring("a")).toMatchObject({ reason: "quota" })
    world.at += 30 * MINUTE_MS
    expect(quotas.bring("a")).toBeNull()
  })

  test("a debt is not forgotten by leaving for a while and coming back", () => {
    const world = clock()
    const quotas = new Quotas({ ...DEFAULT_LIMITS, addressBytesPerMinute: 60 }, world)
    quotas.received("a", 60 * 60)
    world.at += 20 * MINUTE_MS
    quotas.connect("b") // sweeps
    expect(quotas.received("a", 0)).toBeGreaterThan(0)
  })
})
