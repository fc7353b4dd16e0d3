// A session of notes: one opening of the document for commenting, with a key and a chain of its own in channel 1
// (protocol §10). What is written is first durable in the session's record and only then sealed, so that a comment
// that was sent is not lost when the tab dies a moment later: whoever opens the document next seals it by the same
// key. When to seal is for notes.ts.
import { type EnvelopeId, idBytes, NO_ENVELOPE, type SessionId } from "../bytes/ids"
import type { World } from "../bytes/world"
import { KEY_BYTES } from "../crypto/sealing"
import { type SigningKey, signingKey } from "../crypto/signing"
import type { Keeper } from "../log/keeper"
import { encodeSession, sessionIdOf } from "../records/certificate"
import { CHANNELS, encodeEnvelope, KINDS } from "../records/envelope"
import {
  decodeNotes,
  encodeNotes,
  NOTE_EVENTS_MAX,
  type NoteEvent,
  type NoteId,
  noteId,
} from "../records/note"
import type { Head } from "../records/plain"
import type { DocumentStore } from "../storage/log-store"
import type { NoteRecord, SessionRecords } from "../storage/sessions"
import type { NoteLog } from "./note-log"
import { envelopeKey, sealPlain } from "./sealing"
import type { Access } from "./session"

export interface NoteGround {
  readonly access: Access
  readonly keeper: Keeper
  readonly store: DocumentStore
  readonly records: SessionRecords
  readonly log: NoteLog
  readonly world: World
}

/** What one envelope takes at most, far below the limit of a payload. */
const BYTES_TAKEN_MAX = 1024 * 1024

/** The record of a session that begins now. Not kept anywhere yet. */
export function beginNoteRecord({ docId, epoch }: Access, world: World): NoteRecord {
  const seed = world.random(KEY_BYTES)
  const sessionId = sessionIdOf(signingKey(seed).publicKey)
  return { docId, sessionId, seed, epoch, head: null, lamport: 0, sealed: 0, pending: [] }
}

export class NoteSession {
  readonly #ground: NoteGround
  readonly #record: NoteRecord
  readonly #key: SigningKey
  readonly #bodyKey: Uint8Array
  #head: NoteRecord["head"]
  #lamport: number
  #sealed: number
  #pending: NoteEvent[]
  /** How many of the pending are in an envelope that is being stored: they do not change any more. */
  #leaving = 0
  /** One storage step at a time: each writes the record as it is then. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(record: NoteRecord, ground: NoteGround) {
    this.#ground = ground
    this.#record = record
    this.#key = signingKey(record.seed)
    const { docId, sessionId, epoch } = record
    const viewKey = ground.access.keyOf(epoch)
    if (!viewKey) throw new Error("notes are written under an epoch that cannot be read here")
    this.#bodyKey = envelopeKey(viewKey, { docId, channel: CHANNELS.notes, epoch, sessionId })
    this.#head = record.head
    this.#lamport = record.lamport
    this.#sealed = record.sealed
    this.#pending = record.pending.flatMap(decodeNotes)
  }

  get sessionId(): SessionId {
    return this.#record.sessionId
  }

  /** Events that are not in the log yet, with the ids that they will have there. */
  get pending(): readonly { readonly id: NoteId; readonly event: NoteEvent }[] {
    return this.#pending.map((event, index) => ({ id: noteId(this.sessionId, this.#sealed + index), event }))
  }

  /** Takes an event; its id, for good. Nothing is durable before `keep`. Asserts the limits of its codec. */
  add(event: NoteEvent): NoteId {
    encodeNotes([event])
    const merged = this.#merge(event)
    if (merged !== null) return merged
    this.#pending.push(event)
    return noteId(this.sessionId, this.#sealed + this.#pending.length - 1)
  }

  /** Resolves when all that was added is durable on this device. Rejects with StorageError; it stays pending. */
  keep(): Promise<void> {
    return this.#inTurn(() => this.#ground.records.change(this.#record.docId, { keep: this.#recordNow(0) }))
  }

  /** Seals what is pending and stores it. Rejects with StorageError, RefusedError; all stays pending. */
  seal(): Promise<void> {
    return this.#inTurn(async () => {
      while (this.#pending.length > 0) await this.#sealSome()
    })
  }

