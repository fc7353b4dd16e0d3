// A pause that ends by itself, although the app was closed meanwhile.
import { EDITOR, join, ready, share, shows, stands, start, write } from "./app"
import { expect, test } from "./harness"

test("paused for half an hour, closed, and opened later: it goes on by itself and has caught up", async ({
  relay,
  startDevice,
}) => {
  const [first, second] = [await startDevice(), await startDevice()]
  const ana = first.page
  const bo = second.page
  await start(ana, relay.url)
  await ana.keyboard.type("Soup for forty.")
  const link = await share(ana, "edit", "Ana")
  await join(bo, link)
  await shows(bo, "Soup for forty.")
  await ready(bo)
  await expect(bo.locator(".status-strip")).toContainText("Live with")

  await ana
    .getByRole("button", { name: /place|device|Saved|relay/ })
    .first()
    .click()
  await ana.getByText("Pause sending…").click()
  await ana.getByRole("button", { name: "30 minutes" }).click()
  await expect(ana.locator(".pause-chip")).toContainText(/Paused until \d\d:\d\d/)
  await stands(ana, /^Paused until \d\d:\d\d$/)
  await bo.getByRole("button", { name: /1 person/ }).click()
  await expect(bo.getByText(/paused until \d\d:\d\d/)).toBeVisible()
  await bo.keyboard.press("Escape")
  // The links go a moment after the others were told; what is written until then still leaves.
  await ana.waitForTimeout(1_000)
  await write(bo, " And chairs.")
  await write(ana, " Ana was here.")
  await ana.waitForTimeout(1_500)
  expect(await ana.locator(EDITOR).textContent()).not.toContain("chairs")
  expect(await bo.locator(EDITOR).textContent()).not.toContain("Ana was here")

  await ana.getByRole("button", { name: "All documents" }).click()
  await expect(ana.getByRole("button", { name: "Resume now" })).toBeVisible()
  await first.quit()
  const again = await first.reopen()
  await again.clock.setSystemTime(Date.now() + 31 * 60_000)
  await again.goto(relay.url)
  await again.getByRole("link", { name: /Soup for forty|Untitled/ }).click()
  await shows(again, "chairs")
  await shows(bo, "Ana was here")
  await expect(again.getByRole("button", { name: "Resume now" })).toBeHidden()
})
