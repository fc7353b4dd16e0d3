// The text takes keys before anything around it is here. What is held back in this test is the desk (menus, notes, the
// clipboard, the toolbar), as on a slow connection; what is done meanwhile is all there when it comes.
import { blocks, EDITOR, paste, start } from "./app"
import { expect, expectQuiet, test } from "./harness"

test("keys pressed and words pasted before the desk is there are kept", async ({ relay, startDevice }) => {
  const { page } = await startDevice()
  let letCome: () => void = () => undefined
  const held = new Promise<void>(resolve => {
    letCome = resolve
  })
  await page.route(/\/assets\/Desk-[^/]*\.js$/, async route => {
    await held
    await route.continue()
  })
  await start(page, relay.url)
  await page.keyboard.type("# Minutes")
  await page.keyboard.press("Enter")
  await page.keyboard.press("Control+b")
  await page.keyboard.type("Present:")
  await page.keyboard.press("Control+b")
  await page.keyboard.type(" Ana")
  await page.keyboard.press("Enter")
  await paste(page, "- milk\n- bread")
  await page.keyboard.press("Control+/")
  await expect(page.getByRole("toolbar")).toHaveCount(0)
  expect(await blocks(page)).toEqual(["Minutes", "Present: Ana", ""])
  await expect(page.locator(`${EDITOR} h1, ${EDITOR} h2`)).toHaveText("Minutes")

  letCome()
  await expect(page.getByRole("toolbar", { name: "Formatting" })).toBeVisible()
  await expect(page.getByRole("dialog")).toBeVisible() // the palette
  await page.keyboard.press("Escape")
  await expect.poll(() => blocks(page)).toEqual(["Minutes", "Present: Ana", "milk", "bread"])
  await expect(page.locator(`${EDITOR} strong`)).toHaveText("Present:")

  // What was done before can be taken back like anything else.
  await page.locator(EDITOR).focus()
  for (let times = 0; times < 12; times++) await page.keyboard.press("Control+z")
  expect(await blocks(page)).toEqual([""])
  await expectQuiet(page)
})
