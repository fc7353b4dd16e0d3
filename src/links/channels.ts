// Two data channels of one connection as a link: one for what is live, one for bulk. Frames are cut into chunks;
// little of each lane is given to the browser at a time, so that what is live finds the way free. It takes the
// browser's channels or any other that have the same few members; what a frame says is not known here.
import { FormatError } from "../bytes/errors"
import type { Stop, World } from "../bytes/world"
import type { Lane, Link } from "../sync/link"
import { MESSAGE_BYTES_MAX } from "../sync/messages"
import { Assembly, cut } from "./chunks"
import { onOwnBuffer } from "./socket"

/** What is needed of an RTCDataChannel; the standard's names. */
export interface Channel {
  binaryType: string
  readonly readyState: "connecting" | "open" | "closing" | "closed"
  readonly bufferedAmount: number
  bufferedAmountLowThreshold: number
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onbufferedamountlow: ((event: never) => void) | null
}

/** More is handed to the browser when it has less than this left … */
const BUFFERED_LOW = 64 * 1024
/** … and no more than this in all. */
const BUFFERED_HIGH = 256 * 1024
/** With less waiting than this there is room. */
const WAITING_BYTES_LOW = 128 * 1024
/** An event that says that the buffer has drained can be missed: it is asked as well. */
const POLL_MS = 50
/** Farewells are small. What is larger than this is not sent any more when a link closes. */
const FAREWELL_BYTES_MAX = 1024 * 1024
/** Bulk that came before the live frames which it was sent after. */
const HELD_BYTES_MAX = 4 * MESSAGE_BYTES_MAX

/** A link over two channels, made before they are open. */
export function channelLink(live: Channel, bulk: Channel, world: World): Link {
  return new ChannelLink(live, bulk, world)
}

class ChannelLink implements Link {
  readonly name = "peers"
  readonly #lanes: Readonly<Record<Lane, Outgoing>>
  readonly #bulkHeld: { readonly frame: Uint8Array; readonly liveBefore: number }[] = []
  #bulkHeldBytes = 0
  #liveSent = 0
  #liveArrived = 0
  #early: Uint8Array[] = []
  #listener: ((frame: Uint8Array) => void) | null = null
  readonly #onClose = new Set<(why: string) => void>()
  #closed: string | null = null

  constructor(live: Channel, bulk: Channel, world: World) {
    const failed = () => this.#end("the channel took no more")
    this.#lanes = { live: new Outgoing(live, world, failed), bulk: new Outgoing(bulk, world, failed) }
    this.#hear(live, "live")
    this.#hear(bulk, "bulk")
  }

