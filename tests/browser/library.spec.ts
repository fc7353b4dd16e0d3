// The list of documents: found again by their words, arranged, put into the trash and out of it, and taken off the
// device for good, with the network off.
import { EDITOR, stands, start, write } from "./app"
import { expect, expectQuiet, test } from "./harness"

test("documents are searched, arranged, thrown away and restored without a network", async ({
  relay,
  startDevice,
}) => {
  const { page, context } = await startDevice()
  await start(page, relay.url)
  await write(page, "The seed order goes out on Friday")
  await page.evaluate(() => navigator.serviceWorker.ready)
  await context.setOffline(true)

  const home = () => page.getByRole("button", { name: "All documents", exact: true }).click()
  await home()
  await page.getByRole("button", { name: "New document" }).click()
  await expect(page.locator(EDITOR)).toBeFocused()
  await write(page, "Cançó de bressol")
  await home()

  await page.getByRole("button", { name: "Search all documents" }).click()
  const field = page.getByRole("searchbox", { name: "Search all documents" })
  await field.fill("canco")
  await expect(page.getByRole("status").filter({ hasText: "1 document" })).toBeVisible()
  await expect(page.locator("mark")).toHaveText("Cançó")
  await field.fill("friday")
  await expect(page.locator("mark")).toHaveText("Friday")
  await field.press("Enter")
  await expect(page.locator(EDITOR)).toContainText("seed order")

  await home()
  const rows = page.locator(".rows .row")
  await expect(rows).toHaveCount(2)
  const menu = async (row: number, item: string) => {
    await page.locator(".row-more").nth(row).click()
    await page.getByRole("menuitem", { name: item }).click()
  }
  await expect(rows.first()).toContainText("Cançó")
  await menu(1, "Pin to the top")
  await expect(rows.first()).toContainText("seed order")
  await menu(1, "Put into the trash")
  await expect(rows).toHaveCount(1)
  await page.getByRole("button", { name: "Trash", exact: true }).click()
  await expect(rows.first()).toContainText("stays until you remove it")
  await menu(0, "Restore")
  await page.getByRole("button", { name: "All documents", exact: true }).click()
  await expect(rows).toHaveCount(2)

  await menu(1, "Put into the trash")
  await page.getByRole("button", { name: "Trash", exact: true }).click()
  await menu(0, "Remove now")
  const question = page.getByRole("dialog")
  await expect(question).toContainText("No other place is known to have it")
  await question.getByRole("button", { name: "Remove" }).click()
  await expect(page.getByText("The trash is empty.")).toBeVisible()
  const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ""))
  expect(names.filter(name => name.startsWith("sheaf-copy/"))).toHaveLength(1)
  await page.reload()
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toContainText("seed order")
  await expectQuiet(page)
})

test("a browser that has cleared its databases is found out, and what was there is named until it is read", async ({
  relay,
  startDevice,
}) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  await device.page.keyboard.type("Words that were only here.")
  await device.page.getByRole("textbox", { name: "Title", exact: true }).fill("Seed list")
  await stands(device.page, /Only on this device/)
  await device.page.getByRole("button", { name: "All documents" }).click()
  await expect(device.page.getByText("Seed list")).toBeVisible()
  const page = await device.reopen()
  const devtools = await device.context.newCDPSession(page)
  await devtools.send("Storage.clearDataForOrigin", {
    origin: new URL(relay.url).origin,
    storageTypes: "indexeddb,cache_storage",
  })
  await start(page, relay.url)
  await expect(page.getByText("This browser has cleared what Sheaf kept in it")).toBeVisible()
  await expect(page.getByText(/1 document was here: Seed list\./)).toBeVisible()
  await page.keyboard.type("One begins anew.")
  await page.reload()
  await expect(page.getByText(/1 document was here: Seed list\./)).toBeVisible()
  await page.getByRole("button", { name: "Dismiss" }).click()
  await page.reload()
  await expect(page.locator(EDITOR)).toContainText("One begins anew.")
  await expect(page.getByText(/was here: Seed list/)).toHaveCount(0)
})
