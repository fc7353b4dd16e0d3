// Presence is believed only from seats that are listed, only once, and only in words.
import { expect, test } from "vitest"
import { RefusedError } from "../../../src/bytes/errors"
import type { PublicKey } from "../../../src/bytes/ids"
import type { World } from "../../../src/bytes/world"
import { foundDocument, giveGrant } from "../../../src/people/founding"
import { keysOf, type Membership, standingOf } from "../../../src/people/membership"
import { Certificates } from "../../../src/records/certificates"
import { Presence } from "../../../src/replica/presence"
import { quickSignatures } from "../../quick-signatures"

const verify = await quickSignatures()

/** Over which everything comes that no test is about. */
const LINK = "peer 1"

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
  const guest = async () => {
    const { grantSecret } = given
    const keys = keysOf({ ...membership, grantSecret, seatSeed: world.random(32) } as Membership)
    await known.add(keys.seatCertificate)
    return keys
  }
  const [bo, cleo] = [await guest(), await guest()]
  const sent: Uint8Array[] = []
  let changes = 0
  /** What was passed on, with the links. */
  const passed: { readonly bytes: Uint8Array; readonly links: readonly string[] }[] = []
  const presenceOf = (keys: typeof ana, straight: ReadonlyMap<string, PublicKey> = new Map()) =>
    new Presence({
      docId: membership.docId,
      viewKey: standing.viewKey,
      seat: { key: keys.seat, hash: keys.seatHash },
      certificates: () => known,
      verify,
      world,
      send: bytes => sent.push(bytes),
      straight: () => straight,
      pass: (bytes, links) => passed.push({ bytes, links }),
      onChange: () => changes++,
    })
  return {
    world,
    sent,
    passed,
    keys: { ana, bo, cleo },
    presenceOf,
    ana: presenceOf(ana),
    bo: presenceOf(bo),
    changes: () => changes,
  }
}

/** Three of whom each has links to some of the others: "to bo" leads to Bo. */
async function three(links: Readonly<Record<"ana" | "bo" | "cleo", readonly ("ana" | "bo" | "cleo")[]>>) {
  const { keys, presenceOf, ...rest } = await company()
  const of = (who: "ana" | "bo" | "cleo") =>
    presenceOf(keys[who], new Map(links[who].map(end => [`to ${end}`, keys[end].seat.publicKey])))
  return { ...rest, ana: of("ana"), bo: of("bo"), cleo: of("cleo") }
}

test("a name, a colour and a caret reach the other, with the role of the seat", async () => {
  const { ana, bo, sent } = await company()
  ana.set({ name: "Ana", colour: "clay", caret: "[1]", pausedUntil: null, follows: null })
  for (const bytes of sent) await bo.receive(bytes, LINK)
  expect(bo.others()).toMatchObject([{ name: "Ana", colour: "clay", caret: "[1]", role: "admin" }])
})

test("whoever is heard for the first time is answered, once", async () => {
  const { ana, bo, sent, world } = await company()
  bo.set({ name: "Bo", colour: "moss", caret: null, pausedUntil: null, follows: null })
  sent.length = 0
  world.push(1000)
  ana.set({ name: "Ana", colour: "clay", caret: null, pausedUntil: null, follows: null })
  for (const bytes of sent.splice(0)) await bo.receive(bytes, LINK)
  for (const bytes of sent.splice(0)) await ana.receive(bytes, LINK)
  expect(ana.others().map(({ name }) => name)).toEqual(["Bo"])
  world.push(1000)
  for (const bytes of sent.splice(0)) await bo.receive(bytes, LINK)
  expect(sent.length).toBe(0)
})

test("a replay changes nothing, an altered byte is refused, a stranger is not known", async () => {
  const { ana, bo, sent, changes, world } = await company()
  ana.set({ name: "Ana", colour: "clay", caret: null, pausedUntil: null, follows: null })
  const [bytes] = sent
  if (!bytes) throw new Error("nothing was sent")
  await bo.receive(bytes, LINK)
  await bo.receive(bytes, LINK)
  expect(changes()).toBe(1)
  world.push(1000)
  ana.set({ name: "Ana", colour: "moss", caret: null, pausedUntil: null, follows: null })
  const altered = sent.at(-1)?.slice() ?? bytes
  altered[altered.length - 70] = (altered[altered.length - 70] ?? 0) ^ 1
  await expect(bo.receive(altered, LINK)).rejects.toThrow("bad-signature")
  const stranger = bytes.slice()
  stranger[0] = (stranger[0] ?? 0) ^ 1
  await expect(bo.receive(stranger, LINK)).rejects.toThrow(RefusedError)
})

