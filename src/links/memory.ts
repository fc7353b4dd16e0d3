// Two ends of a link in one program: for tests, for simulation. It keeps order and loses nothing, unless it is told
// to misbehave. Time comes from a World, so that a whole network can be one number.
import type { Stop, World } from "../bytes/world"
import type { Link } from "../sync/link"

export interface MemoryLinkOptions {
  readonly world: World
  /** One way. Drawn anew for each frame; frames never overtake each other. */
  readonly delayMs?: () => number
  /** What becomes of a frame on its way: itself, something else, or nothing (null). */
  readonly fault?: (frame: Uint8Array) => Uint8Array | null
  /** Above this, `ready` waits until the other end has taken what was sent. */
  readonly waitingBytesMax?: number
}

/** A link that a test can hold in its hands. */
export interface MemoryLink extends Link {
  /** While true, frames wait at this end, as if the network took none. */
  stall(stalled: boolean): void
}

/** Both ends of a new link. */
export function memoryLinks(options: MemoryLinkOptions): [MemoryLink, MemoryLink] {
  const a = new MemoryEnd(options)
  const b = new MemoryEnd(options)
  a.join(b)
  b.join(a)
  return [a, b]
}

const WAITING_BYTES_MAX = 256 * 1024

class MemoryEnd implements MemoryLink {
  readonly name = "memory"
  readonly #options: MemoryLinkOptions
  #other: MemoryEnd | null = null
  #listener: ((frame: Uint8Array) => void) | null = null
  readonly #onClose = new Set<(why: string) => void>()
  #closed: string | null = null
  readonly #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #arrived: Uint8Array[] = []
  #leaving: Stop | null = null
  #stalled = false
  #forRoom: (() => void)[] = []

  constructor(options: MemoryLinkOptions) {
    this.#options = options
  }

  join(other: MemoryEnd): void {
    this.#other = other
  }

  send(frame: Uint8Array): void {
    if (this.#closed !== null) return
    this.#waiting.push(frame)
    this.#waitingBytes += frame.length
    this.#next()
  }

  onMessage(f: (frame: Uint8Array) => void): Stop {
    this.#listener = f
    const arrived = this.#arrived
    this.#arrived = []
    for (const frame of arrived) f(frame)
    return () => {
      if (this.#listener === f) this.#listener = null
    }
  }

  onClose(f: (why: string) => void): Stop {
    if (this.#closed !== null) f(this.#closed)
    else this.#onClose.add(f)
    return () => {
      this.#onClose.delete(f)
    }
  }

  ready(): Promise<void> {
    const most = this.#options.waitingBytesMax ?? WAITING_BYTES_MAX
    if (this.#closed !== null || this.#waitingBytes <= most) return Promise.resolve()
    return new Promise(resolve => {
      this.#forRoom.push(resolve)
    })
  }

  waitingBytes(): number {
    return this.#waitingBytes
  }

  stall(stalled: boolean): void {
    this.#stalled = stalled
    this.#next()
  }

  close(): void {
    if (this.#closed !== null) return
    const other = this.#other
    const sent = this.#stalled ? [] : [...this.#waiting]
    this.#end("closed")
    if (!other) return
    // What was sent before the end arrives before it.
    this.#options.world.after(this.#options.delayMs?.() ?? 0, () => {
      for (const frame of sent) this.#deliver(frame, other)
      other.#end("closed by the other end")
    })
  }

  #next(): void {
    if (this.#leaving || this.#stalled || this.#waiting.length === 0) return
    this.#leaving = this.#options.world.after(this.#options.delayMs?.() ?? 0, () => {
      this.#leaving = null
      if (this.#stalled || this.#closed !== null) return
      const frame = this.#waiting.shift()
      if (!frame) return
      this.#waitingBytes -= frame.length
      if (this.#other) this.#deliver(frame, this.#other)
      this.#next()
      if (this.#waitingBytes === 0) this.#roomAgain()
    })
  }

  #deliver(frame: Uint8Array, other: MemoryEnd): void {
    const { fault } = this.#options
    const left = fault ? fault(frame) : frame
    if (left) other.#arrive(left)
  }

  #arrive(frame: Uint8Array): void {
    if (this.#closed !== null) return
    if (this.#listener) this.#listener(frame)
    else this.#arrived.push(frame)
  }

  #roomAgain(): void {
    const waiting = this.#forRoom
    this.#forRoom = []
    for (const resolve of waiting) resolve()
  }

  #end(why: string): void {
    if (this.#closed !== null) return
    this.#closed = why
    this.#leaving?.()
    this.#roomAgain()
    for (const f of this.#onClose) f(why)
    this.#onClose.clear()
    this.#listener = null
  }
}
