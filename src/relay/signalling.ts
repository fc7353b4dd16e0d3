// The room where browsers find each other: y-webrtc's signalling, in JSON, on /signal (protocol §7). Topics and what
// is said in them are the browsers' own and sealed by them; here they are text to be passed on, counted and
// forgotten. Nothing a client says can make it throw.
import type { Stop, World } from "../bytes/world"
import { Bucket } from "./quota"
import { CLOSE, type Socket } from "./sockets"

export const SIGNAL_BYTES_MAX = 64 * 1024
export const TOPICS_PER_SOCKET = 200
export const SUBSCRIBERS_PER_TOPIC = 100
const TOPIC_LENGTH_MAX = 256
/** y-webrtc's own go five deep. JSON.parse takes any depth; JSON.stringify fails at some ten thousand. */
const CONTENT_DEPTH_MAX = 16
/** What y-webrtc says when twenty people arrive at once, and room to spare. */
const MESSAGES_BURST = 1_000
const MESSAGES_FILL_MS = 20_000
/** Messages that mean nothing, or that came when nothing was left in the bucket, before the socket is closed. */
const FAULTS_MAX = 200
const QUIET_MS = 60_000

/** What a client may say. Everything else is garbage. */
type Signal =
  | { readonly type: "subscribe"; readonly topics: readonly string[] }
  | { readonly type: "unsubscribe"; readonly topics: readonly string[] }
  | { readonly type: "publish"; readonly topic: string; readonly content: unknown }
  | { readonly type: "ping" }

interface Client {
  readonly socket: Socket
  readonly topics: Set<string>
  readonly messages: Bucket
  faults: number
}

export class Signalling {
  readonly #world: World
  readonly #topics = new Map<string, Set<Client>>()

  constructor(world: World) {
    this.#world = world
  }

  /** Serves a socket until it closes. */
  join(socket: Socket): void {
    const client: Client = {
      socket,
      topics: new Set(),
      messages: new Bucket(MESSAGES_BURST, MESSAGES_FILL_MS, this.#world.now()),
      faults: 0,
    }
    let stopWaiting = this.#closeWhenQuiet(socket)
    socket.onMessage(message => {
      stopWaiting()
      stopWaiting = this.#closeWhenQuiet(socket)
      this.#hear(client, message)
    })
    socket.onClose(() => {
      stopWaiting()
      for (const topic of [...client.topics]) this.#leave(client, topic)
    })
  }

  // y-webrtc pings every 15 s of quiet; who is silent for a minute is gone without having said so.
  #closeWhenQuiet(socket: Socket): Stop {
    return this.#world.after(QUIET_MS, () => socket.close(CLOSE.goingAway, "quiet for a minute"))
  }

  #hear(client: Client, message: Uint8Array | string): void {
    const signal = client.messages.tryTake(this.#world.now()) ? parse(message) : null
    if (!signal) {
      client.faults++
      if (client.faults > FAULTS_MAX)
        client.socket.close(CLOSE.policy, "quota: too many messages, or no signalling")
      return
    }
    switch (signal.type) {
      case "subscribe":
        for (const topic of signal.topics) this.#enter(client, topic)
        return
      case "unsubscribe":
        for (const topic of signal.topics) this.#leave(client, topic)
        return
      case "publish":
        this.#publish(client, signal.topic, signal.content)
        return
      case "ping":
        client.socket.send('{"type":"pong"}')
        return
      default:
        signal satisfies never
    }
  }

  #enter(client: Client, topic: string): void {
    if (client.topics.has(topic)) return
    const there = this.#topics.get(topic) ?? new Set()
    if (client.topics.size >= TOPICS_PER_SOCKET || there.size >= SUBSCRIBERS_PER_TOPIC) {
      client.faults++
      return
    }
    this.#topics.set(topic, there.add(client))
    client.topics.add(topic)
  }

  #leave(client: Client, topic: string): void {
    client.topics.delete(topic)
    const there = this.#topics.get(topic)
    there?.delete(client)
    if (there?.size === 0) this.#topics.delete(topic)
  }

  // Only who is in a topic may speak in it, and hears itself too: that is how y-webrtc counts who is there.
  #publish(client: Client, topic: string, content: unknown): void {
    const there = this.#topics.get(topic)
    if (!there?.has(client)) {
      client.faults++
      return
    }
    const message = JSON.stringify({ type: "publish", topic, data: content, clients: there.size })
    for (const { socket } of there) socket.send(message)
  }
}

/** null: garbage. */
function parse(message: Uint8Array | string): Signal | null {
  let said: unknown
  try {
    said = JSON.parse(typeof message === "string" ? message : new TextDecoder().decode(message))
  } catch (failure) {
    if (failure instanceof SyntaxError) return null // not JSON
    throw failure
  }
  if (typeof said !== "object" || said === null || !("type" in said)) return null
  switch (said.type) {
    case "subscribe":
    case "unsubscribe":
      return "topics" in said && Array.isArray(said.topics)
        ? { type: said.type, topics: said.topics.filter(isTopic) }
        : null
    case "publish":
      if (!("topic" in said && isTopic(said.topic))) return null
      if (!("data" in said && isShallow(said.data, CONTENT_DEPTH_MAX))) return null
      return { type: "publish", topic: said.topic, content: said.data }
    case "ping":
      return { type: "ping" }
    default:
      return null
  }
}

function isTopic(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= TOPIC_LENGTH_MAX
}

function isShallow(value: unknown, depthMax: number): boolean {
  if (typeof value !== "object" || value === null) return true
  return depthMax > 0 && Object.values(value).every(part => isShallow(part, depthMax - 1))
}
