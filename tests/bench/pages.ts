// Pages of a benchmark, built for production as the app is, and a server of their files on a free port.
import { createServer } from "node:http"
import { basename, extname } from "node:path"
import { build } from "vite"
import { freePort } from "../browser/wait"

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
}

export interface Pages {
  /** `http://localhost:PORT/`; a page is at its HTML file's name. */
  readonly url: string
  close(): Promise<void>
}

/** @param folder holds the HTML files and what they load */
export async function servePages(folder: string, names: readonly string[]): Promise<Pages> {
  const files = await buildPages(folder, names)
  const server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://pages").pathname
    const file = files.get(path)
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      // A page that is isolated has a clock of 5 µs; any other has one of 100.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    })
    response.end(file ?? "not here")
  })
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, resolve))
  return {
    url: `http://localhost:${port}/`,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The built files by their path. */
async function buildPages(
  folder: string,
  names: readonly string[],
): Promise<Map<string, string | Uint8Array>> {
  const result = await build({
    configFile: false,
    root: folder,
    publicDir: false,
    logLevel: "error",
    mode: "production",
    build: {
      write: false,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: false,
      rollupOptions: { input: names.map(name => `${folder}/${name}.html`) },
    },
  })
  if (Array.isArray(result) || !("output" in result)) throw new Error("the build did not end with its output")
  return new Map(
    result.output.map(file => [
      `/${file.fileName.endsWith(".html") ? basename(file.fileName) : file.fileName}`,
      file.type === "chunk" ? file.code : file.source,
    ]),
  )
}
