// How a document begins, how somebody is let in, and what a link says when it is whole, damaged or newer.
import { describe, expect, test } from "vitest"
import { decodeBase64url, encodeBase64url } from "../../../src/bytes/base64url"
import { FormatError, NewerVersionError } from "../../../src/bytes/errors"
import { idBytes, idOf, type PublicKey } from "../../../src/bytes/ids"
import { realWorld } from "../../../src/bytes/world"
import { foundDocument, giveGrant, hostGrant, isHost } from "../../../src/people/founding"
import { formatLink, isLink, parseLink, type ShareLink } from "../../../src/people/link"
import { keysOf, type Membership, readMembership, standingOf } from "../../../src/people/membership"
import { Certificates } from "../../../src/records/certificates"
import { quickSignatures } from "../../quick-signatures"

const { random } = realWorld
const verify = await quickSignatures()

async function founded() {
  const { membership, certificates } = foundDocument(random)
  const [genesis, ...rest] = certificates
  if (!genesis) throw new Error("a founding has a genesis")
  const known = await Certificates.found(genesis, verify)
  for (const certificate of rest) await known.add(certificate)
  const keys = keysOf(membership)
  const standing = standingOf(membership, keys, known)
  if (typeof standing === "string") throw new Error(standing)
  return { membership, known, keys, standing }
}

function joined(founder: Membership, grantSecret: Uint8Array, epochPrefix: Uint8Array): Membership {
  const { docId } = founder
  return { docId, grantSecret, seatSeed: random(32), rootSeed: null, epochPrefix, grantCertificate: null }
}

describe("founding", () => {
  test("makes this device the admin, with a seat that everybody can check", async () => {
    const { standing, keys, known } = await founded()
    expect(standing.role).toBe("admin")
    expect(known.seat(keys.seatHash)?.seatPub).toBe(keys.seat.publicKey)
  })

  test("gives a link holder the role it was made for, and the same view key", async () => {
    const { membership, known, keys, standing } = await founded()
    for (const role of ["edit", "view"] as const) {
      const given = giveGrant(role, "a link", keys, standing, membership.docId, random)
      await known.add(given.certificate)
      const bo = joined(membership, given.grantSecret, idBytes(standing.epoch).subarray(0, 16))
      const theirs = standingOf(bo, keysOf(bo), known)
      expect(theirs).toMatchObject({ role, viewKey: standing.viewKey, epoch: standing.epoch })
    }
  })

  test("gives nothing to who was never listed, nor under an older epoch than the link named", async () => {
    const { membership, known, keys, standing } = await founded()
    const stranger = joined(membership, random(32), idBytes(standing.epoch).subarray(0, 16))
    expect(standingOf(stranger, keysOf(stranger), known)).toBe("not-listed")
    const given = giveGrant("edit", "", keys, standing, membership.docId, random)
    await known.add(given.certificate)
    const late = joined(membership, given.grantSecret, random(16))
    expect(standingOf(late, keysOf(late), known)).toBe("older-epoch")
  })

  test("lets a relay hold copies without a key to read them", async () => {
    const { membership, known, keys, standing } = await founded()
    const relay = idOf<PublicKey>(random(32))
    expect(isHost(known, relay)).toBe(false)
    await known.add(hostGrant(relay, keys, standing, membership.docId, random))
    expect(isHost(known, relay)).toBe(true)
    expect(known.grant(relay)?.capsule).toBeNull()
  })
})

describe("a membership", () => {
  test("comes back from the store as it was", async () => {
    const { membership } = await founded()
    expect(readMembership(structuredClone(membership))).toEqual(membership)
  })

  test("that is damaged is told apart from none", () => {
    expect(() => readMembership({ docId: "x" })).toThrow()
    expect(() => readMembership(null)).toThrow("no document")
  })
})

describe("a link", () => {
  const link: ShareLink = {
    docId: idOf(new Uint8Array(32).fill(1)),
    grantSecret: new Uint8Array(32).fill(2),
    epochNumber: 0,
    epochPrefix: new Uint8Array(16).fill(3),
    relays: [{ origin: "", key: idOf<PublicKey>(new Uint8Array(32).fill(4)) }],
    grantCertificate: new Uint8Array(200).fill(5),
  }
  const address = formatLink(link, "https://coop.example")

  test("says the same to who opens it as to who made it", () => {
    expect(isLink(address)).toBe(true)
    expect(parseLink(address)).toEqual(link)
    expect(parseLink(`  ${address}\n`)).toEqual(link)
  })

  test("that lost a letter, its end or was mistyped is damaged", () => {
    const at = address.indexOf("#") + 1
    for (let index = at; index < address.length; index += 7) {
      const letter = address[index] === "A" ? "B" : "A"
      expect(() => parseLink(address.slice(0, index) + letter + address.slice(index + 1))).toThrow(
        FormatError,
      )
      expect(() => parseLink(address.slice(0, index) + address.slice(index + 1))).toThrow(FormatError)
      expect(() => parseLink(address.slice(0, index))).toThrow(FormatError)
    }
  })

  test("of a newer version says so", () => {
    const bytes = decodeBase64url(address.split("#")[1] ?? "")
    bytes[0] = 2
    expect(() => parseLink(`https://coop.example/join#${encodeBase64url(bytes)}`)).toThrow(NewerVersionError)
  })
})
