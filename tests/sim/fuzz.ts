// Hostile bytes against everything that reads any: what was good once is damaged and read again. A decoder may only turn
// it away by name; it keeps no more than a multiple of what it was given. One number repeats a run.
import * as Y from "yjs"
import { decodeBase64url, encodeBase64url } from "../../src/bytes/base64url"
import { FormatError, RefusedError } from "../../src/bytes/errors"
import { type CertificateHash, type DocId, idOf, type PublicKey, type SessionId } from "../../src/bytes/ids"
import { Reader } from "../../src/bytes/reader"
import type { Stop } from "../../src/bytes/world"
import { concat, Writer } from "../../src/bytes/writer"
import { readBundle } from "../../src/links/bundle"
import { WrongPassphraseError } from "../../src/links/sealed-file"
import { openSignal, readSignal } from "../../src/links/signals"
import { readReceipt, writeReceipt } from "../../src/log/ledger"
import { formatLink, parseLink } from "../../src/people/link"
import { decodeTakenAlong, encodeTakenAlong } from "../../src/people/taken-along"
import { decodeChunkList } from "../../src/records/blob"
import { decodeEpoch, decodeGrantCertificate, decodeSeat, decodeSession } from "../../src/records/certificate"
import { splitEnvelope } from "../../src/records/envelope"
import { decodeGenesis } from "../../src/records/genesis"
import { decodeNotes } from "../../src/records/note"
import { decodePlain } from "../../src/records/plain"
import { Signalling } from "../../src/relay/signalling"
import { readUpdate, UnfitError } from "../../src/replica/update"
import { decodeFrame } from "../../src/sync/codec"
import { pieces } from "../unit/links/bundles"
import bundles from "../vectors/bundles.json"
import certificates from "../vectors/certificates.json"
import envelopes from "../vectors/envelopes.json"
import notes from "../vectors/notes.json"
import plains from "../vectors/plains.json"
import { Chance } from "./chance"
import { mutated } from "./mutation"

/** Of the bytes that a decoder may make, for each byte that it is given; and some that it may always make. */
const KEPT_PER_BYTE = 16
const KEPT_BYTES = 8 * 1024
const INPUTS_PER_SEED = 400
const SEALED_SHARE = 0.1 / INPUTS_PER_SEED

export interface FuzzResult {
  readonly seed: number
  readonly inputs: number
  /** How many were turned away; the others were good in spite of it all. */
  readonly refused: number
  /** Each with its input as hex; empty if all is well. */
  readonly wrong: readonly string[]
}

interface Target {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  readonly read: (bytes: Uint8Array) => unknown
}

/** Reads some hundred damaged inputs. `frames`: a conversation as it was overheard. */
export async function fuzzDecoders(seed: number, frames: readonly Uint8Array[]): Promise<FuzzResult> {
  const chance = new Chance(seed)
  const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["decrypt"])
  const targets = targetsOf(frames, key)
  const all = targets.flatMap(({ samples }) => samples)
  const wrong: string[] = []
  let refused = 0
  const sealed = sealedFile()
  for (let index = 0; index < INPUTS_PER_SEED; index++) {
    // A passphrase is stretched for each of them.
    const target = chance.often(SEALED_SHARE) ? sealed : chance.oneOf(targets)
    const bytes = mutated(chance.oneOf(target.samples), chance.often(0.7) ? target.samples : all, chance)
    const complain = (what: string) =>
      wrong.push(`${target.name}: ${what}: ${Buffer.from(bytes).toString("hex")}`)
    const before = process.memoryUsage().arrayBuffers
    try {
      let result: unknown
      try {
        result = target.read(bytes)
      } finally {
        const kept = process.memoryUsage().arrayBuffers - before
        if (kept > KEPT_BYTES + KEPT_PER_BYTE * bytes.length) complain(`made ${kept} bytes`)
      }
      await result
    } catch (error) {
      if (isRefusal(error)) refused++
      else complain(String(error))
    }
  }
  return { seed, inputs: INPUTS_PER_SEED, refused, wrong }
}

function isRefusal(error: unknown): boolean {
  return [FormatError, RefusedError, UnfitError, WrongPassphraseError].some(kind => error instanceof kind)
}

function targetsOf(frames: readonly Uint8Array[], key: CryptoKey): Target[] {
  const records = Object.values(certificates.records).map(bytesOf)
  const files = bundles.vectors
    .filter(({ passphrase }) => passphrase === null)
    .map(({ bytes }) => bytesOf(bytes))
  const updates = someUpdates()
  const of = (name: string, samples: readonly Uint8Array[], read: Target["read"]): Target => ({
    name,
    samples,
    read,
  })
  return [
    of("a frame", frames, decodeFrame),
    of("a genesis", records, decodeGenesis),
    of("an epoch", records, decodeEpoch),
    of("a grant", records, decodeGrantCertificate),
    of("a seat", records, decodeSeat),
    of("a session", records, decodeSession),
    of("an envelope", vectorsOf(envelopes), splitEnvelope),
    of("a plain body", vectorsOf(plains), decodePlain),
    of("notes", vectorsOf(notes), decodeNotes),
    of("an update", updates, bytes => readUpdate(bytes, { block: nothing, struct: nothing, range: nothing })),
    of("a list of chunks", [new Uint8Array(32 * 3), new Uint8Array(32 * 400)], decodeChunkList),
    of("a receipt", [someReceipt()], bytes => readReceipt(new Reader(bytes))),
    of("keys taken along", [someKeys()], decodeTakenAlong),
    of("a share link", [decodeBase64url(SHARED.split("#")[1] ?? "")], bytes =>
      parseLink(`https://sheaf.example/join#${encodeBase64url(bytes)}`),
    ),
    of("base64url", records, bytes => decodeBase64url(Buffer.from(bytes).toString("latin1"))),
    of("an open bundle", files, bytes => readAll(bytes)),
    of("signalling", SIGNALLED, hearSignal),
    of("a sealed signal", frames, bytes => openSignal(Buffer.from(bytes).toString("base64"), key)),
    of("a signal", SIGNALS, bytes => readSignal(saidIn(bytes))),
  ]
}

