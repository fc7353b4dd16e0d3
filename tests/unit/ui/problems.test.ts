import { describe, expect, it } from "vitest"
import type { Problem } from "../../../src/app/model"
import { problemWords } from "../../../src/ui/trouble"

const EACH: Record<Problem["kind"], Problem> = {
  "link-damaged": { kind: "link-damaged" },
  "link-from-newer-version": { kind: "link-from-newer-version" },
  "link-not-recognised": { kind: "link-not-recognised" },
  "disk-full": { kind: "disk-full" },
  "no-room-to-write": { kind: "no-room-to-write" },
  "no-indexeddb": { kind: "no-indexeddb" },
  "no-secure-context": { kind: "no-secure-context", address: "http://192.168.1.20" },
  "captive-portal": { kind: "captive-portal" },
  "clock-wrong": { kind: "clock-wrong", offByMs: 3 * 3_600_000 },
  "garbage-received": { kind: "garbage-received", from: "Ana" },
  "relay-refused": { kind: "relay-refused", reason: "quota" },
  "copy-missing": { kind: "copy-missing", from: "relay.example" },
  "file-unreadable": { kind: "file-unreadable", name: "photo.txt" },
  "newer-protocol": { kind: "newer-protocol" },
  "document-not-here": { kind: "document-not-here", id: "x" },
  "storage-cleared": { kind: "storage-cleared", titles: ["Minutes", ""] },
  unexpected: { kind: "unexpected", what: "RangeError" },
}

describe("the words of a problem", () => {
  const all = Object.values(EACH).map(problemWords)

  it("differ for every cause", () => {
    expect(new Set(all.map(said => said.title)).size).toBe(all.length)
    expect(new Set(all.map(said => said.next)).size).toBe(all.length)
  })

  it("say what is safe and what to do next, in whole sentences, without shouting", () => {
    for (const { title, safe, next } of all) {
      expect(title).not.toMatch(/[.!]$/)
      expect(safe).toMatch(/[.”]$/)
      expect(next).toMatch(/[.”]$/)
      expect(`${title}${safe}${next}`).not.toMatch(/!|Oops|sorry|error code|invalid/i)
    }
  })

  it("say which way a clock is wrong", () => {
    expect(problemWords({ kind: "clock-wrong", offByMs: 3 * 3_600_000 }).title).toMatch(/3 h fast$/)
    expect(problemWords({ kind: "clock-wrong", offByMs: -20 * 60_000 }).title).toMatch(/20 min slow$/)
  })

  it("cut the words of others to size", () => {
    const said = problemWords({ kind: "relay-refused", reason: `no\u202e\n${"x".repeat(10_000)}` })
    expect(said.safe.length).toBeLessThan(300)
    expect(said.safe).not.toMatch(/[\u202e\n]/)
  })
})
