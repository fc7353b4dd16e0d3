// A key from words that a person remembers (protocol §7, bundles; §12). The stretching makes each guess cost what it
// costs here once. It needs WebCrypto, which is wherever a page may seal at all: a secure context, and Node.
import type { Random } from "./sealing"

export const SALT_BYTES = 16
/** What this program makes, and the least that it takes (OWASP's figure for PBKDF2-HMAC-SHA256). */
export const ROUNDS = 600_000
/** A file that asks for more wants to keep this device busy. */
export const ROUNDS_MAX = 10_000_000

const utf8 = new TextEncoder()

/** What is kept beside what is sealed: not secret, and never the same twice. */
export interface Stretching {
  readonly salt: Uint8Array
  readonly rounds: number
}

/** A stretching for something new. */
export function newStretching(random: Random): Stretching {
  return { salt: random(SALT_BYTES), rounds: ROUNDS }
}

/** 32 bytes: PBKDF2-HMAC-SHA256 (RFC 8018 §5.2) over the words in UTF-8, normalised (NFKC), so that every keyboard types the same. */
export async function stretch(passphrase: string, { salt, rounds }: Stretching): Promise<Uint8Array> {
  const { subtle } = crypto
  const words = await subtle.importKey("raw", utf8.encode(passphrase.normalize("NFKC")), "PBKDF2", false, [
    "deriveBits",
  ])
  const how = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(salt), iterations: rounds }
  return new Uint8Array(await subtle.deriveBits(how, words, 256))
}
