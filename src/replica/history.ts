// What the log remembers: every envelope of the text that counts, in an order in which each comes after all that it was
// written upon, with who sealed it and when by their clock. Where a run was dropped for its rollup, the rollup is
// one moment in its place (protocol §8). Read when somebody asks for it, in portions, and never kept.
import type { CertificateHash, DocId, SessionId } from "../bytes/ids"
import type { Keeper } from "../log/keeper"
import { CHANNELS, KINDS, splitEnvelope } from "../records/envelope"
import { BodyKeys, type KeyOf, openBody } from "./sealing"

/** One envelope's part in the text. */
export interface Moment {
  /** The seat that sealed it. */
  readonly seat: CertificateHash
  /** The writer's wall clock, ms: shown, never trusted. */
  readonly at: number
  /** A Yjs V1 update. */
  readonly payload: Uint8Array
}

interface Read extends Moment {
  readonly lamport: number
  readonly sessionId: SessionId
  readonly seq: number
}

const READ_BYTES = 256 * 1024

/** Every moment, the first one first. What cannot be opened with the keys of `keyOf` is left out. Rejects with StorageError. */
export async function readMoments(keeper: Keeper, docId: DocId, keyOf: KeyOf): Promise<readonly Moment[]> {
  const keys = new BodyKeys(keyOf, docId)
  const moments: Read[] = []
  for (const session of keeper.log.sessions()) {
    const key = session.channel === CHANNELS.body ? keys.of(session) : null
    if (!key) continue
    const { sessionId, seat } = session
    const to = keeper.log.reach(sessionId)
    for (let next = 0; next <= to; ) {
      const read = await keeper.read({ sessionId, from: next, to }, READ_BYTES)
      if (read.length === 0) break
      for (const bytes of read) {
        const { header, body } = splitEnvelope(bytes)
        // A rollup whose run is here says again what was read before it.
        const isAgain = header.kind === KINDS.rollup && header.seq === next
        next = header.seq + 1
        const opening = isAgain ? null : openBody(body, key)
        if (!opening?.ok || opening.plain.payload.length === 0) continue
        const { payload, lamport, at } = opening.plain
        moments.push({ seat, at, payload, lamport, sessionId, seq: header.seq })
      }
    }
  }
  return moments.sort(
    (a, b) =>
      a.lamport - b.lamport ||
      (a.sessionId < b.sessionId ? -1 : a.sessionId > b.sessionId ? 1 : a.seq - b.seq),
  )
}
