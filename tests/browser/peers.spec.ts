// Straight from device to device: two browsers write one document while the relay's /sync is shut, and what a relay
// would otherwise do falls to the peers.
import type { Page } from "@playwright/test"
import { agree, join, share, shows, start, write } from "./app"
import { type Browser, expect, expectQuiet, NETWORK_LOSS, peerTraffic, test } from "./harness"

const SYNC_SHUT = [...NETWORK_LOSS, /sync/]

test("with /sync shut, two write one document straight between their devices", async ({
  relay,
  startDevice,
}) => {
  const [ana, bo] = [await shut(await startDevice()), await shut(await startDevice())]
  await start(ana, relay.url)
  await ana.keyboard.type("Only between us")
  await join(bo, await share(ana, "edit", "Ana"))
  await shows(bo, "Only between us")
  await write(bo, "\nBo was here")
  await shows(ana, "Bo was here")
  await expect(bo.getByText(/Live with .*Ana \(directly\)/)).toBeVisible()
  await agree([ana, bo])
  expect((await peerTraffic(ana)).connected).toBe(1)
  expectQuiet(ana, SYNC_SHUT)
  expectQuiet(bo, SYNC_SHUT)
})

/** A device for which the relay's /sync is not there. Its pages find others by /signal alone. */
async function shut({ page, context }: Browser): Promise<Page> {
  await context.routeWebSocket(/\/sync$/, socket => socket.close())
  return page
}
