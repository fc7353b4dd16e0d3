// A receipt is a promise: it is given after the disk has the words, never before, and it survives the relay's being
// killed at any moment. Passing on does not wait for the disk.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import type { EnvelopeId, PublicKey } from "../../src/bytes/ids"
import { realWorld, type Stop, type World } from "../../src/bytes/world"
import { Database } from "../../src/relay/database"
import { Store } from "../../src/relay/store"
import { chance, foundDocument, type TestDocument } from "../unit/sync/world"
import { type Client, join } from "./client"
import { buildProgram } from "./program"
import { closeAll, publicHalf, runRelay, temporaryFolder } from "./run"

afterEach(closeAll)

const ROUNDS = 6

/** Writes that wait until they are let go. */
function heldWorld(): World & { hold(): void; letGo(): void } {
  const waiting: (() => void)[] = []
  let holding = false
  return {
    ...realWorld,
    after: (ms, f): Stop => {
      if (!holding) return realWorld.after(ms, f)
      waiting.push(f)
      return () => waiting.splice(waiting.indexOf(f), 1)
    },
    hold: () => {
      holding = true
    },
    letGo: () => {
      holding = false
      for (const f of waiting.splice(0)) f()
    },
  }
}

async function documentAt(relayKey: PublicKey, seed: number) {
  const document = await foundDocument(seed)
  await document.host(publicHalf(relayKey))
  return document
}

const receipts = (client: Client) => client.reports.filter(({ kind }) => kind === "receipt")

describe("a disk that is slow", () => {
  test("delays the receipt and not the words", async () => {
    const disk = heldWorld()
    const relay = await runRelay({ openDatabase: folder => new Database(folder, disk) })
    const document = await documentAt(relay.key, 1)
    const [writer, reader] = [
      await join(relay, document, document.admin),
      await join(relay, document, await document.invite("view"), { knows: "link" }),
    ]
    await writer.until("caught-up")
    await reader.until("live")
    const before = receipts(writer).length
    disk.hold()
    const arrived = new Promise<void>(resolve => reader.keeper()?.onAppend(() => resolve()))
    const writing = document.write(document.admin)
    await writer.add(writing.seal(), writing.seal())
    await arrived
    expect(receipts(writer).length).toBe(before)
    disk.letGo()
    await writer.receipt(writing.sessionId, 1)
  })
})

describe("a disk that is full", () => {
  test("is told to the writer, nothing is signed for, the relay stays up and goes on when there is room", async () => {
    const held: { database?: Database } = {}
    const relay = await runRelay({
      openDatabase: (folder, world) => {
        held.database = new Database(folder, world)
        return held.database
      },
    })
    const document = await documentAt(relay.key, 2)
    const writer = await join(relay, document, document.admin)
    await writer.until("caught-up")
    const connection = held.database?.connection
    const pages = Number(connection?.pragma("page_count", { simple: true }))
    connection?.pragma(`max_page_count = ${pages}`)
    const before = receipts(writer).length
    const writing = document.write(document.admin)
    await writer.add(writing.seal(), writing.seal(200_000))
    await writer.until("refused", ({ by }) => by === "them")
    expect(receipts(writer).length).toBe(before)
    connection?.pragma("max_page_count = 10000000")
    // Another socket of the same person brings what is missing.
    const again = await join(relay, document, document.admin)
    await again.add(...(await everything(writer)))
    await again.receipt(writing.sessionId, 1)
  })
})

async function everything({ keeper }: Client): Promise<{ bytes: Uint8Array }[]> {
  const held = keeper()
  const all = await Promise.all(
    (held?.log.heads() ?? []).map(({ sessionId, seq }) =>
      held?.read({ sessionId, from: 0, to: seq }, Number.MAX_SAFE_INTEGER),
    ),
  )
  return all.flatMap(part => (part ?? []).map(bytes => ({ bytes })))
}

describe("killed at any moment", () => {
  let program: Awaited<ReturnType<typeof buildProgram>>
  beforeAll(async () => {
    program = await buildProgram()
  })
  afterAll(() => program.remove())

  test("the relay has every envelope that it signed for", async () => {
    const seed = 20_261_122
    console.info(`seed ${seed}`)
    const random = chance(seed)
    const folder = temporaryFolder()
    let document: TestDocument | null = null
    const signedFor = new Map<string, { seq: number; ids: EnvelopeId[] }>()
    for (let round = 0; round < ROUNDS; round++) {
      const relay = program.start({ PORT: "0", SHEAF_DATA: folder })
      const port = await relay.port
      const introduced = (await (await fetch(`http://127.0.0.1:${port}/.well-known/sheaf`)).json()) as {
        relayKey: PublicKey
      }
      document ??= await documentAt(introduced.relayKey, seed)
      const client = await join({ url: `ws://127.0.0.1:${port}` }, document, document.admin)
      await client.until("live")
      const writing = document.write(document.admin)
      const sessionId = writing.sessionId
      const ids: EnvelopeId[] = []
      // Writes without a pause. Some way into it, and with some of it signed for, the relay is killed.
      const dying = client
        .receipt(sessionId, 1 + ((random(1)[0] ?? 0) % 40))
        .then(() => new Promise(resolve => setTimeout(resolve, (random(1)[0] ?? 0) % 20)))
        .then(() => relay.kill("SIGKILL"))
        .then(() => relay.ended)
      let alive = true
      void dying.then(() => {
        alive = false
      })
      while (alive) {
        const sealed = [writing.seal(), writing.seal(2_000)]
        ids.push(...sealed.map(({ id }) => id))
        await client.add(...sealed)
        await new Promise(resolve => setImmediate(resolve))
      }
      let seq = -1
      for (const report of client.reports)
        if (report.kind === "receipt")
          for (const entry of report.entries)
            if (entry.sessionId === sessionId) seq = Math.max(seq, entry.seq)
      signedFor.set(sessionId, { seq, ids })
    }
    const database = new Database(folder, realWorld)
    const log = document ? await new Store(database).document(document.docId).load() : null
    database.close()
    const chains = log?.sessions.map(({ places }) => places.map(({ id }) => id)) ?? []
    let promised = 0
    for (const { seq, ids } of signedFor.values()) {
      const chain = chains.find(([first]) => first === ids[0]) ?? []
      expect(chain.slice(0, seq + 1)).toEqual(ids.slice(0, seq + 1))
      promised += seq + 1
    }
    // A run in which nothing was ever signed for would prove nothing.
    expect(promised).toBeGreaterThanOrEqual(2 * ROUNDS)
  })
})
