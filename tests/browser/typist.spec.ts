// The typist is rehearsed in the real editor before it is trusted with the app: alone and careful it must
// leave exactly the script; with slips, and with somebody else writing in the same document, every text.
import { readFileSync } from "node:fs"
import { type Block, divide, parseScript, textOf } from "../fixtures/script"
import { type Browser, expect, expectQuiet, type Page, test, waitFor } from "./harness"
import { type Rehearsal, startRehearsal } from "./rehearsal"
import type { Shape } from "./stage"
import { CAREFUL, type Temper } from "./typing"
import { createTypist, missingTexts } from "./typist"

const CLUMSY: Temper = { typo: 0.04, forgottenWord: 0.25, secondThought: 0.25, move: 0.15 }

// Keys are many and machines are shared: slow is not wrong here.
test.setTimeout(300_000)

let rehearsal: Rehearsal
test.beforeEach(async () => {
  rehearsal = await startRehearsal()
})
test.afterEach(() => rehearsal.close())

function read(name: string): Block[] {
  return parseScript(readFileSync(new URL(`../fixtures/${name}.md`, import.meta.url), "utf8"))
}

async function enter(browser: Browser): Promise<Page> {
  const { page } = browser
  await page.goto(rehearsal.url)
  await waitFor(() => page.evaluate(() => window.stage !== undefined), { what: "the stage to be set" })
  return page
}

const texts = (page: Page) => page.evaluate(() => window.stage?.texts() ?? [])
const shapes = (page: Page) => page.evaluate(() => window.stage?.shapes() ?? [])

function shapeOf(block: Block): Shape {
  return {
    type: block.type === "code" ? "code_block" : block.type,
    text: textOf(block),
    level: block.level ?? null,
    list: block.list ?? null,
    checked: block.checked ?? false,
    indent: block.indent ?? 0,
    quote: block.quote ?? false,
    marks: block.spans.flatMap(span => span.marks.map(mark => `${mark}:${span.text}`)),
  }
}

test("a careful typist leaves exactly the script, in order, in shape and with its marks", async ({
  startDevice,
}) => {
  const page = await enter(await startDevice())
  // A selection that holds every kind of block, nested and ticked, and every way from one to the next.
  const minutes = read("minutes")
  const script = minutes.filter(block => block.list !== undefined || block.type !== "paragraph").slice(0, 44)
  script.push({ type: "divider", spans: [] }, ...minutes.slice(16, 20))
  const typist = createTypist({ page, seed: 1, speed: 1000, temper: CAREFUL })
  await typist.write(script)
  expect(await shapes(page)).toEqual(script.map(shapeOf))
  expectQuiet(page)
})

test("slips, second thoughts and moved blocks leave every text whole", async ({ startDevice }) => {
  const page = await enter(await startDevice())
  const typist = createTypist({ page, seed: 2, speed: 300, temper: CLUMSY })
  await typist.write(read("policy").slice(0, 18))
  expect(typist.expectedTexts().length).toBeGreaterThan(15)
  expect(missingTexts(typist.expectedTexts(), await texts(page))).toEqual([])
  expectQuiet(page)
})

test("two who write at once in one document each find all their texts whole, on both sides", async ({
  startDevice,
}) => {
  const ana = await enter(await startDevice())
  const bo = await enter(await startDevice())
  const finished = new Set<string>()
  const turns = divide(read("grant-application").slice(0, 16), 2, 3)
  const typists = [ana, bo].map((page, index) => {
    return createTypist({ page, seed: 10 + index, speed: 300, temper: CLUMSY, finished })
  })
  await Promise.all(typists.map((typist, index) => typist.perform(turns[index] ?? [])))
  await waitFor(async () => (await texts(ana)).join("\n") === (await texts(bo)).join("\n"), {
    what: "both to see the same document",
  })
  const expected = typists.flatMap(typist => [...typist.expectedTexts()])
  const found = await texts(bo)
  expect(missingTexts(expected, found), found.join("\n")).toEqual([])
  expectQuiet(ana)
  expectQuiet(bo)
})
