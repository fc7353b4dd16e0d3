// Base64url without padding (RFC 4648 §5), strict: one text for one sequence of bytes and no other.
import { fromBase64UrlEncoded, toBase64UrlEncoded } from "lib0/buffer"
import { FormatError } from "./errors"

/** Encodes bytes; the result has no padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return toBase64UrlEncoded(bytes)
}

/** Decodes canonical base64url. Throws FormatError on any other character, padding or stray bits. */
export function decodeBase64url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1)
    throw new FormatError("expected base64url text")
  const bytes = new Uint8Array(fromBase64UrlEncoded(text))
  if (encodeBase64url(bytes) !== text) throw new FormatError("expected canonical base64url, got stray bits")
  return bytes
}
