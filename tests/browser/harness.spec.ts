// The harness proves itself before the app is tested with it: against a tiny server made here, that serves
// one page and passes each WebSocket message on to everybody else. A harness that lies would make every
// other browser test worthless.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type WebSocket, WebSocketServer } from "ws"
import {
  createCleanup,
  cutPeers,
  cutProof,
  expect,
  expectQuiet,
  freePort,
  median,
  mendPeers,
  NETWORK_LOSS,
  type Page,
  peerTraffic,
  sleep,
  startProxy,
  startRelay,
  test,
  waitFor,
} from "./harness"
import { alive, tree } from "./processes"

const PAGE = `<!doctype html><link rel="icon" href="data:,"><title>Echo room</title><ul id="heard"></ul><script>
  function join() {
    const socket = new WebSocket("ws://" + location.host + "/")
    socket.onmessage = event => document.getElementById("heard").append(event.data + ";")
    socket.onclose = () => setTimeout(join, 100)
    window.say = words => socket.send(words)
    window.joined = () => socket.readyState === WebSocket.OPEN
  }
  join()
  window.keep = words => new Promise((resolve, reject) => {
    const opening = indexedDB.open("kept", 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore("words")
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const writing = opening.result.transaction("words", "readwrite", { durability: "strict" })
      writing.objectStore("words").put(words, "last")
      writing.oncomplete = () => { opening.result.close(); resolve() }
    }
  })
  window.kept = () => new Promise((resolve, reject) => {
    const opening = indexedDB.open("kept", 1)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const reading = opening.result.transaction("words").objectStore("words").get("last")
      reading.onsuccess = () => resolve(reading.result)
    }
  })
</script>`

/** The page's own verbs, for `evaluate`. */
declare global {
  interface Window {
    say(words: string): void
    joined(): boolean
    keep(words: string): Promise<void>
    kept(): Promise<string>
  }
}

const cleanup = createCleanup()
test.afterEach(() => cleanup.close())

async function startEcho(): Promise<number> {
  const port = await freePort()
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(PAGE)
  })
  const room = new WebSocketServer({ server })
  room.on("connection", (one: WebSocket) => {
    one.on("message", words => {
      for (const other of room.clients) if (other !== one) other.send(words.toString())
    })
  })
  await new Promise<void>(resolve => server.listen(port, resolve))
  cleanup.add(
    () =>
      new Promise<void>(resolve => {
        for (const client of room.clients) client.terminate()
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  )
  return port
}

const joined = (page: Page) =>
  waitFor(() => page.evaluate(() => window.joined()), { what: "the page to join" })
const say = (page: Page, words: string) => page.evaluate(spoken => window.say(spoken), words)

test("two browser processes talk through proxies until one is cut, and the cut is proven", async ({
  startDevice,
}) => {
  const port = await startEcho()
  const anaWire = await startProxy(port)
  const boWire = await startProxy(port)
  cleanup.add(anaWire.close)
  cleanup.add(boWire.close)
  const ana = await startDevice()
  const bo = await startDevice({ device: "phone", dark: true, locale: "ca-ES" })
  expect(ana.pid).not.toBe(bo.pid)

  await ana.page.goto(anaWire.url)
  await bo.page.goto(boWire.url)
  expect(await bo.page.evaluate(() => navigator.language)).toBe("ca-ES")
  expect(await bo.page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches)).toBe(true)
  expect(await bo.page.evaluate(() => matchMedia("(pointer: coarse)").matches)).toBe(true)
  await joined(ana.page)
  await joined(bo.page)
  await say(ana.page, "hello")
  await expect(bo.page.locator("#heard")).toHaveText("hello;")
  expectQuiet(ana.page)

  boWire.cut()
  await cutProof(boWire, async () => {
    await say(ana.page, "nobody hears this")
    await waitFor(() => boWire.refused() > 0, { what: "Bo's page to try and be refused" })
  })
  await expect(bo.page.locator("#heard")).toHaveText("hello;")
  expect(() => expectQuiet(bo.page)).toThrow(/not quiet/)
  expectQuiet(bo.page, NETWORK_LOSS)

  boWire.mend()
  await joined(bo.page)
  await say(ana.page, "back")
  await expect(bo.page.locator("#heard")).toHaveText("hello;back;")
  // The proof itself must be able to fail: on an open wire it has to refuse.
  await expect(cutProof(boWire, () => undefined)).rejects.toThrow(/no cut to prove/)

  boWire.delay(300)
  const before = performance.now()
  await say(ana.page, "late")
  await expect(bo.page.locator("#heard")).toHaveText("hello;back;late;")
  expect(performance.now() - before).toBeGreaterThanOrEqual(295)

  boWire.portal()
  await bo.page.goto(boWire.url)
  await expect(bo.page.getByRole("heading")).toHaveText("Welcome to the guest network")
})