  /** The record has done its work. */
  drop(): Promise<void> {
    return this.#inTurn(() => this.#ground.records.change(this.#record.docId, { drop: this.sessionId }))
  }

  // Somebody who goes on writing a suggestion makes one event of it as long as the last one has not left.
  #merge(event: NoteEvent): NoteId | null {
    const at = this.#pending.length - 1
    const last = this.#pending[at]
    if (event.type !== "revise" || !last || at < this.#leaving) return null
    const id = noteId(this.sessionId, this.#sealed + at)
    const { anchor, change } = event
    if (last.type === "suggest" && event.note === id) this.#pending[at] = { type: "suggest", anchor, change }
    else if (last.type === "revise" && last.note === event.note) this.#pending[at] = event
    else return null
    return id
  }

  async #sealSome(): Promise<void> {
    const { access, keeper, store, log, world } = this.#ground
    const { docId, sessionId, epoch } = this.#record
    const payload = encodeNotes(this.#fitting())
    const lamport = 1 + Math.max(log.closure.lamport, this.#lamport)
    const opening = this.#head === null
    const common = {
      docId,
      channel: CHANNELS.notes,
      epochPrefix: idBytes(epoch).subarray(0, 16),
      sessionId,
    }
    const at = world.now()
    const bodyOf = (content: Uint8Array, deps: readonly Head[], time: number) =>
      sealPlain({ payload: content, deps, lamport: time, at }, this.#bodyKey, world.random)
    const envelopes: { readonly bytes: Uint8Array; readonly id: EnvelopeId }[] = []
    if (opening) {
      const certificate = { docId, epoch, seat: access.seat.hash, sessionPub: this.#key.publicKey }
      const sessionCertificate = encodeSession(certificate, access.seat.key)
      const header = { ...common, kind: KINDS.open, seq: 0, prev: NO_ENVELOPE, sessionCertificate }
      envelopes.push(encodeEnvelope(header, bodyOf(new Uint8Array(0), this.#heads(), lamport), this.#key))
    }
    const prev = envelopes[0]?.id ?? this.#head?.id ?? NO_ENVELOPE
    const seq = this.#head ? this.#head.seq + 1 : 1
    const time = opening ? lamport + 1 : lamport
    const body = bodyOf(payload, opening ? [] : this.#heads(), time)
    const note = encodeEnvelope({ ...common, kind: KINDS.note, vouches: [], seq, prev }, body, this.#key)
    const before = [this.#head, this.#lamport] as const
    ;[this.#head, this.#lamport] = [{ seq, id: note.id }, time]
    try {
      const all = [...envelopes, note].map(({ bytes }) => bytes)
      await keeper.appendOwn(all, logged => store.appendOwn(logged, { keep: this.#recordNow(this.#leaving) }))
    } catch (error) {
      ;[this.#head, this.#lamport] = before
      this.#leaving = 0
      throw error
    }
    this.#pending.splice(0, this.#leaving)
    this.#sealed += this.#leaving
    this.#leaving = 0
  }

  #fitting(): readonly NoteEvent[] {
    let bytes = 0
    const events: NoteEvent[] = []
    for (const event of this.#pending.slice(0, NOTE_EVENTS_MAX)) {
      bytes += encodeNotes([event]).length
      if (events.length > 0 && bytes > BYTES_TAKEN_MAX) break
      events.push(event)
    }
    this.#leaving = events.length
    return events
  }

  #heads(): Head[] {
    const { log, keeper } = this.#ground
    return log.closure.frontier(this.sessionId).map(({ sessionId, seq }) => {
      const id = keeper.log.idAt(sessionId, seq)
      if (!id) throw new Error("what was applied is not in the log")
      return { sessionId, seq, id }
    })
  }

  #recordNow(left: number): NoteRecord {
    return {
      ...this.#record,
      head: this.#head,
      lamport: this.#lamport,
      sealed: this.#sealed + left,
      pending: this.#pending.slice(left).map(event => encodeNotes([event])),
    }
  }

  #inTurn(f: () => Promise<void>): Promise<void> {
    const done = this.#last.then(f)
    // Whoever asked is told of a failure; the next in turn goes ahead all the same.
    this.#last = done.catch(() => undefined)
    return done
  }
}
