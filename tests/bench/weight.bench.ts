// How much JavaScript is on its way before a caret accepts a key: the entry of the built app and all that it imports
// before it runs, compressed as a server sends it. What is imported later does not count: it is precached all the same.
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "vite"
import type { Bench } from "./bench"

/** performance.md and issue 6 of the design. */
const BUDGET_KB = 140
/** La Suite Docs' editor stack, measured for performance.md. */
const LA_SUITE_KB = 486

interface Chunk {
  readonly code: string
  readonly imports: readonly string[]
  readonly isEntry: boolean
}

export const bench: Bench = {
  about: "JavaScript until a caret accepts a key, gzip, beside its budget and La Suite's editor stack",
  targets: { weightOfBudget: { atMost: 1 }, weightOfLaSuite: { atMost: 0.3 } },
  async run() {
    const chunks = await builtChunks()
    const early = new Set<string>()
    const follow = (name: string) => {
      if (early.has(name)) return
      early.add(name)
      for (const next of chunks.get(name)?.imports ?? []) follow(next)
    }
    for (const [name, { isEntry }] of chunks) if (isEntry) follow(name)
    const kilobytes = (names: Iterable<string>) =>
      [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? "").length, 0) / 1_000
    const weightKb = kilobytes(early)
    const laterKb = kilobytes([...chunks.keys()].filter(name => !early.has(name)))
    return {
      ratios: { weightOfBudget: weightKb / BUDGET_KB, weightOfLaSuite: weightKb / LA_SUITE_KB },
      figures: { weightKb, laterKb, earlyChunks: early.size, chunks: chunks.size },
    }
  },
}

async function builtChunks(): Promise<Map<string, Chunk>> {
  const result = await build({
    configFile: false,
    root: join(import.meta.dirname, "..", ".."),
    publicDir: false,
    logLevel: "error",
    define: { __VERSION__: JSON.stringify("0.0.0") },
    build: { write: false, target: "es2022", assetsInlineLimit: 0 },
  })
  if (Array.isArray(result) || !("output" in result)) throw new Error("the build did not end with its output")
  return new Map(
    result.output.flatMap(file => (file.type === "chunk" ? [[file.fileName, file] as const] : [])),
  )
}
