// How two logs of one document become level over one link, once both ends have proven themselves. What is missing
// here is pulled, one request at a time, so that neither end queues more than was asked for; what is new is pushed
// at once. Sans I/O: it reads the log's index and says what is to be done.
import type { SessionId } from "../bytes/ids"
import { equalBytes } from "../bytes/writer"
import { bucketDigests, bucketOf, differingBuckets } from "../log/buckets"
import type { Accepted } from "../log/keeper"
import { entryOf, type Log, type Range, type VectorEntry } from "../log/log"
import { CHANNELS, type Envelope, splitEnvelope } from "../records/envelope"
import type { Effect } from "./effects"
import { type Buckets, ENVELOPES_BYTES_MAX, type Have, RANGES_MAX, type Vector, type Want } from "./messages"

// How much is pulled in one go follows how quickly it comes: a slow way must not look like a dead one.
const PULL_BYTES_FIRST = 64 * 1024
const PULL_BYTES_MIN = 16 * 1024
const PULL_QUICK_MS = 2_000
const PULL_SLOW_MS = 8_000
const PULL_AGAIN_MS = 120_000
/** With more sessions than this, digests of them go first. */
const VECTOR_ENTRIES_MAX = 500

interface Pull {
  readonly since: number
  readonly ranges: readonly Range[]
}

/** What was read for one range of a WANT: envelopes from its start on, possibly fewer than asked for. */
export interface Supplied {
  readonly range: Range
  readonly envelopes: readonly Uint8Array[]
}

export class CatchUp {
  readonly #log: Log
  readonly #slot: number
  readonly #do: (effect: Effect) => void
  readonly #now: () => number
  /** How far the other end is, in sessions where it is known not to be simply level with this log. */
  readonly #reach = new Map<SessionId, number>()
  /** Sessions whose newest envelopes were not pushed, and are to be announced. */
  readonly #news = new Set<SessionId>()
  /** How far the other end has said it is, in sessions where this log is not. */
  readonly #targets = new Map<SessionId, number>()
  /** Sessions of which the other end holds another branch: nothing more is asked of it. */
  readonly #forked = new Set<SessionId>()
  /** Where the other end says that another branch stands: it is asked for, since only a signature shows that it does. */
  #unproven: Range[] = []
  /** Runs that this end has been asked for: session and beginning. */
  readonly #runsAsked = new Set<string>()
  /** Whether the other end has been told everything since the last HAVE. */
  #vectorSent = false
  #pull: Pull | null = null
  /** Whether what was asked for is being read; the next question waits, and replaces one that waits already. */
  #reading = false
  #waiting: Want | null = null
  #pullBytes = PULL_BYTES_FIRST
  #level = false
  /** What came was not kept: the other end believes that it is here. */
  #lost = false

  constructor(log: Log, slot: number, doIt: (effect: Effect) => void, now: () => number) {
    this.#log = log
    this.#slot = slot
    this.#do = doIt
    this.#now = now
  }

  /** Whether an answer is awaited: then the link may be silent for longer. */
  get pulling(): boolean {
    return this.#pull !== null
  }

  /** Says what is here. */
  announce(): void {
    this.#vectorSent = false
    const digest = this.#log.digest()
    const certificates = this.#log.certificatesDigest()
    this.#send({ type: "have", slot: this.#slot, channel: CHANNELS.body, digest, certificates })
  }

