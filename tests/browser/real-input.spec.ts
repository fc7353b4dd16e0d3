// Real work: minutes, a policy and a grant application, each written by two people at once as people write — with
// thinking, slips, going back and moving things — through partitions and a restart. At the end both screens, and a
// third who joins by link, show the whole text. `npm run rehearse` does it at a person's speed, and then all of each;
// else half of the minutes is written, and the first quarter of the others.
import { readFileSync } from "node:fs"
import { join as joinPath } from "node:path"
import { divide, parseScript } from "../fixtures/script"
import { agree, apart, blocks, EDITOR, join, ready, reunite, share, shows, stands, start } from "./app"
import { expect, startProxy, test } from "./harness"
import { createTypist, type Finished, missingTexts } from "./typist"

const SPEED = Number(process.env["SPEED"] ?? 400)

/** So fast is nobody, and so much need not be written each time. */
const HURRIED = SPEED >= 50

for (const name of ["minutes", "policy", "grant-application"]) {
  test(`two people write the ${name} together`, async ({ relay, startDevice }) => {
    test.setTimeout(HURRIED ? 420_000 : 12 * 3_600_000)
    const part = !HURRIED ? 1 : name === "minutes" ? 1 / 2 : 1 / 4
    const seed = Number(process.env["SEED"] ?? 20261121)
    console.log(`SEED=${seed} SPEED=${SPEED}`)
    const script = parseScript(readFileSync(joinPath(import.meta.dirname, `../fixtures/${name}.md`), "utf8"))
    const written = script.slice(0, Math.ceil(script.length * part))
    const [anaTurns = [], boTurns = []] = divide(written, 2, seed)
    const anaDevice = await startDevice()
    const boDevice = await startDevice()
    const [anaNet, boNet] = await Promise.all([startProxy(relay.port), startProxy(relay.port)])
    try {
      await start(anaDevice.page, anaNet.url)
      await anaDevice.page.keyboard.type(`${name} `)
      const link = await share(anaDevice.page, "edit", "Ana")
      await join(boDevice.page, link, boNet.url)
      await shows(boDevice.page, name)
      await boDevice.page.locator(EDITOR).focus()
      await anaDevice.page.locator(EDITOR).focus()
      await anaDevice.page.keyboard.press("ControlOrMeta+End")

      const finished: Finished = new Set()
      const ana = createTypist({ page: anaDevice.page, seed, speed: SPEED, finished })
      const bo = createTypist({ page: boDevice.page, seed: seed + 1, speed: SPEED, finished })
      const third = <T>(turns: readonly T[], part: number) =>
        turns.slice(Math.floor((turns.length * part) / 3), Math.floor((turns.length * (part + 1)) / 3))
      // Together; then each without a connection; then Bo's browser is closed and opened, and together again.
      // Each begins in a place of their own: two who press Enter at the end of one line would only tear it.
      await ana.perform(anaTurns.slice(0, 1))
      await bo.perform(boTurns.slice(0, 1))
      await Promise.all([ana.perform(third(anaTurns, 0).slice(1)), bo.perform(third(boTurns, 0).slice(1))])
      const devices = [
        { page: anaDevice.page, net: anaNet },
        { page: boDevice.page, net: boNet },
      ]
      await apart(devices, () =>
        Promise.all([ana.perform(third(anaTurns, 1)), bo.perform(third(boTurns, 1))]),
      )
      const address = boDevice.page.url()
      await reunite(devices)
      await boDevice.quit()
      const page = await boDevice.reopen()
      await page.goto(address)
      await ready(page)
      bo.moveTo(page)
      await Promise.all([ana.perform(third(anaTurns, 2)), bo.perform(third(boTurns, 2))])

      await stands(anaDevice.page, /relay|places|device/i, 30_000)
      await stands(page, /relay|places|device/i, 30_000)
      await agree([anaDevice.page, page], 60_000)
      const chris = (await startDevice()).page
      await join(chris, link)
      await agree([page, chris], 60_000)
      const expected = [...ana.expectedTexts(), ...bo.expectedTexts()]
      expect(expected.join(" ").split(/\s+/).length).toBeGreaterThan(3_000 * part * 0.9)
      for (const screen of [anaDevice.page, page, chris]) {
        const shown = await blocks(screen)
        const torn = missingTexts(expected, shown)
        const lost = torn.filter(words => !standsTorn(words, shown))
        expect(lost, "texts that are not there").toEqual([])
        expect(torn.length, `texts torn by the other's Enter: ${torn.join(" | ")}`).toBeLessThan(4)
      }
    } finally {
      await Promise.all([anaNet.close(), boNet.close()])
    }
  })
}

/**
 * Whether a text stands in two pieces, each whole: who has lost sight of their own place goes on at the end of the
 * document, as people do, and their Enter may fall into a line that the other is still writing.
 */
function standsTorn(words: string, blocks: readonly string[]): boolean {
  for (let at = 1; at < words.length; at++) {
    const [start, end] = [words.slice(0, at), words.slice(at)]
    if (blocks.some(block => block.endsWith(start)) && blocks.some(block => block.includes(end))) return true
  }
  return false
}
