// Builds the page of stage.ts once and serves it, with a socket that keeps every update and hands it on to
// the others: the least that lets two browsers write in one document.
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { build } from "vite"
import { type RawData, WebSocketServer } from "ws"
import { freePort } from "./wait"

const PAGE = `<!doctype html><meta charset="utf-8"><title>Rehearsal</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/stage.css"><script type="module" src="/stage.js"></script>`

export interface Rehearsal {
  readonly port: number
  readonly url: string
  close(): Promise<void>
}

export async function startRehearsal(): Promise<Rehearsal> {
  const files = await buildStage()
  const updates: RawData[] = []
  const server = createServer(({ url = "/" }, response) => {
    const file = files.get(url)
    const type = url.endsWith(".js") ? "text/javascript" : url.endsWith(".css") ? "text/css" : "text/html"
    response.writeHead(200, { "content-type": type }).end(file ?? PAGE)
  })
  const room = new WebSocketServer({ server })
  room.on("connection", one => {
    for (const update of updates) one.send(update)
    one.on("message", update => {
      updates.push(update)
      for (const other of room.clients) if (other !== one) other.send(update)
    })
  })
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, resolve))
  return {
    port,
    url: `http://localhost:${port}/`,
    close: () =>
      new Promise<void>(resolve => {
        for (const client of room.clients) client.terminate()
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The built files by their path. */
async function buildStage(): Promise<Map<string, string | Uint8Array>> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL("stage.ts", import.meta.url)),
        formats: ["es"],
        fileName: "stage",
        cssFileName: "stage",
      },
    },
  })
  if (!Array.isArray(result)) throw new Error("the build did not end with a list of its outputs")
  const files = result.flatMap(({ output }) => output)
  return new Map(
    files.map(file => [`/${file.fileName}`, file.type === "chunk" ? file.code : file.source] as const),
  )
}
