// The search as the interface sees it: asked as one types, answered by the worker, and honest about documents whose
// text is not here. The worker begins when somebody first searches or a document has words for it.
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core"
import type { Searchable } from "./finder"
import type { DocumentRow, Search } from "./model"
import type { Asked, Told } from "./search-engine"

/** A thread that answers; starts with the first message. */
export interface SearchThread {
  post(asked: Asked): void
  onTold(f: (told: Told) => void): void
}

type Found = Extract<Told, { tell: "found" }>
const NOTHING: Found = { tell: "found", number: 0, query: "", hits: [], total: 0 }

export class DocumentSearch implements Search {
  readonly found
  readonly reading: Signal<number> = signal(0)
  readonly #answer: Signal<Found> = signal(NOTHING)
  readonly #known: Signal<ReadonlySet<string>> = signal(new Set())
  readonly #start: () => SearchThread
  #thread: SearchThread | null = null
  #number = 0

  /** @param rows the list of documents: what is in the trash is not found */
  constructor(start: () => SearchThread, rows: ReadonlySignal<readonly DocumentRow[]>) {
    this.#start = start
    this.found = computed(() => {
      const { query, hits, total } = this.#answer.value
      const known = this.#known.value
      const listed = new Map(rows.value.filter(row => row.trashedAt === null).map(row => [row.id, row]))
      const shown = hits.filter(hit => listed.has(hit.id))
      const notHere = [...listed.keys()].filter(id => !known.has(id)).length
      return { query, hits: shown, total: total - hits.length + shown.length, notHere }
    })
  }

  look(query: string): void {
    this.#post({ ask: "look", number: ++this.#number, query })
  }

  /** Has the words of a document taken into the index, in place of those it had. */
  put(document: Searchable): void {
    this.#post({ ask: "put", document })
  }

  remove(id: string): void {
    this.#post({ ask: "remove", id })
  }

  #post(asked: Asked): void {
    if (!this.#thread) {
      this.#thread = this.#start()
      this.#thread.onTold(this.#hear)
    }
    this.#thread.post(asked)
  }

  readonly #hear = (told: Told): void => {
    switch (told.tell) {
      case "found":
        if (told.number === this.#number) this.#answer.value = told
        return
      case "reading":
        this.reading.value = told.left
        return
      case "ids":
        this.#known.value = new Set(told.ids)
        return
      case "failed":
        // The index is made anew at the next start; what is written is safe without it.
        console.info("Sheaf: the search failed:", told.why)
        return
      default:
        told satisfies never
    }
  }
}
