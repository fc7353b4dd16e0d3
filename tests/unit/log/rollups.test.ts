// What a log makes of runs that are not held: a rollup reaches over them, and others' word decides whether that will
// do. Nothing is opened here; whether a rollup is equal to its run is for replica/ to say.
import { expect, test } from "vitest"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { KINDS } from "../../../src/records/envelope"
import { foundDocument, sealMany, type TestDocument, verify } from "../sync/world"

/** Ana's session with a rollup of 1 to 3 at 4, and whatever Ben says of it. */
async function begin(seed: number) {
  const document = await foundDocument(seed)
  const ben = document.write(await document.invite("edit"))
  const ana = document.write(document.admin)
  const [opening, ...run] = sealMany(ana, 4)
  const rollup = ana.rollUp(1)
  const after = ana.seal()
  const { sessionId } = ana
  return { document, ana, ben, sessionId, opening: opening ?? fail(), run, rollup, after }
}

function fail(): never {
  throw new Error("a session begins with its opening")
}

async function keeperOf(document: TestDocument, ...chains: readonly Uint8Array[][]) {
  const store = new MemoryStore()
  const keeper = await Keeper.found(store, verify, document.certificates.all())
  const take = async (...bytes: readonly Uint8Array[]) => {
    const accepted = await keeper.accept(bytes, "test")
    await accepted.durable
    return accepted
  }
  for (const chain of chains) await take(...chain)
  return { keeper, take, log: keeper.log, store }
}

test("a rollup reaches over its run, and the chain goes on behind it", async () => {
  const { document, opening, rollup, after, sessionId } = await begin(51)
  const { log, take } = await keeperOf(document)
  const { appended, gaps } = await take(opening, rollup.bytes, after.bytes)
  expect([appended.length, gaps]).toEqual([3, []])
  expect(log.reach(sessionId)).toBe(5)
  expect([0, 1, 3, 4, 5].map(seq => log.isHeld(sessionId, seq))).toEqual([true, false, false, true, true])
})

test("what no other grant vouches for is wanted whole, and taken from its beginning on", async () => {
  const { document, opening, run, rollup, after, sessionId } = await begin(52)
  const { log, take } = await keeperOf(document, [opening, rollup.bytes, after.bytes])
  expect(log.wantedRuns()).toEqual([{ sessionId, from: 1, to: 3 }])
  const [first, second, third] = run
  const { gaps } = await take(third ?? fail())
  expect([gaps, log.isHeld(sessionId, 3)]).toEqual([[], false])
  await take(first ?? fail(), second ?? fail())
  expect(log.wantedRuns()).toEqual([{ sessionId, from: 3, to: 3 }])
  await take(third ?? fail())
  expect([log.wantedRuns(), log.holds({ sessionId, from: 0, to: 5 })]).toEqual([[], true])
})

test("with another grant's word for its rollup a run is neither wanted nor taken back in", async () => {
  const { document, ben, opening, run, rollup, after, sessionId } = await begin(53)
  const { log, take } = await keeperOf(document, [opening, rollup.bytes, after.bytes])
  await take(ben.seal().bytes, ben.vouch(rollup).bytes)
  expect([log.isVouched(rollup.id, sessionId), log.wantedRuns()]).toEqual([true, []])
  expect((await take(...run)).appended).toEqual([])
  expect(log.doubt(rollup.id)).toBe(true)
  expect(log.wantedRuns()).toEqual([{ sessionId, from: 1, to: 3 }])
  expect((await take(...run)).appended).toHaveLength(3)
})

test("nobody vouches for themselves, on whatever device", async () => {
  const { document, opening, run, rollup, sessionId } = await begin(54)
  const own = document.write(document.admin)
  const { keeper, log } = await keeperOf(document, [opening, ...run, rollup.bytes])
  await (await keeper.accept([own.seal().bytes, own.vouch(rollup).bytes], "test")).durable
  expect(log.isVouched(rollup.id, sessionId)).toBe(false)
  expect(log.droppable()).toEqual([])
})

test("a run that is vouched for may go, and its log says the same as before to others and after a restart", async () => {
  const { document, ben, opening, run, rollup, after, sessionId } = await begin(55)
  const whole = [opening, ...run, rollup.bytes, after.bytes]
  const { keeper, log, store } = await keeperOf(document, whole, [ben.seal().bytes, ben.vouch(rollup).bytes])
  const digest = log.digest()
  await keeper.dropRuns()
  expect(log.holds({ sessionId, from: 1, to: 3 })).toBe(false)
  expect(log.digest()).toEqual(digest)
  const again = await Keeper.open(store, verify)
  expect(again?.log.digest()).toEqual(digest)
  expect(again?.log.wantedRuns()).toEqual([])
  const newcomer = await keeperOf(document)
  for (const range of log.lackedBy([])) await newcomer.take(...(await keeper.read(range, 1e6)))
  expect(newcomer.log.digest()).toEqual(digest)
  expect(newcomer.log.wantedRuns()).toEqual([])
})

test("a run whose words for others its rollup does not repeat stays", async () => {
  const { document, ana, ben, opening, run, rollup } = await begin(56)
  ana.forget() // the one behind the rollup
  const ofBen = [...sealMany(ben, 3), ben.rollUp(1).bytes]
  const { keeper, log } = await keeperOf(document, [opening, ...run, rollup.bytes], ofBen)
  const { id } = log.rollupsOf(ben.sessionId)[0] ?? fail()
  const vouching = ana.seal(160, { kind: KINDS.update, vouches: [id] })
  const forgetful = ana.rollUp(5)
  await keeper.accept([vouching.bytes, forgetful.bytes, ben.vouch(forgetful).bytes], "test")
  expect(log.isVouched(forgetful.id, ana.sessionId)).toBe(true)
  expect(log.droppable().map(each => each.id)).not.toContain(forgetful.id)
  const faithful = ana.rollUp(5, [id])
  await keeper.accept([faithful.bytes, ben.vouch(faithful).bytes], "test")
  expect(log.droppable().map(each => each.id)).toContain(faithful.id)
})

test("a rollup that names another beginning, or cuts another rollup's run, has no place", async () => {
  const { document, ana, opening, run, rollup, after, sessionId } = await begin(57)
  const { log, take } = await keeperOf(document, [opening, ...run, rollup.bytes, after.bytes])
  const elsewhere = ana.seal(160, { kind: KINDS.rollup, from: 2, before: after.id, vouches: [] })
  expect((await take(elsewhere.bytes)).refused[0]?.reason).toBe("fork")
  ana.forget()
  expect((await take(ana.rollUp(3).bytes)).refused[0]?.reason).toBe("fork")
  ana.forget()
  expect((await take(ana.rollUp(1).bytes)).refused).toEqual([])
  expect(log.rollupsOf(sessionId).map(({ run: { from, to } }) => [from, to])).toEqual([
    [1, 3],
    [1, 5],
  ])
})
