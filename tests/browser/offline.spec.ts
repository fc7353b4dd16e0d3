// Without a network: the app opens cold, what was typed last is there after a crash, and two people who wrote apart
// for two hundred edits each find one document with every word of both.
import * as prng from "lib0/prng"
import {
  agree,
  apart,
  BLOCKS,
  blocks,
  EDITOR,
  join,
  precached,
  ready,
  reunite,
  share,
  shows,
  start,
  text,
  write,
} from "./app"
import { expect, type Page, startProxy, test, waitFor } from "./harness"

test("after one visit it opens without a server, and keeps the last key before a crash", async ({
  relay,
  startDevice,
}) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  await device.page.keyboard.type("Written on the first day.")
  const address = device.page.url()
  await precached(device.page)
  await device.quit()
  await relay.kill()

  const page = await device.reopen()
  await expect(fetch(relay.url)).rejects.toThrow()
  await page.goto(address)
  await shows(page, "Written on the first day.")
  await ready(page)
  await write(page, " And on the train, mid-wor")
  await savedHere(page)
  await device.kill()

  const again = await device.reopen()
  await again.goto(new URL("/", address).href)
  await again.getByRole("link", { name: /Written on the first day|Untitled/ }).click()
  await shows(again, "Written on the first day. And on the train, mid-wor")
  await ready(again)
  await write(again, "d")
  await shows(again, "mid-word")
})

test("a language that was chosen is spoken after a reload, and without a server", async ({
  relay,
  startDevice,
}) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  await device.page.keyboard.type("Written in English.")
  await precached(device.page)
  await savedHere(device.page)
  const settings = new URL("/settings", relay.url).href
  await device.page.goto(settings)
  const english = await device.page.getByRole("heading", { level: 1 }).textContent()
  const spoken = (page: Page) =>
    page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])
  expect(await spoken(device.page)).toEqual(["en", "ltr"])
  await device.page.locator("select:has(option[value=ar])").selectOption("ar")
  await waitFor(async () => (await spoken(device.page)).join() === "ar,rtl", { what: "Arabic" })
  await device.page.getByRole("heading", { level: 1, name: /\p{Script=Arabic}/u }).waitFor()
  await device.quit()
  await relay.kill()

  const page = await device.reopen()
  await page.goto(settings)
  const heading = page.getByRole("heading", { level: 1, name: /\p{Script=Arabic}/u })
  await expect(heading).not.toHaveText(english ?? "")
  expect(await spoken(page)).toEqual(["ar", "rtl"])
  await page.goto(new URL("/", settings).href)
  await page.getByRole("link", { name: /Written in English/ }).click()
  await shows(page, "Written in English.")
})

// From the last key to the corner of the window a quick hand takes longer than this. Playwright closes the browser
// within a few milliseconds, and a disk that is busy then may not have taken what no status had called saved.
const HAND_MS = 250

test("a window that is closed right after a key has kept it", async ({ relay, startDevice }) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  const address = device.page.url()
  for (const words of ["The first thing.", " Then another.", " And the last"]) {
    await write(device.page, words)
    await device.page.waitForTimeout(HAND_MS)
    await device.quit()
    await (await device.reopen()).goto(address)
    await ready(device.page)
    expect(await text(device.page)).toContain(words)
  }
  expect(await text(device.page)).toBe("The first thing. Then another. And the last")
})

