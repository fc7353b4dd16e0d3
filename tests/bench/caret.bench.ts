// From the navigation to a caret that accepts a key: the built app, cold (a browser that has never seen it) and from
// what its service worker keeps (a document of this device), beside a page that mounts a bare ProseMirror, in turns.
// What it finds in dist/ is measured: `npm run build` comes first.
import { join } from "node:path"
import type { Page } from "@playwright/test"
import { EDITOR, precached, text } from "../browser/app"
import { startBrowser } from "../browser/browser"
import { startRelay } from "../browser/relay"
import { median, waitFor } from "../browser/wait"
import type { Bench } from "./bench"
import { servePages } from "./pages"

const ROUNDS = 5
const WORDS = "Minutes of Monday"
const TEXT = `${EDITOR}[contenteditable=true]`

declare global {
  interface Window {
    /** When the caret came into the text, ms since the navigation. */
    caretMs?: number
  }
}

export const bench: Bench = {
  about:
    "navigation to a caret that accepts a key, cold and installed, beside a page with a bare ProseMirror",
  targets: {},
  async run(say) {
    const relay = await startRelay()
    const pages = await servePages(join(import.meta.dirname, "caret"), ["bare"])
    try {
      const cold: number[] = []
      const coldBare: number[] = []
      const installed: number[] = []
      const againBare: number[] = []
      for (let round = 1; round <= ROUNDS; round++) {
        const [first, again] = await visits(`${pages.url}bare.html`, async () => undefined)
        coldBare.push(first)
        againBare.push(again)
        const [never, kept] = await visits(relay.url, precached)
        cold.push(never)
        installed.push(kept)
        say(`round ${round}: ${[first, again, never, kept].map(Math.round).join(", ")} ms`)
      }
      const figures = {
        coldMs: median(cold),
        coldBareMs: median(coldBare),
        installedMs: median(installed),
        againBareMs: median(againBare),
      }
      return {
        ratios: {
          coldOfBare: figures.coldMs / figures.coldBareMs,
          installedOfBare: figures.installedMs / figures.againBareMs,
        },
        figures,
      }
    } finally {
      await pages.close()
      await relay.close()
    }
  },
}

/** The first visit of a new browser, and the one after it to where the first has led. */
async function visits(url: string, between: (page: Page) => Promise<unknown>): Promise<[number, number]> {
  const browser = await startBrowser()
  try {
    const { page } = browser
    await page.addInitScript(text => {
      addEventListener("focusin", ({ target }) => {
        if (target instanceof Element && target.matches(text)) window.caretMs ??= performance.now()
      })
    }, TEXT)
    const first = await toCaret(page, () => page.goto(url))
    await page.keyboard.type(WORDS)
    await taken(page, WORDS)
    await between(page)
    const again = await toCaret(page, () => page.reload())
    await page.keyboard.type("x")
    await taken(page, "x")
    return [first, again]
  } finally {
    await browser.close()
  }
}

async function toCaret(page: Page, go: () => Promise<unknown>): Promise<number> {
  await go()
  await page.waitForFunction(() => window.caretMs !== undefined)
  return (await page.evaluate(() => window.caretMs)) ?? Number.NaN
}

async function taken(page: Page, words: string): Promise<void> {
  await waitFor(async () => (await page.locator(EDITOR).textContent())?.includes(words) === true, {
    what: `“${words}” to be in the text`,
    seen: () => text(page),
  })
}
