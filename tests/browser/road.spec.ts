// Over a slow and lossy road: what holds between two browsers on one desk must hold when everything between them is
// late, a part of it never comes, and for a while nothing does.
import { agree, EDITOR, join, share, shows, start, write } from "./app"
import { type Browser, expect, median, peerTraffic, sleep, startProxy, test, waitFor } from "./harness"
import { keyToPaint } from "./latency"
import { openRoad, ROAD_ARGS } from "./road"
import { cutSync } from "./ways"

const SEED = Number(process.env["SEED"] ?? 20261125)
const DELAY_MS = 150

test("two far apart write live, are cut off, write on and meet; somebody new gets all of it from a peer", async ({
  relay,
  startDevice,
}) => {
  console.log(`SEED=${SEED}`)
  const road = openRoad({ delayMs: DELAY_MS, jitterMs: 40, loss: 0.05 }, SEED)
  const nets = await Promise.all([0, 1, 2].map(() => startProxy(relay.port)))
  const [anaNet, boNet, cleoNet] = nets
  if (!anaNet || !boNet || !cleoNet) throw new Error("three proxies were started")
  for (const net of nets) net.delay(DELAY_MS)
  const device = async (): Promise<Browser> => {
    const browser = await startDevice({ args: ROAD_ARGS })
    await road.takes(browser.context)
    return browser
  }
  try {
    const [{ page: ana }, { page: bo }, cleo] = [await device(), await device(), await device()]
    await start(ana, anaNet.url)
    await ana.keyboard.type("Far apart.")
    const link = await share(ana, "edit", "Ana")
    await join(bo, link, boNet.url)
    await shows(bo, "Far apart.", 30_000)
    await expect(bo.getByText("Live with Ana (directly)")).toBeVisible({ timeout: 30_000 })
    const delays = await keyToPaint(ana, bo, 12, 400)
    const { passed, lost } = road.figures()
    console.log(
      `key to remote paint where ${DELAY_MS}–${DELAY_MS + 40} ms lie between and ${lost} of ${lost + passed} datagrams were lost: ` +
        `median ${median(delays).toFixed(0)} ms, worst ${Math.max(...delays).toFixed(0)} ms`,
    )
    expect(lost, "datagrams that never arrived").toBeGreaterThan(0)
    expect(Math.min(...delays)).toBeGreaterThan(DELAY_MS)

    road.cut()
    for (const net of nets) net.cut()
    const before = [road.figures().passed, anaNet.passed(), boNet.passed()]
    await write(ana, " Ana goes on.")
    await write(bo, " Bo goes on.")
    await sleep(3_000)
    expect([road.figures().passed, anaNet.passed(), boNet.passed()], "what passed a cut").toEqual(before)
    expect(road.figures().turnedBack, "datagrams that were turned back").toBeGreaterThan(0)
    expect(await ana.locator(EDITOR).textContent()).not.toContain("Bo goes on.")
    expect(await bo.locator(EDITOR).textContent()).not.toContain("Ana goes on.")

    const mendedAt = performance.now()
    road.mend()
    for (const net of nets) net.mend()
    await shows(ana, "Bo goes on.", 60_000)
    await shows(bo, "Ana goes on.", 60_000)
    await agree([ana, bo], 30_000)
    console.log(
      `met again ${((performance.now() - mendedAt) / 1_000).toFixed(1)} s after the road was mended`,
    )

    await cutSync(cleo.context)
    const joinedAt = performance.now()
    await join(cleo.page, link, cleoNet.url)
    await shows(cleo.page, "Ana goes on.", 60_000)
    await agree([ana, bo, cleo.page], 30_000)
    console.log(
      `somebody new had it by a peer ${((performance.now() - joinedAt) / 1_000).toFixed(1)} s after the link`,
    )
    await write(cleo.page, " Cleo too.")
    await waitFor(async () => (await peerTraffic(cleo.page)).connected > 0, { what: "Cleo to have a peer" })
    for (const page of [ana, bo]) await shows(page, "Cleo too.", 30_000)
  } finally {
    await road.close()
    await Promise.all(nets.map(net => net.close()))
  }
})
