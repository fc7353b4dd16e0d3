// Words taken from a document in any portions make the same document again, and each portion obeys the rules.
import * as prng from "lib0/prng"
import { expect, test } from "vitest"
import * as Y from "yjs"
import { below, type Deletes, deletesOf, minus, NO_DELETES, union } from "../../../src/replica/deletes"
import { createDocument } from "../../../src/replica/document"
import { judge, type Past } from "../../../src/replica/rules"
import { stateOf, takeWords } from "../../../src/replica/words"
import { SEED } from "../chance"

const NOTHING: Past = { covers: () => false, depthAt: () => 0 }

/** A writer who seals now and then: the portions in order. */
function write(chance: prng.PRNG, steps: number): { doc: Y.Doc; portions: Uint8Array[] } {
  const doc = createDocument(7)
  const portions: Uint8Array[] = []
  let sealed = 0
  let gathered: Deletes = NO_DELETES
  doc.on("afterTransaction", (transaction: Y.Transaction) => {
    gathered = union(gathered, deletesOf(transaction.deleteSet))
  })
  const seal = () => {
    const words = takeWords(doc, 7, sealed, Number.POSITIVE_INFINITY, end =>
      below(gathered, () => end, 1_000),
    )
    if (!words) return
    expect(judge(words.payload, 7, sealed, NOTHING), `seed ${SEED}`).toMatchObject({
      fit: true,
      end: words.end,
    })
    portions.push(words.payload)
    gathered = minus(gathered, gathered)
    sealed = words.end
  }
  const body = doc.getText("body")
  for (let step = 0; step < steps; step++) {
    const at = prng.int32(chance, 0, body.length)
    const length = prng.int32(chance, 0, Math.min(5, body.length - at))
    const deed = prng.int32(chance, 0, 4)
    if (deed === 0) body.insertEmbed(at, new Y.Map([["type", "heading"]]))
    else if (deed === 1 && length > 0) body.delete(at, length)
    else if (deed === 2 && length > 0) body.format(at, length, { bold: prng.bool(chance) || null })
    else body.insert(at, prng.word(chance, 1, 6))
    if (prng.int32(chance, 0, 4) === 0) seal()
  }
  seal()
  return { doc, portions }
}

test("portions taken at any moment make the same document", () => {
  for (let run = 0; run < 100; run++) {
    const { doc, portions } = write(prng.create(SEED + run), 40)
    const again = createDocument(1)
    for (const portion of portions) Y.applyUpdate(again, portion)
    expect(again.store.pendingStructs).toBeNull()
    expect(stateOf(again, 7)).toBe(stateOf(doc, 7))
    expect(JSON.stringify(again.getText("body").toDelta()), `seed ${SEED + run}`).toBe(
      JSON.stringify(doc.getText("body").toDelta()),
    )
  }
})

test("nothing to say is nothing", () => {
  const doc = createDocument(7)
  expect(takeWords(doc, 7, 0, Number.POSITIVE_INFINITY, () => NO_DELETES)).toBeNull()
  doc.getText("body").insert(0, "x")
  expect(takeWords(doc, 7, 1, Number.POSITIVE_INFINITY, () => NO_DELETES)).toBeNull()
})

test("words are taken only up to where they may be", () => {
  const doc = createDocument(7)
  doc.getText("body").insert(0, "first")
  doc.getText("body").insertEmbed(0, new Y.Map())
  expect(takeWords(doc, 7, 0, 5, () => NO_DELETES)?.end).toBe(5)
})

test("a text larger than an envelope is cut into pieces, and never inside an emoji", () => {
  const doc = createDocument(7)
  const text = `x${"😀".repeat(1_500_000)}`
  doc.getText("body").insert(0, text)
  const again = createDocument(1)
  let portions = 0
  for (let from = 0; from < text.length; portions++) {
    const words = takeWords(doc, 7, from, Number.POSITIVE_INFINITY, () => NO_DELETES)
    if (!words) throw new Error("there is more to take")
    expect(judge(words.payload, 7, from, NOTHING)).toMatchObject({ fit: true })
    Y.applyUpdate(again, words.payload)
    from = words.end
  }
  expect(portions).toBeGreaterThan(1)
  expect(again.getText("body").toString() === text).toBe(true)
})
