// What a document was, as a screen shows it.
import type { Node } from "prosemirror-model"

/** A stretch of work on a document. */
export interface Version {
  readonly key: string
  /** When its last words were written, by the writer's clock; wall clock ms. */
  readonly at: number
  /** Who wrote in it; an empty name: not known. */
  readonly people: readonly ("own" | { readonly name: string })[]
}

/** A document as it was. */
export interface Past {
  readonly title: string
  readonly content: Node
}

/** What others wrote while one was not looking. */
export interface Missed {
  /** An empty name: not known. */
  readonly people: readonly { readonly name: string }[]
}

/** What a document was. Of the moment when it was asked for. */
export interface History {
  /** The latest first. */
  readonly versions: readonly Version[]
  /** The document as a version left it; a number in `versions`. */
  at(index: number): Past
  /** As it was before the version. */
  before(index: number): Past
  /** As one last saw it on this device; null: all of it was new. */
  readonly seen: Past | null
}
