// While one person types in a paragraph, another does something to it. The words are there, in place, on both
// sides, and each can take back their own part without touching the other's.
import { TextSelection, type Transaction } from "prosemirror-state"
import { describe, expect, it } from "vitest"
import * as Y from "yjs"
import { bodyOf, createDocument } from "../../../src/content/document"
import { schema } from "../../../src/content/schema"
import { Binding, EDITOR_ORIGIN, HOLD_MS_MAX, type Host } from "../../../src/editor/binding"
import { company, type Replica } from "../../laws/replica"

const begin = (...paragraphs: string[]) => {
  const { replicas, deliver } = company(2)
  const [a, b] = replicas
  if (a === undefined || b === undefined) throw new Error("two people were asked for")
  a.edit(tr =>
    tr.replaceWith(
      0,
      tr.doc.content.size,
      paragraphs.map(text => schema.node("paragraph", null, text === "" ? [] : [schema.text(text)])),
    ),
  )
  a.binding.undoManager.clear()
  deliver()
  return { a, b, deliver }
}

/** The position after the first occurrence of `words`. */
const behind = (replica: Replica, words: string): number => {
  let found = -1
  replica.state.doc.descendants((node, start) => {
    const at = node.isText ? (node.text ?? "").indexOf(words) : -1
    if (found === -1 && at !== -1) found = start + at + words.length
  })
  if (found === -1) throw new Error(`${words} is not in ${replica.state.doc}`)
  return found
}

/** One line a block: kind if it is no plain paragraph, what else was set, words. */
const shown = (replica: Replica) =>
  replica.state.doc.content.content.map(node => {
    const { list, checked, indent, in: container, level } = node.attrs
    const kind = node.type.name === "paragraph" ? [] : [`${node.type.name}${level ?? ""}`]
    const set = [list, checked ? "checked" : null, indent > 0 ? `+${indent}` : null, container].filter(
      Boolean,
    )
    return [...kind, ...set, node.textContent].join(" ")
  })

const startOfSecond = (tr: Transaction) => tr.doc.child(0).nodeSize

const deeds: Record<string, { does: (tr: Transaction) => unknown; both: string[]; undone: string[] }> = {
  "joins it to the one before": {
    does: tr => tr.join(startOfSecond(tr)),
    both: ["onetwo words"],
    undone: ["one", "two words"],
  },
  "splits it": { does: tr => tr.split(7), both: ["one", "t", "wo words"], undone: ["one", "two words"] },
  "makes it a heading": {
    does: tr => tr.setNodeMarkup(startOfSecond(tr), schema.nodes.heading, { level: 2 }),
    both: ["one", "heading2 two words"],
    undone: ["one", "two words"],
  },
  "puts it in a list": {
    does: tr => tr.setNodeAttribute(startOfSecond(tr), "list", "bullet"),
    both: ["one", "bullet two words"],
    undone: ["one", "two words"],
  },
  "wraps it in a quote": {
    does: tr => tr.setNodeAttribute(startOfSecond(tr), "in", "quote"),
    both: ["one", "quote two words"],
    undone: ["one", "two words"],
  },
  "indents it": {
    does: tr => tr.setNodeAttribute(startOfSecond(tr), "indent", 1),
    both: ["one", "+1 two words"],
    undone: ["one", "two words"],
  },
  "ticks it": {
    does: tr => tr.setNodeMarkup(startOfSecond(tr), null, { list: "task", checked: true }),
    both: ["one", "task checked two words"],
    undone: ["one", "two words"],
  },
  "makes it code": {
    does: tr => tr.setNodeMarkup(startOfSecond(tr), schema.nodes.code_block),
    both: ["one", "code_block two words"],
    undone: ["one", "two words"],
  },
  "makes it bold": {
    does: tr => tr.addMark(startOfSecond(tr) + 1, startOfSecond(tr) + 4, schema.mark("bold")),
    both: ["one", "two words"],
    undone: ["one", "two words"],
  },
}

