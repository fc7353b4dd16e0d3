// Case by case, in two real browsers that cannot hear each other: while Bo types in a paragraph, Ana joins it, splits
// it, retitles it, wraps it in a list, quotes it, indents it, ticks it. Bo's words are there, in place, on both.
import { agree, apart, blocks, caretIn, EDITOR, join, reunite, share, shows, start } from "./app"
import { expect, type Page, startProxy, test } from "./harness"

interface Case {
  readonly name: string
  readonly ana: (page: Page) => Promise<void>
  /** The blocks that both must show in the end. */
  readonly after: readonly string[]
  /** How the block that Bo wrote in must be drawn. */
  readonly shape?: string
}

const BEFORE = ["The hall is booked", "We bring the soup", "Bread comes from Bo"]
const BO = " and a big pot"

const cases: readonly Case[] = [
  {
    name: "joins it to the one before",
    ana: async page => {
      await caretIn(page, "We bring", 0)
      await page.keyboard.press("Backspace")
    },
    after: [`The hall is bookedWe bring the soup${BO}`, "Bread comes from Bo"],
  },
  {
    name: "splits it",
    ana: async page => {
      await caretIn(page, "We bring", 8)
      await page.keyboard.press("Enter")
    },
    after: ["The hall is booked", "We bring", ` the soup${BO}`, "Bread comes from Bo"],
  },
  {
    name: "makes it a heading",
    ana: async page => {
      await caretIn(page, "We bring", 2)
      await page.keyboard.press("Control+Alt+Digit2")
    },
    after: ["The hall is booked", `We bring the soup${BO}`, "Bread comes from Bo"],
    shape: "h2, h3, h4",
  },
  {
    name: "wraps it in a list",
    ana: async page => {
      await caretIn(page, "We bring", 2)
      await page.keyboard.press("Control+Shift+Digit8")
    },
    after: ["The hall is booked", `We bring the soup${BO}`, "Bread comes from Bo"],
    shape: "[data-list=bullet]",
  },
  {
    name: "quotes it",
    ana: async page => {
      await caretIn(page, "We bring", 2)
      await page.keyboard.press("Control+Shift+Period")
    },
    after: ["The hall is booked", `We bring the soup${BO}`, "Bread comes from Bo"],
    shape: "[data-in^=quote]",
  },
  {
    name: "indents it",
    ana: async page => {
      await caretIn(page, "We bring", 2)
      await page.keyboard.press("Control+]")
    },
    after: ["The hall is booked", `We bring the soup${BO}`, "Bread comes from Bo"],
    shape: "[data-indent='1']",
  },
  {
    name: "makes it a task and ticks it",
    ana: async page => {
      await caretIn(page, "We bring", 2)
      await page.keyboard.press("Control+Shift+Digit9")
      await page.keyboard.press("Control+Enter")
    },
    after: ["The hall is booked", `We bring the soup${BO}`, "Bread comes from Bo"],
    shape: "[data-checked=true]",
  },
]

test("while Bo types in a paragraph, Ana changes its shape", async ({ relay, startDevice }) => {
  const ana = (await startDevice()).page
  const bo = (await startDevice()).page
  const [anaNet, boNet] = await Promise.all([startProxy(relay.port), startProxy(relay.port)])
  try {
    for (const { name, ana: change, after, shape } of cases) {
      await test.step(`Ana ${name}`, async () => {
        await start(ana, new URL("/new", anaNet.url).href)
        await ana.keyboard.type(BEFORE.join("\n"))
        const link = await share(ana, "edit", "Ana")
        await join(bo, link, boNet.url)
        await shows(bo, "Bread comes from Bo")
        const devices = [
          { page: ana, net: anaNet },
          { page: bo, net: boNet },
        ]
        await apart(devices, async () => {
          await change(ana)
          await caretIn(bo, "We bring the soup")
          await bo.keyboard.type(BO)
          await ana.waitForTimeout(200)
          expect(await blocks(bo)).toEqual(BEFORE.map(text => (text.startsWith("We") ? text + BO : text)))
        })
        await reunite(devices)
        await shows(ana, BO)
        await agree([ana, bo])
        expect(await blocks(ana)).toEqual(after)
        if (shape) await expect(bo.locator(`${EDITOR} :is(${shape})`)).toHaveText(`We bring the soup${BO}`)
        await ana.getByRole("button", { name: "All documents" }).click()
      })
    }
  } finally {
    await Promise.all([anaNet.close(), boNet.close()])
  }
})
