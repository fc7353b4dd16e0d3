// Small things kept under a word of their own: what gives access to each document, who this person is to others,
// the list of documents, and the keys of relays seen before. One typed cabinet for each; what lies in them is
// defined by the rooms that use them, and read back by their own parsers.
import type { DocId } from "../bytes/ids"
import type { Database, StoreName } from "./database"

/** Rows of one kind under names of one kind. All reject with StorageError; writes are durable when they resolve. */
export interface Cabinet<Name extends string, Value> {
  /** Null: nothing is kept under this name. */
  get(name: Name): Promise<Value | null>
  put(name: Name, value: Value): Promise<void>
  delete(name: Name): Promise<void>
  all(): Promise<{ readonly name: Name; readonly value: Value }[]>
}

/** Who this person is to others. */
export interface Me {
  /** Empty: not asked yet. */
  readonly name: string
  /** The name of a colour, never CSS. */
  readonly colour: string
}

/** A row of the list of documents: shown before anything is opened. */
export interface LibraryRow {
  readonly title: string
  readonly snippet: string
  /** Wall clock ms. */
  readonly editedAt: number
  readonly shared: boolean
  /** What this device may do in it, at the last look. */
  readonly right: string
  /** Devices or relays known to keep everything, at the last look. */
  readonly places: number
  /** So many places besides this device are enough. */
  readonly target: number
  /** Kept at the top of the list. */
  readonly pinned: boolean
  /** The name of the folder it lies in; empty: in none. */
  readonly folder: string
  /** Wall clock ms at which it was put into the trash; null: it is not there. */
  readonly trashedAt: number | null
}

export interface Keys {
  /** What gives access to a document: opaque here, structured-cloneable, read back by people/. */
  readonly access: Cabinet<DocId, unknown>
  readonly library: Cabinet<DocId, LibraryRow>
  /** A relay's public key as first seen or as a link named it, by the relay's origin. */
  readonly pins: Cabinet<string, string>
  /** Single settings by name. */
  readonly settings: Cabinet<string, unknown>
  me(): Promise<Me | null>
  introduce(me: Me): Promise<void>
}

export function openKeys(database: Database): Keys {
  const self = cabinet<"me", Me>(database, "keys", "self/")
  return {
    access: cabinet(database, "keys", "access/"),
    library: cabinet(database, "documents", ""),
    pins: cabinet(database, "keys", "pin/"),
    settings: cabinet(database, "keys", "setting/"),
    me: () => self.get("me"),
    introduce: me => self.put("me", me),
  }
}

// Greater than any character of a name that starts with a prefix.
const LAST = "\uffff"

function cabinet<Name extends string, Value>(
  database: Database,
  store: Extract<StoreName, "keys" | "documents">,
  prefix: string,
): Cabinet<Name, Value> {
  const keyOf = (name: Name) => `${prefix}${name}` as DocId
  const range = () => IDBKeyRange.bound(prefix, prefix + LAST)
  return {
    get: name =>
      database.read([store], async transaction => {
        const value = await transaction.objectStore(store).get(keyOf(name))
        return value === undefined ? null : (value as Value)
      }),
    put: (name, value) =>
      database.write([store], async transaction => {
        await transaction.objectStore(store).put(value, keyOf(name))
      }),
    delete: name =>
      database.write([store], async transaction => {
        await transaction.objectStore(store).delete(keyOf(name))
      }),
    all: () =>
      database.read([store], async transaction => {
        const rows = transaction.objectStore(store)
        const [names, values] = await Promise.all([rows.getAllKeys(range()), rows.getAll(range())])
        return names.map((key, index) => ({
          name: key.slice(prefix.length) as Name,
          value: values[index] as Value,
        }))
      }),
  }
}
