// One configuration, two programs: the browser app (default) and the relay (`--mode relay`), which is
// bundled for Node so that `npm start` needs no TypeScript loader at run time.
import { defineConfig } from "vite"

export default defineConfig(({ mode }) => {
  if (mode === "relay") {
    return {
      publicDir: false,
      build: {
        ssr: "src/relay/main.ts",
        outDir: "dist/relay",
        target: "node20",
        sourcemap: true,
      },
    }
  }
  return {
    build: { outDir: "dist/app", target: "es2022", sourcemap: true },
  }
})
