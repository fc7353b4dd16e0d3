// Rollups between devices (protocol §8): made on a pause, compared, vouched for, and then enough for whoever comes
// later; and what becomes of those that lie.
import { expect, test } from "vitest"
import * as Y from "yjs"
import type { SessionId } from "../../../src/bytes/ids"
import { keysOf } from "../../../src/people/membership"
import { KINDS } from "../../../src/records/envelope"
import type { Plain } from "../../../src/records/plain"
import { createDocument } from "../../../src/replica/document"
import { rollUp } from "../../../src/replica/rollup"
import { chance } from "../sync/world"
import { type Forger, forger } from "./forger"
import { carry, Device, share, type Tab, TYPED, until } from "./rig"

/** Types a word at a time, by turns, each word heard by the other before it answers. */
async function inCompany(ana: Tab, ben: Tab, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const [one, other] of [
      [ana, ben],
      [ben, ana],
    ] as const) {
      one.type(Math.min(one.text().length, round * 3), round % 4 === 3 ? "lorem " : "ipsum")
      await one.replica.flush()
      await carry(one, other)
    }
  }
}

async function company(seed: number, rounds = 12) {
  const shared = await share(seed)
  const ana = await new Device(shared, shared.founder, seed + 1).open()
  const ben = await new Device(shared, shared.invite("edit"), seed + 2).open()
  await ana.keeper.addCertificates(ben.keeper.certificates.all())
  await inCompany(ana, ben, rounds)
  const sessions = [ana, ben].map(
    ({ keeper, replica }) =>
      keeper.log.sessions().find(({ clientId }) => clientId === replica.doc.clientID)?.sessionId,
  )
  const [ofAna, ofBen] = sessions
  if (!ofAna || !ofBen) throw new Error("both write")
  return { shared, ana, ben, ofAna, ofBen }
}

async function pause(tab: Tab): Promise<void> {
  const before = tab.keeper.log.rollups().length
  tab.clock.advance(31_000)
  await until(() => tab.keeper.log.rollups().length > before)
}

const held = (tab: Tab, sessionId: SessionId) =>
  Array.from({ length: tab.keeper.log.reach(sessionId) + 1 }, (_, seq) => seq).filter(seq =>
    tab.keeper.log.isHeld(sessionId, seq),
  )

test("a pause makes a rollup; who held the run vouches with the next word; then the run goes on both devices", async () => {
  const { ana, ben, ofAna } = await company(101)
  await pause(ana)
  const rollup = ana.keeper.log.rollupsOf(ofAna)[0]
  expect(rollup?.run).toMatchObject({ from: 1, to: 12 })
  await carry(ana, ben)
  expect(held(ben, ofAna)).toHaveLength(14)
  ben.type(0, "so ")
  await ben.replica.flush()
  expect(ben.keeper.log.isVouched(rollup?.id ?? ("" as never), ofAna)).toBe(true)
  await carry(ben, ana)
  await until(() => held(ana, ofAna).length === 2 && held(ben, ofAna).length === 2)
  expect(ana.text()).toBe(ben.text())
  for (const tab of [ana, ben])
    expect(tab.replica.health).toMatchObject({ poison: [], waiting: 0, fault: null })
})

test("a newcomer reads from rollups that wait for each other in a circle", async () => {
  const { shared, ana, ben, ofAna, ofBen } = await company(111)
  await pause(ana)
  await pause(ben)
  await carry(ana, ben)
  await carry(ben, ana)
  await inCompany(ana, ben, 1)
  await until(() => held(ana, ofAna).length === 3 && held(ana, ofBen).length === 3)
  const newcomer = await new Device(shared, shared.invite("view"), 114).open()
  await carry(ana, newcomer)
  expect(held(newcomer, ofAna)).toHaveLength(3)
  expect(newcomer.text()).toBe(ana.text())
  expect(newcomer.replica.health).toMatchObject({ poison: [], waiting: 0, fault: null })
  const { doc } = newcomer.replica
  expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(ana.replica.doc))
})

