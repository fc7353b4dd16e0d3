// One hostile input for every row of the table of protocol §5, and honest work beside it.
import * as encoding from "lib0/encoding"
import { describe, expect, test } from "vitest"
import * as Y from "yjs"
import { createDocument } from "../../../src/replica/document"
import { judge, type Past, type Verdict } from "../../../src/replica/rules"
import { SEED } from "../chance"

const OWN = 5
const OTHER = 9
/** The closure: 100 clocks of OTHER, lying in a root. */
const past: Past = { covers: (client, clock) => client === OTHER && clock < 100, depthAt: () => 0 }

function judged(update: Uint8Array, from = 0): Verdict {
  return judge(update, OWN, from, past)
}

function why(update: Uint8Array, from = 0): string {
  const verdict = judged(update, from)
  return verdict.fit ? "fit" : verdict.why
}

/** What a session of one's own writes, as an update. */
function written(f: (doc: Y.Doc) => void, client = OWN): Uint8Array {
  const doc = createDocument(client)
  doc.transact(() => f(doc))
  return Y.encodeStateAsUpdate(doc)
}

/** An update put together by hand. */
function forged(f: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  f(encoder)
  return encoding.toUint8Array(encoder)
}

function numbers(encoder: encoding.Encoder, ...values: number[]): void {
  for (const value of values) encoding.writeVarUint(encoder, value)
}

/** One struct of OWN at clock 0 with content, in the root `body`, and no deletions. */
function struct(kind: number, content: (encoder: encoding.Encoder) => void, root = "body", key?: string) {
  return forged(encoder => {
    numbers(encoder, 1, 1, OWN, 0)
    encoding.writeUint8(encoder, kind | (key === undefined ? 0 : 0x20))
    numbers(encoder, 1)
    encoding.writeVarString(encoder, root)
    if (key !== undefined) encoding.writeVarString(encoder, key)
    content(encoder)
    numbers(encoder, 0)
  })
}

describe("honest work is fit", () => {
  test("text, markers with keys, formats, embeds, a title and settings", () => {
    const update = written(doc => {
      const body = doc.getText("body")
      const marker = new Y.Map<unknown>([
        ["type", "heading"],
        ["level", 2],
      ])
      body.insertEmbed(0, marker)
      body.insert(1, "Hé 😀", { bold: true, link: "https://example.org" })
      body.insertEmbed(3, { mention: "Ana" })
      body.delete(2, 1)
      marker.set("level", 3)
      doc.getText("title").insert(0, "Minutes")
      doc.getMap("meta").set("language", ["ca", { nested: [1, 2.5, null, true] }])
    })
    const verdict = judged(update)
    expect(verdict).toMatchObject({ fit: true, deletes: true })
    expect(verdict.fit && verdict.end).toBe(
      Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update)).get(OWN),
    )
  })

  test("words made and deleted before they were sealed, which Yjs has collected", () => {
    const update = written(doc => {
      const body = doc.getText("body")
      doc.transact(() => body.insertEmbed(0, new Y.Map([["type", "x"]])))
      doc.transact(() => body.delete(0, 1))
    })
    expect(why(update)).toBe("fit")
  })

  test("a table: types in types in a type", () => {
    const update = written(doc => {
      const cells = new Y.Map<unknown>()
      const marker = new Y.Map<unknown>([["type", "table"]])
      marker.set("cells", cells)
      marker.set("rows", Y.Array.from(["r1"]))
      doc.getText("body").insertEmbed(0, marker)
      cells.set("r1/c1", new Y.Text("in a cell"))
    })
    const verdict = judged(update)
    expect(verdict.fit && Math.max(...verdict.depths.map(run => run.depth))).toBe(3)
  })

  test("nothing at all", () => {
    expect(why(new Uint8Array([0, 0]))).toBe("fit")
  })
})

describe("V1 only", () => {
  test("an update of version 2 is not read as one of version 1", () => {
    const doc = createDocument(OWN)
    doc.getText("body").insert(0, "x")
    expect(why(Y.encodeStateAsUpdateV2(doc))).not.toBe("fit")
  })
})

