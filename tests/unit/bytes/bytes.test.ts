import fc from "fast-check"
import { afterEach, describe, expect, test, vi } from "vitest"
import { decodeBase64url, encodeBase64url } from "../../../src/bytes/base64url"
import { FormatError, NewerVersionError, RefusedError } from "../../../src/bytes/errors"
import { compareIds, type EnvelopeId, idBytes, idOf, NO_ENVELOPE, parseDocId } from "../../../src/bytes/ids"
import { paddedLength } from "../../../src/bytes/padding"
import { realWorld } from "../../../src/bytes/world"
import { runs } from "../chance"

describe("base64url", () => {
  test("is Node's, and comes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString("base64url"))
        expect(decodeBase64url(text)).toEqual(bytes)
      }),
      runs(500),
    )
  })

  test("has one text for one sequence of bytes", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), text => {
        try {
          expect(encodeBase64url(decodeBase64url(text))).toBe(text)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }),
      runs(2_000),
    )
  })

  test.each(["A", "AAAAA", "AA==", "AB", "AAB", "A+AA", "A/AA", "AA A", "AAA\n", "ÄAAA", "AAA\u{1f600}"])(
    "refuses %j",
    text => {
      expect(() => decodeBase64url(text)).toThrow(FormatError)
    },
  )
})

describe("ids", () => {
  test("are the text of their bytes, and the bytes are the caller's own", () => {
    const id = idOf<EnvelopeId>(new Uint8Array(32).fill(9))
    expect(id).toHaveLength(43)
    idBytes(id)[0] = 1
    expect(idBytes(id)).toEqual(new Uint8Array(32).fill(9))
  })

  test("a document's name is 43 characters from outside, or refused", () => {
    expect(parseDocId(NO_ENVELOPE)).toBe(NO_ENVELOPE)
    expect(() => parseDocId("AAAA")).toThrow("expected a document id of 32 bytes, got 3")
    expect(() => parseDocId("not an id")).toThrow(FormatError)
  })

  test("are ordered as their bytes are, and not as their text", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (a, b) => {
          expect(Math.sign(compareIds(idOf<EnvelopeId>(a), idOf<EnvelopeId>(b)))).toBe(Buffer.compare(a, b))
        },
      ),
      runs(500),
    )
    const [low, high] = [
      idOf<EnvelopeId>(new Uint8Array(32)),
      idOf<EnvelopeId>(new Uint8Array(32).fill(0xff)),
    ]
    expect(compareIds(low, high)).toBeLessThan(0)
    expect(low < high).toBe(true)
    expect(compareIds(low, low)).toBe(0)
  })
})

describe("padding", () => {
  test("never shortens, adds nothing the second time, and wastes at most an eighth above 4 KiB", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), length => {
        const padded = paddedLength(length)
        expect(padded).toBeGreaterThanOrEqual(length)
        expect(paddedLength(padded)).toBe(padded)
        if (length > 4_096) expect(padded - length).toBeLessThan(length / 8)
      }),
      runs(2_000),
    )
  })

  test("is the formula of the paper, with nothing rounded by an engine", () => {
    for (let length = 4_097; length < 2 ** 22; length += 997) {
      const exponent = BigInt(length).toString(2).length - 1
      const bits = BigInt(exponent - exponent.toString(2).length)
      const mask = (1n << bits) - 1n
      expect(BigInt(paddedLength(length))).toBe((BigInt(length) + mask) & ~mask)
    }
  })

  test("one byte over a power of two is where it grows", () => {
    expect([128, 129, 4_096, 4_097, 65_536, 65_537].map(paddedLength)).toEqual([
      128, 256, 4_096, 4_352, 65_536, 67_584,
    ])
  })
})

describe("errors", () => {
  test("say by class and reason what happened", () => {
    const newer = new NewerVersionError("expected version 1, got 2")
    expect(newer).toBeInstanceOf(FormatError)
    expect(newer.name).toBe("NewerVersionError")
    expect(new FormatError("x").name).toBe("FormatError")
    const refused = new RefusedError("quota", "too much")
    expect([refused.name, refused.reason, refused.message]).toEqual([
      "RefusedError",
      "quota",
      "quota: too much",
    ])
  })
})

describe("the world as it is", () => {
  afterEach(() => vi.useRealTimers())

  test("calls once, later, unless stopped", () => {
    vi.useFakeTimers()
    const called: string[] = []
    realWorld.after(10, () => called.push("kept"))
    const stop = realWorld.after(10, () => called.push("stopped"))
    stop()
    stop()
    vi.advanceTimersByTime(9)
    expect(called).toEqual([])
    vi.advanceTimersByTime(100)
    expect(called).toEqual(["kept"])
  })

  test("does not count beyond what a timer can: that would fire at once", () => {
    expect(() => realWorld.after(2 ** 31, () => undefined)).toThrow("too long")
  })

  test("draws fresh bytes and tells the time", () => {
    expect(realWorld.random(16)).toHaveLength(16)
    expect(realWorld.random(16)).not.toEqual(realWorld.random(16))
    expect(Math.abs(realWorld.now() - Date.now())).toBeLessThan(60_000)
  })
})
