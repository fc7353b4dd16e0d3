// The app can be put on a home screen, asks nobody but its own origin, and is stored whole.
import { readdirSync } from "node:fs"
import { join as joinPath } from "node:path"
import { BLOCKS, EDITOR, ready, shows, stands, start } from "./app"
import { expect, expectQuiet, noticed, test, waitFor } from "./harness"

test("Chromium finds nothing in the way of installing it", async ({ relay, startDevice }) => {
  const { page, context } = await startDevice()
  await start(page, relay.url)
  const devtools = await context.newCDPSession(page)
  const manifest = await devtools.send("Page.getAppManifest")
  expect(manifest.errors).toEqual([])
  const icons = (JSON.parse(manifest.data ?? "{}") as { icons: { purpose?: string }[] }).icons
  expect(icons.some(icon => (icon.purpose ?? "any") === "any")).toBe(true)
  expect(icons.some(icon => icon.purpose === "maskable")).toBe(true)
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors")
  expect(installabilityErrors).toEqual([])
})

test("after the first visit every file of the app is stored, and of its languages the one that is spoken", async ({
  relay,
  startDevice,
}) => {
  const { page } = await startDevice()
  await start(page, relay.url)
  const built = readdirSync("dist/app", { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/\.map$|^service-worker\.js$/.test(entry.name))
    .map(entry => joinPath(entry.parentPath, entry.name).replaceAll("\\", "/").replace("dist/app/", "/"))
    .filter(path => !path.startsWith("/s/")) // what a store shows of the app; the app itself never does
  expect(built.length).toBeGreaterThan(5)
  const stored = () =>
    page.evaluate(async () => {
      const caches_ = await Promise.all((await caches.keys()).map(name => caches.open(name)))
      const requests = (await Promise.all(caches_.map(cache => cache.keys()))).flat()
      return requests.map(request => new URL(request.url).pathname)
    })
  const missing = async () => {
    const paths = await stored()
    return built.filter(path => !paths.includes(path))
  }
  const isOther = (path: string) => /\/language-(?!en-)[a-z]+-/.test(path)
  await waitFor(async () => (await missing()).every(isOther), {
    what: "every file to be stored",
    seen: missing,
  })
  expect((await missing()).length, "the other languages are not fetched").toBe(6)
  await expectQuiet(page)
  const foreign = noticed(page).requests.filter(url => new URL(url).host !== new URL(relay.url).host)
  expect(foreign).toEqual([])
})

test("what the share sheet and the file manager hand over becomes documents", async ({
  relay,
  startDevice,
}) => {
  const { page } = await startDevice()
  await page.addInitScript(() => {
    const launchQueue = { setConsumer: (launch: unknown) => Object.assign(window, { launch }) }
    Object.defineProperty(window, "launchQueue", { value: launchQueue })
  })
  await start(page, relay.url)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await waitFor(() => page.evaluate(() => navigator.serviceWorker.controller !== null), {
    what: "the worker to take the page",
  })
  // The system posts a form; the page itself may not (form-action), so that it asks for the same by hand.
  await page.evaluate(async () => {
    const form = new FormData()
    form.append("file", new File(["# Rota\n\nAna on Monday"], "rota.md", { type: "text/markdown" }))
    await fetch("/share", { method: "POST", body: form })
  })
  await page.goto(new URL("/open", relay.url).href)
  await shows(page, "Ana on Monday")
  await expect(page.getByRole("textbox", { name: "Title", exact: true })).toHaveValue("Rota")

  await page.evaluate(async () => {
    const form = new FormData()
    form.append("title", "Soup")
    form.append("text", "Peel, then boil")
    await fetch("/share", { method: "POST", body: form })
  })
  await page.goto(new URL("/open", relay.url).href)
  await shows(page, "Peel, then boil")

  await page.evaluate(async () => {
    const { launch } = window as unknown as { launch: (params: unknown) => Promise<void> }
    const file = new File(["Bread\n\nfrom the oven"], "bread.md")
    await launch({ targetURL: location.href, files: [{ getFile: async () => file }] })
  })
  await shows(page, "from the oven")
})

test("an app that was ended out of sight comes back to the same lines, one that was closed begins at home", async ({
  relay,
  startDevice,
}) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  const icon = new URL("/?src=app", relay.url).href
  await device.page.keyboard.type(Array.from({ length: 120 }, (_, line) => `Line ${line}`).join("\n"))
  await stands(device.page, /Only on this device/)
  const top = () =>
    device.page.locator(EDITOR).evaluate((editor, blocks) => {
      const first = [...editor.querySelectorAll(blocks)].find(each => each.getBoundingClientRect().bottom > 0)
      return `${first?.textContent} ${Math.round(first?.getBoundingClientRect().top ?? 0)}`
    }, BLOCKS)
  await device.page.mouse.move(600, 500)
  await device.page.mouse.wheel(0, -2_000)
  await expect.poll(top).not.toMatch(/^Line (10|0)/) // neither the end, where the caret is, nor the beginning
  const before = await top()
  // As a phone does: out of sight first, and later gone without a word.
  await device.page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true })
    document.dispatchEvent(new Event("visibilitychange"))
  })
  await device.page.waitForTimeout(500)
  await device.kill()

  await (await device.reopen()).goto(icon)
  await ready(device.page)
  await expect.poll(top).toBe(before)

  await device.page.goto(icon) // left in sight: on purpose
  await expect(device.page.getByRole("link", { name: /Line 0|Untitled/ })).toBeVisible()
  await expect(device.page.locator(EDITOR)).toHaveCount(0)
})
