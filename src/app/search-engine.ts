// The far side of the search: what runs in the worker. It reads the stored words into the index a few at a time,
// answers what was asked last, and keeps what it is told. Tried without a worker; search-worker.ts is the worker.
import type { World } from "../bytes/world"
import type { Texts } from "../storage/texts"
import { Finder, hitOf, type Searchable } from "./finder"
import type { Hit } from "./model"

/** To the engine. */
export type Asked =
  | { readonly ask: "look"; readonly number: number; readonly query: string }
  | { readonly ask: "put"; readonly document: Searchable }
  | { readonly ask: "remove"; readonly id: string }

/** From the engine. `ids`: every document whose words it has, told when that changes. */
export type Told =
  | {
      readonly tell: "found"
      readonly number: number
      readonly query: string
      readonly hits: readonly Hit[]
      readonly total: number
    }
  | { readonly tell: "reading"; readonly left: number }
  | { readonly tell: "ids"; readonly ids: readonly string[] }
  | { readonly tell: "failed"; readonly why: string }

export interface EngineParts {
  readonly texts: Texts
  readonly world: Pick<World, "after">
  readonly tell: (told: Told) => void
}

/** More hits than this nobody reads; the total is said. */
const HITS_MAX = 50
const PAGE = 100

export class SearchEngine {
  readonly #parts: EngineParts
  readonly #finder = new Finder()
  readonly #gone = new Set<string>()
  #latest = 0

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  /** Reads all stored words into the index, leaving the thread between pages so that questions are answered. */
  async read(): Promise<void> {
    const { texts, world, tell } = this.#parts
    const ids = await texts.ids()
    tell({ tell: "ids", ids })
    let left = ids.length
    for (let after = ""; ; ) {
      const page = await texts.page(after, PAGE)
      // What was put or removed meanwhile is newer than what is read.
      for (const text of page)
        if (!this.#finder.has(text.id) && !this.#gone.has(text.id)) this.#finder.put(text)
      left = Math.max(0, left - page.length)
      const last = page.at(-1)
      tell({ tell: "reading", left: last ? left : 0 })
      if (!last) return
      after = last.id
      await new Promise<void>(resolve => world.after(0, resolve))
    }
  }

  async take(asked: Asked): Promise<void> {
    const { texts, tell } = this.#parts
    switch (asked.ask) {
      case "look":
        this.#latest = asked.number
        return this.#look(asked.number, asked.query)
      case "put":
        this.#gone.delete(asked.document.id)
        this.#finder.put(asked.document)
        await texts.put(asked.document)
        break
      case "remove":
        this.#gone.add(asked.id)
        this.#finder.remove(asked.id)
        await texts.remove(asked.id)
        break
      default:
        asked satisfies never
    }
    tell({ tell: "ids", ids: await texts.ids() })
  }

  async #look(number: number, query: string): Promise<void> {
    const { texts, tell } = this.#parts
    const answers = this.#finder.find(query)
    const hits: Hit[] = []
    for (const { id, words } of answers.slice(0, HITS_MAX)) {
      const text = await texts.get(id)
      if (number !== this.#latest) return // another question has come
      if (text) hits.push(hitOf(text, words))
    }
    tell({ tell: "found", number, query, hits, total: answers.length })
  }
}
