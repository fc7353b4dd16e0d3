// @vitest-environment jsdom
// Tables as a person at the keyboard finds them, and as two people who write in one at the same time do.
import { TextSelection } from "prosemirror-state"
import { afterEach, describe, expect, it } from "vitest"
import * as Y from "yjs"
import { bodyOf, createDocument } from "../../../src/content/document"
import { render } from "../../../src/content/render"
import { lostWords } from "../../../src/content/table"
import { type Editor, mountEditor } from "../../../src/editor/editor"

const mounted: { editor: Editor; doc: Y.Doc }[] = []
afterEach(() => {
  for (const { editor, doc } of mounted.splice(0)) {
    expect(render(doc).eq(editor.view.state.doc)).toBe(true)
    editor.view.state.doc.check()
    editor.destroy()
  }
  document.body.replaceChildren()
})

const open = (doc = createDocument(1), editable = true): Editor => {
  const place = document.body.appendChild(document.createElement("div"))
  const editor = mountEditor({ place, doc, editable, label: "Text" })
  editor.view.endOfTextblock = () => true
  mounted.push({ editor, doc })
  return editor
}

const type = ({ view }: Editor, words: string) => {
  for (const character of words) {
    const { from, to } = view.state.selection
    const insert = () => view.state.tr.insertText(character, from, to)
    if (!view.someProp("handleTextInput", handle => handle(view, from, to, character, insert)))
      view.dispatch(insert())
  }
}

const press = ({ view }: Editor, key: string, modifiers: KeyboardEventInit = {}) =>
  view.dom.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers }))

const paste = ({ view }: Editor, kinds: Record<string, string>) => {
  const event = new Event("paste", { bubbles: true, cancelable: true })
  Object.assign(event, { clipboardData: { getData: (kind: string) => kinds[kind] ?? "", files: [] } })
  view.dom.dispatchEvent(event)
}

/** Each table as rows of cells with "|" between, each other block as its words. */
const shown = ({ view }: Editor): string[] =>
  view.state.doc.content.content.flatMap(block => {
    if (block.type.name !== "table") return [block.textContent]
    const rows = block.content.content.slice(1)
    const caption = block.firstChild?.textContent
    return [
      ...(caption ? [`caption ${caption}`] : []),
      ...rows.map(row => row.content.content.map(cell => cell.textBetween(0, cell.content.size)).join("|")),
    ]
  })

/** Puts the caret into the cell (or block) that has these words, behind them. */
const caretIn = ({ view }: Editor, words: string, from = words.length) => {
  view.state.doc.descendants((node, start) => {
    if (!node.isTextblock || node.textContent !== words) return true
    view.dispatch(
      view.state.tr.setSelection(
        TextSelection.create(view.state.doc, start + 1 + from, start + 1 + words.length),
      ),
    )
    return false
  })
}

const tabled = (rows: number, columns: number, words: string): Editor => {
  const editor = open()
  editor.run("table", { rows, columns })
  for (const [index, word] of words.split(" ").entries()) {
    if (index > 0) press(editor, "Tab")
    type(editor, word)
  }
  return editor
}

const twin = (editor: Editor): { editor: Editor; sync(): void } => {
  const mine = mounted.find(each => each.editor === editor)?.doc ?? createDocument()
  const doc = createDocument(2)
  const other = open(doc)
  const sync = () => {
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(mine, Y.encodeStateVector(doc)), "arrived")
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(mine)), "arrived")
  }
  sync()
  return { editor: other, sync }
}

