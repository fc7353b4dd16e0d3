// Presence is believed only from seats that are listed, only once, and only in words.
import { expect, test } from "vitest"
import { RefusedError } from "../../../src/bytes/errors"
import type { World } from "../../../src/bytes/world"
import { foundDocument, giveGrant } from "../../../src/people/founding"
import { keysOf, type Membership, standingOf } from "../../../src/people/membership"
import { Certificates } from "../../../src/records/certificates"
import { Presence } from "../../../src/replica/presence"
import { quickSignatures } from "../../quick-signatures"

const verify = await quickSignatures()

/** A world whose clock stands still until it is pushed. */
function still(): World & { push(ms: number): void } {
  let now = 1_700_000_000_000
  let timers: { at: number; f: () => void }[] = []
  return {
    now: () => now,
    random: length => crypto.getRandomValues(new Uint8Array(length)),
    after(ms, f) {
      const timer = { at: now + ms, f }
      timers.push(timer)
      return () => {
        timers = timers.filter(other => other !== timer)
      }
    },
    push(ms) {
      const end = now + ms
      for (;;) {
        const next = timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter(timer => timer !== next)
        now = next.at
        next.f()
      }
      now = end
    },
  }
}

async function company() {
  const world = still()
  const { membership, certificates } = foundDocument(world.random)
  const known = await Certificates.found(certificates[0] ?? new Uint8Array(), verify)
  for (const bytes of certificates.slice(1)) await known.add(bytes)
  const ana = keysOf(membership)
  const standing = standingOf(membership, ana, known)
  if (typeof standing === "string") throw new Error(standing)
  const given = giveGrant("view", "", ana, standing, membership.docId, world.random)
  await known.add(given.certificate)
  const bo = keysOf({
    ...membership,
    grantSecret: given.grantSecret,
    seatSeed: world.random(32),
  } as Membership)
  await known.add(bo.seatCertificate)
  const sent: Uint8Array[] = []
  let changes = 0
  const presenceOf = (keys: typeof ana) =>
    new Presence({
      docId: membership.docId,
      viewKey: standing.viewKey,
      seat: { key: keys.seat, hash: keys.seatHash },
      certificates: () => known,
      verify,
      world,
      send: bytes => sent.push(bytes),
      onChange: () => changes++,
    })
  return { world, sent, ana: presenceOf(ana), bo: presenceOf(bo), changes: () => changes }
}

test("a name, a colour and a caret reach the other, with the role of the seat", async () => {
  const { ana, bo, sent } = await company()
  ana.set({ name: "Ana", colour: "clay", caret: "[1]" })
  for (const bytes of sent) await bo.receive(bytes)
  expect(bo.others()).toMatchObject([{ name: "Ana", colour: "clay", caret: "[1]", role: "admin" }])
})

test("whoever is heard for the first time is answered, once", async () => {
  const { ana, bo, sent, world } = await company()
  bo.set({ name: "Bo", colour: "moss", caret: null })
  sent.length = 0
  world.push(1000)
  ana.set({ name: "Ana", colour: "clay", caret: null })
  for (const bytes of sent.splice(0)) await bo.receive(bytes)
  for (const bytes of sent.splice(0)) await ana.receive(bytes)
  expect(ana.others().map(({ name }) => name)).toEqual(["Bo"])
  world.push(1000)
  for (const bytes of sent.splice(0)) await bo.receive(bytes)
  expect(sent.length).toBe(0)
})

test("a replay changes nothing, an altered byte is refused, a stranger is not known", async () => {
  const { ana, bo, sent, changes, world } = await company()
  ana.set({ name: "Ana", colour: "clay", caret: null })
  const [bytes] = sent
  if (!bytes) throw new Error("nothing was sent")
  await bo.receive(bytes)
  await bo.receive(bytes)
  expect(changes()).toBe(1)
  world.push(1000)
  ana.set({ name: "Ana", colour: "moss", caret: null })
  const altered = sent.at(-1)?.slice() ?? bytes
  altered[altered.length - 70] = (altered[altered.length - 70] ?? 0) ^ 1
  await expect(bo.receive(altered)).rejects.toThrow("bad-signature")
  const stranger = bytes.slice()
  stranger[0] = (stranger[0] ?? 0) ^ 1
  await expect(bo.receive(stranger)).rejects.toThrow(RefusedError)
})

test("no more than three a second go out, and the last word wins", async () => {
  const { ana, bo, sent, world } = await company()
  for (let index = 0; index < 50; index++) {
    ana.set({ name: "Ana", colour: "clay", caret: `${index}` })
    world.push(20)
  }
  world.push(1000)
  expect(sent.length).toBeLessThanOrEqual(6)
  for (const bytes of sent) await bo.receive(bytes)
  expect(bo.others()[0]?.caret).toBe("49")
})

test("who leaves is gone at once; who falls silent is gone after half a minute", async () => {
  const { ana, bo, sent, world } = await company()
  ana.set({ name: "Ana", colour: "clay", caret: null })
  for (const bytes of sent.splice(0)) await bo.receive(bytes)
  ana.close()
  for (const bytes of sent.splice(0)) await bo.receive(bytes)
  expect(bo.others()).toEqual([])
  const again = await company()
  again.ana.set({ name: "Ana", colour: "clay", caret: null })
  for (const bytes of again.sent.splice(0)) await again.bo.receive(bytes)
  again.world.push(45_000)
  expect(again.bo.others()).toEqual([])
  expect(world.now()).toBeGreaterThan(0)
})

test("a name that tries to look like another is put plainly", async () => {
  const { ana, bo, sent } = await company()
  ana.set({ name: "A\u202ena\n", colour: "clay", caret: null })
  for (const bytes of sent) await bo.receive(bytes)
  expect(bo.others()[0]?.name).toBe("Ana")
})
