// The receipts that are kept: of every seat the last ones, no more than are needed, and the same after a restart.
import { describe, expect, test } from "vitest"
import { type CertificateHash, idOf, type SessionId } from "../../../src/bytes/ids"
import { Ledger, type Receipt } from "../../../src/log/ledger"

const session = (byte: number) => idOf<SessionId>(new Uint8Array(16).fill(byte))
const seat = (byte: number) => idOf<CertificateHash>(new Uint8Array(32).fill(byte))
const receipt = (by: number, at: number, ...heads: readonly [session: number, seq: number][]): Receipt => ({
  seat: seat(by),
  channel: 0,
  at,
  entries: heads.map(([of, seq]) => ({
    sessionId: session(of),
    seq,
    headHash16: new Uint8Array(16).fill(seq),
  })),
  claim: new Uint8Array(0),
  signature: new Uint8Array(64).fill(by),
})

describe("a ledger", () => {
  test("takes what is new, and nothing twice", () => {
    const ledger = new Ledger()
    const told: number[] = []
    ledger.onTaken(({ at }) => told.push(at))
    expect(ledger.take(receipt(1, 10, [1, 4]), "x")).toBe(true)
    expect(ledger.take(receipt(1, 10, [1, 4]), "y")).toBe(false)
    expect(ledger.take(receipt(1, 20, [1, 3]), "y")).toBe(false)
    expect(ledger.take(receipt(1, 20, [2, 0]), "y")).toBe(true)
    expect(ledger.take(receipt(2, 5, [1, 1]), "y")).toBe(true)
    expect(told).toEqual([10, 20, 5])
  })

  test("takes a receipt that says the same once more after ten minutes: that it is still there is news", () => {
    const ledger = new Ledger()
    ledger.take(receipt(1, 0, [1, 4]), "x")
    expect(ledger.take(receipt(1, 599_999, [1, 4]), "x")).toBe(false)
    expect(ledger.take(receipt(1, 600_000, [1, 4]), "x")).toBe(true)
    expect(ledger.signedBy(seat(1))?.at).toBe(600_000)
  })

  test("keeps only the receipts that are needed for all that a seat has signed", () => {
    const ledger = new Ledger()
    ledger.take(receipt(1, 1, [1, 1]), "x")
    ledger.take(receipt(1, 2, [1, 2], [2, 0]), "x")
    ledger.take(receipt(1, 3, [1, 3]), "x")
    expect(ledger.all().map(({ at }) => at)).toEqual([3, 2])
    expect([...(ledger.signedBy(seat(1))?.reach.values() ?? [])].map(({ seq }) => seq)).toEqual([3, 0])
    ledger.take(receipt(1, 4, [1, 3], [2, 1]), "x")
    expect(ledger.all().map(({ at }) => at)).toEqual([4])
  })

  test("is the same after a restart, and without what is damaged: that comes again", () => {
    const ledger = new Ledger()
    for (let at = 1; at < 20; at++) ledger.take(receipt(at % 4, at, [at % 3, at]), "x")
    const again = new Ledger()
    again.restore(ledger.store())
    expect(again.all()).toEqual(ledger.all())
    const damaged = new Ledger()
    damaged.restore(ledger.store().slice(0, -1))
    expect(damaged.all()).toHaveLength(ledger.all().length - 1)
  })

  test("does not grow without end: the seats that were silent the longest give way", () => {
    const ledger = new Ledger()
    const many = (at: number): Receipt => ({
      ...receipt(0, at),
      seat: idOf<CertificateHash>(
        Uint8Array.from({ length: 32 }, (_, place) => (place < 2 ? at >> (8 * place) : 0) & 255),
      ),
      entries: receipt(1, at, [1, at]).entries,
    })
    for (let at = 1; at <= 400; at++) ledger.take(many(at), "x")
    expect(ledger.all()).toHaveLength(256)
    expect(ledger.all().at(-1)?.at).toBe(145)
  })
})