describe("the session's own words, contiguous and below 2^40", () => {
  test("structs of another client", () => {
    expect(why(written(doc => doc.getText("body").insert(0, "x"), OTHER))).toContain("session itself")
  })

  test("structs of oneself and of another client", () => {
    const doc = createDocument(OWN)
    Y.applyUpdate(
      doc,
      written(theirs => theirs.getText("body").insert(0, "x"), OTHER),
    )
    doc.getText("body").insert(0, "y")
    expect(why(Y.encodeStateAsUpdate(doc))).toContain("session itself")
  })

  test("a clock that leaves a hole, and one that was used", () => {
    const update = written(doc => doc.getText("body").insert(0, "abc"))
    expect(why(update, 3)).toContain("clock 3 next")
    expect(why(forged(e => numbers(e, 1, 1, OWN, 7, 0, 1, 0)))).toContain("clock 0 next")
  })

  test("a clock of 2^40 burnt by a struct of that length", () => {
    expect(why(forged(e => numbers(e, 1, 1, OWN, 0, 0, 2 ** 40 + 1, 0)))).not.toBe("fit")
    expect(why(forged(e => numbers(e, 1, 2, OWN, 0, 0, 2 ** 40, 0, 1, 0)))).toContain("2^40")
  })

  test("two blocks", () => {
    expect(why(forged(e => numbers(e, 2, 1, OWN, 0, 0, 1, 1, OWN, 1, 0, 1, 0)))).toContain("one block")
  })

  test("a skip, and a struct without length", () => {
    expect(why(forged(e => numbers(e, 1, 1, OWN, 0, 10, 5, 0)))).not.toBe("fit")
    expect(why(forged(e => numbers(e, 1, 1, OWN, 0, 0, 0, 0)))).toContain("a length")
  })
})

describe("nothing outside the closure", () => {
  test("a left neighbour, a right neighbour and a parent in the future", () => {
    const left = (clock: number) =>
      forged(encoder => {
        numbers(encoder, 1, 1, OWN, 0)
        encoding.writeUint8(encoder, 4 | 0x80)
        numbers(encoder, OTHER, clock)
        encoding.writeVarString(encoder, "x")
        numbers(encoder, 0)
      })
    expect(why(left(99))).toBe("fit")
    expect(judged(left(100))).toMatchObject({ fit: false, outside: { clock: 0 } })
    const right = forged(encoder => {
      numbers(encoder, 1, 1, OWN, 0)
      encoding.writeUint8(encoder, 4 | 0x40)
      numbers(encoder, OTHER, 2 ** 39)
      encoding.writeVarString(encoder, "x")
      numbers(encoder, 0)
    })
    expect(why(right)).toContain("right neighbour inside the closure")
    const parent = forged(encoder => {
      numbers(encoder, 1, 1, OWN, 0)
      encoding.writeUint8(encoder, 4)
      numbers(encoder, 0, 77, 0)
      encoding.writeVarString(encoder, "x")
      numbers(encoder, 0)
    })
    expect(why(parent)).toContain("parent inside the closure")
  })

  test("oneself at the same clock or later", () => {
    const self = forged(encoder => {
      numbers(encoder, 1, 1, OWN, 0)
      encoding.writeUint8(encoder, 4 | 0x80)
      numbers(encoder, OWN, 0)
      encoding.writeVarString(encoder, "x")
      numbers(encoder, 0)
    })
    expect(why(self)).toContain("inside the closure")
  })

  test("a delete range in a victim's future", () => {
    expect(why(forged(e => numbers(e, 0, 1, OTHER, 1, 5, 2 ** 40 - 5)))).toContain(
      "delete range inside the closure",
    )
    expect(why(forged(e => numbers(e, 0, 1, OTHER, 1, 5, 95)))).toBe("fit")
    expect(why(forged(e => numbers(e, 0, 1, OTHER, 1, 5, 96)))).toContain("delete range inside")
    expect(why(forged(e => numbers(e, 0, 1, OWN, 1, 0, 1)))).toContain("delete range inside")
  })
})

