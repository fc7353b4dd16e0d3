// Two tabs of one profile, of which one closes while the other opens: at whatever step of the start that happens, no
// word is set aside, because all of them are in the log.
import { expect, test } from "vitest"
import { Device, share, turns } from "./rig"

test("a tab that opens while another one closes finds its words in the log", async () => {
  const shared = await share(31)
  for (let after = 0; after < 40; after += 2) {
    const device = new Device(shared, shared.founder, 100 + after)
    const first = await device.open()
    first.type(0, "typed and not yet sealed")
    const opening = device.open()
    await turns(after)
    await first.replica.close()
    const second = await opening
    await second.replica.settled()
    expect(second.replica.health.aside, `after ${after} turns`).toEqual([])
    expect(second.text(), `after ${after} turns`).toBe("typed and not yet sealed")
    await second.replica.close()
  }
})
