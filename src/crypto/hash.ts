// H and kdf (protocol §3). One label per use, throughout the program (tests/unit/crypto/labels.test.ts reads them
// all); two secrets are never cut from one digest. This file knows no record and no key pair.
import { concat, Writer } from "../bytes/writer"
import { hash } from "./nacl"

const utf8 = new TextEncoder()

/** From here on WebCrypto is worth its detour: below, tweetnacl's 13 µs per KiB is less than a promise costs. */
const LARGE_BYTES = 32 * 1024

/** H(x): SHA-512 cut to 32 bytes. A fresh array. */
export function H(...parts: readonly Uint8Array[]): Uint8Array {
  return hash(parts.length === 1 && parts[0] ? parts[0] : concat(...parts)).slice(0, 32)
}

/**
 * H(x) without holding up this thread for large x: WebCrypto's SHA-512 where there is one (a secure context), a
 * third of the time and elsewhere. The caller must not write to `bytes` before it is answered. A fresh array.
 */
export async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length < LARGE_BYTES || !globalThis.crypto?.subtle) return H(bytes)
  return new Uint8Array(await crypto.subtle.digest("SHA-512", new Uint8Array(bytes))).slice(0, 32)
}

/** H over a domain label of its own: H("sheaf/1/" label 0x00 || parts). */
export function labelledHash(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return H(utf8.encode(`sheaf/1/${label}\0`), ...parts)
}

/** Derives 32 secret bytes from a secret: H("sheaf/1/" label 0x00 || key || length-prefixed parts). */
export function kdf(label: string, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer().bytes(utf8.encode(`sheaf/1/${label}\0`)).bytes(key)
  for (const part of parts) writer.block(part)
  return H(writer.end())
}