test("apart for two hundred edits each, together again with every word of both", async ({
  relay,
  startDevice,
}) => {
  test.setTimeout(240_000)
  const seed = Number(process.env["SEED"] ?? 1)
  console.log(`SEED=${seed}`)
  const ana = (await startDevice()).page
  const bo = (await startDevice()).page
  const [anaNet, boNet] = await Promise.all([startProxy(relay.port), startProxy(relay.port)])
  try {
    await start(ana, anaNet.url)
    await ana.keyboard.type(
      "Opening words\n## Agenda\n- soup for forty\nbread from the oven\nchairs\n\nClosing words of the day",
    )
    const link = await share(ana, "edit", "Ana")
    await join(bo, link, boNet.url)
    await shows(bo, "Closing words of the day")
    await agree([ana, bo])
    const devices = [
      { page: ana, net: anaNet },
      { page: bo, net: boNet },
    ]
    const written = await apart(devices, () =>
      Promise.all([scramble(ana, "a", seed), scramble(bo, "b", seed + 1)]),
    )
    expect(anaNet.refused() + boNet.refused(), "both tried to reach the relay in vain").toBeGreaterThan(0)
    await reunite(devices)
    await shows(ana, written[1].at(-1) ?? "?", 45_000)
    await shows(bo, written[0].at(-1) ?? "?", 45_000)
    await agree([ana, bo], 45_000)
    const whole = await text(ana)
    const missing = written.flat().filter(word => !whole.includes(word))
    expect(missing, "words that were lost").toEqual([])
    for (const page of [ana, bo]) expect(await page.getByRole("dialog").count()).toBe(0)
  } finally {
    await Promise.all([anaNet.close(), boNet.close()])
  }
})

/** Two hundred edits by keyboard in random places: words, splits, joins, headings, lists, ticks, marks, undo of marks. */
async function scramble(page: Page, who: string, seed: number): Promise<string[]> {
  const random = prng.create(seed)
  const words: string[] = []
  await page.locator(EDITOR).focus()
  for (let edit = 0; edit < 200; edit++) {
    await somewhere(page, random)
    const what = prng.int32(random, 0, 11)
    if (what <= 4) {
      const word = `${who}${edit}${who.repeat(3)}`
      await page.keyboard.type(` ${word} `)
      words.push(word)
    } else if (what === 5) await page.keyboard.press("Enter")
    else if (what === 6) {
      await toBlockStart(page)
      if ((await blocks(page)).length > 3) await page.keyboard.press("Backspace")
    } else if (what === 7) await page.keyboard.press(`Control+Alt+Digit${prng.int32(random, 0, 3)}`)
    else if (what === 8) await page.keyboard.press(`Control+Shift+Digit${prng.int32(random, 7, 9)}`)
    else if (what === 9) await page.keyboard.press("Control+Enter")
    else if (what === 10) {
      await page.keyboard.press("Shift+Home")
      await page.keyboard.press(prng.bool(random) ? "Control+b" : "Control+i")
      await page.keyboard.press("ArrowRight")
    } else await page.keyboard.press(prng.bool(random) ? "Control+]" : "Control+[")
  }
  return words
}

/** Puts the caret at a random place between two words. */
async function somewhere(page: Page, random: prng.PRNG): Promise<void> {
  const choice = prng.real53(random)
  const within = prng.real53(random)
  await page.locator(EDITOR).evaluate(
    (editor, { blocks, choice, within }) => {
      const all = editor.querySelectorAll(blocks)
      const block = all[Math.floor(choice * all.length)]
      if (!block) return
      const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
      const gaps: [Node, number][] = []
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const words = node.textContent ?? ""
        for (let at = 0; at <= words.length; at++) {
          if (words[at] === " " || (at === words.length && !node.nextSibling)) gaps.push([node, at])
        }
      }
      const gap = gaps[Math.floor(within * gaps.length)]
      const selection = document.getSelection()
      if (gap) selection?.collapse(gap[0], gap[1])
      else selection?.collapse(block, 0)
    },
    { blocks: BLOCKS, choice, within },
  )
  await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 4)))
}

/** Puts the caret at the start of its block: Home would stop at the start of a wrapped line. */
async function toBlockStart(page: Page): Promise<void> {
  await page.locator(EDITOR).evaluate((editor, blocks) => {
    const selection = document.getSelection()
    const block = [...editor.querySelectorAll(blocks)].find(child =>
      child.contains(selection?.anchorNode ?? null),
    )
    const first = block && document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode()
    if (first) selection?.collapse(first, 0)
  }, BLOCKS)
  await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 4)))
}

/** Asks where the words are, and waits until the answer is: durable on this device. */
async function savedHere(page: Page): Promise<void> {
  await waitFor(
    async () => {
      await page.keyboard.press("ControlOrMeta+s")
      return page.locator(".status-strip").getByText("Saved on this device").isVisible()
    },
    { what: "the words to be saved on this device" },
  )
}
