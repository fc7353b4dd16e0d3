// Words are written into a document, sealed as they always are, and carried by a real relay at its most talkative.
// Then everything that the relay has made is searched for them, and for every key and name.
import { readdirSync, readFileSync } from "node:fs"
import { join as joinPath } from "node:path"
import { afterEach, expect, test } from "vitest"
import { idBytes } from "../../src/bytes/ids"
import { seal } from "../../src/crypto/sealing"
import { encodePlain } from "../../src/records/plain"
import { chance, foundDocument } from "../unit/sync/world"
import { join } from "./client"
import { closeAll, dial, runRelay } from "./run"

afterEach(closeAll)

const CANARY = "the canary sings at noon in Leeds"
const TOKEN = "a token for the canary"

/** Every way in which bytes might have been written down. */
function spellings(bytes: Uint8Array): Buffer[] {
  const buffer = Buffer.from(bytes)
  const texts = ["hex", "base64", "base64url"] as const
  return [buffer, ...texts.map(encoding => Buffer.from(buffer.toString(encoding)))]
}

test("nothing in files, log lines or pages tells a word, a key, a token or a whole name", async () => {
  const relay = await runRelay({ token: TOKEN })
  const document = await foundDocument(1)
  await document.host(relay.host)
  const viewer = await document.invite("view")
  const viewKey = chance(2)(32)
  const words = new TextEncoder().encode(CANARY)
  const writing = document.write(document.admin)
  const body = () => seal(encodePlain({ payload: words, deps: [], lamport: 1, at: 0 }), viewKey, chance(3))
  const url = `${relay.url}/sync?token=${encodeURIComponent(TOKEN)}`

  const client = await join({ url }, document, document.admin)
  await client.add(writing.seal(), writing.seal(body()), writing.seal(body()))
  await client.receipt(writing.sessionId, 2)
  // Everything that gets a line in the log: a viewer, a stranger, garbage, somebody without the token.
  await (await join({ url }, document, viewer, { knows: "link" })).until("caught-up")
  await (await join({ url }, document, document.stranger())).until("refused")
  const noisy = await dial(url)
  noisy.say(words)
  await noisy.ended
  await (await dial(`${relay.url}/sync?token=${CANARY.replaceAll(" ", "+")}`)).ended
  const signal = await dial(`${relay.url}/signal?token=${encodeURIComponent(TOKEN)}`)
  signal.say(JSON.stringify({ type: "subscribe", topics: [CANARY] }))
  signal.say(JSON.stringify({ type: "publish", topic: CANARY, data: CANARY }))
  await signal.next()
  const origin = relay.url.replace("ws:", "http:")
  const pages: Buffer[] = []
  for (const path of ["/", "/.well-known/sheaf", "/sync", "/signal", `/d/${document.docId}`]) {
    const response = await fetch(origin + path)
    const headers = [...response.headers].flat().join("\n")
    pages.push(Buffer.from(await response.arrayBuffer()), Buffer.from(headers))
  }

  const read = () => readdirSync(relay.dataFolder).map(name => readFileSync(joinPath(relay.dataFolder, name)))
  const filesWhileOpen = read()
  await relay.close()
  const files = [...filesWhileOpen, ...read()]
  const lines = [Buffer.from(relay.lines.join(""))]
  expect(relay.lines.length).toBeGreaterThan(5)
  // The search itself works: what must be there is found.
  expect(files.some(file => file.includes(Buffer.from(idBytes(document.docId))))).toBe(true)
  expect(lines[0]?.includes(document.docId.slice(0, 6))).toBe(true)

  const secrets = [
    words,
    viewKey,
    new TextEncoder().encode(TOKEN),
    ...[document.admin, viewer]
      .flatMap(({ grant, seatKey }) => [grant, seatKey])
      .map(key => key.secret.slice(0, 32)),
    writing.key.secret.slice(0, 32),
  ]
  for (const secret of secrets)
    for (const spelling of spellings(secret))
      for (const place of [...files, ...lines, ...pages]) expect(place.includes(spelling)).toBe(false)

  const names = [
    idBytes(document.docId),
    idBytes(writing.sessionId),
    idBytes(viewer.grant.publicKey),
    idBytes(viewer.seatKey.publicKey),
    new TextEncoder().encode("127.0.0.1"),
  ]
  for (const name of names)
    for (const spelling of spellings(name))
      for (const place of [...lines, ...pages]) expect(place.includes(spelling)).toBe(false)
})