test("no more than three a second go out, and the last word wins", async () => {
  const { ana, bo, sent, world } = await company()
  for (let index = 0; index < 50; index++) {
    ana.set({ name: "Ana", colour: "clay", caret: `${index}`, pausedUntil: null, follows: null })
    world.push(20)
  }
  world.push(1000)
  expect(sent.length).toBeLessThanOrEqual(6)
  for (const bytes of sent) await bo.receive(bytes, LINK)
  expect(bo.others()[0]?.caret).toBe("49")
})

test("who leaves is gone at once; who falls silent is gone after half a minute", async () => {
  const { ana, bo, sent, world } = await company()
  ana.set({ name: "Ana", colour: "clay", caret: null, pausedUntil: null, follows: null })
  for (const bytes of sent.splice(0)) await bo.receive(bytes, LINK)
  ana.close()
  for (const bytes of sent.splice(0)) await bo.receive(bytes, LINK)
  expect(bo.others()).toEqual([])
  const again = await company()
  again.ana.set({ name: "Ana", colour: "clay", caret: null, pausedUntil: null, follows: null })
  for (const bytes of again.sent.splice(0)) await again.bo.receive(bytes, LINK)
  again.world.push(45_000)
  expect(again.bo.others()).toEqual([])
  expect(world.now()).toBeGreaterThan(0)
})

test("a name that tries to look like another is put plainly", async () => {
  const { ana, bo, sent } = await company()
  ana.set({ name: "A\u202ena\n", colour: "clay", caret: null, pausedUntil: null, follows: null })
  for (const bytes of sent) await bo.receive(bytes, LINK)
  expect(bo.others()[0]?.name).toBe("Ana")
})

test("in a chain of three the outer two hear each other through the one between, each word once", async () => {
  const { ana, bo, cleo, sent, passed } = await three({ ana: ["bo"], bo: ["ana", "cleo"], cleo: ["bo"] })
  ana.set({ name: "Ana", colour: "clay", caret: "[1]", pausedUntil: null, follows: null })
  const [bytes] = sent
  if (!bytes) throw new Error("nothing was sent")
  await bo.receive(bytes, "to ana")
  expect(passed).toEqual([{ bytes, links: ["to cleo"] }])
  await cleo.receive(bytes, "to bo")
  expect(cleo.others()).toMatchObject([{ name: "Ana", caret: "[1]", way: "to bo" }])
  await bo.receive(bytes, "to cleo")
  await cleo.receive(bytes, "to bo")
  expect(passed).toHaveLength(1)
  ana.close()
  const farewell = sent.at(-1) ?? bytes
  await bo.receive(farewell, "to ana")
  await cleo.receive(farewell, "to bo")
  expect(cleo.others()).toEqual([])
})

test("where everybody reaches everybody nothing is passed on", async () => {
  const { ana, bo, sent, passed } = await three({
    ana: ["bo", "cleo"],
    bo: ["ana", "cleo"],
    cleo: ["ana", "bo"],
  })
  ana.set({ name: "Ana", colour: "clay", caret: null, pausedUntil: null, follows: null })
  for (const bytes of sent.splice(0)) await bo.receive(bytes, "to ana")
  expect(bo.others()).toHaveLength(1)
  expect(passed).toEqual([])
})

test("what both hear from one relay is not passed on between them, and what another window says to nobody", async () => {
  const { ana, bo, cleo, sent, passed, world } = await three({ ana: [], bo: ["cleo"], cleo: ["bo"] })
  cleo.set({ name: "Cleo", colour: "moss", caret: null, pausedUntil: null, follows: null })
  for (const bytes of sent.splice(0))
    for (const way of ["to cleo", "https://coop.example"]) await bo.receive(bytes, way)
  ana.set({ name: "Ana", colour: "clay", caret: null, pausedUntil: null, follows: null })
  for (const bytes of sent.splice(0)) await bo.receive(bytes, "https://coop.example")
  expect(bo.others()).toHaveLength(2)
  expect(passed).toEqual([])
  world.push(1000)
  ana.set({ name: "Ana", colour: "clay", caret: "[2]", pausedUntil: null, follows: null })
  for (const bytes of sent.splice(0)) await bo.receive(bytes, null)
  expect(passed).toEqual([])
})

test("of somebody who says too much, most is neither taken nor passed on", async () => {
  const { ana, bo, sent, passed, world } = await three({ ana: ["bo"], bo: ["ana", "cleo"], cleo: ["bo"] })
  for (let index = 0; index < 40; index++) {
    ana.set({ name: "Ana", colour: "clay", caret: `${index}`, pausedUntil: null, follows: null })
    world.push(400)
  }
  for (const bytes of sent.filter(bytes => bytes.length > 0)) await bo.receive(bytes, "to ana")
  expect(passed.length).toBeGreaterThan(0)
  expect(passed.length).toBeLessThan(10)
})
