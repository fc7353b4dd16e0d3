// A browser's peer connection that has our two channels from its first moment, and one far end for good.
import { FormatError } from "../bytes/errors"
import type { World } from "../bytes/world"
import { equalBytes } from "../bytes/writer"
import type { Link } from "../sync/link"
import { channelLink } from "./channels"
import { bindingOf, fingerprintOf } from "./fingerprints"

const LIVE_ID = 100
const BULK_ID = 101

export interface PeerConnection {
  readonly link: Link
  /** Whether the far end has said anything about how it can be reached. */
  readonly answered: boolean
  /** What ties proofs to it. Rejects with FormatError if the descriptions do not name one end each. */
  binding(): Promise<Uint8Array>
}

/** What y-webrtc is told to make its connections of (`wrtc` of simple-peer). */
export interface Makings {
  readonly RTCPeerConnection: unknown
  readonly RTCSessionDescription: unknown
  readonly RTCIceCandidate: unknown
}

/** The makings; `made` is handed each connection as it is made. Null where the browser has none. */
export function peerMakings(world: World, made: (connection: PeerConnection) => void): Makings | null {
  if (typeof RTCPeerConnection === "undefined") return null
  class OurConnection extends RTCPeerConnection implements PeerConnection {
    readonly link: Link

    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      // Negotiated: both ends have them without a word, and y-webrtc does not hear of them.
      const live = this.createDataChannel("live", { negotiated: true, id: LIVE_ID })
      const bulk = this.createDataChannel("bulk", { negotiated: true, id: BULK_ID })
      this.link = channelLink(live, bulk, world)
      made(this)
    }

    get answered(): boolean {
      return this.remoteDescription !== null
    }

    // Channels can be open before the page has heard that the description, by which they opened, was taken.
    async binding(): Promise<Uint8Array> {
      while (!(this.signalingState === "stable" && this.remoteDescription))
        await new Promise(resolve => this.addEventListener("signalingstatechange", resolve, { once: true }))
      return bindingOf(this.localDescription?.sdp ?? "", this.remoteDescription?.sdp ?? "")
    }

    // A later description could put somebody else at the far end of channels whose proofs were checked.
    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const next = fingerprintOf(description.sdp ?? "")
      const present = this.currentRemoteDescription
      if (present && !equalBytes(next, fingerprintOf(present.sdp)))
        throw new FormatError("expected the far end to stay the same")
      await super.setRemoteDescription(description)
    }
  }
  return { RTCPeerConnection: OurConnection, RTCSessionDescription: Plain, RTCIceCandidate: Plain }
}

/** The browser's own throw for what they do not like; as plain values the connection refuses them by its promise. */
class Plain {
  constructor(init: object) {
    Object.assign(this, init)
  }
}
