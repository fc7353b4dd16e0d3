// The writing surface as somebody finds it who has no mouse, who writes with an input method, or who sees the page in
// another light: scripts of keys, compositions as the browser hears them from phones and other alphabets, and axe.
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type axe from "axe-core"
import { blocks, EDITOR, start } from "./app"
import { expect, type Page, test } from "./harness"

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/** The name of what has the focus, as it is told. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement
    return at?.getAttribute("aria-label") ?? at?.textContent?.trim() ?? ""
  })

/** One key after the other, as by a hand: the page hears of a moved caret in an event of its own before the next. */
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) {
    await page.keyboard.press(key)
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve))))
  }
}

/** Presses Tab until something of that name has the focus. */
const tabTo = async (page: Page, name: RegExp, key = "Tab") => {
  for (let count = 0; count < 60; count++) {
    if (name.test(await focused(page))) return
    await press(page, key)
  }
  throw new Error(`${key} does not lead to ${name}; it ended at “${await focused(page)}”`)
}

test("a comment is made, answered and resolved, and sending paused and resumed, by keys alone", async ({
  relay,
  startDevice,
}) => {
  const { page } = await startDevice()
  await start(page, relay.url)
  await page.keyboard.type("The assembly meets in May.")

  await test.step("a comment on the words that are selected, an answer, and it is resolved", async () => {
    await press(
      page,
      "Shift+ArrowLeft",
      "Shift+ArrowLeft",
      "Shift+ArrowLeft",
      "Shift+ArrowLeft",
      "Shift+ArrowLeft",
    )
    await press(page, "Control+Alt+m")
    await expect.poll(() => focused(page)).toMatch(/Write a comment/)
    await page.keyboard.type("Not in June?")
    await press(page, "Control+Enter")
    await expect(page.getByText("Not in June?")).toBeVisible()
    await page.locator(EDITOR).focus()
    await press(page, "Control+Home", "Control+Alt+n")
    await tabTo(page, /^Reply$/)
    await page.keyboard.type("The hall is taken then.")
    await press(page, "Control+Enter")
    await expect(page.getByText("The hall is taken then.")).toBeVisible()
    await tabTo(page, /^Mark as resolved$/, "Shift+Tab")
    await press(page, "Enter")
    await expect(page.locator(`${EDITOR} .commented`)).toHaveCount(0)
    // Whoever was in the card is back at the words.
    await expect(page.locator(EDITOR)).toBeFocused()
  })

  await test.step("sending is paused for an hour, and resumed", async () => {
    await press(page, "Escape")
    await tabTo(page, /Only on this device/, "Shift+Tab")
    await press(page, "Enter")
    await expect(page.getByRole("heading", { name: "Where this document lives" })).toBeVisible()
    await tabTo(page, /Pause sending/)
    await press(page, "Enter")
    await tabTo(page, /^1 hour$/)
    await press(page, "Enter")
    await expect(page.locator(".pause-chip")).toContainText(/Paused until/)
    await tabTo(page, /^Resume now$/)
    await press(page, "Enter")
    await expect(page.locator(".pause-chip")).toHaveCount(0)
  })
})

