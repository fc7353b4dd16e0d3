import type { AddressInfo } from "node:net"
import { describe, expect, test } from "vitest"
import { WebSocket, WebSocketServer } from "ws"
import { realWorld, type Stop, type World } from "../../../src/bytes/world"
import { dialRelay, type Missing, type Surroundings } from "../../../src/links/relay"
import { type Socket, socketLink } from "../../../src/links/socket"
import type { Ending } from "../../../src/sync/exchange"
import type { Link } from "../../../src/sync/link"
import { carrierSuite } from "./suite"

carrierSuite(
  "WebSocket",
  async () => {
    const server = new WebSocketServer({ port: 0, maxPayload: 8 * 1024 * 1024 })
    await new Promise(resolve => server.once("listening", resolve))
    const { port } = server.address() as AddressInfo
    const links = async (): Promise<[Link, Link]> => {
      const there = new Promise<WebSocket>(resolve => server.once("connection", resolve))
      const here = new WebSocket(`ws://localhost:${port}/`)
      await new Promise(resolve => here.once("open", resolve))
      return [linkOf(here), linkOf(await there)]
    }
    return {
      host: null,
      join: async (a, b) => {
        const [one, other] = await links()
        a.meet(one)
        b.meet(other)
        return () => one.close()
      },
      raw: async to => {
        const [one, other] = await links()
        to.meet(other)
        return one
      },
      close: async () => {
        for (const socket of server.clients) socket.terminate()
        server.close()
      },
    }
  },
  { documents: 10 },
)

describe("dialling a relay", () => {
  test("a link that opens is handed over; one that is lost is dialled again after a second", async () => {
    const dialling = dial()
    dialling.sockets[0]?.open()
    await settled()
    expect(dialling.links).toHaveLength(1)
    dialling.sockets[0]?.end(1006)
    await settled()
    expect(dialling.said).toEqual(["connecting", "away"])
    expect(dialling.sockets).toHaveLength(1)
    dialling.pass(1_000)
    await settled()
    expect(dialling.sockets).toHaveLength(2)
  })

  test("attempts come at longer and longer intervals, but once a minute at least", async () => {
    const dialling = dial({ page: async () => Promise.reject(new Error("nothing answers")) })
    const waits: number[] = []
    for (let attempt = 0; attempt < 9; attempt++) {
      dialling.sockets.at(-1)?.end(1006)
      await settled()
      waits.push(dialling.pass(60_000))
      await settled()
    }
    expect(dialling.sockets).toHaveLength(10)
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map(seconds => seconds * 1_000))
    expect(new Set(dialling.said)).toEqual(new Set(["connecting", "away"]))
  })

  test("when the network comes back the next attempt is made at once", async () => {
    const dialling = dial()
    dialling.sockets[0]?.end(1006)
    await settled()
    dialling.wake()
    expect(dialling.sockets).toHaveLength(2)
    dialling.wake() // an attempt is under way already
    expect(dialling.sockets).toHaveLength(2)
  })

  test("a log-in page that answers in its place is told from a relay that is away", async () => {
    const captive = dial({ page: async () => "<!doctype html><title>Welcome to our hotel</title>" })
    captive.sockets[0]?.end(1006)
    await settled()
    expect(captive.said).toEqual(["connecting", "captive"])
    const away = dial({ page: async () => '{"sheaf":1,"relayKey":"…"}' })
    away.sockets[0]?.end(1006)
    await settled()
    expect(away.said).toEqual(["connecting", "away"])
  })

  test("a relay that refuses is not asked again for a minute", async () => {
    const dialling = dial()
    dialling.sockets[0]?.open()
    await settled()
    dialling.sockets[0]?.end(4003)
    await settled()
    expect(dialling.said).toEqual(["connecting", "refused"])
    expect(dialling.pass(60_000)).toBe(60_000)
  })

  test("an end that sent proven-bad bytes is not met again for a minute", async () => {
    const dialling = dial({ ending: { why: "bad-signature", hostile: true } })
    dialling.sockets[0]?.open()
    await settled()
    dialling.sockets[0]?.end(1000)
    await settled()
    expect(dialling.pass(60_000)).toBe(60_000)
  })

  test("stopped, it closes what is open and never dials again", async () => {
    const dialling = dial()
    dialling.sockets[0]?.open()
    await settled()
    dialling.stop()
    expect(dialling.sockets[0]?.closed).toBe(true)
    dialling.sockets[0]?.end(1000)
    await settled()
    dialling.pass(120_000)
    dialling.wake()
    expect(dialling.sockets).toHaveLength(1)
  })
})

function linkOf(socket: WebSocket): Link {
  socket.binaryType = "arraybuffer"
  return socketLink(socket, realWorld, () => undefined)
}

class FakeSocket implements Socket {
  binaryType = ""
  bufferedAmount = 0
  closed = false
  onopen: (() => void) | null = null
  onmessage: (() => void) | null = null
  onerror: (() => void) | null = null
  onclose: ((end: { code: number; reason: string }) => void) | null = null

  open(): void {
    this.onopen?.()
  }

  end(code: number): void {
    this.onclose?.({ code, reason: "" })
  }

  send(): void {
    // Nobody listens at the other end.
  }

  close(): void {
    this.closed = true
  }
}

/** Dials into a network of fake sockets and hand-turned time. */
function dial(options: { page?: Surroundings["page"]; ending?: Ending } = {}) {
  const sockets: FakeSocket[] = []
  const links: Link[] = []
  const said: Missing[] = []
  const timers = new Map<object, { at: number; f: () => void }>()
  let now = 0
  let wake: () => void = () => undefined
  const world: World = {
    now: () => now,
    random: length => new Uint8Array(length),
    after(ms, f): Stop {
      const key = {}
      timers.set(key, { at: now + ms, f })
      return () => {
        timers.delete(key)
      }
    },
  }
  const events = {
    onLink: (link: Link) => {
      links.push(link)
      return new Promise<Ending>(resolve => {
        link.onClose(why => resolve(options.ending ?? { why, hostile: false }))
      })
    },
    onReach: (missing: Missing) => {
      said.push(missing)
    },
  }
  const { stop } = dialRelay("https://coop.example", world, events, {
    socket: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket
    },
    page: options.page ?? (() => Promise.reject(new Error("nothing answers"))),
    onWake: f => {
      wake = f
      return () => {
        wake = () => undefined
      }
    },
  })
  return {
    sockets,
    links,
    said,
    stop,
    wake: () => wake(),
    /** Lets the next timer ring if it is due within `ms`; says how long that took. */
    pass(ms: number): number {
      const next = [...timers].sort(([, a], [, b]) => a.at - b.at)[0]
      if (!next || next[1].at > now + ms) return 0
      const passed = next[1].at - now
      now = next[1].at
      timers.delete(next[0])
      next[1].f()
      return passed
    },
  }
}

/** Lets promises that are ready do what follows from them. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
