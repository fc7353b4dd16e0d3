// Moments of a log, gathered into stretches of work.
import { expect, test } from "vitest"
import { stretchesOf } from "../../../src/app/history"
import type { CertificateHash } from "../../../src/bytes/ids"

const MINUTE = 60_000
const moment = (seat: string, minute: number) => ({
  seat: seat as CertificateHash,
  at: minute * MINUTE,
  payload: new Uint8Array(0),
})
const gathered = (...moments: readonly ReturnType<typeof moment>[]) =>
  stretchesOf(moments, seat => (seat === ("me" as CertificateHash) ? "own" : { name: String(seat) })).map(
    ({ from, to, at, people }) => [from, to, at / MINUTE, people],
  )

test("a pause ends a stretch, and the latest comes first, with everybody who wrote in it", () => {
  expect(gathered(moment("me", 0), moment("Bo", 3), moment("me", 5), moment("Bo", 30))).toEqual([
    [3, 4, 30, [{ name: "Bo" }]],
    [0, 3, 5, ["own", { name: "Bo" }]],
  ])
})

test("who writes for hours without a pause can go back to a time in between", () => {
  const all = Array.from({ length: 31 }, (_, index) => moment("me", index * 5))
  expect(gathered(...all).map(([from, to]) => [from, to])).toEqual([
    [26, 31],
    [13, 26],
    [0, 13],
  ])
})

test("a clock that is behind makes no pause, and nothing is nobody's", () => {
  expect(gathered(moment("me", 100), moment("Bo", 40), moment("me", 101))).toHaveLength(1)
  expect(gathered()).toEqual([])
})
