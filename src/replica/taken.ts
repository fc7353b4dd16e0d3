// When something is taken back under an open document (protocol §9): what is applied may reach beyond what counts. What
// this device's own words were written upon is adopted by itself, and so is what it wrote itself under a grant that
// was withdrawn since; if anything else is left, the document is out of date and is to be made anew from the log.
import type { Stop } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import type { Log } from "../log/log"
import { ADOPTED_MAX } from "../records/header"
import type { Head } from "../records/plain"
import { includes } from "../records/roles"
import type { Closure, Place } from "./closure"
import type { Access } from "./ground"
import type { Session } from "./session"

/** What is applied and does not count any more: the last applied place of each such session. */
export function takenBack(closure: Closure, log: Log): Place[] {
  return [...closure.sessions()]
    .map(({ sessionId }) => ({ sessionId, seq: closure.reach(sessionId) }))
    .filter(({ sessionId, seq }) => seq > log.reach(sessionId))
}

/** Whether all that is applied, and that nobody names yet, counts: else nothing may be written upon it. */
export function isWhole(closure: Closure, log: Log, except: Session["sessionId"]): boolean {
  return closure.frontier(except).every(({ sessionId, seq }) => log.idAt(sessionId, seq) !== null)
}

export interface TakenOptions {
  readonly access: () => Access
  readonly keeper: Keeper
  readonly closure: Closure
  /** The session that adopts; null where nothing is written. */
  readonly session: () => Session | null
  /** Whether something beside the text is out of date. */
  readonly isOutdated: () => boolean
  /** What is applied does not count, and is not adopted: the document is to be opened anew. */
  readonly onOutdated: () => void
  readonly onProblem: (error: unknown) => void
}

/** Looks after what is taken back until stopped. */
export function watchTaken(options: TakenOptions): Stop {
  const { keeper, onProblem } = options
  let last: Promise<void> = Promise.resolve()
  const look = () => {
    last = last.then(() => settle(options)).catch(onProblem)
  }
  if (keeper.log.beyond().length > 0) look()
  return keeper.onShift(look)
}

async function settle(options: TakenOptions): Promise<void> {
  const { access, keeper, closure, session, isOutdated, onOutdated } = options
  const { log, certificates } = keeper
  const writing = session()
  const role = certificates.roleOf(access().grantPub)
  if (writing && role && includes(role, "edit")) {
    const heads = ownedOrNeeded(access(), closure, log)
    for (let from = 0; from < heads.length; from += ADOPTED_MAX) {
      writing.adopt(heads.slice(from, from + ADOPTED_MAX))
      await writing.settle()
    }
  }
  if (takenBack(closure, log).length > 0 || isOutdated()) onOutdated()
}

// The same seat key under another grant is the same device: whoever had only that key could have signed for it.
function ownedOrNeeded({ seat }: Access, closure: Closure, log: Log): Head[] {
  const needed = new Map<Head["sessionId"], number>()
  const need = ({ sessionId, seq }: Place) => {
    if (seq > log.reach(sessionId)) needed.set(sessionId, Math.max(seq, needed.get(sessionId) ?? -1))
  }
  const isOwn = (sessionId: Head["sessionId"]) => log.session(sessionId)?.seatPub === seat.key.publicKey
  for (const { session, head } of log.beyond()) if (isOwn(session.sessionId)) need(head)
  for (const { sessionId } of closure.sessions())
    if (isOwn(sessionId))
      for (const [named, seq] of closure.coverOf(sessionId)) need({ sessionId: named, seq })
  return [...needed].flatMap(([sessionId, seq]) => {
    const id = log.heldAt(sessionId, seq)
    return id ? [{ sessionId, seq, id }] : []
  })
}
