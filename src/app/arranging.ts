// The list of documents as a person arranges it: pinned, in folders, in the trash and out of it again. Only this device
// knows of it. What is taken off the device for good goes through here, and only from the trash.
import type { DocId } from "../bytes/ids"
import { parseDocId } from "../bytes/ids"
import { type Arrangement, type Library, settingsOf } from "./library"
import { type Arranging, TRASH_MS } from "./model"

export interface ArrangerParts {
  readonly library: Library
  readonly now: () => number
  /** Takes a document, whose settings have these names, off this device. Rejects with StorageError. */
  readonly erase: (docId: DocId, settings: readonly string[]) => Promise<void>
  /** Called when a document is gone from this device. */
  readonly onErased: (id: string) => void
  /** Called after every change: other windows show the same list. */
  readonly onArranged: () => void
  readonly onProblem: (error: unknown) => void
}

const FOLDER_LENGTH_MAX = 80

export class Arranger implements Arranging {
  readonly #parts: ArrangerParts

  constructor(parts: ArrangerParts) {
    this.#parts = parts
  }

  pin(ids: readonly string[], pinned: boolean): Promise<void> {
    return this.#arrange(ids, { pinned })
  }

  move(ids: readonly string[], folder: string): Promise<void> {
    return this.#arrange(ids, { folder: folder.trim().slice(0, FOLDER_LENGTH_MAX) })
  }

  want(ids: readonly string[], places: number): Promise<void> {
    return this.#arrange(ids, { target: places })
  }

  trash(ids: readonly string[]): Promise<void> {
    return this.#arrange(ids, { trashedAt: this.#parts.now() })
  }

  restore(ids: readonly string[]): Promise<void> {
    return this.#arrange(ids, { trashedAt: null })
  }

  remove(ids: readonly string[]): Promise<void> {
    const { library, erase, onErased } = this.#parts
    return this.#each(ids, async (id, docId) => {
      if ((library.row(id)?.trashedAt ?? null) === null) return
      await erase(docId, settingsOf(docId))
      library.forget(id)
      onErased(id)
    })
  }

  /**
   * Removes what has been in the trash for 30 days, but nothing that no other place is known to keep: that is for its
   * person to do. A clock that was put back keeps it longer, never shorter.
   */
  async empty(): Promise<void> {
    const now = this.#parts.now()
    const overdue = this.#parts.library.rows
      .peek()
      .filter(({ trashedAt, places }) => trashedAt !== null && now - trashedAt > TRASH_MS && places > 1)
    if (overdue.length > 0) await this.remove(overdue.map(({ id }) => id))
  }

  #arrange(ids: readonly string[], change: Partial<Arrangement>): Promise<void> {
    const { library } = this.#parts
    return this.#each(ids, async (id, docId) => {
      const row = library.row(id)
      if (row) await library.keep(docId, { ...row, ...change })
    })
  }

  async #each(ids: readonly string[], f: (id: string, docId: DocId) => Promise<void>): Promise<void> {
    const { onArranged, onProblem } = this.#parts
    try {
      for (const id of ids) await f(id, parseDocId(id))
    } catch (error) {
      onProblem(error)
    }
    onArranged()
  }
}
