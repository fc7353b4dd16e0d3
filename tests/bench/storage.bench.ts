// Opening what this device keeps of a document: after ten thousand characters typed without a pause and a crash, beside
// y-indexeddb left to itself; and a document with the history of a long article, beside the bare reading of its update.
import { join } from "node:path"
import type { Page } from "@playwright/test"
import { startBrowser } from "../browser/browser"
import { median } from "../browser/wait"
import type { Bench } from "./bench"
import { servePages } from "./pages"
import type {} from "./storage/stage"

const TYPED = 10_000
/** As many as the editing trace known as B4 has. */
const OPERATIONS = 259_778
const ROUNDS = 3

export const bench: Bench = {
  about: "opening the readable copy, beside y-indexeddb and beside bare Y.applyUpdate",
  targets: { reopen: { atMost: 1 / 8 }, openHistory: { atMost: 1.5 } },
  async run(say) {
    const pages = await servePages(join(import.meta.dirname, "storage"), ["copy", "y-indexeddb"])
    const browser = await startBrowser()
    const times = {
      copy: [] as number[],
      peer: [] as number[],
      history: [] as number[],
      bare: [] as number[],
    }
    try {
      for (let round = 1; round <= ROUNDS; round++) {
        for (const [name, into] of [
          ["copy", times.copy],
          ["y-indexeddb", times.peer],
        ] as const) {
          await inPage(`${name}.html?typed-${round}`, page =>
            page.evaluate(count => window.storage.type(count), TYPED),
          )
          into.push(await inPage(`${name}.html?typed-${round}`, page => opened(page, TYPED)))
        }
        await inPage(`copy.html?history-${round}`, page =>
          page.evaluate(count => window.storage.keep(count), OPERATIONS),
        )
        times.history.push(await inPage(`copy.html?history-${round}`, page => opened(page, 1)))
        times.bare.push(
          await inPage(`copy.html?bare-${round}`, page =>
            page.evaluate(count => window.storage.apply(count), OPERATIONS),
          ),
        )
        say(`round ${round} of ${ROUNDS}`)
      }
    } finally {
      await browser.close()
      await pages.close()
    }
    const figures = {
      reopenMs: median(times.copy),
      reopenPeerMs: median(times.peer),
      openHistoryMs: median(times.history),
      applyHistoryMs: median(times.bare),
    }
    return {
      ratios: {
        reopen: figures.reopenMs / figures.reopenPeerMs,
        openHistory: figures.openHistoryMs / figures.applyHistoryMs,
      },
      figures,
    }

    async function inPage<T>(path: string, work: (page: Page) => Promise<T>): Promise<T> {
      const page = await browser.context.newPage()
      await page.goto(`${pages.url}${path}`)
      await page.waitForFunction(() => "storage" in window)
      const result = await work(page)
      await page.close()
      return result
    }
  },
}

async function opened(page: Page, atLeast: number): Promise<number> {
  const { ms, length } = await page.evaluate(() => window.storage.open())
  if (length < atLeast) throw new Error(`of ${atLeast} characters only ${length} came back`)
  return ms
}
