// A WebSocket as a link. It takes the browser's own or any other that has the same few members (in Node `ws` has).
import type { Stop, World } from "../bytes/world"
import type { Link } from "../sync/link"

/** What is needed of a WebSocket; the standard's names. */
export interface Socket {
  binaryType: string
  readonly bufferedAmount: number
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
}

/** How a socket came to its end: the close code (RFC 6455 §7.4) and the other end's words. */
export interface SocketEnd {
  readonly code: number
  readonly reason: string
}

/** Beyond this much waiting, whoever reads from a disk to send waits as well. */
const WAITING_BYTES_LOW = 128 * 1024
/** A browser does not tell when its buffer has drained: it has to be asked. */
const POLL_MS = 20

/** A link over a socket that is open. `onEnd` is told how the socket ended. */
export function socketLink(socket: Socket, world: World, onEnd: (end: SocketEnd) => void): Link {
  let closedBecause: string | null = null
  let listener: ((frame: Uint8Array) => void) | null = null
  const early: Uint8Array[] = []
  const onClose = new Set<(why: string) => void>()

  socket.onmessage = ({ data }: { data: unknown }) => {
    if (closedBecause !== null) return
    if (!(data instanceof ArrayBuffer)) {
      socket.close(1003, "expected binary messages")
      return
    }
    const frame = new Uint8Array(data)
    if (listener) listener(frame)
    else early.push(frame)
  }
  socket.onclose = ({ code, reason }: SocketEnd) => {
    end(`the socket closed with ${code}`)
    onEnd({ code, reason })
  }

  const end = (why: string) => {
    if (closedBecause !== null) return
    closedBecause = why
    for (const f of onClose) f(why)
    onClose.clear()
  }
  const hasRoom = () => closedBecause !== null || socket.bufferedAmount <= WAITING_BYTES_LOW

  return {
    name: "relay",
    send(frame) {
      if (closedBecause === null) socket.send(onOwnBuffer(frame))
    },
    onMessage(f): Stop {
      listener = f
      for (const frame of early.splice(0)) f(frame)
      return () => {
        if (listener === f) listener = null
      }
    },
    onClose(f): Stop {
      if (closedBecause === null) onClose.add(f)
      else f(closedBecause)
      return () => onClose.delete(f)
    },
    ready: () =>
      new Promise(resolve => {
        const look = () => {
          if (hasRoom()) resolve()
          else world.after(POLL_MS, look)
        }
        look()
      }),
    waitingBytes: () => (closedBecause === null ? socket.bufferedAmount : 0),
    close() {
      end("closed")
      socket.close(1000, "the conversation ended")
    },
  }
}

/** `https://coop.example` and `/sync` → `wss://coop.example/sync`. A query (a token) stays. */
export function socketUrl(origin: string, path: string): string {
  const url = new URL(origin)
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:"
  url.pathname = path
  return url.href
}

/** Sockets and channels do not take memory that may be shared; what the codec writes never is. */
export function onOwnBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}
