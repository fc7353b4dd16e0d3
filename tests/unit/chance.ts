// The chance of the random tests: one number. It is the same one each time, so that a change is judged by what it
// changes; SEED=… looks where nobody has looked yet, and repeats what was found there.
export const SEED = Number(process.env["SEED"] ?? 1)
console.info(`SEED=${SEED}`)

/** Options of a property: so many runs from the seed. */
export function runs(numRuns: number): { readonly seed: number; readonly numRuns: number } {
  return { seed: SEED, numRuns }
}
