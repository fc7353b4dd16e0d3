// Somebody keeps sealed copies for others: they can read nothing of them, and who has a right gets everything from there
// when nobody else is left.
import { EDITOR, join, share, shows, stands, start, write } from "./app"
import { expect, test, waitFor } from "./harness"
import { cutSync } from "./ways"

test("a neighbour keeps a sealed copy, reads nothing, and hands it to whoever has a right", async ({
  relay,
  startDevice,
}) => {
  const devices = [await startDevice(), await startDevice(), await startDevice()] as const
  // No relay keeps anything here: it only lets devices find each other.
  for (const { context } of devices) await cutSync(context)
  const [first, { page: neighbour }, { page: dee }] = devices
  const ana = first.page
  await start(ana, relay.url)
  const canary = "zanahoria-azul-7431"
  await ana.keyboard.type(`The password of the allotment is ${canary}.`)
  const toKeep = await share(ana, "keep", "Ana")
  const toEdit = await share(ana, "edit", "Ana")

  await neighbour.goto(toKeep)
  await expect(neighbour.getByText("You keep a sealed copy of 1 document for others.")).toBeVisible({
    timeout: 30_000,
  })
  await neighbour.getByLabel("For whom?").fill("Beta Co-op")
  await neighbour.getByRole("button", { name: "Save" }).last().click()
  await expect(neighbour.locator(".kept-copies").getByText("Beta Co-op")).toBeVisible()
  await stands(ana, /^On 1 other device$/)
  await write(ana, " And this came later.")
  // Alone, a device gathers its words for some seconds; out of sight they go at once. A receipt follows within a second.
  await ana.evaluate(() => window.dispatchEvent(new Event("blur")))
  await ana.waitForTimeout(3_000)
  await ana.locator("header .chip").first().click()
  const panel = ana.locator(".places")
  await expect(panel.getByText("A place that cannot read it")).toBeVisible()
  await expect(panel.getByText(/has everything/)).toHaveCount(1)
  await ana.keyboard.press("Escape")
  await stands(ana, /^On 1 other device$/)
  await first.quit()

  await join(dee, toEdit)
  await shows(dee, canary, 30_000)
  await shows(dee, "And this came later.")

  // Nothing of it can be read where it was kept, and it opens nothing there.
  expect(await neighbour.locator("body").textContent()).not.toContain(canary)
  expect(await everythingStored(neighbour)).not.toContain(canary)
  expect((await everythingStored(neighbour)).length).toBeGreaterThan(1_000)
  await neighbour.goto(new URL(dee.url()).href)
  await expect(neighbour.getByText("You keep a sealed copy of 1 document for others.")).toBeVisible()
  expect(await neighbour.locator(EDITOR).count()).toBe(0)
  await neighbour.goto(relay.url)
  await waitFor(async () => !(await neighbour.locator("body").textContent())?.includes("password"), {
    what: "the neighbour to see nothing",
  })

  // It is theirs to stop; and a link with more in it makes it a document like any other.
  await neighbour.goto(toEdit)
  await shows(neighbour, canary, 30_000)
})

/** Every value in the databases of a page, as one text. */
function everythingStored(page: import("@playwright/test").Page): Promise<string> {
  return page.evaluate(async () => {
    const said: string[] = []
    const decoder = new TextDecoder("latin1")
    const read = (value: unknown): void => {
      if (value instanceof Uint8Array) said.push(decoder.decode(value))
      else if (value instanceof ArrayBuffer) said.push(decoder.decode(value))
      else if (typeof value === "object" && value !== null) Object.values(value).forEach(read)
      else said.push(String(value))
    }
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name ?? "")
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll()
        await new Promise(resolve => {
          all.onsuccess = resolve
        })
        read(all.result)
      }
      database.close()
    }
    return said.join("\n")
  })
}
