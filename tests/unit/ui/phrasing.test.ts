import { describe, expect, it } from "vitest"
import { initials, listed, moment, span, trimmed, wordsByLine } from "../../../src/ui/phrasing"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const NOON = new Date(2026, 4, 13, 12, 0).getTime() // a Wednesday

describe("a list of names", () => {
  it("joins names as people do", () => {
    expect(listed(["Ana"])).toBe("Ana")
    expect(listed(["Ana", "Bo"])).toBe("Ana and Bo")
    expect(listed(["Ana", "Bo", "Chi"])).toBe("Ana, Bo and Chi")
  })

  it("turns a crowd into a number", () => {
    expect(listed(["Ana", "Bo", "Chi", "Di", "Ed", "Flo"])).toBe("Ana, Bo, Chi and 3 more")
  })
})

describe("a length of time", () => {
  it.each([
    [0, "a minute"],
    [80_000, "a minute"],
    [4 * MINUTE_MS, "4 min"],
    [3 * HOUR_MS, "3 h"],
    [30 * HOUR_MS, "30 h"],
    [3 * DAY_MS, "3 days"],
  ])("%d ms is %s", (ms, said) => expect(span(ms)).toBe(said))
})

describe("a moment", () => {
  it.each([
    [NOON - 30_000, "now"],
    [NOON - 5 * MINUTE_MS, "5 min ago"],
    [NOON - 3 * HOUR_MS, "09:00"],
    [NOON - 13 * HOUR_MS, "yesterday 23:00"],
    [NOON - 2 * DAY_MS, "Mon 12:00"],
    [NOON - 10 * DAY_MS, "3 May"],
    [new Date(2024, 4, 3, 9, 0).getTime(), "3 May 2024"],
  ])("is told as people tell it (%#)", (at, said) => expect(moment(at, NOON)).toBe(said))

  it("of a clock that was wrong is given by its date, not as a negative age", () => {
    expect(moment(NOON + 10 * DAY_MS, NOON)).toBe("23 May")
    expect(moment(NOON + 5 * MINUTE_MS, NOON)).toBe("12:05")
  })
})

describe("words of others", () => {
  it("lose what would break or turn the line", () => {
    expect(trimmed("Jo\u202e\n\tevil\u2066", 40)).toBe("Jo evil")
    expect(trimmed("\u0000\u200b\u2028", 40)).toBe("")
  })

  it("are cut between what people see as characters, and say so", () => {
    expect(trimmed("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2)).not.toContain("\ufffd")
    expect(trimmed("abcdef", 3)).toBe("abc…")
    expect(trimmed("abc", 3)).toBe("abc")
  })

  it("stay short however long they come", () => {
    expect(trimmed("a\u0301".repeat(1_000_000), 10).length).toBeLessThan(40)
  })

  it("give up to two initials, or none", () => {
    expect(initials("Ana Sousa")).toBe("AS")
    expect(initials("bo")).toBe("B")
    expect(initials("Ana Maria de Sousa")).toBe("AS")
    expect(initials("ليلى حداد")).toBe("لح")
    expect(initials("🌾")).toBeNull()
    expect(initials("  ")).toBeNull()
  })
})

function wordCount(text: string): number {
  const lines = wordsByLine(text)
  for (let last = lines.next(); ; last = lines.next()) if (last.done === true) return last.value
}

describe("counting words", () => {
  it("counts in any script, and no punctuation", () => {
    expect(wordCount("")).toBe(0)
    expect(wordCount("Whoever opens, closes.")).toBe(3)
    expect(wordCount("one\ntwo")).toBe(2)
    expect(wordCount("我们今天开会")).toBeGreaterThan(1)
  })
})
