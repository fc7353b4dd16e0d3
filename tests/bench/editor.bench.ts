// The editor at 100 to 20,000 paragraphs of forty words, beside ProseMirror without Yjs (the floor) and beside stock
// y-prosemirror (the peer). Each is measured in a page of its own, in turns, three times over; the figures are medians.
import { join } from "node:path"
import type { Page } from "@playwright/test"
import { startBrowser } from "../browser/browser"
import { median } from "../browser/wait"
import type { Bench, Report } from "./bench"
import type {} from "./editor/stage"
import { servePages } from "./pages"

const SUBJECTS = ["prosemirror", "y-prosemirror", "sheaf"] as const
type Name = (typeof SUBJECTS)[number]
const SHORT: Readonly<Record<Name, string>> = { prosemirror: "Pm", "y-prosemirror": "Ypm", sheaf: "Sheaf" }

const SIZES = [100, 1_000, 5_000, 20_000]
const ROUNDS = 3
const KEYS = 15
const REAL_KEYS = 25
const REMOTES = 10
const KEY_EVERY_MS = 40
const ANCHORS = 5_000
const CARETS = 20
/** Paragraphs of a plain text of 600 kB. */
const PASTED = 2_900

/** What one visit to a page has measured, in milliseconds. */
type Visit = Readonly<
  Record<
    | "open"
    | "key"
    | "paint"
    | "main"
    | "remote"
    | "moved"
    | "busyKey"
    | "busyRemote"
    | "paste"
    | "pasteBlock",
    number
  >
>

export const bench: Bench = {
  about: "open, type and receive in the editor, beside ProseMirror without Yjs and stock y-prosemirror",
  targets: {
    key5000: { atMost: 1 / 2 },
    key20000: { atMost: 1 / 2 },
    main5000: { atMost: 0.6 },
    remote5000: { atMost: 1 / 8 },
    remote20000: { atMost: 1 / 8 },
    open20000: { atMost: 1 / 2.5 },
  },
  async run(say, part) {
    const pages = await servePages(join(import.meta.dirname, "editor"), SUBJECTS)
    const browser = await startBrowser()
    try {
      const ratios: Record<string, number> = {}
      const figures: Record<string, number> = {}
      for (const size of part === null ? SIZES : [Number(part)]) {
        const visits = new Map<Name, Visit[]>(SUBJECTS.map(name => [name, []]))
        // Each round has a document of its own: what is written into one is not there to be opened in the next.
        for (let round = 1; round <= ROUNDS; round++)
          for (const name of SUBJECTS) {
            const stored = await visit(name, `${size}-${round}`)
            await stored.evaluate(count => window.bench.fill(count), size)
            await stored.close()
            const page = await visit(name, `${size}-${round}`)
            visits.get(name)?.push(await measure(page, size))
            await page.close()
          }
        const report = compare(size, visits)
        say(`${size} paragraphs: ${JSON.stringify(report.ratios)}`)
        Object.assign(ratios, report.ratios)
        Object.assign(figures, report.figures)
      }
      return { ratios, figures }
    } finally {
      await browser.close()
      await pages.close()
    }

    async function visit(name: Name, document: string): Promise<Page> {
      const page = await browser.context.newPage()
      await page.goto(`${pages.url}${name}.html?${document}`)
      await page.waitForFunction(() => "bench" in window)
      return page
    }
  },
}

async function measure(page: Page, size: number): Promise<Visit> {
  const debug = await page.context().newCDPSession(page)
  await debug.send("Performance.enable")
  const taskMs = async () => {
    const { metrics } = await debug.send("Performance.getMetrics")
    return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN)
  }
  const open = await page.evaluate(() => window.bench.open())
  const blocks = await page.evaluate(() => window.bench.blocks())
  if (blocks !== size) throw new Error(`${size} paragraphs were stored and ${blocks} came back`)
  await debug.send("HeapProfiler.collectGarbage")

  const middle = Math.floor(size / 2)
  await page.evaluate(block => window.bench.caretInto(block), middle)
  const keys = await keysOn(page)

  const before = (await page.evaluate(block => window.bench.text(block), middle)).length
  const beganAt = await taskMs()
  for (let i = 0; i < REAL_KEYS; i++) {
    await page.keyboard.press("z")
    await page.waitForTimeout(KEY_EVERY_MS)
  }
  const main = ((await taskMs()) - beganAt) / REAL_KEYS
  const typed = (await page.evaluate(block => window.bench.text(block), middle)).length - before
  if (typed !== REAL_KEYS) throw new Error(`${REAL_KEYS} keys were pressed and ${typed} letters came of it`)

  const remotes = await remotesOn(page, size)
  await page.evaluate(count => window.bench.addAnchors(count), ANCHORS)
  await page.evaluate(count => window.bench.showCarets(count), CARETS)
  const busyKeys = await keysOn(page)
  const busyRemotes = await remotesOn(page, size)
  const pasted = await page.evaluate(count => window.bench.paste(count), PASTED)
  return {
    open,
    key: median(keys.map(key => key.dispatchMs)),
    paint: median(keys.map(key => key.paintMs)),
    main,
    remote: median(remotes.map(remote => remote.applyMs)),
    moved: Math.max(...remotes.map(remote => remote.movedPx)),
    busyKey: median(busyKeys.map(key => key.dispatchMs)),
    busyRemote: median(busyRemotes.map(remote => remote.applyMs)),
    paste: pasted.totalMs,
    pasteBlock: pasted.longestMs,
  }
}

/** Keys typed one after the other; the first few only warm up. */
function keysOn(page: Page) {
  return page.evaluate(async count => {
    const keys = []
    for (let i = 0; i < count + 3; i++) keys.push(await window.bench.key())
    return keys.slice(3)
  }, KEYS)
}

/** Somebody else types here and there, above and below what is read. */
function remotesOn(page: Page, size: number) {
  return page.evaluate(
    async ([count, size]) => {
      const remotes = []
      for (let i = 0; i < count + 2; i++)
        remotes.push(await window.bench.remote(Math.floor(((i + 0.3) * size) / (count + 2))))
      return remotes.slice(2)
    },
    [REMOTES, size] as const,
  )
}

function compare(size: number, visits: ReadonlyMap<Name, readonly Visit[]>): Report {
  const of = (name: Name, quantity: keyof Visit) =>
    median((visits.get(name) ?? []).map(each => each[quantity]))
  const ratios: Record<string, number> = {}
  const figures: Record<string, number> = {}
  for (const quantity of [
    "open",
    "key",
    "paint",
    "main",
    "remote",
    "busyKey",
    "busyRemote",
    "paste",
    "pasteBlock",
  ] as const) {
    ratios[`${quantity}${size}`] = of("sheaf", quantity) / of("y-prosemirror", quantity)
    for (const name of SUBJECTS) figures[`${quantity}${SHORT[name]}Ms${size}`] = of(name, quantity)
  }
  figures[`movedSheafPx${size}`] = of("sheaf", "moved")
  figures[`movedYpmPx${size}`] = of("y-prosemirror", "moved")
  return { ratios, figures }
}
