// A bad road between browsers, in this process: every datagram of their direct connections passes a socket here, where
// it is late, lost, or turned back. The pages are told a place on the road instead of each place that the other can be
// reached at, so that neither ever learns of a way around it. What goes to the relay passes proxy.ts instead.
import { createSocket, type Socket } from "node:dgram"
import type { BrowserContext } from "@playwright/test"
import { Chance } from "../sim/chance"

export interface Weather {
  /** How long each datagram is under way, at least. */
  readonly delayMs: number
  /** And up to so much longer, which also lets later ones overtake. */
  readonly jitterMs: number
  /** The share that never arrives, 0 to 1. */
  readonly loss: number
}

/** Datagrams so far. */
export interface RoadFigures {
  readonly passed: number
  readonly lost: number
  /** Turned back while the road was cut. */
  readonly turnedBack: number
}

export interface Road {
  /** Has all direct connections of a browser go this way. Before its first page is opened. */
  takes(context: BrowserContext): Promise<void>
  /** Nothing passes from now on, what is under way included. */
  cut(): void
  mend(): void
  figures(): RoadFigures
  close(): Promise<void>
}

/** Where somebody can be reached. */
interface Place {
  readonly address: string
  readonly port: number
}

declare global {
  interface Window {
    /** Lives in the page: a place on the road that leads to this one. */
    onTheRoad?: (place: Place) => Promise<Place>
  }
}

/** Switches without which a browser tells others names that only multicast could resolve. */
export const ROAD_ARGS: readonly string[] = ["--disable-features=WebRtcHideLocalIpsWithMdns"]

/** Opens a road. `seed` decides which datagrams are lost and how late the others are. */
export function openRoad(weather: Weather, seed: number): Road {
  const chance = new Chance(seed)
  const sockets: Socket[] = []
  const figures = { passed: 0, lost: 0, turnedBack: 0 }
  let isCut = false

  const travel = (arrive: () => void) => {
    if (isCut) {
      figures.turnedBack++
      return
    }
    if (chance.often(weather.loss)) {
      figures.lost++
      return
    }
    setTimeout(
      () => {
        if (isCut) {
          figures.turnedBack++
          return
        }
        figures.passed++
        arrive()
      },
      weather.delayMs + chance.below(weather.jitterMs + 1),
    )
  }

  // What comes in at one end leaves at the other, so that the far side sees, and answers, a place on the road.
  const lead = async (to: Place): Promise<Place> => {
    const [near, far] = [await bind(to.address), await bind(to.address)]
    sockets.push(near, far)
    let from: Place | null = null
    near.on("message", (datagram, sender) => {
      from = sender
      travel(() => far.send(datagram, to.port, to.address))
    })
    far.on("message", datagram =>
      travel(() => {
        if (from) near.send(datagram, from.port, from.address)
      }),
    )
    return { address: to.address, port: near.address().port }
  }

  return {
    async takes(context) {
      const ways = new Map<string, Promise<Place>>()
      await context.exposeFunction("onTheRoad", (to: Place) => {
        const way = ways.get(`${to.address} ${to.port}`) ?? lead(to)
        ways.set(`${to.address} ${to.port}`, way)
        return way
      })
      await context.addInitScript(sendOverRoad)
    },
    cut() {
      isCut = true
    },
    mend() {
      isCut = false
    },
    figures: () => ({ ...figures }),
    async close() {
      isCut = true
      await Promise.all(sockets.map(socket => new Promise<void>(resolve => socket.close(resolve))))
    },
  }
}

async function bind(address: string): Promise<Socket> {
  const socket = createSocket("udp4")
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject)
    socket.bind(0, address, resolve)
  })
  return socket
}

// Runs in the page. Whatever names the far side's places passes here: candidates, and descriptions that contain some.
function sendOverRoad(): void {
  const { prototype } = RTCPeerConnection
  // Without their older forms, which took callbacks.
  const add: (this: RTCPeerConnection, told?: RTCIceCandidateInit | null) => Promise<void> =
    prototype.addIceCandidate
  const describe: (this: RTCPeerConnection, told: RTCSessionDescriptionInit) => Promise<void> =
    prototype.setRemoteDescription
  const PLACE = /^(candidate:\S+ \d+ udp \d+) (\d+\.\d+\.\d+\.\d+) (\d+) /i

  prototype.addIceCandidate = async function (this: RTCPeerConnection, told?: RTCIceCandidateInit | null) {
    if (!told?.candidate) return add.call(this, told)
    const [whole, kind, address, port] = PLACE.exec(told.candidate) ?? []
    // By TCP or IPv6 there would be a way around.
    if (!whole || !address) return
    const place = await window.onTheRoad?.({ address, port: Number(port) })
    if (!place || this.signalingState === "closed") return
    const candidate = told.candidate.replace(whole, `${kind} ${place.address} ${place.port} `)
    return add.call(this, { ...told, candidate })
  }
  prototype.setRemoteDescription = async function (
    this: RTCPeerConnection,
    { type, sdp = "" }: RTCSessionDescriptionInit,
  ) {
    const lines = sdp.split("\r\n")
    const others = lines.filter(line => !/^a=(candidate:|end-of-candidates)/.test(line))
    await describe.call(this, { type, sdp: others.join("\r\n") })
    for (const line of lines)
      if (line.startsWith("a=candidate:"))
        await this.addIceCandidate({ candidate: line.slice("a=".length), sdpMLineIndex: 0 })
  }
}