  /** Answers with the vector if the other end does not hold the same. */
  have({ digest }: Have): void {
    // It may not have been able to keep what it was sent: what was believed of it until now is worth nothing.
    this.#reach.clear()
    if (equalBytes(digest, this.#log.digest())) this.#pullNext()
    else if (this.#log.vector().length <= VECTOR_ENTRIES_MAX) this.#sendVector(true, this.#log.vector())
    else {
      const digests = bucketDigests(this.#log.vector())
      this.#send({ type: "buckets", slot: this.#slot, channel: CHANNELS.body, digests })
    }
  }

  /** Answers with what is here of the buckets that differ. */
  buckets({ digests }: Buckets): void {
    const differing = differingBuckets(bucketDigests(this.#log.vector()), digests)
    this.#sendVector(true, this.#within(differing), differing)
  }

  /** Learns what the other end has. Returns the sessions in which the two logs are branches of a fork. */
  vector({ whole, buckets, entries }: Vector): readonly SessionId[] {
    const forks = this.#log.forksWith(entries)
    for (const { sessionId, seq } of forks) {
      if (!this.#forked.has(sessionId)) this.#unproven.push({ sessionId, from: seq, to: seq })
      this.#forked.add(sessionId)
    }
    if (whole) this.#learnLacks(entries, buckets)
    for (const { sessionId, to } of this.#log.wantedFrom(entries)) {
      this.#reach.set(sessionId, to)
      this.#aim(sessionId, to)
    }
    this.#pullNext()
    return forks.map(({ sessionId }) => sessionId)
  }

  /** Has what is asked for read, each range to the end of its chain. */
  want(want: Want): void {
    if (this.#reading) {
      this.#waiting = want
      return
    }
    this.#reading = true
    const { ranges, bytesMax } = want
    const held = ranges.flatMap(({ sessionId, from, to: asked }) => {
      // Who asks for exactly the run of a rollup has the rest.
      const isRun = this.#log.rollupsOf(sessionId).some(({ seq }) => seq === asked + 1)
      const to = isRun ? asked : this.#log.reach(sessionId)
      return from <= to ? [{ sessionId, from, to }] : []
    })
    const bytes = Math.min(bytesMax, ENVELOPES_BYTES_MAX)
    this.#do({ do: "read", docId: this.#log.docId, ranges: held, bytesMax: bytes })
  }

  /** Sends what was read, and says where there is more than was known when it was asked for. */
  supply(supplied: readonly Supplied[]): void {
    const envelopes = supplied.flatMap(part => part.envelopes)
    this.#send({ type: "envelopes", slot: this.#slot, answer: true, envelopes })
    for (const { range, envelopes } of supplied) {
      const last = envelopes.at(-1)
      const reached = last ? splitEnvelope(last).header.seq : range.from - 1
      this.#reach.set(range.sessionId, Math.max(reached, this.#reach.get(range.sessionId) ?? -1))
      if (reached < this.#log.reach(range.sessionId)) this.#news.add(range.sessionId)
    }
    this.sendNews()
    this.#reading = false
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting) this.want(waiting)
  }

  /** Draws the consequences of what came: asks for what is missing before it, goes on pulling. */
  accepted(answer: boolean, { gaps }: Pick<Accepted, "gaps">): void {
    for (const { sessionId, to } of gaps) this.#aim(sessionId, to)
    if (answer && this.#pull) {
      const { since, ranges } = this.#pull
      this.#pull = null
      this.#pace(this.#now() - since)
      // An end that announces what it does not give is not asked for it for ever.
      if (ranges.every(({ sessionId, from }) => this.#log.reach(sessionId) < from))
        for (const { sessionId } of ranges) this.#targets.delete(sessionId)
    }
    this.#pullNext()
  }

  /** Nothing more of this session is asked of the other end. */
  forked(sessionId: SessionId): void {
    this.#forked.add(sessionId)
  }

  /**
   * Pushes what was appended here, unless the other end has it (`byThem`: it came from there). What cannot be
   * pushed, because it is behind or the link is full (`mayPush` false), is announced instead.
   */
  appended(envelopes: readonly Envelope[], byThem: boolean, mayPush: boolean): void {
    const pushed: Uint8Array[] = []
    for (const { header, bytes } of envelopes) {
      const { sessionId, seq } = header
      const reach = this.#reach.get(sessionId)
      if (reach !== undefined && reach >= seq) continue
      if (byThem) this.#reach.set(sessionId, seq)
      else if (mayPush && (reach === undefined || reach === seq - 1)) {
        this.#reach.set(sessionId, seq)
        pushed.push(bytes)
      } else {
        this.#reach.set(sessionId, reach ?? seq - 1)
        this.#news.add(sessionId)
      }
    }
    for (const part of parts(pushed, ENVELOPES_BYTES_MAX))
      this.#send({ type: "envelopes", slot: this.#slot, answer: false, envelopes: part })
    if (mayPush) this.sendNews()
    if (!byThem) this.#pullNext() // another link may have brought what was aimed at
  }

  /** Announces what was not pushed. */
  sendNews(): void {
    const entries = [...this.#news].flatMap(sessionId => this.#log.head(sessionId) ?? []).map(entryOf)
    this.#news.clear()
    if (entries.length > 0) this.#sendVector(false, entries)
  }

  /** Something that came, over this link or another, was not kept. It is asked for again at the next tick. */
  lost(): void {
    this.#lost = true
  }

  /** Asks again for what was not kept, and where an answer has not come for a very long time. */
  tick(now: number): void {
    if (this.#lost) this.announce()
    this.#lost = false
    if (!this.#pull || now - this.#pull.since < PULL_AGAIN_MS) return
    this.#pull = null
    this.#pace(PULL_AGAIN_MS)
    this.#pullNext()
  }

  // The other end may not have heard our HAVE, because it had not checked our proof yet: then it does not know what it
  // lacks, and is told now.
  #learnLacks(entries: readonly VectorEntry[], buckets: readonly number[] | null): void {
    const told = new Set(buckets)
    const lacks = this.#log.lackedBy(entries).filter(lack => !buckets || told.has(bucketOf(lack)))
    for (const { sessionId, from } of lacks) this.#reach.set(sessionId, from - 1)
    if (lacks.length > 0 && !this.#vectorSent) this.#sendVector(true, this.#within(buckets), buckets)
  }

  #aim(sessionId: SessionId, to: number): void {
    if (this.#forked.has(sessionId)) return
    this.#targets.set(sessionId, Math.max(to, this.#targets.get(sessionId) ?? 0))
    this.#level = false
  }

  #pullNext(): void {
    if (this.#pull) return
    const ranges = this.#unproven.splice(0, RANGES_MAX)
    for (const [sessionId, to] of this.#targets) {
      const from = this.#log.reach(sessionId) + 1
      if (from > to || this.#forked.has(sessionId)) this.#targets.delete(sessionId)
      else if (ranges.length < RANGES_MAX) ranges.push({ sessionId, from, to })
    }
    if (ranges.length === 0) ranges.push(...this.#runsToAsk())
    if (ranges.length > 0) {
      this.#pull = { since: this.#now(), ranges }
      this.#send({ type: "want", slot: this.#slot, bytesMax: this.#pullBytes, ranges })
    } else if (!this.#level) {
      this.#level = true
      this.#do({ do: "report", report: { kind: "caught-up", docId: this.#log.docId } })
    }
  }

  // Last of all: whoever vouches for their rollups may have come meanwhile. Each is asked for once, as far as it came.
  #runsToAsk(): Range[] {
    const runs = this.#log
      .wantedRuns()
      .filter(
        ({ sessionId, from }) => !this.#forked.has(sessionId) && !this.#runsAsked.has(`${sessionId} ${from}`),
      )
      .slice(0, RANGES_MAX)
    for (const { sessionId, from } of runs) this.#runsAsked.add(`${sessionId} ${from}`)
    return runs
  }

  #pace(tookMs: number): void {
    if (tookMs < PULL_QUICK_MS) this.#pullBytes = Math.min(this.#pullBytes * 2, ENVELOPES_BYTES_MAX)
    else if (tookMs > PULL_SLOW_MS) this.#pullBytes = Math.max(this.#pullBytes / 2, PULL_BYTES_MIN)
  }

  #within(buckets: readonly number[] | null): readonly VectorEntry[] {
    const wanted = new Set(buckets)
    return this.#log.vector().filter(entry => !buckets || wanted.has(bucketOf(entry)))
  }

  #sendVector(
    whole: boolean,
    entries: readonly VectorEntry[],
    buckets: readonly number[] | null = null,
  ): void {
    if (whole) this.#vectorSent = true
    this.#send({ type: "vector", slot: this.#slot, channel: CHANNELS.body, whole, buckets, entries })
  }

  #send(message: Extract<Effect, { do: "send" }>["message"]): void {
    this.#do({ do: "send", message })
  }
}

/** Splits into parts of at most `bytesMax`, or of one that is larger. */
export function parts(all: readonly Uint8Array[], bytesMax: number): Uint8Array[][] {
  const split: Uint8Array[][] = []
  let left = 0
  for (const bytes of all) {
    left -= bytes.length
    const last = split.at(-1)
    if (last && left >= 0) last.push(bytes)
    else {
      split.push([bytes])
      left = bytesMax - bytes.length
    }
  }
  return split
}
