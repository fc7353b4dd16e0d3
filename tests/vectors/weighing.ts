// Sets of certificates in which admins took something back, at once or against each other, and what must follow from
// each set on every replica, whatever the order of arrival. Ana founds; Ben is an admin of the genesis after her;
// Cleo and Dov are made admins later. Eve may edit, Vic may read.
import type { CertificateHash, PublicKey, SessionId } from "../../src/bytes/ids"
import { idOf } from "../../src/bytes/ids"
import {
  type Cut,
  decodeEpoch,
  decodeGrantCertificate,
  type EpochCertificate,
  encodeEpoch,
  encodeGrantCertificate,
  viewCommitOf,
} from "../../src/records/certificate"
import { decodeGenesis, encodeGenesis } from "../../src/records/genesis"
import type { Role } from "../../src/records/roles"
import { grant, grantKey, root, secret, toHex } from "./world"

export interface WeighingVector {
  readonly name: string
  /** In an order in which they can be added. */
  readonly records: readonly string[]
  /** Hashes of the ends of what stands, the one that counts first. */
  readonly heads: readonly string[]
  /** Hashes of the epochs that do not stand. */
  readonly void: readonly string[]
  /** Everybody who is listed, with their role. */
  readonly listed: Readonly<Record<string, Role>>
  /** How far a session of Eve's counts that was begun under an epoch; null: it is not cut. */
  readonly extents: readonly {
    readonly grantPub: string
    readonly epoch: string
    readonly sessionId: string
    readonly last: number | null
  }[]
}

const NAMES = ["ana", "ben", "cleo", "dov", "eve", "vic", "zed"] as const
type Name = (typeof NAMES)[number]
type Roles = Partial<Record<Name, Role>>

const genesis = encodeGenesis(
  {
    kind: "doc",
    nonce: secret("nonce of weighing").slice(0, 16),
    adminPubs: [grantKey("ana").publicKey, grantKey("ben").publicKey],
  },
  root,
)
const { docId } = decodeGenesis(genesis)
export const SESSION = idOf<SessionId>(secret("session of eve").slice(0, 16))
const pub = (name: Name): PublicKey => grantKey(name).publicKey
const seen = (seq: number): Cut => ({
  grantPub: pub("eve"),
  heads: [{ sessionId: SESSION, seq, id: idOf(secret(`eve at ${seq}`)) }],
})

interface Made {
  readonly bytes: Uint8Array
  readonly epoch: EpochCertificate
}

/** An epoch that lists `roles` and cuts everybody who had more in a parent. `eve`: how far her session was seen. */
function next(
  name: string,
  by: Name | "root",
  parents: readonly Made[],
  roles: Roles,
  { eve = -1, stands = [] }: { eve?: number; stands?: readonly CertificateHash[] } = {},
): Made {
  const grants = NAMES.flatMap(each => {
    const role = roles[each]
    return role ? [grant(each, role)] : []
  })
  const order = ["host", "view", "comment", "suggest", "edit", "admin"]
  const listed = new Map(grants.map(({ grantPub, role }) => [grantPub, order.indexOf(role)]))
  const lessened = new Set<PublicKey>()
  for (const { grantPub, role } of parents.flatMap(({ epoch }) => epoch.grants))
    if ((listed.get(grantPub) ?? -1) < order.indexOf(role)) lessened.add(grantPub)
  const cuts = [...lessened].map(grantPub =>
    grantPub === pub("eve") && eve >= 0 ? seen(eve) : { grantPub, heads: [] },
  )
  const bytes = encodeEpoch(
    {
      docId,
      n: parents.length === 0 ? 0 : 1 + Math.max(...parents.map(({ epoch }) => epoch.n)),
      parents: parents.map(({ epoch }) => epoch.hash),
      viewCommit: viewCommitOf(secret(`view key of ${name}`)),
      grants,
      cuts,
      stands,
      backKeys: [],
    },
    by === "root" ? root : grantKey(by),
  )
  return { bytes, epoch: decodeEpoch(bytes) }
}

const FIRST: Roles = { ana: "admin", ben: "admin", eve: "edit" }
const first = next("first", "ana", [], FIRST)
const withCleo = next("with Cleo", "ana", [first], { ...FIRST, cleo: "admin" })
const ALL: Roles = { ...FIRST, cleo: "admin", dov: "admin" }
const withAll = next("with Dov", "ana", [withCleo], ALL)
const without = (roles: Roles, ...names: Name[]): Roles =>
  Object.fromEntries(Object.entries(roles).filter(([name]) => !names.includes(name as Name)))

interface Expected {
  readonly heads: readonly Made[]
  readonly void?: readonly Made[]
  readonly listed: Roles
  readonly extents?: readonly (readonly [under: Made, last: number | null])[]
}

