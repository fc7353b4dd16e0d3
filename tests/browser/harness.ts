// All that a browser test needs, from one door, and a `test` whose fixtures close themselves: a relay, a
// proxy in front of it, and as many separate browsers as the test asks for.
//
//     test("two devices meet", async ({ relay, startDevice }) => {
//       const ana = (await startDevice()).page
//       await ana.goto(relay.url)
import { test as base } from "@playwright/test"
import { type Browser, type BrowserOptions, startBrowser } from "./browser"
import { startProxy, type TcpProxy } from "./proxy"
import { type Relay, startRelay } from "./relay"
import { createCleanup } from "./wait"

export { expect, type Page } from "@playwright/test"
export { type Browser, type BrowserOptions, startBrowser } from "./browser"
export { cutPeers, mendPeers, peerTraffic } from "./peers"
export { cutProof, type Passed, startProxy, type TcpProxy } from "./proxy"
export { type Relay, type RelayOptions, startRelay } from "./relay"
export { type Cleanup, createCleanup, freePort, median, sleep, waitFor } from "./wait"
export { expectQuiet, forget, NETWORK_LOSS, type Noticed, noticed } from "./watch"

/** A test that measures, or must be quick: it runs when no other does. */
export const ALONE = { tag: "@alone" } as const

interface Fixtures {
  /** The built relay, started when a test first asks for it. */
  relay: Relay
  /** A proxy in front of `relay`; open pages at `tcpProxy.url`. */
  tcpProxy: TcpProxy
  /** Starts one more browser process; each is closed when the test ends. */
  startDevice: (options?: BrowserOptions) => Promise<Browser>
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads this pattern to learn what a fixture needs
  relay: async ({}, use, info) => {
    const relay = await startRelay()
    await use(relay)
    await relay.close()
    if (info.status !== info.expectedStatus) await info.attach("relay.log", { body: relay.log() })
  },
  tcpProxy: async ({ relay }, use) => {
    const proxy = await startProxy(relay.port)
    await use(proxy)
    await proxy.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads this pattern to learn what a fixture needs
  startDevice: async ({}, use) => {
    const cleanup = createCleanup()
    await use(async options => {
      const browser = await startBrowser(options)
      cleanup.add(browser.close)
      return browser
    })
    await cleanup.close()
  },
})
