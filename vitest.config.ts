// Unit and law tests run in plain Node: everything below `editor/` must work without a DOM. Tests that
// need one say so in their first line (`// @vitest-environment jsdom`).
import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"
import { catalogues } from "./src/ui/words/compile.ts"

const project = (name: string, include: string[], testTimeout = 20_000) => ({
  plugins: [catalogues()],
  test: { name, include, environment: "node", testTimeout, hookTimeout: testTimeout },
})

export default defineConfig({
  test: {
    // Nobody else needs the machine meanwhile; one core less would be half of two.
    maxWorkers: availableParallelism(),
    projects: [
      project("tidy", ["tests/tidy.test.ts"]),
      project("unit", ["tests/unit/**/*.test.{ts,tsx}"]),
      project("laws", ["tests/laws/**/*.test.ts"], 300_000),
      project("sim", ["tests/sim/**/*.test.ts"], 300_000),
      project("relay", ["tests/relay/**/*.test.ts"], 60_000),
    ],
  },
})