export function weighingVectors(): WeighingVector[] {
  const vectors: WeighingVector[] = []
  const add = (name: string, records: readonly (Made | Uint8Array)[], expected: Expected) =>
    vectors.push({
      name,
      records: [genesis, ...records.map(each => ("epoch" in each ? each.bytes : each))].map(toHex),
      heads: expected.heads.map(({ epoch }) => epoch.hash),
      void: (expected.void ?? []).map(({ epoch }) => epoch.hash).sort(),
      listed: Object.fromEntries(
        Object.entries(expected.listed).map(([name, role]) => [grantKey(name).publicKey, role]),
      ),
      extents: (expected.extents ?? []).map(([under, last]) => ({
        grantPub: pub("eve"),
        epoch: under.epoch.hash,
        sessionId: SESSION,
        last,
      })),
    })
  const lowestFirst = (...made: Made[]) =>
    made.sort((a, b) =>
      Buffer.compare(Buffer.from(a.epoch.hash, "base64url"), Buffer.from(b.epoch.hash, "base64url")),
    )

  const withoutEve = next("without Eve", "ana", [first], without(FIRST, "eve"), { eve: 5 })
  add("an editor is removed: what was seen of her counts", [first, withoutEve], {
    heads: [withoutEve],
    listed: without(FIRST, "eve"),
    extents: [[first, 5]],
  })
  const eveReads = next("Eve reads", "ana", [first], { ...FIRST, eve: "view" }, { eve: 3 })
  const eveAgain = next("Eve again", "ana", [eveReads], FIRST)
  add(
    "an editor is made a reader and an editor again: what lay beyond stays cut, what she begins now counts",
    [first, eveReads, eveAgain],
    {
      heads: [eveAgain],
      listed: FIRST,
      extents: [
        [first, 3],
        [eveReads, null],
        [eveAgain, null],
      ],
    },
  )
  const byBen = next("without Eve, by Ben", "ben", [first], without(FIRST, "eve"), { eve: 9 })
  const twoCuts = lowestFirst(withoutEve, byBen)
  add("two admins remove the same editor at once: the lower cut counts", [first, withoutEve, byBen], {
    heads: twoCuts,
    listed: without(FIRST, "eve"),
    extents: [[first, 5]],
  })
  const withVic = next("with Vic", "ben", [first], { ...FIRST, vic: "view" })
  add(
    "one admin removes Eve, another lets Vic in, at once: removals of all branches apply, and Vic may stay",
    [first, withoutEve, withVic],
    {
      heads: lowestFirst(withoutEve, withVic),
      listed: { ...without(FIRST, "eve"), vic: "view" },
      extents: [
        [first, 5],
        [withVic, 5],
      ],
    },
  )
  const together: Roles = { ...without(FIRST, "eve"), vic: "view" }
  const joined = next("joined", "ana", [withoutEve, withVic], together, { eve: 5 })
  const joinedToo = next("joined too", "ben", [withoutEve, withVic], together, { eve: 5 })
  add(
    "two joins of the same heads: the lower hash counts, and the other is no head",
    [first, withoutEve, withVic, joined, joinedToo],
    {
      heads: lowestFirst(joined, joinedToo).slice(0, 1),
      listed: { ...without(FIRST, "eve"), vic: "view" },
      extents: [[withVic, 5]],
    },
  )

  const noBen = next("without Ben", "ana", [first], without(FIRST, "ben"))
  const backdated = next("Ben on an old parent", "ben", [first], { ...FIRST, zed: "edit" })
  add("a removed admin rotates on an old parent: void", [first, noBen, backdated], {
    heads: [noBen],
    void: [backdated],
    listed: without(FIRST, "ben"),
  })
  const steps = [backdated]
  for (let n = 2; n <= 12; n++)
    steps.push(next(`Ben ${n}`, "ben", steps.slice(-1), { ...FIRST, zed: "admin" }))
  add("a removed admin rotates up to a huge number: void, all of it", [first, noBen, ...steps], {
    heads: [noBen],
    void: steps,
    listed: without(FIRST, "ben"),
  })
  const zedOnBen = next("Zed on Ben's", "zed", steps.slice(1, 2), { ana: "admin", zed: "admin" })
  add(
    "whom a removed admin made admin takes nothing from anybody",
    [first, noBen, ...steps.slice(0, 2), zedOnBen],
    { heads: [noBen], void: [...steps.slice(0, 2), zedOnBen], listed: without(FIRST, "ben") },
  )
  const noAna = next("without Ana", "ben", [first], without(FIRST, "ana", "eve"), { eve: 1 })
  add("two admins remove each other: who was listed first stays", [first, noBen, noAna], {
    heads: [noBen],
    void: [noAna],
    listed: without(FIRST, "ben"),
    extents: [[first, null]],
  })
  const byRoot = next("by root", "root", [first], without(FIRST, "ana"))
  const anaBack = next("Ana against root", "ana", [first], without(FIRST, "ben"))
  add("root removes the first admin, who fights back: root counts", [first, byRoot, anaBack], {
    heads: [byRoot],
    void: [anaBack],
    listed: without(FIRST, "ana"),
  })
  const dovOut = next("Dov out", "cleo", [withAll], without(ALL, "dov"))
  const cleoOut = next("Cleo out", "dov", [withAll], without(ALL, "cleo"))
  const cleoOutByAna = next("Cleo out, by Ana", "ana", [withAll], without(ALL, "cleo"))
  add(
    "one who is already removed in the weighing removes nobody",
    [first, withCleo, withAll, dovOut, cleoOut, cleoOutByAna],
    {
      heads: lowestFirst(cleoOut, cleoOutByAna),
      void: [dovOut],
      listed: without(ALL, "cleo"),
    },
  )
  const losing = next("Cleo, upon what lost", "cleo", [dovOut], { ...without(ALL, "dov"), zed: "admin" })
  add(
    "a removed admin goes on in a losing branch: void",
    [first, withCleo, withAll, dovOut, losing, cleoOutByAna],
    { heads: [cleoOutByAna], void: [dovOut, losing], listed: without(ALL, "cleo") },
  )
  const zedEarly = next("Dov, early", "cleo", [withCleo], {
    ...FIRST,
    cleo: "admin",
    dov: "admin",
    zed: "admin",
  })
  add(
    "a removed admin lists a friend as early as possible: the friend ranks nowhere",
    [first, withCleo, withAll, zedEarly, cleoOutByAna],
    { heads: [cleoOutByAna], void: [zedEarly], listed: without(ALL, "cleo") },
  )

  const dovOnCleo = next("Cleo lets Vic in", "cleo", [withAll], { ...ALL, vic: "view" })
  const orphan = next(
    "Dov removes Eve",
    "dov",
    [dovOnCleo],
    { ...without(ALL, "eve"), vic: "view" },
    { eve: 2 },
  )
  add(
    "what an admin took away upon a void epoch is not given back",
    [first, withCleo, withAll, dovOnCleo, orphan, cleoOutByAna],
    {
      heads: [cleoOutByAna],
      void: [dovOnCleo, orphan],
      listed: without(ALL, "cleo", "eve"),
      extents: [[withAll, 2]],
    },
  )
  const anaOnCleo = next(
    "Ana upon Cleo's",
    "ana",
    [dovOnCleo],
    { ...without(ALL, "eve"), vic: "view" },
    { eve: 4 },
  )
  const cleoOutByDov = next("Cleo out, by Dov", "dov", [withAll], without(ALL, "cleo"))
  add(
    "what an older admin has built upon stands, though a younger one removed who signed it",
    [first, withCleo, withAll, dovOnCleo, anaOnCleo, cleoOutByDov],
    {
      heads: [anaOnCleo, cleoOutByDov],
      listed: { ...without(ALL, "cleo", "eve"), vic: "view" },
      extents: [[withAll, 4]],
    },
  )

  const beside = (name: Name, role: Role, by: Name, under: Made) =>
    encodeGrantCertificate({ docId, epoch: under.epoch.hash, grant: grant(name, role) }, grantKey(by))
  const vicByBen = beside("vic", "view", "ben", first)
  const zedByBen = beside("zed", "edit", "ben", first)
  const keepsVic = next("without Ben, keeps Vic", "ana", [first], without(FIRST, "ben"), {
    stands: [decodeGrantCertificate(vicByBen).hash],
  })
  add(
    "of what a removed admin gave beside an epoch, what is named stands; what was given behind everybody's back does not",
    [first, vicByBen, zedByBen, keepsVic],
    { heads: [keepsVic], listed: { ...without(FIRST, "ben"), vic: "view" } },
  )
  const vicByAna = beside("vic", "comment", "ana", first)
  add("a grant given beside an epoch carries over to the next", [first, vicByAna, noBen], {
    heads: [noBen],
    listed: { ...without(FIRST, "ben"), vic: "comment" },
  })
  const eveByAna = beside("eve", "edit", "ana", first)
  add("until a cut names it", [first, eveByAna, withoutEve], {
    heads: [withoutEve],
    listed: without(FIRST, "eve"),
    extents: [[first, 5]],
  })
  const second = next("another first", "ben", [], FIRST)
  const upon = next("upon both", "ben", [first, second], FIRST)
  add("two first epochs are two heads", [first, second], {
    heads: lowestFirst(first, second),
    listed: FIRST,
  })
  add("and are joined like others", [first, second, upon], { heads: [upon], listed: FIRST })
  return vectors
}
