// A right is taken back: whoever had it keeps what they have and gets nothing more, on a link that is open too, and is
// told so; everybody else writes on, with a new key that nobody notices.
import { EDITOR, join, share, shows, start, text, write } from "./app"
import { expect, type Page, test } from "./harness"

async function introduce(page: Page, name: string): Promise<void> {
  await page.locator(".name-prompt input").fill(name)
  await page.keyboard.press("Enter")
  await expect(page.locator(".name-prompt")).toHaveCount(0)
}

test("Ana takes Bo's right back; Cy writes on with her, Bo keeps what there was", async ({
  relay,
  startDevice,
}) => {
  const [first, second, third] = [await startDevice(), await startDevice(), await startDevice()]
  const [ana, bo, cy] = [first.page, second.page, third.page]
  await start(ana, relay.url)
  await ana.keyboard.type("Soup for forty.")
  const forBo = await share(ana, "suggest", "Ana")
  const forCy = await share(ana, "edit", "Ana")
  await join(bo, forBo)
  await join(cy, forCy)
  for (const [page, name] of [
    [bo, "Bo"],
    [cy, "Cy"],
  ] as const) {
    await shows(page, "Soup for forty.")
    await introduce(page, name)
  }
  await write(cy, " And chairs.")
  await shows(bo, "And chairs.")
  await shows(ana, "And chairs.")

  await ana.getByRole("button", { name: "Share", exact: true }).click()
  await ana.getByRole("button", { name: "Take back “can suggest changes” from Bo" }).click()
  await expect(ana.getByText("They can still have")).toBeVisible()
  await ana.getByRole("button", { name: "Take it back" }).click()
  await expect(ana.getByRole("button", { name: /Take back “can suggest/ })).toHaveCount(0)
  await ana.keyboard.press("Escape")

  await expect(bo.getByText("You no longer have access").first()).toBeVisible({ timeout: 15_000 })
  await expect(bo.getByText("Ana took your right back.", { exact: false })).toBeVisible()
  await write(cy, " Cy goes on.")
  await shows(ana, "Cy goes on.")
  await write(ana, " So does Ana.")
  await shows(cy, "So does Ana.")
  await expect(cy.locator(".avatars")).toContainText("A")
  await bo.waitForTimeout(1_000)
  expect(await text(bo)).toBe("Soup for forty. And chairs.")

  // The link opens nothing for anybody new, and the one who had it finds the same after a start.
  const dee = (await startDevice()).page
  await dee.goto(forBo)
  await expect(dee.getByRole("heading", { name: "This link does not open the document" })).toBeVisible({
    timeout: 20_000,
  })
  expect(await dee.locator(EDITOR).count()).toBe(0)
  for (const page of [bo, dee]) await expect(page.getByText("The relay does not take")).toHaveCount(0)
  const address = bo.url()
  await (await second.reopen()).goto(address)
  await shows(second.page, "Soup for forty. And chairs.")
  await expect(second.page.getByText("You no longer have access").first()).toBeVisible()
  await expect(second.page.locator(`${EDITOR}[contenteditable=true]`)).toHaveCount(0)

  // Who comes now, by a link made after it, reads everything.
  const link = await share(ana, "suggest", "Ana")
  expect(link).not.toBe(forBo)
  await join(dee, link)
  await shows(dee, "Soup for forty. And chairs. Cy goes on. So does Ana.")
})

test("a link for a day gives a right for a day, and says so when it is over", async ({
  relay,
  startDevice,
}) => {
  const [ana, device] = [(await startDevice()).page, await startDevice()]
  await start(ana, relay.url)
  await ana.keyboard.type("Soup for forty.")
  await share(ana, "edit", "Ana")
  await ana.getByRole("button", { name: "Share", exact: true }).click()
  await ana.getByLabel("The link works").selectOption({ label: "for a day" })
  await ana.getByRole("button", { name: "Create a link" }).click()
  const field = ana.locator("input.link-field")
  await expect(field).toHaveValue(/\/join#./)
  const link = await field.inputValue()
  await ana.keyboard.press("Escape")
  await join(device.page, link)
  await shows(device.page, "Soup for forty.")
  await expect(device.page.locator(`${EDITOR}[contenteditable=true]`)).toHaveCount(1)
  const address = device.page.url()
  await device.quit()

  const later = await device.reopen()
  await later.clock.setSystemTime(Date.now() + 25 * 60 * 60_000)
  await later.goto(address)
  await shows(later, "Soup for forty.")
  await expect(later.getByText("Your right had an end, and has run out.", { exact: false })).toBeVisible()
  await expect(later.locator(`${EDITOR}[contenteditable=true]`)).toHaveCount(0)
})
