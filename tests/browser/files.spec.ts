// Documents in files: between devices that no network connects, out and back.
import { readFileSync } from "node:fs"
import { EDITOR, precached, ready, shows, start, write } from "./app"
import { expect, type Page, test } from "./harness"

test("everything goes to another device in a sealed file, and edits come back in one", async ({
  relay,
  startDevice,
}) => {
  const [laptop, office] = [(await startDevice()).page, (await startDevice()).page]
  await start(laptop, relay.url)
  await laptop.keyboard.type("Soup for forty, bread from the oven.")
  await start(office, relay.url)
  await office.getByRole("button", { name: "All documents" }).click()
  await laptop.getByRole("button", { name: "All documents" }).click()
  await Promise.all([precached(laptop), precached(office)])
  await relay.kill()

  await laptop.locator("header").getByRole("button", { name: "More", exact: true }).click()
  await laptop.getByRole("menuitem", { name: "Take everything…" }).click()
  const passphrase = "carrots in the old barn"
  await laptop.getByRole("textbox", { name: "Passphrase" }).fill(passphrase)
  const file = await downloaded(laptop, () => laptop.getByRole("button", { name: "Save the file" }).click())
  expect(file.name).toMatch(/^Sheaf \d{4}-\d\d-\d\d\.sheaf$/)
  expect(readFileSync(file.path).subarray(0, 6).toString()).toBe("SHEAF1")

  await openFile(office, file.path)
  const dialog = office.getByRole("dialog")
  await dialog.getByRole("textbox", { name: "Passphrase" }).fill("carrots in the new barn")
  await dialog.getByRole("button", { name: "Open", exact: true }).click()
  await expect(dialog.getByText("This passphrase does not open the file.")).toBeVisible()
  await dialog.getByRole("textbox", { name: "Passphrase" }).fill(passphrase)
  await dialog.getByRole("button", { name: "Open", exact: true }).click()
  await expect(dialog.getByText("new on this device")).toBeVisible()
  await dialog.getByRole("button", { name: "Show the document" }).click()
  await ready(office)
  await shows(office, "Soup for forty, bread from the oven.")
  await write(office, " And chairs.")
  await office.locator("header").getByRole("button", { name: "More", exact: true }).click()
  await office.getByRole("menuitem", { name: "Save a sealed copy (.sheaf)" }).click()
  const back = await downloaded(office, () => office.getByRole("button", { name: "Save the file" }).click())
  expect(readFileSync(back.path).includes("chairs"), "nobody reads it without a key").toBe(false)

  await openFile(laptop, back.path)
  await expect(laptop.getByRole("dialog").getByText(/edits? by you, elsewhere/)).toBeVisible()
  await laptop.getByRole("button", { name: "Show the document" }).click()
  await expect(laptop.locator(EDITOR)).toBeVisible()
  await shows(laptop, "Soup for forty, bread from the oven. And chairs.")
})

async function openFile(page: Page, path: string): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(path)
}

async function downloaded(page: Page, act: () => Promise<void>): Promise<{ name: string; path: string }> {
  const [download] = await Promise.all([page.waitForEvent("download"), act()])
  return { name: download.suggestedFilename(), path: await download.path() }
}
