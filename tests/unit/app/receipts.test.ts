// A copy counts only when its holder has signed for all of it.
import { expect, test } from "vitest"
import { mergeReceipts, Receipts } from "../../../src/app/receipts"
import { type CertificateHash, idOf, type PublicKey, type SessionId } from "../../../src/bytes/ids"
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
const seat = (byte: number) => idOf<CertificateHash>(new Uint8Array(32).fill(byte))
const said = (by: Prover, at: number, entries: readonly VectorEntry[], claim = new Uint8Array(0)) => ({
  ...{ by, seat: seat(by === relay ? 1 : 2), at, entries, claim },
})

test("a holder has everything only up to the last envelope of every session", () => {
  const receipts = new Receipts()
  receipts.take(said(relay, 100, [entry(1, 4)]))
  expect(receipts.holders([entry(1, 4)])[0]).toMatchObject({ everything: true, blind: true, at: 100 })
  expect(receipts.holders([entry(1, 5)])[0]?.everything).toBe(false)
  expect(receipts.holders([entry(1, 4), entry(2, 0)])[0]?.everything).toBe(false)
  receipts.take(said(relay, 90, [entry(2, 0), entry(1, 3)]))
  expect(receipts.holders([entry(1, 4), entry(2, 0)])[0]).toMatchObject({ everything: true, at: 100 })
})

test("nobody who has signed nothing is a holder, and each holder stands alone", () => {
  const receipts = new Receipts()
  expect(receipts.holders([])).toEqual([])
  receipts.take(said(relay, 1, [entry(1, 9)]))
  receipts.take(said(bo, 2, [entry(1, 2)]))
  expect(receipts.holders([entry(1, 9)]).map(holder => holder.everything)).toEqual([true, false])
})

test("what was signed survives a restart", () => {
  const receipts = new Receipts()
  receipts.take(said(bo, 7, [entry(1, 2), entry(2, 5)]))
  const again = new Receipts(structuredClone(receipts.store()))
  expect(again.holders([entry(1, 2), entry(2, 5)])).toEqual(receipts.holders([entry(1, 2), entry(2, 5)]))
})

test("what two windows were told is remembered together", () => {
  const one = new Receipts()
  one.take(said(relay, 5, [entry(1, 4), entry(2, 0)]))
  const other = new Receipts()
  other.take(said(relay, 9, [entry(1, 2), entry(2, 3)]))
  other.take(said(bo, 3, [entry(1, 1)]))
  const merged = new Receipts(mergeReceipts(one.store(), other.store()))
  expect(merged.holders([entry(1, 4), entry(2, 3)])).toMatchObject([
    { everything: true, blind: true, at: 9 },
    { everything: false, blind: false, at: 3 },
  ])
})

test("a place that was forgotten counts once it signs again, and then for what it has signed since", () => {
  const receipts = new Receipts()
  receipts.take(said(bo, 7, [entry(1, 4), entry(2, 5)]))
  const before = structuredClone(receipts.store())
  receipts.forget(bo.seatPub)
  expect(receipts.holders([entry(1, 4)])).toEqual([])
  // What an earlier start or another window knew of it does not bring it back.
  receipts.add(before)
  const merged = new Receipts(mergeReceipts(before, receipts.store()))
  for (const each of [receipts, merged]) {
    expect(each.holders([entry(1, 4)])).toEqual([])
    each.take(said(bo, 7, [entry(1, 4)]))
    expect(each.holders([entry(1, 4)])).toEqual([])
    each.take(said(bo, 8, [entry(1, 4)]))
    expect(each.holders([entry(1, 4)])[0]).toMatchObject({ everything: true, at: 8 })
    expect(each.holders([entry(2, 5)])[0]?.everything).toBe(false)
  }
})

test("the last word of what a place is stands, also when a later receipt says nothing of it", () => {
  const receipts = new Receipts()
  receipts.take(said(bo, 7, [entry(1, 4)], Uint8Array.of(1)))
  receipts.take(said(bo, 9, [entry(1, 5)]))
  receipts.take(said(bo, 8, [entry(1, 3)], Uint8Array.of(2)))
  expect(receipts.holders([])[0]).toMatchObject({ at: 9, claim: Uint8Array.of(1) })
})
