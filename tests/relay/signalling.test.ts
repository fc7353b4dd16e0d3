// Two browsers that know the same topic find each other; whoever talks nonsense or too much harms nobody.
import { afterEach, describe, expect, test } from "vitest"
import { SUBSCRIBERS_PER_TOPIC, TOPICS_PER_SOCKET } from "../../src/relay/signalling"
import { type BareSocket, closeAll, dial, runRelay } from "./run"

afterEach(closeAll)

const subscribe = (...topics: string[]) => JSON.stringify({ type: "subscribe", topics })
const publish = (topic: string, data: unknown) => JSON.stringify({ type: "publish", topic, data })

/** Resolves once everything said before has been heard: a ping is answered in its turn. */
async function heard(end: BareSocket): Promise<void> {
  end.say('{"type":"ping"}')
  expect(await end.next()).toBe('{"type":"pong"}')
}

describe("two clients", () => {
  test("of one topic hear each other, and themselves, with the number that are there", async () => {
    const { url } = await runRelay()
    const [ana, ben] = [await dial(`${url}/signal`), await dial(`${url}/signal`)]
    for (const end of [ana, ben]) {
      end.say(subscribe("lobby"))
      await heard(end)
    }
    ana.say(publish("lobby", "sealed words"))
    const expected = { type: "publish", topic: "lobby", data: "sealed words", clients: 2 }
    expect(JSON.parse(await ben.next())).toEqual(expected)
    expect(JSON.parse(await ana.next())).toEqual(expected)
  })

  test("of different topics hear nothing of each other, and who left hears nothing more", async () => {
    const { url } = await runRelay()
    const [ana, ben] = [await dial(`${url}/signal`), await dial(`${url}/signal`)]
    ana.say(subscribe("lobby"))
    ben.say(subscribe("lobby", "other"))
    ben.say(JSON.stringify({ type: "unsubscribe", topics: ["lobby"] }))
    await heard(ben)
    ana.say(publish("lobby", 1))
    ana.say(publish("other", 2)) // a topic that it is not in
    expect(JSON.parse(await ana.next())).toMatchObject({ data: 1, clients: 1 })
    await heard(ana)
    await heard(ben)
  })

  test("whose socket closes leaves its topics", async () => {
    const { url } = await runRelay()
    const [ana, ben] = [await dial(`${url}/signal`), await dial(`${url}/signal`)]
    ana.say(subscribe("lobby"))
    ben.say(subscribe("lobby"))
    await heard(ben)
    ben.socket.close()
    await ben.ended
    await heard(ana)
    ana.say(publish("lobby", 1))
    expect(JSON.parse(await ana.next())).toMatchObject({ clients: 1 })
  })
})

describe("garbage", () => {
  test("is passed over, whatever it is", async () => {
    const { url } = await runRelay()
    const end = await dial(`${url}/signal`)
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`
    for (const garbage of [
      "",
      "null",
      "[]",
      "{",
      '"subscribe"',
      '{"type":7}',
      '{"type":"subscribe"}',
      '{"type":"subscribe","topics":"lobby"}',
      '{"type":"subscribe","topics":[null,1,"",{}]}',
      '{"type":"publish"}',
      '{"type":"publish","topic":["lobby"],"data":1}',
      '{"type":"publish","topic":"__proto__","data":1}',
      '{"type":"constructor"}',
      Uint8Array.of(0, 255, 254),
      `{"type":"publish","topic":"lobby","data":${deep}}`,
    ]) {
      end.say(garbage)
    }
    await heard(end)
    expect(end.socket.readyState).toBe(end.socket.OPEN)
  })

  test("without end closes the socket and says why", async () => {
    const { url } = await runRelay()
    const end = await dial(`${url}/signal`)
    for (let count = 0; count < 300; count++) end.say("garbage")
    expect(await end.ended).toMatchObject({ code: 1008, reason: expect.stringContaining("no signalling") })
  })

  test("of more than 64 KiB closes the socket, and only that one", async () => {
    const { url } = await runRelay()
    const [end, other] = [await dial(`${url}/signal`), await dial(`${url}/signal`)]
    end.say("x".repeat(64 * 1024 + 1))
    expect(await end.ended).toMatchObject({ code: 1009 })
    await heard(other)
  })
})

describe("floods", () => {
  test("of messages are dropped and then close the socket", async () => {
    const { url } = await runRelay()
    const end = await dial(`${url}/signal`)
    for (let count = 0; count < 2_000; count++) end.say('{"type":"ping"}')
    expect(await end.ended).toMatchObject({ code: 1008, reason: expect.stringContaining("quota") })
  })

  test("of topics: a socket is in so many and no more", async () => {
    const { url } = await runRelay()
    const end = await dial(`${url}/signal`)
    const topics = Array.from({ length: TOPICS_PER_SOCKET + 1 }, (_, index) => `topic ${index}`)
    end.say(subscribe(...topics))
    end.say(publish(`topic ${TOPICS_PER_SOCKET}`, "too many"))
    end.say(publish("topic 0", "first"))
    expect(JSON.parse(await end.next())).toMatchObject({ data: "first" })
  })

  test("of ghosts: a topic holds so many and no more", async () => {
    const { url } = await runRelay()
    const ends = await Promise.all(
      Array.from({ length: SUBSCRIBERS_PER_TOPIC + 1 }, () => dial(`${url}/signal`)),
    )
    for (const end of ends) {
      end.say(subscribe("lobby"))
      await heard(end)
    }
    ends[0]?.say(publish("lobby", 1))
    const first = await ends[0]?.next()
    expect(JSON.parse(first ?? "")).toMatchObject({ clients: SUBSCRIBERS_PER_TOPIC })
  })
})
