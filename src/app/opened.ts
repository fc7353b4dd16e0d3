// One document that is open on the screen: the text that is read and written, who is here, and the plain facts about
// where the words are. Everything that the screen shows of a document comes from here as signals; every verb ends here.

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core"
import type { Node } from "prosemirror-model"
import type { PublicKey } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import { readTitle, writeTitle } from "../content/document"
import { fillDocument } from "../editor/fill"
import { isSameStanding, type Standing } from "../people/membership"
import type { Replica } from "../replica/replica"
import { Absence, type AbsenceParts } from "./absence"
import { Attendance, type AttendanceParts } from "./attendance"
import { rightOf } from "./company"
import { exported } from "./exporting"
import type { Searchable } from "./finder"
import type { Holding } from "./holding"
import type { Summary } from "./library"
import {
  type Content,
  type DownloadFormat,
  mayWrite,
  type OpenDocument,
  type Person,
  type Problem,
  type RemoteCaret,
  type Removed,
  type Right,
  type Saved,
} from "./model"
import { NotesModel } from "./notes"
import type { History } from "./past"
import type { DocumentPictures } from "./pictures"
import { watchPlaces } from "./places"
import { problemOf } from "./problems"
import type { DocumentSharing } from "./sharing"
import { isBlank, linesOf, snippetOf, watchTitle } from "./summary"
import { VERB } from "./verbs"

export interface OpenedParts
  extends AttendanceParts,
    Pick<AbsenceParts, "page" | "seen" | "remember" | "names"> {
  readonly pictures: DocumentPictures
  readonly sharing: DocumentSharing
  readonly removed: Removed | null
  readonly target: OpenDocument["target"]
  /** Hands a file to the person. */
  readonly download: (name: string, type: string, text: string) => void
  /** What the list of documents shows has changed. */
  readonly onSummary: (summary: Summary) => void
  /** The words for the search: when one leaves, and when nothing was written for a while. */
  readonly onText: (text: Searchable) => void
  readonly onProblem: (problem: Problem) => void
  /** A problem of that kind is over. */
  readonly onMended: (kind: Problem["kind"]) => void
  /** What this member may do has changed, or less of the text counts: the document is to be opened anew. */
  readonly onOutdated: () => void
}

const SUMMARY_AFTER_MS = 600
/** Reading a whole document takes a moment: only when its writer has paused. */
const TEXT_AFTER_MS = 10_000

export class Opened implements OpenDocument {
  readonly id: string
  readonly doc
  readonly right: Right
  readonly title: ReadonlySignal<string>
  readonly content: ReadonlySignal<Content>
  readonly saved: Signal<Saved>
  readonly relay
  readonly people: ReadonlySignal<readonly Person[]>
  readonly carets: ReadonlySignal<readonly RemoteCaret[]>
  readonly quiet: Signal<boolean>
  readonly follows: Signal<string | null>
  readonly unsentMs: Signal<number> = signal(0)
  readonly places: ReadonlySignal<number>
  readonly holders: OpenDocument["holders"]
  readonly target: OpenDocument["target"]
  readonly outdated: OpenDocument["outdated"]
  readonly notes: NotesModel
  readonly pictures: DocumentPictures
  readonly sharing: DocumentSharing
  readonly removed: OpenDocument["removed"]
  readonly missed: OpenDocument["missed"]
  readonly #holding: Holding
  readonly #replica: Replica
  readonly #attendance: Attendance
  readonly #absence: Absence
  readonly #parts: OpenedParts
  readonly #stops: Stop[] = []
  #unsentSince: number | null = null
  #summarySoon: Stop | null = null
  #textSoon: Stop | null = null
  #textTold = false

