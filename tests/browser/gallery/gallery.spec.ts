// Every screen of the gallery, in light and dark, wide and narrow: no accessibility rule of WCAG 2.2 A and
// AA is broken, and nothing has to be scrolled sideways, down to 320 px and written right to left.
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { type Browser, chromium, expect, type Page, test } from "@playwright/test"
import type axe from "axe-core"
import { findChromium } from "../chromium.mjs"
import { type Gallery, serveGallery } from "./serve"

const SCREENS = [
  "document",
  "only-here",
  "unsent",
  "unsent-long",
  "crowd",
  "reading",
  "guest",
  "waiting",
  "first",
  "not-saved",
  "removed",
  "missed",
  "update",
  "home",
  "empty",
  "search",
  "settings",
  "help",
  "opening",
  "link-damaged",
  "no-secure-context",
  "unexpected",
]

/** Those with the most words, and the least room for them. */
const WORDY = ["document", "waiting", "not-saved", "removed", "missed", "home", "search", "settings", "help"]

/** What opens over a screen, by the button that opens it. */
const OPENED: readonly (readonly [name: string, screen: string, press: readonly string[]])[] = [
  ["the copies panel", "document", [".title-bar .chip"]],
  ["the people", "crowd", [".avatars"]],
  ["the menu", "document", ['[aria-label="More"]']],
  ["the styles", "document", [".style-tool"]],
  ["the name to share under", "stranger", [".title-end .primary"]],
  ["sharing", "document", [".title-end .primary"]],
  ["taking back", "document", [".title-end .primary", ".given-row .button"]],
  ["the truth", "document", ['[aria-label="More"]', '.menu-item:has-text("Who could read")']],
  ["the history", "document", ['[aria-label="More"]', '.menu-item:has-text("History")', ".history-row"]],
  ["the link", "document", [".title-end .primary", ".modal .primary"]],
  ["joining", "home", [".home-actions .button:not(.bare)"]],
  ["selecting", "home", [".list-tools [aria-pressed]"]],
  ["a row's menu", "home", [".row-more"]],
  ["moving to a folder", "home", [".row-more", ".menu-item:nth-child(2)"]],
  ["setting a link", "document", ['.tool[aria-label="Link"]']],
]

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
let gallery: Gallery
let browser: Browser
let origin: string

// One after the other: the pages are built once, for all of them.
test.describe.configure({ mode: "default" })

test.beforeAll(async () => {
  gallery = await serveGallery(20_000 + (process.pid % 10_000))
  origin = gallery.origin
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

async function show(page: Page, screen: string, extra = ""): Promise<void> {
  await page.goto(`${origin}/?screen=${screen}${extra}`)
  // What comes late (search, settings, help) has no main part until it is there.
  await page.waitForSelector(".app main")
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: typeof axe }
    const found = await engine.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    })
    return found.violations.map(
      each => `${each.id}: ${each.help} — ${each.nodes.map(node => node.html.slice(0, 160)).join(" | ")}`,
    )
  })
}

for (const theme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test(`every screen is accessible, ${theme}, ${width} px`, async () => {
      const page = await browser.newPage({ viewport: { width, height: 844 }, reducedMotion: "reduce" })
      const found: Record<string, string[]> = {}
      for (const screen of SCREENS) {
        await show(page, screen, `&theme=${theme}`)
        const broken = await violations(page)
        if (broken.length > 0) found[screen] = broken
      }
      await page.close()
      expect(found).toEqual({})
    })
  }

  test(`everything that opens is accessible, ${theme}`, async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 844 }, reducedMotion: "reduce" })
    const found: Record<string, string[]> = {}
    for (const [name, screen, press] of OPENED) {
      await show(page, screen, `&theme=${theme}`)
      for (const selector of press) await page.click(selector)
      const broken = await violations(page)
      if (broken.length > 0) found[name] = broken
    }
    await page.close()
    expect(found).toEqual({})
  })
}

