// How much anyone may use of a relay that takes what strangers bring (protocol §7, §11). Rates pace: what comes too
// fast is read later, never punished, because honest slowness and honest haste look the same. Amounts refuse, by
// name. Nothing here knows a socket, a disk or a clock of its own.
import { RefusedError } from "../bytes/errors"
import type { Stop, World } from "../bytes/world"
import type { Limits } from "./settings"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const SWEEP_MS = 10 * MINUTE_MS
// Thirds of a token do not add up to a whole one in binary.
const ROUNDING = 1e-6

/** A token bucket that lends: taking always succeeds, and the debt says how long to wait before taking more. */
export class Bucket {
  readonly #capacity: number
  readonly #perMs: number
  #level: number
  #at: number

  /** Starts full. `capacity` tokens come back in `fillMs`. */
  constructor(capacity: number, fillMs: number, now: number) {
    this.#capacity = capacity
    this.#perMs = capacity / fillMs
    this.#level = capacity
    this.#at = now
  }

  /** Takes `amount` and returns the ms to wait until nothing is owed; 0 if nothing is. */
  take(amount: number, now: number): number {
    this.#refill(now)
    this.#level -= amount
    return this.#level >= 0 ? 0 : Math.ceil(-this.#level / this.#perMs)
  }

  /** Takes one if there is one; false and nothing taken otherwise. */
  tryTake(now: number): boolean {
    this.#refill(now)
    if (this.#level < 1 - ROUNDING) return false
    this.#level -= 1
    return true
  }

  isFull(now: number): boolean {
    this.#refill(now)
    return this.#level >= this.#capacity
  }

  // A clock that was set back must not take tokens away.
  #refill(now: number): void {
    this.#level = Math.min(this.#capacity, this.#level + Math.max(0, now - this.#at) * this.#perMs)
    this.#at = now
  }
}

/** What is stored already, in bytes of envelopes and certificates. */
export interface Usage {
  readonly grantBytes: number
  readonly documentBytes: number
  readonly storeBytes: number
}

/**
 * Why nothing more may be stored, or null. The first quota that is used up is the one that is named. What is on its
 * way when a quota fills is still taken: a quota is exceeded by one message at most.
 */
export function quotaUsedUp(usage: Usage, limits: Limits): RefusedError | null {
  const { documentBytesMax, grantsPerDocumentQuota, storeBytesMax } = limits
  const grantBytesMax = Math.floor(documentBytesMax / grantsPerDocumentQuota)
  const usedUp = (whose: string, max: number, bytes: number) =>
    bytes >= max ? new RefusedError("quota", `${whose} may take ${max} bytes here and takes ${bytes}`) : null
  return (
    usedUp("what one grant wrote in a document", grantBytesMax, usage.grantBytes) ??
    usedUp("a document", documentBytesMax, usage.documentBytes) ??
    usedUp("the whole relay", storeBytesMax, usage.storeBytes)
  )
}

/** What blobs may use: a quarter of each quota is left to words, which a picture must never keep out. */
export function limitsForBlobs(limits: Limits): Limits {
  const share = (bytes: number) => bytes - Math.floor(bytes / 4)
  return {
    ...limits,
    documentBytesMax: share(limits.documentBytesMax),
    storeBytesMax: share(limits.storeBytesMax),
  }
}

interface Address {
  connections: number
  readonly bytes: Bucket
  readonly documents: Bucket
}

/** The rates and counts of all addresses and seats. Forgets whoever has gone and owes nothing. */
export class Quotas {
  readonly #limits: Limits
  readonly #world: Pick<World, "now">
  readonly #addresses = new Map<string, Address>()
  readonly #seats = new Map<string, Bucket>()
  #sweptAt: number

  constructor(limits: Limits, world: Pick<World, "now">) {
    this.#limits = limits
    this.#world = world
    this.#sweptAt = world.now()
  }

  /** Counts a connection; the Stop ends the count. A RefusedError (quota) is returned when there are too many. */
  connect(name: string): Stop | RefusedError {
    this.#sweep()
    const address = this.#address(name)
    const max = this.#limits.addressConnectionsMax
    if (address.connections >= max)
      return new RefusedError("quota", `one address may have ${max} connections here, one more came`)
    address.connections++
    let counted = true
    return () => {
      if (counted) address.connections--
      counted = false
    }
  }

  /** Counts bytes that came from an address; returns the ms to wait before reading more from it. */
  received(name: string, bytes: number): number {
    return this.#address(name).bytes.take(bytes, this.#world.now())
  }

  /** Counts bytes of envelopes that a seat sent; returns the ms to wait before reading more from it. */
  written(seat: string, bytes: number): number {
    const now = this.#world.now()
    const bucket = this.#seats.get(seat) ?? new Bucket(this.#limits.seatBytesPerMinute, MINUTE_MS, now)
    this.#seats.set(seat, bucket)
    return bucket.take(bytes, now)
  }

  /** Counts a new document from an address; a RefusedError (quota) when it has brought too many this hour. */
  bring(name: string): RefusedError | null {
    if (this.#address(name).documents.tryTake(this.#world.now())) return null
    const max = this.#limits.addressDocumentsPerHour
    return new RefusedError("quota", `one address may bring ${max} new documents an hour, one more came`)
  }

  #address(name: string): Address {
    const known = this.#addresses.get(name)
    if (known) return known
    const now = this.#world.now()
    const { addressBytesPerMinute, addressDocumentsPerHour } = this.#limits
    const address = {
      connections: 0,
      bytes: new Bucket(addressBytesPerMinute, MINUTE_MS, now),
      documents: new Bucket(addressDocumentsPerHour, HOUR_MS, now),
    }
    this.#addresses.set(name, address)
    return address
  }

  #sweep(): void {
    const now = this.#world.now()
    if (now - this.#sweptAt < SWEEP_MS) return
    this.#sweptAt = now
    for (const [name, { connections, bytes, documents }] of this.#addresses)
      if (connections === 0 && bytes.isFull(now) && documents.isFull(now)) this.#addresses.delete(name)
    for (const [seat, bucket] of this.#seats) if (bucket.isFull(now)) this.#seats.delete(seat)
  }
}
