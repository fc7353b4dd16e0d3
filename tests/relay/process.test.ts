// What only a process can show: where it says it is, which port it takes, how it goes.

import { existsSync } from "node:fs"
import { createServer, type Server } from "node:http"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { DATABASE_FILE } from "../../src/relay/database"
import { buildProgram } from "./program"
import { atEnd, closeAll, dial, temporaryFolder } from "./run"

let program: Awaited<ReturnType<typeof buildProgram>>
beforeAll(async () => {
  program = await buildProgram()
})
afterAll(() => program.remove())
afterEach(closeAll)

/** Takes a port; 0: any. */
async function occupy(port: number): Promise<number> {
  const server: Server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  atEnd(() => new Promise(resolve => server.close(() => resolve())))
  const address = server.address()
  return typeof address === "object" && address ? address.port : port
}

test("it says where it is and where it keeps things, in plain lines", async () => {
  const folder = join(temporaryFolder(), "data")
  const relay = program.start({ PORT: "0", SHEAF_DATA: folder })
  const port = await relay.port
  expect(relay.printed().out.split("\n").slice(0, 2)).toEqual([
    `Sheaf is at http://localhost:${port}/`,
    `It keeps sealed copies in ${folder}`,
  ])
  const introduced = await (await fetch(`http://127.0.0.1:${port}/.well-known/sheaf`)).json()
  expect(introduced).toMatchObject({ sheaf: 1, relayKey: expect.stringMatching(/^[\w-]{43}$/) })
})

test("it has the same key after every start", async () => {
  const folder = temporaryFolder()
  const keys: unknown[] = []
  for (let starts = 0; starts < 2; starts++) {
    const relay = program.start({ PORT: "0", SHEAF_DATA: folder })
    const introduced = await (await fetch(`http://127.0.0.1:${await relay.port}/.well-known/sheaf`)).json()
    keys.push((introduced as { relayKey: string }).relayKey)
    relay.kill("SIGKILL")
    await relay.ended
  }
  expect(keys[0]).toBe(keys[1])
})

test("a port that was asked for and is taken stops it, in words", async () => {
  const port = await occupy(0)
  const relay = program.start({ PORT: String(port), SHEAF_DATA: temporaryFolder() })
  expect((await relay.ended).code).toBe(1)
  expect(relay.printed().err).toBe(
    `Port ${port} is in use by another program. Set PORT to another number, or leave it out.\n`,
  )
})

test("without a port it takes the next free one", async () => {
  // Another program may have 8787 already, which is as good for this test.
  await occupy(8787).catch((failure: NodeJS.ErrnoException) => expect(failure.code).toBe("EADDRINUSE"))
  const relay = program.start({ SHEAF_DATA: temporaryFolder() })
  expect(await relay.port).toBeGreaterThan(8787)
})

test("a folder that another relay uses stops it, in words, and harms nothing", async () => {
  const folder = temporaryFolder()
  const first = program.start({ PORT: "0", SHEAF_DATA: folder })
  const port = await first.port
  const second = program.start({ PORT: "0", SHEAF_DATA: folder })
  expect((await second.ended).code).toBe(1)
  expect(second.printed().err).toContain("Another relay is using")
  expect((await fetch(`http://127.0.0.1:${port}/.well-known/sheaf`)).status).toBe(200)
})

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} makes it say goodbye and end well`, async () => {
    const folder = temporaryFolder()
    const relay = program.start({ PORT: "0", SHEAF_DATA: folder })
    const ends = await Promise.all(
      ["signal", "sync"].map(async path => dial(`ws://127.0.0.1:${await relay.port}/${path}`)),
    )
    relay.kill(signal)
    expect(await relay.ended).toEqual({ code: 0, signal: null })
    for (const end of ends) expect([1000, 1001]).toContain((await end.ended).code)
    // Everything is in the one file: the write-ahead log was folded into it.
    expect(existsSync(join(folder, `${DATABASE_FILE}-wal`))).toBe(false)
  })
}
