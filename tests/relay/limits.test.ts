// What one end may use of a relay, tried over real sockets: it is told by name what was too much, and nobody else
// notices.
import { afterEach, describe, expect, test } from "vitest"
import { createLink } from "../../src/relay/link"
import { DEFAULT_LIMITS } from "../../src/relay/settings"
import { readAtPace, type Socket } from "../../src/relay/sockets"
import { foundDocument } from "../unit/sync/world"
import { join } from "./client"
import { closeAll, dial, runRelay } from "./run"

afterEach(closeAll)

describe("a grant that has filled its share of a document", () => {
  test("is told so by name; others go on writing, and everybody goes on reading", async () => {
    const limits = { ...DEFAULT_LIMITS, documentBytesMax: 40_000 }
    const relay = await runRelay({ limits })
    const document = await foundDocument(1)
    await document.host(relay.host)
    const [edit, view] = [await document.invite("edit"), await document.invite("view")]
    const [admin, editor] = [await join(relay, document, document.admin), await join(relay, document, edit)]
    const writing = document.write(edit)
    const sessionId = writing.sessionId
    await editor.add(writing.seal(), writing.seal(10_000))
    await editor.receipt(sessionId, 1)
    await editor.add(writing.seal())
    const refused = await editor.until("refused", ({ by, reason }) => by === "them" && reason === "quota")
    expect(refused.message).toContain("one grant")

    const own = document.write(document.admin)
    await admin.add(own.seal(), own.seal(1_000))
    await admin.receipt(own.sessionId, 1)
    const viewer = await join(relay, document, view, { knows: "link" })
    await viewer.until("caught-up")
    const lengths = viewer
      .keeper()
      ?.log.heads()
      .map(({ seq }) => seq + 1)
    expect(lengths).toEqual([2, 2])
  })
})

describe("a reader that does not read", () => {
  test("is closed when too much waits for it, and the one who talks is not held up", async () => {
    const relay = await runRelay()
    const [deaf, talker] = [await dial(`${relay.url}/signal`), await dial(`${relay.url}/signal`)]
    for (const end of [deaf, talker]) end.say('{"type":"subscribe","topics":["lobby"]}')
    deaf.say('{"type":"ping"}')
    await deaf.next()
    deaf.socket.pause()
    const words = "x".repeat(60_000)
    for (let count = 0; count < 400; count++) {
      talker.say(JSON.stringify({ type: "publish", topic: "lobby", data: words }))
      await talker.next()
    }
    deaf.socket.resume()
    expect([4008, 1006]).toContain((await deaf.ended).code)
    talker.say('{"type":"publish","topic":"lobby","data":"still here"}')
    expect(JSON.parse(await talker.next())).toMatchObject({ clients: 1 })
  })
})

describe("a link", () => {
  function fakeSocket() {
    const heard: { message?: (message: Uint8Array | string) => void; drain?: () => void } = {}
    const done: string[] = []
    let waitingBytes = 0
    const socket: Socket = {
      address: "192.0.2.1",
      waitingBytes: () => waitingBytes,
      send: () => undefined,
      pause: ms => void done.push(`paused ${ms}`),
      onMessage: f => {
        heard.message = f
        return () => undefined
      },
      onDrain: f => {
        heard.drain = f
        return () => undefined
      },
      onClose: () => () => undefined,
      close: (code, reason) => void done.push(`closed ${code} ${reason}`),
    }
    return {
      socket,
      done,
      arrive: (message: Uint8Array | string) => heard.message?.(message),
      wait: (bytes: number) => {
        waitingBytes = bytes
        if (bytes === 0) heard.drain?.()
      },
    }
  }

  test("loses nothing of what comes before anybody listens", () => {
    const { socket, arrive } = fakeSocket()
    const link = createLink(socket)
    const heard: Uint8Array[] = []
    arrive(Uint8Array.of(1))
    link.onMessage(frame => heard.push(frame))
    arrive(Uint8Array.of(2, 3))
    expect(heard).toEqual([Uint8Array.of(1), Uint8Array.of(2, 3)])
  })

  test("is read no faster than its sender may send", () => {
    const { socket, done, arrive } = fakeSocket()
    readAtPace(socket, bytes => (bytes > 1 ? bytes * 10 : 0))
    arrive(Uint8Array.of(1))
    arrive(Uint8Array.of(2, 3))
    expect(done).toEqual(["paused 20"])
  })

  test("is closed by words: it carries bytes", () => {
    const { socket, done, arrive } = fakeSocket()
    const link = createLink(socket)
    link.onMessage(() => expect.unreachable())
    arrive("words")
    expect(done).toEqual(["closed 1003 expected binary messages"])
  })

  test("makes whoever reads from the disk wait until the end has taken what it was sent", async () => {
    const { socket, wait } = fakeSocket()
    const link = createLink(socket)
    await link.ready()
    wait(2_000_000)
    let ready = false
    const waited = link.ready().then(() => {
      ready = true
    })
    await Promise.resolve()
    expect(ready).toBe(false)
    wait(0)
    await waited
  })
})