/** Which screens have to be scrolled sideways at 320 px. */
async function wideIn(at: string, locale: string, screens = SCREENS, extra = ""): Promise<string[]> {
  const page = await browser.newPage({ viewport: { width: 320, height: 640 }, locale })
  const wide: string[] = []
  for (const screen of screens) {
    await page.goto(`${at}/?screen=${screen}${extra}`)
    await page.waitForSelector(".app main")
    const beyond = await page.evaluate(() => {
      const root = document.documentElement
      return root.scrollWidth > root.clientWidth
    })
    if (beyond) wide.push(`${screen} ${locale} ${extra}`)
  }
  await page.close()
  return wide
}

test("no screen scrolls sideways, down to 320 px, in both directions of writing", async () => {
  expect(await wideIn(origin, "en-GB")).toEqual([])
  expect(await wideIn(origin, "en-GB", SCREENS, "&dir=rtl")).toEqual([])
})

test("nor in Arabic and in German, nor if every word were a third longer (the pseudo-locale en-XA)", async () => {
  expect(await wideIn(origin, "ar", WORDY)).toEqual([])
  expect(await wideIn(origin, "de", WORDY)).toEqual([])
  const stretched = await serveGallery(30_500 + (process.pid % 10_000), stretch)
  expect(await wideIn(stretched.origin, "en-GB", WORDY)).toEqual([])
  await stretched.close()
})

/** Every vowel with an accent, and a third longer: what is still plain English stands in no catalogue. */
function stretch(text: string): string {
  const accents: Readonly<Record<string, string>> = {
    a: "á",
    e: "ë",
    i: "î",
    o: "ø",
    u: "ü",
    A: "Å",
    E: "Ê",
    O: "Ö",
  }
  const accented = text.replace(/[aeiouAEO]/g, letter => accents[letter] ?? letter)
  return `${accented}${"~".repeat(Math.ceil(text.trim().length * 0.35))}`
}

test("every screen is accessible in Arabic", async () => {
  const page = await browser.newPage({
    viewport: { width: 390, height: 844 },
    reducedMotion: "reduce",
    locale: "ar",
  })
  const found: Record<string, string[]> = {}
  for (const screen of WORDY) {
    await show(page, screen)
    expect(await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang])).toEqual([
      "rtl",
      "ar",
    ])
    const broken = await violations(page)
    if (broken.length > 0) found[screen] = broken
  }
  await page.close()
  expect(found).toEqual({})
})

test("what one presses on a phone is at least 44 px high, on a desk 28", async () => {
  const small: string[] = []
  for (const [width, least] of [
    [390, 44],
    [1280, 28],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: 844 }, hasTouch: width === 390 })
    for (const screen of ["document", "home", "empty", "first", "not-saved"]) {
      await show(page, screen)
      const found = await page.evaluate(
        leastHeight =>
          [...document.querySelectorAll<HTMLElement>("button, input, a.row")]
            .filter(each => each.offsetParent !== null && each.closest(".unseen, .skip, .surface") === null)
            .filter(each => each.getBoundingClientRect().height < leastHeight - 0.5)
            .map(each => `${each.className} ${Math.round(each.getBoundingClientRect().height)}`),
        least,
      )
      small.push(...found.map(each => `${screen} ${width}: ${each}`))
    }
    await page.close()
  }
  expect(small).toEqual([])
})

test("the keyboard reaches the toolbar, walks it, and comes back to the text", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await show(page, "document")
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "")
  await page.click(".ProseMirror")
  await page.keyboard.press("Alt+F10")
  expect(await focused()).toBe("Undo")
  await page.keyboard.press("ArrowRight")
  expect(await focused()).toBe("Redo")
  await page.keyboard.press("End")
  expect(await focused()).toBe("Indent")
  expect(await page.locator('.toolbar .tool[tabindex="0"]').count()).toBe(1)
  await page.keyboard.press("Escape")
  expect(await focused()).toMatch(/^Text of/)
  await page.keyboard.press("Alt+F10")
  expect(await focused()).toBe("Indent")
  await page.close()
})

