// A long document is drawn in sections, most of them out of sight and not laid out. A person, a keyboard, the browser's
// own search and a screen reader notice nothing of it.
import { BLOCKS, blocks, EDITOR, paste, start } from "./app"
import { expect, type Page, test } from "./harness"

const COUNT = 1_500
const line = (i: number) => `Line ${i} of the minutes, and a few words more`
const LONG = Array.from({ length: COUNT }, (_, i) => line(i)).join("\n\n")

/** Which block the caret is in, and where it is on the screen. */
const caret = (page: Page) =>
  page.locator(EDITOR).evaluate((editor, blocks) => {
    const range = getSelection()?.getRangeAt(0)
    const all = [...editor.querySelectorAll(blocks)]
    const { top = -1, bottom = -1 } = range?.getClientRects()[0] ?? {}
    const seen = top >= 0 && bottom > top && bottom <= innerHeight
    return { block: all.findIndex(each => range && each.contains(range.startContainer)), seen }
  }, BLOCKS)

const show = (page: Page, index: number) =>
  page.locator(EDITOR).evaluate(
    (editor, { blocks, index }) => {
      const block = editor.querySelectorAll(blocks)[index]
      block?.scrollIntoView({ block: "center" })
      const text = block?.firstChild
      if (text) getSelection()?.collapse(text, (text.textContent ?? "").length)
    },
    { blocks: BLOCKS, index },
  )

test("in a long document keys, carets, search and screen readers work as in a short one", async ({
  relay,
  startDevice,
}) => {
  // As a browser is when a screen reader runs: else it describes nothing that it has not laid out.
  const { page, context } = await startDevice({ args: ["--force-renderer-accessibility"] })
  await start(page, relay.url)
  await paste(page, LONG)
  await expect.poll(() => blocks(page).then(({ length }) => length)).toBe(COUNT)

  // To the end and to the start, over what was never laid out: the caret is in sight.
  await page.keyboard.press("Control+Home")
  await expect.poll(() => caret(page)).toEqual({ block: 0, seen: true })
  await page.keyboard.press("Control+End")
  await expect.poll(() => caret(page)).toEqual({ block: COUNT - 1, seen: true })
  await page.keyboard.type("!")

  // Line by line over the edges of sections, down and up, from a place that was jumped to.
  await show(page, 700)
  for (let i = 1; i <= 70; i++) await page.keyboard.press("ArrowDown")
  await expect.poll(() => caret(page)).toEqual({ block: 770, seen: true })
  for (let i = 1; i <= 80; i++) await page.keyboard.press("ArrowUp")
  await expect.poll(() => caret(page)).toEqual({ block: 690, seen: true })

  // Scrolling up over what has only a guessed height moves the page by what the wheel says.
  await page.keyboard.press("Control+End")
  await page.mouse.move(600, 400)
  const moved = await page.locator(EDITOR).evaluate(async (editor, blocks) => {
    const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
    const scroller = [...document.querySelectorAll("*")].find(
      each => each.contains(editor) && each.scrollHeight > each.clientHeight + 500,
    )
    const off: number[] = []
    for (let i = 0; i < 25; i++) {
      const at = [...editor.querySelectorAll(blocks)].find(each => each.getBoundingClientRect().top > 200)
      const before = at?.getBoundingClientRect().top ?? 0
      scroller?.scrollBy({ top: -150, behavior: "instant" })
      await frame()
      await frame()
      off.push(Math.abs((at?.getBoundingClientRect().top ?? 0) - before - 150))
    }
    return Math.max(...off)
  }, BLOCKS)
  expect(moved).toBeLessThan(2)

  // The browser's own search finds what is not laid out, and so does a screen reader.
  const found = await page.evaluate(() => {
    getSelection()?.removeAllRanges()
    const find: (words: string) => boolean = Reflect.get(window, "find")
    return find.call(window, "Line 333 of") && getSelection()?.toString()
  })
  expect(found).toBe("Line 333 of")
  const devtools = await context.newCDPSession(page)
  const { nodes } = await devtools.send("Accessibility.getFullAXTree")
  const said = nodes.map(({ name }) => String(name?.value ?? ""))
  expect(said).toContain(line(1_111))

  // A word composed in the middle, and undone.
  await show(page, 900)
  await devtools.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 })
  await devtools.send("Input.imeSetComposition", { text: "日本", selectionStart: 2, selectionEnd: 2 })
  await devtools.send("Input.insertText", { text: "日本" })
  await expect.poll(async () => (await blocks(page))[900]).toBe(`${line(900)}日本`)
  await page.keyboard.press("Control+z")
  await expect.poll(async () => (await blocks(page))[900]).toBe(line(900))

  // A selection over many sections, typed over and brought back; printed, everything is there.
  await page.keyboard.press("Control+a")
  await page.keyboard.type("x")
  await expect.poll(() => blocks(page)).toEqual(["x"])
  await page.keyboard.press("Control+z")
  await expect.poll(() => blocks(page).then(({ length }) => length)).toBe(COUNT)
  await page.emulateMedia({ media: "print" })
  const hidden = await page
    .locator(`${EDITOR} > .section`)
    .evaluateAll(all => all.filter(each => getComputedStyle(each).contentVisibility !== "visible").length)
  expect(hidden).toBe(0)
})
