// A Chromium process of its own with a profile of its own: two of these are two devices. It can be killed
// as a crash or an empty battery would, and opened again on what its profile then holds.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type BrowserContext, chromium, type Page } from "@playwright/test"
import { findChromium } from "./chromium.mjs"
import { wrapPeers } from "./peers"
import { alive, killAll, tree } from "./processes"
import { waitFor } from "./wait"
import { watch } from "./watch"

const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Without it the install prompt waits until a person has "engaged" for half a minute.
  "--bypass-app-banner-engagement-checks",
]

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const

export interface BrowserOptions {
  /** An existing profile is used and left alone; without one a temporary profile is made and removed. */
  readonly profileDir?: string
  readonly device?: "desktop" | "phone"
  readonly dark?: boolean
  /** For example "ca-ES"; decides `navigator.language` and how dates look. Default en-GB. */
  readonly locale?: string
  /** The program to run instead of the Chromium that was found: one that runs it elsewhere, say. */
  readonly program?: string
  /** Further command line switches. */
  readonly args?: readonly string[]
}

export interface Browser {
  readonly profileDir: string
  /** Of the present process: another one after `reopen`, so read it anew then. Throws while none runs. */
  readonly context: BrowserContext
  /** The first page of the present process. */
  readonly page: Page
  readonly pid: number
  /** Kills the browser with SIGKILL, every process of it, and resolves when none of them is left. */
  kill(): Promise<void>
  /** Quits politely; the profile stays. */
  quit(): Promise<void>
  /** A new process on the same profile (after `kill` or `quit`; quits first if it still runs). */
  reopen(): Promise<Page>
  /** Quits and removes what was made for it. */
  close(): Promise<void>
}

interface Running {
  readonly context: BrowserContext
  readonly page: Page
  readonly pid: number
}

/** Starts a browser. Throws when this machine has no Chromium (run tests/browser/chromium.mjs). */
export async function startBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-browser-"))
  const profileDir = options.profileDir ?? join(folder, "profile")
  let running: Running | null = null

  const present = () => {
    if (running === null) throw new Error("this browser is not running: it was killed or quit")
    return running
  }
  const quit = async () => {
    if (running === null) return
    const { context, pid } = running
    const pids = tree(pid)
    running = null
    await context.close()
    await waitFor(() => alive(pids).length === 0, {
      what: "the browser's processes to end after quitting",
      seen: () => alive(pids),
    })
  }
  const open = async () => {
    running = await launch(profileDir, folder, options)
    return running.page
  }

  await open()
  return {
    profileDir,
    get context() {
      return present().context
    },
    get page() {
      return present().page
    },
    get pid() {
      return present().pid
    },
    async kill() {
      const { context, pid } = present()
      running = null
      const closed = new Promise(resolve => context.once("close", resolve))
      // The whole tree is listed before the first signal: orphans could not be found afterwards.
      const pids = tree(pid)
      if (pids.length === 0) throw new Error(`no process ${pid} to kill: the browser had ended by itself`)
      killAll(pids)
      await waitFor(() => alive(pids).length === 0, {
        what: "the killed browser to be gone",
        seen: () => alive(pids),
      })
      await closed
    },
    quit,
    async reopen() {
      await quit()
      return open()
    },
    async close() {
      await quit()
      // A killed browser's last files can still be settling, so removing is given a few tries.
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

async function launch(profileDir: string, home: string, options: BrowserOptions): Promise<Running> {
  const executablePath = options.program ?? findChromium()
  if (executablePath === null) throw new Error("no Chromium here: run node tests/browser/chromium.mjs")
  const context = await chromium.launchPersistentContext(profileDir, {
    executablePath,
    headless: true,
    args: [...ARGS, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...(options.args ?? [])],
    // Installing the app writes menu entries and file types under HOME: not into the person's own.
    env: { ...process.env, HOME: home },
    locale: options.locale ?? "en-GB",
    colorScheme: options.dark === true ? "dark" : "light",
    ...DEVICES[options.device ?? "desktop"],
  })
  await wrapPeers(context)
  watch(context)
  const page = context.pages()[0] ?? (await context.newPage())
  return { context, page, pid: await browserPid(context) }
}

/** The browser process' own id, as the browser tells it. */
async function browserPid(context: BrowserContext): Promise<number> {
  const browser = context.browser()
  if (browser === null) throw new Error("Playwright did not say which browser this context belongs to")
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send("SystemInfo.getProcessInfo")
  await session.detach()
  const main = processInfo.find(({ type }) => type === "browser")
  if (main === undefined) throw new Error("the browser did not name its own process")
  return main.id
}
