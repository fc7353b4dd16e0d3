// A bundle: a file that holds documents for somebody who is on no link (protocol §6). What is in it is what a link would
// carry, certificates and sealed envelopes, one document after the other; whoever has no key reads nothing in it.
//
//     "SHEAF1" | form | part … | end
//
// It is written and read as it goes, a part at a time, and no part is larger than a message. It is no archive: there are
// no names, no paths and no compression in it, so that nothing can grow, or lie elsewhere, than where its bytes are. A
// hash over all parts tells a whole file from one that was cut off. Sealed to a passphrase (form 1) it may hold keys too.
import { FormatError, NewerVersionError } from "../bytes/errors"
import { Reader } from "../bytes/reader"
import { equalBytes, Writer } from "../bytes/writer"
import { labelledHash } from "../crypto/hash"
import type { Random } from "../crypto/sealing"
import type { Keeper } from "../log/keeper"
import { splitEnvelope } from "../records/envelope"
import { parts as partsOf } from "../sync/catch-up"
import { decodeFrame, encodeMessage } from "../sync/codec"
import { ENVELOPES_BYTES_MAX, MESSAGE_BYTES_MAX } from "../sync/messages"
import { Feed, type Source } from "./feed"
import { openFile, sealFile } from "./sealed-file"

const MAGIC = new TextEncoder().encode("SHEAF1")
const FORMS = { open: 0, sealed: 1 } as const
/** The parts that are no messages; certificates and envelopes are those of the conversation. */
const TYPES = { keys: 32, end: 33 } as const
const KEYS_BYTES_MAX = 64 * 1024
const CERTS_BYTES_MAX = 4 * 1024 * 1024
const HASH_BYTES = 32
const ENVELOPES_AT_ONCE = 1_000

/** One document to be written into a bundle. */
export interface Packed {
  /** As they were added, the genesis first. */
  readonly certificates: readonly Uint8Array[]
  /** Chains from their start on, in handfuls of at most 8 MiB. */
  readonly envelopes: AsyncIterable<readonly Uint8Array[]>
  /** What opens it, opaque here: only where the file is sealed to a passphrase. */
  readonly keys: Uint8Array | null
}

/** All that a log holds, to be written into a bundle: read from the disk as it is written. */
export function pack(keeper: Keeper, keys: Uint8Array | null): Packed {
  return { certificates: keeper.certificates.all(), envelopes: envelopesOf(keeper), keys }
}

/**
 * What comes out of a bundle, in order: each document begins with its keys, where the file holds any, and then its
 * certificates. `slot` counts the documents. What it holds is not checked: that is for the keeper.
 */
export type Part =
  | { readonly part: "keys"; readonly slot: number; readonly keys: Uint8Array }
  | { readonly part: "certificates"; readonly slot: number; readonly certificates: readonly Uint8Array[] }
  | { readonly part: "envelopes"; readonly slot: number; readonly envelopes: readonly Uint8Array[] }

/** Writes a bundle. `passphrase` null: open, and then no document brings keys. The pieces belong to the caller. */
export async function* writeBundle(
  documents: AsyncIterable<Packed>,
  passphrase: string | null,
  random: Random,
): AsyncGenerator<Uint8Array> {
  const parts = written(documents, passphrase !== null)
  yield new Writer()
    .bytes(MAGIC)
    .byte(passphrase === null ? FORMS.open : FORMS.sealed)
    .end()
  yield* passphrase === null ? parts : sealFile(parts, passphrase, random)
}

/** Whether a file is a bundle and asks for a passphrase. Rejects with FormatError, NewerVersionError if it is none. */
export async function isSealed(source: Source): Promise<boolean> {
  const feed = new Feed(source)
  try {
    return (await readForm(feed)) === FORMS.sealed
  } finally {
    await feed.close()
  }
}

/**
 * Reads a bundle, a part at a time. Rejects with FormatError or NewerVersionError where it stops being one, with
 * everything before already given out; with WrongPassphraseError if it is sealed and does not open.
 */
export async function* readBundle(source: Source, passphrase: string | null): AsyncGenerator<Part> {
  const feed = new Feed(source)
  try {
    const sealed = (await readForm(feed)) === FORMS.sealed
    const parts = sealed ? new Feed(openFile(feed, passphrase ?? "")) : feed
    yield* readParts(parts, sealed)
  } finally {
    await feed.close()
  }
}

