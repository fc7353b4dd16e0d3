// The asynchronous driver of one conversation over one link: it performs what the conversation asks for — checking,
// reading, writing, signing — against a shelf, and feeds the results back. Nothing queues without bound: frames are
// taken one after the other, and nothing is read from disk for an end that does not take what it was sent.
import type { DocId, PublicKey } from "../bytes/ids"
import type { World } from "../bytes/world"
import type { Verify } from "../crypto/signing"
import type { Source } from "../log/keeper"
import type { Link } from "./link"
import type { EndKind } from "./messages"
import type { FarEnd, Prover, Report, Shelf } from "./shelf"

export interface ExchangeOptions {
  /** This exchange's own name, unlike any other's in the program: the source of what it appends. */
  readonly name: Source
  readonly world: World
  readonly verify: Verify
  readonly kind: EndKind
  /** A relay's own key; null for everybody else. */
  readonly relayKey: PublicKey | null
  /** The key that the relay at the far end must have; null to take the one it names (first use). */
  readonly expectedRelayKey: PublicKey | null
  /** What ties proofs to this link: the sorted DTLS fingerprints. Empty for relays (their key does) and memory. */
  readonly binding: Uint8Array
  readonly features?: readonly string[]
  /** The least time between two receipts for one document. 0 at a relay. */
  readonly receiptPaceMs?: number
  readonly report: (report: Report) => void
}

/** Why an exchange ended. `hostile`: bad bytes were proven, and whoever dials waits before the next attempt. */
export interface Ending {
  readonly why: string
  readonly hostile: boolean
}

export interface Exchange {
  readonly name: Source
  /** Null until it has said hello. */
  readonly far: FarEnd | null
  /** Who the other end is in a document; null unless it has proven it. */
  prover(docId: DocId): Prover | null
  /** Sends presence (≤ 2 KiB, opaque here) if the document is live on this link and there is room. */
  presence(docId: DocId, bytes: Uint8Array): void
  /** Says BYE and closes the link. */
  close(why: string): void
  readonly ended: Promise<Ending>
}

/** Starts the conversation as soon as the link is ready. It lasts until the link closes. */
export type Connect = (link: Link, shelf: Shelf, options: ExchangeOptions) => Exchange
