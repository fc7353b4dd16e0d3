// One file, shared transactions: a write that fails harms no neighbour, a full disk is told to everyone who waited,
// and nothing is called written that is not.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import Sqlite from "better-sqlite3"
import { afterEach, describe, expect, test } from "vitest"
import type { Stop, World } from "../../src/bytes/world"
import { DATABASE_FILE, Database, DatabaseError, diskFailure } from "../../src/relay/database"
import { atEnd, closeAll, temporaryFolder } from "./run"

afterEach(closeAll)

/** A world in which nothing happens until `run`. */
function stillWorld(): World & { run(): void } {
  const due: (() => void)[] = []
  return {
    now: () => 0,
    random: length => new Uint8Array(length),
    after: (_ms, f): Stop => {
      due.push(f)
      return () => due.splice(due.indexOf(f), 1)
    },
    run: () => {
      for (const f of due.splice(0)) f()
    },
  }
}

function open(folder = temporaryFolder()) {
  const world = stillWorld()
  const database = new Database(folder, world)
  atEnd(() => database.close())
  const insert = database.connection.prepare("INSERT INTO documents (id) VALUES (?)")
  return {
    folder,
    world,
    database,
    /** Adds a row named `name`; a name that is there already fails. */
    add: (name: string) => database.write(() => void insert.run(Buffer.from(name))),
    names: () =>
      database.connection
        .prepare<[], { id: Buffer }>("SELECT id FROM documents ORDER BY number")
        .all()
        .map(row => row.id.toString()),
  }
}

describe("writes", () => {
  test("that come together share one transaction, and are told after it", async () => {
    const { world, add, names } = open()
    let told = 0
    const writes = ["a", "b", "c"].map(name => add(name).then(() => told++))
    expect({ names: names(), told }).toEqual({ names: [], told: 0 })
    world.run()
    await Promise.all(writes)
    expect({ names: names(), told }).toEqual({ names: ["a", "b", "c"], told: 3 })
  })

  test("that fail are undone alone", async () => {
    const { database, world, add, names } = open()
    const good = add("a")
    const twice = database.write(() => {
      database.connection.prepare("INSERT INTO documents (id) VALUES ('half')").run()
      throw new Error("in the middle")
    })
    const after = add("b")
    world.run()
    await expect(twice).rejects.toThrow("in the middle")
    await Promise.all([good, after])
    expect(names()).toEqual(["a", "b"])
  })

  test("that find the disk full all fail, nothing of them stays, and the next ones are tried again", async () => {
    const { database, world, add, names } = open()
    const pages = Number(database.connection.pragma("page_count", { simple: true }))
    database.connection.pragma(`max_page_count = ${pages}`)
    const writes = ["small", "x".repeat(500_000)].map(name => add(name).catch((failure: unknown) => failure))
    world.run()
    const failures = await Promise.all(writes)
    expect(failures.map(diskFailure)).toEqual(["full", "full"])
    expect(names()).toEqual([])
    database.connection.pragma("max_page_count = 1000000")
    const later = add("later")
    world.run()
    await later
    expect(names()).toEqual(["later"])
  })

  test("that wait are finished by closing, and those that come later are refused", async () => {
    const { folder, database, add } = open()
    const waiting = add("last")
    database.close()
    await waiting
    await expect(add("late")).rejects.toThrow("after the database was closed")
    expect(open(folder).names()).toEqual(["last"])
  })
})

describe("the file", () => {
  test("forces every commit to the disk", () => {
    const { database } = open()
    expect(database.connection.pragma("journal_mode", { simple: true })).toBe("wal")
    expect(database.connection.pragma("synchronous", { simple: true })).toBe(2) // FULL
  })

  test("belongs to one relay at a time", () => {
    const { folder, database } = open()
    expect(() => new Database(folder, stillWorld())).toThrow(DatabaseError)
    expect(() => new Database(folder, stillWorld())).toThrow("Another relay is using")
    database.close()
    expect(open(folder).names()).toEqual([])
  })

  test("of a newer relay is left alone", () => {
    const { folder, database } = open()
    database.close()
    const file = join(folder, DATABASE_FILE)
    const raw = new Sqlite(file)
    raw.pragma("user_version = 99")
    raw.close()
    const before = readFileSync(file)
    expect(() => new Database(folder, stillWorld())).toThrow("newer relay")
    expect(readFileSync(file).equals(before)).toBe(true)
  })
})
