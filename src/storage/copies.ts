// Which readable copy of a document is the current one, and words that were taken out of an earlier one. A copy that
// turns out unusable is not repaired: it is made anew from the log under the next name, and the old one stays where
// it is until its words are safe (protocol §5, end).
import type { DocId } from "../bytes/ids"
import type { Database } from "./database"

/** Words that nobody can seal any more, to be offered back to the person who wrote them. */
export interface Aside {
  /** Wall clock ms at which they were set aside. */
  readonly at: number
  /** Plain text, never empty. */
  readonly text: string
  /** The name of the copy that held them. */
  readonly copy: string
}

export interface CopyRecord {
  /** The name of the current copy's database. */
  readonly name: string
  /** The copy before, as long as its words are neither sealed nor set aside. */
  readonly previous: string | null
  readonly aside: readonly Aside[]
}

export interface Copies {
  /** The current copy of a document; its first name if there was none. Rejects with StorageError. */
  of(docId: DocId): Promise<CopyRecord>
  /**
   * Gives the document a copy of a new name in the place of `name`; that becomes the previous one, unless one is known.
   * Nothing changes if another tab was first.
   */
  renew(docId: DocId, name: string): Promise<CopyRecord>
  /** The previous copy's words are safe; those in `aside` are kept here. Its database stays where it is. */
  setAside(docId: DocId, aside: Aside): Promise<CopyRecord>
  /** Words set aside were taken back by their author, or are not wanted. */
  forgetAside(docId: DocId): Promise<void>
}

/** All reject with StorageError; writes are durable when they resolve. */
export function openCopies(database: Database): Copies {
  const change = (docId: DocId, f: (record: CopyRecord) => CopyRecord): Promise<CopyRecord> =>
    database.write(["copies"], async transaction => {
      const store = transaction.objectStore("copies")
      const record = f(recordOf(docId, await store.get(docId)))
      await store.put(record, docId)
      return record
    })
  return {
    of: docId =>
      database.read(["copies"], async transaction =>
        recordOf(docId, await transaction.objectStore("copies").get(docId)),
      ),
    renew: (docId, name) =>
      change(docId, record => {
        if (record.name !== name) return record
        return { ...record, name: nameAfter(docId, name), previous: record.previous ?? name }
      }),
    setAside: (docId, aside) =>
      change(docId, record => ({
        ...record,
        previous: null,
        aside: aside.text === "" ? record.aside : [...record.aside, aside],
      })),
    async forgetAside(docId) {
      await change(docId, record => ({ ...record, aside: [] }))
    },
  }
}

/** What a stored row says; a document that was opened but never given another copy has none, and its first copy. */
export function recordOf(docId: DocId, row: unknown): CopyRecord {
  return (row as CopyRecord | undefined) ?? { name: `sheaf-copy/${docId}/0`, previous: null, aside: [] }
}

function nameAfter(docId: DocId, name: string): string {
  return `sheaf-copy/${docId}/${Number(name.slice(name.lastIndexOf("/") + 1)) + 1}`
}
