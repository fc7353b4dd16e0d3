// What a place says of itself to a document's readers: what kind of thing it is, and whose. It travels in its receipts
// (protocol §6), sealed under the view key and for its own seat, so that whoever only holds the document cannot read it
// and nobody can pass it off as what another place says. What is in it is that device's word and no more.
//
//     epoch16 | sealed( 01 | kind | name | zeros )
import { FormatError } from "../bytes/errors"
import { type CertificateHash, type DocId, idBytes } from "../bytes/ids"
import { paddedLength } from "../bytes/padding"
import { Reader } from "../bytes/reader"
import { concat, equalBytes, Writer } from "../bytes/writer"
import { kdf } from "../crypto/hash"
import { open, type Random, seal } from "../crypto/sealing"
import { EPOCH_PREFIX_BYTES } from "../records/header"
import type { Keyring } from "./keyring"

/** What a place may be. The index is the byte on the wire. */
export const PLACE_KINDS = ["device", "phone", "tablet", "computer"] as const
export type PlaceKind = (typeof PLACE_KINDS)[number]

/** `name`: of the person whose it is; empty: they have not said. Untrusted words. */
export interface Claim {
  readonly kind: PlaceKind
  readonly name: string
}

const VERSION = 1
const NAME_LENGTH_MAX = 40
const NAME_BYTES_MAX = 4 * NAME_LENGTH_MAX

/** The place that a claim speaks for. */
export interface Claimant {
  readonly docId: DocId
  /** The seat's certificate. */
  readonly seat: CertificateHash
}

/** Seals a claim under an epoch's view key. A fresh array, at most 312 bytes. */
export function sealClaim(
  { kind, name }: Claim,
  claimant: Claimant,
  { epoch, viewKey }: { readonly epoch: CertificateHash; readonly viewKey: Uint8Array },
  random: Random,
): Uint8Array {
  const writer = new Writer().byte(VERSION).byte(PLACE_KINDS.indexOf(kind)).text(cut(name))
  const bytes = writer.end()
  const padded = new Uint8Array(paddedLength(bytes.length))
  padded.set(bytes)
  const sealed = seal(padded, keyOf(viewKey, claimant), random)
  return concat(idBytes(epoch).subarray(0, EPOCH_PREFIX_BYTES), sealed)
}

/** Null: it was not sealed for this seat under a key that is in the ring, or says what is not known here. */
export function openClaim(bytes: Uint8Array, claimant: Claimant, keyring: Keyring): Claim | null {
  for (const [epoch, viewKey] of keyring) {
    if (!equalBytes(idBytes(epoch).subarray(0, EPOCH_PREFIX_BYTES), bytes.subarray(0, EPOCH_PREFIX_BYTES)))
      continue
    const plain = open(bytes.subarray(EPOCH_PREFIX_BYTES), keyOf(viewKey, claimant))
    return plain && orNull(() => decodeClaim(plain))
  }
  return null
}

/** The inside of a claim. Throws FormatError, also on padding that is not zero or not of the right length. */
export function decodeClaim(plain: Uint8Array): Claim {
  const reader = new Reader(plain)
  const version = reader.byte("a version")
  if (version !== VERSION) throw new FormatError(`expected a claim of version ${VERSION}, got ${version}`)
  const byte = reader.byte("a kind of place")
  const kind = PLACE_KINDS[byte]
  if (!kind) throw new FormatError(`expected a kind of place, got ${byte}`)
  const name = reader.text("a name", NAME_BYTES_MAX)
  const length = paddedLength(reader.position)
  if (plain.length !== length)
    throw new FormatError(`expected padding to ${length} bytes, got ${plain.length}`)
  if (reader.rest().some(byte => byte !== 0)) throw new FormatError("expected zeros as padding")
  return { kind, name }
}

function keyOf(viewKey: Uint8Array, { docId, seat }: Claimant): Uint8Array {
  return kdf("claim", viewKey, idBytes(docId), idBytes(seat))
}

// Whole letters, so that it stays text; a name is for people to tell each other apart.
function cut(name: string): string {
  return [...name].slice(0, NAME_LENGTH_MAX).join("")
}

// A member's odd words about their own device: the device is then one that says nothing.
function orNull<T>(f: () => T): T | null {
  try {
    return f()
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}
