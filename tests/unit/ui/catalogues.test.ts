// The catalogues: each says everything that the English one says, with the same arguments, in every form that its
// language has. `npm run words` writes src/ui/words/shape.ts anew after a change of en.json.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { CatalogueError, compileCatalogue, type Part, read, typesOf } from "../../../src/ui/words/compile"
import { LANGUAGES } from "../../../src/ui/words/languages"
import { createSay } from "../../../src/ui/words/say"

const folder = join(import.meta.dirname, "../../../src/ui/words")
const catalogue = (code: string) =>
  JSON.parse(readFileSync(join(folder, `${code}.json`), "utf8")) as { readonly [name: string]: Part }
const english = catalogue("en")

/** Every message of a catalogue, with the way to it. */
function messages(part: Part, way = ""): (readonly [string, string])[] {
  if (typeof part === "string") return [[way, part]]
  return Object.entries(part).flatMap(([name, each]) => messages(each as Part, `${way}.${name}`))
}

/** Calls every function of a tree with the same amount and words, and returns all that it says. */
function everything(tree: unknown, amount: number): string[] {
  if (typeof tree === "string") return [tree]
  if (typeof tree === "function")
    return [String(tree(...Array.from({ length: tree.length }, () => odd(amount))))]
  return Object.values(tree as object).flatMap(each => everything(each, amount))
}

/** A number where one is wanted, a word where that is, and a list where that is. */
function odd(amount: number): unknown {
  const words = ["Ana", "Bo"]
  return Object.assign(words, {
    [Symbol.toPrimitive]: (hint: string) => (hint === "string" ? `x${amount}` : amount),
    trim: () => "x",
    slice: (...of: number[]) => `x${amount}`.slice(...of),
  })
}

test("the types of what is said are those of the English catalogue (npm run words)", async () => {
  await expect(typesOf(english)).toMatchFileSnapshot(join(folder, "shape.ts"))
})

test("every catalogue is a language that can be chosen, and the other way round", () => {
  const files = readdirSync(folder).filter(name => name.endsWith(".json"))
  expect(files.sort()).toEqual(LANGUAGES.map(({ code }) => `${code}.json`).sort())
})

describe.each(LANGUAGES)("$name", ({ code, locale, direction, load }) => {
  const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories
  // A million of anything is said like many others here: nothing on these screens is that large.
  const needed = categories.filter(each => each !== "many" || code === "ar")

  test("says everything, with the same arguments", () => {
    expect(() => compileCatalogue(code, catalogue(code), english)).not.toThrow()
  })

  test("has each form of a number that the language has", () => {
    const walk = (tokens: ReturnType<typeof read>["tokens"], way: string): void => {
      for (const token of tokens) {
        if (token.type !== "plural" && token.type !== "select") continue
        const keys = token.cases.map(({ key }) => key)
        if (token.type === "plural") {
          const named = keys.filter(key => !key.startsWith("="))
          for (const key of named) expect(categories, `${way}: ${key}`).toContain(key)
          expect(named, way).toEqual(expect.arrayContaining(needed))
        } else expect(keys, way).toContain("other")
        for (const { tokens: inner } of token.cases) walk(inner, way)
      }
    }
    for (const [way, message] of messages(catalogue(code))) walk(read(message, way).tokens, way)
  })

  test("says it for any amount, with nothing left out", async () => {
    const say = createSay(locale, direction, "…")
    const { default: tree } = await load()
    for (const amount of [0, 1, 2, 3, 11, 100]) {
      for (const said of everything(tree(say), amount)) {
        expect(said).not.toMatch(/undefined|NaN|\[object|[{}]/)
        expect(said.trim()).not.toBe("")
      }
    }
  })

  test("is spoken to whoever prefers it, and is not English with another name", () => {
    if (code === "en") return
    const own = new Map(messages(catalogue(code)))
    const same = messages(english).filter(([way, message]) => message.length > 60 && own.get(way) === message)
    expect(same).toEqual([])
  })
})

describe("a catalogue is refused", () => {
  const small = { a: "{n, plural, one {# tree} other {# trees}} of {name, name}", b: ["x", "y"] }
  test.each([
    ["without a message", { b: ["x", "y"] }, "xx.a: missing"],
    ["with a message of its own", { ...small, c: "z" }, "xx.c: "],
    ["without an argument", { ...small, a: "{n, plural, other {#}}" }, "xx.a: {name} is missing"],
    ["with an argument of its own", { ...small, a: `${small.a} {more}` }, "{more}"],
    ["with a number where there is a name", { ...small, a: "{n, number} {name, number}" }, "{name} is name"],
    ["with a list that is shorter", { ...small, b: ["x"] }, "xx.b: expected 2 parts, got 1"],
    ["with a brace that is not closed", { ...small, a: "{n" }, "xx.a: "],
    ["with a format that nobody knows", { ...small, a: "{n, spellout} {name}" }, "not known here"],
  ])("%s", (_what, broken, why) => {
    const compile = () => compileCatalogue("xx", broken as Part, small)
    expect(compile).toThrow(CatalogueError)
    expect(compile).toThrow(why)
  })
})
