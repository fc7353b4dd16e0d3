// Taking back, by admins on devices of their own who act without waiting for each other: what one of them does, what
// comes of two at once, and that every device judges the same once it holds the same.
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { PublicKey } from "../../../src/bytes/ids"
import { open } from "../../../src/crypto/sealing"
import { labelOf } from "../../../src/people/grants"
import { rotate } from "../../../src/people/rotating"
import type { Role } from "../../../src/records/roles"
import { SEED } from "../chance"
import { copyOf, found, type Holder, take } from "./circle"

console.info(`SEED=${SEED}`)

function standing(holder: Holder) {
  const { standing } = holder
  if (typeof standing === "string") throw new Error(standing)
  return standing
}

async function tellEach(holders: readonly Holder[]): Promise<void> {
  const all = holders.flatMap(holder => holder.certificates.all())
  for (const holder of holders) await holder.take(all)
}

describe("one admin", () => {
  test("removes one link; all others go on, with a key that the removed one does not get", async () => {
    const ana = await found(1)
    const bo = await ana.join(await ana.letIn("edit"))
    const cy = await ana.join(await ana.letIn("edit"))
    await tellEach([ana, bo, cy])
    const before = standing(ana).epoch
    await ana.change({ remove: [bo.grantPub] })
    await tellEach([ana, bo, cy])
    expect(standing(cy)).toMatchObject({ role: "edit", isRemoved: false })
    expect(standing(cy).epoch).not.toBe(before)
    expect(standing(cy).viewKey).toEqual(standing(ana).viewKey)
    expect(cy.certificates.roleOf(bo.grantPub)).toBeNull()
    // Bo keeps what could be read until then, and nothing more.
    expect(standing(bo)).toMatchObject({ role: "view", epoch: before, isRemoved: true })
    expect([...standing(bo).keyring.keys()]).toEqual([before])
  })

  test("lowers a role, and may raise it again", async () => {
    const ana = await found(2)
    const bo = await ana.join(await ana.letIn("edit"))
    await tellEach([ana, bo])
    await ana.change({ lower: new Map<PublicKey, Role>([[bo.grantPub, "view"]]) })
    await tellEach([ana, bo])
    expect(standing(bo)).toMatchObject({ role: "view", isRemoved: false })
    await ana.change({ lower: new Map<PublicKey, Role>([[bo.grantPub, "edit"]]) })
    await tellEach([ana, bo])
    expect(standing(bo)).toMatchObject({ role: "edit", epoch: standing(ana).epoch })
  })

  test("gives until a day, and takes out what has run out", async () => {
    const ana = await found(3)
    const bo = await ana.join(await ana.letIn("edit"))
    await ana.change({ expire: new Map([[bo.grantPub, 1_000]]) })
    await ana.keepUp(1_000)
    expect(ana.certificates.roleOf(bo.grantPub)).toBe("edit")
    await ana.keepUp(1_001)
    expect(ana.certificates.roleOf(bo.grantPub)).toBeNull()
  })

  test("labels stay readable for members, however often the key changes", async () => {
    const ana = await found(4)
    const bo = await ana.join(await ana.letIn("edit"))
    await ana.change({})
    await ana.change({})
    const grant = ana.certificates.grant(bo.grantPub)
    expect(grant && labelOf(grant, standing(ana).keyring)).toBe("a edit link")
    expect(grant && open(grant.sealedLabel, standing(ana).viewKey)).not.toBeNull()
  })

  test("somebody who comes later reads everything that was written before", async () => {
    const ana = await found(5)
    for (let turn = 0; turn < 4; turn++) await ana.change({})
    const dee = await ana.join(await ana.letIn("view"))
    await tellEach([ana, dee])
    expect(new Set(standing(dee).keyring.keys())).toEqual(
      new Set(ana.certificates.epochs().map(({ hash }) => hash)),
    )
  })

  test("whoever is admin of nothing that stands signs nothing", async () => {
    const ana = await found(6)
    const bo = await ana.join(await ana.letIn("edit"))
    await tellEach([ana, bo])
    expect(() => rotate({}, bo.admin)).toThrow("admin of nothing")
  })
})

