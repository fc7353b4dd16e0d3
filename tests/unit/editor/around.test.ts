// @vitest-environment jsdom
// The tools around the text: finding and replacing, the menus that open while one types, the outline and its links,
// the reading page, and words that are offered back.
import { TextSelection } from "prosemirror-state"
import { afterEach, describe, expect, it } from "vitest"
import * as Y from "yjs"
import { bodyOf, createDocument, readSettings, writeSettings } from "../../../src/content/document"
import { render } from "../../../src/content/render"
import type { Completing } from "../../../src/editor/completion"
import { type Editor, mountEditor } from "../../../src/editor/editor"
import type { Found } from "../../../src/editor/find"
import { blocksFromMarkdown } from "../../../src/formats/markdown-in"
import { choicesFor } from "../../../src/ui/CompletionMenu"
import { words } from "../../../src/ui/words"

const mounted: { editor: Editor; doc: Y.Doc }[] = []
afterEach(() => {
  for (const { editor, doc } of mounted.splice(0)) {
    expect(render(doc).eq(editor.view.state.doc)).toBe(true)
    editor.destroy()
  }
  document.body.replaceChildren()
})

const open = (markdown = ""): { editor: Editor; doc: Y.Doc } => {
  const place = document.body.appendChild(document.createElement("div"))
  const doc = createDocument(1)
  const editor = mountEditor({ place, doc, editable: true, label: "Text" })
  editor.view.setProps({ handleScrollToSelection: () => true })
  if (markdown !== "") editor.around.insert(blocksFromMarkdown(markdown))
  mounted.push({ editor, doc })
  return { editor, doc }
}

const lines = ({ view }: Editor) => view.state.doc.content.content.map(block => block.textContent)

const type = ({ view }: Editor, words: string) => {
  for (const character of words) {
    const { from, to } = view.state.selection
    const insert = () => view.state.tr.insertText(character, from, to)
    if (!view.someProp("handleTextInput", handle => handle(view, from, to, character, insert)))
      view.dispatch(insert())
  }
}

const press = ({ view }: Editor, key: string) =>
  view.dom.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))

describe("finding", () => {
  const search = (editor: Editor, text: string, more: { matchCase?: boolean; wholeWord?: boolean } = {}) => {
    let last: Found | null = null
    editor.find.onFound = found => {
      last = found
    }
    editor.find.search(editor.view, { text, matchCase: false, wholeWord: false, ...more })
    return () => last
  }
  const marked = ({ view }: Editor) =>
    [...view.dom.querySelectorAll(".is-found")].map(each => each.textContent)

  it("takes letters as a reader does, unless case or whole words are asked for", () => {
    const { editor } = open("Été, ete, ETE and Tete.\n\n| été | x |\n| --- | --- |\n| y | z |")
    expect(search(editor, "ete")()?.count).toBe(5)
    expect(marked(editor)).toEqual(["Été", "ete", "ETE", "ete", "été"])
    expect(search(editor, "ete", { wholeWord: true })()?.count).toBe(4)
    expect(search(editor, "ETE", { matchCase: true })()?.count).toBe(1)
    expect(search(editor, "nothing")()?.count).toBe(0)
    editor.find.search(editor.view, null)
    expect(marked(editor)).toEqual([])
  })

  it("goes round the ends, and follows the text while somebody writes in it", () => {
    const { editor } = open("one two\n\ntwo three\n\nfour")
    const found = search(editor, "two")
    expect(found()).toMatchObject({ count: 2, current: 1, done: true })
    editor.find.step(editor.view, 1)
    expect(found()?.current).toBe(2)
    editor.find.step(editor.view, 1)
    expect(found()?.current).toBe(1)
    editor.view.dispatch(editor.view.state.tr.insertText("two ", 1))
    expect(found()?.count).toBe(3)
    editor.view.dispatch(editor.view.state.tr.delete(1, 5))
    expect(found()?.count).toBe(2)
    expect(marked(editor)).toEqual(["two", "two"])
  })

  it("replaces all as one step of undo, and keeps the marks", () => {
    const { editor } = open("a **cat** and a cat\n\ncat")
    search(editor, "cat")
    expect(editor.find.replaceAll(editor.view, "dog")).toBe(3)
    expect(lines(editor)).toEqual(["a dog and a dog", "dog"])
    expect(editor.view.dom.querySelector("strong")?.textContent).toBe("dog")
    editor.run("undo")
    expect(lines(editor)).toEqual(["a cat and a cat", "cat"])
    search(editor, "cat")
    editor.find.replace(editor.view, "")
    expect(lines(editor)).toEqual(["a  and a cat", "cat"])
  })

  it("looks at a long text between the keys, and at what changed only", async () => {
    const { editor } = open(Array.from({ length: 900 }, (_, i) => `word ${i}`).join("\n\n"))
    const found = search(editor, "word")
    expect(found()).toMatchObject({ count: 400, done: false })
    await expect.poll(() => found()?.count).toBe(900)
    expect(found()?.done).toBe(true)
    editor.view.dispatch(editor.view.state.tr.insertText("word ", 1))
    expect(found()?.count).toBe(901)
  })
})

