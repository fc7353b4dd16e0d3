// Pictures at the relay, over real sockets: it fetches what an editor announces, serves it to those with a right, finds
// it again after a restart, stops at a quota without stopping the words, and never has a byte that could be read.
import { readdirSync, readFileSync } from "node:fs"
import { join as joinPath } from "node:path"
import { afterEach, expect, test } from "vitest"
import { DEFAULT_LIMITS } from "../../src/relay/settings"
import { type SealedBlob, sealBlob } from "../../src/replica/blob"
import { chance, foundDocument, type Writing } from "../unit/sync/world"
import { type Client, join } from "./client"
import { closeAll, runRelay } from "./run"

afterEach(closeAll)

const random = chance(401)
const CANARY = new TextEncoder().encode("a canary in the photograph")

function blobOf(size: number): Promise<SealedBlob> {
  const content = random(size)
  content.set(CANARY, 100)
  const likeness = { type: "image/webp", bytes: Uint8Array.from([...CANARY, ...random(200)]) }
  return sealBlob(
    content,
    { type: "image/webp", width: 4, height: 3, likeness },
    random,
    async () => undefined,
  )
}

async function paste(client: Client, writing: Writing, blob: SealedBlob): Promise<void> {
  await client.keeper()?.blobs.keepOwn(blob.announced.blobId, blob.pieces)
  await client.add(writing.announce(blob.announced))
}

/** Waits until a client holds a blob whole. */
async function whole(client: Client, { announced, pieces }: SealedBlob): Promise<void> {
  const blobs = client.keeper()?.blobs
  await expect.poll(() => blobs?.isWhole(announced.blobId), { timeout: 10_000 }).toBe(true)
  for (const [index, bytes] of pieces.entries())
    expect(Buffer.from(bytes).equals((await blobs?.read(announced.blobId, index)) ?? CANARY)).toBe(true)
}

test("a picture goes by the relay to who comes later, also after a restart, and nobody there could see it", async () => {
  const relay = await runRelay()
  const document = await foundDocument(1)
  await document.host(relay.host)
  const view = await document.invite("view")
  const blob = await blobOf(150_000)
  const writing = document.write(document.admin)
  const ana = await join(relay, document, document.admin)
  await ana.add(writing.seal())
  await paste(ana, writing, blob)
  const ben = await join(relay, document, view, { knows: "link" })
  await ben.until("caught-up")
  await whole(ben, blob)
  for (const { exchange } of [ana, ben]) exchange.close("gone")
  await relay.close()
  const files = readdirSync(relay.dataFolder).map(name => readFileSync(joinPath(relay.dataFolder, name)))
  expect(files.some(file => file.includes(Buffer.from(blob.pieces[1] ?? CANARY).subarray(0, 64)))).toBe(true)
  for (const file of files) expect(file.includes(Buffer.from(CANARY))).toBe(false)

  const again = await runRelay({ dataFolder: relay.dataFolder })
  const cleo = await join(again, document, view, { knows: "link" })
  await cleo.until("caught-up")
  await whole(cleo, blob)
})

test("a picture beyond the quota is refused by name, and the words go on", async () => {
  const limits = { ...DEFAULT_LIMITS, documentBytesMax: 800_000 }
  const relay = await runRelay({ limits })
  const document = await foundDocument(2)
  await document.host(relay.host)
  const writing = document.write(document.admin)
  const ana = await join(relay, document, document.admin)
  await ana.add(writing.seal())
  await paste(ana, writing, await blobOf(400_000))
  const refused = await ana.until("refused", ({ by, reason }) => by === "them" && reason === "quota")
  expect(refused.message).toContain("may take")
  await ana.add(writing.seal(10_000), writing.seal())
  await ana.receipt(writing.sessionId, 3)
})
