import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as Y from "yjs"
import { createDocument, readTitle, writeTitle } from "../../../src/content/document"
import { YJS_VERSION_READ } from "../../../src/replica/document"

const exchange = (a: Y.Doc, b: Y.Doc) => {
  const fromA = Y.encodeStateAsUpdate(a, Y.encodeStateVector(b))
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)), "arrived")
  Y.applyUpdate(b, fromA, "arrived")
}

describe("a document", () => {
  it("is created without writing anything", () => {
    const doc = createDocument(7)
    expect(doc.clientID).toBe(7)
    expect(Y.encodeStateVector(doc)).toEqual(Uint8Array.of(0))
    expect([...doc.share.keys()].sort()).toEqual(["body", "meta", "title"])
  })

  it("runs on the Yjs whose clean-up was read", () => {
    const installed: unknown = JSON.parse(readFileSync("node_modules/yjs/package.json", "utf8"))
    expect(installed).toMatchObject({ version: YJS_VERSION_READ })
  })

  it("keeps both titles when two people name it at once", () => {
    const [a, b] = [createDocument(1), createDocument(2)]
    writeTitle(a, "Minutes", "verb")
    writeTitle(b, "May", "verb")
    exchange(a, b)
    expect(readTitle(a)).toBe(readTitle(b))
    expect(readTitle(a)).toContain("Minutes")
    expect(readTitle(a)).toContain("May")
  })

  it("writes only the difference of a title, and nothing when it is the same", () => {
    const doc = createDocument(1)
    writeTitle(doc, "Minutes 😀", "verb")
    const updates: Uint8Array[] = []
    doc.on("update", update => updates.push(update))
    writeTitle(doc, "Minutes 😁", "verb")
    expect(readTitle(doc)).toBe("Minutes 😁")
    writeTitle(doc, "Minutes 😁", "verb")
    expect(updates).toHaveLength(1)
  })
})

describe("formats made at the same time", () => {
  // The smallest known run in which Yjs's own clean-up makes two replicas differ for good.
  const run = () => {
    const replicas = [1, 2].map(clientID => {
      const doc = createDocument(clientID)
      const replica = { doc, text: doc.getText("body"), sent: [] as Uint8Array[] }
      doc.on("update", (update, origin) => origin === "editor" && replica.sent.push(update))
      return replica
    })
    const [a, b] = replicas
    if (a === undefined || b === undefined) throw new Error("two replicas were made")
    const deliver = () => {
      const [fromA, fromB] = [a.sent.splice(0), b.sent.splice(0)]
      for (const update of fromA) Y.applyUpdate(b.doc, update, "arrived")
      for (const update of fromB) Y.applyUpdate(a.doc, update, "arrived")
    }
    const edit = (replica: typeof a, change: () => void) => replica.doc.transact(change, "editor")
    edit(a, () => a.text.insert(0, "abcd"))
    deliver()
    edit(a, () => a.text.format(1, 2, { bold: true }))
    edit(a, () => a.text.format(2, 2, { bold: true }))
    edit(b, () => b.text.delete(0, 3))
    deliver()
    edit(a, () => a.text.insert(1, "zz"))
    deliver()
    return [a.text.toDelta(), b.text.toDelta()]
  }

  it("leave the same document everywhere, also in nested texts", () => {
    const [a, b] = run()
    expect(a).toEqual(b)
    expect(Reflect.get(new Y.Text(), "_hasFormatting")).toBe(false)
    const doc = createDocument(3)
    const nested = new Y.Text("cell")
    doc.getMap("meta").set("cell", nested)
    nested.format(0, 2, { bold: true })
    expect(Reflect.get(nested, "_hasFormatting")).toBe(false)
  })
})
