// The search between its two ends: the newest question is the one that is answered, and it is said what was not
// looked through.
import "fake-indexeddb/auto"
import { signal } from "@preact/signals-core"
import { beforeEach, expect, test } from "vitest"
import type { DocumentRow } from "../../../src/app/model"
import { DocumentSearch } from "../../../src/app/search"
import { SearchEngine, type Told } from "../../../src/app/search-engine"
import { realWorld } from "../../../src/bytes/world"
import { openTexts, type Texts } from "../../../src/storage/texts"

let texts: Texts
let names = 0
const rows = signal<readonly DocumentRow[]>([])
const row = (id: string, trashedAt: number | null = null): DocumentRow => ({
  ...{ id, title: id, snippet: "", editedAt: 0, shared: false, right: "admin", places: 1 },
  ...{ target: 2, pinned: false, folder: "", trashedAt },
})

/** A search whose thread is this one. `settled` resolves when it has done all that was asked. */
function begin() {
  let tell: (told: Told) => void = () => undefined
  const engine = new SearchEngine({
    texts,
    world: realWorld,
    tell: told => tell(told),
  })
  const asked: Promise<void>[] = []
  const search = new DocumentSearch(
    () => ({
      post: ask => asked.push(engine.take(ask)),
      onTold: f => {
        tell = f
      },
    }),
    rows,
  )
  return { engine, search, settled: () => Promise.all(asked.splice(0)) }
}

beforeEach(async () => {
  texts = await openTexts(`search-${names++}`)
  rows.value = [row("a"), row("b")]
})

test("what was put is found, also after a restart, until it is removed", async () => {
  const first = begin()
  first.search.put({ id: "a", title: "Minutes", text: "seed order" })
  first.search.put({ id: "a", title: "Minutes", text: "seed order, again" })
  await first.settled()
  const second = begin()
  second.search.look("")
  await second.engine.read()
  second.search.look("seed")
  await second.settled()
  expect(second.search.found.value.hits.map(({ id }) => id)).toEqual(["a"])
  second.search.remove("a")
  second.search.look("seed")
  await second.settled()
  expect(second.search.found.value.hits).toEqual([])
  expect(await texts.ids()).toEqual([])
})

test("of two questions the newer is answered, whichever is ready first", async () => {
  const { search, settled } = begin()
  search.put({ id: "a", title: "", text: "kale" })
  search.put({ id: "b", title: "", text: "leek" })
  search.look("kale")
  search.look("leek")
  await settled()
  expect(search.found.value.query).toBe("leek")
  expect(search.found.value.hits.map(({ id }) => id)).toEqual(["b"])
})

test("what lies in the trash is not found, and a document without words here is counted", async () => {
  const { search, settled } = begin()
  search.put({ id: "a", title: "", text: "kale" })
  search.look("kale")
  await settled()
  expect(search.found.value).toMatchObject({ total: 1, notHere: 1 })
  rows.value = [row("a", 5)]
  expect(search.found.value).toMatchObject({ hits: [], total: 0, notHere: 0 })
})

test("reading many stored texts leaves room for questions, and what came meanwhile is the newer", async () => {
  for (let i = 0; i < 250; i++) await texts.put({ id: `d${i}`, title: "", text: "old words" })
  const { engine, search, settled } = begin()
  search.look("")
  const left: number[] = []
  const reading = engine.read()
  search.reading.subscribe(value => void left.push(value))
  search.put({ id: "d200", title: "", text: "new words" })
  rows.value = Array.from({ length: 250 }, (_, i) => row(`d${i}`))
  await reading
  search.look("new")
  await settled()
  expect(search.found.value.hits.map(({ id }) => id)).toEqual(["d200"])
  search.look("words")
  await settled()
  expect(search.found.value.total).toBe(250)
  expect(search.found.value.hits).toHaveLength(50)
  expect(left).toEqual(expect.arrayContaining([150, 50, 0]))
})