function sealedFile(): Target {
  const files = bundles.vectors.filter(({ passphrase, expect }) => passphrase !== null && expect === "good")
  const passphrase = files[0]?.passphrase ?? ""
  const samples = files.map(({ bytes }) => bytesOf(bytes))
  return { name: "a sealed bundle", samples, read: bytes => readAll(bytes, passphrase) }
}

const SIGNALS = [
  { type: "announce", from: "a" },
  { type: "signal", from: "a", to: "b", token: 1, signal: { type: "offer", sdp: "v=0" } },
  {
    type: "signal",
    from: "a",
    to: "b",
    signal: { type: "candidate", candidate: { candidate: "x", sdpMid: "0" } },
  },
].map(said => new TextEncoder().encode(JSON.stringify(said)))

const SIGNALLED = [
  { type: "subscribe", topics: ["a", "b"] },
  { type: "unsubscribe", topics: ["a"] },
  { type: "publish", topic: "a", content: [[["x"]]] },
  { type: "ping" },
].map(said => new TextEncoder().encode(JSON.stringify(said)))

// As text and as bytes, from somebody who is subscribed already; nobody is told anything that was not said.
function hearSignal(bytes: Uint8Array): void {
  const never: Stop = () => undefined
  const signalling = new Signalling({
    now: () => 1,
    random: length => new Uint8Array(length),
    after: () => never,
  })
  let hear: (message: Uint8Array | string) => void = () => undefined
  let sent = 0
  signalling.join({
    address: "192.0.2.1",
    waitingBytes: () => 0,
    send: message => {
      sent += message.length
    },
    onDrain: () => never,
    pause: never,
    onMessage: f => {
      hear = f
      return never
    },
    onClose: () => never,
    close: never,
  })
  hear(JSON.stringify({ type: "subscribe", topics: ["a"] }))
  hear(Buffer.from(bytes).toString("utf8"))
  hear(bytes)
  if (sent > 4 * bytes.length + 256) throw new Error(`said ${sent} bytes to ${bytes.length}`)
}

// What is no JSON stands for any other value.
function saidIn(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString("latin1")
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

async function readAll(file: Uint8Array, passphrase: string | null = null): Promise<void> {
  let given = 0
  for await (const part of readBundle(pieces(file), passphrase))
    given +=
      "keys" in part
        ? part.keys.length
        : concat(...("envelopes" in part ? part.envelopes : part.certificates)).length
  if (given > file.length) throw new Error(`gave out ${given} bytes of ${file.length}`)
}

const docId = idOf<DocId>(new Uint8Array(32).fill(1))
const SHARED = formatLink(
  {
    docId,
    grantSecret: new Uint8Array(32).fill(2),
    epochNumber: 0,
    epochPrefix: new Uint8Array(16).fill(3),
    relays: [{ origin: "https://sheaf.example", key: idOf<PublicKey>(new Uint8Array(32).fill(4)) }],
    grantCertificate: null,
  },
  "https://sheaf.example",
)

function someReceipt(): Uint8Array {
  const entry = { sessionId: idOf<SessionId>(new Uint8Array(16)), seq: 3, headHash16: new Uint8Array(16) }
  const seat = idOf<CertificateHash>(new Uint8Array(32))
  const heads = { seat, channel: 0, at: 1, entries: [entry, entry] }
  const receipt = { ...heads, claim: new Uint8Array(30), signature: new Uint8Array(64) }
  return writeReceipt(new Writer(), receipt).end()
}

function someKeys(): Uint8Array {
  const secrets = { grantSecret: new Uint8Array(32), rootSeed: new Uint8Array(32), epochPrefix: null }
  return encodeTakenAlong({
    membership: { docId, ...secrets, grantCertificate: null },
    relays: ["https://sheaf.example"],
    row: { title: "Barn", snippet: "carrots", editedAt: 5 },
  })
}

function someUpdates(): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = 7
  const updates: Uint8Array[] = []
  doc.on("update", (update: Uint8Array) => updates.push(update))
  const text = doc.getText("body")
  text.insert(0, "carrots in the old barn")
  text.format(3, 5, { bold: true })
  text.insertEmbed(4, { marker: "paragraph" })
  text.delete(1, 9)
  doc.getMap("meta").set("title", "Barn")
  return [...updates, Y.encodeStateAsUpdate(doc)]
}

function vectorsOf({ vectors }: { readonly vectors: readonly { readonly bytes: string }[] }): Uint8Array[] {
  return vectors.map(({ bytes }) => bytesOf(bytes))
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"))
}

function nothing(): void {
  // What an update says is not asked here: only whether it is read.
}
