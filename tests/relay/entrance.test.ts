// Who gets in at all: addresses, tokens, counts, and what a browser is told when it does not.
import type { IncomingMessage } from "node:http"
import { afterEach, describe, expect, test } from "vitest"
import { DEFAULT_LIMITS, readSettings, SettingError } from "../../src/relay/settings"
import { addressOf } from "../../src/relay/sockets"
import { closeAll, dial, runRelay } from "./run"

afterEach(closeAll)

describe("a relay with a token", () => {
  test("takes whoever brings it and nobody else, and says so in words", async () => {
    const { url, lines } = await runRelay({ token: "let us in" })
    for (const query of ["", "?token=", "?token=let%20us", "?token=Let%20us%20in"]) {
      const end = await dial(`${url}/signal${query}`)
      expect(await end.ended).toMatchObject({ code: 4003, reason: expect.stringContaining("token") })
    }
    const end = await dial(`${url}/signal?token=let%20us%20in`)
    end.say('{"type":"ping"}')
    expect(await end.next()).toBe('{"type":"pong"}')
    expect(lines.join("")).not.toContain("let us in")
  })
})

describe("connections", () => {
  test("of one address are counted, refused by name, and make room when they close", async () => {
    const { url } = await runRelay({ limits: { ...DEFAULT_LIMITS, addressConnectionsMax: 2 } })
    const first = await dial(`${url}/signal`)
    await dial(`${url}/signal`)
    const third = await dial(`${url}/signal`)
    expect(await third.ended).toMatchObject({ code: 4029, reason: expect.stringContaining("quota") })
    first.socket.close()
    await first.ended
    const fourth = await dial(`${url}/signal`)
    fourth.say('{"type":"ping"}')
    expect(await fourth.next()).toBe('{"type":"pong"}')
  })

  test("to a path that is not there are turned away", async () => {
    const { url } = await runRelay()
    await expect(dial(`${url}/elsewhere`)).rejects.toThrow("404")
  })

  test("are told goodbye when the relay closes", async () => {
    const relay = await runRelay()
    const end = await dial(`${relay.url}/signal`)
    await relay.close()
    expect(await end.ended).toEqual({ code: 1001, reason: "the relay is closing" })
  })
})

test("who asks without a WebSocket is told what this is, and who asks who we are is told that", async () => {
  const relay = await runRelay()
  const origin = relay.url.replace("ws:", "http:")
  expect((await fetch(`${origin}/sync`)).status).toBe(426)
  const introduced = await fetch(`${origin}/.well-known/sheaf`)
  expect(introduced.headers.get("access-control-allow-origin")).toBe("*")
  expect(await introduced.json()).toEqual({
    sheaf: 1,
    relayKey: relay.key,
    now: expect.any(Number),
    version: "0.0.0",
  })
})

describe("an address", () => {
  const from = (remoteAddress: string, forwarded?: string) =>
    ({ socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } }) as unknown as IncomingMessage

  test("is a household: a whole IPv4 address, the first half of an IPv6 one", () => {
    expect(addressOf(from("::ffff:192.0.2.7"), 0)).toBe("192.0.2.7")
    expect(addressOf(from("2001:db8:1:2:3:4:5:6"), 0)).toBe("2001:db8:1:2")
    expect(addressOf(from("2001:db8::6"), 0)).toBe(addressOf(from("2001:db8::7"), 0))
    expect(addressOf(from("2001:db8:0:1::6"), 0)).not.toBe(addressOf(from("2001:db8:0:2::6"), 0))
  })

  test("is what the operator's own proxy says, and never what a stranger says", () => {
    expect(addressOf(from("127.0.0.1", "198.51.100.1"), 0)).toBe("127.0.0.1")
    expect(addressOf(from("127.0.0.1", "invented, 198.51.100.1"), 1)).toBe("198.51.100.1")
    expect(addressOf(from("127.0.0.1"), 1)).toBe("127.0.0.1")
  })
})

describe("settings", () => {
  test("that make no sense stop the relay with their name", () => {
    for (const [name, value] of Object.entries({ PORT: "http", SHEAF_LOG: "loud", SHEAF_DISK_MIB: "-1" })) {
      expect(() => readSettings({ [name]: value })).toThrow(SettingError)
      expect(() => readSettings({ [name]: value })).toThrow(name)
    }
  })

  test("that are not given are the documented ones", () => {
    expect(readSettings({ PORT: "", SHEAF_DATA: " " })).toMatchObject({
      port: null,
      dataFolder: "data",
      token: null,
      limits: { documentBytesMax: 200 * 1024 * 1024 },
    })
    expect(readSettings({ SHEAF_DOCUMENT_MIB: "3" }).limits.documentBytesMax).toBe(3 * 1024 * 1024)
  })
})
