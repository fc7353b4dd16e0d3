// The way to other people's devices: y-webrtc finds them and makes the connections, and our own two channels on each
// connection carry everything. y-webrtc gets an empty document and nothing of ours; what comes on its own channel is
// dropped. Whoever may find a document may come into its lobby, and gets nothing there without a proof.
import { type SignalingConn, type WebrtcConn, WebrtcProvider } from "y-webrtc"
import * as Y from "yjs"
import { FormatError } from "../bytes/errors"
import type { DocId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import { type Makings, type PeerConnection, peerMakings } from "./connection"
import { type JoinLobby, lobbyOf, type OnLink, type Talk } from "./lobby"
import { openSignal, type Signal } from "./signals"
import { socketUrl } from "./socket"

export interface PeersOptions {
  readonly world: World
  /** Servers that help through routers (STUN, TURN). None by default: nobody is called whom nobody chose. */
  readonly iceServers: readonly RTCIceServer[]
}

/** Connections that one lobby looks for; a few more are taken from those who were told of us. */
const CONNECTIONS_MAX = 20
const CONNECTIONS_SPARE = 5
/** A connection that is not open by then, and a far end that has not said hello by then, are no visitors. */
const PATIENCE_MS = 20_000
/** Where there is no more room, one that has not even answered by then makes some. */
const ANSWER_MS = 5_000
/** Whoever sent proven-bad bytes is not heard for so long. */
const SHUN_MS = 60_000
const SHUNNED_MAX = 1_000
/** A farewell takes a moment to leave. */
const LINGER_MS = 500
/** An announcement can get lost, and somebody may be shunned no more. */
const ANNOUNCE_EVERY_MS = 30_000

/** The way into lobbies; null in a browser without peer connections. */
export function openPeers(options: PeersOptions): JoinLobby | null {
  if (typeof RTCPeerConnection === "undefined") return null
  const lobbies = new Map<string, Lobby>()
  const watched = new WeakSet<object>()
  return (docId, relays, onLink) => {
    const lobby = new Lobby(docId, relays, onLink, options)
    lobbies.set(lobby.name, lobby)
    for (const signalling of lobby.signalling) {
      if (watched.has(signalling)) continue
      watched.add(signalling)
      guard(signalling, (topic, sealed) => lobbies.get(topic)?.hear(signalling, sealed))
    }
    return () => {
      if (lobbies.get(lobby.name) === lobby) lobbies.delete(lobby.name)
      lobby.close()
    }
  }
}

/** Takes what is published out of y-webrtc's hands: `f` gets it instead. Everything else that is JSON passes. */
function guard(signalling: SignalingConn, f: (topic: string, sealed: unknown) => void): void {
  // y-webrtc seals before it sends, and does not look whether the socket is still or again open when that is done.
  const send = signalling.send.bind(signalling)
  signalling.send = message => {
    if (signalling.ws?.readyState === WebSocket.OPEN) send(message)
  }
  const guarded = new WeakSet<WebSocket>()
  signalling.on("connect", () => {
    const socket = signalling.ws
    if (!socket || guarded.has(socket)) return
    guarded.add(socket)
    const hear = socket.onmessage
    socket.onmessage = event => {
      const message = parse(event.data)
      if (message === null) return
      if (message["type"] !== "publish") hear?.call(socket, event)
      else if (typeof message["topic"] === "string") f(message["topic"], message["data"])
    }
  })
}

function parse(text: unknown): Record<string, unknown> | null {
  if (typeof text !== "string") return null
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === "object" && message !== null ? (message as Record<string, unknown>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Somebody who is or may be there. */
interface Visitor {
  readonly conn: WebrtcConn
  talk: Talk | null
  readonly stops: Stop[]
}

class Lobby {
  readonly name: string
  readonly #world: World
  readonly #onLink: OnLink
  readonly #doc = new Y.Doc()
  readonly #provider: WebrtcProvider
  /** Connections that y-webrtc has just made, and nobody has looked at. */
  readonly #made: PeerConnection[] = []
  readonly #visitors = new Map<string, Visitor>()
  readonly #shunned = new Map<string, number>()
  readonly #stops: Stop[] = []
  #hearing: Promise<void> = Promise.resolve()
  #closed = false

  constructor(docId: DocId, relays: readonly string[], onLink: OnLink, { world, iceServers }: PeersOptions) {
    const { name, password } = lobbyOf(docId)
    this.name = name
    this.#world = world
    this.#onLink = onLink
    const wrtc: Makings | null = peerMakings(world, connection => this.#made.push(connection))
    this.#provider = new WebrtcProvider(this.name, this.#doc, {
      // All of these are set: left out, y-webrtc and simple-peer would call strangers, or choose by chance.
      signaling: relays.map(origin => socketUrl(origin, "/signal")),
      password,
      maxConns: CONNECTIONS_MAX,
      filterBcConns: true,
      peerOpts: { wrtc, config: { iceServers } },
    })
    this.#provider.awareness.setLocalState(null)
    this.#provider.on("status", () => this.#entered())
    this.#announceLater()
  }

  get signalling(): readonly SignalingConn[] {
    return this.#provider.signalingConns
  }

  /** Something was published in this lobby. Whatever it is, nothing is thrown. */
  hear(signalling: SignalingConn, sealed: unknown): void {
    this.#hearing = this.#hearing.then(() => this.#hear(signalling, sealed))
  }

  close(): void {
    this.#closed = true
    for (const stop of this.#stops.splice(0)) stop()
    for (const { conn } of this.#visitors.values()) {
      // y-webrtc would announce, for each that goes, a lobby that is being left.
      conn.peer.removeAllListeners("close")
      conn.destroy()
    }
    for (const { stops } of this.#visitors.values()) for (const stop of stops) stop()
    this.#visitors.clear()
    this.#provider.disconnect()
    this.#doc.destroy()
  }

  // y-webrtc leaves all rooms for good when a page might unload, also when it then stays.
  #entered(): void {
    const { room } = this.#provider
    if (room) removeEventListener("beforeunload", room._beforeUnloadHandler)
  }

  async #hear(signalling: SignalingConn, sealed: unknown): Promise<void> {
    const key = this.#provider.room?.key
    if (!key || this.#closed) return
    const signal = await openSignal(sealed, key).catch(onlyGarbage)
    if (!signal || this.#closed || !this.#mayPass(signal)) return
    this.#pass(signalling, signal)
    this.#welcome()
  }

  #mayPass(signal: Signal): boolean {
    const { room } = this.#provider
    if (!room || signal.from === room.peerId) return false
    if ((this.#shunned.get(signal.from) ?? 0) > this.#world.now()) return false
    if (signal.type === "announce") return true
    if (signal.to !== room.peerId) return false
    const visitor = this.#visitors.get(signal.from)
    if (signal.signal.type !== "offer") return visitor !== undefined
    // Whoever is connected cannot be connected once more: it would be somebody else under that name.
    if (visitor) return visitor.talk === null
    return room.webrtcConns.size < CONNECTIONS_MAX + CONNECTIONS_SPARE
  }

  // y-webrtc acts at once on a signal that needs no opening. So what it cannot cope with is caught here; behind a
  // promise of its own it would be lost for the page to find.
  #pass(signalling: SignalingConn, signal: Signal): void {
    const { room } = this.#provider
    if (!room) return
    const { key } = room
    Object.assign(room, { key: null })
    try {
      signalling.emit("message", [{ type: "publish", topic: this.name, data: signal }, signalling])
    } catch (error) {
      // A connection that was given up between two signals throws.
      if (!(error instanceof Error)) throw error
    } finally {
      room.key = key
    }
  }

  #welcome(): void {
    for (const [name, conn] of this.#provider.room?.webrtcConns ?? []) {
      if (this.#visitors.get(name)?.conn === conn) continue
      const connection = this.#made.pop()
      if (connection) this.#meet(name, conn, connection)
    }
    this.#made.length = 0
  }

  #meet(name: string, conn: WebrtcConn, connection: PeerConnection): void {
    const { link } = connection
    const visitor: Visitor = { conn, talk: null, stops: [] }
    this.#visitors.set(name, visitor)
    conn.peer.removeAllListeners("data")
    conn.peer.on("close", () => {
      for (const stop of visitor.stops) stop()
      if (this.#visitors.get(name) === visitor) this.#visitors.delete(name)
      link.close()
    })
    let over = false
    link.onClose(() => {
      over = true
      visitor.stops.push(this.#world.after(LINGER_MS, () => conn.destroy()))
    })
    visitor.stops.push(
      this.#world.after(ANSWER_MS, () => this.#full && !connection.answered && conn.destroy()),
      this.#world.after(PATIENCE_MS, () => visitor.talk || conn.destroy()),
    )
    void link
      .ready()
      .then(() => connection.binding())
      .catch(onlyGarbage)
      .then(binding => {
        if (over || this.#closed) return
        if (binding) this.#begin(name, visitor, this.#onLink(link, binding))
        else this.#shun(name, visitor)
      })
  }

  #begin(name: string, visitor: Visitor, talk: Talk): void {
    visitor.talk = talk
    visitor.stops.push(this.#world.after(PATIENCE_MS, () => this.#judge(name, visitor)))
    talk.ended.then(({ hostile }) => hostile && this.#shun(name, visitor))
  }

  // Who has not said hello is no Sheaf. Who has, and cannot prove anything yet, may stay while there is room.
  #judge(name: string, visitor: Visitor): void {
    if (!visitor.talk?.met || (this.#full && !visitor.talk.proven)) this.#shun(name, visitor)
    else if (!visitor.talk.proven)
      visitor.stops.push(this.#world.after(PATIENCE_MS / 4, () => this.#judge(name, visitor)))
  }

  get #full(): boolean {
    return (this.#provider.room?.webrtcConns.size ?? 0) >= CONNECTIONS_MAX
  }

  #shun(name: string, { conn }: Visitor): void {
    if (this.#shunned.size >= SHUNNED_MAX) this.#shunned.clear()
    this.#shunned.set(name, this.#world.now() + SHUN_MS)
    conn.destroy()
  }

  // y-webrtc announces itself when signalling connects, and to be told so again does no harm.
  #announceLater(): void {
    const stop = this.#world.after(ANNOUNCE_EVERY_MS, () => {
      this.#stops.splice(this.#stops.indexOf(stop), 1)
      for (const signalling of this.signalling)
        if (signalling.connected) signalling.emit("connect", [{ type: "connect" }, signalling])
      this.#announceLater()
    })
    this.#stops.push(stop)
  }
}

function onlyGarbage(error: unknown): null {
  if (error instanceof FormatError) return null
  throw error
}