test("a sheet takes the focus, Escape closes it, and the focus goes back to where it was", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await show(page, "stranger")
  const share = page.getByRole("button", { name: "Share", exact: true })
  await share.focus()
  await page.keyboard.press("Enter")
  await expect(page.getByLabel("Your name")).toBeFocused()
  await page.keyboard.type("Chi")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("radio", { name: "can edit" })).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(page.getByRole("dialog")).toHaveCount(0)
  await expect(share).toBeFocused()
  await page.close()
})

test("a selection made with the mouse is formatted where it is, and a link is set without losing it", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await show(page, "document")
  await page.getByText("nobody knew").dblclick()
  await page.locator(".bubble").getByRole("button", { name: "Bold" }).click()
  await expect(page.locator(".ProseMirror strong", { hasText: "nobody" })).toBeVisible()
  await expect(page.locator(".toolbar").getByRole("button", { name: "Bold" })).toHaveAttribute(
    "aria-pressed",
    "true",
  )
  await page.keyboard.press("Escape")
  await expect(page.locator(".bubble")).toHaveCount(0)
  await page.keyboard.press("Control+k")
  await page.getByLabel("Address").fill("example.org")
  await page.keyboard.press("Enter")
  await expect(page.locator('.ProseMirror a[href="https://example.org"]')).toHaveText("nobody")
  await expect(page.locator(".ProseMirror")).toBeFocused()
  await page.close()
})

test("there is no bubble where the system has a menu of its own", async () => {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    hasTouch: true,
    isMobile: true,
  })
  await show(page, "document")
  await page.getByText("nobody knew").dblclick()
  // Longer than the bubble would wait: that nothing comes cannot be waited for otherwise.
  await page.waitForTimeout(600)
  expect(await page.locator(".bubble").count()).toBe(0)
  expect(await page.evaluate(() => String(document.getSelection()))).not.toBe("")
  await page.close()
})

test("where the keyboard only covers the page, the format bar is lifted above it", async () => {
  const page = await browser.newPage({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  // As Safari does it: the window keeps its height, and only the visual viewport knows of the keyboard.
  await page.addInitScript(() => {
    const viewport = Object.assign(new EventTarget(), { height: 844, offsetTop: 0 })
    Object.defineProperty(window, "visualViewport", { value: viewport })
    Object.assign(window, {
      keyboard: (height: number) => {
        viewport.height = 844 - height
        viewport.dispatchEvent(new Event("resize"))
      },
    })
  })
  await show(page, "document")
  await page.locator(".ProseMirror").tap()
  const bottom = () =>
    page.locator(".format-bar").evaluate(bar => Math.round(bar.getBoundingClientRect().bottom))
  expect(await bottom()).toBe(844)
  await page.evaluate("keyboard(300)")
  await expect.poll(bottom).toBe(544)
  await page.evaluate("keyboard(0)")
  await expect.poll(bottom).toBe(844)
  await page.close()
})

test("on paper the whole title stands, black on white, and nothing of the desk", async () => {
  const page = await browser.newPage({ viewport: { width: 600, height: 900 }, colorScheme: "dark" })
  await show(page, "crowd")
  await page.emulateMedia({ media: "print", colorScheme: "dark" })
  const title = page.locator(".on-paper")
  await expect(title).toBeVisible()
  expect(await title.evaluate(each => each.getClientRects().length)).toBeGreaterThan(1)
  expect(await title.evaluate(each => getComputedStyle(each).color)).toBe("rgb(0, 0, 0)")
  for (const part of [".toolbar", ".status-strip", ".title-bar .chip", ".title-bar .button"]) {
    expect(
      await page.locator(part).evaluateAll(all => all.some(each => each.getClientRects().length > 0)),
    ).toBe(false)
  }
  await page.close()
})
