// Hostile bytes as a test: a few seeds, the same each time (others: SHEAF_SEED). `npm run sim -- --fuzz` tries many more.
import { expect, test } from "vitest"
import { Overheard } from "./overheard"

const FIRST = Number(process.env["SHEAF_SEED"] ?? 304015899)
const SEEDS = 12

test("whatever reads bytes turns damaged ones away by name, and stays of use to others", async () => {
  console.info(`fuzz: seeds ${FIRST} to ${FIRST + SEEDS - 1}`)
  let refused = 0
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const result = await (await Overheard.begin()).fuzz(seed)
    expect(result.wrong, `npm run sim -- --fuzz --seed ${seed}`).toEqual([])
    refused += result.refused
  }
  expect(refused).toBeGreaterThan(1_000)
})
