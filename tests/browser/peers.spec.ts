// Straight from device to device: two browsers write one document while the relay's /sync is shut, and what a relay
// would otherwise do falls to the peers. Who lurks in a lobby without being asked is in lobby.spec.ts.
import { agree, blocks, EDITOR, join, paste, share, shows, start, text, write } from "./app"
import {
  ALONE,
  type Browser,
  cutPeers,
  expect,
  expectQuiet,
  median,
  mendPeers,
  NETWORK_LOSS,
  type Page,
  peerTraffic,
  sleep,
  test,
  waitFor,
} from "./harness"
import { floor, keyToPaint } from "./latency"
import { lurk } from "./lurker"
import { halt } from "./processes"
import { cutSync, keepApart } from "./ways"

/** For how long a laptop's lid is closed; `npm run rehearse` leaves it closed for an hour. */
const LID_MINUTES = Number(process.env["LID_MINUTES"] ?? 0.75)

/** A page whose /sync is shut says so in its console, and nothing else. */
const SHUT = [...NETWORK_LOSS, /\/sync/]

test("with /sync shut, somebody with only a link gets the document from a device, and both write it", async ({
  relay,
  startDevice,
}) => {
  const [ana, bo] = [await startDevice(), await startDevice()]
  const tried = [await cutSync(ana.context), await cutSync(bo.context)]
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Only between us")
  await join(bo.page, await share(ana.page, "edit", "Ana"))
  await shows(bo.page, "Only between us")
  await write(bo.page, "\nBo was here")
  await shows(ana.page, "Bo was here")
  await expect(bo.page.getByText("Live with Ana (directly)")).toBeVisible()
  await agree([ana.page, bo.page])
  expect(tried.every(count => count() > 0)).toBe(true)
  expect((await peerTraffic(ana.page)).connected).toBe(1)
  for (const { page } of [ana, bo]) expectQuiet(page, SHUT)
})

test("a reader with only a link reads along with /sync shut, and nothing of a reader is taken", async ({
  relay,
  startDevice,
}) => {
  const [ana, bo] = [await startDevice(), await startDevice()]
  for (const { context } of [ana, bo]) await cutSync(context)
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("To be read")
  await join(bo.page, await share(ana.page, "read", "Ana"))
  await shows(bo.page, "To be read")
  await write(ana.page, " by everybody")
  await shows(bo.page, "To be read by everybody")
  await expect(bo.page.locator(EDITOR)).toHaveAttribute("contenteditable", "false")
})

test("who comes back finds a copy with somebody who has another document open", async ({
  relay,
  startDevice,
}) => {
  const [ana, bo, cleo] = [await startDevice(), await startDevice(), await startDevice()]
  for (const { context } of [ana, bo, cleo]) await cutSync(context)
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Kept by a colleague")
  const link = await share(ana.page, "edit", "Ana")
  await join(bo.page, link)
  await shows(bo.page, "Kept by a colleague")
  await write(bo.page, ", who went on")
  await shows(ana.page, "who went on")
  await ana.quit()
  await start(bo.page, `${relay.url}new`)
  await bo.page.keyboard.type("Something else")
  await join(cleo.page, link)
  await shows(cleo.page, "Kept by a colleague, who went on")
  const id = new URL(cleo.page.url()).pathname.replace("/d/", "")
  const before = await envelopes(bo.page, id)
  await cleo.page.locator(EDITOR).focus()
  await cleo.page.keyboard.press("ControlOrMeta+End")
  await cleo.page.keyboard.insertText(" and on")
  await expect(bo.page.locator(EDITOR)).toHaveText("Something else")
  await expect(bo.page.getByText("Live with")).toHaveCount(0)
  // One that opens Cleo's session, and her words: they stay when she is gone.
  await waitFor(async () => (await envelopes(bo.page, id)) >= before + 2, {
    what: "Bo's device to keep her words",
  })
  await cleo.quit()
  await bo.page.goto(link)
  await shows(bo.page, "Kept by a colleague, who went on and on")
})

