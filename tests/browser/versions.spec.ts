// Newer versions of the app under windows that are open: announced in all of them, taken when somebody says yes and no
// word is half typed anywhere, with every part of the older version at hand as long as a window needs it; the kill
// switch; and the app on its own, started from its icon without a server.
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join as joinPath } from "node:path"
import type { Page } from "@playwright/test"
import { EDITOR, ready, shows, stands, start, write } from "./app"
import { type Browser, expect, sleep, test, waitFor } from "./harness"
import { startSite } from "./site"

for (const [where, separator] of [
  ["a line of its own", "\n"],
  ["a line that is redrawn meanwhile, so that the browser drops the composition", ""],
] as const)
  test(`a newer version is taken in two windows, one in the middle of a word in ${where}`, async ({
    startDevice,
  }) => {
    const site = await startSite()
    try {
      const device = await startDevice()
      await start(device.page, site.url)
      await device.page.keyboard.type("Here before.")
      await installed(device.page)
      const [asking, composing] = [device.page, await device.context.newPage()]
      await composing.goto(asking.url())
      await shows(composing, "Here before.")
      await watched(composing)
      site.deployNewer()
      await lookForNewer(asking)
      for (const page of [asking, composing])
        await expect(updateButton(page)).toBeVisible({ timeout: 20_000 })
      await asking.getByText("A new version is ready").click()
      await expect(asking.getByText(/^Version \d+\.\d+\.\d+, [0-9a-f]{16}$/)).toBeVisible()

      await write(composing, " ")
      const devtools = await composing.context().newCDPSession(composing)
      await devtools.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 })
      await write(asking, `${separator}Typed when it was taken.`)
      await updateButton(asking).click()
      await sleep(4_000)
      for (const page of [asking, composing]) expect(await version(page), "nobody was reloaded").toBe("older")
      await devtools.send("Input.insertText", { text: "日本" })

      for (const page of [asking, composing])
        await waitFor(async () => (await version(page)) === "newer", {
          what: "the newer version",
          timeoutMs: 20_000,
        })
      for (const page of [asking, composing]) {
        await shows(page, "日本")
        await shows(page, "Typed when it was taken.")
      }
    } finally {
      await site.close()
    }
  })

test("a window that is not replaced yet still finds the parts of its own version", async ({
  startDevice,
}) => {
  const site = await startSite()
  try {
    const device = await startDevice()
    await start(device.page, site.url)
    await device.page.keyboard.type("Two windows.")
    await installed(device.page)
    const staying = await device.context.newPage()
    // It begins a word in the very moment in which the newer version takes over.
    await staying.addInitScript(() => {
      const begin = () => document.dispatchEvent(new Event("compositionstart"))
      navigator.serviceWorker?.addEventListener("controllerchange", begin, { once: true })
    })
    await staying.goto(device.page.url())
    await shows(staying, "Two windows.")
    await watched(staying)
    site.deployNewer()
    await lookForNewer(device.page)
    await updateButton(device.page).click({ timeout: 20_000 })
    await waitFor(async () => (await version(device.page)) === "newer", { what: "the newer version" })
    await shows(device.page, "Two windows.")
    expect(await version(staying)).toBe("older")

    const status = (page: Page) =>
      page.evaluate(path => fetch(path).then(({ status }) => status), site.oldPart)
    expect(await (await fetch(new URL(site.oldPart, site.url))).status, "the server has it no more").toBe(404)
    expect(await status(staying)).toBe(200)

    await staying.evaluate(() => void document.dispatchEvent(new Event("compositionend")))
    await waitFor(async () => (await version(staying)) === "newer", { what: "the newer version there too" })
    await shows(staying, "Two windows.")
    await waitFor(async () => (await status(staying)) === 404, { what: "the older files to be put away" })
  } finally {
    await site.close()
  }
})

test("the kill switch takes the worker and its files away, and no word with them", async ({
  startDevice,
}) => {
  const site = await startSite()
  try {
    const { page } = await startDevice()
    await start(page, site.url)
    await page.keyboard.type("What was written stays.")
    await installed(page)
    await page.reload()
    await shows(page, "What was written stays.")
    await watched(page)
    let loads = 0
    page.on("load", () => {
      loads++
    })
    site.replace("/service-worker.js", "sw/kill-switch.js")
    await lookForNewer(page)
    await waitFor(() => loads > 0, { what: "the window to be loaded from the network", timeoutMs: 20_000 })
    await shows(page, "What was written stays.")
    await sleep(4_000)
    expect(loads, "it was loaded again and again").toBeLessThanOrEqual(2)
    expect(await page.evaluate(() => caches.keys())).toEqual([])
    expect(await page.evaluate(() => navigator.serviceWorker.controller === null)).toBe(true)
    await ready(page)
    await write(page, " And more.")
    await page.reload()
    await shows(page, "What was written stays. And more.")
  } finally {
    await site.close()
  }
})

test("the app starts from its icon with the server stopped", async ({ relay, startDevice }) => {
  const profileDir = mkdtempSync(joinPath(tmpdir(), "sheaf-icon-"))
  let again: Browser | null = null
  try {
    const first = await startDevice({ profileDir })
    await start(first.page, relay.url)
    await first.page.keyboard.type("Written before the server was stopped")
    await installed(first.page)
    await stands(first.page, /Only on this device/)
    const manifest = JSON.parse(readFileSync("dist/app/manifest.webmanifest", "utf8")) as {
      start_url: string
    }
    await first.quit()
    await relay.kill()
    const icon = new URL(manifest.start_url, relay.url).href
    const second = await startDevice({ profileDir, args: [`--app=${icon}`] })
    again = second
    await waitFor(() => second.context.pages().some(page => page.url().startsWith(relay.url)), {
      what: "the app's own window",
      seen: () => second.context.pages().map(page => page.url()),
    })
    const page = second.context.pages().find(each => each.url().startsWith(relay.url)) ?? second.page
    await page.getByRole("link", { name: /Written before/ }).click()
    await shows(page, "Written before the server was stopped")
    await write(page, " and after.")
    await shows(page, "stopped and after.")
  } finally {
    await again?.quit()
    rmSync(profileDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
})

/** Waits until the worker has stored the app. */
async function installed(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await waitFor(() => page.evaluate(() => navigator.serviceWorker.controller !== null), {
    what: "the worker to take the page",
  })
}

/** Waits until the page would hear of a newer version: it begins to listen a little after the first caret. */
async function watched(page: Page): Promise<void> {
  await page.locator(EDITOR).waitFor()
  await waitFor(
    () =>
      page.evaluate(() => performance.getEntriesByType("resource").some(({ name }) => /updates/.test(name))),
    { what: "the page to listen for newer versions" },
  )
  await sleep(500)
}

/** Has the browser look whether there is a newer version, as it does by itself now and then. */
async function lookForNewer(page: Page): Promise<void> {
  await page.evaluate(() =>
    navigator.serviceWorker.ready.then(registration => registration.update()).then(() => undefined),
  )
}

function updateButton(page: Page) {
  return page.locator(".update-chip").getByRole("button")
}

/** Which version a window shows. */
async function version(page: Page): Promise<"older" | "newer"> {
  return (await page.locator('meta[name="version"]').count()) > 0 ? "newer" : "older"
}
