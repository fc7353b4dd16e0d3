// The checkers beside a run: they see every frame, every envelope and every receipt, and what the disks hold. What they
// find wrong ends the run. Most of it no replica could see by itself.
import type { DocId, EnvelopeId, PublicKey, SessionId } from "../../src/bytes/ids"
import { idBytes } from "../../src/bytes/ids"
import { equalBytes } from "../../src/bytes/writer"
import type { Keeper } from "../../src/log/keeper"
import { HEAD_HASH_BYTES, type VectorEntry } from "../../src/log/log"
import { includes } from "../../src/records/roles"
import type { EnvelopeKey } from "../../src/storage/database"
import type { Life } from "./clockwork"
import type { Disk } from "./disk"
import { CANARY } from "./person"

/** What a disk holds of a session, by seq. `from`: where the run begins that a rollup stands for, else its own seq. */
type HeldChain = Map<number, { readonly id: EnvelopeId; readonly from: number }>

interface Keeping {
  readonly disk: Disk
  readonly name: string
  /** What this seat has signed for. */
  readonly signed: Map<SessionId, VectorEntry>
  /** What was signed before was signed for a disk that is no more. By the seat's own clock. */
  since: number
}

/** What is no surprise in this run. */
export interface Expected {
  /** Somebody sends what nobody honest sends, or a link alters it. */
  hostile: boolean
  /** Disks are full at times. */
  full: boolean
  /** A device was put back to an older state, so a session may have two branches. */
  forks: boolean
}

const canary = Buffer.from(CANARY)

export class Watch {
  readonly found: string[] = []
  readonly expected: Expected
  readonly figures = { envelopes: 0, receipts: 0, refused: 0, forks: 0 }
  readonly #split = new Set<SessionId>()
  readonly #docId: DocId
  readonly #keepings = new Map<PublicKey, Keeping>()
  readonly #ids = new Map<string, EnvelopeId>()

  constructor(docId: DocId, expected: Expected) {
    this.#docId = docId
    this.expected = expected
  }

  wrong(what: string): void {
    this.found.push(what)
  }

  keeps(seatPub: PublicKey, disk: Disk, name: string): void {
    this.#keepings.set(seatPub, { disk, name, signed: new Map(), since: 0 })
  }

  frame(frame: Uint8Array): void {
    if (Buffer.from(frame.buffer, frame.byteOffset, frame.length).includes(canary))
      this.wrong("what was typed is readable on the wire")
  }

  /** Sees what enters a log. */
  follow(keeper: Keeper, life: Life): void {
    keeper.onAppend((envelopes, source) => {
      for (const { id, header, session } of envelopes) {
        const { sessionId, seq } = header
        const place = `${sessionId}/${seq}`
        const known = this.#ids.get(place)
        if (known === undefined) {
          this.#ids.set(place, id)
          this.figures.envelopes++
        } else if (known !== id) {
          this.figures.forks++
          this.#split.add(sessionId)
          if (!this.expected.forks) this.wrong(`${life.name} took another envelope at ${place} (${source})`)
        }
        const role = keeper.certificates.roleOf(session.grantPub)
        if (!role || !includes(role, "edit"))
          this.wrong(`${life.name} took an envelope of a ${role ?? "stranger"}`)
      }
    })
  }

  /**
   * Sessions of which these disks hold two branches. One that was only on a disk which was then put back to an older
   * state is gone without a trace, and there is nothing for anybody to notice.
   */
  splitOn(disks: readonly Disk[]): readonly SessionId[] {
    if (this.#split.size === 0) return []
    const chains = disks.map(disk => this.#heldOn(disk))
    return [...this.#split].filter(sessionId => {
      const ids = new Map<number, EnvelopeId>()
      return chains.some(chain =>
        [...(chain.get(sessionId) ?? [])].some(([seq, { id }]) => {
          const standing = ids.get(seq) ?? id
          ids.set(seq, standing)
          return standing !== id
        }),
      )
    })
  }

  receipt(by: PublicKey, at: number, entries: readonly VectorEntry[]): void {
    this.figures.receipts++
    const keeping = this.#keepings.get(by)
    if (!keeping) {
      this.wrong("a receipt of nobody we know")
      return
    }
    if (at < keeping.since) return
    for (const entry of entries) {
      const signed = keeping.signed.get(entry.sessionId)
      if (!signed || signed.seq <= entry.seq) keeping.signed.set(entry.sessionId, entry)
    }
    this.#check(keeping, entries)
  }

  reopened(seatPub: PublicKey): void {
    const keeping = this.#keepings.get(seatPub)
    if (keeping) this.#check(keeping, [...keeping.signed.values()])
  }

  rolledBack(seatPub: PublicKey, now: number): void {
    const keeping = this.#keepings.get(seatPub)
    if (!keeping) return
    keeping.signed.clear()
    keeping.since = now + 1
  }

  checkAllReceipts(): void {
    for (const seatPub of this.#keepings.keys()) this.reopened(seatPub)
  }

  hostile(who: string, why: string): void {
    if (!this.expected.hostile) this.wrong(`${who} hung up on somebody hostile, and nobody was: ${why}`)
  }

  problem(who: string, what: string): void {
    if (what.startsWith("broken") || !this.expected.hostile) {
      if (what.startsWith("silent")) return // a link that loses what is under way is found out by its silence
      this.wrong(`${who} has a problem: ${what}`)
    }
  }

  refused(who: string, by: "us" | "them", reason: string, message: string): void {
    this.figures.refused++
    if (this.expected.hostile) return
    if (reason === "storage" && this.expected.full) return
    if (reason === "fork" && this.expected.forks) return
    this.wrong(`${who}: refused by ${by}: ${reason}: ${message}`)
  }

  // Whoever has signed for envelopes has them, each of them, on its disk.
  #check({ disk, name, signed }: Keeping, entries: readonly VectorEntry[]): void {
    if (entries.length === 0) return
    const held = this.#heldOn(disk)
    for (const { sessionId, seq, headHash16 } of entries) {
      const chain = held.get(sessionId)
      const id = chain?.get(seq)?.id
      // The head itself may lie in a run that was dropped for the rollup that stands for it.
      const same = id === undefined || equalBytes(idBytes(id).subarray(0, HEAD_HASH_BYTES), headHash16)
      if (same && isWholeTo(seq, chain)) continue
      signed.delete(sessionId)
      this.wrong(`${name} has signed for ${sessionId}/${seq}, and does not hold it`)
    }
  }

  #heldOn(disk: Disk): Map<SessionId, HeldChain> {
    const held = new Map<SessionId, HeldChain>()
    for (const { key } of disk.rows("sheaf", "envelopes")) {
      const [docId, sessionId, seq, id, from] = key as unknown as EnvelopeKey
      if (docId !== this.#docId) continue
      const chain: HeldChain = held.get(sessionId) ?? new Map()
      chain.set(seq, { id, from: from < 0 ? seq : from })
      held.set(sessionId, chain)
    }
    return held
  }
}

/** Whether every place up to one is held, by itself or by a rollup that stands for it. */
function isWholeTo(seq: number, chain: HeldChain | undefined): boolean {
  const covered = new Set<number>()
  for (const [to, { from }] of chain ?? []) for (let place = from; place <= to; place++) covered.add(place)
  for (let place = 0; place <= seq; place++) if (!covered.has(place)) return false
  return true
}
