// A relay in this process, on a free port, with a data folder of its own and its log lines in hand; and bare sockets
// to talk to it. Everything that a test starts ends with `closeAll`.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { WebSocket } from "ws"
import type { PublicKey } from "../../src/bytes/ids"
import { realWorld } from "../../src/bytes/world"
import type { SigningKey } from "../../src/crypto/signing"
import { openJournal } from "../../src/relay/journal"
import { type Relay, type Surroundings, startRelay } from "../../src/relay/relay"
import { DEFAULT_LIMITS, type Settings } from "../../src/relay/settings"

export interface TestRelay extends Relay {
  readonly url: string
  /** The relay's key as documents list it; the public half is all that they need. */
  readonly host: SigningKey
  readonly dataFolder: string
  /** Every line it logged so far, at the most talkative level. */
  readonly lines: readonly string[]
}

const endings: (() => Promise<void> | void)[] = []

/** Ends what the test began, last first. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (let end = endings.pop(); end; end = endings.pop()) await end()
}

export function atEnd(end: () => Promise<void> | void): void {
  endings.push(end)
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sheaf-relay-"))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function runRelay(
  options: Partial<Settings> & Partial<Pick<Surroundings, "world" | "openDatabase">> = {},
): Promise<TestRelay> {
  const lines: string[] = []
  const { world = realWorld, openDatabase, ...settings } = options
  const dataFolder = settings.dataFolder ?? temporaryFolder()
  const relay = await startRelay(
    {
      port: 0,
      host: "127.0.0.1",
      token: null,
      proxies: 0,
      logLevel: "debug",
      limits: DEFAULT_LIMITS,
      ...settings,
      dataFolder,
    },
    {
      world,
      journal: openJournal("debug", { write: line => void lines.push(line) }),
      siteFolder: join(dataFolder, "no-app"),
      version: "0.0.0",
      ...(openDatabase ? { openDatabase } : {}),
    },
  )
  atEnd(() => relay.close())
  return { ...relay, url: `ws://127.0.0.1:${relay.port}`, host: publicHalf(relay.key), dataFolder, lines }
}

export function publicHalf(publicKey: PublicKey): SigningKey {
  return { publicKey, secret: new Uint8Array(64) }
}

/** A socket whose messages and end can be awaited. */
export interface BareSocket {
  readonly socket: WebSocket
  /** The next message that was not taken yet. Rejects when the socket closes first. */
  next(): Promise<string>
  /** How it ended; waits for it. */
  readonly ended: Promise<{ readonly code: number; readonly reason: string }>
  say(message: string | Uint8Array): void
}

/** Opens a socket; resolves when it is open. */
export async function dial(url: string): Promise<BareSocket> {
  const socket = new WebSocket(url)
  const heard: string[] = []
  const waiting: { resolve: (message: string) => void; reject: (failure: Error) => void }[] = []
  socket.on("message", content => {
    const message = String(content)
    const first = waiting.shift()
    if (first) first.resolve(message)
    else heard.push(message)
  })
  const ended = new Promise<{ code: number; reason: string }>(resolve =>
    socket.on("close", (code, reason) => {
      for (const { reject } of waiting) reject(new Error(`the socket closed: ${code} ${reason}`))
      resolve({ code, reason: reason.toString() })
    }),
  )
  atEnd(() => socket.terminate())
  await new Promise((resolve, reject) => {
    socket.once("open", resolve)
    socket.once("error", reject)
  })
  return {
    socket,
    ended,
    next: () => {
      const message = heard.shift()
      if (message !== undefined) return Promise.resolve(message)
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    say: message => socket.send(message),
  }
}
