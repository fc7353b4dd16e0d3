// A TCP proxy on loopback that stands between a browser and the relay, so that a test can be the bad
// network: cut, slow, or a hotel's captive portal. It counts the bytes that pass, which is how a test
// proves that a cut was a cut. Direct connections between browsers do not pass here: see peers.ts.
import { createServer as createHttpServer } from "node:http"
import { connect, createServer, type Socket } from "node:net"
import { freePort, sleep } from "./wait"

/** Bytes handed on since the start: `up` from browser to relay, `down` from relay to browser. */
export interface Passed {
  readonly up: number
  readonly down: number
}

export interface TcpProxy {
  readonly port: number
  /** `http://localhost:PORT`, the origin that the page is opened at. */
  readonly url: string
  /** Destroys every connection and resets each new one at once. The port stays ours. */
  cut(): void
  /** Lets new connections through again, after `cut` or `portal`. */
  mend(): void
  /** Destroys every connection and answers each HTTP request with a 200 page, as a captive portal does. */
  portal(): void
  /** Holds each chunk back for this long, in each direction. 0 ends it. */
  delay(delayMs: number): void
  state(): "open" | "cut" | "portal"
  passed(): Passed
  /** Connections turned away while cut: shows that the page did try. */
  refused(): number
  close(): Promise<void>
}

const PORTAL_PAGE = `<!doctype html><title>Guest Wi-Fi</title><h1>Welcome to the guest network</h1>
<p>Accept the terms to go online.</p>`

/** Starts a proxy to `targetPort` on this machine. */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const passed = { up: 0, down: 0 }
  let state: "open" | "cut" | "portal" = "open"
  let delayMs = 0
  let refused = 0

  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
    // A reset connection is the very thing being staged; "close" follows and does the rest.
    socket.on("error", () => socket.destroy())
  }

  const hang = (socket: Socket, other: Socket, direction: keyof Passed) => {
    let turn = Promise.resolve()
    const inTurn = (step: () => void | Promise<void>) => {
      const dueMs = performance.now() + delayMs
      turn = turn.then(async () => {
        const restMs = dueMs - performance.now()
        if (restMs > 0) await sleep(restMs)
        // Asked again here: a chunk that waited through a cut must not pass after it.
        if (sockets.has(socket) && sockets.has(other)) await step()
      })
    }
    socket.on("data", chunk =>
      inTurn(async () => {
        passed[direction] += chunk.length
        if (other.write(chunk)) return
        socket.pause()
        await new Promise<void>(resolve => {
          other.once("drain", resolve)
          other.once("close", resolve)
        })
        socket.resume()
      }),
    )
    socket.on("end", () => inTurn(() => void other.end()))
    socket.on("close", () => other.destroy())
  }

  const portalServer = createHttpServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html", connection: "close" }).end(PORTAL_PAGE)
  })

  const server = createServer({ allowHalfOpen: true }, near => {
    if (state === "cut") {
      refused += 1
      near.resetAndDestroy()
      return
    }
    keep(near)
    if (state === "portal") {
      portalServer.emit("connection", near)
      return
    }
    const far = connect({ host: "localhost", port: targetPort, allowHalfOpen: true })
    keep(far)
    hang(near, far, "up")
    hang(far, near, "down")
  })

  const dropAll = () => {
    for (const socket of sockets) {
      sockets.delete(socket)
      socket.resetAndDestroy()
    }
  }
  const turnTo = (next: typeof state) => {
    state = next
    dropAll()
  }

  const port = await freePort()
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    // No host: Node then listens on both loopbacks, as `localhost` may mean either.
    server.listen(port, resolve)
  })

  return {
    port,
    url: `http://localhost:${port}`,
    cut: () => turnTo("cut"),
    mend: () => turnTo("open"),
    portal: () => turnTo("portal"),
    delay(nextMs) {
      delayMs = nextMs
    },
    state: () => state,
    passed: () => ({ ...passed }),
    refused: () => refused,
    close: () =>
      new Promise<void>(resolve => {
        turnTo("cut")
        server.close(() => resolve())
      }),
  }
}

/**
 * Runs `during` and throws unless the proxy was cut all the while and not one byte went through either way.
 * Returns what `during` returned.
 */
export async function cutProof<T>(proxy: TcpProxy, during: () => T | Promise<T>): Promise<T> {
  if (proxy.state() !== "cut") throw new Error(`the proxy is ${proxy.state()}, so there is no cut to prove`)
  const before = proxy.passed()
  const result = await during()
  const after = proxy.passed()
  const up = after.up - before.up
  const down = after.down - before.down
  if (up !== 0 || down !== 0 || proxy.state() !== "cut") {
    throw new Error(`the cut was not a cut: ${up} bytes up, ${down} down, proxy now ${proxy.state()}`)
  }
  return result
}
