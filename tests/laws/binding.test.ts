// The laws of the binding, in random runs: the same document everywhere, the editor shows what the document
// says after every step, no word is lost, undo takes back only one's own, opening writes nothing.
// The runs are the same ones each time, so that a change is judged by what it changes; LAWS_SEED and LAWS_RUNS repeat
// one, or look where nobody has looked yet.
import { expect, it } from "vitest"
import { run, type Story } from "./run"

const STEPS = 60
const RUNS = Number(process.env["LAWS_RUNS"] ?? 500)
const SEED = Number(process.env["LAWS_SEED"] ?? 1)

it(`keeps its laws in ${RUNS} random runs of ${STEPS} steps`, () => {
  console.info(`binding laws: LAWS_SEED=${SEED} LAWS_RUNS=${RUNS}`)
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const failure = attempt(seed, STEPS)
    if (failure === null) continue
    // The shortest beginning of the run that fails in the same way is what a person wants to read.
    let shortest = failure
    for (let steps = 1; steps < STEPS; steps++) {
      const shorter = attempt(seed, steps)
      if (shorter !== null) {
        shortest = shorter
        break
      }
    }
    expect.fail(`LAWS_SEED=${seed} LAWS_RUNS=1\n${shortest}`)
  }
})

function attempt(seed: number, steps: number): string | null {
  const story: Story = []
  try {
    run(seed, steps, story)
    return null
  } catch (error) {
    return `${story.join("\n")}\n${error instanceof Error ? error.stack : String(error)}`
  }
}
