// A real relay as a child process: the built program on a free port with a data folder of its own. It can be
// asked to stop, killed outright, and started again on the same port with the same data.
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { freePort, waitFor } from "./wait"

const BUILT_RELAY = fileURLToPath(new URL("../../dist/relay/main.js", import.meta.url))
const READY_MS = 20_000
const STOP_MS = 10_000

export interface RelayOptions {
  readonly port?: number
  /** An existing folder is used and left alone; without one a temporary folder is made and removed. */
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  /** The script to run instead of the built relay. */
  readonly program?: string
}

export interface Relay {
  /** `http://localhost:PORT/` */
  readonly url: string
  readonly port: number
  readonly dataDir: string
  pid(): number | null
  /** SIGTERM, and resolves when the process has ended; throws when it does not end in 10 seconds. */
  stop(): Promise<void>
  /** SIGKILL: no farewell, no flushing. */
  kill(): Promise<void>
  /** Stops it if it runs, and starts it again on the same port and data. */
  restart(): Promise<void>
  /** Everything that it has printed, over all its runs. */
  log(): string
  /** Kills it and removes the data folder if we made it. */
  close(): Promise<void>
}

/** Starts a relay and resolves once it has printed its address. */
export async function startRelay(options: RelayOptions = {}): Promise<Relay> {
  const program = options.program ?? BUILT_RELAY
  if (!existsSync(program)) throw new Error(`${program} is not there: run "npm run build" first`)
  const port = options.port ?? (await freePort())
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "sheaf-relay-"))
  let child: ChildProcess | null = null
  let log = ""

  const start = async () => {
    const started = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        NODE_ENV: "production",
        ...options.env,
        PORT: String(port),
        SHEAF_DATA: dataDir,
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
    child = started
    let printed = ""
    const hear = (chunk: Buffer) => {
      printed += chunk.toString()
      log += chunk.toString()
    }
    started.stdout.on("data", hear)
    started.stderr.on("data", hear)
    await waitFor(
      () => {
        if (hasEnded(started)) return "ended"
        return printed.includes(`http://localhost:${port}`) ? "ready" : null
      },
      { what: "the relay to print its address", timeoutMs: READY_MS, seen: () => log },
    )
    if (hasEnded(started)) throw new Error(`the relay ended while starting. It said:\n${log}`)
  }

  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    const ending = child
    child = null
    if (ending === null || hasEnded(ending)) return
    ending.kill(signal)
    await waitFor(() => hasEnded(ending), {
      what: `the relay to end after ${signal}`,
      timeoutMs: STOP_MS,
      seen: () => log,
    })
  }

  const close = async () => {
    await end("SIGKILL")
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }

  try {
    await start()
  } catch (failure) {
    // Whatever went wrong, nobody else holds this process, so it must not outlive the failure.
    await close()
    throw failure
  }
  return {
    url: `http://localhost:${port}/`,
    port,
    dataDir,
    pid: () => child?.pid ?? null,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    async restart() {
      await end("SIGTERM")
      await start()
    },
    log: () => log,
    close,
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
