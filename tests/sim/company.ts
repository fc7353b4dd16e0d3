// The document that all runs are about, and who has a right in it. It is made once: founding takes longer than a run,
// and every run begins with an empty log anyway.

import type { DocId } from "../../src/bytes/ids"
import { type SigningKey, sign, signingKey, type Verify } from "../../src/crypto/signing"
import { accessOf } from "../../src/people/access"
import { foundDocument, giveGrant, hostGrant } from "../../src/people/founding"
import { keysOf, type MemberKeys, type Membership, standingOf } from "../../src/people/membership"
import { encodeSeat } from "../../src/records/certificate"
import { Certificates } from "../../src/records/certificates"
import type { Access } from "../../src/replica/replica"
import type { Seat } from "../../src/sync/shelf"
import { Chance } from "./chance"

/** Somebody on one device. */
export interface Member {
  readonly name: string
  readonly role: "admin" | "edit" | "view"
  readonly membership: Membership
  readonly keys: MemberKeys
  readonly access: Access
  readonly seat: Seat
}

export interface Company {
  readonly docId: DocId
  readonly verify: Verify
  /** Genesis and epoch first; the founder has all of them from the start. */
  readonly certificates: readonly Uint8Array[]
  readonly writers: readonly Member[]
  readonly viewers: readonly Member[]
  /** Keys and seats of blind hosts. */
  readonly hosts: readonly { readonly name: string; readonly key: SigningKey; readonly seat: Seat }[]
}

const WRITERS = 5
const VIEWERS = 3
const HOSTS = 2

export async function foundCompany(verify: Verify): Promise<Company> {
  const chance = new Chance(1)
  const random = (length: number) => chance.bytes(length)
  const { membership: founder, certificates } = foundDocument(random)
  const { docId } = founder
  const all = [...certificates]
  const [genesis, ...rest] = all
  if (!genesis) throw new Error("a document has a genesis")
  const known = await Certificates.found(genesis, verify)
  for (const bytes of rest) await known.add(bytes)
  const founderKeys = keysOf(founder)
  const standing = standingOf(founder, founderKeys, known)
  if (typeof standing === "string") throw new Error(standing)
  const add = async (certificate: Uint8Array) => {
    all.push(certificate)
    await known.add(certificate)
  }
  const invite = async (role: "edit" | "view"): Promise<Membership> => {
    const given = giveGrant(role, "link", founderKeys, standing, docId, random)
    await add(given.certificate)
    return {
      docId,
      grantSecret: given.grantSecret,
      seatSeed: random(32),
      rootSeed: null,
      epochPrefix: null,
      grantCertificate: given.certificate,
    }
  }
  const memberOf = (name: string, membership: Membership, keys = keysOf(membership)): Member => {
    const mine = standingOf(membership, keys, known)
    if (typeof mine === "string") throw new Error(mine)
    const { role } = mine
    if (role !== "admin" && role !== "edit" && role !== "view")
      throw new Error(`nobody was invited as ${role}`)
    const { seat, seatCertificate: certificate } = keys
    return {
      name,
      role,
      membership,
      keys,
      access: accessOf(docId, keys, mine),
      seat: {
        seatPub: seat.publicKey,
        certificate,
        grantCertificate: membership.grantCertificate,
        sign: (kind, bytes) => sign(kind, bytes, seat),
      },
    }
  }
  const writers = [memberOf("writer 0", founder, founderKeys)]
  while (writers.length < WRITERS) writers.push(memberOf(`writer ${writers.length}`, await invite("edit")))
  const viewers: Member[] = []
  while (viewers.length < VIEWERS) viewers.push(memberOf(`viewer ${viewers.length}`, await invite("view")))
  const hosts: Company["hosts"][number][] = []
  while (hosts.length < HOSTS) {
    const key = signingKey(random(32))
    await add(hostGrant(key.publicKey, founderKeys, standing, docId, random))
    const certificate = encodeSeat({ docId, seatPub: key.publicKey, claimHash: null }, key)
    const seat: Seat = {
      seatPub: key.publicKey,
      certificate,
      grantCertificate: null,
      sign: (kind, bytes) => sign(kind, bytes, key),
    }
    hosts.push({ name: `host ${hosts.length}`, key, seat })
  }
  return { docId, verify, certificates: all, writers, viewers, hosts }
}
