// The app's files, served from memory. They are read once, so that a build going on underneath never mixes two
// versions, and compressed once, because the first load over a bad connection is the one that people remember.
// It knows nothing of documents: what is after the # of an address never reaches a server.
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { extname, join, sep } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"

const MIME_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
}
const SMALLEST_WORTH_COMPRESSING = 1_024

// Vite puts a hash of the content into these names, so what is under one never changes.
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/

/** Used when index.html has no policy of its own. */
const DEFAULT_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'"

interface SiteFile {
  readonly bytes: Buffer
  readonly tag: string
  readonly headers: Readonly<Record<string, string>>
  readonly compressed: Map<Encoding, Promise<Buffer>>
}
type Encoding = "br" | "gzip"

/** Answers a request for a file of the app: GET and HEAD only; a navigation gets index.html. */
export type Site = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Reads all files under `folder`. A folder that is not there makes a site that says how to build it. */
export function openSite(folder: string): Site {
  const files = readFiles(folder)
  const page = files.get("/index.html")
  const security = securityHeaders(page?.bytes.toString("utf8") ?? "")

  return async (request, response) => {
    for (const [name, value] of Object.entries(security)) response.setHeader(name, value)
    if (request.method !== "GET" && request.method !== "HEAD")
      return answer(response, 405, "Only GET and HEAD.")
    const path = pathOf(request)
    if (path === null) return answer(response, 400, "That is not an address.")
    if (!page) return answer(response, 503, 'The app is not built yet: run "npm run build".')
    const file = files.get(path) ?? (isNavigation(path) ? page : null)
    if (!file) return answer(response, 404, "There is nothing here.")
    await sendFile(request, response, file)
  }
}

/** A short plain answer. */
export function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" })
  response.end(`${text}\n`)
}

function readFiles(folder: string): ReadonlyMap<string, SiteFile> {
  const files = new Map<string, SiteFile>()
  if (!existsSync(folder)) return files
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!statSync(join(folder, name)).isFile()) continue
    const path = `/${name.split(sep).join("/")}`
    const bytes = readFileSync(join(folder, name))
    const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`
    files.set(path, {
      bytes,
      tag,
      headers: {
        "Content-Type": MIME_TYPES[extname(name)] ?? "application/octet-stream",
        "Cache-Control": HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
        ETag: tag,
        Vary: "Accept-Encoding",
      },
      compressed: new Map(),
    })
  }
  return files
}

/** The policy stands in index.html, for whoever serves the app otherwise; here it is said in the header as well. */
function securityHeaders(page: string): Readonly<Record<string, string>> {
  const meta = /<meta[^>]*http-equiv="Content-Security-Policy"[^>]*>/i.exec(page)?.[0] ?? ""
  const policy = /content="([^"]*)"/i.exec(meta)?.[1]?.replaceAll(/\s+/g, " ").trim() || DEFAULT_POLICY
  return {
    // A meta element may not say who may frame the page; a header may.
    "Content-Security-Policy": `${policy.replace(/;$/, "")}; frame-ancestors 'none'`,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
  }
}

/** The path without query, decoded; null if it cannot be. */
function pathOf(request: IncomingMessage): string | null {
  const raw = (request.url ?? "/").split(/[?#]/, 1)[0] ?? "/"
  try {
    return decodeURIComponent(raw)
  } catch (failure) {
    if (failure instanceof URIError) return null
    throw failure
  }
}

/** Addresses of documents have no dot in their last part; files do, and a missing file must not look like a page. */
function isNavigation(path: string): boolean {
  return !path.startsWith("/.well-known") && !path.slice(path.lastIndexOf("/")).includes(".")
}

async function sendFile(request: IncomingMessage, response: ServerResponse, file: SiteFile): Promise<void> {
  if (request.headers["if-none-match"] === file.tag) {
    response.writeHead(304, file.headers).end()
    return
  }
  const encoding = encodingFor(request, file)
  const bytes = encoding === null ? file.bytes : await compressed(file, encoding)
  response.writeHead(200, {
    ...file.headers,
    ...(encoding === null ? {} : { "Content-Encoding": encoding }),
    "Content-Length": bytes.length,
  })
  response.end(request.method === "HEAD" ? undefined : bytes)
}

function encodingFor(request: IncomingMessage, file: SiteFile): Encoding | null {
  const type = file.headers["Content-Type"] ?? ""
  if (file.bytes.length < SMALLEST_WORTH_COMPRESSING || !/text|json|svg|javascript|wasm/.test(type))
    return null
  const accepted = String(request.headers["accept-encoding"] ?? "")
  return /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : null
}

function compressed(file: SiteFile, encoding: Encoding): Promise<Buffer> {
  const done = file.compressed.get(encoding) ?? compress(file.bytes, encoding)
  file.compressed.set(encoding, done)
  return done
}

function compress(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === "gzip") return promisify(gzip)(bytes, { level: 9 })
  // Quality 11 costs ten times as much for 4 % less.
  return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
}
