// A picture's marker: read whatever stands in it, written as it was read, and left alone where it makes no sense.
import { describe, expect, test } from "vitest"
import * as Y from "yjs"
import { bodyOf, createDocument } from "../../../src/content/document"
import { markerKeys } from "../../../src/content/marker"
import { render } from "../../../src/content/render"

const REFERENCE = `${"A".repeat(43)}.${"B".repeat(42)}A`

function drawn(keys: Readonly<Record<string, unknown>>) {
  const doc = createDocument()
  const body = bodyOf(doc)
  body.insertEmbed(0, new Y.Map(Object.entries(keys)))
  body.insert(1, "a caption")
  const before = Y.encodeStateAsUpdate(doc)
  const block = render(doc).child(0)
  expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
  expect(block.textContent).toBe("a caption")
  return block
}

describe("a picture's marker", () => {
  test("says where it is, how large, and what it shows; what is absent has not been said", () => {
    const keys = { type: "image", blob: REFERENCE, width: 640, height: 480, alt: "A barn", in: "quote" }
    const block = drawn(keys)
    expect(block.type.name).toBe("image")
    expect(block.attrs).toMatchObject({
      blob: REFERENCE,
      width: 640,
      height: 480,
      alt: "A barn",
      in: "quote",
    })
    expect(Object.fromEntries(markerKeys("image", block.attrs, true))).toEqual(keys)
    expect(drawn({ ...keys, alt: "" }).attrs["alt"]).toBe("")
    const { alt: _, ...unsaid } = keys
    expect(drawn(unsaid).attrs["alt"]).toBeNull()
    expect(markerKeys("image", drawn(unsaid).attrs, true).has("alt")).toBe(false)
  })

  test("with any size whatever is a frame of some size", () => {
    for (const [width, height] of [
      [0, -5],
      [Number.NaN, 1e300],
      ["640", null],
      [3.7, 20_001],
    ]) {
      const { attrs } = drawn({ type: "image", blob: REFERENCE, width, height, alt: 7 })
      for (const edge of [attrs["width"], attrs["height"]]) {
        expect(edge).toBeGreaterThanOrEqual(1)
        expect(edge).toBeLessThanOrEqual(20_000)
      }
      expect(attrs["alt"]).toBeNull()
    }
  })

  test("that names no blob is a block of an unknown kind, and keeps its keys when it is written anew", () => {
    for (const blob of [undefined, "", "https://example.org/spy.png", `${REFERENCE}@elsewhere`, 7]) {
      const block = drawn({ type: "image", width: 640, ...(blob === undefined ? {} : { blob }) })
      expect(block.type.name).toBe("unknown_block")
      const keys = markerKeys("unknown_block", block.attrs, true)
      expect(keys.get("type")).toBe("image")
      expect(keys.get("width")).toBe(640)
      expect(keys.get("blob")).toBe(blob)
    }
  })
})
