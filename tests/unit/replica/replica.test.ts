import { expect, test } from "vitest"
import * as Y from "yjs"
import { reasonOf, whileDiskIsFull } from "../storage/browser"
import { carry, Device, type Shared, share, TYPED, turns, until } from "./rig"

async function pair(seed: number): Promise<{ shared: Shared; ana: Device; bo: Device }> {
  const shared = await share(seed)
  const bo = shared.invite("edit")
  return { shared, ana: new Device(shared, shared.founder, seed + 1), bo: new Device(shared, bo, seed + 2) }
}

test("what one types, the other reads, once it was sealed and carried", async () => {
  const { ana, bo } = await pair(1)
  const here = await ana.open()
  const there = await bo.open()
  here.type(0, "hello")
  expect(here.replica.pending).toBe(true)
  await here.replica.flush()
  expect(here.replica.pending).toBe(false)
  await carry(here, there)
  expect(there.text()).toBe("hello")
  there.type(5, " Ana")
  await there.replica.flush()
  await carry(there, here)
  expect(here.text()).toBe("hello Ana")
  expect(here.replica.health).toEqual({
    poison: [],
    waiting: 0,
    unread: 0,
    strays: 0,
    forks: [],
    stuck: null,
    aside: [],
    fault: null,
  })
})

test("a document closed and opened again is the same, and its finished session leaves no record", async () => {
  const { ana } = await pair(2)
  const first = await ana.open()
  first.type(0, "kept")
  await first.replica.close()
  const again = await ana.open()
  expect(again.text()).toBe("kept")
  expect(await again.sessions.of(again.keeper.docId), "only the one that is open now").toHaveLength(1)
  expect(again.replica.doc.clientID).not.toBe(first.replica.doc.clientID)
})

test("opening without typing leaves nothing behind, neither record nor envelope", async () => {
  const { ana } = await pair(3)
  const first = await ana.open()
  await first.replica.close()
  expect(await first.sessions.of(first.keeper.docId)).toEqual([])
  expect(first.keeper.log.heads()).toEqual([])
})

test("words typed before a crash are sealed at the next start, by their own session", async () => {
  const { ana } = await pair(4)
  const first = await ana.open()
  first.type(0, "sealed ")
  await first.replica.flush()
  first.type(7, "unsealed")
  await turns()
  ana.kill()
  const again = await ana.open()
  await again.replica.settled()
  expect(again.text()).toBe("sealed unsealed")
  expect(again.keeper.log.heads()).toHaveLength(1)
  expect(again.keeper.log.heads()[0]?.seq).toBe(2)
  expect(await again.sessions.of(again.keeper.docId)).toHaveLength(1)
})

test("a deletion made before a crash is sealed at the next start", async () => {
  const { ana, bo } = await pair(5)
  const first = await ana.open()
  first.type(0, "abcdef")
  await first.replica.flush()
  first.replica.doc.transact(() => first.replica.doc.getText("body").delete(1, 2), TYPED)
  await turns()
  ana.kill()
  const again = await ana.open()
  await again.replica.settled()
  const there = await bo.open()
  await carry(again, there)
  expect(there.text()).toBe("adef")
})

test("a viewer reads everything, seals nothing, and a write in its document is a stray", async () => {
  const { shared, ana } = await pair(6)
  const viewer = new Device(shared, shared.invite("view"), 99)
  const here = await ana.open()
  here.type(0, "for your eyes")
  await here.replica.flush()
  const there = await viewer.open()
  await carry(here, there)
  expect(there.text()).toBe("for your eyes")
  there.type(0, "mine ")
  await there.replica.flush()
  expect(there.replica.health.strays).toBe(1)
  expect(there.keeper.log.heads()).toHaveLength(1)
})

test("a change of an origin that is not on the list sets off nothing and is told", async () => {
  const { ana } = await pair(7)
  const here = await ana.open()
  here.type(0, "typed")
  await here.replica.flush()
  here.replica.doc.transact(() => here.replica.doc.getText("body").delete(0, 2), "a plugin")
  here.clock.advance(60_000)
  await turns()
  expect(here.replica.health.strays).toBe(1)
  expect(here.keeper.log.heads()[0]?.seq).toBe(1)
})

test("alone one seals after five seconds, with company at once and then every 150 ms", async () => {
  const { ana } = await pair(8)
  const here = await ana.open()
  const sealed = () => here.keeper.log.heads()[0]?.seq ?? 0
  here.type(0, "a")
  here.clock.advance(4_900)
  await turns()
  expect(sealed()).toBe(0)
  here.clock.advance(200)
  await until(() => sealed() === 1)
  here.replica.company("people")
  here.clock.advance(1_000)
  here.type(0, "b")
  await until(() => sealed() === 2)
  here.type(0, "c")
  here.type(0, "d")
  await until(() => sealed() === 2)
  here.clock.advance(150)
  await until(() => sealed() === 3)
})

test("saved is said only after the copy is durable", async () => {
  const { ana } = await pair(9)
  const here = await ana.open()
  const states: string[] = []
  here.replica.onSaved(() => states.push(here.replica.saved.state))
  here.type(0, "x")
  expect(here.replica.saved.state).toBe("saving")
  here.clock.advance(60)
  await until(() => here.replica.saved.state === "saved")
  expect(states).toContain("saving")
})