describe("content, names and depth", () => {
  test("sub-documents, JSON, XML types and unknown kinds", () => {
    const subdocument = written(doc => doc.getMap("meta").set("inner", new Y.Doc()))
    expect(why(subdocument)).toContain("known kind")
    expect(why(written(doc => doc.getMap("meta").set("x", new Y.XmlElement("script"))))).not.toBe("fit")
    for (const kind of [2, 9, 10, 11, 31])
      expect(why(struct(kind, e => numbers(e, 1)))).toContain("known kind")
  })

  test("__proto__ as a key of a map, a value, a format, and in JSON", () => {
    const any = (encoder: encoding.Encoder) => {
      numbers(encoder, 1)
      encoding.writeUint8(encoder, 118)
      numbers(encoder, 1)
      encoding.writeVarString(encoder, "__proto__")
      encoding.writeUint8(encoder, 126)
    }
    expect(why(struct(8, any))).toContain("__proto__")
    expect(why(struct(8, e => encoding.writeAny(e, 1), "meta", "__proto__"))).toContain("__proto__")
    const format = (encoder: encoding.Encoder) => {
      encoding.writeVarString(encoder, "__proto__")
      encoding.writeVarString(encoder, "true")
    }
    expect(why(struct(6, format))).toContain("__proto__")
    expect(why(struct(5, e => encoding.writeVarString(e, '{"a":[{"__proto__":1}]}')))).toContain("__proto__")
  })

  test("a root that does not exist, and a root used as what it is not", () => {
    const text = (encoder: encoding.Encoder) => encoding.writeVarString(encoder, "x")
    expect(why(struct(4, text, "body"))).toBe("fit")
    expect(why(struct(4, text, "elsewhere"))).toContain("root that exists")
    expect(why(struct(4, text, "meta"))).toContain("a key in the map")
    expect(why(struct(4, text, "body", "key"))).toContain("no key in the text")
  })

  test("values, JSON and types nested without end", () => {
    const nested = (depth: number) => (encoder: encoding.Encoder) => {
      numbers(encoder, 1)
      for (let index = 0; index < depth; index++) {
        encoding.writeUint8(encoder, 117)
        numbers(encoder, 1)
      }
      encoding.writeUint8(encoder, 126)
    }
    expect(why(struct(8, nested(60)))).toBe("fit")
    expect(why(struct(8, nested(100_000)))).toContain("nested at most")
    const json = (depth: number) => "[".repeat(depth) + "]".repeat(depth)
    expect(why(struct(5, e => encoding.writeVarString(e, json(60))))).toBe("fit")
    expect(why(struct(5, e => encoding.writeVarString(e, json(100_000))))).toContain("nested at most")
    const types = (depth: number) =>
      written(doc => {
        let map = new Y.Map()
        doc.getMap("meta").set("top", map)
        for (let index = 1; index < depth; index++) {
          const inner = new Y.Map()
          map.set("inner", inner)
          map = inner
        }
      })
    expect(why(types(60))).toBe("fit")
    expect(why(types(80))).toContain("nested at most")
  })

  test("types nested further with every envelope", () => {
    const deep: Past = { ...past, depthAt: () => 64 }
    const update = forged(encoder => {
      numbers(encoder, 1, 1, OWN, 0)
      encoding.writeUint8(encoder, 7)
      numbers(encoder, 0, OTHER, 3, 1, 0)
    })
    expect(judge(update, OWN, 0, past).fit).toBe(true)
    expect(judge(update, OWN, 0, deep)).toMatchObject({ fit: false })
  })
})

describe("limits and garbage", () => {
  test("more structs and more delete ranges than there may be", () => {
    const structs = forged(encoder => {
      numbers(encoder, 1, 200_001, OWN, 0)
      for (let index = 0; index < 200_001; index++) numbers(encoder, 0, 1)
      numbers(encoder, 0)
    })
    expect(why(structs)).toContain("structs")
    const ranges = forged(encoder => {
      numbers(encoder, 0, 1, OTHER, 100_001)
      for (let index = 0; index < 100_001; index++) numbers(encoder, 0, 1)
    })
    expect(why(ranges)).toContain("delete ranges")
    expect(why(new Uint8Array(4 * 1024 * 1024 + 1))).toContain("bytes")
  })

  test("counts without the bytes they promise end at once", () => {
    expect(why(forged(e => numbers(e, 1, 2 ** 45, OWN, 0)))).not.toBe("fit")
    expect(why(struct(8, e => numbers(e, 2 ** 45)))).not.toBe("fit")
    expect(why(struct(4, e => numbers(e, 2 ** 45)))).not.toBe("fit")
  })

  test("something left over, and text that is not UTF-8", () => {
    expect(why(new Uint8Array([0, 0, 0]))).toContain("end of an update")
    expect(why(struct(4, e => encoding.writeVarUint8Array(e, new Uint8Array([0xff, 0xfe]))))).toContain(
      "UTF-8",
    )
  })

  test("bytes changed anywhere never throw, and what is fit leaves nothing pending", () => {
    let state = SEED
    const below = (count: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state % count
    }
    const good = written(doc => {
      const body = doc.getText("body")
      body.insertEmbed(0, new Y.Map([["type", "heading"]]))
      body.insert(1, "some words", { bold: true })
      body.delete(2, 3)
    })
    let fit = 0
    for (let run = 0; run < 3_000; run++) {
      const bytes = good.slice(0, below(10) === 0 ? below(good.length) : good.length)
      for (let change = below(3); change >= 0 && bytes.length > 0; change--)
        bytes[below(bytes.length)] = below(256)
      const verdict = judge(bytes, OWN, 0, { covers: () => false, depthAt: () => 0 })
      if (!verdict.fit) continue
      fit++
      const doc = createDocument(1)
      Y.applyUpdate(doc, bytes)
      expect(doc.store.pendingStructs, `SEED=${SEED}, run ${run}`).toBeNull()
      expect(doc.store.pendingDs, `SEED=${SEED}, run ${run}`).toBeNull()
      doc.getText("body").toDelta()
    }
    expect(fit).toBeGreaterThan(0)
  })
})
