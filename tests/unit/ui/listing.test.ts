// What the list of documents shows: a view of it, in an order.
import { describe, expect, test } from "vitest"
import type { DocumentRow } from "../../../src/app/model"
import { ALL, foldersOf, listed } from "../../../src/ui/listing"

const row = (id: string, facts: Partial<DocumentRow> = {}): DocumentRow => ({
  ...{ id, title: id, snippet: "words", editedAt: 0, shared: false, right: "admin", places: 3 },
  ...{ target: 2, pinned: false, folder: "", trashedAt: null },
  ...facts,
})

const rows = [
  row("b", { editedAt: 1, shared: true }),
  row("a", { editedAt: 3, places: 1 }),
  row("c", { editedAt: 2, pinned: true, folder: "Board" }),
  row("10", { editedAt: 4, folder: "Board" }),
  row("9", { editedAt: 5, folder: "Archive", trashedAt: 7 }),
  row("8", { editedAt: 6, trashedAt: 8 }),
  row("new", { title: "", snippet: "", places: 1, editedAt: -1 }),
]
const ids = (...asked: Parameters<typeof listed> extends [unknown, ...infer Rest] ? Rest : never) =>
  listed(rows, ...asked).map(({ id }) => id)

describe("a view of the list", () => {
  test("all of them, what is pinned first and then what was edited last; not what is in the trash", () => {
    expect(ids(ALL, "edited")).toEqual(["c", "10", "a", "b", "new"])
  })
  test("by title, as people order numbers and letters; untitled ones by that word", () => {
    expect(ids(ALL, "title")).toEqual(["c", "10", "a", "b", "new"])
    expect(listed([row("Board 10"), row("board 9")], ALL, "title").map(({ id }) => id)).toEqual([
      "board 9",
      "Board 10",
    ])
  })
  test("a part of them", () => {
    expect(ids({ of: "pinned" }, "edited")).toEqual(["c"])
    expect(ids({ of: "shared" }, "edited")).toEqual(["b"])
    expect(ids({ of: "folder", folder: "Board" }, "edited")).toEqual(["c", "10"])
    expect(ids({ of: "only-here" }, "edited")).toEqual(["a"]) // a blank one has nothing to lose
  })
  test("the trash, what was put there last first", () => {
    expect(ids({ of: "trash" }, "title")).toEqual(["8", "9"])
  })
})

test("a folder is there as long as anything is in it", () => {
  expect(foldersOf(rows)).toEqual(["Board"])
})
