// A run of one session's envelopes, read from the log and opened, for whoever makes its rollup or compares it with one
// that came (protocol §8). Rollups stand in it for parts of it that are not held.
import type { EnvelopeId, PublicKey, SessionId } from "../bytes/ids"
import type { Keeper } from "../log/keeper"
import type { Range } from "../log/log"
import { KINDS, splitEnvelope } from "../records/envelope"
import type { Plain } from "../records/plain"
import type { Closure } from "./closure"
import { type RolledUp, rollUp } from "./rollup"
import { openBody } from "./sealing"

const READ_BYTES = 1024 * 1024
/** A rollup smaller than this is taken into the next one. */
const GROWING_BYTES_MAX = 8 * 1024
const ROLLUP_BYTES_MAX = 3 * 1024 * 1024
const NOTHING = new Uint8Array(0)

/**
 * A run's plains in their order. Null: it is not held whole, or holds what no rollup may stand for (anything but
 * updates and rollups), or what does not open. Rejects with StorageError.
 */
export async function readRun(keeper: Keeper, run: Range, key: Uint8Array): Promise<readonly Plain[] | null> {
  const plains: Plain[] = []
  let next = run.from
  while (next <= run.to) {
    const read = await keeper.read({ ...run, from: next }, READ_BYTES)
    if (read.length === 0) return null
    for (const bytes of read) {
      const { header, body } = splitEnvelope(bytes)
      const opening = openBody(body, key)
      if (!opening.ok || (header.kind !== KINDS.update && header.kind !== KINDS.rollup)) return null
      // A rollup that is next itself, not its run, says again what was just read.
      if (header.seq === next)
        plains.push(header.kind === KINDS.update ? opening.plain : { ...opening.plain, payload: NOTHING })
      else if (header.kind === KINDS.rollup && header.from === next) plains.push(opening.plain)
      else return null
      next = header.seq + 1
    }
  }
  return plains
}

/** A rollup that is ready to be sealed: what it says and what stands in its header. */
export interface MadeRollup {
  readonly rolled: RolledUp
  readonly from: number
  readonly before: EnvelopeId
  /** What its run vouches for. */
  readonly vouches: readonly EnvelopeId[]
}

/** Makes the rollup of a run of one's own. Null: no rollup can stand for it. Rejects with StorageError. */
export async function makeRollup(
  keeper: Keeper,
  run: Range,
  key: Uint8Array,
  client: number,
): Promise<MadeRollup | null> {
  const plains = await readRun(keeper, run, key)
  const before = keeper.log.idAt(run.sessionId, run.from - 1)
  if (!plains || !before) return null
  const rolled = rollUp(plains, client)
  if (rolled.payload.length > ROLLUP_BYTES_MAX) return null
  return { rolled, from: run.from, before, vouches: keeper.log.vouchesIn(run) }
}

/** Where the next run of a session begins, not before `least`. Rejects with StorageError. */
export async function runStart(keeper: Keeper, sessionId: SessionId, least: number): Promise<number> {
  const last = keeper.log.rollupsOf(sessionId).at(-1)
  if (!last || last.seq < least) return least
  const [bytes] = await keeper.read({ sessionId, from: last.seq, to: last.seq }, 1)
  const grows = bytes !== undefined && bytes.length < GROWING_BYTES_MAX && last.run.from >= least
  return grows ? last.run.from : last.seq + 1
}

/** Rollups of other grants that a document stands on and whose runs are here: they were compared and found equal. */
export function vouchable({ keeper: { log }, closure, access: { grantPub } }: Voucher): EnvelopeId[] {
  return log
    .rollups()
    .filter(({ id, seq, run }) => {
      const author = log.session(run.sessionId)?.grantPub
      if (author === grantPub || log.hasVouched(id, grantPub)) return false
      return closure.isRolledUp({ sessionId: run.sessionId, seq }) && log.canRead(run)
    })
    .map(({ id }) => id)
}

interface Voucher {
  readonly keeper: Keeper
  readonly closure: Closure
  readonly access: { readonly grantPub: PublicKey }
}
