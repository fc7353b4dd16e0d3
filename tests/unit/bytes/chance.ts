// The chance of this run's random tests: one number, printed before anything else. SEED=… repeats a run.
export const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31)
console.info(`SEED=${SEED}`)

/** Options of a property: so many runs from the seed. */
export function runs(numRuns: number): { readonly seed: number; readonly numRuns: number } {
  return { seed: SEED, numRuns }
}
