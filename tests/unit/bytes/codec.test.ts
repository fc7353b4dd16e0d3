import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { FormatError } from "../../../src/bytes/errors"
import { Reader } from "../../../src/bytes/reader"
import { concat, equalBytes, Writer } from "../../../src/bytes/writer"
import { runs } from "../chance"

const bytesOf = (...bytes: number[]) => Uint8Array.from(bytes)
const small = fc.uint8Array({ maxLength: 300 })
const safe = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

describe("what is written is read again", () => {
  test("numbers, blocks, texts and lists, and nothing is left", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 255 }),
        safe,
        small,
        fc.string({ unit: "grapheme" }),
        fc.array(safe),
        (byte, number, block, text, list) => {
          const writer = new Writer()
          const bytes = writer
            .byte(byte)
            .number(number)
            .block(block)
            .text(text)
            .list(list, item => writer.number(item))
            .fixed(block, block.length, "a block")
            .end()
          const reader = new Reader(bytes)
          expect(reader.byte("a byte")).toBe(byte)
          expect(reader.number("a number")).toBe(number)
          expect(reader.block("a block", 300)).toEqual(block)
          expect(reader.text("a text", 10_000)).toBe(text)
          expect(reader.list("items", 1_000, () => reader.number("an item"))).toEqual(list)
          expect(reader.position + reader.left).toBe(bytes.length)
          expect(reader.rest()).toEqual(block)
          reader.end("everything")
        },
      ),
      runs(300),
    )
  })

  test("every number has one spelling: what is read, written again, is the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 10 }), bytes => {
        const reader = new Reader(bytes)
        try {
          const value = reader.number("a number")
          expect(Number.isSafeInteger(value)).toBe(true)
          expect(new Writer().number(value).end()).toEqual(bytes.subarray(0, reader.position))
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }),
      runs(2_000),
    )
  })

  test("half of a surrogate pair becomes U+FFFD, so that what was written is always UTF-8", () => {
    const bytes = new Writer().text("a\ud800b").end()
    expect(new Reader(bytes).text("a text", 10)).toBe("a\ufffdb")
  })
})

describe("a reader refuses", () => {
  const cases: [string, Uint8Array, (reader: Reader) => unknown][] = [
    ["a byte where there is none", bytesOf(), reader => reader.byte("a byte")],
    ["a number that ends too soon", bytesOf(0x80), reader => reader.number("a number")],
    ["a number spelled with a zero at its end", bytesOf(0x81, 0), reader => reader.number("a number")],
    ["a number above its limit", bytesOf(0x65), reader => reader.number("a number", 100)],
    ["more bytes than there are", bytesOf(1, 2), reader => reader.bytes(3, "three")],
    ["a block longer than what is left", bytesOf(5, 1, 2), reader => reader.block("a block", 100)],
    ["a block above its limit", bytesOf(3, 1, 2, 3), reader => reader.block("a block", 2)],
    ["text that is not UTF-8", bytesOf(2, 0xc3, 0x28), reader => reader.text("a text", 10)],
    ["UTF-8 spelled too long", bytesOf(2, 0xc0, 0x80), reader => reader.text("a text", 10)],
    [
      "a list of more items than limit",
      bytesOf(3, 0, 0, 0),
      reader => reader.list("items", 2, () => reader.byte("x")),
    ],
    [
      "a list of more items than bytes",
      bytesOf(3, 0, 0),
      reader => reader.list("items", 9, () => reader.byte("x")),
    ],
    [
      "a list that ends within an item",
      bytesOf(2, 0, 0x80),
      reader => reader.list("items", 9, () => reader.number("x")),
    ],
    ["what is left over", bytesOf(1), reader => reader.end("nothing")],
  ]
  test.each(cases)("%s", (_, bytes, read) => {
    expect(() => read(new Reader(bytes))).toThrow(FormatError)
  })

  test("a byte order mark is a character, not an ornament that two spellings could differ by", () => {
    expect(new Reader(bytesOf(3, 0xef, 0xbb, 0xbf)).text("a text", 10)).toBe("\ufeff")
  })

  test("text again after text that was not UTF-8: nothing is kept from it", () => {
    expect(() => new Reader(bytesOf(1, 0xe2)).text("a text", 10)).toThrow(FormatError)
    expect(new Reader(bytesOf(1, 0x61)).text("a text", 10)).toBe("a")
  })

  test("and what it hands out are views: nothing is copied", () => {
    const bytes = bytesOf(2, 7, 8)
    expect(new Reader(bytes).block("a block", 2).buffer).toBe(bytes.buffer)
  })
})

describe("a writer refuses, in words, what could not be read", () => {
  test("a byte beyond 255", () =>
    expect(() => new Writer().byte(256)).toThrow("a byte cannot be written: 256"))
  test("a byte below 0", () => expect(() => new Writer().byte(-1)).toThrow("a byte cannot be written"))
  test.each([-1, 0.5, 2 ** 53, Number.NaN])("the number %s", value =>
    expect(() => new Writer().number(value)).toThrow("a number cannot be written"),
  )
  test("a field of another length than its layout says", () =>
    expect(() => new Writer().fixed(bytesOf(1), 2, "a pair")).toThrow("a pair is 2 bytes, not 1"))
})

test("parts are joined in a fresh array", () => {
  const part = bytesOf(1, 2)
  const whole = concat(part, bytesOf(), bytesOf(3))
  expect(whole).toEqual(bytesOf(1, 2, 3))
  part[0] = 9
  expect(whole[0]).toBe(1)
})

test("bytes are equal when all of them are", () => {
  expect(equalBytes(bytesOf(1, 2), bytesOf(1, 2))).toBe(true)
  expect(equalBytes(bytesOf(1, 2), bytesOf(1, 3))).toBe(false)
  expect(equalBytes(bytesOf(1, 2), bytesOf(1, 2, 0))).toBe(false)
})
