// The link over two data channels: the carriers' suite over channels that behave as a browser's do, and what is
// this link's own: chunks, room, and that what is live never waits behind bulk.
import { describe, expect, test } from "vitest"
import { realWorld } from "../../../src/bytes/world"
import { type Channel, channelLink } from "../../../src/links/channels"
import { CHUNK_BYTES } from "../../../src/links/chunks"
import { decodeFrame, encodeMessage } from "../../../src/sync/codec"
import type { Link } from "../../../src/sync/link"
import { foundDocument } from "../sync/world"
import { Place, until } from "./place"
import { type Carrier, carrierSuite } from "./suite"

for (const [name, behaviour] of [
  ["data channels", {}],
  ["data channels, what is live overtaking bulk", { slow: "bulk" }],
] as const) {
  const make = async (): Promise<Carrier> => {
    const links = () => pair(behaviour)
    return {
      host: null,
      join: async (a, b) => {
        const [one, other] = links()
        a.meet(one)
        b.meet(other)
        return () => one.close()
      },
      raw: async to => {
        const [one, other] = links()
        to.meet(other)
        return one
      },
      close: async () => undefined,
    }
  }
  carrierSuite(name, make, { documents: 10 })
}

describe("a link over two data channels", () => {
  test("frames of every size arrive whole, in the order of their lane", async () => {
    const [one, other] = pair()
    const came: Uint8Array[] = []
    other.onMessage(frame => {
      came.push(frame)
    })
    await one.ready()
    const sizes = [
      1,
      2,
      CHUNK_BYTES - 3,
      CHUNK_BYTES - 2,
      CHUNK_BYTES - 1,
      CHUNK_BYTES,
      70_000,
      8 * 1024 * 1024,
    ]
    const frames = sizes.map((size, index) => new Uint8Array(size).fill(index + 1))
    for (const frame of frames) one.send(frame.slice())
    await until(() => came.length === frames.length)
    expect(came.map(frame => frame.length)).toEqual(sizes)
    expect(came.every((frame, index) => frame.every(byte => byte === index + 1))).toBe(true)
  })

  test("what is live overtakes bulk, and bulk never overtakes what is live", async () => {
    const [one, other] = pair({ perTurn: 1 })
    const came: string[] = []
    other.onMessage(frame => {
      came.push(`${frame[0]}`)
    })
    await one.ready()
    one.send(frameOf(1, 100))
    one.send(frameOf(101, 2_000_000), "bulk")
    one.send(frameOf(2, 100))
    one.send(frameOf(102, 10), "bulk")
    one.send(frameOf(3, 400_000))
    one.send(frameOf(103, 10), "bulk")
    await until(() => came.length === 6)
    expect(came.filter(name => name.length < 3)).toEqual(["1", "2", "3"])
    expect(came.filter(name => name.length === 3)).toEqual(["101", "102", "103"])
    expect(came.indexOf("2")).toBeLessThan(came.indexOf("101"))
    expect(came.indexOf("3")).toBeLessThan(came.indexOf("103"))
  })

  test("bulk waits for the live frames that were sent before it, even if its way is the shorter", async () => {
    const [one, other] = pair({ slow: "live" })
    const came: number[] = []
    other.onMessage(frame => {
      came.push(frame[0] ?? 0)
    })
    await one.ready()
    one.send(frameOf(1, 300_000))
    one.send(frameOf(2, 20), "bulk")
    one.send(frameOf(3, 20))
    await until(() => came.length === 3)
    expect(came.indexOf(1)).toBeLessThan(came.indexOf(2))
  })

  test("little is handed to the browser at a time, and there is room again when it has left", async () => {
    const [one, other, channels] = pair({ stalled: true })
    let bytes = 0
    other.onMessage(frame => {
      bytes += frame.length
    })
    await one.ready()
    for (let count = 0; count < 20; count++) one.send(new Uint8Array(400_000), "bulk")
    expect(channels.bulk.bufferedAmount).toBeLessThan(300_000)
    expect(one.waitingBytes()).toBe(0)
    const room = one.ready("bulk").then(() => "room")
    expect(await Promise.race([room, one.ready().then(() => "live has room")])).toBe("live has room")
    expect(await Promise.race([room, Promise.resolve("full")])).toBe("full")
    channels.bulk.go()
    expect(await room).toBe("room")
    await until(() => bytes === 8_000_000)
  })

  test("a missed event does not stop it", async () => {
    const [one, other] = pair({ deaf: true })
    let bytes = 0
    other.onMessage(frame => {
      bytes += frame.length
    })
    await one.ready()
    one.send(new Uint8Array(2_000_000))
    await until(() => bytes === 2_000_000)
  })

  test("what was sent before the end arrives before it", async () => {
    const [one, other] = pair()
    const came: number[] = []
    other.onMessage(frame => {
      came.push(frame.length)
    })
    await one.ready()
    one.send(new Uint8Array(500_000))
    one.send(new Uint8Array(7))
    one.close()
    const why = await new Promise<string>(resolve => other.onClose(resolve))
    expect(came).toEqual([500_000, 7])
    expect(why).toBe("the channel closed")
  })

  test("nobody who comes this way is a relay: it learns no name, and gets no proof that a relay would take", async () => {
    const document = await foundDocument(77)
    const ana = new Place("ana")
    await ana.hold(document, document.admin)
    const [one, other] = pair()
    const said: Uint8Array[] = []
    other.onMessage(frame => {
      said.push(frame)
    })
    const exchange = ana.meet(one)
    const relayKey = document.admin.grant.publicKey
    other.send(encodeMessage({ ...HELLO, end: "relay", relayKey }))
    expect(await exchange.ended).toEqual({ why: "garbage", hostile: true })
    await until(() => said.length > 0)
    expect(said.flatMap(frame => decodeFrame(frame)).map(({ type }) => type)).toEqual(["hello"])
  })

  for (const [name, hostile] of [
    ["text", "hello"],
    ["nothing", new ArrayBuffer(0)],
    ["a frame that is too long", Uint8Array.of(0x80, 0x80, 0x80, 0x08).buffer],
    ["more than the frame that was begun", Uint8Array.of(1, 1, 2).buffer],
    ["a frame of nothing", Uint8Array.of(0).buffer],
    ["a chunk that is too long", new ArrayBuffer(CHUNK_BYTES + 1)],
  ] as const) {
    test(`${name} closes the link, and nothing is thrown`, async () => {
      const [one, , channels] = pair()
      const closed = new Promise<string>(resolve => one.onClose(resolve))
      await one.ready()
      channels.live.hear(hostile)
      expect(await closed).toMatch(/^garbage: expected/)
    })
  }

  test("a channel that takes nothing closes the link", async () => {
    const [one, , channels] = pair()
    await one.ready()
    channels.live.refuses = true
    one.send(Uint8Array.of(1))
    expect(await new Promise(resolve => one.onClose(resolve))).toBe("the channel took no more")
    one.send(Uint8Array.of(1))
    await one.ready("bulk")
  })
})