describe("a table", () => {
  it("is made in the place of an empty line, with a heading row, and a line to go on in", () => {
    const editor = tabled(2, 2, "a b c d")
    expect(shown(editor)).toEqual(["a|b", "c|d", ""])
    const cells = [...editor.view.dom.querySelectorAll("th, td")]
    expect(cells.map(cell => `${cell.tagName} ${cell.getAttribute("scope")}`)).toEqual([
      "TH col",
      "TH col",
      "TD null",
      "TD null",
    ])
    editor.run("headerRow")
    editor.run("headerColumn")
    expect([...editor.view.dom.querySelectorAll("th")].map(cell => cell.textContent)).toEqual(["a", "c"])
  })

  it("is walked with Tab, which makes a row behind the last cell, and is left with the arrows", () => {
    const editor = tabled(1, 2, "a b c")
    expect(shown(editor)).toEqual(["a|b", "c|", ""])
    press(editor, "Tab", { shiftKey: true })
    type(editor, "B")
    press(editor, "ArrowDown")
    type(editor, "d")
    press(editor, "ArrowDown")
    type(editor, "out")
    expect(shown(editor)).toEqual(["a|B", "c|d", "out"])
    press(editor, "ArrowUp")
    expect(editor.view.state.selection.$head.parent.type.name).toBe("table_cell")
    press(editor, "Escape")
    press(editor, "Tab")
    expect(shown(editor)).toEqual(["a|B", "c|d", "out"])
  })

  it("gets, loses and moves rows and columns where the caret is", () => {
    const editor = tabled(2, 2, "a b c d")
    caretIn(editor, "b")
    editor.run("rowBelow")
    editor.run("columnAfter")
    type(editor, "x")
    expect(shown(editor)).toEqual(["a|b|", "||x", "c|d|", ""])
    editor.run("moveRowDown")
    editor.run("moveColumnBack")
    expect(shown(editor)).toEqual(["a||b", "c||d", "|x|", ""])
    caretIn(editor, "c")
    editor.run("deleteRow")
    editor.run("deleteColumn")
    expect(shown(editor)).toEqual(["|b", "x|", ""])
    editor.run("undo")
    editor.run("undo")
    expect(shown(editor)).toEqual(["a||b", "c||d", "|x|", ""])
    editor.run("deleteTable")
    expect(shown(editor)).toEqual(["", ""])
  })

  it("is moved past its neighbours by keys, without being made anew", () => {
    const editor = tabled(1, 2, "a b")
    const marker = bodyOf(mounted[0]?.doc ?? createDocument()).toDelta()[0]?.insert
    press(editor, "ArrowDown")
    type(editor, "line")
    caretIn(editor, "b")
    editor.run("moveDown")
    type(editor, "!")
    expect(shown(editor)).toEqual(["line", "a|b!"])
    editor.run("moveUp")
    type(editor, "?")
    expect(shown(editor)).toEqual(["a|b!?", "line"])
    expect(bodyOf(mounted[0]?.doc ?? createDocument()).toDelta()[0]?.insert).toBe(marker)
  })

  it("keeps blocks, rules and joins outside of its cells", () => {
    const editor = tabled(1, 2, "a b")
    editor.run("heading", { level: 1 })
    editor.run("list", { kind: "bullet" })
    type(editor, "# - ")
    press(editor, "Enter")
    type(editor, "two")
    expect(shown(editor)).toEqual(["a|b# - \ntwo", ""])
    caretIn(editor, "a", 0)
    press(editor, "Backspace")
    expect(shown(editor)).toEqual(["|b# - \ntwo", ""])
    press(editor, "Backspace")
    press(editor, "Delete")
    editor.run("bold")
    type(editor, "B")
    expect(editor.view.dom.querySelector("th strong")?.textContent).toBe("B")
    press(editor, "ArrowDown")
    type(editor, "after")
    const start = editor.view.state.doc.content.size - "after".length - 1
    editor.view.dispatch(
      editor.view.state.tr.setSelection(TextSelection.create(editor.view.state.doc, start)),
    )
    press(editor, "Backspace")
    type(editor, "!")
    expect(shown(editor)).toEqual(["B|b# - \ntwo!", "after"])
  })

  it("is selected by rectangles, which are emptied, marked and copied as such", () => {
    const editor = tabled(3, 3, "a b c d e f g h i")
    const { view } = editor
    const [from, to] = ["b", "f"].map(words => {
      let at = 0
      view.state.doc.descendants((node, start) => {
        if (node.isTextblock && node.textContent === words) at = start + 1
      })
      return at
    })
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from ?? 0, (to ?? 0) + 1)))
    expect([...view.dom.querySelectorAll(".is-selected")].map(cell => cell.textContent)).toEqual([
      "b",
      "c",
      "e",
      "f",
    ])
    const { dom, text } = view.serializeForClipboard(view.state.selection.content())
    expect(text).toBe("b\tc\ne\tf")
    expect(dom.querySelectorAll("tr")).toHaveLength(2)
    press(editor, "b", { ctrlKey: true })
    expect([...view.dom.querySelectorAll("strong")].map(cell => cell.textContent)).toEqual([
      "b",
      "c",
      "e",
      "f",
    ])
    press(editor, "Delete")
    expect(shown(editor)).toEqual(["a||", "d||", "g|h|i", ""])
  })

  it("takes a range of a spreadsheet, in a cell and outside of one", () => {
    const html =
      "<table><tr><td>1</td><td colspan=2>2</td></tr><tr><td>3</td><td>4</td><td>5</td></tr></table>"
    const editor = tabled(2, 2, "a b c d")
    caretIn(editor, "d")
    paste(editor, { "text/html": html, "text/plain": "1\t2\n3\t4\t5" })
    expect(shown(editor)).toEqual(["a|b||", "c|1|2|", "|3|4|5", ""])
    press(editor, "z", { ctrlKey: true })
    expect(shown(editor)).toEqual(["a|b", "c|d", ""])
    caretIn(editor, "a")
    paste(editor, { "text/html": "<p>x</p><p>y</p>", "text/plain": "x\ny" })
    expect(shown(editor)[0]).toBe("ax\ny|b")
    const fresh = open(createDocument(3))
    paste(fresh, { "text/html": html })
    expect(shown(fresh).slice(0, 2)).toEqual(["1|2|", "3|4|5"])
  })
})

