// Two people, two browsers, one document: what one types appears at the other, carets too; and a relay that brings
// what was written by somebody who has left, without having been able to read a word of it.
import { readdirSync, readFileSync } from "node:fs"
import { join as joinPath } from "node:path"
import { agree, EDITOR, join, share, shows, stands, start, write } from "./app"
import { cutPeers, expect, expectQuiet, median, noticed, peerTraffic, test } from "./harness"
import { keyToPaint } from "./latency"

test("what one types appears at the other, with carets and names", async ({ relay, startDevice }) => {
  const ana = (await startDevice()).page
  const bo = (await startDevice()).page
  await start(ana, relay.url)
  await ana.keyboard.type("Minutes of the spring meeting")
  const link = await share(ana, "edit", "Ana")
  await join(bo, link)
  expect(new URL(bo.url()).hash, "the secret is taken out of the address bar").toBe("")
  await shows(bo, "Minutes of the spring meeting")

  await write(bo, "\nBo was here")
  await shows(ana, "Bo was here")
  await ana.locator(EDITOR).focus()
  await expect(ana.getByText("Live with")).toBeVisible()
  await expect(bo.getByText(/Live with .*Ana/)).toBeVisible()
  await expect(bo.locator(".remote-caret, [data-caret]").first()).toBeAttached()

  // Through the relay and not past it: what two devices say straight to each other is measured in its own place.
  for (const page of [ana, bo]) {
    await cutPeers(page)
    expect(await peerTraffic(page)).toEqual({ connected: 0, bytes: 0 })
  }
  for (const [rhythm, everyMs] of [
    ["a key after a quiet moment", 400],
    ["typing", 90],
  ] as const) {
    const delays = await keyToPaint(ana, bo, 20, everyMs)
    expect(delays.every(delay => delay > 0)).toBe(true)
    console.log(`key to remote paint through the relay, ${rhythm}: median ${median(delays).toFixed(0)} ms`)
  }
  await agree([ana, bo])
  await stands(ana, /relay|places|1 other/i)
  await expectQuiet(ana)
  await expectQuiet(bo)
})

test("who comes later gets it from the relay alone, which cannot read it", async ({ relay, startDevice }) => {
  const canary = "zanahoria-azul-7431"
  const first = await startDevice()
  await start(first.page, relay.url)
  await first.page.keyboard.type(`The password of the allotment is ${canary}.`)
  const link = await share(first.page, "edit", `Ana ${canary}`)
  await stands(first.page, /relay/i)
  const asked = noticed(first.page).requests
  await first.quit()

  const bo = (await startDevice()).page
  await join(bo, link)
  await shows(bo, canary)

  const secret = new URL(link).hash.slice(1)
  const readable = [canary, secret, secret.slice(50, 110)]
  const places = [relay.log(), ...asked, ...noticed(bo).requests, ...filesOf(relay.dataDir)]
  expect(places.length).toBeGreaterThan(4)
  for (const place of places) {
    for (const words of readable) {
      expect(place.includes(words), `the relay can read “${words.slice(0, 12)}…”`).toBe(false)
      expect(place.includes(Buffer.from(words, "utf16le").toString("latin1"))).toBe(false)
    }
  }
})

test("a name is asked for, shown to others and kept", async ({ relay, startDevice }) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  await device.page.keyboard.type("Something")
  await share(device.page, "read", "Núria 🌾")
  await stands(device.page, /relay/i)
  const page = await device.reopen()
  await page.goto(relay.url)
  await page.getByRole("link", { name: /Something|Untitled/ }).click()
  await shows(page, "Something")
  await page.getByRole("button", { name: "Share", exact: true }).click()
  await expect(page.getByRole("dialog").getByLabel("Your name")).toHaveCount(0)
})

/** Every file below a folder, byte for byte. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(joinPath(entry.parentPath, entry.name)).toString("latin1"))
}

test("one goes to where another is, unless they work quietly", async ({ relay, startDevice }) => {
  const [ana, bo] = [(await startDevice()).page, (await startDevice()).page]
  await start(ana, relay.url)
  await ana.keyboard.type(Array.from({ length: 70 }, (_, line) => `Line ${line}`).join("\n"))
  await join(bo, await share(ana, "edit", "Ana"))
  await shows(bo, "Line 69")
  await write(bo, " and the end")
  await shows(ana, "and the end")
  const end = ana.locator(`${EDITOR} p`, { hasText: "and the end" })
  await ana.locator(`${EDITOR} p`).first().scrollIntoViewIfNeeded()
  await expect(end).not.toBeInViewport()
  await ana.getByRole("button", { name: /1 person/ }).click()
  await ana.getByRole("button", { name: /^Go to where/ }).click()
  await expect(end).toBeInViewport()

  await ana.getByRole("button", { name: /1 person/ }).click()
  await ana.getByRole("button", { name: /^Follow / }).click()
  await expect(ana.getByText("Escape ends it.", { exact: false })).toBeVisible()
  await bo.getByRole("button", { name: /1 person/ }).click()
  await expect(bo.getByText("follows you", { exact: false })).toBeVisible()
  await bo.keyboard.press("Escape")
  await expect(bo.getByRole("heading", { name: "Here now" })).toHaveCount(0)
  await bo.locator(`${EDITOR} p`).first().click()
  await bo.keyboard.type("!")
  await expect(end).not.toBeInViewport()
  await ana.keyboard.press("Escape")
  await expect(ana.getByText("Escape ends it.", { exact: false })).toHaveCount(0)

  await bo.getByRole("button", { name: /1 person/ }).click()
  await expect(bo.getByText("follows you", { exact: false })).toHaveCount(0)
  await bo.getByLabel("Work quietly").check()
  await expect(ana.locator(".remote-caret")).toHaveCount(0)
  await ana.getByRole("button", { name: /1 person/ }).click()
  await expect(ana.getByRole("button", { name: /^Go to where/ })).toHaveCount(0)
})
