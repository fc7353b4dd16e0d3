// Bundles the simulator for Node and starts it: `npm run sim -- --seeds 500`. A bundle, because the program's own
// imports carry no file extensions, and because a long run should not pay for a loader.
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { build } from "vite"

const here = import.meta.dirname
const outDir = join(dirname(dirname(here)), "dist", "sim")
await build({
  configFile: false,
  publicDir: false,
  logLevel: "warn",
  build: { ssr: join(here, "main.ts"), outDir, target: "node20", emptyOutDir: true, sourcemap: true },
})
await import(pathToFileURL(join(outDir, "main.js")).href)
