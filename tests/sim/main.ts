// The simulator by hand: `npm run sim -- --seeds 500 --from 1` or `npm run sim -- --seed 7 --verbose`. It prints the
// first seed, how far it is, what happened in figures, and of runs that failed the seed, the troubles and the reasons.
// With `--fuzz` each seed is some hundred damaged inputs instead, and what is wrong comes with its input as hex.
import { fork } from "node:child_process"
import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { quickSignatures } from "../quick-signatures"
import { foundCompany } from "./company"
import { Overheard } from "./overheard"
import { type RunResult, simulate } from "./run"

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string" },
    seed: { type: "string" },
    fuzz: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    /** For a worker: every how many-th seed is its own. */
    stride: { type: "string" },
  },
})
const first = Number(values.seed ?? values.from ?? Date.now() % 1e9)
const count = values.seed ? 1 : Number(values.seeds)
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count)) throw new Error("seeds are whole numbers")
const stride = values.stride === undefined ? null : Number(values.stride)

if (values.fuzz) await damage()
else if (stride !== null || count === 1) await work(stride ?? 1)
else await share(Math.min(availableParallelism(), 8))

/** Feeds damaged bytes to whatever reads any, seed after seed. */
async function damage(): Promise<void> {
  console.info(`fuzz: seeds ${first} to ${first + count - 1}`)
  let inputs = 0
  let refused = 0
  let failed = 0
  for (let seed = first; seed < first + count; seed++) {
    const result = await (await Overheard.begin()).fuzz(seed)
    inputs += result.inputs
    refused += result.refused
    if (result.wrong.length > 0) failed++
    for (const what of result.wrong) console.error(`npm run sim -- --fuzz --seed ${seed}: ${what}`)
  }
  console.info(`${inputs} inputs, ${refused} refused; ${count} seeds, ${failed} failed`)
  process.exit(failed > 0 ? 1 : 0)
}

/** Runs the seeds that are this process' own, and tells of each. */
async function work(step: number): Promise<void> {
  const tell = process.send
    ? (result: RunResult) => process.send?.(result)
    : (result: RunResult) => {
        console.info(`seed ${first}`)
        if (values.verbose) for (const line of result.story) console.info(line)
        console.info(JSON.stringify(result.figures))
        process.exitCode = show(result) ? 0 : 1
      }
  const company = await foundCompany(await quickSignatures())
  for (let seed = first; seed < first + count; seed += step) tell(await simulate(seed, company))
  process.disconnect?.()
}

/** Has several processes run the seeds; adds up what they tell. */
async function share(processes: number): Promise<void> {
  const began = Date.now()
  console.info(`seeds ${first} to ${first + count - 1}, in ${processes} processes`)
  const sums = new Map<string, number>()
  let done = 0
  let failed = 0
  const take = (result: RunResult) => {
    done++
    for (const [name, figure] of Object.entries(result.figures))
      sums.set(name, figure + (sums.get(name) ?? 0))
    if (!show(result)) failed++
    if (values.verbose || done % 50 === 0)
      console.info(`${done} of ${count} runs, ${failed} failed, ${Math.round((Date.now() - began) / 1000)} s`)
  }
  await Promise.all(
    Array.from({ length: processes }, (_, index) => {
      const seeds = count - index
      if (seeds <= 0) return null
      const worker = fork(fileURLToPath(import.meta.url), [
        ...["--from", String(first + index), "--seeds", String(seeds), "--stride", String(processes)],
      ])
      worker.on("message", message => take(message as RunResult))
      return new Promise<void>((resolve, reject) => {
        worker.on("exit", code =>
          code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`)),
        )
      })
    }),
  )
  console.info(JSON.stringify(Object.fromEntries(sums)))
  console.info(`${done} runs, ${failed} failed, ${Math.round((Date.now() - began) / 1000)} s`)
  process.exitCode = failed > 0 || done < count ? 1 : 0
}

/** Whether nothing is wrong; else says what is. */
function show({ seed, faults, wrong }: RunResult): boolean {
  if (wrong.length === 0) return true
  console.error(`seed ${seed} failed: npm run sim -- --seed ${seed} --verbose`)
  console.error(JSON.stringify(faults))
  for (const what of wrong.slice(0, 8)) console.error(`  ${what}`)
  return false
}