test("a browser killed outright is gone, and finds its data again when reopened", async ({ startDevice }) => {
  const port = await startEcho()
  const url = `http://localhost:${port}`
  const ana = await startDevice()
  await ana.page.goto(url)
  await ana.page.evaluate(() => localStorage.setItem("name", "Ana"))
  await ana.reopen()
  await ana.page.goto(url)
  expect(await ana.page.evaluate(() => localStorage.getItem("name"))).toBe("Ana")

  await ana.page.evaluate(() => window.keep("three sacks of lentils"))
  const { pid } = ana
  const pids = tree(pid)
  expect(pids.length).toBeGreaterThan(2)
  await ana.kill()
  expect(alive(pids)).toEqual([])
  expect(() => ana.page).toThrow(/not running/)

  const page = await ana.reopen()
  expect(ana.pid).not.toBe(pid)
  await page.goto(url)
  expect(await page.evaluate(() => window.kept())).toBe("three sacks of lentils")
  expect(await page.evaluate(() => localStorage.getItem("name"))).toBe("Ana")
})

test("direct connections are seen, cut and mended", async ({ startDevice }) => {
  const port = await startEcho()
  const { page } = await startDevice()
  await page.goto(`http://localhost:${port}`)
  // Both ends in one page: it is the connection that is cut, whoever holds its ends.
  const connect = () =>
    page.evaluate(async () => {
      const one = new RTCPeerConnection()
      const other = new RTCPeerConnection()
      one.onicecandidate = ({ candidate }) => void other.addIceCandidate(candidate ?? undefined)
      other.onicecandidate = ({ candidate }) => void one.addIceCandidate(candidate ?? undefined)
      one.createDataChannel("talk")
      await one.setLocalDescription()
      if (one.localDescription) await other.setRemoteDescription(one.localDescription)
      await other.setLocalDescription()
      if (other.localDescription) await one.setRemoteDescription(other.localDescription)
    })
  const connected = async () => (await peerTraffic(page)).connected

  await connect()
  await waitFor(async () => (await connected()) === 2, { what: "the two ends to meet" })
  expect((await peerTraffic(page)).bytes).toBeGreaterThan(0)
  await cutPeers(page)
  expect(await connected()).toBe(0)
  await connect()
  await sleep(1000)
  expect(await peerTraffic(page)).toEqual({ connected: 0, bytes: 0 })
  await mendPeers(page)
  await connect()
  await waitFor(async () => (await connected()) === 2, { what: "the two ends to meet again" })
})

test("requests to elsewhere and uncaught errors are noticed", async ({ startDevice }) => {
  const home = await startEcho()
  const elsewhere = await startEcho()
  const { page } = await startDevice()
  await page.goto(`http://localhost:${home}`)
  await joined(page)
  expectQuiet(page)
  await page.evaluate(port => {
    setTimeout(() => {
      throw new Error("spilled the beans")
    })
    return fetch(`http://localhost:${port}/`, { mode: "no-cors" })
  }, elsewhere)
  expect(() => expectQuiet(page)).toThrow(/spilled the beans/)
  expect(() => expectQuiet(page)).toThrow(new RegExp(`asked elsewhere: http://localhost:${elsewhere}/`))
})

test("a relay keeps its port and its data through a stop, a kill and a restart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-stand-in-"))
  cleanup.add(() => rmSync(folder, { recursive: true }))
  const program = join(folder, "relay.mjs")
  writeFileSync(
    program,
    `import { appendFileSync, readFileSync } from "node:fs"
    import { createServer } from "node:http"
    const file = process.env.SHEAF_DATA + "/runs"
    appendFileSync(file, "run ")
    createServer((request, response) => response.end(readFileSync(file)))
      .listen(process.env.PORT, () => console.log("Ready at http://localhost:" + process.env.PORT + "/"))
    process.on("SIGTERM", () => { console.log("goodbye"); process.exit(0) })`,
  )
  const relay = await startRelay({ program })
  cleanup.add(relay.close)
  const ask = async () => (await fetch(relay.url)).text()
  expect(await ask()).toBe("run ")
  await relay.restart()
  expect(await ask()).toBe("run run ")
  expect(relay.log()).toContain("goodbye")
  await relay.kill()
  await expect(ask()).rejects.toThrow(/fetch failed/)
  await relay.restart()
  expect(await ask()).toBe("run run run ")

  writeFileSync(program, `console.error("no such folder"); process.exit(3)`)
  await expect(startRelay({ program })).rejects.toThrow(/ended while starting[\s\S]*no such folder/)
})

test("the median is the middle, and waiting in vain says for what", async () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(() => median([])).toThrow(/no numbers/)
  const vain = waitFor(() => false, { what: "the rain", timeoutMs: 60, seen: () => "sunshine" })
  await expect(vain).rejects.toThrow(/waited 60 ms for the rain, in vain; saw instead: "sunshine"/)
})