test("everything is written, shaped and shared by keys alone", async ({ relay, startDevice }) => {
  const { page } = await startDevice()
  await start(page, relay.url)

  await test.step("a heading, a list, and out of the text", async () => {
    await page.keyboard.type("Plan")
    await press(page, "Control+Alt+1", "Enter")
    await page.keyboard.type("- seeds")
    await press(page, "Enter")
    await page.keyboard.type("gloves")
    await press(page, "Enter", "Enter")
    expect(await page.locator(`${EDITOR} h1`).textContent()).toBe("Plan")
    await expect(page.locator(`${EDITOR} [data-list=bullet]`)).toHaveText(["seeds", "gloves"])
    // In a list Tab indents; after Escape it leads out, there as anywhere.
    await press(page, "ArrowUp", "Escape", "Tab")
    expect(await page.locator(EDITOR).evaluate(editor => editor.contains(document.activeElement))).toBe(false)
    await page.locator(EDITOR).focus()
  })

  await test.step("the toolbar, and back to the same place", async () => {
    await press(page, "Alt+F10")
    const first = await focused(page)
    await press(page, "ArrowRight", "End")
    const last = await focused(page)
    expect(last).not.toBe(first)
    await press(page, "Home")
    expect(await focused(page)).toBe("Undo")
    await press(page, "Escape")
    await page.keyboard.type("!")
    expect(await blocks(page)).toContain("!gloves")
  })

  await test.step("the menu under a stroke", async () => {
    await press(page, "Control+End")
    await page.keyboard.type("/quo")
    const chosen = page.getByRole("option", { selected: true })
    await expect(chosen).toContainText("Quote")
    await expect(page.locator(EDITOR)).toHaveAttribute(
      "aria-activedescendant",
      (await chosen.getAttribute("id")) ?? "",
    )
    await press(page, "Enter")
    await page.keyboard.type("and/or")
    await expect(page.locator(`${EDITOR} [data-in=quote]`)).toHaveText("and/or")
    await expect(page.getByRole("listbox")).toBeHidden()
    await press(page, "Enter", "Enter")
  })

  await test.step("a table, from the first cell to the line under it", async () => {
    await page.keyboard.type("/table")
    await expect(page.getByRole("option", { selected: true })).toContainText("Table")
    await press(page, "Enter")
    await page.keyboard.type("What")
    await press(page, "Tab")
    await page.keyboard.type("Who")
    for (let cell = 0; cell < 8; cell++) await press(page, "Tab")
    await page.keyboard.type("a new row")
    await expect(page.locator(`${EDITOR} tr`)).toHaveCount(4)
    await expect(page.locator(`${EDITOR} th[scope=col]`)).toHaveCount(3)
    await press(page, "Shift+Tab", "ArrowUp")
    await press(page, "Control+/")
    await page.getByRole("combobox").fill("row below")
    await press(page, "Enter")
    await expect(page.locator(`${EDITOR} tr`)).toHaveCount(5)
    for (let row = 0; row < 4; row++) await press(page, "ArrowDown")
    await page.keyboard.type("below it")
    expect((await blocks(page)).at(-1)).toBe("below it")
  })

  await test.step("finding, and the browser's own search the second time", async () => {
    await press(page, "Control+f")
    await expect(page.getByRole("textbox", { name: "Find", exact: true })).toBeFocused()
    await page.keyboard.type("BELOW")
    await expect(page.getByRole("search").getByRole("status")).toHaveText("1 of 1")
    const fallsThrough = await page.evaluate(
      () =>
        new Promise<boolean>(resolve => {
          document.addEventListener("keydown", event => resolve(!event.defaultPrevented), { once: true })
          document.activeElement?.dispatchEvent(
            new KeyboardEvent("keydown", {
              key: "f",
              code: "KeyF",
              ctrlKey: true,
              bubbles: true,
              cancelable: true,
            }),
          )
        }),
    )
    expect(fallsThrough).toBe(true)
    await press(page, "Escape")
    await expect(page.locator(EDITOR)).toBeFocused()
  })

  await test.step("the sheet of shortcuts", async () => {
    await press(page, "Control+Shift+Slash")
    await page.getByRole("textbox", { name: "Find a shortcut" }).fill("highlight")
    await expect(page.getByRole("dialog").locator("dt")).toHaveText(["Highlight"])
    await press(page, "Escape")
    await expect(page.locator(EDITOR)).toBeFocused()
  })

  await test.step("sharing", async () => {
    await press(page, "Control+/")
    await page.getByRole("combobox").fill("share")
    await press(page, "Enter")
    await expect(page.getByRole("dialog")).toBeVisible()
    await press(page, "Escape")
  })
})

