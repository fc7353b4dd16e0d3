// The gallery, built as a browser gets it and served on a port of its own.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build, type InlineConfig, preview } from "vite"
import { type Accent, catalogues } from "../../../src/ui/words/compile"

export interface Gallery {
  /** Without a slash at its end. */
  readonly origin: string
  close(): Promise<void>
}

/** `port`: no two of one run may be the same; port 0 would be Vite's default one, which a developer may use. `accent`: how every word sounds. */
export async function serveGallery(port: number, accent?: Accent): Promise<Gallery> {
  const built = mkdtempSync(join(tmpdir(), "sheaf-gallery-"))
  const common: InlineConfig = {
    configFile: false,
    publicDir: false,
    logLevel: "error",
    plugins: [catalogues(accent)],
    root: import.meta.dirname,
    build: { outDir: built, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
  }
  await build(common)
  const server = await preview({ ...common, preview: { port } })
  return {
    origin: (server.resolvedUrls?.local[0] ?? "").replace(/\/$/, ""),
    async close() {
      await server.close()
      rmSync(built, { recursive: true, force: true })
    },
  }
}
