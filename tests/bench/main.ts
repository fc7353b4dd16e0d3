// Benchmarks by hand: `npm run bench` runs all, `npm run bench -- editor` one, `editor:5000` a part of one, and `--json`
// prints one line for each instead of a table. A missed target is said and fails nothing: machines are busy, and who
// reads it decides.
import { cpus, loadavg } from "node:os"
import { parseArgs } from "node:util"
import { type Bench, tableOf } from "./bench"

const files = import.meta.glob<{ readonly bench: Bench }>("./*.bench.ts")
const loaders = new Map(
  Object.entries(files).map(([path, load]) => [path.slice("./".length, -".bench.ts".length), load] as const),
)

/** Runs what the arguments name. Throws when there is no such benchmark, or one fails. */
export async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  })
  const names = positionals.length > 0 ? positionals : [...loaders.keys()]
  if (!values.json)
    console.info(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`)
  for (const each of names) {
    const [name = "", part = null] = each.split(":")
    const load = loaders.get(name)
    if (load === undefined)
      throw new Error(`no benchmark “${name}” here; there are: ${[...loaders.keys()].join(", ")}`)
    const { bench } = await load()
    // Progress goes to stderr, so that the lines of --json stay clean.
    const report = await bench.run(line => console.error(`${name}: ${line}`), part)
    if (values.json) console.info(JSON.stringify({ name, ...report }))
    else console.info(`\n${name} — ${bench.about}\n${tableOf(report, bench.targets)}`)
  }
}
