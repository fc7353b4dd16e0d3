// What a document was: who wrote what, what became different, and the way back.
import { blocks, join, share, shows, stands, start, write } from "./app"
import { expect, test } from "./harness"

test("Ana sees what Bo wrote, and restores what was there before", async ({ relay, startDevice }) => {
  const [ana, bo] = [(await startDevice()).page, (await startDevice()).page]
  // An afternoon apart: pauses are told by the writers' clocks.
  await ana.clock.setSystemTime(Date.now() - 5 * 60 * 60_000)
  await start(ana, relay.url)
  await ana.keyboard.type("Soup for ten.\nChairs from the hall.")
  await ana.evaluate(() => dispatchEvent(new Event("blur"))) // what was written is sealed, at that time
  await stands(ana, /Only on this device/)
  await ana.clock.setSystemTime(Date.now())
  const link = await share(ana, "edit", "Ana")
  await join(bo, link)
  await shows(bo, "Chairs from the hall.")
  await bo.locator(".name-prompt input").fill("Bo")
  await bo.keyboard.press("Enter")
  await expect(ana.locator(".avatars")).toContainText("B")
  await write(bo, " And tables.")
  await shows(ana, "And tables.")

  await ana.getByRole("button", { name: "More", exact: true }).click()
  await ana.getByRole("menuitem", { name: "History" }).click()
  const versions = ana.getByRole("navigation", { name: "Versions" }).getByRole("button")
  await expect(versions).toHaveCount(2)
  await expect(versions.first()).toContainText("Bo")
  await expect(versions.last()).toContainText("You")
  await expect(ana.locator(".history-page ins")).toHaveText("And tables.")
  await versions.last().click()
  await expect(ana.locator(".history-page")).toContainText("Soup for ten.")
  await expect(ana.locator(".history-page")).not.toContainText("And tables.")
  await ana.getByLabel("Compared with").selectOption({ label: "how it is now" })
  await expect(ana.locator(".history-page")).toContainText("And tables.")
  await expect(ana.locator(".history-page ins")).toHaveText("And tables.")

  await ana.getByRole("button", { name: "Restore this version" }).click()
  await expect(ana.getByRole("navigation", { name: "Versions" })).toHaveCount(0)
  for (const page of [ana, bo])
    await expect.poll(() => blocks(page)).toEqual(["Soup for ten.", "Chairs from the hall."])
  await ana.keyboard.press("ControlOrMeta+z")
  await shows(bo, "And tables.")
  await ana.keyboard.press("ControlOrMeta+Shift+z")
  await expect.poll(() => blocks(bo)).toEqual(["Soup for ten.", "Chairs from the hall."])
  // Beside the text the browser has an undo of its own, which knows nothing of Bo.
  await ana.getByRole("button", { name: "Share", exact: true }).focus()
  await ana.keyboard.press("ControlOrMeta+z")
  await expect.poll(() => blocks(bo)).toEqual(["Soup for ten.", "Chairs from the hall. And tables."])
})
