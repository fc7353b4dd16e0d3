// Who is here, and where their carets are (protocol §10). Sealed under the view key and signed by the seat, never
// stored. What arrives is hostile until shown otherwise: names are cut, carets are opaque, colours are words. What is
// good is passed on, once, to devices that its sender does not reach: seal and signature are the sender's all the way.
//
//     seatHash32 | instance8 | counter | sealed( name | colour | caret | paused until | list of neighbour4 ) | sig64
import { FormatError, RefusedError } from "../bytes/errors"
import { type CertificateHash, type DocId, HASH_BYTES, idBytes, idOf, type PublicKey } from "../bytes/ids"
import { Reader } from "../bytes/reader"
import type { Stop, World } from "../bytes/world"
import { concat, Writer } from "../bytes/writer"
import { kdf } from "../crypto/hash"
import { open, seal } from "../crypto/sealing"
import { SIGNATURE_BYTES, type SigningKey, sign, type Verify } from "../crypto/signing"
import type { Certificates } from "../records/certificates"
import { includes, type Role } from "../records/roles"
import { Bucket } from "../sync/bucket"

export const PRESENCE_BYTES_MAX = 2048
const INSTANCE_BYTES = 8
const NAME_LENGTH_MAX = 40
const CARET_BYTES_MAX = 1024
/** Older than this at first sight is refused: a replay, or a clock far off. */
const AGE_MAX_MS = 120_000
const FORGET_AFTER_MS = 30_000
const REPEAT_MS = 10_000
/** At most three a second go out. */
const SPACING_MS = 334
/** Twice as many are taken from one: what was late comes in a heap. */
const TAKEN_PER_SECOND = 6
const PAUSE_MAX_MS = 7 * 24 * 60 * 60_000
const OTHERS_MAX = 64
/** A neighbour is named by the beginning of its seat's key: a chance likeness costs one word that is not passed on. */
const NEIGHBOUR_BYTES = 4
const NEIGHBOURS_MAX = 64
/** A seat's hash and an instance, in base64url with a dot between. */
const KEY_LENGTH_MAX = 64

/** What one says of oneself. */
export interface Own {
  readonly name: string
  readonly colour: string
  /** Opaque text made by the editor, at most 1 KiB; null: no caret in the text. */
  readonly caret: string | null
  /** Wall clock ms until which one sends and fetches nothing; null: one does. */
  readonly pausedUntil: number | null
  /** The `key` of whoever's caret one's own screen goes with; null: nobody's. */
  readonly follows: string | null
}

/** Somebody else who is here. All three words are untrusted. */
export interface Present extends Own {
  /** Stable for one opening of the document. */
  readonly key: string
  /** The device: who has a document open in two windows is present twice, with one seat. */
  readonly seat: CertificateHash
  readonly role: Role
  /** The link over which it was last heard first; null: another window of this profile. */
  readonly way: string | null
}

/** What one says, and which devices hear it straight. */
interface Said extends Own {
  readonly neighbours: ReadonlySet<string>
}

interface Known {
  readonly present: Present
  readonly seatPub: PublicKey
  readonly neighbours: ReadonlySet<string>
  readonly counter: number
  readonly seenAt: number
  /** Relays over which it was heard: whoever is heard over the same one hears it there too. */
  readonly relays: Set<string>
  readonly taken: Bucket
}

export interface PresenceOptions {
  readonly docId: DocId
  readonly viewKey: Uint8Array
  readonly seat: { readonly key: SigningKey; readonly hash: CertificateHash }
  readonly certificates: () => Certificates
  readonly verify: Verify
  readonly world: World
  /** Hands sealed bytes to whoever carries them. */
  readonly send: (bytes: Uint8Array) => void
  /** Links that lead straight to another device, and the seat that has proven itself there. */
  readonly straight: () => ReadonlyMap<string, PublicKey>
  /** Hands somebody else's sealed bytes on to these links. */
  readonly pass: (bytes: Uint8Array, links: readonly string[]) => void
  /** Called when `others()` has changed. */
  readonly onChange: () => void
}

export class Presence {
  readonly #options: PresenceOptions
  #key: Uint8Array
  readonly #instance: Uint8Array
  readonly #others = new Map<string, Known>()
  #own: Own | null = null
  #counter = 0
  #sentAt = Number.NEGATIVE_INFINITY
  #pending: Stop | null = null
  #repeat: Stop | null = null

