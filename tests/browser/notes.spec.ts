// Comments and suggestions between two people: one may edit, the other may only comment or only suggest, and what
// they say beside the text reaches both.
import { caretIn, EDITOR, join, share, shows, start, text } from "./app"
import { expect, type Page, test } from "./harness"

test("two people comment, answer, resolve and open again; whoever may only comment changes no word", async ({
  relay,
  startDevice,
}) => {
  const ana = (await startDevice()).page
  const bo = (await startDevice()).page
  await start(ana, relay.url)
  await ana.keyboard.type("The assembly meets in May.\nThe hall is booked.")
  await join(bo, await share(ana, "comment", "Ana"))
  await shows(bo, "The hall is booked.")
  await introduce(bo, "Bo")

  await select(bo, "in May")
  await bo.keyboard.press("ControlOrMeta+Alt+m")
  await bo.getByRole("textbox", { name: "Write a comment" }).fill("Not in June?")
  await bo.keyboard.press("ControlOrMeta+Enter")
  await expect(card(bo)).toContainText("Not in June?")

  await expect(card(ana)).toContainText("Not in June?")
  await expect(card(ana)).toContainText("Bo")
  await expect(ana.locator(`${EDITOR} .commented`)).toHaveText("in May")
  await level(ana)

  // The words change around it, and it stays with them.
  await caretIn(ana, "The assembly", 0)
  await ana.keyboard.type("Dear all, ")
  await expect(ana.locator(`${EDITOR} .commented`)).toHaveText("in May")
  await expect(bo.locator(`${EDITOR} .commented`)).toHaveText("in May")

  await ana.keyboard.press("ControlOrMeta+Alt+n")
  await ana.getByRole("textbox", { name: "Reply" }).fill("The hall is taken then.")
  await ana.keyboard.press("ControlOrMeta+Enter")
  await expect(card(bo)).toContainText("The hall is taken then.")
  await card(bo).getByRole("button", { name: "Mark as resolved" }).click()
  await expect(card(ana)).toContainText("Resolved by Bo")
  await ana.getByText("The hall is booked.").click()
  await expect(ana.locator(`${EDITOR} .commented`)).toHaveCount(0)
  await ana.getByRole("button", { name: "Comments", exact: true }).click()
  await ana.getByRole("combobox").selectOption("Resolved")
  await expect(card(ana)).toContainText("Resolved by Bo")
  await card(ana).getByRole("button", { name: "Open again" }).click()
  await expect(card(bo).getByRole("button", { name: "Mark as resolved" })).toBeVisible()
  await ana.getByRole("complementary").getByRole("button", { name: "Close" }).click()

  await bo.locator(EDITOR).click()
  await bo.keyboard.type("vandal")
  expect(await text(bo)).toBe("Dear all, The assembly meets in May.\nThe hall is booked.")

  await select(ana, "meets in May")
  await ana.keyboard.press("Delete")
  await expect(card(bo)).toContainText("About text that was removed: “in May”")
  await ana.keyboard.press("ControlOrMeta+z")
  await expect(bo.locator(`${EDITOR} .commented`)).toHaveText("in May")
})

const card = (page: Page) => page.locator("[data-card]")

/** A card stands beside its words. */
async function level(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const [words, box] = [
        await page.locator(`${EDITOR} .commented`).boundingBox(),
        await card(page).boundingBox(),
      ]
      return words && box ? Math.abs(words.y - box.y) : Number.POSITIVE_INFINITY
    })
    .toBeLessThan(30)
}

async function introduce(page: Page, name: string): Promise<void> {
  await page.getByLabel("What should others call you?").fill(name)
  await page.keyboard.press("Enter")
}

