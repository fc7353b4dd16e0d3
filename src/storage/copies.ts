// Which readable copy of a document is the current one, and words that were taken out of an earlier one. A copy that
// turns out unusable is not repaired: it is made anew from the log under the next name, and the old one stays where
// it is until its words are safe (protocol §5, end).
import type { DocId } from "../bytes/ids"
import type { Database } from "./database"

/** Words that nobody can seal any more, to be offered back to the person who wrote them. */
export interface Aside {
  /** Wall clock ms at which they were set aside. */
  readonly at: number
  /** Plain text; empty if the old copy could not be read at all. */
  readonly text: string
  /** The name of the copy that held them. */
  readonly copy: string
}

export interface CopyRecord {
  /** The name of the current copy's database. */
  readonly name: string
  readonly aside: readonly Aside[]
}

export interface Copies {
  /** The current copy of a document; its first name if there was none. Rejects with StorageError. */
  of(docId: DocId): Promise<CopyRecord>
  /** Gives the document a copy of a new name and keeps what was set aside. Durable when it resolves. */
  renew(docId: DocId, aside: Aside | null): Promise<CopyRecord>
  /** Words set aside were taken back by their author, or are not wanted. */
  forgetAside(docId: DocId): Promise<void>
}

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
    renew: (docId, aside) =>
      change(docId, record => ({
        name: nameAfter(docId, record.name),
        aside: aside ? [...record.aside, aside] : record.aside,
      })),
    async forgetAside(docId) {
      await change(docId, record => ({ ...record, aside: [] }))
    },
  }
}

function recordOf(docId: DocId, row: unknown): CopyRecord {
  return (row as CopyRecord | undefined) ?? { name: `sheaf-copy/${docId}/0`, aside: [] }
}

function nameAfter(docId: DocId, name: string): string {
  return `sheaf-copy/${docId}/${Number(name.slice(name.lastIndexOf("/") + 1)) + 1}`
}
