// What one end believes of the other, and what becomes of that belief when the other could not keep what it was sent.
import { expect, test } from "vitest"
import { Keeper } from "../../../src/log/keeper"
import { MemoryStore } from "../../../src/log/memory"
import { CHANNELS } from "../../../src/records/envelope"
import { CatchUp } from "../../../src/sync/catch-up"
import type { Effect } from "../../../src/sync/effects"
import { foundDocument, sealMany, verify } from "./world"

async function begin(seed: number) {
  const document = await foundDocument(seed)
  const keeper = await Keeper.found(new MemoryStore(), verify, document.certificates.all())
  const { appended } = await keeper.accept(sealMany(document.write(document.admin), 2), "somewhere")
  const done: Effect[] = []
  const catchUp = new CatchUp(
    keeper.log,
    0,
    effect => done.push(effect),
    () => 0,
  )
  const sent = () => done.splice(0).flatMap(effect => (effect.do === "send" ? [effect.message.type] : []))
  return { keeper, appended, catchUp, sent }
}

test("what was not kept is announced as lacking at the next tick, once", async () => {
  const { catchUp, sent } = await begin(91)
  catchUp.tick(0)
  expect(sent()).toEqual([])
  catchUp.lost()
  catchUp.tick(0)
  catchUp.tick(0)
  expect(sent()).toEqual(["have"])
})

test("an end that tells anew what it has is believed, whatever it was sent before", async () => {
  const { keeper, appended, catchUp, sent } = await begin(92)
  catchUp.appended(appended, false, true)
  catchUp.appended(appended, false, true)
  expect(sent()).toEqual(["envelopes"])
  const { log } = keeper
  const [digest, certificates] = [log.digest(), log.certificatesDigest()]
  catchUp.have({ type: "have", slot: 0, channel: CHANNELS.body, digest, certificates })
  sent()
  catchUp.appended(appended, false, true)
  expect(sent()).toEqual(["envelopes"])
})