test("words come from input methods, dead keys and AltGr as they were meant", async ({
  relay,
  startDevice,
}) => {
  const { page } = await startDevice()
  await start(page, relay.url)
  const devtools = await page.context().newCDPSession(page)
  const compose = (text: string) =>
    devtools.send("Input.imeSetComposition", {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  const commit = (text: string) => devtools.send("Input.insertText", { text })
  const last = async () => (await blocks(page)).at(-1)
  const line = async () => {
    await press(page, "Control+End", "Enter")
  }

  await test.step("Japanese, letter by letter, into a word", async () => {
    for (const part of ["n", "に", "にh", "にほ", "にほn", "にほん", "日本"]) await compose(part)
    await commit("日本")
    await page.keyboard.type("!")
    expect(await last()).toBe("日本!")
    await line()
  })

  await test.step("a phone's keyboard, which composes every word and mends it afterwards", async () => {
    for (const part of ["h", "he", "hel", "helo"]) await compose(part)
    await compose("hello")
    await commit("hello ")
    for (const part of ["w", "wo", "wor", "worl", "world"]) await compose(part)
    await commit("world")
    expect(await last()).toBe("hello world")
    await press(page, "Control+b")
    for (const part of [" ", " b", " bo", " bold"]) await compose(part)
    await commit(" bold")
    expect(await last()).toBe("hello world bold")
    await press(page, "Control+b")
    await line()
  })

  await test.step("in a cell of a table and behind a stroke", async () => {
    await page.keyboard.type("/table")
    await press(page, "Enter")
    for (const part of ["k", "か", "課"]) await compose(part)
    await commit("課")
    await expect(page.locator(`${EDITOR} th`).first()).toHaveText("課")
    await press(page, "ArrowDown", "ArrowDown", "ArrowDown")
    await compose("/")
    await commit("/")
    expect(await last()).toBe("/")
    await press(page, "Escape", "Backspace")
  })

  await test.step("a dead key, and a letter that is typed with AltGr", async () => {
    await compose("´")
    await commit("é")
    expect(await last()).toBe("é")
    // On a Polish layout AltGr+C types ć, and says Ctrl and Alt are held; Ctrl+Alt+C alone is a code block.
    const asAltGr = (type: "rawKeyDown" | "keyUp") =>
      devtools.send("Input.dispatchKeyEvent", { type, key: "ć", code: "KeyC", modifiers: 1 | 2 })
    await page.evaluate(() => {
      KeyboardEvent.prototype.getModifierState = () => true
    })
    await asAltGr("rawKeyDown")
    await commit("ć")
    await asAltGr("keyUp")
    expect(await last()).toBe("éć")
    await expect(page.locator(`${EDITOR} pre`)).toHaveCount(0)
  })
})

test("a block is dragged between two others by its grip", async ({ relay, startDevice }) => {
  const { page } = await startDevice()
  await start(page, relay.url)
  await page.keyboard.type("one")
  await press(page, "Enter")
  await page.keyboard.type("two")
  await press(page, "Enter")
  await page.keyboard.type("three")
  const grip = page.locator(".block-grip")
  // It comes when there is time for it, and when the mouse moves over a block.
  await expect(async () => {
    await page.locator(`${EDITOR} p`, { hasText: "one" }).hover()
    await page.mouse.move(0, 0)
    await page.locator(`${EDITOR} p`, { hasText: "three" }).hover()
    await expect(grip).toBeVisible({ timeout: 500 })
  }).toPass()
  const first = await page.locator(`${EDITOR} p`, { hasText: "one" }).boundingBox()
  await grip.hover()
  await page.mouse.down()
  await page.mouse.move((first?.x ?? 0) + 1, (first?.y ?? 0) + 5, { steps: 6 })
  await page.mouse.up()
  await expect.poll(() => blocks(page)).toEqual(["three", "one", "two"])
  await press(page, "Control+z")
  await expect.poll(() => blocks(page)).toEqual(["one", "two", "three"])
})

/** What axe finds, in a line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: typeof axe }
    const found = await engine.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    })
    return found.violations.map(
      each => `${each.id}: ${each.help} — ${each.nodes.map(node => node.html.slice(0, 160)).join(" | ")}`,
    )
  })
}

test("the surface with everything on it is accessible in every light, direction and size", async ({
  relay,
  startDevice,
}) => {
  const { page } = await startDevice()
  await page.emulateMedia({ reducedMotion: "reduce" })
  await start(page, relay.url)
  for (const words of ["# Plan", "## Beds", "[] dig", "## Tools", "> said", "```code"]) {
    await page.keyboard.type(words)
    await press(page, "Enter")
    if (words.startsWith("[") || words.startsWith(">")) await press(page, "Enter")
  }
  await press(page, "Enter", "Enter")
  for (const kind of ["Note", "Warning"]) {
    await page.keyboard.type(`/${kind.toLowerCase()}`)
    await expect(page.getByRole("option", { selected: true })).toContainText(kind)
    await press(page, "Enter")
    await page.keyboard.type("look here")
    await press(page, "Enter", "Enter")
  }
  await page.keyboard.type("/table")
  await expect(page.getByRole("option", { selected: true })).toContainText("Table")
  await press(page, "Enter")
  await page.keyboard.type("سعر")
  await press(page, "Control+h")
  await expect(page.getByRole("textbox", { name: "Find", exact: true })).toBeFocused()
  await page.keyboard.type("look")
  await expect(page.getByRole("search").getByRole("status")).toHaveText("1 of 2")

  const lights: [name: string, set: () => Promise<unknown>][] = [
    ["light", () => page.emulateMedia({ colorScheme: "light" })],
    ["dark", () => page.emulateMedia({ colorScheme: "dark" })],
    ["forced colours", () => page.emulateMedia({ forcedColors: "active" })],
    [
      "right to left",
      async () => {
        await page.emulateMedia({ forcedColors: "none", colorScheme: "light" })
        await page.evaluate(() => {
          document.documentElement.dir = "rtl"
        })
      },
    ],
    // 200 % of 1280 px is a page of 640.
    ["200 %", () => page.setViewportSize({ width: 640, height: 400 })],
    ["320 px", () => page.setViewportSize({ width: 320, height: 640 })],
  ]
  for (const [name, set] of lights) {
    await test.step(name, async () => {
      await set()
      expect(await violations(page)).toEqual([])
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(beyond).toBeLessThanOrEqual(0)
    })
  }
  await test.step("reading", async () => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await press(page, "Escape", "Control+/")
    await page.getByRole("combobox").fill("reading")
    await press(page, "Enter")
    await expect(page.getByRole("article").getByRole("columnheader").first()).toHaveText("سعر")
    await expect(page.getByRole("article").getByRole("checkbox")).toBeVisible()
    expect(await violations(page)).toEqual([])
  })
})
