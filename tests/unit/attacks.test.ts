// The page that says which test tries which attack is held to the tests: a name that is gone fails here.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"

const TESTS = join(import.meta.dirname, "..")
const page = readFileSync(join(TESTS, "..", "docs", "attacks.md"), "utf8")

/** Each row with the tests that it names: `file` › name · `file` › name. */
const rows = page
  .split("\n")
  .filter(line => line.startsWith("| ") && line.includes("›"))
  .map(line => {
    const [attack = "", named = ""] = line.slice(2, -2).split(" | ")
    const tests = named.split(" · ").map(each => /^`(.+?)` › (.+)$/.exec(each)?.slice(1) ?? [])
    return { attack, tests: tests.map(([file = "", name = ""]) => ({ file, name })) }
  })

test("the page names attacks, and for each at least one test", () => {
  expect(rows.length).toBeGreaterThan(30)
  for (const { attack, tests } of rows)
    for (const { file, name } of tests) expect(`${file} ${name}`, attack).toMatch(/^\S+\.(ts|json) \S/)
})

test.each(rows)("$attack", ({ tests }) => {
  for (const { file, name } of tests) {
    const source = readFileSync(join(TESTS, file), "utf8")
    const quoted = file.endsWith(".json") ? [JSON.stringify(name)] : [`"${name}"`, `\`${name}\``, `'${name}'`]
    expect(
      quoted.some(each => source.includes(each)),
      `${file} › ${name}`,
    ).toBe(true)
  }
})
