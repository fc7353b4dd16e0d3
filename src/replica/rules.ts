// The Yjs rules (protocol §5): what one envelope may do to a document. A verdict is computed from the envelope and
// its closure alone, so that every replica reaches the same one; time, memory and speed have no say. The writer asks
// the same questions before sealing.
import { FormatError } from "../bytes/errors"
import { PAYLOAD_BYTES_MAX } from "../records/plain"
import { BODY, META, TITLE } from "./document"
import { DEPTH_MAX, type Place, readUpdate, type Struct, UnfitError } from "./update"

/** What the closure of an envelope holds. */
export interface Past {
  /** Whether the closure holds that clock of that client. */
  covers(client: number, clock: number): boolean
  /** How deep in shared types what stands at a covered place lies; 0: in a root. */
  depthAt(client: number, clock: number): number
}

/** From this clock on, an envelope's words lie that deep. */
export interface DepthRun {
  readonly clock: number
  readonly depth: number
}

export type Verdict =
  | {
      readonly fit: true
      /** The session's next clock. */
      readonly end: number
      readonly depths: readonly DepthRun[]
      readonly deletes: boolean
    }
  | {
      readonly fit: false
      readonly why: string
      /** What was named lies outside the closure; it starts at this clock of one's own, null: in a delete range. */
      readonly outside: { readonly clock: number | null } | null
    }

/**
 * Judges an update of the session that Yjs knows as `client` and whose next clock is `from`. Never throws for what
 * the bytes are, does not keep them.
 */
export function judge(payload: Uint8Array, client: number, from: number, past: Past): Verdict {
  if (payload.length > PAYLOAD_BYTES_MAX) return unfit(`expected at most ${PAYLOAD_BYTES_MAX} bytes`)
  const bench = new Bench(client, from, past)
  try {
    readUpdate(payload, bench)
    return { fit: true, end: bench.next, depths: bench.depths, deletes: bench.deletes }
  } catch (error) {
    if (error instanceof OutsideError) return { fit: false, why: error.message, outside: error }
    if (error instanceof UnfitError || error instanceof FormatError) return unfit(error.message)
    throw error
  }
}

function unfit(why: string): Verdict {
  return { fit: false, why, outside: null }
}

class OutsideError extends Error {
  readonly clock: number | null
  constructor(what: string, clock: number | null) {
    super(`expected ${what} inside the closure`)
    this.clock = clock
  }
}

class Bench {
  readonly #client: number
  readonly #past: Past
  #blocks = 0
  next: number
  deletes = false
  readonly depths: DepthRun[] = []

  constructor(client: number, from: number, past: Past) {
    this.#client = client
    this.next = from
    this.#past = past
  }

  block(client: number, clock: number): void {
    if (client !== this.#client) throw new UnfitError("expected words of the session itself")
    if (++this.#blocks > 1) throw new UnfitError("expected one block of structs")
    if (clock !== this.next) throw new UnfitError(`expected clock ${this.next} next, got ${clock}`)
  }

  struct(struct: Struct): void {
    this.#expectInside(struct.origin, "a left neighbour", struct.clock)
    this.#expectInside(struct.rightOrigin, "a right neighbour", struct.clock)
    if (typeof struct.parent === "string") expectRoot(struct.parent, struct.parentKey)
    else this.#expectInside(struct.parent, "a parent", struct.clock)
    const depth = this.#depthOf(struct)
    if (depth > DEPTH_MAX) throw new UnfitError(`expected types nested at most ${DEPTH_MAX} deep`)
    if (this.depths.at(-1)?.depth !== depth) this.depths.push({ clock: struct.clock, depth })
    this.next = struct.clock + struct.length
  }

  range(client: number, clock: number, length: number): void {
    this.deletes = true
    const last = clock + length - 1
    if (client === this.#client ? last >= this.next : !this.#past.covers(client, last))
      throw new OutsideError("a delete range", null)
  }

  // One's own words count as far as they have been read: a struct names only what came before it.
  #expectInside(place: Place | null, what: string, clock: number): void {
    if (!place) return
    const { client } = place
    const inside = client === this.#client ? place.clock < clock : this.#past.covers(client, place.clock)
    if (!inside) throw new OutsideError(what, clock)
  }

  // What hangs on nothing known takes the place of its neighbours; of two that disagree the deeper counts.
  #depthOf({ origin, rightOrigin, parent, isGone }: Struct): number {
    if (isGone || typeof parent === "string") return 0
    if (parent) return this.#depthAt(parent) + 1
    return Math.max(origin ? this.#depthAt(origin) : 0, rightOrigin ? this.#depthAt(rightOrigin) : 0)
  }

  #depthAt({ client, clock }: Place): number {
    const fresh = client === this.#client ? this.depths.findLast(run => run.clock <= clock) : undefined
    return fresh?.depth ?? this.#past.depthAt(client, clock)
  }
}

// Roots are made before the first update is applied, each with its kind: texts hold a sequence, `meta` holds keys.
function expectRoot(name: string, key: string | null): void {
  if (name !== BODY && name !== TITLE && name !== META) throw new UnfitError("expected a root that exists")
  if ((name === META) !== (key !== null))
    throw new UnfitError(`expected ${name === META ? "a key in the map" : "no key in the text"} ${name}`)
}
