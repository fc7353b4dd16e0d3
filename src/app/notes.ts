// Comments and suggestions of an open document as the screen reads them: threads as a signal, and a verb for each
// thing one may do with them. It signs with one's name before the first note of an opening, and again when the name
// has changed. What the events come to is content/notes.ts; that they are safe is replica/notes.ts.
import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core"
import type { Stop } from "../bytes/world"
import { mayChange, type Thread, threadsOf } from "../content/notes"
import type { NoteAnchor, NoteChange, NoteEvent, NoteId } from "../records/note"
import { includes, type Role } from "../records/roles"
import type { Replica } from "../replica/replica"
import type { Me } from "./model"

/** What the screen may ask of a document's notes. A verb that one has no right to is never offered. */
export interface DocumentNotes {
  readonly threads: ReadonlySignal<readonly Thread[]>
  /** Who one is among the writers of notes. */
  readonly person: string
  readonly mayComment: boolean
  readonly maySuggest: boolean
  /** May accept and reject. */
  readonly mayDecide: boolean
  /** Whether one may edit or remove a note by that person. */
  mayChange(person: string): boolean
  comment(anchor: NoteAnchor, body: string): NoteId
  suggest(anchor: NoteAnchor, change: NoteChange): NoteId
  /** One's own suggestion has become this. */
  revise(note: NoteId, anchor: NoteAnchor, change: NoteChange): void
  reply(note: NoteId, body: string): void
  edit(note: NoteId, body: string): void
  resolve(note: NoteId, on: boolean): void
  react(note: NoteId, emoji: string, on: boolean): void
  remove(note: NoteId): void
  decide(note: NoteId, accepted: boolean): void
}

export interface NotesParts {
  readonly replica: Pick<Replica, "notes">
  readonly person: string
  readonly role: Role
  readonly me: ReadonlySignal<Me>
  /** A note could not be kept on this device. It is tried again. */
  readonly onProblem: (error: unknown) => void
}

export class NotesModel implements DocumentNotes {
  readonly threads: Signal<readonly Thread[]> = signal([])
  readonly person: string
  readonly #parts: NotesParts
  readonly #stop: Stop
  #signed: string | null = null

  constructor(parts: NotesParts) {
    this.person = parts.person
    this.#parts = parts
    this.#stop = parts.replica.notes.onChange(() => this.#read())
    this.#read()
  }

  get mayComment(): boolean {
    return includes(this.#parts.role, "comment")
  }

  get maySuggest(): boolean {
    return includes(this.#parts.role, "suggest")
  }

  get mayDecide(): boolean {
    return includes(this.#parts.role, "edit")
  }

  mayChange(person: string): boolean {
    return this.mayComment && mayChange({ person: this.person, role: this.#parts.role }, person)
  }

  comment(anchor: NoteAnchor, body: string): NoteId {
    return this.#write({ type: "add", anchor, body })
  }

  suggest(anchor: NoteAnchor, change: NoteChange): NoteId {
    return this.#write({ type: "suggest", anchor, change })
  }

  revise(note: NoteId, anchor: NoteAnchor, change: NoteChange): void {
    this.#write({ type: "revise", note, anchor, change })
  }

  reply(note: NoteId, body: string): void {
    this.#write({ type: "reply", note, body })
  }

  edit(note: NoteId, body: string): void {
    this.#write({ type: "edit", note, body })
  }

  resolve(note: NoteId, on: boolean): void {
    this.#write({ type: "resolve", note, on })
  }

  react(note: NoteId, emoji: string, on: boolean): void {
    this.#write({ type: "react", note, emoji, on })
  }

  remove(note: NoteId): void {
    this.#write({ type: "delete", note })
  }

  decide(note: NoteId, accepted: boolean): void {
    this.#write({ type: "decide", note, on: accepted })
  }

  close(): void {
    this.#stop()
  }

  #write(event: NoteEvent): NoteId {
    this.#sign()
    const { replica, onProblem } = this.#parts
    const { id, kept } = replica.notes.write(event)
    kept.catch(onProblem)
    return id
  }

  #sign(): void {
    const { replica, me, onProblem } = this.#parts
    const { name, colour } = me.peek()
    const signed = `${colour} ${name}`
    if (name === "" || signed === this.#signed) return
    this.#signed = signed
    replica.notes.write({ type: "sign", name: [...name].slice(0, 40).join(""), colour }).kept.catch(onProblem)
  }

  #read(): void {
    this.threads.value = threadsOf(this.#parts.replica.notes.entries)
  }
}

/** The notes of a document that is not here. */
export const NO_NOTES: DocumentNotes = {
  threads: signal([]),
  person: "",
  mayComment: false,
  maySuggest: false,
  mayDecide: false,
  mayChange: () => false,
  comment: refuse,
  suggest: refuse,
  revise: refuse,
  reply: refuse,
  edit: refuse,
  resolve: refuse,
  react: refuse,
  remove: refuse,
  decide: refuse,
}

function refuse(): never {
  throw new Error("a note was written in a document that is not here")
}
