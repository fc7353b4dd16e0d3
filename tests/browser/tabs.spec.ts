// One browser, several windows, one network: they write one document with the server stopped, one of them carries for
// all, and when that one is closed, frozen or crashes another carries on.
import type { CDPSession, Page } from "@playwright/test"
import { agree, EDITOR, join, share, shows, stands, start, text, write } from "./app"
import {
  ALONE,
  type Browser,
  expect,
  expectQuiet,
  median,
  NETWORK_LOSS,
  sleep,
  test,
  waitFor,
} from "./harness"

const HANDED_OVER_MS = 6_000
/** The harness looks at a new window before it has an address. */
const UNBORN = /Failed to read the 'sessionStorage' property/

test("two windows of one browser write one document with the server stopped", async ({
  relay,
  startDevice,
}) => {
  const device = await startDevice()
  await start(device.page, relay.url)
  await device.page.keyboard.type("Budget of the bakery")
  await installed(device.page)
  const address = device.page.url()
  await relay.kill()
  const first = device.page
  const second = await device.context.newPage()
  await second.goto(address)
  await shows(second, "Budget of the bakery")
  await write(first, "\nFlour from the first window")
  await shows(second, "Flour from the first window") // or both write in the middle of one line
  await write(second, "\nYeast from the second window")
  const both = Promise.all([typing(first, "a", 40), typing(second, "b", 40)])
  await both
  await agree([first, second])
  const all = await text(first)
  for (const words of ["Budget of the bakery", "Flour from the first window", "Yeast from the second window"])
    expect(all.split(words), words).toHaveLength(2)
  expect(all.replace(/[^ab]/g, "").match(/a/g)?.length).toBeGreaterThanOrEqual(40)
  for (const page of [first, second]) expectQuiet(page, [...NETWORK_LOSS, UNBORN])
})

test("one's own other window is nobody else, and to others one is one person", async ({
  relay,
  startDevice,
}) => {
  const ana = await startDevice()
  const bo = (await startDevice()).page
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Minutes")
  const link = await share(ana.page, "edit", "Ana")
  await stands(ana.page, /relay/i)
  const second = await openAgain(ana)
  await shows(second, "Minutes")
  await write(second, " of spring")
  await expect(ana.page.locator(".remote-caret, [data-caret]").first()).toBeAttached()
  await expect(ana.page.getByText("Live with")).toHaveCount(0)
  await join(bo, link)
  await shows(bo, "Minutes of spring")
  await write(bo, ", by Bo")
  for (const page of [ana.page, second]) await shows(page, "Minutes of spring, by Bo")
  await write(second, " and Ana")
  await shows(bo, "by Bo and Ana")
  await expect(bo.getByText(/Live with Ana( \(.*\))?\.?$/)).toBeVisible()
})

test(
  "tab to tab, and from a window that does not lead to another browser, is quick",
  ALONE,
  async ({ relay, startDevice }) => {
    const ana = await startDevice()
    const bo = (await startDevice()).page
    await start(ana.page, relay.url)
    await ana.page.keyboard.type("Measured")
    const link = await share(ana.page, "edit", "Ana")
    await join(bo, link)
    await shows(bo, "Measured")
    const second = await openAgain(ana)
    await shows(second, "Measured")
    for (const [way, from, to] of [
      ["window to window", second, ana.page],
      ["window that does not lead to another browser", second, bo],
      ["another browser to a window that does not lead", bo, second],
      ["window that leads to another browser", ana.page, bo],
    ] as const) {
      await from.bringToFront()
      const delays = await keyToPaint(from, to, 15, 300)
      console.log(`${way}: median ${median(delays).toFixed(0)} ms`)
      expect(delays.every(delay => delay > 0)).toBe(true)
    }
  },
)

