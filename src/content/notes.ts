// What the events of a notes log come to: threads of comments, and suggestions. A pure function of a set of events:
// whoever holds the same ones sees the same threads, whatever the order in which they came. Each event is attributed,
// and one that its writer had no right to changes nothing. Where two disagree the last one stands, by lamport time and
// then by session. It knows neither how events travel nor how words are drawn.
import { compareIds } from "../bytes/ids"
import { type NoteAnchor, type NoteChange, type NoteEvent, type NoteId, noteParts } from "../records/note"
import { includes, type Role } from "../records/roles"

/** An event with what its envelope says of it. */
export interface NoteEntry {
  readonly id: NoteId
  readonly event: NoteEvent
  readonly lamport: number
  /** The writer's wall clock, ms: shown, never trusted. */
  readonly at: number
  /** Who wrote it: the same text for the same person, as far as the document can tell. */
  readonly person: string
  /** What that person may do. */
  readonly role: Role
}

/** A person as they call themselves: untrusted words, cleaned of what could disguise one name as another. */
export interface Writer {
  readonly person: string
  readonly name: string
  readonly colour: string
}

export interface Reaction {
  readonly emoji: string
  readonly by: readonly Writer[]
}

/** One comment or reply, or the words that open a suggestion ("" as long as there are none). */
export interface Note {
  readonly id: NoteId
  readonly by: Writer
  readonly at: number
  readonly body: string
  readonly edited: boolean
  /** It was taken away; its place stays while others' words follow. */
  readonly removed: boolean
  readonly reactions: readonly Reaction[]
}

export type ThreadStatus = "open" | "resolved" | "accepted" | "rejected"

export interface Thread {
  readonly id: NoteId
  readonly anchor: NoteAnchor
  /** What it suggests; null: a comment, or a suggestion by somebody who may only comment. */
  readonly change: NoteChange | null
  readonly first: Note
  readonly replies: readonly Note[]
  readonly status: ThreadStatus
  /** Who set the status, and when; null while it is open from the beginning. */
  readonly decided: { readonly by: Writer; readonly at: number } | null
}

const NAME_LENGTH_MAX = 40

/** All threads in the order in which they were begun. `entries` come in any order; the same event twice counts once. */
export function threadsOf(entries: Iterable<NoteEntry>): Thread[] {
  const events = inOrder(entries)
  const writers = writersOf(events)
  const drafts = new Map<NoteId, Draft>()
  for (const entry of events) begin(drafts, entry)
  for (const entry of events) change(drafts, entry)
  const threads: Thread[] = []
  for (const draft of drafts.values()) {
    const thread = draft.thread === null ? finish(draft, writers) : null
    if (thread) threads.push(thread)
  }
  return threads
}

/** Whether somebody may change or take away a note (protocol §10): its writer, or an editor. */
export function mayChange(who: { readonly person: string; readonly role: Role }, of: string): boolean {
  return who.person === of || includes(who.role, "edit")
}

/** Text that suggested pieces come to, a line for each block. */
export function wordsOf(change: NoteChange): string {
  if (change.kind !== "text") return ""
  return change.pieces.map(piece => (piece.kind === "text" ? piece.text : "\n")).join("")
}

/** The first of a thread, or a reply, while its events are read. */
interface Draft {
  readonly entry: NoteEntry
  /** The first of its thread; null: it is that itself. */
  readonly thread: Draft | null
  readonly replies: Draft[]
  anchor: NoteAnchor | null
  change: NoteChange | null
  body: string
  edited: boolean
  removed: boolean
  status: ThreadStatus
  decided: NoteEntry | null
  /** emoji → person → whether it stands. */
  readonly reactions: Map<string, Map<string, boolean>>
}

function inOrder(entries: Iterable<NoteEntry>): NoteEntry[] {
  const each = new Map<NoteId, NoteEntry>()
  for (const entry of entries) each.set(entry.id, entry)
  return [...each.values()].sort((a, b) => {
    if (a.lamport !== b.lamport) return a.lamport - b.lamport
    const [one, other] = [noteParts(a.id), noteParts(b.id)]
    return compareIds(one.sessionId, other.sessionId) || one.index - other.index
  })
}

function writersOf(events: readonly NoteEntry[]): (person: string) => Writer {
  const writers = new Map<string, Writer>()
  for (const { event, person } of events)
    if (event.type === "sign")
      writers.set(person, { person, name: cleanName(event.name), colour: cleanColour(event.colour) })
  return person => writers.get(person) ?? { person, name: "", colour: "" }
}