describe("while somebody types in a paragraph", () => {
  for (const [name, { does, both, undone }] of Object.entries(deeds)) {
    it(`another ${name}, and the words are in place on both sides; each undoes only their own`, () => {
      const { a, b, deliver } = begin("one", "two")
      a.edit(does)
      b.edit(tr => tr.insertText(" words", behind(b, "two")))
      deliver()
      expect(shown(a)).toEqual(both)
      expect(shown(b)).toEqual(both)
      a.binding.undo()
      deliver()
      expect(shown(a)).toEqual(undone)
      expect(shown(b)).toEqual(undone)
      a.binding.redo()
      b.binding.undo()
      deliver()
      expect(shown(a)).toEqual(both.map(line => line.replace(" words", "").replace("wo words", "wo")))
      expect(shown(b)).toEqual(shown(a))
      expect([a.difference(), b.difference()]).toEqual([null, null])
    })
  }

  it("another deletes the words around, and what was typed stays", () => {
    const { a, b, deliver } = begin("keep this old text here")
    a.edit(tr => tr.delete(behind(a, "keep"), behind(a, "text")))
    b.edit(tr => tr.insertText("NEW ", behind(b, "this ")))
    deliver()
    expect(shown(a)).toEqual(["keepNEW  here"])
    expect(shown(b)).toEqual(shown(a))
    a.binding.undo()
    deliver()
    expect(shown(b)).toEqual(["keep this NEW old text here"])
  })

  it("keeps emoji whole when both write beside and over them", () => {
    const { a, b, deliver } = begin("a😀b👩‍👩‍👧c")
    a.edit(tr => tr.insertText("😁", behind(a, "a"), behind(a, "a😀")))
    b.edit(tr => tr.insertText("🎉", behind(b, "😀")))
    deliver()
    expect(shown(a)).toEqual(shown(b))
    expect(shown(a)[0]).toContain("😁")
    expect(shown(a)[0]).toContain("🎉")
    expect(shown(a)[0]).not.toContain("\uFFFD")
    a.binding.undo()
    deliver()
    expect(shown(b)[0]).toMatch(/^a(😀🎉|🎉😀)b👩‍👩‍👧c$/)
  })

  it("two people begin an empty document at once, and both are read", () => {
    const { replicas, deliver } = company(2)
    const [a, b] = replicas
    if (a === undefined || b === undefined) throw new Error("two people were asked for")
    a.edit(tr => tr.insertText("alpha", 1))
    b.edit(tr => tr.insertText("beta", 1).split(3))
    deliver()
    expect(shown(a)).toEqual(shown(b))
    expect(shown(a).join("")).toMatch(/alpha/)
    expect(shown(a).join("")).toMatch(/be/)
  })
})

describe("while somebody goes on at the end of a paragraph", () => {
  // Whose number for Yjs is the lower one decides about what is written at one place at once.
  for (const [whose, turn] of [
    ["a lower", false],
    ["a greater", true],
  ] as const) {
    const two = (...paragraphs: string[]) => {
      const { a, b, deliver } = begin(...paragraphs)
      return turn ? { writer: b, other: a, deliver } : { writer: a, other: b, deliver }
    }

    it(`another begins the next one, and each keeps their own (${whose} number)`, () => {
      const { writer, other, deliver } = two("one", "end")
      other.edit(tr => tr.split(behind(other, "one")))
      other.edit(tr => tr.insertText("new", behind(other, "one") + 2))
      writer.edit(tr => tr.insertText(" more", behind(writer, "one")))
      deliver()
      expect(shown(writer)).toEqual(["one more", "new", "end"])
      expect(shown(other)).toEqual(["one more", "new", "end"])
    })

    it(`another begins one at the end of the document (${whose} number)`, () => {
      const { writer, other, deliver } = two("one", "last")
      other.edit(tr => tr.split(behind(other, "last")))
      other.edit(tr => tr.insertText("new", behind(other, "last") + 2))
      writer.edit(tr => tr.delete(behind(writer, "las"), behind(writer, "last")))
      writer.edit(tr => tr.insertText("nd more", behind(writer, "las")))
      deliver()
      expect(shown(writer)).toEqual(["one", "lasnd more", "new"])
      other.edit(tr => tr.split(behind(other, "new")))
      writer.edit(tr => tr.insertText("s", behind(writer, "new")))
      deliver()
      expect(shown(writer)).toEqual(["one", "lasnd more", "news", ""])
      expect(shown(other)).toEqual(shown(writer))
    })

    it(`another moves a paragraph to below it, pastes or cuts one (${whose} number)`, () => {
      const { writer, other, deliver } = two("one", "two", "three")
      other.edit(tr => tr.insert(5, schema.node("heading", { level: 1 }, schema.text("between"))))
      writer.edit(tr => tr.insertText(" more", behind(writer, "one")))
      deliver()
      expect(shown(writer)).toEqual(["one more", "heading1 between", "two", "three"])
      const at = behind(other, "two") - 4
      other.edit(tr => tr.delete(at, at + 5))
      writer.edit(tr => tr.insertText("!", behind(writer, "between")))
      deliver()
      expect(shown(writer)).toEqual(["one more", "heading1 between!", "three"])
      expect(shown(other)).toEqual(shown(writer))
    })

    it(`in an empty one that another has just made or begins one below (${whose} number)`, () => {
      const { writer, other, deliver } = two("one", "")
      const end = (replica: Replica) => replica.state.doc.content.size - 1
      other.edit(tr => tr.split(end(other)))
      other.edit(tr => tr.insertText("new", end(other)))
      writer.edit(tr => tr.insertText("words", end(writer)))
      deliver()
      expect(shown(writer)).toEqual(["one", "words", "new"])
      expect(shown(other)).toEqual(shown(writer))
    })

    it(`another cuts it in two, and the end goes with what it stands behind (${whose} number)`, () => {
      const { writer, other, deliver } = two("onetwo", "end")
      other.edit(tr => tr.split(behind(other, "one")))
      writer.edit(tr => tr.insertText(" more", behind(writer, "onetwo")))
      deliver()
      expect(shown(writer)).toEqual(["one", "two more", "end"])
      other.edit(tr => tr.split(behind(other, "one")))
      writer.edit(tr => tr.insertText("!", behind(writer, "one")))
      deliver()
      expect(shown(writer)).toEqual(["one!", "", "two more", "end"])
      expect(shown(other)).toEqual(shown(writer))
    })
  }
})

