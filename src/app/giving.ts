// Rights in a document, as a screen shows them: who was given what, and how one lost one's own.
import type { ReadonlySignal } from "@preact/signals-core"
import type { LinkRight, Right } from "./model"

/** How a right was lost: it ran out, or was taken back by somebody (an empty name: not known). */
export type Removed = { readonly by: string } | "ran-out"

/** A right that was given in a document. */
export interface GivenRight {
  readonly key: string
  readonly right: Right | LinkRight
  /** Wall clock ms, or null: until it is taken back. */
  readonly until: number | null
  /** What those who have come by it call themselves, each device once; empty words: not known. */
  readonly people: readonly string[]
}

/** Giving rights in a document and taking them back. */
export interface Sharing {
  /** All that stand, without one's own. */
  readonly given: ReadonlySignal<readonly GivenRight[]>
  /** Looks again at who has come. */
  look(): Promise<void>
  /** Makes a share link; the secret is in the fragment. `until`: wall clock ms, or null for one that does not end. */
  link(right: LinkRight, until: number | null): Promise<string>
  /**
   * Takes a right back from all who have come by it: they keep what they have and get nothing that comes later. All
   * others go on. Rejects with StorageError.
   */
  takeBack(key: string): Promise<void>
}
