// The app's files as a browser gets them: types, caching, security headers, navigations, and nothing outside.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, request, type Server } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { openSite } from "../../src/relay/site"

const POLICY = "default-src 'self'; connect-src 'self' ws: wss:"
const PAGE = `<!doctype html><meta
  http-equiv="Content-Security-Policy"
  content="${POLICY}"
/><title>Sheaf</title>`
const SCRIPT = `export const words = "${"and so on ".repeat(500)}"`

let folder: string
let server: Server
let origin: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sheaf-site-"))
  mkdirSync(join(folder, "app/assets"), { recursive: true })
  writeFileSync(join(folder, "secret.txt"), "not for anyone")
  writeFileSync(join(folder, "app/index.html"), PAGE)
  writeFileSync(join(folder, "app/service-worker.js"), "self.onfetch = null")
  writeFileSync(join(folder, "app/manifest.webmanifest"), "{}")
  writeFileSync(join(folder, "app/assets/index-B3f_k9Qz.js"), SCRIPT)
  await serve(join(folder, "app"))
})

afterEach(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function serve(from: string): Promise<void> {
  const site = openSite(from)
  server?.close()
  server = createServer((asked, response) => void site(asked, response))
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (typeof address !== "object" || !address) throw new Error("the server has no address")
  origin = `http://127.0.0.1:${address.port}`
}

/** A path exactly as written: `fetch` would tidy it up first. */
function raw(path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}`, { path }, response => {
      let body = ""
      response.on("data", chunk => {
        body += String(chunk)
      })
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }))
    })
    asked.on("error", reject)
    asked.end()
  })
}

describe("files of the app", () => {
  test("have the types that browsers insist on", async () => {
    const typeOf = async (path: string) => (await fetch(origin + path)).headers.get("content-type")
    expect(await typeOf("/")).toBe("text/html; charset=utf-8")
    expect(await typeOf("/service-worker.js")).toBe("text/javascript; charset=utf-8")
    expect(await typeOf("/manifest.webmanifest")).toBe("application/manifest+json; charset=utf-8")
    expect(await typeOf("/assets/index-B3f_k9Qz.js")).toBe("text/javascript; charset=utf-8")
  })

  test("are kept for good when their name holds a hash, and asked for again when it does not", async () => {
    const caching = async (path: string) => (await fetch(origin + path)).headers.get("cache-control")
    expect(await caching("/assets/index-B3f_k9Qz.js")).toBe("public, max-age=31536000, immutable")
    expect(await caching("/")).toBe("no-cache")
    expect(await caching("/index.html")).toBe("no-cache")
    expect(await caching("/service-worker.js")).toBe("no-cache")
  })

  test("are not sent again to who has them", async () => {
    const first = await fetch(`${origin}/service-worker.js`)
    const again = await fetch(`${origin}/service-worker.js`, {
      headers: { "if-none-match": first.headers.get("etag") ?? "" },
    })
    expect(again.status).toBe(304)
  })

  test("travel compressed and arrive whole", async () => {
    for (const encoding of ["br", "gzip"]) {
      const response = await fetch(`${origin}/assets/index-B3f_k9Qz.js`, {
        headers: { "accept-encoding": encoding },
      })
      expect(response.headers.get("content-encoding")).toBe(encoding)
      expect(Number(response.headers.get("content-length"))).toBeLessThan(SCRIPT.length / 2)
      expect(await response.text()).toBe(SCRIPT)
    }
    const plain = await fetch(`${origin}/assets/index-B3f_k9Qz.js`, {
      headers: { "accept-encoding": "identity" },
    })
    expect(plain.headers.get("content-encoding")).toBeNull()
    expect(await plain.text()).toBe(SCRIPT)
  })
})

describe("addresses", () => {
  test("of documents are answered with the page, whose policy is said in the header as well", async () => {
    const response = await fetch(`${origin}/d/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`)
    expect(await response.text()).toBe(PAGE)
    expect(response.headers.get("content-security-policy")).toBe(`${POLICY}; frame-ancestors 'none'`)
    expect(response.headers.get("referrer-policy")).toBe("no-referrer")
    expect(response.headers.get("x-content-type-options")).toBe("nosniff")
    expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin")
  })

  test("of files that are not there are not answered with a page", async () => {
    for (const path of ["/assets/gone-12345678.js", "/.well-known/other", "/robots.txt"])
      expect((await fetch(origin + path)).status).toBe(404)
  })

  test("outside the app's folder lead nowhere", async () => {
    for (const path of [
      "/../secret.txt",
      "/..%2fsecret.txt",
      "/assets/../../secret.txt",
      "/%2e%2e/secret.txt",
    ]) {
      const { status, body } = await raw(path)
      expect(body).not.toContain("not for anyone")
      expect(status).toBe(404)
    }
  })

  test("that make no sense get a plain answer", async () => {
    expect((await raw("/%E0%A4%A")).status).toBe(400)
    expect((await fetch(origin, { method: "POST", body: "x" })).status).toBe(405)
    expect((await fetch(origin, { headers: { range: "bytes=5-2" } })).status).toBe(200)
  })
})

test("an app that was not built says how to build it", async () => {
  await serve(join(folder, "nowhere"))
  const response = await fetch(origin)
  expect(response.status).toBe(503)
  expect(await response.text()).toContain("npm run build")
})