async function* envelopesOf(keeper: Keeper): AsyncGenerator<readonly Uint8Array[]> {
  let some: Uint8Array[] = []
  let bytesLeft = ENVELOPES_BYTES_MAX
  for (const range of keeper.log.lackedBy([])) {
    for (let { from } = range; from <= range.to; ) {
      const read = await keeper.read({ ...range, from }, ENVELOPES_BYTES_MAX)
      const last = read.at(-1)
      if (!last) break
      from = splitEnvelope(last).header.seq + 1 // a run that was dropped for its rollup is passed over
      for (const bytes of read) {
        bytesLeft -= bytes.length
        if (some.length > 0 && (bytesLeft < 0 || some.length >= ENVELOPES_AT_ONCE)) {
          yield some
          some = []
          bytesLeft = ENVELOPES_BYTES_MAX - bytes.length
        }
        some.push(bytes)
      }
    }
  }
  if (some.length > 0) yield some
}

async function* written(documents: AsyncIterable<Packed>, sealed: boolean): AsyncGenerator<Uint8Array> {
  const chain = new Chain()
  let slot = 0
  for await (const { certificates, envelopes, keys } of documents) {
    if (keys && !sealed) throw new Error("keys were about to be written into an open file")
    if (keys) yield chain.add(ownPart(TYPES.keys, new Writer().number(slot).block(keys).end()))
    for (const some of partsOf(certificates, CERTS_BYTES_MAX))
      yield chain.add(encodeMessage({ type: "certs", slot, certificates: some }))
    for await (const some of envelopes)
      yield chain.add(encodeMessage({ type: "envelopes", slot, answer: false, envelopes: some }))
    slot++
  }
  yield ownPart(TYPES.end, chain.hash)
}

async function readForm(feed: Feed): Promise<number> {
  const magic = await feed.upTo(MAGIC.length)
  const sameName = equalBytes(magic.subarray(0, 5), MAGIC.subarray(0, 5))
  if (sameName && (magic[5] ?? 0) > (MAGIC[5] ?? 0))
    throw new NewerVersionError("expected a file of version 1, got a newer one")
  if (!equalBytes(magic, MAGIC)) throw new FormatError("expected a file that begins with SHEAF1")
  const form = await feed.byte("a form of file")
  if (form > FORMS.sealed) throw new NewerVersionError(`expected form 0 or 1 of a file, got ${form}`)
  return form
}

async function* readParts(feed: Feed, sealed: boolean): AsyncGenerator<Part> {
  const chain = new Chain()
  const order = new Order()
  for (;;) {
    const type = await feed.byte("a part's type")
    const { value: length, bytes: spelling } = await feed.number("a part's length", MESSAGE_BYTES_MAX - 8)
    const content = await feed.bytes(length, "a part")
    if (type === TYPES.end) {
      if (!equalBytes(content, chain.hash)) throw new FormatError("the hash of the file does not hold")
      if (!(await feed.isAtEnd())) throw new FormatError("expected the end of the file, got more")
      return
    }
    const bytes = new Writer().byte(type).bytes(spelling).bytes(content).end()
    const part = type === TYPES.keys ? readKeys(content, sealed) : readMessage(bytes)
    order.expect(part)
    chain.add(bytes)
    yield part
  }
}

function readKeys(content: Uint8Array, sealed: boolean): Part {
  if (!sealed) throw new FormatError("expected no keys in a file that is not sealed")
  const reader = new Reader(content)
  const slot = reader.number("a slot")
  const keys = reader.block("keys", KEYS_BYTES_MAX)
  reader.end("keys")
  return { part: "keys", slot, keys }
}

// Nothing else of what ends of links say to each other has a meaning in a file.
function readMessage(bytes: Uint8Array): Part {
  const [message] = decodeFrame(bytes)
  if (message?.type === "certs")
    return { part: "certificates", slot: message.slot, certificates: message.certificates }
  if (message?.type === "envelopes" && !message.answer)
    return { part: "envelopes", slot: message.slot, envelopes: message.envelopes }
  throw new FormatError(`expected certificates or envelopes in a file, got ${message?.type}`)
}

/** Documents one after the other, numbered from 0; in each keys at most once, then certificates, then envelopes. */
class Order {
  #slot = -1
  #stage = 2

  expect({ part, slot }: Part): void {
    const stage = part === "keys" ? 0 : part === "certificates" ? 1 : 2
    const begins = slot === this.#slot + 1 && stage < 2 && this.#stage > 0
    const goesOn = slot === this.#slot && stage > 0 && (stage === this.#stage || stage === this.#stage + 1)
    if (!begins && !goesOn)
      throw new FormatError(`expected parts of documents in their order, got ${part} of ${slot}`)
    this.#slot = slot
    this.#stage = stage
  }
}

/** The hash of all parts so far: each covers the one before, so that a file can be hashed as it goes. */
class Chain {
  #hash: Uint8Array = new Uint8Array(HASH_BYTES)

  get hash(): Uint8Array {
    return this.#hash
  }

  /** Gives the part back. */
  add(part: Uint8Array): Uint8Array {
    this.#hash = labelledHash("bundle", this.#hash, part)
    return part
  }
}

function ownPart(type: number, content: Uint8Array): Uint8Array {
  return new Writer().byte(type).block(content).end()
}