  constructor(holding: Holding, standing: Standing, replica: Replica, parts: OpenedParts) {
    this.id = holding.docId
    this.doc = replica.doc
    this.right = rightOf(standing.role)
    this.#holding = holding
    this.#replica = replica
    this.#parts = parts
    this.relay = holding.relay
    const { title, stop } = watchTitle(this.doc)
    this.title = title
    this.#stops.push(stop)
    this.content = computed(() => (holding.caughtUp.value ? "here" : "waiting"))
    this.places = computed(() => 1 + holding.holders.value.filter(holder => holder.everything).length)
    this.holders = watchPlaces(holding)
    this.target = parts.target
    this.outdated = holding.outdated
    this.saved = signal({ state: "saving" })
    this.notes = new NotesModel({
      replica,
      person: holding.keys.seatHash,
      role: standing.role,
      me: parts.me,
      onProblem: error => parts.onProblem(problemOf(error)),
    })
    this.pictures = parts.pictures
    this.sharing = parts.sharing
    this.removed = parts.removed
    this.#attendance = new Attendance(holding, standing.viewKey, replica, parts)
    this.people = this.#attendance.people
    this.carets = this.#attendance.carets
    this.quiet = this.#attendance.quiet
    this.follows = this.#attendance.follows
    this.#absence = new Absence({
      ...parts,
      doc: this.doc,
      sessions: () => replica.keeper.log.sessions(),
      ownSeat: holding.keys.seatHash,
      onFailed: error => parts.onProblem(problemOf(error)),
    })
    this.missed = this.#absence.missed
    this.#watchSaving()
    this.#watchText()
    this.#watchStanding()
  }

  setTitle(text: string): void {
    if (mayWrite(this.right)) writeTitle(this.doc, text, VERB)
  }

  caretMoved(caret: unknown | null): void {
    this.#attendance.caretMoved(caret)
  }

  forget(key: string): void {
    this.#holding.forget(key as PublicKey)
  }

  async download(format: DownloadFormat): Promise<void> {
    const { name, type, text } = await exported(this.doc, format)
    this.#parts.download(name, type, text)
  }

  async history(): Promise<History> {
    const { openHistory } = await import("./history")
    await this.flush()
    const { docId, keys, access } = this.#holding
    const { keeper } = this.#replica
    return openHistory({
      keeper,
      docId,
      keyOf: access.keyOf,
      ownSeat: keys.seatHash,
      names: this.#parts.names,
      seen: this.#absence.seen,
    })
  }

  seeAll(): void {
    this.#absence.seeAll()
  }

  /** Writes what was imported into a new document. */
  fill(title: string, blocks: readonly Node[]): void {
    this.setTitle(title)
    fillDocument(this.doc, blocks)
  }

  /** Seals what is typed, at once, on this thread: the page may be gone after this. */
  flushNow(): void {
    this.#replica.flushNow()
  }

  /** Resolves when everything written is durable and sealed. Rejects with StorageError. */
  flush(): Promise<void> {
    return this.#replica.flush()
  }

  /** Says that one's name has changed. */
  introduced(): void {
    this.#attendance.introduced()
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop()
    this.#summarySoon?.()
    this.#attendance.close()
    this.#absence.close()
    this.notes.close()
    this.pictures.close()
    this.sharing.close()
    this.#writeSummary()
    this.#tellText()
    await this.#replica.close()
  }

  #watchSaving(): void {
    const { onProblem, onMended } = this.#parts
    const replica = this.#replica
    const look = () => {
      const { saved } = replica
      if (saved.state === "failed") {
        const problem = problemOf(saved.error)
        this.saved.value = { state: "failed", problem }
        onProblem(problem)
      } else {
        if (this.saved.peek().state === "failed") onMended("disk-full")
        this.saved.value = saved
      }
      this.#countUnsent()
    }
    this.#stops.push(
      replica.onSaved(look),
      this.#holding.holders.subscribe(() => this.#countUnsent()),
    )
    look()
  }

  // A new key under the same right goes on under the open document; another right is another document on the screen.
  #watchStanding(): void {
    const { onOutdated, onProblem } = this.#parts
    const { entered } = this.#holding
    let latest = entered.peek()?.standing // what the certificates say; the disk may allow less
    this.#stops.push(
      this.#replica.onOutdated(onOutdated),
      entered.subscribe(inside => {
        if (!inside || !latest || isSameStanding(inside.standing, latest)) return
        const { role, isRemoved } = latest
        latest = inside.standing
        if (latest.role !== role || latest.isRemoved !== isRemoved) return onOutdated()
        this.#attendance.renew(latest.viewKey)
        this.#replica.renew(this.#holding.access).catch((error: unknown) => onProblem(problemOf(error)))
      }),
    )
  }

  // Work that nobody else has signed for: from its first change until a holder has everything.
  #countUnsent(): void {
    const elsewhere = this.#holding.holders.peek().some(holder => holder.everything)
    const pending = this.#replica.pending
    if (isBlank(this.doc) || (elsewhere && !pending)) {
      this.#unsentSince = null
      this.unsentMs.value = 0
      return
    }
    const now = this.#parts.world.now()
    this.#unsentSince ??= now
    this.unsentMs.value = Math.max(1, now - this.#unsentSince)
  }

  #watchText(): void {
    const changed = () => {
      this.#countUnsent()
      this.#summarise()
      this.#textTold = false
      this.#tellTextSoon()
    }
    this.#tellTextSoon()
    this.doc.on("update", changed)
    this.#stops.push(
      () => this.doc.off("update", changed),
      this.places.subscribe(() => this.#summarise()),
      this.relay.subscribe(() => this.#summarise()), // it is shared from now on
    )
  }

  #tellTextSoon(): void {
    this.#textSoon?.()
    this.#textSoon = this.#parts.world.after(TEXT_AFTER_MS, () => this.#tellText())
  }

  #tellText(): void {
    this.#textSoon?.()
    this.#textSoon = null
    if (this.#textTold || isBlank(this.doc)) return
    this.#textTold = true
    this.#parts.onText({ id: this.id, title: readTitle(this.doc), text: linesOf(this.doc) })
  }

  #summarise(): void {
    this.#summarySoon ??= this.#parts.world.after(SUMMARY_AFTER_MS, () => this.#writeSummary())
  }

  #writeSummary(): void {
    this.#summarySoon?.()
    this.#summarySoon = null
    if (isBlank(this.doc) && this.#holding.membership.rootSeed && this.#holding.relays.length === 0) return
    this.#parts.onSummary({
      title: readTitle(this.doc),
      snippet: snippetOf(this.doc),
      right: this.right,
      shared: this.#holding.relays.length > 0,
      places: this.places.peek(),
    })
  }
}
