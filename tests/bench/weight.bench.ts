// How much JavaScript is on its way before a caret accepts a key: the scripts of the built page and all that they import
// before they run, compressed as a server sends it. What is imported later does not count: it is precached all the same.
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
}

export const bench: Bench = {
  about: "JavaScript until a caret accepts a key, gzip, beside its budget and La Suite's editor stack",
  targets: { weightOfBudget: { atMost: 1 }, weightOfLaSuite: { atMost: 0.3 } },
  async run() {
    const { page, chunks } = await builtApp()
    const early = new Set<string>()
    const follow = (name: string) => {
      if (early.has(name)) return
      early.add(name)
      for (const next of chunks.get(name)?.imports ?? []) follow(next)
    }
    for (const [, name = ""] of page.matchAll(/<script [^>]*src="\/([^"]+)"/g)) follow(name)
    if (early.size === 0) throw new Error("the built page has no scripts")
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

async function builtApp(): Promise<{ page: string; chunks: Map<string, Chunk> }> {
  const result = await build({
    root: join(import.meta.dirname, "..", ".."),
    publicDir: false,
    mode: "production",
    logLevel: "error",
    build: { write: false },
  })
  if (Array.isArray(result) || !("output" in result)) throw new Error("the build did not end with its output")
  const page = result.output.find(file => file.fileName === "index.html")
  return {
    page: page?.type === "asset" ? String(page.source) : "",
    chunks: new Map(
      result.output.flatMap(file => (file.type === "chunk" ? [[file.fileName, file] as const] : [])),
    ),
  }
}