const HELLO = {
  type: "hello",
  protocolMin: 1,
  protocolMax: 1,
  nonce: new Uint8Array(32),
  features: [],
  at: Date.now(),
} as const

function frameOf(name: number, size: number): Uint8Array {
  return new Uint8Array(size).fill(name)
}

interface Behaviour {
  /** Chunks that leave in one turn of the loop. */
  readonly perTurn?: number
  readonly slow?: "live" | "bulk"
  readonly stalled?: boolean
  /** Never says that its buffer is low. */
  readonly deaf?: boolean
}

/** Two ends, and the channels of the first. */
function pair(behaviour: Behaviour = {}): [Link, Link, { live: FakeChannel; bulk: FakeChannel }] {
  const make = (lane: "live" | "bulk") => {
    const ends = [0, 1].map(
      () =>
        new FakeChannel({
          perTurn: behaviour.slow === lane ? 1 : (behaviour.perTurn ?? 64),
          everyTurns: behaviour.slow === lane ? 5 : 1,
          deaf: behaviour.deaf ?? false,
          stalled: lane === "bulk" && (behaviour.stalled ?? false),
        }),
    ) as [FakeChannel, FakeChannel]
    ends[0].other = ends[1]
    ends[1].other = ends[0]
    return ends
  }
  const [live, bulk] = [make("live"), make("bulk")]
  const links = [0, 1].map(end => {
    const [a, b] = [live[end], bulk[end]]
    if (!a || !b) throw new Error("a pair has two ends")
    return channelLink(a, b, realWorld)
  }) as [Link, Link]
  for (const channel of [...live, ...bulk]) setImmediate(() => channel.open())
  return [...links, { live: live[0], bulk: bulk[0] }]
}

/** One end of a channel that keeps order and has a buffer, as a browser's does. */
class FakeChannel implements Channel {
  binaryType = "blob"
  readyState: Channel["readyState"] = "connecting"
  bufferedAmount = 0
  bufferedAmountLowThreshold = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  onerror: (() => void) | null = null
  onbufferedamountlow: (() => void) | null = null
  other: FakeChannel | null = null
  refuses = false
  readonly #behaviour: { perTurn: number; everyTurns: number; deaf: boolean; stalled: boolean }
  readonly #buffered: Uint8Array[] = []
  #leaving = false

  constructor(behaviour: { perTurn: number; everyTurns: number; deaf: boolean; stalled: boolean }) {
    this.#behaviour = behaviour
  }

  open(): void {
    if (this.readyState !== "connecting") return
    this.readyState = "open"
    this.onopen?.()
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== "open" || this.refuses) throw new Error("InvalidStateError")
    if (bytes.length > CHUNK_BYTES) throw new Error("a chunk is too large")
    this.#buffered.push(bytes.slice())
    this.bufferedAmount += bytes.length
    this.#leave()
  }

  close(): void {
    if (this.readyState !== "open") return
    this.readyState = "closing"
    this.#leave()
  }

  hear(data: unknown): void {
    this.onmessage?.({ data })
  }

  go(): void {
    this.#behaviour.stalled = false
    this.#leave()
  }

  #leave(): void {
    if (this.#leaving || this.#behaviour.stalled) return
    this.#leaving = true
    let turns = this.#behaviour.everyTurns
    const turn = () => {
      if (--turns > 0) return void setImmediate(turn)
      this.#leaving = false
      for (const bytes of this.#buffered.splice(0, this.#behaviour.perTurn)) {
        const before = this.bufferedAmount
        this.bufferedAmount -= bytes.length
        this.other?.hear(bytes.buffer)
        const low = this.bufferedAmountLowThreshold
        if (before > low && this.bufferedAmount <= low && !this.#behaviour.deaf) this.onbufferedamountlow?.()
      }
      if (this.#buffered.length > 0) this.#leave()
      else if (this.readyState === "closing") {
        this.closed()
        this.other?.closed()
      }
    }
    setImmediate(turn)
  }

  closed(): void {
    if (this.readyState === "closed") return
    this.readyState = "closed"
    this.onclose?.()
  }
}