test(
  "both ways alone are live, and quick beside what they are made of",
  ALONE,
  async ({ relay, startDevice }) => {
    const ways = [
      ["straight", async ({ context }: Browser) => void (await cutSync(context)), async () => undefined],
      ["through the relay", async () => undefined, cutPeers],
    ] as const
    for (const [way, before, after] of ways) {
      await test.step(way, async () => {
        const [ana, bo] = [await startDevice(), await startDevice()]
        for (const device of [ana, bo]) await before(device)
        await start(ana.page, relay.url)
        await start(bo.page, relay.url)
        const { roundTripMs, frameMs } = await floor(ana.page, bo.page)
        for (const { page } of [ana, bo]) await after(page)
        await ana.page.keyboard.type("Quick words")
        await join(bo.page, await share(ana.page, "edit", "Ana"))
        await shows(bo.page, "Quick words")
        await expect(
          bo.page.getByText(way === "straight" ? "Ana (directly)" : "Ana (through the relay)"),
        ).toBeVisible()
        for (const [rhythm, everyMs] of [
          ["a key after a quiet moment", 400],
          ["typing", 90],
        ] as const) {
          const delayMs = median(await keyToPaint(ana.page, bo.page, 20, everyMs))
          const ratio = delayMs / (roundTripMs + frameMs)
          console.log(
            `key to remote paint ${way}, ${rhythm}: median ${delayMs.toFixed(0)} ms, ${ratio.toFixed(2)} × ` +
              `(a round trip of ${roundTripMs.toFixed(1)} ms and a frame of ${frameMs.toFixed(1)} ms)`,
          )
          expect(delayMs).toBeGreaterThan(0)
        }
        if (way === "through the relay")
          for (const { page } of [ana, bo])
            expect(await peerTraffic(page)).toEqual({ connected: 0, bytes: 0 })
      })
    }
  },
)

test("large things arrive: 400 KiB in one piece, and a document of 5,000 paragraphs", async ({
  relay,
  startDevice,
}) => {
  test.setTimeout(300_000)
  const [ana, bo, cleo] = [await startDevice(), await startDevice(), await startDevice()]
  for (const { context } of [ana, bo, cleo]) await cutSync(context)
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Large things\n")
  const link = await share(ana.page, "edit", "Ana")
  await join(bo.page, link)
  await shows(bo.page, "Large things")
  const piece = "All in one piece, and none of it lost. ".repeat(10_503).trim()
  expect(piece.length).toBeGreaterThan(400 * 1024)
  await paste(ana.page, piece)
  await waitFor(async () => (await text(bo.page)).includes(piece), {
    what: "400 KiB to arrive",
    timeoutMs: 60_000,
  })
  const paragraphs = Array.from({ length: 5_000 }, (_, index) => `Paragraph ${index} of a long document.`)
  await paste(ana.page, `\n${paragraphs.join("\n")}`)
  await waitFor(
    async () => (await blocks(bo.page)).filter(block => /^Paragraph \d/.test(block)).length === 5_000,
    {
      what: "5,000 paragraphs to arrive",
      timeoutMs: 120_000,
    },
  )
  // And to somebody who asks for all of it at once.
  await join(cleo.page, link)
  await waitFor(
    async () => (await blocks(cleo.page)).filter(block => /^Paragraph \d/.test(block)).length === 5_000,
    {
      what: "5,000 paragraphs to arrive at a newcomer",
      timeoutMs: 120_000,
    },
  )
  expect(await blocks(cleo.page)).toEqual(await blocks(ana.page))
})