test("a run of one goes while the other's is still single words: they too wait for each other", async () => {
  const { shared, ana, ben, ofAna } = await company(121)
  await pause(ana)
  await carry(ana, ben)
  ben.type(0, "so ")
  await ben.replica.flush()
  await carry(ben, ana)
  await until(() => held(ana, ofAna).length === 2)
  const newcomer = await new Device(shared, shared.invite("edit"), 124).open()
  await carry(ana, newcomer)
  expect(newcomer.text()).toBe(ana.text())
  newcomer.type(0, "I am new. ")
  await newcomer.replica.flush()
  await carry(newcomer, ben)
  expect(ben.text()).toBe(newcomer.text())
})

test("a document opened again knows which rollups it stands on", async () => {
  const { shared, ana, ben, ofAna } = await company(131)
  await pause(ana)
  await carry(ana, ben)
  ben.type(0, "so ")
  await ben.replica.flush()
  await carry(ben, ana)
  await until(() => held(ben, ofAna).length === 2)
  const text = ben.text()
  const device = new Device(shared, shared.invite("edit"), 134)
  const first = await device.open()
  await carry(ben, first)
  await first.replica.close()
  const again = await device.open()
  expect(again.text()).toBe(text)
  await inCompany(again, ana, 2)
  expect(again.text()).toBe(ana.text())
  expect(again.replica.health).toMatchObject({ poison: [], waiting: 0, fault: null })
})

test("twelve envelopes come to one update of the same words, whatever parts were joined before", async () => {
  const { ana } = await company(141)
  const doc = createDocument(7)
  const plains: Plain[] = []
  doc.on("update", (payload: Uint8Array) =>
    plains.push({ payload, deps: [], lamport: plains.length + 1, at: 0 }),
  )
  const body = doc.getText("body")
  for (const [at, word] of [...ana.text()].entries()) body.insert(at % 3 === 0 ? at : body.length, word)
  body.delete(3, 4)
  body.delete(1, 5)
  const whole = rollUp(plains, 7)
  const parts = [plains.slice(0, 5), plains.slice(5, 20), plains.slice(20)].map(part => ({
    ...rollUp(part, 7),
    at: 0,
  }))
  expect(rollUp(parts, 7).payload).toEqual(whole.payload)
  expect(whole.payload.length).toBeLessThan(plains.reduce((sum, { payload }) => sum + payload.length, 0) / 3)
  const read = createDocument(8)
  Y.applyUpdate(read, whole.payload)
  expect(read.getText("body").toString()).toBe(body.toString())
})

/** A member who seals a run of three and a rollup of whatever is given. */
async function liar(seed: number) {
  const shared = await share(seed)
  const member = shared.invite("edit")
  const accomplice = shared.invite("edit")
  const ana = await new Device(shared, shared.founder, seed + 1).open()
  const evil = forger(member, ana.keeper.certificates, chance(seed + 2))
  const friend = forger(accomplice, ana.keeper.certificates, chance(seed + 3))
  const certificates = [keysOf(member).seatCertificate, keysOf(accomplice).seatCertificate]
  await ana.keeper.addCertificates(certificates)
  const doc = createDocument(evil.clientId)
  const plains: Plain[] = []
  doc.on("update", (payload: Uint8Array) =>
    plains.push({ payload, deps: [], lamport: plains.length + 2, at: 0 }),
  )
  for (const word of ["true ", "words ", "only "]) doc.getText("body").insert(0, word)
  const opening = evil.seal()
  const run = plains.map(plain => evil.seal(plain))
  const lie = createDocument(evil.clientId)
  lie.getText("body").insert(0, "false words, only ")
  const rollup = (payload: Uint8Array) =>
    evil.seal({ payload, lamport: 5 }, { kind: KINDS.rollup, vouches: [], from: 1, before: opening.head.id })
  return { shared, certificates, ana, friend, opening, run, rollup, falseWords: Y.encodeStateAsUpdate(lie) }
}

async function take(tab: Tab, ...envelopes: readonly ReturnType<Forger["seal"]>[]): Promise<void> {
  const { durable, refused } = await tab.keeper.accept(
    envelopes.map(({ bytes }) => bytes),
    "test",
  )
  expect(refused).toEqual([])
  await durable
  await tab.replica.settled()
}

