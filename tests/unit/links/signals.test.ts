// What may come through signalling, and what ties a proof to a connection.

import fc from "fast-check"
import * as encoding from "lib0/encoding"
import { describe, expect, test } from "vitest"
import { FormatError } from "../../../src/bytes/errors"
import { bindingOf, fingerprintOf } from "../../../src/links/fingerprints"
import { lobbyOf } from "../../../src/links/lobby"
import { openSignal, readSignal } from "../../../src/links/signals"
import { runs } from "../chance"
import { foundDocument } from "../sync/world"

const HEX = Array.from({ length: 32 }, (_, index) => (index + 1).toString(16).padStart(2, "0")).join(":")
const SDP = `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\na=fingerprint:sha-256 ${HEX.toUpperCase()}\r\na=setup:actpass\r\n`

describe("fingerprints", () => {
  test("the one of a description is read in capitals or small letters", () => {
    expect(fingerprintOf(SDP)).toEqual(fingerprintOf(SDP.toLowerCase()))
    expect(fingerprintOf(SDP)).toEqual(Uint8Array.from({ length: 32 }, (_, index) => index + 1))
  })

  for (const [name, description] of [
    ["none", SDP.replace(/a=fingerprint.*\r\n/, "")],
    ["two", SDP + SDP],
    ["another beside it by another hash", `${SDP}a=fingerprint:sha-1 ${HEX.slice(0, 59)}\r\n`],
    ["one by another hash alone", SDP.replace("sha-256", "sha-512")],
    ["one that is too short", SDP.replace(/:20\r/i, "\r")],
    ["one with something after it", SDP.replace("\r\na=setup", " x\r\na=setup")],
  ] as const) {
    test(`a description with ${name} is refused`, () => {
      expect(() => fingerprintOf(description)).toThrow(FormatError)
    })
  }

  test("both ends come to the same binding", () => {
    const other = SDP.replace("01:02", "ff:02").replace("01:02".toUpperCase(), "FF:02")
    expect(bindingOf(SDP, other)).toEqual(bindingOf(other, SDP))
    expect(bindingOf(SDP, other)).toHaveLength(64)
    expect(bindingOf(SDP, other)).not.toEqual(bindingOf(SDP, SDP))
  })
})

describe("signals", () => {
  test("what y-webrtc says is read, and what it does not need is left out", () => {
    const candidate = { candidate: "candidate:1 1 udp 1 x.local 9 typ host", sdpMLineIndex: 0, sdpMid: "0" }
    const signal = { type: "candidate", candidate, renegotiate: true }
    const said = { type: "signal", from: "a", to: "b", token: 5.5, signal, extra: 1 }
    expect(readSignal(said)).toEqual({
      type: "signal",
      from: "a",
      to: "b",
      token: 5.5,
      signal: { type: "candidate", candidate },
    })
    expect(readSignal({ type: "announce", from: "a", x: 1 })).toEqual({ type: "announce", from: "a" })
    const offer = { type: "offer", sdp: SDP }
    expect(readSignal({ ...said, signal: offer })).toMatchObject({ signal: offer })
  })

  test("nothing but a FormatError comes of anything else", () => {
    const step = fc.oneof(
      fc.anything(),
      fc.record({
        type: fc.constantFrom("offer", "answer", "candidate"),
        sdp: fc.anything(),
        candidate: fc.anything(),
      }),
    )
    const said = fc.oneof(
      fc.anything(),
      fc.record({
        type: fc.constantFrom("announce", "signal"),
        from: fc.anything(),
        to: fc.anything(),
        signal: step,
      }),
    )
    fc.assert(
      fc.property(said, value => {
        try {
          return ["announce", "signal"].includes(readSignal(value).type)
        } catch (error) {
          return error instanceof FormatError
        }
      }),
      runs(2_000),
    )
  })

  test("only what is sealed under the lobby's password opens", async () => {
    const [one, other] = [await keyOf(1), await keyOf(2)]
    const sealed = await seal({ type: "announce", from: "a" }, one)
    expect(await openSignal(sealed, one)).toEqual({ type: "announce", from: "a" })
    for (const [content, key] of [
      [sealed, other],
      [sealed.slice(0, -8), one],
      [`${sealed}%`, one],
      ["", one],
      ["QUVTLUdDTQ==", one],
      [null, one],
      [{}, one],
      ["A".repeat(100_000), one],
      [await seal([], one), one],
    ] as const)
      await expect(openSignal(content, key)).rejects.toThrow(FormatError)
  })
})

test("a lobby's name tells neither its password nor the document, and each is the same every time", async () => {
  const [one, other] = [await foundDocument(31), await foundDocument(32)]
  const lobby = lobbyOf(one.docId)
  expect(lobbyOf(one.docId)).toEqual(lobby)
  expect(new Set([lobby.name, lobby.password, one.docId, ...Object.values(lobbyOf(other.docId))]).size).toBe(
    5,
  )
})

function keyOf(first: number): Promise<CryptoKey> {
  const bytes = new Uint8Array(32).fill(first)
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"])
}

/** As y-webrtc seals what it publishes. */
async function seal(what: unknown, key: CryptoKey): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const plain = new Uint8Array(encoding.encode(encoder => encoding.writeAny(encoder, what as never)))
  const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain)
  const sealed = encoding.encode(encoder => {
    encoding.writeVarString(encoder, "AES-GCM")
    encoding.writeVarUint8Array(encoder, iv)
    encoding.writeVarUint8Array(encoder, new Uint8Array(body))
  })
  return Buffer.from(sealed).toString("base64")
}
