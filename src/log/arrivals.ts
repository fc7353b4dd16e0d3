// The checking half of the keeper's door: of a handful of envelopes that arrived together, which are genuine. All
// signatures are checked side by side; a session that opens in the same handful counts for what follows it.
// Whether a genuine envelope has a place in the log is said afterwards, in one go, by `settle`.
import { type EnvelopeId, NO_ENVELOPE, type SessionId } from "../bytes/ids"
import type { Verify } from "../crypto/signing"
import {
  checkParts,
  type Envelope,
  KINDS,
  type Known,
  type Parts,
  type Session,
  splitEnvelope,
} from "../records/envelope"
import type { Log, Range } from "./log"
import { type RefusedEnvelope, refusalOf } from "./refusal"

/** What has been checked but not yet put in its place. */
export interface Arrivals {
  readonly genuine: readonly Envelope[]
  readonly refused: RefusedEnvelope[]
  readonly gaps: Map<SessionId, Range>
}

export interface Settled {
  /** What is new, in order. */
  readonly appended: readonly Envelope[]
  /** Of that, what makes a chain longer; the rest belongs to runs that were missing. */
  readonly grown: readonly Envelope[]
}

interface Candidate {
  readonly parts: Parts
  readonly bytes: Uint8Array
}

/** Takes envelopes apart and checks those that can be next. Never throws for what the bytes are. */
export async function verifyArrivals(
  envelopes: readonly Uint8Array[],
  log: Log,
  verify: Verify,
): Promise<Arrivals> {
  const arrivals = { genuine: [] as Envelope[], refused: [] as RefusedEnvelope[], gaps: new Map() }
  const candidates = worthChecking(envelopes, log, arrivals)
  const opened = new Map<SessionId, Session>()
  const known: Known = {
    certificates: log.certificates,
    session: sessionId => log.session(sessionId) ?? opened.get(sessionId) ?? null,
    isAdopted: (sessionId, seq) => log.isAdopted(sessionId, seq),
  }
  const checked = new Map<EnvelopeId, Envelope>()
  const checkAll = async (some: readonly Candidate[]) => {
    await Promise.all(
      some.map(async ({ parts, bytes }) => {
        try {
          checked.set(parts.id, await checkParts(parts, bytes, known, verify))
        } catch (error) {
          arrivals.refused.push({ id: parts.id, sessionId: parts.header.sessionId, ...refusalOf(error) })
        }
      }),
    )
  }
  const opens = candidates.filter(({ parts }) => parts.header.kind === KINDS.open)
  await checkAll(opens)
  // One key may open a session under two grants. Only the opening that will stand, by the same question that `settle`
  // asks, says whose words follow: else an envelope would carry another grant's right and number than the log holds.
  for (const { parts } of opens) {
    const open = checked.get(parts.id)
    if (open && !opened.has(open.session.sessionId) && log.placeOf(open) === "next")
      opened.set(open.session.sessionId, open.session)
  }
  // What follows an opening that was refused is refused with it: one reason is told, the one that is to be mended.
  const unopened = new Set(opens.map(({ parts }) => parts.header.sessionId))
  await checkAll(
    candidates.filter(
      ({ parts: { header } }) =>
        header.kind !== KINDS.open && (known.session(header.sessionId) || !unopened.has(header.sessionId)),
    ),
  )
  for (const { parts } of candidates) {
    const envelope = checked.get(parts.id)
    if (envelope) arrivals.genuine.push(envelope)
  }
  return arrivals
}

/**
 * Puts what is genuine in its place, in the order in which it came, in one go. Adds to
 * `refused` (fork: another one stands there, and stays) and to `gaps`.
 */
export function settle({ genuine, refused, gaps }: Arrivals, log: Log): Settled {
  const appended: Envelope[] = []
  const grown: Envelope[] = []
  for (const envelope of genuine) {
    const place = log.placeOf(envelope)
    if (place === "next") {
      if (envelope.header.seq > log.held(envelope.header.sessionId)) grown.push(envelope)
      log.append(envelope)
      appended.push(envelope)
    } else if (place === "fork") {
      const message = `another envelope stands at ${envelope.header.seq} of its session`
      refused.push({ id: envelope.id, sessionId: envelope.header.sessionId, reason: "fork", message })
    } else if (place !== "known") {
      widen(gaps, place.gap)
    }
  }
  for (const [sessionId, { to }] of gaps) {
    const from = log.held(sessionId) + 1
    // What is missing further back is a run, which the log itself says that it wants.
    if (to < from) gaps.delete(sessionId)
    else gaps.set(sessionId, { sessionId, from, to })
  }
  return { appended, grown }
}

// A signature costs something: what is known, comes twice or cannot be next is not worth checking.
function worthChecking(envelopes: readonly Uint8Array[], log: Log, arrivals: Arrivals): Candidate[] {
  const seen = new Set<EnvelopeId>()
  const reach = new Map<SessionId, number>()
  const candidates: Candidate[] = []
  for (const bytes of envelopes) {
    try {
      const parts = splitEnvelope(bytes)
      const { header } = parts
      const { sessionId, seq } = header
      const place = log.placeOf(parts)
      if (seen.has(parts.id) || place === "known") continue
      // What is next here, or behind something that came with it: in a run that is missing, or at the chain's end.
      const begins = typeof place === "string" ? seq : place.gap.from
      const next = Math.max(begins, (reach.get(sessionId) ?? -1) + 1)
      const first = header.kind === KINDS.rollup ? header.from : seq
      if (first > next) {
        widen(arrivals.gaps, { sessionId, from: begins, to: seq })
        continue
      }
      seen.add(parts.id)
      reach.set(sessionId, Math.max(next - 1, seq))
      candidates.push({ parts, bytes })
    } catch (error) {
      arrivals.refused.push({ id: null, sessionId: null, ...refusalOf(error) })
    }
  }
  return candidates
}

function widen(gaps: Map<SessionId, Range>, gap: Range): void {
  gaps.set(gap.sessionId, { ...gap, to: Math.max(gap.to, gaps.get(gap.sessionId)?.to ?? 0) })
}

/** Whether envelopes stand one after the other in one chain, the first of them next in the log. */
export function isRun(envelopes: readonly Envelope[], log: Log): boolean {
  return envelopes.every(({ header }, index) => {
    const before = envelopes[index - 1]
    if (!before) return log.placeOf({ id: NO_ENVELOPE, header }) === "next"
    const { sessionId, seq } = before.header
    return header.sessionId === sessionId && header.seq === seq + 1 && header.prev === before.id
  })
}

/** Where the first envelope of each session stands. */
export function firstSeqs(envelopes: readonly Envelope[]): Map<SessionId, number> {
  const first = new Map<SessionId, number>()
  for (const { header } of envelopes)
    first.set(header.sessionId, Math.min(header.seq, first.get(header.sessionId) ?? header.seq))
  return first
}
