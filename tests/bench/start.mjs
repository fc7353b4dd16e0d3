// Starts the benchmarks: `npm run bench -- editor --json`. Vite runs the TypeScript, since the program's own imports
// carry no file extensions; what is measured in a browser is built for production by each benchmark itself.
import { join } from "node:path"
import { createServer } from "vite"

const loader = await createServer({
  configFile: false,
  root: join(import.meta.dirname, "..", ".."),
  publicDir: false,
  logLevel: "warn",
  appType: "custom",
  optimizeDeps: { noDiscovery: true, include: [] },
  server: { middlewareMode: true, ws: false, hmr: false, watch: null },
})
const { main } = await loader.ssrLoadModule(join(import.meta.dirname, "main.ts"))
await main(process.argv.slice(2))
await loader.close()
process.exit()
