import { expect, test } from "vitest"
import { othersOf } from "../../../src/app/company"
import { type CertificateHash, idOf } from "../../../src/bytes/ids"
import type { Present } from "../../../src/replica/presence"

test("who has two windows open is one person, and one's own other window is nobody", () => {
  const others = othersOf([window(1, "a"), window(2, "b"), window(3, "c"), window(2, "d")], seat(1))
  expect(others.map(({ seat }) => seat)).toEqual([seat(2), seat(3)])
})

function seat(of: number): CertificateHash {
  return idOf<CertificateHash>(new Uint8Array(32).fill(of))
}

function window(of: number, instance: string): Present {
  return {
    key: `${seat(of)}.${instance}`,
    seat: seat(of),
    role: "edit",
    name: "Ana",
    colour: "moss",
    caret: null,
    pausedUntil: null,
    follows: null,
    way: null,
  }
}
