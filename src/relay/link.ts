// A socket as a link: what the conversation sees of the network at the relay's end. It adds nothing but the room to
// wait in: whoever reads from the disk for a slow end waits here until the end has taken what it was sent.
import type { Stop } from "../bytes/world"
import type { Link } from "../sync/link"
import { CLOSE, type Socket } from "./sockets"

/** Below this much waiting, more may be read from the disk for an end. */
const WAITING_BYTES_LOW = 1024 * 1024

export function createLink(socket: Socket): Link {
  let closedBecause: string | null = null
  const roomAwaited = new Set<() => void>()
  // What arrives before the first listener waits for it; what arrives after the last one is dropped.
  const early: Uint8Array[] = []
  let listener = (frame: Uint8Array): unknown => early.push(frame)

  const closed = (code: number) => {
    closedBecause = `the socket closed with ${code}`
    tellRoom()
  }
  const tellRoom = () => {
    for (const resolve of roomAwaited) resolve()
    roomAwaited.clear()
  }
  const hasRoom = () => closedBecause !== null || socket.waitingBytes() <= WAITING_BYTES_LOW

  socket.onClose(closed)
  socket.onDrain(() => {
    if (hasRoom()) tellRoom()
  })
  socket.onMessage(message => {
    if (typeof message === "string") return socket.close(CLOSE.wrongType, "expected binary messages")
    listener(message)
  })

  return {
    name: "relay",
    send: frame => socket.send(frame),
    onMessage(f): Stop {
      listener = f
      for (const frame of early.splice(0)) f(frame)
      return () => {
        if (listener === f) listener = () => undefined
      }
    },
    onClose(f): Stop {
      if (closedBecause === null) return socket.onClose(code => f(`the socket closed with ${code}`))
      f(closedBecause)
      return () => undefined
    },
    ready: () => (hasRoom() ? Promise.resolve() : new Promise(resolve => roomAwaited.add(resolve))),
    waitingBytes: () => socket.waitingBytes(),
    close: () => socket.close(CLOSE.normal, "the conversation ended"),
  }
}