  send(frame: Uint8Array, lane: Lane = "live"): void {
    if (this.#closed !== null) return
    this.#lanes[lane].push(cut(frame, lane, this.#liveSent))
    if (lane === "live") this.#liveSent++
  }

  onMessage(f: (frame: Uint8Array) => void): Stop {
    this.#listener = f
    const early = this.#early
    this.#early = []
    for (const frame of early) f(frame)
    return () => {
      if (this.#listener === f) this.#listener = null
    }
  }

  onClose(f: (why: string) => void): Stop {
    if (this.#closed === null) this.#onClose.add(f)
    else f(this.#closed)
    return () => {
      this.#onClose.delete(f)
    }
  }

  async ready(lane: Lane = "live"): Promise<void> {
    // Both are open at nearly the same time, and a link is open when it can do everything.
    await Promise.all([this.#lanes.live.opened, this.#lanes.bulk.opened])
    await this.#lanes[lane].room()
  }

  waitingBytes(): number {
    return this.#lanes.live.waitingBytes
  }

  close(): void {
    if (this.#closed !== null) return
    this.#lanes.live.pushOut()
    this.#end("closed")
  }

  #hear(channel: Channel, lane: Lane): void {
    const assembly = new Assembly(lane)
    channel.binaryType = "arraybuffer"
    channel.onmessage = ({ data }: { data: unknown }) => {
      if (this.#closed !== null) return
      try {
        if (!(data instanceof ArrayBuffer)) throw new FormatError("expected bytes, got text")
        const arrived = assembly.take(new Uint8Array(data))
        if (arrived && lane === "live") this.#liveCame(arrived.frame)
        else if (arrived) this.#bulkCame(arrived.frame, arrived.liveBefore)
      } catch (error) {
        if (!(error instanceof FormatError)) throw error
        this.#end(`garbage: ${error.message}`)
      }
    }
    channel.onclose = () => this.#end("the channel closed")
    channel.onerror = () => this.#end("the channel failed")
  }

  #liveCame(frame: Uint8Array): void {
    this.#liveArrived++
    this.#deliver(frame)
    for (
      let next = this.#bulkHeld[0];
      next && next.liveBefore <= this.#liveArrived;
      next = this.#bulkHeld[0]
    ) {
      this.#bulkHeld.shift()
      this.#bulkHeldBytes -= next.frame.length
      this.#deliver(next.frame)
    }
  }

  #bulkCame(frame: Uint8Array, liveBefore: number): void {
    if (this.#bulkHeld.length === 0 && liveBefore <= this.#liveArrived) {
      this.#deliver(frame)
      return
    }
    this.#bulkHeld.push({ frame, liveBefore })
    this.#bulkHeldBytes += frame.length
    if (this.#bulkHeldBytes > HELD_BYTES_MAX)
      throw new FormatError(`expected live frames before ${HELD_BYTES_MAX} bytes that were sent after them`)
  }

  #deliver(frame: Uint8Array): void {
    if (this.#closed !== null) return
    if (this.#listener) this.#listener(frame)
    else this.#early.push(frame)
  }

  #end(why: string): void {
    if (this.#closed !== null) return
    this.#closed = why
    for (const lane of Object.values(this.#lanes)) lane.end()
    for (const f of this.#onClose) f(why)
    this.#onClose.clear()
    this.#listener = null
    this.#early = []
    this.#bulkHeld.length = 0
  }
}

/** What leaves through one channel. */
class Outgoing {
  /** Resolves when the channel is open, or will never be. */
  readonly opened: Promise<void>
  readonly #channel: Channel
  readonly #world: World
  readonly #failed: () => void
  readonly #chunks: Uint8Array[] = []
  #bytesLeft = 0
  #forRoom: (() => void)[] = []
  #poll: Stop | null = null
  #over = false
  #settleOpen: () => void = () => undefined

  constructor(channel: Channel, world: World, failed: () => void) {
    this.#channel = channel
    this.#world = world
    this.#failed = failed
    this.opened = new Promise(resolve => {
      this.#settleOpen = resolve
    })
    channel.bufferedAmountLowThreshold = BUFFERED_LOW
    channel.onbufferedamountlow = () => this.#pump()
    channel.onopen = () => {
      this.#settleOpen()
      this.#pump()
    }
    if (channel.readyState === "open") this.#settleOpen()
  }

  get waitingBytes(): number {
    return this.#over ? 0 : this.#bytesLeft + this.#channel.bufferedAmount
  }

  push(chunks: Iterable<Uint8Array>): void {
    for (const chunk of chunks) {
      this.#chunks.push(chunk)
      this.#bytesLeft += chunk.length
    }
    this.#pump()
  }

  room(): Promise<void> {
    if (this.waitingBytes <= WAITING_BYTES_LOW) return Promise.resolve()
    return new Promise(resolve => {
      this.#forRoom.push(resolve)
      this.#pollLater()
    })
  }

  /** Hands everything to the browser that is not much, whatever it has already. */
  pushOut(): void {
    if (this.#bytesLeft <= FAREWELL_BYTES_MAX) this.#pump(Number.POSITIVE_INFINITY)
  }

  /** What the browser has taken still leaves; nothing more does. */
  end(): void {
    this.#over = true
    this.#chunks.length = 0
    this.#poll?.()
    this.#settleOpen()
    this.#roomAgain()
    this.#channel.close()
  }

  #pump(bufferedMax = BUFFERED_HIGH): void {
    const channel = this.#channel
    while (!this.#over && channel.readyState === "open" && channel.bufferedAmount < bufferedMax) {
      const chunk = this.#chunks.shift()
      if (!chunk) break
      this.#bytesLeft -= chunk.length
      this.#give(chunk)
    }
    if (this.#over) return
    if (this.waitingBytes <= WAITING_BYTES_LOW) this.#roomAgain()
    if (this.#chunks.length > 0 || this.#forRoom.length > 0) this.#pollLater()
  }

  // The browser's buffer may be full, or the channel gone without having said so.
  #give(chunk: Uint8Array): void {
    try {
      this.#channel.send(onOwnBuffer(chunk))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      this.#failed()
    }
  }

  #pollLater(): void {
    this.#poll ??= this.#world.after(POLL_MS, () => {
      this.#poll = null
      this.#pump()
    })
  }

  #roomAgain(): void {
    const waiting = this.#forRoom
    this.#forRoom = []
    for (const resolve of waiting) resolve()
  }
}
