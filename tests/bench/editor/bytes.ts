// One place in IndexedDB for values under a name, for what a page must find again when it is opened the next time.
import { openDB } from "idb"

/** @param database its name */
export async function keep(database: string, name: string, value: unknown): Promise<void> {
  const open = await openBytes(database)
  await open.put("bytes", value, name)
  open.close()
}

/** Rejects when nothing is kept under that name. */
export async function kept<T>(database: string, name: string): Promise<T> {
  const open = await openBytes(database)
  const value: T | undefined = await open.get("bytes", name)
  open.close()
  if (value === undefined) throw new Error(`nothing is kept as ${name}: the document was never filled`)
  return value
}

function openBytes(name: string) {
  return openDB(name, 1, { upgrade: fresh => void fresh.createObjectStore("bytes") })
}