for (const [fate, befall] of [
  ["closed", (page: Page) => page.close()],
  ["frozen", freeze],
  ["crashed", crash],
  ["hung", hang],
] as const)
  test(
    `when the window that leads is ${fate}, the other carries on within six seconds`,
    ALONE,
    async ({ relay, startDevice }) => {
      const ana = await startDevice()
      const bo = (await startDevice()).page
      await start(ana.page, relay.url)
      await ana.page.keyboard.type("Carried on")
      const link = await share(ana.page, "edit", "Ana")
      await join(bo, link)
      await shows(bo, "Carried on")
      const second = await openAgain(ana)
      await shows(second, "Carried on")
      await second.bringToFront()
      await write(second, " by the second window")
      await shows(bo, "by the second window")

      const began = performance.now()
      await befall(ana.page)
      await write(second, ", and then some")
      await bo.locator(EDITOR).focus()
      await bo.keyboard.press("ControlOrMeta+Home")
      await bo.keyboard.type("From Bo: ")
      await shows(bo, "by the second window, and then some", HANDED_OVER_MS - (performance.now() - began))
      await shows(second, "From Bo: ", Math.max(100, HANDED_OVER_MS - (performance.now() - began)))
      console.log(`${fate}: others heard again after ${(performance.now() - began).toFixed(0)} ms`)
      await agree([second, bo])
      if (befall !== freeze) return
      await thaw(ana.page)
      await agree([ana.page, second, bo])
      await write(ana.page, " Thawed.")
      await shows(bo, "Thawed.")
    },
  )

for (const [how, duplicate] of [
  ["by itself", (page: Page) => page.evaluate(() => void window.open(location.href))],
  ["by the browser", duplicateTarget],
] as const)
  test(`a window duplicated ${how} in the middle of a word loses nothing and repeats nothing`, async ({
    relay,
    startDevice,
  }) => {
    const ana = await startDevice()
    const bo = (await startDevice()).page
    await start(ana.page, relay.url)
    await ana.page.keyboard.type("Before.")
    const link = await share(ana.page, "edit", "Ana")
    await join(bo, link)
    await shows(bo, "Before.")
    const opened = ana.context.waitForEvent("page")
    await write(ana.page, " Half a w")
    await duplicate(ana.page)
    await ana.page.keyboard.type("ord and the rest.")
    const second = await opened
    await shows(second, "Before. Half a word and the rest.")
    await write(second, " From the copy.")
    await shows(ana.page, "From the copy.") // or it goes on in the middle of these words
    await write(ana.page, " From the first.")
    await agree([ana.page, second, bo])
    const all = await text(bo)
    for (const words of ["Before.", "Half a word and the rest.", "From the copy.", "From the first."])
      expect(all.split(words), words).toHaveLength(2)
  })

test("who opens a link while another window leads gets the document, and the list shows it there", async ({
  relay,
  startDevice,
}) => {
  const ana = (await startDevice()).page
  const bo = await startDevice()
  await start(ana, relay.url)
  await ana.keyboard.type("Minutes for everybody")
  const link = await share(ana, "edit", "Ana")
  await stands(ana, /relay/i)
  await start(bo.page, relay.url)
  await bo.page.keyboard.type("A page of one's own, long enough")
  await stands(bo.page, /Only on this device/)
  await sleep(1_000) // the list is written a moment after the text
  await bo.page.goto(relay.url)
  await bo.page.getByRole("link", { name: /A page of one/ }).waitFor()
  const second = await bo.context.newPage()
  await join(second, link)
  await shows(second, "Minutes for everybody")
  await write(second, ", by Bo")
  await shows(ana, "Minutes for everybody, by Bo")
  await stands(second, /relay|places/i)
  await expect(bo.page.getByText(/Minutes for everybody, by Bo/).first()).toBeVisible()
})