describe("a menu that opens while one types", () => {
  const listen = (editor: Editor): (() => Completing | null) => {
    let now: Completing | null = null
    editor.completion.list = {
      show: completing => {
        now = completing
      },
      key: event => event.key === "Enter",
      ids: () => ({ list: "list", chosen: "chosen" }),
    }
    return () => now
  }

  it("opens at the start of a line or after a space, and says what is chosen", () => {
    const { editor } = open()
    const now = listen(editor)
    type(editor, "/hea")
    expect(now()).toEqual({ sign: "/", query: "hea", from: 1 })
    expect(editor.view.dom.getAttribute("aria-activedescendant")).toBe("chosen")
    expect(choicesFor(now(), [])[0]?.label).toBe("Heading 1")
    press(editor, "Enter")
    expect(lines(editor)).toEqual(["/hea"])
    editor.completion.accept(editor.view)
    editor.run("heading", { level: 1 })
    type(editor, "Plan")
    expect(editor.view.state.doc.firstChild?.type.name).toBe("heading")
    expect(editor.view.dom.hasAttribute("aria-activedescendant")).toBe(false)
  })

  it("leaves and/or, code, a second space and what Escape was pressed for as they were typed", () => {
    const { editor } = open()
    const now = listen(editor)
    type(editor, "and/or ")
    expect(now()).toBeNull()
    type(editor, "/one two")
    expect(now()?.query).toBe("one two")
    type(editor, " ")
    expect(now()).toBeNull()
    type(editor, "/x")
    press(editor, "Escape")
    expect(now()).toBeNull()
    expect(lines(editor)).toEqual(["and/or /one two /x"])
    editor.run("codeBlock")
    type(editor, " /y")
    expect(now()).toBeNull()
  })

  it("finds signs by name from two letters on", () => {
    const { editor } = open()
    const now = listen(editor)
    type(editor, "at 10:30 :w")
    expect(choicesFor(now(), [])).toEqual([])
    type(editor, "h")
    expect(choicesFor(now(), [])[0]?.emoji).toBe("🌾")
    editor.completion.accept(editor.view, "🌾")
    expect(lines(editor)).toEqual(["at 10:30 🌾"])
  })
})

describe("around the text", () => {
  it("the outline has every heading, and a link to one lasts", () => {
    const { editor, doc } = open("# One\n\ntext\n\n## Two")
    const [, two] = editor.around.headings()
    expect(editor.around.headings().map(({ text, level, id }) => [text, level, id])).toEqual([
      ["One", 1, null],
      ["Two", 2, null],
    ])
    const id = editor.around.nameHeading(two?.start ?? 0)
    expect(id).toMatch(/^[\w-]+$/)
    expect(editor.around.nameHeading(two?.start ?? 0)).toBe(id)
    expect(editor.around.nameHeading(4)).toBeNull()
    editor.view.dispatch(editor.view.state.tr.insertText("And ", (two?.start ?? 0) + 1))
    expect(editor.around.headings()[1]).toMatchObject({ text: "And Two", id })
    expect(
      bodyOf(doc)
        .toDelta()
        .some((op: { insert: unknown }) => op.insert instanceof Y.Map && op.insert.get("id") === id),
    ).toBe(true)
  })

  it("the reading page has real lists, quotes and tables", () => {
    const { editor } = open("- a\n  - b\n\n> q\n\n| h | i |\n| --- | --- |\n| j | k |")
    const page = document.createElement("div")
    page.append(editor.around.page())
    expect(page.querySelectorAll("ul > li ul > li")).toHaveLength(1)
    expect(page.querySelector("blockquote")?.textContent).toBe("q")
    expect([...page.querySelectorAll("th")].map(cell => cell.getAttribute("scope"))).toEqual(["col", "col"])
    expect(page.querySelector("[contenteditable=true], [role=textbox]")).toBeNull()
  })

  it("words of a removed row are offered, come back, or go for good", () => {
    const { editor, doc } = open("| a | b |\n| --- | --- |\n| c | d |\n\nend")
    const other = createDocument(2)
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    const cellOf = (of: Y.Doc, words: string): Y.Text => {
      const marker = bodyOf(of).toDelta()[0]?.insert as Y.Map<unknown>
      const texts = [...(marker.get("cells") as Y.Map<Y.Text>).values()]
      const found = texts.find(text => text.toString() === words)
      if (found === undefined) throw new Error(`no cell says ${words}`)
      return found
    }
    cellOf(other, "d").insert(1, "elayed")
    let at = 0
    editor.view.state.doc.descendants((node, start) => {
      if (node.isTextblock && node.textContent === "c") at = start + 1
    })
    editor.view.dispatch(editor.view.state.tr.setSelection(TextSelection.create(editor.view.state.doc, at)))
    editor.run("deleteRow")
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), "arrived")
    const [lost] = editor.around.lost()
    expect(lost?.text).toBe("elayed")
    if (lost !== undefined) editor.around.settle(lost, true)
    expect(editor.view.state.doc.firstChild?.textContent).toBe("abelayed")
    expect(editor.around.lost()).toEqual([])
    editor.run("undo")
    const [again] = editor.around.lost()
    if (again !== undefined) editor.around.settle(again, false)
    expect(editor.around.lost()).toEqual([])
  })

  it("every template is blocks, with no Markdown left in its words", () => {
    for (const { markdown, title } of Object.values(words.templates).filter(
      each => typeof each === "object",
    )) {
      const { editor } = open(markdown)
      expect(lines(editor).join("\n"), title).not.toMatch(/^#|\*\*|\|/m)
      expect(editor.view.state.doc.childCount, title).toBeGreaterThan(4)
    }
  })

  it("a document says its language and direction, and nothing that is neither", () => {
    const doc = createDocument(1)
    expect(readSettings(doc)).toEqual({ language: null, direction: null })
    writeSettings(doc, { language: "ar", direction: "rtl" }, "test")
    expect(readSettings(doc)).toEqual({ language: "ar", direction: "rtl" })
    doc.getMap("meta").set("language", "<b>").toString()
    doc.getMap("meta").set("direction", 5)
    expect(readSettings(doc)).toEqual({ language: null, direction: null })
  })
})
