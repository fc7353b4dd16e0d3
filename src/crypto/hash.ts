// H and kdf (protocol §3). One label per use; two secrets are never cut from one digest.
import { concat, Writer } from "../bytes/writer"
import { hash } from "./nacl"

const utf8 = new TextEncoder()

/** H(x): SHA-512 cut to 32 bytes. A fresh array. */
export function H(...parts: readonly Uint8Array[]): Uint8Array {
  return hash(parts.length === 1 && parts[0] ? parts[0] : concat(...parts)).slice(0, 32)
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
