// The words of each document for the search, as they were when it was last open. A database of its own: it is made
// anew from the documents, so that nothing is lost with it. Plain, like the readable copies beside it.
import { type DBSchema, type IDBPDatabase, openDB } from "idb"
import { asStorageError } from "./database"

/** What the search knows of a document. */
export interface StoredText {
  readonly id: string
  readonly title: string
  readonly text: string
}

interface Layout extends DBSchema {
  texts: { key: string; value: StoredText }
}

/** All reject with StorageError. */
export interface Texts {
  get(id: string): Promise<StoredText | null>
  put(text: StoredText): Promise<void>
  remove(id: string): Promise<void>
  /** Up to `count` texts with ids after `after` (empty: from the first), in the order of their ids. */
  page(after: string, count: number): Promise<readonly StoredText[]>
  ids(): Promise<readonly string[]>
}

export async function openTexts(name = "sheaf-search"): Promise<Texts> {
  const database = await attempt(() =>
    openDB<Layout>(name, 1, {
      upgrade: made => {
        made.createObjectStore("texts", { keyPath: "id" })
      },
    }),
  )
  return textsIn(database)
}

function textsIn(database: IDBPDatabase<Layout>): Texts {
  return {
    get: id => attempt(async () => (await database.get("texts", id)) ?? null),
    put: text =>
      attempt(async () => {
        await database.put("texts", text)
      }),
    remove: id => attempt(() => database.delete("texts", id)),
    page: (after, count) =>
      attempt(() => database.getAll("texts", IDBKeyRange.lowerBound(after, true), count)),
    ids: () => attempt(() => database.getAllKeys("texts")),
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asStorageError(error, "failed", "the words for the search could not be kept or read")
  }
}
