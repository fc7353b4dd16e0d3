// The search finds words as people type them: without accents, half a word, with a slip of the finger, in any script.
import { describe, expect, test } from "vitest"
import { Finder, folded, hitOf, type Searchable } from "../../../src/app/finder"

const documents: readonly Searchable[] = [
  {
    id: "minutes",
    title: "Minutes, 12 November",
    text: "Present: Ana, Zoë\nThe seed order goes out on Friday.",
  },
  { id: "song", title: "Cançó de bressol", text: "Son, soneta, vine aquí." },
  { id: "street", title: "Straßenfest", text: "Grillen ab 18 Uhr." },
  { id: "budget", title: "مِيزانِيَّة الرَّبيع", text: "البذور والأدوات" },
  { id: "record", title: "議事録", text: "来月の予算について話し合った。" },
  { id: "empty", title: "", text: "" },
]

const finder = new Finder()
for (const document of documents) finder.put(document)
const ids = (query: string) => finder.find(query).map(({ id }) => id)

describe("what is found", () => {
  test.each([
    ["seed order", ["minutes"]],
    ["zoe", ["minutes"]],
    ["canco", ["song"]],
    ["CANÇÓ", ["song"]],
    ["strasse", ["street"]],
    ["strassenfe", ["street"]],
    ["novembr", ["minutes"]],
    ["novamber", ["minutes"]],
    ["ميزانية", ["budget"]],
    ["予算", ["record"]],
    ["議事", ["record"]],
    ["mi", ["minutes"]], // a letter or two begin words of titles
    ["no", ["minutes"]],
    ["fri", ["minutes"]],
    ["fr", []],
    ["seed grillen", []],
    ["", []],
    ["   ", []],
    ["🌾", []],
  ])("%j: %j", (query, expected) => {
    expect(ids(query)).toEqual(expected)
  })

  test("a word in a title weighs more than one in a text", () => {
    const both = new Finder()
    both.put({ id: "text", title: "Other", text: "harvest" })
    both.put({ id: "title", title: "Harvest", text: "other" })
    expect(both.find("harvest").map(({ id }) => id)).toEqual(["title", "text"])
  })

  test("new words take the place of old ones, and what was removed is not found", () => {
    const changing = new Finder()
    changing.put({ id: "a", title: "", text: "before" })
    changing.put({ id: "a", title: "", text: "after" })
    expect(changing.find("before")).toEqual([])
    expect(changing.find("after")).toHaveLength(1)
    changing.remove("a")
    changing.remove("never there")
    expect(changing.find("after")).toEqual([])
    expect(changing.size).toBe(0)
  })
})

describe("how a hit is shown", () => {
  const show = (query: string, text: string, title = "") => {
    const one = new Finder()
    one.put({ id: "a", title, text })
    const [answer] = one.find(query)
    const hit = hitOf({ id: "a", title, text }, answer?.words ?? [])
    const marked = (words: string, matches: typeof hit.matches) =>
      matches.map(({ from, to }) => words.slice(from, to))
    return { ...hit, marked: [...marked(hit.title, hit.titleMatches), ...marked(hit.excerpt, hit.matches)] }
  }

  test("the words as they are written are marked, in the title and in the text", () => {
    expect(show("zoe", "Present: Ana, Zoë and ZOE.", "Zoë’s page").marked).toEqual(["Zoë", "Zoë", "ZOE"])
  })

  test("an excerpt is a little of the line with the first match, and says where it was cut", () => {
    const { excerpt } = show("needle", `first line\n${"hay ".repeat(60)}needle ${"hay ".repeat(60)}`)
    expect(excerpt).toMatch(/^… hay .*needle .* …$/)
    expect(excerpt.length).toBeLessThan(180)
  })

  test("a match in the title alone has no excerpt", () => {
    expect(show("page", "words", "A page").excerpt).toBe("")
  })
})

test("letters that stand for one another are one", () => {
  expect(["Æsir", "ŁÓDŹ", "İstanbul", "Σίσυφος", "ǅ"].map(folded)).toEqual([
    "aesir",
    "lodz",
    "istanbul",
    "σισυφοσ",
    "dz",
  ])
})
