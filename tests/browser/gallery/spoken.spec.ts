// What a screen reader says, and in which order: the document, sharing, and where the words are. A virtual one walks the
// real pages from the first thing to the last.
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { type Browser, chromium, expect, type Page, test } from "@playwright/test"
import { findChromium } from "../chromium.mjs"
import { type Gallery, serveGallery } from "./serve"

const reader = readFileSync(
  createRequire(import.meta.url).resolve("@guidepup/virtual-screen-reader/browser.js"),
  "utf8",
)
const THINGS_MAX = 200

let gallery: Gallery
let browser: Browser

test.describe.configure({ mode: "default" })

test.beforeAll(async () => {
  gallery = await serveGallery(31_000 + (process.pid % 10_000))
  const executablePath = findChromium()
  browser = await chromium.launch({
    args: ["--no-sandbox", "--disable-gpu"],
    ...(executablePath === null ? {} : { executablePath }),
  })
})

test.afterAll(async () => {
  await browser.close()
  await gallery.close()
})

/** Everything that is said of a part of a screen. `press`: what is pressed first. */
async function spoken(press: readonly string[], part: string): Promise<readonly string[]> {
  const page: Page = await browser.newPage({ locale: "en-GB", viewport: { width: 1280, height: 800 } })
  await page.route("**/reader.js", route => route.fulfill({ contentType: "text/javascript", body: reader }))
  await page.goto(`${gallery.origin}/?screen=document`)
  await page.waitForSelector(".app main")
  await page.waitForSelector(".ProseMirror h1")
  await page.waitForSelector("nav.outline") // the last of what comes after the text
  for (const selector of press) await page.click(selector)
  await page.waitForSelector(part)
  const said = await page.evaluate(
    async ([part, most]) => {
      const address = "/reader.js"
      const { virtual } = await import(/* @vite-ignore */ address)
      const container = document.querySelector(part)
      await virtual.start({ container })
      const first = await virtual.lastSpokenPhrase()
      for (let count = 0; count < most; count++) {
        await virtual.next()
        if ((await virtual.lastSpokenPhrase()) === `end of ${first}`) break
      }
      const log = await virtual.spokenPhraseLog()
      await virtual.stop()
      return log as string[]
    },
    [part, THINGS_MAX] as const,
  )
  await page.close()
  return said
}

/** Whether all of these are said, one after the other, whatever else is said between them. */
function inOrder(said: readonly string[], wanted: readonly (string | RegExp)[]): void {
  let from = 0
  for (const each of wanted) {
    const at = said.findIndex(
      (phrase, place) => place >= from && (typeof each === "string" ? phrase === each : each.test(phrase)),
    )
    expect(
      at,
      `“${each}” after “${said[from - 1] ?? "the beginning"}” in:\n${said.join("\n")}`,
    ).toBeGreaterThan(-1)
    from = at + 1
  }
}

test("a document: skip, title, where it is, who is here, tools, text, and what goes on", async () => {
  const said = await spoken([], "body")
  expect(said[1], "the first thing is the way past all of it").toBe("button, Skip to the text")
  inOrder(said, [
    "banner",
    "heading, Minutes, 12 November, level 1",
    /^button, Safe in 3 places, not expanded, has popup dialog/,
    /^button, 2 people are here/,
    "button, Share",
    "toolbar, Formatting, orientated horizontally",
    /^button, Bold, /,
    "end of banner",
    "navigation, Outline",
    "main",
    /^textbox, Text of Minutes, 12 November, Press Alt and F10 for the toolbar/,
    "heading, 1. Opening, level 1",
    "link, The letter is here.",
    "heading, To do, level 2",
    /^checkbox, Ana orders the seeds/,
    "end of main",
    "contentinfo",
    "You can edit",
    /^Live with Ana Sousa \(directly\) and Bo/,
    "end of contentinfo",
  ])
})

test("where it is: how safe, then each place with what it has and when, then what one can do", async () => {
  const said = await spoken([".title-bar .chip"], '[role="dialog"]')
  inOrder(said, [
    "dialog, Where this document lives",
    "Safe in 3 places",
    /^Each of these places/,
    "list",
    "This device",
    /^time, /,
    "saved now",
    "Relay “relay.seedbank.coop”",
    /has everything · now/,
    "Bo’s phone",
    "Your tablet",
    "not heard of for 5 weeks",
    /^button, Forget it: Your tablet/,
    "end of list",
    /^combobox, Enough are/,
    "button, 1 hour",
    "button, Download a copy",
  ])
})

test("sharing: the document by name, each right with what it allows, then the link, then who has what", async () => {
  const said = await spoken([".title-end .primary"], "dialog.modal, .modal")
  inOrder(said, [
    "dialog, Share “Minutes, 12 November”",
    "button, Close",
    "group, Anyone with the link",
    /^radio, can edit They write with you/,
    /^radio, can suggest changes /,
    /^radio, can comment /,
    /^radio, can read /,
    /^radio, can keep a sealed copy /,
    /^combobox, The link works/,
    /^button, Create a link/,
    /^heading, Who has a right/,
    /^button, Take back “can edit” from Bo/,
  ])
})
