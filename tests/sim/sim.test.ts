// The simulator as a test: the same hundred runs each time, from a seed that is printed first (others: SHEAF_SEED). `npm run sim -- --seed …` repeats one.
import { expect, test } from "vitest"
import { foundCompany } from "./company"
import { simulate } from "./run"
import { quickSignatures } from "./signing"

const FIRST = Number(process.env["SHEAF_SEED"] ?? 304015899)
const RUNS = Number(process.env["SHEAF_RUNS"] ?? 100)

test(`nothing loses a word in ${RUNS} simulated runs`, async () => {
  console.info(`simulator: seeds ${FIRST} to ${FIRST + RUNS - 1}`)
  const company = await foundCompany(await quickSignatures())
  const all = new Map<string, number>()
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    const { wrong, figures } = await simulate(seed, company)
    for (const [name, count] of Object.entries(figures)) all.set(name, count + (all.get(name) ?? 0))
    expect(wrong, `npm run sim -- --seed ${seed}`).toEqual([])
  }
  console.info(`simulator: ${JSON.stringify(Object.fromEntries(all))}`)
})
