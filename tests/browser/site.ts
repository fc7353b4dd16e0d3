// A server of nothing but the app's files, of which a test can deploy another version, or put a single file in the place
// of another: for what happens to windows that are open then.
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { extname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { freePort } from "./wait"

const BUILT_APP = fileURLToPath(new URL("../../dist/app", import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
}

export interface Site {
  /** `http://localhost:PORT/` */
  readonly url: string
  /** Deploys a newer version: its page says `<meta name="version" content="newer">`. */
  deployNewer(): void
  /** The path of a part that the first version has, loads late, and the newer one has not. */
  readonly oldPart: string
  /** Puts a file in the place of another. */
  replace(path: string, file: string): void
  /** Paths asked for, in order. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** Serves the built app. */
export async function startSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-site-"))
  const newer = join(folder, "newer")
  cpSync(BUILT_APP, newer, { recursive: true })
  const oldPart = makeNewer(newer)
  const asked: string[] = []
  const replaced = new Map<string, string>()
  let root = BUILT_APP
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://site").pathname
    asked.push(path)
    const file = replaced.get(path) ?? join(root, path)
    const bytes = read(file) ?? (extname(path) === "" ? read(join(root, "index.html")) : null)
    const type = TYPES[extname(path)] ?? "text/html"
    response.writeHead(bytes ? 200 : 404, { "Content-Type": type, "Cache-Control": "no-cache" })
    response.end(bytes ?? "not here")
  })
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, resolve))
  return {
    url: `http://localhost:${port}/`,
    deployNewer: () => {
      root = newer
    },
    oldPart: `/assets/${oldPart}`,
    replace: (path, file) => void replaced.set(path, file),
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

// Another version as a build makes one: a part of another name, and a page and a list of files that say so.
function makeNewer(folder: string): string {
  const page = readFileSync(join(folder, "index.html"), "utf8")
  const part = readdirSync(join(folder, "assets")).find(
    name => /^updates.*\.js$/.test(name) && !page.includes(name),
  )
  if (part === undefined) throw new Error("the built app has no part that it loads late")
  const newPart = part.replace(/\.js$/, "newer.js")
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.(js|html)$/.test(name)) continue
    const path = join(folder, name)
    const text = readFileSync(path, "utf8").replaceAll(part, newPart)
    // The revision of a file without a hash in its name is a digest of it.
    const revised = name === "service-worker.js" ? text.replace(/[0-9a-f]{32}/g, "0".repeat(32)) : text
    writeFileSync(path, revised.replace("</head>", '<meta name="version" content="newer"></head>'))
  }
  renameSync(join(folder, "assets", part), join(folder, "assets", newPart))
  return part
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch (failure) {
    const code = failure instanceof Error && "code" in failure ? failure.code : null
    if (code === "ENOENT" || code === "EISDIR") return null
    throw failure
  }
}
