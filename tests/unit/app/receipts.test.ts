// A copy counts only when its holder has signed for all of it.
import { expect, test } from "vitest"
import { mergeReceipts, Receipts } from "../../../src/app/receipts"
import { idOf, type PublicKey, type SessionId } from "../../../src/bytes/ids"
import type { VectorEntry } from "../../../src/log/log"
import type { Prover } from "../../../src/sync/shelf"

const key = (byte: number) => idOf<PublicKey>(new Uint8Array(32).fill(byte))
const entry = (session: number, seq: number): VectorEntry => ({
  sessionId: idOf<SessionId>(new Uint8Array(16).fill(session)),
  seq,
  headHash16: new Uint8Array(16),
})
const relay: Prover = { seatPub: key(1), grantPub: key(1), role: "host" }
const bo: Prover = { seatPub: key(2), grantPub: key(3), role: "edit" }

test("a holder has everything only up to the last envelope of every session", () => {
  const receipts = new Receipts()
  receipts.take(relay, 100, [entry(1, 4)])
  expect(receipts.holders([entry(1, 4)])[0]).toMatchObject({ everything: true, blind: true, at: 100 })
  expect(receipts.holders([entry(1, 5)])[0]?.everything).toBe(false)
  expect(receipts.holders([entry(1, 4), entry(2, 0)])[0]?.everything).toBe(false)
  receipts.take(relay, 90, [entry(2, 0), entry(1, 3)])
  expect(receipts.holders([entry(1, 4), entry(2, 0)])[0]).toMatchObject({ everything: true, at: 100 })
})

test("nobody who has signed nothing is a holder, and each holder stands alone", () => {
  const receipts = new Receipts()
  expect(receipts.holders([])).toEqual([])
  receipts.take(relay, 1, [entry(1, 9)])
  receipts.take(bo, 2, [entry(1, 2)])
  expect(receipts.holders([entry(1, 9)]).map(holder => holder.everything)).toEqual([true, false])
})

test("what was signed survives a restart", () => {
  const receipts = new Receipts()
  receipts.take(bo, 7, [entry(1, 2), entry(2, 5)])
  const again = new Receipts(structuredClone(receipts.store()))
  expect(again.holders([entry(1, 2), entry(2, 5)])).toEqual(receipts.holders([entry(1, 2), entry(2, 5)]))
})

test("what two windows were told is remembered together", () => {
  const one = new Receipts()
  one.take(relay, 5, [entry(1, 4), entry(2, 0)])
  const other = new Receipts()
  other.take(relay, 9, [entry(1, 2), entry(2, 3)])
  other.take(bo, 3, [entry(1, 1)])
  const merged = new Receipts(mergeReceipts(one.store(), other.store()))
  expect(merged.holders([entry(1, 4), entry(2, 3)])).toMatchObject([
    { everything: true, blind: true, at: 9 },
    { everything: false, blind: false, at: 3 },
  ])
})
