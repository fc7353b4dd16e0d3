// Logs of very many sessions: they find out where they differ without telling each other everything.
import { beforeAll, expect, test } from "vitest"
import { type EnvelopeId, idOf, type SessionId } from "../../../src/bytes/ids"
import { Log } from "../../../src/log/log"
import type { Certificates } from "../../../src/records/certificates"
import { CHANNELS, type Session } from "../../../src/records/envelope"
import { CatchUp } from "../../../src/sync/catch-up"
import { encodeMessage } from "../../../src/sync/codec"
import type { Effect } from "../../../src/sync/effects"
import type { Message } from "../../../src/sync/messages"
import { chance, foundDocument } from "./world"

const SESSIONS = 5_000
const random = chance(120)
const names = Array.from({ length: SESSIONS + 3 }, () => ({
  sessionId: idOf<SessionId>(random(16)),
  ids: [random(32), random(32)].map(bytes => idOf<EnvelopeId>(bytes)),
}))
let certificates: Certificates
beforeAll(async () => {
  certificates = (await foundDocument(121)).certificates
})

/** A log that holds so many envelopes of the sessions by their numbers. */
function logOf(reaches: ReadonlyMap<number, number>): Log {
  const log = new Log(certificates)
  for (const [number, count] of reaches) {
    const { sessionId, ids } = names[number] ?? { sessionId: "" as SessionId, ids: [] }
    const grantPub = certificates.genesis.adminPubs[0]
    const session = {
      sessionId,
      grantPub,
      epoch: certificates.current?.hash,
      channel: CHANNELS.body,
    } as Session
    log.restore(
      session,
      ids.slice(0, count).map((id, seq) => ({ seq, id, from: null, vouches: [] })),
    )
  }
  return log
}

/** Both ends talk until nothing is said any more; what each is asked for in the end, and the bytes of every kind of message. */
function talk(...logs: readonly [Log, Log]) {
  const inboxes: [Message[], Message[]] = [[], []]
  const bytes: Record<string, number> = {}
  const asked: [string[], string[]] = [[], []]
  const end = (log: Log, number: 0 | 1) =>
    new CatchUp(
      log,
      0,
      (effect: Effect) => {
        if (effect.do !== "send") return
        const { message } = effect
        bytes[message.type] = (bytes[message.type] ?? 0) + encodeMessage(message).length
        inboxes[1 - number]?.push(message)
      },
      () => 0,
    )
  const ends = [end(logs[0], 0), end(logs[1], 1)] as const
  for (const each of ends) each.announce()
  while (inboxes.some(inbox => inbox.length > 0))
    for (const [number, each] of ends.entries())
      for (const message of inboxes[number]?.splice(0) ?? []) {
        if (message.type === "have") each.have(message)
        else if (message.type === "vector") each.vector(message)
        else if (message.type === "buckets") each.buckets(message)
        else if (message.type === "want")
          asked[number]?.push(
            ...message.ranges.map(({ sessionId, from, to }) => `${sessionId} ${from}-${to}`),
          )
      }
  return { bytes, asked }
}

const all = (count: number) => new Map(Array.from({ length: SESSIONS }, (_, number) => [number, count]))

test("5,000 sessions that differ in four places: digests go, not vectors, and all four are found", () => {
  const ours = all(1).set(7, 2).set(SESSIONS, 2)
  const theirs = all(1)
    .set(8, 2)
    .set(SESSIONS + 1, 1)
  const { bytes, asked } = talk(logOf(ours), logOf(theirs))
  const name = (number: number, range: string) => `${names[number]?.sessionId} ${range}`
  expect(asked[0].sort()).toEqual([name(7, "1-1"), name(SESSIONS, "0-1")].sort())
  expect(asked[1].sort()).toEqual([name(8, "1-1"), name(SESSIONS + 1, "0-0")].sort())
  expect(bytes["buckets"]).toBeLessThan(2 * (256 * 16 + 10))
  expect(bytes["vector"]).toBeLessThan(2 * 4 * ((SESSIONS / 256) * 2 * 33))
  const whole = 2 * SESSIONS * 33
  const said = Object.values(bytes).reduce((sum, each) => sum + each, 0)
  console.info(`5,000 sessions: ${said} bytes, ${(said / whole).toFixed(3)} of two vectors`)
  expect(said / whole).toBeLessThan(0.1)
})

test("equal logs of 5,000 sessions say one digest each", () => {
  const { bytes, asked } = talk(logOf(all(1)), logOf(all(1)))
  expect(Object.keys(bytes)).toEqual(["have"])
  expect(asked).toEqual([[], []])
})

test("a log of few sessions and one of 5,000 find out all that either lacks", () => {
  const few = new Map([
    [3, 2],
    [SESSIONS, 1],
  ])
  const { asked } = talk(logOf(few), logOf(all(1)))
  expect(asked[0].sort()).toEqual([`${names[3]?.sessionId} 1-1`, `${names[SESSIONS]?.sessionId} 0-0`].sort())
  expect(new Set(asked[1]).size, "as many ranges as one question names; the next follows the answer").toBe(
    1_000,
  )
})
