// Where the words are, as the chip and its panel say it, each state driven for real: a place counts once it has signed
// for everything, and only as long as it has.
import { encodeMessage } from "../../src/sync/codec"
import { join, share, shows, stands, start, write } from "./app"
import { expect, type Page, test } from "./harness"
import { cutSync } from "./ways"

async function introduce(page: Page, name: string): Promise<void> {
  await page.locator(".name-prompt input").fill(name)
  await page.keyboard.press("Enter")
  await expect(page.locator(".name-prompt")).toHaveCount(0)
}

test("places are named, count by what they have signed for, and are as many as one wants", async ({
  relay,
  startDevice,
}) => {
  const [first, second] = [await startDevice(), await startDevice()]
  const [ana, bo] = [first.page, second.page]
  await start(ana, relay.url)
  await ana.keyboard.type("Where do these words live?")
  await stands(ana, /^Only on this device$/)
  const link = await share(ana, "edit", "Ana")
  await stands(ana, /^Here and on the relay$/)
  await join(bo, link)
  await shows(bo, "Where do these words live?")
  await introduce(bo, "Bo")
  await stands(ana, /^Safe in 3 places$/)
  await stands(bo, /^Safe in 3 places$/)

  const panel = ana.locator(".places")
  await ana.locator("header .chip").first().click()
  await expect(panel.getByText("Bo’s computer")).toBeVisible()
  await expect(panel.getByText(/has everything/)).toHaveCount(2)
  await ana.keyboard.press("Escape")
  await bo.locator("header .chip").first().click()
  await expect(bo.locator(".places").getByText("Ana’s computer")).toBeVisible()
  await bo.keyboard.press("Escape")

  // Whoever is gone before they have signed does not count, and what they had counts as what it was.
  await second.quit()
  await relay.kill()
  await write(ana, " These are only here.")
  await stands(ana, /^Saved here · a minute of work not yet elsewhere$/)
  await ana.locator("header .chip").first().click()
  await expect(panel.getByText(/has an earlier version/)).toHaveCount(2)
  await ana.keyboard.press("Escape")
  await relay.restart()
  await stands(ana, /^Here and on the relay$/, 30_000)

  await ana.locator("header .chip").first().click()
  await ana.getByLabel("Enough are").selectOption("1 other place")
  await ana.keyboard.press("Escape")
  await stands(ana, /^Safe in 2 places$/)
})

test("somebody who receives the words and cannot store them is no place that keeps them", async ({
  relay,
  startDevice,
}) => {
  const [first, second] = [await startDevice(), await startDevice()]
  for (const { context } of [first, second]) await cutSync(context)
  const ana = first.page
  await start(ana, relay.url)
  await ana.keyboard.type("Straight from hand to hand.")
  await join(second.page, await share(ana, "edit", "Ana"))
  await shows(second.page, "Straight from hand to hand.")
  await stands(ana, /^On 1 other device$/)
  const address = second.page.url()
  const bo = await second.reopen()
  const devtools = await second.context.newCDPSession(bo)
  const quota = async (room: { quotaSize?: number }) =>
    devtools.send("Storage.overrideQuotaForOrigin", { origin: new URL(relay.url).origin, ...room })
  await quota({ quotaSize: 1_000 })
  await bo.goto(address)
  await expect(bo.getByText("This device has no room for new words")).toBeVisible()
  await expect(bo.locator(".status-strip")).toContainText("Live with Ana")
  await write(ana, " He cannot keep these.")
  await stands(ana, /^Saved here/)
  await ana.waitForTimeout(2_000) // twice as long as a receipt would take
  await stands(ana, /^Saved here/)
  await quota({})
  await bo.reload()
  await shows(bo, "He cannot keep these.")
  await stands(ana, /^On 1 other device$/)
})

test("a relay that speaks a newer protocol: the chip asks for the update, and writing goes on", async ({
  relay,
  startDevice,
}) => {
  const { page } = await startDevice()
  const hello = encodeMessage({
    type: "hello",
    protocolMin: 90,
    protocolMax: 99,
    nonce: new Uint8Array(32).fill(1),
    features: [],
    end: "relay",
    at: Date.now(),
    relayKey: null,
  })
  await page.routeWebSocket(/\/sync/, socket => socket.onMessage(() => socket.send(Buffer.from(hello))))
  await start(page, relay.url)
  await page.keyboard.type("Older than the others.")
  await share(page, "edit", "Ana")
  await stands(page, /^Update to keep syncing$/)
  await write(page, " Still writing.")
  await shows(page, "Still writing.")
})
