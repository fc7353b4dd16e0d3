// The receipts that are kept of one document: of every seat the last ones, as it signed them (protocol §6, STORED). A
// receipt is as good from a third hand as from the first, so each end passes on what it has: that is how somebody who
// only ever meets the relay knows which devices keep their words, and how a relay that signed for what it does not hand
// out is found. Pure: whoever takes a receipt in here has checked its signature.
import { FormatError } from "../bytes/errors"
import { type CertificateHash, idBytes, idOf, type SessionId } from "../bytes/ids"
import { Reader } from "../bytes/reader"
import type { Stop } from "../bytes/world"
import { equalBytes, Writer } from "../bytes/writer"
import { SIGNATURE_BYTES } from "../crypto/signing"
import { readEntry, type VectorEntry, writeEntry } from "./log"

/** A signed word about what is durable at one seat; the same bytes whoever it is sent to. */
export interface Receipt {
  /** The certificate of the seat that signed. */
  readonly seat: CertificateHash
  readonly channel: number
  /** Wall clock of the signer, ms. */
  readonly at: number
  readonly entries: readonly VectorEntry[]
  /** What the place is and whose, sealed for the document's readers (people/claim.ts); empty: it does not say here. */
  readonly claim: Uint8Array
  readonly signature: Uint8Array
}

/** A claim is a kind of place and a name. */
const CLAIM_BYTES_MAX = 512
/** Heads that one receipt may name. */
export const RECEIPT_ENTRIES_MAX = 100_000
/** Seats of which receipts are kept; the ones that were silent the longest give way. */
const SEATS_MAX = 256
/** What the receipts of a document may take. */
const LEDGER_BYTES_MAX = 512 * 1024
/** A receipt that says nothing new is passed on only after so long: that a place still holds everything is news too. */
const STILL_MS = 10 * 60_000
const NOTHING = new Uint8Array(0)

interface Account {
  /** The last first; no receipt whose every head stands in a later one, but the last that says what the place is. */
  receipts: readonly Receipt[]
  readonly reach: Map<SessionId, VectorEntry>
  at: number
  /** The last receipt that says what the place is; null: none does. */
  claiming: Receipt | null
}

export class Ledger {
  readonly #accounts = new Map<CertificateHash, Account>()
  readonly #onTaken = new Set<(receipt: Receipt, source: string) => void>()

  /** Takes what was stored by `store`. What cannot be read is left out: it comes again. */
  restore(stored: Uint8Array): void {
    const reader = new Reader(stored)
    try {
      while (reader.position < stored.length) this.#add(readReceipt(reader))
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
    }
  }

  /** For the next start. */
  store(): Uint8Array {
    const writer = new Writer()
    for (const receipt of this.all().reverse()) writeReceipt(writer, receipt)
    return writer.end()
  }

  /** Takes a receipt whose signature holds. False: it says nothing that is not here. */
  take(receipt: Receipt, source: string): boolean {
    if (!this.#isNew(receipt)) return false
    this.#add(receipt)
    for (const f of this.#onTaken) f(receipt, source)
    return true
  }

  /** Called with each receipt that was taken, and where it came from. */
  onTaken(f: (receipt: Receipt, source: string) => void): Stop {
    this.#onTaken.add(f)
    return () => {
      this.#onTaken.delete(f)
    }
  }

  /** Everything kept, the seats that signed last first. */
  all(): Receipt[] {
    return [...this.#accounts.values()].sort((a, b) => b.at - a.at).flatMap(({ receipts }) => receipts)
  }

  /** What a seat has signed for; null: it has signed nothing. Shared: do not write to it. */
  signedBy(
    seat: CertificateHash,
  ): { readonly at: number; readonly reach: ReadonlyMap<SessionId, VectorEntry> } | null {
    return this.#accounts.get(seat) ?? null
  }

  #isNew({ seat, at, entries, claim }: Receipt): boolean {
    const account = this.#accounts.get(seat)
    if (!account) return true
    const { claiming } = account
    const saysMore = claim.length > 0 && !equalBytes(claim, claiming?.claim ?? NOTHING)
    if (saysMore && at > (claiming?.at ?? -1)) return true
    if (entries.some(({ sessionId, seq }) => seq > (account.reach.get(sessionId)?.seq ?? -1))) return true
    return at - account.at >= STILL_MS
  }

  #add(receipt: Receipt): void {
    const account = this.#accounts.get(receipt.seat) ?? newAccount()
    this.#accounts.set(receipt.seat, account)
    for (const entry of receipt.entries)
      if (entry.seq >= (account.reach.get(entry.sessionId)?.seq ?? 0))
        account.reach.set(entry.sessionId, entry)
    account.at = Math.max(account.at, receipt.at)
    account.receipts = needed([receipt, ...account.receipts])
    account.claiming = account.receipts.find(({ claim }) => claim.length > 0) ?? null
    this.#makeRoom()
  }

  #makeRoom(): void {
    const bySilence = [...this.#accounts].sort(([, a], [, b]) => b.at - a.at)
    let bytes = 0
    for (const [place, [seat, { receipts }]] of bySilence.entries()) {
      bytes += receipts.reduce((sum, { entries, claim }) => sum + 128 + claim.length + 40 * entries.length, 0)
      if (place > 0 && (place >= SEATS_MAX || bytes > LEDGER_BYTES_MAX)) this.#accounts.delete(seat)
    }
  }
}

function newAccount(): Account {
  return { receipts: [], reach: new Map(), at: 0, claiming: null }
}

// Of receipts, those that name a head further than any later one does, and the last that says what the place is. The
// last first: they come as their signer made them, but over two ways not in that order.
function needed(receipts: readonly Receipt[]): Receipt[] {
  const reach = new Map<SessionId, number>()
  const sorted = [...receipts].sort((a, b) => b.at - a.at)
  const claiming = sorted.find(({ claim }) => claim.length > 0)
  return sorted.filter((receipt, place) => {
    const { entries } = receipt
    const further = entries.filter(({ sessionId, seq }) => seq > (reach.get(sessionId) ?? -1))
    for (const { sessionId, seq } of further) reach.set(sessionId, seq)
    return place === 0 || further.length > 0 || receipt === claiming
  })
}

export function writeReceipt(writer: Writer, receipt: Receipt): Writer {
  const { seat, channel, at, entries, claim, signature } = receipt
  writer.bytes(idBytes(seat)).byte(channel).number(at)
  return writer
    .list(entries, entry => writeEntry(writer, entry))
    .block(claim)
    .bytes(signature)
}

/** Throws FormatError. Views of what is read. */
export function readReceipt(reader: Reader): Receipt {
  return {
    seat: idOf<CertificateHash>(reader.bytes(32, "a seat")),
    channel: reader.byte("a channel"),
    at: reader.number("a wall clock"),
    entries: reader.list("entries", RECEIPT_ENTRIES_MAX, () => readEntry(reader)),
    claim: reader.block("a claim", CLAIM_BYTES_MAX),
    signature: reader.bytes(SIGNATURE_BYTES, "a signature"),
  }
}