test("three in a chain, of whom the outer two never meet, write one document", async ({
  relay,
  startDevice,
}) => {
  const [ana, bo, cleo] = [await startDevice(), await startDevice(), await startDevice()]
  for (const { context } of [ana, bo, cleo]) await cutSync(context)
  let link = ""
  const lurker = async () => lurk(relay.url, await waitFor(() => link || null, { what: "Ana to share" }))
  const kept = await keepApart(ana.context, cleo.context, lurker)
  // Bo has a name from another document.
  await start(bo.page, relay.url)
  await bo.page.keyboard.type("Bo's own")
  await share(bo.page, "read", "Bo")
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("From one end")
  link = await share(ana.page, "edit", "Ana")
  await join(bo.page, link)
  await shows(bo.page, "From one end")
  await join(cleo.page, link)
  await shows(cleo.page, "From one end")
  await write(cleo.page, " to the other")
  await shows(ana.page, "From one end to the other")
  await write(ana.page, " and back")
  await shows(cleo.page, "to the other and back")
  await agree([ana.page, bo.page, cleo.page])
  // And see each other, through the one between.
  await expect(ana.page.getByText(/Someone \(through Bo\)/)).toBeVisible({ timeout: 15_000 })
  await expect(cleo.page.getByText(/Ana \(through Bo\)/)).toBeVisible({ timeout: 15_000 })
  await expect(ana.page.locator(".remote-caret, [data-caret]")).toHaveCount(2)
  expect((await peerTraffic(bo.page)).connected).toBe(2)
  for (const { page } of [ana, cleo]) expect((await peerTraffic(page)).connected).toBe(1)
  expect(kept(), "words between the two that were kept back").toBeGreaterThan(0)
})

test("who was stopped for a while and goes on meets the others again", async ({ relay, startDevice }) => {
  test.setTimeout(LID_MINUTES * 60_000 + 240_000)
  console.log(`LID_MINUTES=${LID_MINUTES}`)
  const [ana, bo] = [await startDevice(), await startDevice()]
  for (const { context } of [ana, bo]) await cutSync(context)
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Before the nap")
  await join(bo.page, await share(ana.page, "edit", "Ana"))
  await shows(bo.page, "Before the nap")
  const goOn = halt(bo.pid)
  await write(ana.page, ", during it")
  await sleep(LID_MINUTES * 60_000)
  expect((await text(ana.page)).includes("during it")).toBe(true)
  goOn()
  await shows(bo.page, "Before the nap, during it", 60_000)
  await write(bo.page, ", after it")
  await shows(ana.page, "after it", 60_000)
  await agree([ana.page, bo.page])
  expectQuiet(bo.page, SHUT)
})

test("a connection that is lost is made anew", async ({ relay, startDevice }) => {
  const [ana, bo] = [await startDevice(), await startDevice()]
  for (const { context } of [ana, bo]) await cutSync(context)
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Here")
  await join(bo.page, await share(ana.page, "edit", "Ana"))
  await shows(bo.page, "Here")
  await cutPeers(bo.page)
  await write(ana.page, " and there")
  await sleep(2_000)
  expect(await text(bo.page)).toBe("Here")
  expect(await peerTraffic(bo.page)).toEqual({ connected: 0, bytes: 0 })
  await mendPeers(bo.page)
  await shows(bo.page, "Here and there", 45_000)
})

test("three who come at the same moment all meet, time after time", async ({ relay, startDevice }) => {
  const devices = [await startDevice(), await startDevice(), await startDevice()]
  for (const { context } of devices) await cutSync(context)
  const [ana, ...others] = devices.map(({ page }) => page)
  if (!ana) throw new Error("three devices were started")
  await start(ana, relay.url)
  await ana.keyboard.type("At once")
  const link = await share(ana, "edit", "Ana")
  for (const page of others) await join(page, link)
  for (const page of others) await shows(page, "At once")
  for (let round = 0; round < 10; round++) {
    await Promise.all([ana, ...others].map(page => page.reload()))
    for (const page of [ana, ...others])
      await waitFor(async () => (await peerTraffic(page)).connected === 2, {
        what: `everybody to meet in round ${round}`,
        timeoutMs: 15_000,
      })
  }
  for (const page of [ana, ...others]) expectQuiet(page, SHUT)
})

/** How many envelopes the device of a page keeps of a document. */
function envelopes(page: Page, docId: string): Promise<number> {
  return page.evaluate(
    docId =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("sheaf")
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const rows = opening.result.transaction("envelopes").objectStore("envelopes")
          const counting = rows.count(IDBKeyRange.bound([docId], [docId, []]))
          counting.onerror = () => reject(counting.error)
          counting.onsuccess = () => {
            opening.result.close()
            resolve(counting.result)
          }
        }
      }),
    docId,
  )
}