describe("two people in one table", () => {
  it("get a row and a column that were added at once, and write in the cell where they meet", () => {
    const ana = tabled(1, 1, "a")
    const { editor: bo, sync } = twin(ana)
    caretIn(ana, "a")
    ana.run("rowBelow")
    caretIn(bo, "a")
    bo.run("columnAfter")
    sync()
    expect(shown(ana)).toEqual(["a|", "|", ""])
    caretIn(ana, "a")
    for (const _ of [1, 2, 3]) press(ana, "Tab")
    type(ana, "one")
    caretIn(bo, "a")
    for (const _ of [1, 2, 3]) press(bo, "Tab")
    type(bo, "two")
    sync()
    expect(shown(ana)).toEqual(shown(bo))
    expect([...(shown(ana)[1] ?? "")].sort().join("")).toBe([..."|onetwo"].sort().join(""))
  })

  it("keep the caret in their cell while rows and columns come and go around it", () => {
    const ana = tabled(2, 2, "a b c d")
    const { editor: bo, sync } = twin(ana)
    caretIn(bo, "d")
    caretIn(ana, "a")
    ana.run("rowAbove")
    ana.run("columnBefore")
    sync()
    type(bo, "!")
    sync()
    expect(shown(ana)).toEqual(["||", "|a|b", "|c|d!", ""])
  })

  it("lose no word that was written into a row which somebody deleted", () => {
    const ana = tabled(2, 2, "a b c d")
    const { editor: bo, sync } = twin(ana)
    caretIn(ana, "c")
    ana.run("deleteRow")
    caretIn(bo, "d")
    type(bo, "elayed")
    sync()
    expect(shown(ana)).toEqual(["a|b", ""])
    const doc = mounted[0]?.doc ?? createDocument()
    const marker = bodyOf(doc).toDelta()[0]?.insert
    expect(lostWords(marker as Y.Map<unknown>).map(lost => lost.text)).toEqual(["elayed"])
    ana.run("undo")
    sync()
    expect(shown(bo)).toEqual(["a|b", "c|delayed", ""])
  })
})

describe("a table that is not whole", () => {
  it("is a placeholder, or shows what there is, and nobody writes to it", () => {
    const doc = createDocument(1)
    const body = bodyOf(doc)
    const broken: Record<string, unknown>[] = [
      { type: "table" },
      { type: "table", rows: "r", columns: 3, cells: null },
      { type: "table", rows: new Y.Array(), columns: new Y.Array() },
      {
        type: "table",
        rows: Y.Array.from([1, "r", "r", "a/b", ""]),
        columns: new Y.Array(),
        cells: new Y.Map(),
      },
      {
        type: "table",
        header: "diagonal",
        rows: Y.Array.from(["r"]),
        columns: Y.Array.from(["c"]),
        cells: new Y.Map<unknown>([
          ["r/c", "not a text"],
          ["r/x", new Y.Text("lost")],
          ["__proto__/c", new Y.Text("x")],
          ["r/c/2", new Y.Text("two")],
          ["r/c/1", new Y.Text("one ")],
        ]),
      },
    ]
    for (const keys of broken) body.insertEmbed(body.length, new Y.Map(Object.entries(keys)))
    const before = Y.encodeStateVector(doc)
    const editor = open(doc, false)
    expect(editor.view.state.doc.content.content.map(block => block.type.name)).toEqual([
      "unknown_block",
      "unknown_block",
      "unknown_block",
      "table",
      "table",
    ])
    expect(shown(editor)).toEqual(["", "", "", "", "one two"])
    expect(Y.encodeStateVector(doc)).toEqual(before)
  })
})
