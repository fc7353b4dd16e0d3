// Cutting direct connections between browsers. A data channel does not pass through a proxy, and Playwright's
// `setOffline` leaves it up, so an "offline" test can pass while the peers secretly talk. This wraps
// RTCPeerConnection before the page's own code runs; the page cannot tell, except that nothing connects.
import type { BrowserContext, Page } from "@playwright/test"

/** Lives in the page under this name. */
interface PeerSwitch {
  cut: boolean
  readonly connections: Set<RTCPeerConnection>
}

declare global {
  interface Window {
    peerSwitch?: PeerSwitch
  }
}

/** Must run before the first page is opened; startBrowser does. */
export async function wrapPeers(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const Direct = window.RTCPeerConnection
    if (Direct === undefined) return
    const peerSwitch: PeerSwitch = {
      cut: sessionStorage.getItem("peers-cut") === "yes",
      connections: new Set(),
    }
    window.peerSwitch = peerSwitch
    window.RTCPeerConnection = class extends Direct {
      constructor(configuration?: RTCConfiguration) {
        // While cut a connection can be made but never finds a way: only relayed ones allowed, and no relays.
        super(
          peerSwitch.cut ? { ...configuration, iceServers: [], iceTransportPolicy: "relay" } : configuration,
        )
        peerSwitch.connections.add(this)
      }
    }
  })
}

/** Closes every direct connection of the page and lets no new one find a way, over reloads too. */
export async function cutPeers(page: Page): Promise<void> {
  await page.evaluate(() => {
    sessionStorage.setItem("peers-cut", "yes")
    const { peerSwitch } = window
    if (peerSwitch === undefined) return
    peerSwitch.cut = true
    for (const connection of peerSwitch.connections) connection.close()
    peerSwitch.connections.clear()
  })
}

/** New connections find their way again. Those closed by `cutPeers` stay closed; the page must try anew. */
export async function mendPeers(page: Page): Promise<void> {
  await page.evaluate(() => {
    sessionStorage.removeItem("peers-cut")
    const { peerSwitch } = window
    if (peerSwitch === undefined) return
    peerSwitch.cut = false
    // Made while cut, so these can never connect: closed, so that the page sees it and makes others.
    for (const connection of peerSwitch.connections) connection.close()
    peerSwitch.connections.clear()
  })
}

/** How many direct connections of the page are up now, and the bytes that they have carried. */
export async function peerTraffic(page: Page): Promise<{ connected: number; bytes: number }> {
  return page.evaluate(async () => {
    const connections = [...(window.peerSwitch?.connections ?? [])]
    let bytes = 0
    for (const connection of connections) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type === "transport") bytes += report.bytesSent + report.bytesReceived
      }
    }
    const connected = connections.filter(({ connectionState }) => connectionState === "connected").length
    return { connected, bytes }
  })
}
