// What goes wrong has its own plain sentence, saying what is safe and what to do next; nothing is lost by it.
import * as prng from "lib0/prng"
import { EDITOR, join, share, shows, stands, start, text, write } from "./app"
import { expect, test } from "./harness"

test("a damaged link says so, and that nothing was changed", async ({ relay, startDevice }) => {
  const ana = (await startDevice()).page
  await start(ana, relay.url)
  await ana.keyboard.type("Something")
  const link = await share(ana, "edit", "Ana")
  const bo = (await startDevice()).page
  await bo.goto(link.slice(0, -9))
  await expect(bo.getByText("This link is incomplete")).toBeVisible()
  await expect(bo.getByText(/to its very last character/)).toBeVisible()
  expect(new URL(bo.url()).hash).toBe("")
})

test("a link from a newer version asks for an update", async ({ relay, startDevice }) => {
  const { page } = await startDevice()
  const bytes = Buffer.alloc(90, 7)
  bytes[0] = 2
  await page.goto(`${relay.url}join#${bytes.toString("base64url")}`)
  await expect(page.getByText("This link was made by a newer Sheaf")).toBeVisible()
})

test("a full disk is said at once, typing goes on, and nothing is lost when there is room again", async ({
  relay,
  startDevice,
}) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  await device.page.keyboard.type("Before the disk was full.")
  await stands(device.page, /Only on this device/)
  const address = device.page.url()
  const origin = new URL(relay.url).origin
  // The browser looks at the quota when a profile first writes: so it is set before the page is there.
  let page = await device.reopen()
  const quota = async (quotaSize?: number) => {
    const devtools = await device.context.newCDPSession(page)
    const { usage } = await devtools.send("Storage.getUsageAndQuota", { origin })
    const room = quotaSize === undefined ? {} : { quotaSize: usage + quotaSize }
    await devtools.send("Storage.overrideQuotaForOrigin", { origin, ...room })
  }
  await quota(400_000)
  await start(page, address)
  await page.keyboard.press("ControlOrMeta+End")
  // Random words: a browser stores what repeats itself in next to no room.
  const random = prng.create(7)
  const much = Array.from({ length: 60_000 }, () => prng.word(random, 6, 12)).join(" ")
  await page.keyboard.insertText(` ${much}`)
  await expect(page.getByText("This device has no room left")).toBeVisible({ timeout: 30_000 })
  await stands(page, /Not saved/)
  await page.keyboard.type(" The last word")
  const download = page.waitForEvent("download")
  await page.getByRole("button", { name: "Download a copy" }).first().click()
  const copy = await (await download).createReadStream()
  const chunks: Buffer[] = []
  for await (const chunk of copy) chunks.push(chunk as Buffer)
  const saved = Buffer.concat(chunks).toString("utf8")
  expect(saved).toContain(much)
  expect(saved).toContain("The last word")

  await quota()
  await stands(page, /Only on this device/, 60_000)
  await expect(page.getByText("This device has no room left")).toHaveCount(0)
  page = await device.reopen()
  await page.goto(address)
  await shows(page, "The last word")
  expect(await text(page)).toContain("Before the disk was full.")
})

test("with no room at all, what is here can still be read", async ({ relay, startDevice }) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  await device.page.keyboard.type("Everything that was saved.")
  await stands(device.page, /Only on this device/)
  const address = device.page.url()
  const page = await device.reopen()
  const devtools = await device.context.newCDPSession(page)
  await devtools.send("Storage.overrideQuotaForOrigin", {
    origin: new URL(relay.url).origin,
    quotaSize: 1000,
  })
  await page.goto(address)
  await shows(page, "Everything that was saved.")
  await expect(page.getByText("This device has no room for new words")).toBeVisible()
  await expect(page.locator(EDITOR)).toHaveAttribute("contenteditable", "false")
})

test("a browser that keeps nothing is told before a word is written", async ({ relay, startDevice }) => {
  const { page } = await startDevice()
  await page.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined }))
  await page.goto(relay.url)
  await expect(page.getByText("This browser does not let Sheaf keep documents")).toBeVisible()
  await expect(page.locator(EDITOR)).toHaveCount(0)
})

test("an address without a secure context says which one would do", async ({ relay, startDevice }) => {
  const { page } = await startDevice({ args: ["--host-resolver-rules=MAP coop.test 127.0.0.1"] })
  await page.goto(`http://coop.test:${relay.port}/`)
  await expect(page.getByText("This address is not secure")).toBeVisible()
  await expect(page.getByText(/begins with https/)).toBeVisible()
})

test("a network that wants a sign-in is named, and writing goes on", async ({ tcpProxy, startDevice }) => {
  const { page } = await startDevice()
  await start(page, tcpProxy.url)
  await page.keyboard.type("On the train. ")
  await share(page, "edit", "Ana")
  await stands(page, /relay/i)
  tcpProxy.portal()
  await expect(page.getByText("This network wants you to sign in first")).toBeVisible({ timeout: 30_000 })
  await write(page, "Still writing.")
  tcpProxy.mend()
  await stands(page, /Here and on the relay/, 60_000)
  await expect(page.getByText("This network wants you to sign in first")).toHaveCount(0)
})

test("garbage from a relay is put aside, and the document goes on", async ({ relay, startDevice }) => {
  const { page } = await startDevice()
  let garbage = true
  await page.routeWebSocket(/\/sync/, socket => {
    const server = socket.connectToServer()
    if (!garbage) return
    server.onMessage(() => socket.send(Buffer.from("\u00ff\u0000this is not a frame")))
  })
  await start(page, relay.url)
  await page.keyboard.type("Unharmed.")
  await share(page, "edit", "Ana")
  await expect(page.getByText("Something unreadable arrived and was put aside")).toBeVisible({
    timeout: 15_000,
  })
  expect(await text(page)).toBe("Unharmed.")
  garbage = false
  // Whoever sent garbage is not dialled again soon; a network that comes back is a reason to.
  await page.evaluate(() => window.dispatchEvent(new Event("online")))
  await stands(page, /relay/i, 60_000)
})

test("a clock a year off is said, and words still travel", async ({ relay, startDevice }) => {
  const ana = (await startDevice()).page
  await ana.addInitScript(() => {
    const real = Date.now
    Date.now = () => real() + 366 * 24 * 3_600_000
  })
  await start(ana, relay.url)
  await ana.keyboard.type("From next year.")
  const link = await share(ana, "edit", "Ana")
  await expect(ana.getByText(/The clock of this device is .* fast/)).toBeVisible({ timeout: 15_000 })
  const bo = (await startDevice()).page
  await join(bo, link)
  await shows(bo, "From next year.")
})
