// The simulator as a test: the same hundred runs each time, from a seed that is printed first (others: SHEAF_SEED). `npm run sim -- --seed …` repeats one.
import { expect, test } from "vitest"
import { quickSignatures } from "../quick-signatures"
import { foundCompany } from "./company"
import { simulate } from "./run"

const FIRST = Number(process.env["SHEAF_SEED"] ?? 304015899)
/** Runs that have found something wrong once, in the program or in what watches it. */
const ONCE_WRONG = [
  571066066, // a branch that left no trace, because the only disk that had it was put back to an older state
  100000526, // a deletion in a split session, which others cannot have read
  100001680, // what a tab sealed as it closed, while another opened
  100002605, // the same, and the other was open
  100002722, // what a tab took over from one that was gone, and had told nobody of when it was gone itself
]
const RUNS = Number(process.env["SHEAF_RUNS"] ?? 100)

test(`nothing loses a word in ${RUNS} simulated runs`, async () => {
  console.info(`simulator: seeds ${FIRST} to ${FIRST + RUNS - 1}`)
  const company = await foundCompany(await quickSignatures())
  const all = new Map<string, number>()
  const seeds = Array.from({ length: RUNS }, (_, index) => FIRST + index)
  for (const seed of [...ONCE_WRONG, ...seeds]) {
    const { wrong, figures } = await simulate(seed, company)
    for (const [name, count] of Object.entries(figures)) all.set(name, count + (all.get(name) ?? 0))
    expect(wrong, `npm run sim -- --seed ${seed}`).toEqual([])
  }
  console.info(`simulator: ${JSON.stringify(Object.fromEntries(all))}`)
})
