// The pictures of Sheaf that the README and the manifest show, taken of the app itself: three people write minutes, on a
// desk and on a phone. `npm run screenshots` takes them anew after what they show has changed.
import { caretIn, join, paste, share, shows, stands, start } from "./app"
import { expect, type Page, test } from "./harness"

const MINUTES = `## 1. Opening

Present: Ana, Bo, Leila. Apologies: Jo. The minutes of the last meeting were **agreed** with one change: the seed order is due *before* the frost, not after it.

## 2. Matters arising

- The polytunnel needs a new sheet; Bo has two offers.
- Rent goes up in March. Ask the owner for two years at the same rent.

We talked about who holds the keys of the shop and found that nobody knew. From now on the list hangs behind the counter.

> Whoever opens, closes. Whoever closes, counts the till.

## To do

- [x] Ana orders the seeds
- [ ] Bo asks both shops about the sheet

| | Float | Takings |
| --- | --- | --- |
| Saturday | 40.00 | 312.50 |
| Sunday | 40.00 | 128.00 |
`

test("three people write minutes", async ({ relay, startDevice }) => {
  const ana = (await startDevice()).page
  await ana.setViewportSize({ width: 1280, height: 800 })
  await start(ana, relay.url)
  await ana.getByRole("textbox", { name: "Title", exact: true }).fill("Minutes, 12 November")
  await ana.locator(".ProseMirror").focus()
  await paste(ana, MINUTES)
  await shows(ana, "128.00")
  const link = await share(ana, "edit", "Ana Sousa")

  const leila = (await startDevice({ device: "phone" })).page
  const bo = (await startDevice()).page
  for (const [page, name] of [
    [bo, "Bo"],
    [leila, "Leila Haddad"],
  ] as const) {
    await join(page, link)
    await shows(page, "128.00")
    await named(page, name)
  }
  await caretIn(bo, "two offers")
  await caretIn(leila, "one change")
  await caretIn(ana, "behind the counter.")
  for (const page of [ana, leila]) await page.locator("main").evaluate(each => each.scrollTo(0, 0))
  await expect(ana.locator(".status-strip")).toContainText("Live with")
  await stands(ana, /Safe in/)
  await expect(ana.getByText("Pasted as formatted text")).toBeHidden({ timeout: 20_000 })
  await ana.waitForTimeout(1_000) // carets take their places, the pulse of the status is calm
  await ana.screenshot({ path: "public/s/wide.png" })
  await leila.screenshot({ path: "public/s/narrow.png" })
  await leila.screenshot({ path: "docs/phone.png" })
  await ana.locator(".title-bar .chip").click()
  await ana.waitForTimeout(500)
  await ana.screenshot({ path: "docs/desk.png" })
})

/** Says who one is, where the screen asks for it. */
async function named(page: Page, name: string): Promise<void> {
  const field = page.locator(".name-prompt input")
  if (!(await field.isVisible().catch(() => false))) return
  await field.fill(name)
  await page.keyboard.press("Enter")
}
