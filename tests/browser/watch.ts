// What a page did that a person would not see: errors in its console, errors thrown, and requests to
// anywhere but its own origin. Kept for each page from its first moment, so that any test can end with
// `expectQuiet(page)`.
import type { BrowserContext, Page } from "@playwright/test"

/** What was noticed of one page. */
export interface Noticed {
  /** Console errors and uncaught exceptions, in the page's own words. */
  readonly errors: readonly string[]
  /** Every address asked for over http(s) or ws(s), in order, the page's own origin included. */
  readonly requests: readonly string[]
}

interface Notes {
  readonly errors: string[]
  readonly requests: string[]
  host: string | null
}

const notesOfPage = new WeakMap<Page, Notes>()

/** What a browser prints when the network is away: pass it to `expectQuiet` after a test cut it. */
export const NETWORK_LOSS: readonly RegExp[] = [
  /net::ERR_(CONNECTION|EMPTY|SOCKET|NETWORK|INTERNET|TIMED_OUT|FAILED)/,
  /WebSocket connection to '.*' failed/,
]

/** Starts noticing, on the pages that are open and on all that open later. */
export function watch(context: BrowserContext): void {
  for (const page of context.pages()) watchPage(page)
  context.on("page", watchPage)
  context.on("request", request => {
    // A service worker's request belongs to no page: it is held against all of them.
    if (request.serviceWorker() === null) return
    for (const page of context.pages()) notesOf(page).requests.push(request.url())
  })
}

function watchPage(page: Page): void {
  if (notesOfPage.has(page)) return
  const notes: Notes = { errors: [], requests: [], host: null }
  notesOfPage.set(page, notes)
  page.on("console", message => {
    if (message.type() !== "error") return
    const { url, lineNumber } = message.location()
    notes.errors.push(`${message.text()} (${url}:${lineNumber})`)
  })
  page.on("pageerror", error => notes.errors.push(`uncaught ${error.name}: ${error.message}\n${error.stack}`))
  page.on("request", request => notes.requests.push(request.url()))
  page.on("websocket", socket => notes.requests.push(socket.url()))
  page.on("framenavigated", frame => {
    if (frame === page.mainFrame() && frame.url().startsWith("http")) notes.host = new URL(frame.url()).host
  })
}

function notesOf(page: Page): Notes {
  const notes = notesOfPage.get(page)
  if (notes === undefined) throw new Error("this page was not opened by startBrowser, so nothing was noticed")
  return notes
}

/** What the page has done so far. */
export function noticed(page: Page): Noticed {
  const { errors, requests } = notesOf(page)
  return { errors: [...errors], requests: requests.filter(address => /^(http|ws)s?:/.test(address)) }
}

/** Forgets what was noticed so far: for a test that provokes an error on purpose, and has seen it. */
export function forget(page: Page): void {
  const notes = notesOf(page)
  notes.errors.length = 0
  notes.requests.length = 0
}

/**
 * Throws when the page logged or threw an error that none of `allowed` matches, or asked any host but the
 * one that it was last opened from (`localhost:4000` and `localhost:4001` are two hosts).
 */
export function expectQuiet(page: Page, allowed: readonly RegExp[] = []): void {
  const { errors, requests } = noticed(page)
  const { host } = notesOf(page)
  const loud = errors.filter(error => !allowed.some(pattern => pattern.test(error)))
  const foreign = requests.filter(address => new URL(address).host !== host)
  if (loud.length === 0 && foreign.length === 0) return
  const lines = [
    ...loud.map(error => `error: ${error}`),
    ...foreign.map(address => `asked elsewhere: ${address}`),
  ]
  throw new Error(`the page at ${page.url()} was not quiet:\n${lines.join("\n")}`)
}