/** Selects words as a mouse would, wherever the caret is. */
async function select(page: Page, words: string): Promise<void> {
  await page.locator(EDITOR).click()
  await page.locator(EDITOR).evaluate((editor, words) => {
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT)
    const nodes: Text[] = []
    while (walker.nextNode()) nodes.push(walker.currentNode as Text)
    const whole = nodes.map(node => node.data).join("")
    const start = whole.indexOf(words)
    const place = (at: number): [Text, number] => {
      let left = at
      for (const node of nodes) {
        if (left <= node.length) return [node, left]
        left -= node.length
      }
      throw new Error(`“${words}” is not in the text`)
    }
    getSelection()?.setBaseAndExtent(...place(start), ...place(start + words.length))
  }, words)
  await page.waitForTimeout(50)
}

test("what one suggests stands in the other's text until it is accepted or rejected", async ({
  relay,
  startDevice,
}) => {
  const ana = (await startDevice()).page
  const bo = (await startDevice()).page
  await start(ana, relay.url)
  await ana.keyboard.type("The assembly meets in May.\nThe hall is booked.")
  const words = await text(ana)
  await join(bo, await share(ana, "suggest", "Ana"))
  await shows(bo, "The hall is booked.")
  await introduce(bo, "Bo")

  await caretIn(bo, "The hall is")
  await bo.keyboard.type(" not")
  await expect(bo.locator(`${EDITOR} .suggested-insert`)).toHaveText(" not")
  await caretIn(bo, "in May")
  for (let key = 0; key < 3; key++) await bo.keyboard.press("Backspace")
  await bo.keyboard.type("June")
  await select(bo, "assembly")
  await bo.keyboard.press("ControlOrMeta+b")
  await expect(bo.locator(`${EDITOR} .suggested-format`)).toHaveText("assembly")
  expect(await text(ana), "the text itself is as it was").toBe(words)

  await expect(ana.locator(`${EDITOR} .suggested-insert`)).toHaveText(["June", " not"])
  await expect(ana.locator(`${EDITOR} .suggested-delete`)).toHaveText("May")
  await expect(ana.locator(`${EDITOR} .suggested-format`)).toHaveText("assembly")
  const of = (what: RegExp) => card(ana).filter({ hasText: what })
  await expect(of(/Replace “May” with “June”/)).toContainText("Bo")

  // Others write on meanwhile, and what is suggested finds its place.
  // The editor puts its own caret back a moment after the focus came from elsewhere.
  await ana.locator(EDITOR).focus()
  await ana.waitForTimeout(100)
  await caretIn(ana, "The ", 0)
  await ana.keyboard.type("Dear all: ")
  await of(/Replace/)
    .getByRole("button", { name: "Accept" })
    .click()
  await of(/Bold/).getByRole("button", { name: "Accept" }).click()
  await of(/Add “not”/)
    .getByRole("button", { name: "Reject" })
    .click()
  await shows(bo, "Dear all: The assembly meets in June.")
  await expect(bo.locator(`${EDITOR} strong`)).toHaveText("assembly")
  await expect(bo.locator(`${EDITOR} .noted`)).toHaveCount(0)
  expect(await text(bo)).toBe("Dear all: The assembly meets in June.\nThe hall is booked.")

  // Somebody who may edit can suggest as well, also by the key.
  await ana.keyboard.press("ControlOrMeta+Alt+Shift+x")
  await expect(ana.getByRole("button", { name: /Suggesting/ })).toBeVisible()
  await caretIn(ana, "booked")
  await ana.keyboard.type(" for us")
  await expect(bo.locator(`${EDITOR} .suggested-insert`)).toHaveText(" for us")
  expect(await text(bo)).toContain("The hall is booked.")

  // A word that an input method composes is suggested whole, and once.
  const keys = await ana.context().newCDPSession(ana)
  for (const word of ["n", "に", "にほ", "にほん"])
    await keys.send("Input.imeSetComposition", {
      text: word,
      selectionStart: word.length,
      selectionEnd: word.length,
    })
  await keys.send("Input.insertText", { text: "日本" })
  await expect(bo.locator(`${EDITOR} .suggested-insert`)).toHaveText(" for us日本")
  await ana.keyboard.press("ControlOrMeta+z")
  await expect(bo.locator(`${EDITOR} .suggested-insert`)).toHaveText(" for us")
  expect(await text(ana)).toContain("The hall is booked.")
})