test("a full disk is said at once, nothing is claimed, and all is kept when there is room again", async () => {
  const { ana, bo } = await pair(15)
  const here = await ana.open()
  await whileDiskIsFull(async () => {
    here.type(0, "no room for this")
    expect(await reasonOf(here.replica.flush())).toBe("full")
    expect(here.replica.saved).toMatchObject({ state: "failed", error: { reason: "full" } })
    expect(here.replica.pending).toBe(true)
  })
  here.type(0, "and ")
  await until(() => {
    here.clock.advance(1_000)
    return here.replica.saved.state === "saved" && !here.replica.pending
  })
  const there = await bo.open()
  await carry(here, there)
  expect(there.text()).toBe("and no room for this")
})

test("a damaged copy is made anew from the log under another name", async () => {
  const { ana } = await pair(16)
  const first = await ana.open()
  first.type(0, "in the log")
  await first.replica.close()
  await spoilCopy(`sheaf-copy/${first.keeper.docId}/0`)
  const again = await ana.open()
  expect(again.text()).toBe("in the log")
  again.type(0, "still ")
  await again.replica.close()
  expect((await ana.open()).text()).toBe("still in the log")
})

test("two tabs of one profile agree without a network", async () => {
  const { ana } = await pair(10)
  const one = await ana.open()
  const two = await ana.open()
  one.type(0, "one ")
  await one.replica.flush()
  await until(() => two.text() === "one ")
  two.type(4, "two")
  await two.replica.flush()
  await until(() => one.text() === "one two")
  expect(two.replica.health.poison).toEqual([])
})

test("words written upon another tab's unsealed ones wait for them, and that tab is asked", async () => {
  const { ana } = await pair(11)
  const one = await ana.open()
  one.type(0, "unsealed of one")
  await turns()
  const two = await ana.open()
  expect(two.text()).toBe("unsealed of one")
  two.type(8, " TWO")
  await two.replica.flush()
  await until(() => !two.replica.pending && one.text() === "unsealed TWO of one")
  expect(one.replica.health.poison).toEqual([])
})

test("words written upon those of a tab that is gone are sealed by the one that is left", async () => {
  const { ana } = await pair(17)
  const one = await ana.open()
  one.type(0, "unsealed of one")
  await turns()
  const two = await ana.open()
  two.type(8, " TWO")
  one.type(15, "!")
  await turns()
  one.die()
  await two.replica.flush()
  expect(two.replica.pending).toBe(true)
  await until(() => {
    two.clock.advance(3_000)
    return !two.replica.pending
  })
  await two.replica.close()
  const again = await ana.open()
  expect(again.text()).toBe("unsealed TWO of one!")
  expect(again.keeper.log.heads()).toHaveLength(2)
  expect(await again.sessions.of(again.keeper.docId)).toHaveLength(1)
})

test("text that no record can seal is taken out, kept, and offered back", async () => {
  const { ana } = await pair(12)
  const first = await ana.open()
  first.type(0, "kept. ")
  await first.replica.flush()
  first.type(6, "orphaned")
  await turns()
  const docId = first.keeper.docId
  for (const { sessionId } of await first.sessions.of(docId))
    await first.sessions.change(docId, { drop: sessionId })
  ana.kill()
  const again = await ana.open()
  expect(again.text()).toBe("kept. ")
  expect(again.replica.health.aside.map(({ text }) => text)).toEqual(["orphaned"])
  again.type(6, "more")
  await again.replica.close()
  const third = await ana.open()
  expect(third.text()).toBe("kept. more")
  expect(third.replica.health.aside).toHaveLength(1)
  await third.replica.forgetAside()
  expect(third.replica.health.aside).toEqual([])
})

test("a paste of 5 MB goes out in several envelopes and cuts no emoji", async () => {
  const { ana, bo } = await pair(13)
  const here = await ana.open()
  const there = await bo.open()
  const text = `x${"😀".repeat(1_200_000)}`
  here.type(0, text)
  await here.replica.flush()
  expect(here.keeper.log.heads()[0]?.seq).toBeGreaterThan(1)
  await carry(here, there)
  expect(there.text() === text).toBe(true)
})

test("a lively exchange is the same on both sides, also when it is opened again from the copy", async () => {
  const { ana, bo } = await pair(14)
  const here = await ana.open()
  const there = await bo.open()
  for (let round = 0; round < 40; round++) {
    here.type(0, "a")
    await here.replica.flush()
    await carry(here, there)
    there.type(there.text().length, "b")
    await there.replica.flush()
    await carry(there, here)
  }
  expect(here.text()).toBe(there.text())
  await there.replica.close()
  const again = await bo.open()
  expect(again.text()).toBe(here.text())
  expect(Y.encodeStateVector(again.replica.doc)).toEqual(Y.encodeStateVector(here.replica.doc))
})

/** Puts a row into a copy that no version of Yjs would write. */
function spoilCopy(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const transaction = request.result.transaction("updates", "readwrite")
      transaction.objectStore("updates").add(new Uint8Array([9, 9, 9, 9]))
      transaction.oncomplete = () => {
        request.result.close()
        resolve()
      }
    }
  })
}