// Control and direction-override characters could make one name look like another, or break a line.
function cleanName(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}]/gu, "").trim()
  return [...clean].slice(0, NAME_LENGTH_MAX).join("")
}

function cleanColour(colour: string): string {
  return /^[a-z]*$/.test(colour) ? colour : ""
}

function begin(drafts: Map<NoteId, Draft>, entry: NoteEntry): void {
  const { event } = entry
  switch (event.type) {
    case "add":
      open(drafts, entry, { anchor: event.anchor, body: event.body })
      return
    case "suggest":
      // What somebody without the right suggests is still something that they said.
      if (includes(entry.role, "suggest")) open(drafts, entry, { anchor: event.anchor, change: event.change })
      else open(drafts, entry, { anchor: event.anchor, body: wordsOf(event.change).trim() })
      return
    case "reply": {
      const answered = drafts.get(event.note)
      const thread = answered?.thread ?? answered
      if (thread) thread.replies.push(open(drafts, entry, { body: event.body, thread }))
      return
    }
    default:
      return
  }
}

function open(
  drafts: Map<NoteId, Draft>,
  entry: NoteEntry,
  given: Partial<Pick<Draft, "anchor" | "change" | "body" | "thread">>,
): Draft {
  const draft: Draft = {
    entry,
    thread: null,
    replies: [],
    anchor: null,
    change: null,
    body: "",
    edited: false,
    removed: false,
    status: "open",
    decided: null,
    reactions: new Map(),
    ...given,
  }
  drafts.set(entry.id, draft)
  return draft
}

function change(drafts: ReadonlyMap<NoteId, Draft>, entry: NoteEntry): void {
  const { event } = entry
  const draft = "note" in event ? drafts.get(event.note) : undefined
  if (!draft) return
  const writer = draft.entry.person
  switch (event.type) {
    case "edit":
      if (!mayChange(entry, writer)) return
      draft.body = event.body
      draft.edited = true
      draft.removed = false
      return
    case "delete":
      if (mayChange(entry, writer)) draft.removed = true
      return
    case "revise":
      if (entry.person !== writer || draft.change === null) return
      draft.anchor = event.anchor
      draft.change = event.change
      draft.removed = false
      return
    case "resolve":
      // A suggestion is decided, not resolved.
      if (draft.thread || draft.change) return
      settle(draft, entry, event.on ? "resolved" : "open")
      return
    case "decide":
      if (!draft.change || !(event.on ? includes(entry.role, "edit") : mayChange(entry, writer))) return
      settle(draft, entry, event.on ? "accepted" : "rejected")
      return
    case "react": {
      const by = draft.reactions.get(event.emoji) ?? new Map<string, boolean>()
      draft.reactions.set(event.emoji, by.set(entry.person, event.on))
      return
    }
    case "sign":
    case "add":
    case "suggest":
    case "reply":
      return
    default:
      event satisfies never
  }
}

function settle(draft: Draft, entry: NoteEntry, status: ThreadStatus): void {
  draft.status = status
  draft.decided = status === "open" ? null : entry
}

function finish(draft: Draft, writers: (person: string) => Writer): Thread | null {
  const replies = draft.replies.filter(reply => !reply.removed)
  if (draft.removed && replies.length === 0) return null
  if (draft.anchor === null) return null
  const { decided } = draft
  return {
    id: draft.entry.id,
    anchor: draft.anchor,
    change: draft.removed ? null : draft.change,
    first: noteOf(draft, writers),
    replies: replies.map(reply => noteOf(reply, writers)),
    status: draft.status,
    decided: decided && { by: writers(decided.person), at: decided.at },
  }
}

function noteOf(draft: Draft, writers: (person: string) => Writer): Note {
  const { entry, body, edited, removed } = draft
  const reactions = [...draft.reactions]
    .map(([emoji, by]) => ({ emoji, by: [...by].filter(([, on]) => on).map(([person]) => writers(person)) }))
    .filter(({ by }) => by.length > 0)
  return {
    id: entry.id,
    by: writers(entry.person),
    at: entry.at,
    body: removed ? "" : body,
    edited: edited && !removed,
    removed,
    reactions: removed ? [] : reactions,
  }
}