describe("two admins at once", () => {
  test("remove different people: both are out, and a join ends it", async () => {
    const ana = await found(7)
    const ben = await ana.makeAdmin()
    const bo = await ana.join(await ana.letIn("edit"))
    const cy = await ana.join(await ana.letIn("edit"))
    await tellEach([ana, ben])
    await ana.change({ remove: [bo.grantPub] })
    await ben.change({ remove: [cy.grantPub] })
    await tellEach([ana, ben])
    for (const admin of [ana, ben]) {
      expect(admin.certificates.isFinished).toBe(false)
      expect(admin.certificates.roleOf(bo.grantPub)).toBeNull()
      expect(admin.certificates.roleOf(cy.grantPub)).toBeNull()
    }
    await ben.keepUp()
    await ana.keepUp()
    await tellEach([ana, ben])
    // Both joined at once: one of the two counts, and nobody joins the joins.
    await ana.keepUp()
    await tellEach([ana, ben])
    expect(ana.certificates.isFinished).toBe(true)
    expect(ana.certificates.epochs()).toHaveLength(6)
    expect(ana.certificates.roleOf(bo.grantPub)).toBeNull()
    expect(ana.certificates.roleOf(cy.grantPub)).toBeNull()
  })

  test("one removes, the other lets in without a network: who was let in gets the new key", async () => {
    const ana = await found(8)
    const ben = await ana.makeAdmin()
    const bo = await ana.join(await ana.letIn("edit"))
    await tellEach([ana, ben])
    await ana.change({ remove: [bo.grantPub] })
    const dee = await ben.join(await ben.letIn("edit"))
    await tellEach([ana, ben, dee])
    expect(standing(dee)).toMatchObject({ role: "edit" })
    expect(standing(dee).epoch).not.toBe(standing(ana).epoch)
    await ben.keepUp()
    await tellEach([ana, ben, dee])
    expect(standing(dee).epoch).toBe(standing(ana).epoch)
    await ben.keepUp()
    expect(ben.certificates.all()).toHaveLength(ana.certificates.all().length)
  })

  test("remove each other: the older one stays, and those whom the younger let in stay too", async () => {
    const ana = await found(9)
    const ben = await ana.makeAdmin()
    const dee = await ben.join(await ben.letIn("edit"))
    await tellEach([ana, ben])
    await ana.change({ remove: [ben.grantPub] })
    await ben.change({ remove: [ana.grantPub] })
    await tellEach([ana, ben, dee])
    expect(standing(ana).role).toBe("admin")
    expect(standing(ben).isRemoved).toBe(true)
    expect(standing(dee)).toMatchObject({ role: "edit", epoch: standing(ana).epoch })
  })
})

test("whatever admins do, and in whatever order it arrives, all devices judge the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.infiniteStream(fc.nat(999)),
      async (seed, dice) => {
        const roll = (below: number) => (dice.next().value as number) % below
        const pick = <T>(some: readonly T[]): T | undefined => some[roll(Math.max(1, some.length))]
        const ana = await found(seed)
        const admins = [ana]
        admins.push(await ana.makeAdmin())
        admins.push(await ana.makeAdmin())
        const people: PublicKey[] = []
        const seats = new Map<PublicKey, string>()
        for (let step = 0; step < 14; step++) {
          const admin = pick(admins)
          if (!admin?.isAdmin || typeof admin.standing === "string") continue
          const target = pick([...people, ...admins.map(each => each.grantPub)]) ?? ana.grantPub
          switch (roll(7)) {
            case 0:
            case 1: {
              const member = await admin.join(await admin.letIn(roll(2) ? "edit" : "view"))
              people.push(member.grantPub)
              seats.set(member.grantPub, member.membership.docId)
              break
            }
            case 2:
              await admin.change({ remove: [target] })
              break
            case 3:
              await admin.change({ lower: new Map<PublicKey, Role>([[target, "view"]]) })
              break
            case 4:
              if (admins.length < 5) admins.push(await admin.makeAdmin())
              break
            case 5:
              await admin.keepUp()
              break
            default: {
              const other = pick(admins)
              // Some of it, in some order: what rests on something else waits for it.
              if (other) await other.take(admin.certificates.all().filter(() => roll(4) > 0))
            }
          }
        }
        const all = admins.flatMap(admin => admin.certificates.all())
        const verdicts: unknown[] = []
        for (const admin of admins) {
          await admin.take(all)
          const shuffled = await copyOf(admin.certificates)
          expect(await take(shuffled, all)).toEqual([])
          verdicts.push(verdictOf(admin, people))
        }
        for (const verdict of verdicts) expect(verdict).toEqual(verdicts[0])
        // Whoever is left goes on: heads are joined, and nothing is due any more.
        for (const admin of admins)
          if (admin.isAdmin && typeof admin.standing !== "string") await admin.keepUp()
        const [root] = admins
        if (root?.isAdmin && typeof root.standing !== "string") await root.keepUp()
      },
    ),
    { seed: SEED, numRuns: Number(process.env["RUNS"] ?? 5) },
  )
}, 60_000)

function verdictOf({ certificates }: Holder, people: readonly PublicKey[]) {
  return {
    heads: certificates.heads.map(({ hash }) => hash),
    stand: certificates.epochs().map(({ hash }) => [hash, certificates.stands(hash)]),
    grants: certificates
      .grants()
      .map(({ grantPub, role }) => `${grantPub} ${role}`)
      .sort(),
    rights: certificates
      .epochs()
      .map(({ hash }) => people.map(grantPub => certificates.roleUnder(hash, grantPub))),
    isFinished: certificates.isFinished,
  }
}