  constructor(options: PresenceOptions) {
    this.#options = options
    this.#key = keyOf(options.viewKey, options.docId)
    this.#instance = options.world.random(INSTANCE_BYTES)
    this.#tick()
  }

  /** What others know this opening of the document by. */
  get key(): string {
    return `${this.#options.seat.hash}.${idOf(this.#instance)}`
  }

  /** Everybody else, in a stable order. */
  others(): readonly Present[] {
    return [...this.#others.values()].map(({ present }) => present).sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  /** The key has changed: whoever has no right any more is gone, and all others are told anew. */
  renew(viewKey: Uint8Array): void {
    this.#key = keyOf(viewKey, this.#options.docId)
    const { certificates } = this.#options
    for (const [key, { present }] of this.#others) {
      const seat = certificates().seat(present.seat)
      if (!seat || !certificates().roleOf(seat.grantPub)) this.#others.delete(key)
    }
    this.#options.onChange()
    this.repeat()
  }

  /** Says something of oneself; null leaves. Sent at once if nothing was lately, else a third of a second later. */
  set(own: Own | null): void {
    this.#own = own
    if (this.#pending) return
    const wait = this.#sentAt + SPACING_MS - this.#options.world.now()
    if (wait <= 0 || own === null) this.#send()
    else
      this.#pending = this.#options.world.after(wait, () => {
        this.#pending = null
        this.#send()
      })
  }

  /** Says it again now: somebody new can hear. */
  repeat(): void {
    if (this.#own) this.set(this.#own)
  }

  /**
   * Takes what came over a link; `way` null: from another window of this profile. What changes nothing, a replay or an
   * own echo, is passed over. Throws FormatError, RefusedError.
   */
  async receive(bytes: Uint8Array, way: string | null): Promise<void> {
    const { certificates, verify, world, straight } = this.#options
    if (bytes.length > PRESENCE_BYTES_MAX)
      throw new RefusedError("too-large", `presence of ${bytes.length} bytes`)
    const reader = new Reader(bytes)
    const seatHash = idOf<CertificateHash>(reader.bytes(HASH_BYTES, "a seat"))
    const instance = reader.bytes(INSTANCE_BYTES, "an instance")
    const counter = reader.number("a counter")
    const sealed = reader.block("sealed presence", PRESENCE_BYTES_MAX)
    const signed = bytes.subarray(0, reader.position)
    const signature = reader.bytes(SIGNATURE_BYTES, "a signature")
    reader.end("presence")
    const seat = certificates().seat(seatHash)
    const role = seat && certificates().roleOf(seat.grantPub)
    if (!seat || !role) throw new RefusedError("unknown-seat", "presence of a seat not known here")
    if (!includes(role, "view")) throw new RefusedError("no-right", "presence of a host, who cannot be here")
    const key = `${seatHash}.${idOf(instance)}`
    const known = this.#others.get(key)
    if (seatHash === this.#options.seat.hash && idOf(instance) === idOf(this.#instance)) return
    const relay = way !== null && !straight().has(way) ? way : null
    if (known && known.counter >= counter) {
      if (relay) known.relays.add(relay)
      return
    }
    if (known && !known.taken.take()) return
    if (!known && Math.abs(world.now() - counter) > AGE_MAX_MS) return
    if (!known && this.#others.size >= OTHERS_MAX) return
    if (!(await verify("presence", seat.seatPub, signed, signature))) {
      throw new RefusedError("bad-signature", "the signature of presence does not hold")
    }
    const plain = open(sealed, this.#key)
    if (!plain) throw new FormatError("expected presence sealed under this document's key")
    if ((this.#others.get(key)?.counter ?? -1) >= counter) return // a later word overtook this one
    const said = readOwn(plain)
    const { seatPub } = seat
    const next: Known = {
      present: { ...(said ?? NOBODY), key, seat: seatHash, role, way },
      seatPub,
      neighbours: said?.neighbours ?? known?.neighbours ?? new Set(),
      counter,
      seenAt: world.now(),
      relays: new Set([...(known?.relays ?? []), ...(relay ? [relay] : [])]),
      taken: known?.taken ?? new Bucket(TAKEN_PER_SECOND, () => world.now()),
    }
    if (said === null) this.#others.delete(key)
    else this.#others.set(key, next)
    if (way !== null) this.#pass(bytes, next, way)
    // Somebody new has not heard of this end yet.
    if (!known && said) this.repeat()
    this.#options.onChange()
  }

  /** Says goodbye, if there is still somebody to hear it, and stops. */
  close(): void {
    this.#pending?.()
    this.#repeat?.()
    if (this.#own) this.set(null)
  }

  // In company where everybody reaches everybody nothing is passed on: each is a neighbour of each.
  #pass(bytes: Uint8Array, from: Known, way: string): void {
    const { straight, pass } = this.#options
    const links = [...straight()].filter(
      ([link, end]) =>
        link !== way &&
        end !== from.seatPub &&
        !from.neighbours.has(neighbourOf(end)) &&
        !this.#sharesRelay(from, end),
    )
    if (links.length > 0)
      pass(
        bytes,
        links.map(([link]) => link),
      )
  }

  #sharesRelay({ relays }: Known, end: PublicKey): boolean {
    return [...this.#others.values()].some(
      other => other.seatPub === end && [...other.relays].some(relay => relays.has(relay)),
    )
  }

  #send(): void {
    const { world, seat, send, straight } = this.#options
    this.#sentAt = world.now()
    this.#counter = Math.max(this.#counter + 1, world.now())
    const sealed = seal(writeOwn(this.#own, [...straight().values()]), this.#key, world.random)
    const writer = new Writer()
      .bytes(idBytes(seat.hash))
      .bytes(this.#instance)
      .number(this.#counter)
      .block(sealed)
    const signed = writer.end()
    send(concat(signed, sign("presence", signed, seat.key)))
  }

  // Repeats what was said, and forgets who has long said nothing.
  #tick(): void {
    this.#repeat = this.#options.world.after(REPEAT_MS, () => {
      const now = this.#options.world.now()
      const before = this.#others.size
      for (const [key, { present, seenAt }] of this.#others)
        if (now - seenAt > FORGET_AFTER_MS && !isPaused(present, seenAt, now)) this.#others.delete(key)
      if (this.#others.size !== before) this.#options.onChange()
      this.repeat()
      this.#tick()
    })
  }
}

/** What is left to say of somebody who has left. */
const NOBODY: Own = { name: "", colour: "", caret: null, pausedUntil: null, follows: null }

/** Who has said so is not forgotten while it lasts; nobody is believed for longer than a week. */
function isPaused({ pausedUntil }: Own, seenAt: number, now: number): boolean {
  return now < Math.min(pausedUntil ?? 0, seenAt + PAUSE_MAX_MS)
}

function neighbourOf(seatPub: PublicKey): string {
  return idOf(idBytes(seatPub).subarray(0, NEIGHBOUR_BYTES))
}

function writeOwn(own: Own | null, straight: readonly PublicKey[]): Uint8Array {
  if (!own) return new Uint8Array(0)
  const name = [...own.name].slice(0, NAME_LENGTH_MAX).join("")
  const neighbours = [...new Set(straight)].slice(0, NEIGHBOURS_MAX)
  const writer = new Writer()
    .text(name)
    .text(own.colour)
    .text(own.caret ?? "")
    .number(own.pausedUntil ?? 0)
    .text(own.follows ?? "")
    .number(neighbours.length)
  for (const seatPub of neighbours) writer.bytes(idBytes(seatPub).subarray(0, NEIGHBOUR_BYTES))
  return writer.end()
}

function readOwn(plain: Uint8Array): Said | null {
  if (plain.length === 0) return null
  const reader = new Reader(plain)
  const name = reader.text("a name", NAME_LENGTH_MAX * 4)
  const colour = reader.text("a colour's name", 16)
  const caret = reader.text("a caret", CARET_BYTES_MAX)
  const pausedUntil = reader.number("the end of a pause") || null
  const follows = reader.text("whom one follows", KEY_LENGTH_MAX) || null
  const neighbours = new Set<string>()
  for (let left = reader.number("a count of neighbours", NEIGHBOURS_MAX); left > 0; left--)
    neighbours.add(idOf(reader.bytes(NEIGHBOUR_BYTES, "a neighbour")))
  reader.end("presence")
  if (!/^[a-z]*$/.test(colour)) throw new FormatError("expected a colour's name in small letters")
  // Control and direction-override characters could make one name look like another, or break a line.
  return {
    name: name.replace(/[\p{Cc}\p{Cf}]/gu, "").trim(),
    colour,
    caret: caret || null,
    pausedUntil,
    follows,
    neighbours,
  }
}

function keyOf(viewKey: Uint8Array, docId: DocId): Uint8Array {
  return kdf("presence", viewKey, idBytes(docId))
}