describe("a caret", () => {
  it("at the end of a block stays when others append, and one's own words follow it", () => {
    const { a, b, deliver } = begin("one", "two")
    a.edit(tr => tr.setSelection(TextSelection.create(tr.doc, behind(a, "one"))))
    b.edit(tr => tr.insertText(" more", behind(b, "one")))
    b.edit(tr => tr.split(behind(b, "one")))
    deliver()
    expect(a.state.selection.head).toBe(behind(a, "one"))
    expect(shown(a)).toEqual(["one", " more", "two"])
  })

  it("in an empty document stays in the first line when another begins the next, and both write apart", () => {
    const { replicas, deliver } = company(2)
    const [a, b] = replicas
    if (a === undefined || b === undefined) throw new Error("two people were asked for")
    a.edit(tr => tr.split(1))
    deliver()
    expect(b.state.selection.head).toBe(1)
    b.edit(tr => tr.split(b.state.selection.head))
    deliver()
    expect(a.state.selection.head).toBe(5)
    a.edit(tr => tr.insertText("Ana's"))
    b.edit(tr => tr.insertText("Bo's"))
    deliver()
    expect(shown(a)).toEqual(["", "Bo's", "Ana's"])
    expect([a.difference(), b.difference()]).toEqual([null, null])
  })

  it("keeps what was switched on or off for the next words when others write", () => {
    const { a, b, deliver } = begin("one", "two")
    a.edit(tr => tr.setSelection(TextSelection.create(tr.doc, behind(a, "one"))))
    a.edit(tr => tr.addStoredMark(schema.mark("bold")))
    b.edit(tr => tr.insertText("!", behind(b, "two")))
    b.edit(tr => tr.insertText("zero ", 1))
    deliver()
    a.edit(tr => tr.insertText("X"))
    a.edit(tr => tr.removeStoredMark(schema.marks.bold))
    b.edit(tr => tr.insertText("?", behind(b, "two")))
    deliver()
    a.edit(tr => tr.insertText("y"))
    const [line] = a.state.doc.content.content
    expect(line?.content.content.map(({ text, marks }) => [text, marks.length])).toEqual([
      ["zero one", 0],
      ["X", 1],
      ["y", 0],
    ])
  })

  it("goes back to where it was when a change is undone", () => {
    const { a, b, deliver } = begin("one two three")
    a.edit(tr => tr.setSelection(TextSelection.create(tr.doc, behind(a, "one "), behind(a, "two"))))
    a.edit(tr => tr.deleteSelection())
    b.edit(tr => tr.insertText("zero ", 1))
    deliver()
    a.edit(tr => tr.setSelection(TextSelection.create(tr.doc, 1)))
    a.binding.undo()
    expect(shown(a)).toEqual(["zero one two three"])
    expect(a.state.selection.anchor).toBe(behind(a, "one "))
    expect(a.state.selection.head).toBe(behind(a, "two"))
  })
})

