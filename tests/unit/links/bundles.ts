// Files in the hands of a test: bundles as bytes, cut into pieces of any size, and devices that take them in.
import type { DocId } from "../../../src/bytes/ids"
import { concat } from "../../../src/bytes/writer"
import type { Random } from "../../../src/crypto/sealing"
import { type Packed, pack, readBundle, writeBundle } from "../../../src/links/bundle"
import { type Find, type Intake, takeIn } from "../../../src/links/intake"
import type { Keeper } from "../../../src/log/keeper"
import type { ShelvedDocument } from "../../../src/sync/shelf"

/** The bytes of a file with these documents. */
export async function fileOf(
  documents: readonly Packed[],
  random: Random,
  passphrase: string | null = null,
): Promise<Uint8Array> {
  async function* all() {
    yield* documents
  }
  const pieces: Uint8Array[] = []
  for await (const piece of writeBundle(all(), passphrase, random)) pieces.push(piece)
  return concat(...pieces)
}

/** What a device that holds these logs would write. */
export function saved(random: Random, ...keepers: readonly Keeper[]): Promise<Uint8Array> {
  return fileOf(
    keepers.map(keeper => pack(keeper, null)),
    random,
  )
}

/** The file as a disk gives it, `pieceBytes` at a time. */
export async function* pieces(file: Uint8Array, pieceBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += pieceBytes) yield file.slice(at, at + pieceBytes)
}

/** Takes a file into the logs that are held here. */
export function takeInto(
  file: Uint8Array,
  keepers: readonly Keeper[],
  passphrase: string | null = null,
): Promise<Intake> {
  const find: Find = async docId => {
    const keeper = keepers.find(each => each.docId === docId)
    return keeper ? { shelved: shelvedAs(docId, keeper), close: () => undefined } : null
  }
  return takeIn(readBundle(pieces(file), passphrase), find)
}

function shelvedAs(docId: DocId, keeper: Keeper): ShelvedDocument {
  const never = () => Promise.reject(new Error("a document that is held here was begun again"))
  return { docId, keeper, seat: null as never, found: never }
}