test("a lying rollup is found by all who held the run, and named; the run stands", async () => {
  const { ana, opening, run, rollup, falseWords } = await liar(151)
  const lies = rollup(falseWords)
  await take(ana, opening, ...run, lies)
  expect(ana.text()).toBe("only words true ")
  expect(ana.replica.health.poison).toMatchObject([lies.head])
  expect(ana.replica.health.poison[0]?.why).toContain("differs from the run")
  ana.type(0, "x")
  await ana.replica.flush()
  expect(ana.keeper.log.isVouched(lies.head.id, lies.head.sessionId)).toBe(false)
  expect(ana.keeper.log.droppable()).toEqual([])
})

test("a newcomer takes nothing from a rollup that only its author speaks for, and reads the run when it comes", async () => {
  const { shared, certificates, opening, run, rollup, falseWords } = await liar(161)
  const lies = rollup(falseWords)
  const newcomer = await new Device(shared, shared.invite("view"), 165).open()
  await newcomer.keeper.addCertificates(certificates)
  await take(newcomer, opening, lies)
  expect(newcomer.text()).toBe("")
  expect(newcomer.keeper.log.wantedRuns()).toMatchObject([{ from: 1, to: 3 }])
  await take(newcomer, ...run)
  expect(newcomer.text()).toBe("only words true ")
  expect(newcomer.replica.health.poison).toMatchObject([lies.head])
})

test("a rollup that breaks the rules is poison whoever vouches for it, and its run is asked for and read", async () => {
  const { shared, certificates, friend, opening, run, rollup } = await liar(171)
  const newcomer = await new Device(shared, shared.invite("view"), 175).open()
  await newcomer.keeper.addCertificates(certificates)
  const stolen = createDocument(4711)
  stolen.getText("body").insert(0, "somebody else's")
  const theft = rollup(Y.encodeStateAsUpdate(stolen))
  const vouching = [
    friend.seal(),
    friend.seal(
      { payload: Y.encodeStateAsUpdate(createDocument(1)) },
      { kind: KINDS.update, vouches: [theft.head.id] },
    ),
  ]
  await take(newcomer, opening, theft, ...vouching)
  expect(newcomer.text()).toBe("")
  expect(newcomer.replica.health.poison).toMatchObject([theft.head])
  expect(newcomer.keeper.log.wantedRuns()).toMatchObject([{ from: 1, to: 3 }])
  await take(newcomer, ...run)
  expect(newcomer.text()).toBe("only words true ")
  expect(newcomer.replica.health.poison).toMatchObject([theft.head])
})

test("typing in company leaves a log within twice its updates and a kilobyte a session", async () => {
  const { shared, ana, ben } = await company(181, 2)
  let updates = 0
  for (const { replica } of [ana, ben])
    replica.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === TYPED) updates += update.length
    })
  for (let burst = 0; burst < 6; burst++) {
    const [one, other] = burst % 2 === 0 ? [ana, ben] : [ben, ana]
    let at = (burst * 37) % one.text().length
    for (let word = 0; word < 24; word++) {
      one.type(at, "on ")
      at += 3
      await one.replica.flush()
    }
    await carry(one, other)
    await pause(one)
    await carry(one, other)
  }
  // The last word: whoever hears of a rollup says so with the next that they write.
  for (const [one, other] of [
    [ana, ben],
    [ben, ana],
  ] as const) {
    one.type(0, "!")
    await one.replica.flush()
    await carry(one, other)
  }
  await until(() => ana.keeper.log.droppable().length === 0)
  const bytes = await bytesOf(ana)
  const allowed = 2 * updates + 1_000 * ana.keeper.log.sessions().length
  console.info(
    `a log of ${bytes} bytes stands for updates of ${updates}: ${(bytes / updates).toFixed(2)} times`,
  )
  expect(bytes).toBeLessThan(allowed)
  const newcomer = await new Device(shared, shared.invite("view"), 184).open()
  await carry(ana, newcomer)
  expect(newcomer.text()).toBe(ana.text())
})

async function bytesOf({ keeper }: Tab): Promise<number> {
  let bytes = 0
  for (const { sessionId, seq: to } of keeper.log.heads())
    for (const envelope of await keeper.read({ sessionId, from: 0, to }, 1e9)) bytes += envelope.length
  return bytes
}