describe("while an input method composes a word", () => {
  it("what others do to its block waits, and what they do elsewhere does not", () => {
    const { a, b, deliver } = begin("one", "two")
    a.edit(tr => tr.setSelection(TextSelection.create(tr.doc, behind(a, "one"))))
    a.inWord = true
    a.edit(tr => tr.insertText("に"))
    b.edit(tr => tr.insertText("!", behind(b, "two")))
    deliver()
    expect(shown(a)).toEqual(["oneに", "two!"])
    b.edit(tr => tr.insertText("zero ", 1))
    b.edit(tr => tr.setNodeMarkup(0, schema.nodes.heading, { level: 1 }))
    deliver()
    expect(shown(a)).toEqual(["oneに", "two!"])
    const { from } = a.state.selection
    a.edit(tr => tr.insertText("日本", from - 1, from))
    deliver()
    expect(shown(b)).toEqual(["heading1 zero one日本", "two!"])
    a.finishWord()
    expect(shown(a)).toEqual(shown(b))
    expect(a.state.selection.head).toBe(behind(a, "one日本"))
    expect(a.difference()).toBeNull()
  })

  it("waits no longer than its time", () => {
    const doc = createDocument(5)
    const timers: (() => void)[] = []
    const binding = new Binding(doc, {
      editable: () => true,
      after: (delayMs, run) => {
        expect(delayMs).toBe(HOLD_MS_MAX)
        timers.push(run)
        return () => undefined
      },
    })
    const host: Host = {
      state: binding.createState([]),
      composing: () => true,
      show(next) {
        Object.assign(host, { state: next })
      },
    }
    binding.attach(host)
    bodyOf(doc).insert(0, "from afar")
    expect(host.state.doc.textContent).toBe("")
    for (const run of timers) run()
    expect(host.state.doc.textContent).toBe("from afar")
    binding.destroy()
  })

  it("words that were typed where others deleted everything stay", () => {
    const { a, b, deliver } = begin("one", "two", "three")
    a.inWord = true
    a.edit(tr => tr.setSelection(TextSelection.create(tr.doc, behind(a, "two"))))
    a.edit(tr => tr.insertText("に"))
    b.edit(tr => tr.delete(6, 11))
    deliver()
    a.edit(tr => tr.insertText("ほ"))
    a.finishWord()
    deliver()
    expect(shown(a)).toEqual(shown(b))
    expect(shown(a).join("")).toContain("に")
    expect(shown(a).join("")).toContain("ほ")
  })

  it("lines that came as plain text keep the place of what is typed into them next", () => {
    const { a, b, deliver } = begin("one")
    a.inWord = true
    a.edit(tr => tr.setSelection(TextSelection.create(tr.doc, 4)))
    b.edit(tr => tr.insertText("far ", 1))
    deliver()
    a.edit(tr => tr.insertText("\nに\n", 4))
    a.edit(tr => tr.insertText("ほ", 6))
    a.finishWord()
    deliver()
    expect(a.state.doc.textBetween(0, a.state.doc.content.size, "", "|")).toBe("far one|にほ|")
    expect(shown(a)).toEqual(shown(b))
  })
})

describe("what is not understood", () => {
  it("survives being edited, split, retitled and pasted", () => {
    const { a, b, deliver } = begin("one")
    a.doc.transact(() => {
      const marker = new Y.Map<unknown>([
        ["type", "future"],
        ["blob", "b1"],
        ["size", { width: 3 }],
      ])
      bodyOf(a.doc).insertEmbed(4, marker)
      bodyOf(a.doc).insert(5, "caption", { comment: "c7" })
    }, EDITOR_ORIGIN)
    deliver()
    b.edit(tr => tr.insertText("new ", behind(b, "cap")))
    b.edit(tr => tr.setNodeAttribute(tr.doc.child(0).nodeSize, "indent", 2))
    deliver()
    const marker = () =>
      bodyOf(a.doc)
        .toDelta()
        .at(1 + 1)?.insert
    expect(marker()?.toJSON()).toEqual({ type: "future", blob: "b1", size: { width: 3 }, indent: 2 })
    expect(bodyOf(a.doc).toDelta().at(-1)).toMatchObject({ attributes: { comment: "c7" } })
    a.edit(tr => {
      const node = tr.doc.child(1)
      const start = tr.doc.child(0).nodeSize
      tr.delete(start, start + node.nodeSize).insert(0, node)
    })
    deliver()
    const [moved] = bodyOf(b.doc).toDelta()
    expect(moved?.insert.toJSON()).toEqual({ type: "future", blob: "b1", size: { width: 3 }, indent: 2 })
    b.edit(tr => tr.setNodeMarkup(0, schema.nodes.paragraph))
    expect(b.difference()).toBeNull()
    expect(bodyOf(b.doc).toDelta()[0]?.insert.get("blob")).toBe("b1")
  })

  it("is not written over when the editor cannot express it", () => {
    const { a } = begin("one")
    const before = bodyOf(a.doc).toDelta().length
    a.edit(tr => tr.insert(1, schema.nodes.unknown_inline.create()))
    expect(a.difference()).toBeNull()
    expect(bodyOf(a.doc).toDelta()).toHaveLength(before)
  })
})

describe("an editor for reading", () => {
  it("refuses every change and writes nothing", () => {
    const doc = createDocument(5)
    const binding = new Binding(doc, { editable: () => false })
    const host: Host = {
      state: binding.createState([]),
      show(next) {
        Object.assign(host, { state: next })
      },
    }
    binding.attach(host)
    binding.dispatch(host.state.tr.insertText("no", 1))
    expect(Y.encodeStateVector(doc)).toEqual(Uint8Array.of(0))
    expect(host.state.doc.textContent).toBe("")
    const other = createDocument(6)
    bodyOf(other).insert(0, "yes")
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), "arrived")
    expect(host.state.doc.textContent).toBe("yes")
  })
})
