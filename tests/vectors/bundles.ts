// Vectors of files: whole ones, sealed ones, and such as are none. What is in them is not judged here.
import { concat, Writer } from "../../src/bytes/writer"
import { type Packed, writeBundle } from "../../src/links/bundle"
import { encodeTakenAlong } from "../../src/people/taken-along"
import { encodeMessage } from "../../src/sync/codec"
import { envelope } from "./envelope"
import {
  chance,
  flipped,
  grantSecret,
  ours,
  patched,
  seatOfBea,
  sessionCertificate,
  theirs,
  toHex,
  type Verdict,
} from "./world"

interface BundleVector {
  readonly name: string
  readonly bytes: string
  /** Null where none is needed. */
  readonly passphrase: string | null
  readonly expect: Verdict
  /** What a whole file gives, in order: "keys", "certificates" or "envelopes", the document's number, how many. */
  readonly parts?: readonly (readonly [string, number, number])[]
}

const PASSPHRASE = "carrots in the old barn"
const some = [0, 1].map(seq => envelope("in a file", seq, sessionCertificate("in a file")).bytes)
const keys = encodeTakenAlong({
  membership: {
    docId: ours.docId,
    grantSecret: grantSecret("bea"),
    rootSeed: null,
    epochPrefix: null,
    grantCertificate: null,
  },
  relays: ["https://coop.example"],
  row: { title: "Minutes", snippet: "Soup for forty", editedAt: 1_800_000_000_000 },
})

const certificates = [ours.genesis, ours.epoch, seatOfBea]
const document = (withKeys = false): Packed => ({
  certificates,
  envelopes: (async function* () {
    yield some
  })(),
  keys: withKeys ? keys : null,
})
const another: Packed = {
  certificates: [theirs.genesis, theirs.epoch],
  envelopes: (async function* (): AsyncGenerator<Uint8Array[]> {
    yield* []
  })(),
  keys: null,
}

async function file(documents: readonly Packed[], passphrase: string | null = null): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  async function* all() {
    yield* documents
  }
  for await (const piece of writeBundle(all(), passphrase, chance("a file"))) pieces.push(piece)
  return concat(...pieces)
}

export async function bundleVectors(): Promise<readonly BundleVector[]> {
  const open = await file([document(), another])
  const sealed = await file([document(true)], PASSPHRASE)
  const nothing = await file([])
  const begin = open.slice(0, 7)
  const count = certificates.length
  const parts = [
    ["certificates", 0, count],
    ["envelopes", 0, 2],
  ] as const
  const vector = (
    name: string,
    bytes: Uint8Array,
    expect: Verdict,
    more: Partial<BundleVector> = {},
  ): BundleVector => ({ name, bytes: toHex(bytes), passphrase: null, expect, ...more })
  const certs = encodeMessage({ type: "certs", slot: 0, certificates: [ours.genesis] })
  return [
    vector("two documents", open, "good", { parts: [...parts, ["certificates", 1, 2]] }),
    vector("no document at all", nothing, "good", { parts: [] }),
    vector("sealed, with keys", sealed, "good", {
      passphrase: PASSPHRASE,
      parts: [["keys", 0, keys.length], ...parts],
    }),
    vector("sealed, another passphrase", sealed, "wrong-passphrase", {
      passphrase: "carrots in the new barn",
    }),
    vector("sealed, one round of stretching", patched(sealed, 23, 3, 1), "format", {
      passphrase: PASSPHRASE,
    }),
    vector("sealed, its last chunk said not to be", flipped(sealed, 26), "wrong-passphrase", {
      passphrase: PASSPHRASE,
    }),
    vector("sealed, with a byte behind", concat(sealed, new Uint8Array(1)), "format", {
      passphrase: PASSPHRASE,
    }),
    vector("cut off", open.slice(0, -1), "format"),
    vector("cut off between two parts", open.slice(0, -34), "format"),
    vector("a byte behind its end", concat(open, new Uint8Array(1)), "format"),
    vector("a bit of an envelope turned", flipped(open, -400), "format"),
    vector("a newer file", patched(open, 5, 1, 0x32), "newer"),
    vector("a newer form", patched(open, 6, 1, 2), "newer"),
    vector("not a file of ours", concat(new TextEncoder().encode("PK\u0003\u0004"), open), "format"),
    vector(
      "a question among its parts",
      concat(begin, certs, encodeMessage({ type: "want-certs", slot: 0 })),
      "format",
    ),
    vector(
      "envelopes before certificates",
      concat(begin, encodeMessage({ type: "envelopes", slot: 0, answer: false, envelopes: some })),
      "format",
    ),
    vector(
      "documents that are not counted from 0",
      concat(begin, encodeMessage({ type: "certs", slot: 1, certificates: [ours.genesis] })),
      "format",
    ),
    vector(
      "keys in an open file",
      concat(begin, new Writer().byte(32).block(new Writer().number(0).block(keys).end()).end()),
      "format",
    ),
    vector(
      "a part that claims to be larger than a message",
      concat(
        begin,
        new Writer()
          .byte(7)
          .number(2 ** 23)
          .end(),
      ),
      "format",
    ),
  ]
}
