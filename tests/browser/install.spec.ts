// The app can be put on a home screen, asks nobody but its own origin, and is stored whole.
import { readdirSync } from "node:fs"
import { join as joinPath } from "node:path"
import { start } from "./app"
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

test("after the first visit every file of the app is stored", async ({ relay, startDevice }) => {
  const { page } = await startDevice()
  await start(page, relay.url)
  const built = readdirSync("dist/app", { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/\.map$|^service-worker\.js$/.test(entry.name))
    .map(entry => joinPath(entry.parentPath, entry.name).replaceAll("\\", "/").replace("dist/app/", "/"))
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
  await waitFor(async () => (await missing()).length === 0, {
    what: "every file to be stored",
    seen: missing,
  })
  await expectQuiet(page)
  const foreign = noticed(page).requests.filter(url => new URL(url).host !== new URL(relay.url).host)
  expect(foreign).toEqual([])
})
