// Between two machines: cables that are pulled out, and a relay that goes away while the two go on directly.
import { agree, EDITOR, join, share, shows, start, write } from "./app"
import { expect, test, waitFor } from "./harness"
import { startMachines } from "./machines"
import { peerTraffic } from "./peers"

test("two machines write on with a cable pulled out, meet again, and need no relay to go on", async ({
  relay,
}) => {
  test.setTimeout(180_000)
  const machines = await startMachines(relay)
  console.log(`two machines' worth of network: ${machines.kind}`)
  try {
    const { left, right } = machines
    const ana = left.browser.page
    const bo = right.browser.page
    await start(ana, left.origin)
    await ana.keyboard.type("Between two houses.")
    await join(bo, await share(ana, "edit", "Ana"), right.origin)
    await shows(bo, "Between two houses.")

    await right.unplug()
    await ana.waitForTimeout(500)
    const before = right.passed()
    await write(ana, " Ana goes on.")
    await write(bo, " Bo goes on.")
    await ana.waitForTimeout(2_000)
    expect(right.passed(), "bytes that passed a cable which was pulled out").toBe(before)
    expect(await ana.locator(EDITOR).textContent()).not.toContain("Bo goes on.")
    await right.plugIn()
    await shows(ana, "Bo goes on.", 75_000)
    await shows(bo, "Ana goes on.", 75_000)
    await agree([ana, bo], 30_000)

    await waitFor(async () => (await peerTraffic(ana)).connected > 0, {
      what: "a direct connection between the machines",
      timeoutMs: 45_000,
    })
    await relay.kill()
    await write(ana, " Without a relay.")
    await shows(bo, "Without a relay.", 30_000)
  } finally {
    await machines.close()
  }
})
