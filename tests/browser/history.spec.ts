// What a document was: who wrote what, what became different, and the way back.
import { blocks, caretIn, EDITOR, join, share, shows, stands, start, write } from "./app"
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

test("who was away is told who wrote meanwhile, and led from change to change", async ({
  relay,
  startDevice,
}) => {
  const [ana, device] = [(await startDevice()).page, await startDevice()]
  const bo = device.page
  await start(ana, relay.url)
  await ana.keyboard.type("Soup for ten.\nChairs from the hall.\nThe end.")
  await join(bo, await share(ana, "edit", "Ana"))
  await shows(bo, "The end.")
  await expect(bo.locator(".status-strip")).toContainText("Live with")
  await bo.getByRole("button", { name: "All documents" }).click()
  await expect(bo.locator(EDITOR)).toHaveCount(0)
  await device.quit()

  await write(ana, " Or not.")
  await caretIn(ana, "Soup for ten", 0)
  await ana.keyboard.type("Friday: ")
  await stands(ana, /relay|places|device/i)
  const again = await device.reopen()
  await again.goto(relay.url)
  await again.getByRole("link", { name: /Soup for ten|Untitled/ }).click()
  await expect(again.getByText("Since you were last here, Ana wrote in it.")).toBeVisible({ timeout: 20_000 })
  await shows(again, "Or not.")
  await again.getByRole("button", { name: "Show what changed" }).click()
  await expect(again.locator(".history-page ins")).toHaveText(["Friday: ", " Or not."])
  await again.getByRole("button", { name: "Next change" }).click()
  await expect(again.getByText("Change 1 of 2", { exact: true }).first()).toBeVisible()
  await again.keyboard.press("Escape")
  await expect(again.getByRole("navigation", { name: "Versions" })).toHaveCount(0)
  await expect(again.getByText("Since you were last here")).toHaveCount(0)
  await again.reload()
  await shows(again, "Or not.")
  await again.waitForTimeout(2_500)
  await expect(again.getByText("Since you were last here")).toHaveCount(0)
})
