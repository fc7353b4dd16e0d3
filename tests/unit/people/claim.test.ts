// What a device says of itself: only the document's readers read it, and only of the seat that says it.
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { FormatError } from "../../../src/bytes/errors"
import { type CertificateHash, type DocId, idOf } from "../../../src/bytes/ids"
import { decodeClaim, openClaim, PLACE_KINDS, sealClaim } from "../../../src/people/claim"
import { runs } from "../chance"

const hash = <T extends CertificateHash | DocId>(byte: number) => idOf<T>(new Uint8Array(32).fill(byte))
const epoch = hash<CertificateHash>(1)
const viewKey = new Uint8Array(32).fill(2)
const random = (length: number) => new Uint8Array(length).fill(3)
const seat = { docId: hash<DocId>(4), seat: hash<CertificateHash>(5) }
const keyring = new Map([[epoch, viewKey]])

describe("a claim", () => {
  test.each(PLACE_KINDS)("of a %s is read by whoever has the key", kind => {
    const bytes = sealClaim({ kind, name: "Ana" }, seat, { epoch, viewKey }, random)
    expect(openClaim(bytes, seat, keyring)).toEqual({ kind, name: "Ana" })
  })

  test("says nothing to whoever only holds the document, and is as long for a long name as for none", () => {
    const of = (name: string) => sealClaim({ kind: "phone", name }, seat, { epoch, viewKey }, random)
    expect(Buffer.from(of("Hildegard")).includes("Hildegard")).toBe(false)
    expect(of("").length).toBe(of("Hildegard of Bingen").length)
    expect(openClaim(of("Ana"), seat, new Map())).toBeNull()
    expect(openClaim(of("Ana"), seat, new Map([[epoch, new Uint8Array(32)]]))).toBeNull()
  })

  test("stands for one seat in one document", () => {
    const bytes = sealClaim({ kind: "phone", name: "Ana" }, seat, { epoch, viewKey }, random)
    expect(openClaim(bytes, { ...seat, seat: hash(6) }, keyring)).toBeNull()
    expect(openClaim(bytes, { ...seat, docId: hash(6) }, keyring)).toBeNull()
  })

  test("has a name of at most 40 letters, none of them torn", () => {
    const name = "👩🏽‍🌾".repeat(30)
    const read = openClaim(
      sealClaim({ kind: "device", name }, seat, { epoch, viewKey }, random),
      seat,
      keyring,
    )
    expect([...(read?.name ?? "")]).toHaveLength(40)
    expect(name.startsWith(read?.name ?? "x")).toBe(true)
  })

  test("that is no claim is refused by name inside, and unread outside", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        expect(openClaim(bytes, seat, keyring)).toBeNull()
        try {
          decodeClaim(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }),
      runs(500),
    )
  })
})
