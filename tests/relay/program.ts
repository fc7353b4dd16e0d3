// The relay as a process of its own, built from the source as it is: for what only a process can show, such as
// being killed. Its files go to a folder of their own under dist/, from where it finds its packages.
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { build } from "vite"
import { atEnd } from "./run"

const ROOT = join(import.meta.dirname, "../..")

export interface Program {
  /** Everything it printed so far: stdout and stderr. */
  readonly printed: () => { readonly out: string; readonly err: string }
  /** Resolves with the port once it says where it is; rejects with what it printed if it ends first. */
  readonly port: Promise<number>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  kill(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): void
}

/** Builds the relay once; returns how to start it, and how to remove it again. */
export async function buildProgram(): Promise<{
  start(environment: Record<string, string>): Program
  remove(): void
}> {
  await mkdir(join(ROOT, "dist"), { recursive: true })
  const folder = mkdtempSync(join(ROOT, "dist/relay-test-"))
  await build({ root: ROOT, mode: "relay", logLevel: "error", build: { outDir: folder } })
  return {
    start: environment => start(join(folder, "main.js"), environment),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function start(file: string, environment: Record<string, string>): Program {
  const { PATH = "" } = process.env
  const child: ChildProcess = spawn(process.execPath, [file], {
    env: { PATH, SHEAF_HOST: "127.0.0.1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const printed = { out: "", err: "" }
  const ended = new Promise<{ code: number | null; signal: string | null }>(resolve =>
    child.on("close", (code, signal) => resolve({ code, signal })),
  )
  const port = new Promise<number>((resolve, reject) => {
    child.stdout?.on("data", chunk => {
      printed.out += String(chunk)
      const said = /Sheaf is at http:\/\/localhost:(\d+)\//.exec(printed.out)
      if (said) resolve(Number(said[1]))
    })
    child.stderr?.on("data", chunk => {
      printed.err += String(chunk)
    })
    ended.then(() => reject(new Error(`it ended: ${printed.err}`)))
  })
  port.catch(() => undefined) // whoever asks for it is told; a test may be about the end alone
  atEnd(async () => {
    child.kill("SIGKILL")
    await ended
  })
  return { printed: () => printed, port, ended, kill: signal => void child.kill(signal) }
}