test("a document is carried on when the window that leads turns to another one", async ({
  relay,
  startDevice,
}) => {
  const ana = await startDevice()
  const bo = (await startDevice()).page
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Carried on")
  const address = ana.page.url()
  const second = await openAgain(ana)
  await shows(second, "Carried on")
  // Shared in one window: the other one knows.
  const link = await share(second, "edit", "Ana")
  await stands(second, /relay/i)
  await stands(ana.page, /relay/i)
  await join(bo, link)
  await shows(bo, "Carried on")
  await ana.page.goto(`${relay.url}new`)
  await second.bringToFront()
  await write(second, " by the other window")
  await shows(bo, "by the other window", HANDED_OVER_MS)
  await ana.page.goto(address)
  await shows(ana.page, "by the other window")
  await write(bo, ", and by Bo")
  for (const page of [ana.page, second]) await shows(page, ", and by Bo")
})

/** One more window of the same browser on the same document. */
async function openAgain(device: Browser): Promise<Page> {
  const page = await device.context.newPage()
  await page.goto(device.page.url())
  return page
}

/** Waits until the app can start without its server, and what was typed is on the device. */
async function installed(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await stands(page, /Only on this device|relay|places/i)
}

async function typing(page: Page, letter: string, times: number): Promise<void> {
  await page.locator(EDITOR).focus()
  for (let time = 0; time < times; time++) {
    await page.keyboard.type(letter)
    await sleep(30)
  }
}

async function devtools(page: Page): Promise<CDPSession> {
  return page.context().newCDPSession(page)
}

async function freeze(page: Page): Promise<void> {
  await (await devtools(page)).send("Page.setWebLifecycleState", { state: "frozen" })
}

async function thaw(page: Page): Promise<void> {
  await (await devtools(page)).send("Page.setWebLifecycleState", { state: "active" })
}

async function crash(page: Page): Promise<void> {
  const crashed = new Promise(resolve => page.once("crash", resolve))
  // It does not answer: it is gone.
  void (await devtools(page)).send("Page.crash").catch(() => undefined)
  await crashed
}

/** The browser opens one more window at the same address. */
async function duplicateTarget(page: Page): Promise<void> {
  await (await devtools(page)).send("Target.createTarget", { url: page.url() })
}

/** It runs, and does nothing any more, and nobody was told. */
async function hang(page: Page): Promise<void> {
  await page.evaluate(() =>
    setTimeout(() => {
      for (;;);
    }),
  )
}

/** Milliseconds from a key pressed at one to the frame after it was drawn at the other, key by key. */
async function keyToPaint(from: Page, to: Page, keys: number, everyMs: number): Promise<number[]> {
  await from.locator(EDITOR).focus()
  await from.keyboard.press("ControlOrMeta+End")
  await from.keyboard.press("Enter")
  await agree([from, to])
  await to.evaluate(selector => {
    const editor = document.querySelector(selector)
    const paints: [length: number, at: number][] = []
    Object.assign(window, { paints })
    const observer = new MutationObserver(() => {
      paints.push([editor?.textContent?.length ?? 0, performance.timeOrigin + performance.now()])
    })
    if (editor) observer.observe(editor, { subtree: true, childList: true, characterData: true })
  }, EDITOR)
  const length = await from.evaluate(selector => {
    const presses: number[] = []
    Object.assign(window, { presses })
    const editor = document.querySelector(selector)
    editor?.addEventListener("keydown", event => presses.push(performance.timeOrigin + event.timeStamp), true)
    return editor?.textContent?.length ?? 0
  }, EDITOR)
  for (let key = 0; key < keys; key++) {
    await from.keyboard.type("x")
    await sleep(everyMs)
  }
  await waitFor(async () => (await text(to)).includes("x".repeat(keys)), { what: "every key to arrive" })
  const presses = await from.evaluate(() => (window as unknown as { presses: number[] }).presses)
  const paints = await to.evaluate(() => (window as unknown as { paints: [number, number][] }).paints)
  return presses.map((at, key) => (paints.find(([drawn]) => drawn > length + key)?.[1] ?? Number.NaN) - at)
}
