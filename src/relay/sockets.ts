// WebSockets as the rest of the relay sees them: whole messages in, whole messages out. What is sent in one turn of
// the event loop leaves in one write; a reader that is too slow is closed rather than waited for; a sender that is
// too fast is not read for a while. It knows addresses and sizes, never what is in a message.
import type { IncomingMessage, Server } from "node:http"
import type { Duplex } from "node:stream"
import { type RawData, type WebSocket, WebSocketServer } from "ws"
import type { Stop } from "../bytes/world"
import { plain } from "./plain"

/** Why a socket is closed, as RFC 6455 §7.4 has it, with the relay's own words in the range left to us. */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  wrongType: 1003,
  policy: 1008,
  /** No token, or not the right one. */
  closed: 4003,
  slowReader: 4008,
  quota: 4029,
} as const

/** How long a close may wait for the other end before the connection is cut. */
const FAREWELL_MS = 3_000

export interface Socket {
  /** Who is at the other end: an IPv4 address, or the first half of an IPv6 one, which is what one household has. */
  readonly address: string
  /** Bytes handed to `send` that the system has not taken yet. */
  waitingBytes(): number
  /** Sends a message, together with whatever else is sent to this end in the same turn. `bytes` are not copied. */
  send(message: Uint8Array | string): void
  /** Called whenever the system has taken what was waiting. */
  onDrain(f: () => void): Stop
  /** Stops reading for `ms`, counted from the latest call. */
  pause(ms: number): void
  onMessage(f: (message: Uint8Array | string) => void): Stop
  /** Called once, whoever closed. */
  onClose(f: (code: number) => void): Stop
  /** Says why and goes; cut off when the other end does not answer. Safe to call twice. */
  close(code: number, reason: string): void
}

/** One path that takes sockets. */
export interface Entrance {
  readonly messageBytesMax: number
  readonly waitingBytesMax: number
  onSocket(socket: Socket, query: URLSearchParams): void
}

/** Opens entrances by path. The Stop refuses whatever comes from then on; sockets that are open stay. */
export function openEntrances(
  server: Server,
  entrances: Readonly<Record<string, Entrance>>,
  proxies: number,
): Stop {
  const doors = new Map(
    Object.entries(entrances).map(([path, entrance]) => {
      const door = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        // Ciphertext does not compress, and a compressor is 300 kB for each end.
        perMessageDeflate: false,
        maxPayload: entrance.messageBytesMax,
      })
      return [path, { entrance, door }]
    }),
  )
  let open = true

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Until ws has taken the stream over, a reset by the other end would have no listener.
    const dropped = () => stream.destroy()
    stream.on("error", dropped)
    const [path = "", query = ""] = (request.url ?? "").split("?", 2)
    const way = doors.get(path)
    // Whoever is turned away for a reason gets a socket first: a browser shows no HTTP answer to its page.
    if (!way || !open) {
      stream.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
      return
    }
    way.door.handleUpgrade(request, stream, head, socket => {
      stream.off("error", dropped)
      const wrapped = wrap(socket, stream, addressOf(request, proxies), way.entrance.waitingBytesMax)
      way.entrance.onSocket(wrapped, new URLSearchParams(query))
    })
  }
  server.on("upgrade", upgrade)
  return () => {
    open = false
  }
}

/** Reads from a socket no faster than `pace` says: how many ms to read nothing more, after so many bytes came. */
export function readAtPace(
  socket: Pick<Socket, "onMessage" | "pause">,
  pace: (bytes: number) => number,
): Stop {
  return socket.onMessage(message => {
    const waitMs = pace(message.length)
    if (waitMs > 0) socket.pause(waitMs)
  })
}

function wrap(socket: WebSocket, stream: Duplex, address: string, waitingBytesMax: number): Socket {
  let corked = false
  let pausedUntil: NodeJS.Timeout | null = null
  let farewell: NodeJS.Timeout | null = null

  const uncork = () => {
    corked = false
    stream.uncork()
  }
  const close = (code: number, reason: string) => {
    if (farewell !== null) return
    farewell = setTimeout(() => socket.terminate(), FAREWELL_MS)
    farewell.unref()
    // A socket that is not read would never see the answer to its farewell.
    socket.resume()
    // RFC 6455 §5.5: a control frame holds 125 bytes, two of them the code.
    socket.close(code, reason.slice(0, 120))
  }
  socket.on("close", () => {
    if (farewell !== null) clearTimeout(farewell)
    if (pausedUntil !== null) clearTimeout(pausedUntil)
  })
  // ws says here that a frame broke the rules or was too large; it closes by itself, with the right code.
  socket.on("error", () => socket.close())

  return {
    address,
    waitingBytes: () => socket.bufferedAmount,
    send(message) {
      if (socket.readyState !== socket.OPEN || farewell !== null) return
      if (socket.bufferedAmount > waitingBytesMax)
        return close(CLOSE.slowReader, `slow reader: more than ${waitingBytesMax} bytes wait`)
      if (!corked) {
        corked = true
        stream.cork()
        setImmediate(uncork)
      }
      socket.send(message, { binary: typeof message !== "string" })
    },
    onDrain(f) {
      stream.on("drain", f)
      return () => stream.off("drain", f)
    },
    pause(ms) {
      if (pausedUntil !== null) clearTimeout(pausedUntil)
      socket.pause()
      pausedUntil = setTimeout(() => {
        pausedUntil = null
        socket.resume()
      }, ms)
    },
    onMessage(f) {
      const hear = (content: RawData, isBinary: boolean) => {
        if (farewell === null) f(isBinary ? plain(bufferOf(content)) : bufferOf(content).toString("utf8"))
      }
      socket.on("message", hear)
      return () => socket.off("message", hear)
    },
    onClose(f) {
      const closed = (code: number) => f(code)
      socket.once("close", closed)
      return () => socket.off("close", closed)
    },
    close,
  }
}

function bufferOf(content: RawData): Buffer {
  if (Buffer.isBuffer(content)) return content
  return Array.isArray(content) ? Buffer.concat(content) : Buffer.from(content)
}

/**
 * Who asks. X-Forwarded-For is believed only as far as the operator's own proxies wrote it: counted from the end,
 * since everything before may be invented by the sender.
 */
export function addressOf(request: IncomingMessage, proxies: number): string {
  const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",")
  const named = proxies > 0 ? forwarded[forwarded.length - proxies]?.trim() : ""
  return household(named || request.socket.remoteAddress || "unknown")
}

function household(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, "")
  if (!plain.includes(":")) return plain
  const [left = "", right] = plain.split("::")
  const before = left.split(":").filter(Boolean)
  const after = right === undefined ? [] : right.split(":").filter(Boolean)
  const zeros =
    right === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0")
  return [...before, ...zeros, ...after].slice(0, 4).join(":")
}
