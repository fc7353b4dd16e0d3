// A stream of bytes sealed to a passphrase, in chunks, so that a large file is never held at once: each chunk has a key
// of its own, which says where it stands and whether it is the last. One that is missing, moved, doubled or cut off
// opens under no key.
//
//     salt16 | rounds | (last | length | nonce24 | secretbox(at most 256 KiB)) …
import { FormatError } from "../bytes/errors"
import { Writer } from "../bytes/writer"
import { kdf } from "../crypto/hash"
import { newStretching, ROUNDS, ROUNDS_MAX, SALT_BYTES, stretch } from "../crypto/passphrase"
import { open, type Random, SEAL_OVERHEAD_BYTES, seal } from "../crypto/sealing"
import { Feed, type Source } from "./feed"

const CHUNK_BYTES = 256 * 1024

/** The passphrase does not open it; or its first chunk is damaged, which looks the same. */
export class WrongPassphraseError extends Error {
  override readonly name = "WrongPassphraseError"
}

/** Seals what comes, as it comes. */
export async function* sealFile(
  plain: Source,
  passphrase: string,
  random: Random,
): Source & AsyncGenerator<Uint8Array> {
  const stretching = newStretching(random)
  const key = await stretch(passphrase, stretching)
  yield new Writer().bytes(stretching.salt).number(stretching.rounds).end()
  const feed = new Feed(plain)
  for (let index = 0, last = false; !last; index++) {
    const chunk = await feed.upTo(CHUNK_BYTES)
    last = await feed.isAtEnd()
    const sealed = seal(chunk, chunkKey(key, index, last), random)
    yield new Writer()
      .byte(last ? 1 : 0)
      .block(sealed)
      .end()
  }
}

/** Opens it, as it is asked for. Rejects with WrongPassphraseError at the first chunk, FormatError later. */
export async function* openFile(feed: Feed, passphrase: string): AsyncGenerator<Uint8Array> {
  const salt = await feed.bytes(SALT_BYTES, "a salt")
  const { value: rounds } = await feed.number("rounds of stretching", ROUNDS_MAX)
  if (rounds < ROUNDS)
    throw new FormatError(`expected at least ${ROUNDS} rounds of stretching, got ${rounds}`)
  const key = await stretch(passphrase, { salt, rounds })
  for (let index = 0, last = 0; last === 0; index++) {
    last = await feed.byte("the mark of a last chunk")
    if (last > 1) throw new FormatError(`expected 0 or 1 as the mark of a last chunk, got ${last}`)
    const { value: length } = await feed.number("a chunk's length", CHUNK_BYTES + SEAL_OVERHEAD_BYTES)
    const sealed = await feed.bytes(length, "a sealed chunk")
    const chunk = open(sealed, chunkKey(key, index, last === 1))
    if (!chunk && index === 0) throw new WrongPassphraseError("the passphrase does not open the file")
    if (!chunk) throw new FormatError("expected a chunk that opens with the file's key")
    yield chunk
  }
  if (!(await feed.isAtEnd())) throw new FormatError("expected the end of a sealed file, got more")
}

function chunkKey(key: Uint8Array, index: number, last: boolean): Uint8Array {
  return kdf(
    "bundle-chunk",
    key,
    new Writer()
      .number(index)
      .byte(last ? 1 : 0)
      .end(),
  )
}
