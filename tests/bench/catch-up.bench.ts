// Catching up: a thousand envelopes from ten sessions, checked, indexed and opened, beside the cryptographic operations
// that they need and nothing else; a ratio of 1 would be no work but the cryptography. `catch-up:scale` instead has two
// ends that hold two thousand equal documents come to know it over one link.
import { idBytes } from "../../src/bytes/ids"
import { concat } from "../../src/bytes/writer"
import { H } from "../../src/crypto/hash"
import { open } from "../../src/crypto/sealing"
import { createVerify, createWebCryptoVerify } from "../../src/crypto/signing"
import { memoryLinks } from "../../src/links/memory"
import { Keeper } from "../../src/log/keeper"
import { MemoryStore } from "../../src/log/memory"
import { splitEnvelope } from "../../src/records/envelope"
import { openBody, sealPlain } from "../../src/replica/sealing"
import { parts } from "../../src/sync/catch-up"
import { decodeFrame, encodeMessage } from "../../src/sync/codec"
import { ENVELOPES_BYTES_MAX } from "../../src/sync/messages"
import { median } from "../browser/wait"
import { Place, until } from "../unit/links/place"
import { chance, foundDocument, sealMany } from "../unit/sync/world"
import type { Bench, Report } from "./bench"

const SESSIONS = 10
const ENVELOPES = 1_000
const PAYLOAD_BYTES = 60
const ROUNDS = 5
const DOCUMENTS = 2_000
const DIGEST_BYTES = 32

export const bench: Bench = {
  about: "1,000 envelopes from 10 sessions verified and opened, beside the bare cryptographic operations",
  targets: { speed: { atLeast: 0.7 } },
  run: (say, part) => (part === "scale" ? scale(say, DOCUMENTS) : speed(say)),
}

async function speed(say: (line: string) => void): Promise<Report> {
  const random = chance(400)
  const document = await foundDocument(400)
  const key = random(32)
  const envelopes: Uint8Array[] = []
  const bare: { publicKey: Uint8Array; header: Uint8Array; signature: Uint8Array; body: Uint8Array }[] = []
  for (let session = 0; session < SESSIONS; session++) {
    const writing = document.write(document.admin)
    const publicKey = idBytes(writing.key.publicKey)
    for (let count = 0; count < ENVELOPES / SESSIONS; count++) {
      const payload = count === 0 ? new Uint8Array(0) : random(PAYLOAD_BYTES)
      const body = sealPlain({ payload, deps: [], lamport: count + 1, at: 0 }, key, random)
      const { bytes } = writing.seal(body)
      const { headerBytes, signature } = splitEnvelope(bytes)
      envelopes.push(bytes)
      bare.push({ publicKey, header: headerBytes, signature, body })
    }
  }

  // What every reader must do: a hash of the header and one of what is signed, a signature, a hash of the body, a seal.
  const floor = async () => {
    const verify = createWebCryptoVerify()
    const domain = new TextEncoder().encode("sheaf/1/env\0")
    const good = await Promise.all(
      bare.map(async ({ publicKey, header, signature, body }) => {
        const holds = await verify(concat(domain, H(header)), signature, publicKey)
        return holds && H(body).length > 0 && open(body, key) !== null
      }),
    )
    if (!good.every(Boolean)) throw new Error("the floor refused an envelope")
  }
  const certificates = document.certificates.all()
  const sheaf = async () => {
    const verify = await createVerify(createWebCryptoVerify())
    const keeper = await Keeper.found(new MemoryStore(), verify, certificates)
    const begun = performance.now()
    for (const some of parts(envelopes, ENVELOPES_BYTES_MAX)) {
      const { appended, durable } = await keeper.accept(some, "bench")
      await durable
      for (const { body } of appended)
        if (!openBody(body, key).ok) throw new Error("an envelope did not open")
    }
    const reached = keeper.log.heads().reduce((sum, { seq }) => sum + seq + 1, 0)
    if (reached !== ENVELOPES) throw new Error(`${reached} of ${ENVELOPES} envelopes were taken`)
    return performance.now() - begun
  }

  const floors: number[] = []
  const ours: number[] = []
  for (let round = -1; round < ROUNDS; round++) {
    const begun = performance.now()
    await floor()
    const floorMs = performance.now() - begun
    const sheafMs = await sheaf()
    if (round < 0) continue // the first one warms up
    floors.push(floorMs)
    ours.push(sheafMs)
    say(`bare ${floorMs.toFixed(0)} ms, Sheaf ${sheafMs.toFixed(0)} ms`)
  }
  return {
    ratios: { speed: median(floors) / median(ours) },
    figures: { bareMs: median(floors), sheafMs: median(ours) },
  }
}

async function scale(say: (line: string) => void, count: number): Promise<Report> {
  const [ana, ben] = [new Place("ana"), new Place("ben")]
  for (let number = 0; number < count; number++) {
    const document = await foundDocument(10_000 + number)
    const editor = await document.invite("edit")
    await ana.hold(document, document.admin)
    await ben.hold(document, editor)
    const envelopes = sealMany(document.write(document.admin), 2)
    await ana.write(document, ...envelopes)
    await ben.write(document, ...envelopes)
    if ((number + 1) % 500 === 0) say(`${number + 1} documents`)
  }
  const bytes: Record<string, number> = {}
  const counted = (frame: Uint8Array) => {
    for (const message of decodeFrame(frame))
      bytes[message.type] = (bytes[message.type] ?? 0) + encodeMessage(message).length
    return frame
  }
  const world = { now: () => Date.now(), random: chance(9), after: after }
  const [here, there] = memoryLinks({ world, fault: counted })
  const begun = performance.now()
  ana.meet(here)
  ben.meet(there)
  await until(() => [ana, ben].every(place => place.told("caught-up").length >= count))
  const ms = performance.now() - begun
  const all = Object.values(bytes).reduce((sum, each) => sum + each, 0)
  const digests = 2 * count * DIGEST_BYTES
  const perType = Object.entries(bytes).map(([type, each]) => [`${type}Bytes`, each] as const)
  return {
    ratios: { haveToDigests: (bytes["have"] ?? 0) / digests, allToDigests: all / digests },
    figures: { ms, bytes: all, ...Object.fromEntries(perType) },
  }
}

function after(ms: number, f: () => void) {
  const timer = setTimeout(f, ms)
  return () => clearTimeout(timer)
}
