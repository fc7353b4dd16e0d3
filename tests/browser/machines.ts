// Two machines' worth of network: two network namespaces with an address each, joined by a bridge to the relay, where
// a cable can be pulled out for real, for sockets and for direct connections alike. It takes root and Linux; where a
// machine does not allow it, the same is done with a slow proxy in front of each browser, and the test says so.
// (Delay and loss by `tc netem` need a kernel module that few test machines have; the proxies have the delay.)
import { execFileSync } from "node:child_process"
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Browser, startBrowser } from "./browser"
import { findChromium } from "./chromium.mjs"
import { cutPeers, mendPeers } from "./peers"
import { startProxy } from "./proxy"
import type { Relay } from "./relay"

export interface Machine {
  readonly browser: Browser
  /** Where this machine finds the relay. */
  readonly origin: string
  /** Pulls the cable out. */
  unplug(): Promise<void>
  plugIn(): Promise<void>
  /** Bytes that have passed its cable since the start, in both directions. */
  passed(): number
}

export interface Machines {
  readonly kind: "network namespaces" | "slow proxies"
  readonly left: Machine
  readonly right: Machine
  close(): Promise<void>
}

/** Sets up the network and starts a browser on each side of it. */
export async function startMachines(relay: Relay): Promise<Machines> {
  return allowed() ? inNamespaces(relay) : behindProxies(relay)
}

/** Whether this process may make network namespaces: tried, not guessed. */
function allowed(): boolean {
  const name = `sheaf-try-${process.pid}`
  try {
    run("ip", "netns", "add", name)
    run("ip", "netns", "delete", name)
    return true
  } catch (error) {
    console.log(
      `no network namespaces here: ${error instanceof Error ? error.message.split("\n")[0] : error}`,
    )
    return false
  }
}

async function inNamespaces(relay: Relay): Promise<Machines> {
  const id = process.pid % 10_000
  const bridge = `shb${id}`
  const folder = mkdtempSync(join(tmpdir(), "sheaf-machines-"))
  const origin = `http://10.77.0.1:${relay.port}`
  run("ip", "link", "add", bridge, "type", "bridge")
  run("ip", "address", "add", "10.77.0.1/24", "dev", bridge)
  run("ip", "link", "set", bridge, "up")
  const machine = async (side: "l" | "r", address: string): Promise<Machine & { remove(): void }> => {
    const namespace = `sheaf-${side}-${id}`
    const cable = `sh${side}${id}`
    const inside = `shi${side}${id}`
    run("ip", "netns", "add", namespace)
    run("ip", "link", "add", cable, "type", "veth", "peer", "name", inside)
    run("ip", "link", "set", inside, "netns", namespace)
    run("ip", "link", "set", cable, "master", bridge, "up")
    for (const words of [
      ["address", "add", `${address}/24`, "dev", inside],
      ["link", "set", inside, "up"],
      ["link", "set", "lo", "up"],
      ["route", "add", "default", "via", "10.77.0.1"],
    ])
      run("ip", "-n", namespace, ...words)
    const program = join(folder, `chromium-${side}`)
    writeFileSync(program, `#!/bin/sh\nexec ip netns exec ${namespace} "${findChromium()}" "$@"\n`)
    chmodSync(program, 0o755)
    const browser = await startBrowser({
      program,
      args: [
        `--unsafely-treat-insecure-origin-as-secure=${origin}`,
        // Names of the local network instead of addresses would need a resolver that these machines do not have.
        "--disable-features=WebRtcHideLocalIpsWithMdns",
      ],
    })
    const counter = (name: string) =>
      Number(readFileSync(`/sys/class/net/${cable}/statistics/${name}`, "utf8"))
    return {
      browser,
      origin,
      unplug: async () => void run("ip", "link", "set", cable, "down"),
      plugIn: async () => void run("ip", "link", "set", cable, "up"),
      passed: () => counter("rx_bytes") + counter("tx_bytes"),
      remove() {
        run("ip", "link", "delete", cable)
        run("ip", "netns", "delete", namespace)
      },
    }
  }
  const left = await machine("l", "10.77.0.2")
  const right = await machine("r", "10.77.0.3")
  return {
    kind: "network namespaces",
    left,
    right,
    async close() {
      await Promise.all([left.browser.close(), right.browser.close()])
      left.remove()
      right.remove()
      run("ip", "link", "delete", bridge)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function behindProxies(relay: Relay): Promise<Machines> {
  const machine = async (): Promise<Machine & { remove(): Promise<void> }> => {
    const proxy = await startProxy(relay.port)
    proxy.delay(40)
    const browser = await startBrowser()
    return {
      browser,
      origin: proxy.url.replace(/\/$/, ""),
      async unplug() {
        proxy.cut()
        await cutPeers(browser.page)
      },
      async plugIn() {
        proxy.mend()
        await mendPeers(browser.page)
        await browser.page.evaluate(() => window.dispatchEvent(new Event("online")))
      },
      passed: () => proxy.passed().up + proxy.passed().down,
      remove: () => proxy.close(),
    }
  }
  const [left, right] = [await machine(), await machine()]
  return {
    kind: "slow proxies",
    left,
    right,
    async close() {
      await Promise.all([left.browser.close(), right.browser.close()])
      await Promise.all([left.remove(), right.remove()])
    },
  }
}

function run(program: string, ...words: readonly string[]): string {
  return execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
}
