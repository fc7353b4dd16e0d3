// @vitest-environment jsdom
// The editor on a page: what keys, typing habits, clipboards and toolbars do to a document, as a person
// would see it. Layout does not exist here; what needs it is tried in a real browser.
import { TextSelection } from "prosemirror-state"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Y from "yjs"
import { bodyOf, createDocument } from "../../../src/content/document"
import { render } from "../../../src/content/render"
import { type Editor, type EditorOptions, mountEditor, type ToolbarState } from "../../../src/editor/editor"

const mounted: Editor[] = []
afterEach(() => {
  for (const editor of mounted.splice(0)) {
    expect(render(docOf(editor)).eq(editor.view.state.doc)).toBe(true)
    editor.destroy()
  }
  document.body.replaceChildren()
})

const docs = new WeakMap<Editor, Y.Doc>()
const docOf = (editor: Editor): Y.Doc => {
  const doc = docs.get(editor)
  if (doc === undefined) throw new Error("the editor was mounted by `open`")
  return doc
}

const open = (options: Partial<EditorOptions> = {}): Editor => {
  const place = document.createElement("div")
  document.body.append(place)
  const doc = options.doc ?? createDocument(1)
  const editor = mountEditor({ place, doc, editable: true, label: "Text of Minutes", ...options })
  docs.set(editor, doc)
  mounted.push(editor)
  return editor
}

/** Types as an input method hands it over: one character at a time, past the rules. */
const type = ({ view }: Editor, words: string) => {
  for (const character of words) {
    const { from, to } = view.state.selection
    const insert = () => view.state.tr.insertText(character, from, to)
    if (!view.someProp("handleTextInput", handle => handle(view, from, to, character, insert)))
      view.dispatch(insert())
  }
}

const press = ({ view }: Editor, key: string, modifiers: KeyboardEventInit = {}): KeyboardEvent => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers })
  view.dom.dispatchEvent(event)
  return event
}

const caret = ({ view }: Editor, anchor: number, head = anchor) =>
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, anchor, head)))

const shown = ({ view }: Editor) =>
  view.state.doc.content.content.map(node => {
    const { list, checked, indent, in: container, level } = node.attrs
    const kind = node.type.name === "paragraph" ? [] : [`${node.type.name}${level ?? ""}`]
    const set = [list, checked ? "checked" : null, indent > 0 ? `+${indent}` : null, container].filter(
      Boolean,
    )
    return [...kind, ...set, JSON.stringify(node.textContent)].join(" ")
  })

const paste = ({ view }: Editor, kinds: Record<string, string>) => {
  const event = new Event("paste", { bubbles: true, cancelable: true })
  Object.assign(event, { clipboardData: { getData: (kind: string) => kinds[kind] ?? "", files: [] } })
  view.dom.dispatchEvent(event)
}

describe("the text on the page", () => {
  it("is a named textbox that says how to leave it, and mounting writes nothing", () => {
    const editor = open({
      strings: { hint: "Press Escape, then Tab, to leave.", placeholder: "Start writing." },
    })
    const { dom } = editor.view
    expect(dom.getAttribute("role")).toBe("textbox")
    expect(dom.getAttribute("aria-multiline")).toBe("true")
    expect(dom.getAttribute("aria-label")).toBe("Text of Minutes")
    expect(document.getElementById(dom.getAttribute("aria-describedby") ?? "")?.textContent).toContain(
      "Escape",
    )
    expect(dom.dataset["placeholder"]).toBe("Start writing.")
    expect(dom.classList.contains("is-empty")).toBe(true)
    expect(Y.encodeStateVector(docOf(editor))).toEqual(Uint8Array.of(0))
  })

  it("typing writes only text, and Enter only a marker", () => {
    const editor = open()
    type(editor, "one")
    press(editor, "Enter")
    type(editor, "two")
    expect(shown(editor)).toEqual(['"one"', '"two"'])
    expect(
      bodyOf(docOf(editor))
        .toDelta()
        .map((op: { insert: unknown }) => typeof op.insert),
    ).toEqual(["string", "object", "string"])
  })

  it("a first paragraph that is emptied stays", () => {
    const editor = open()
    type(editor, "a")
    press(editor, "Enter")
    type(editor, "b")
    caret(editor, 1, 2)
    press(editor, "Backspace")
    expect(shown(editor)).toEqual(['""', '"b"'])
    type(editor, "c")
    expect(shown(editor)).toEqual(['"c"', '"b"'])
  })

  it("shows what arrives without scrolling, and lets nobody write who may only read", () => {
    const editor = open({ editable: false })
    expect(editor.view.dom.getAttribute("role")).toBe("document")
    const scrolled = vi.fn()
    editor.view.setProps({ handleScrollToSelection: () => scrolled() === undefined })
    const other = createDocument(2)
    bodyOf(other).insert(0, "from afar")
    Y.applyUpdate(docOf(editor), Y.encodeStateAsUpdate(other), "arrived")
    expect(shown(editor)).toEqual(['"from afar"'])
    expect(scrolled).not.toHaveBeenCalled()
    expect(editor.run("bold")).toBe(false)
    press(editor, "Enter")
    expect(shown(editor)).toEqual(['"from afar"'])
    editor.setEditable(true)
    press(editor, "Enter")
    expect(shown(editor)).toHaveLength(2)
  })
})

describe("typing habits", () => {
  const habits: Record<string, string[]> = {
    "# Title": ['heading1 "Title"'],
    "### Part": ['heading3 "Part"'],
    "- item": ['bullet "item"'],
    "1. first": ['ordered "first"'],
    "[] buy": ['task "buy"'],
    "[x] bought": ['task checked "bought"'],
    "> said": ['quote "said"'],
    "```let x": ['code_block "let x"'],
    "---after": ['divider ""', '"after"'],
  }
  for (const [typed, expected] of Object.entries(habits))
    it(`${typed} becomes ${expected.join(", ")}`, () => {
      const editor = open()
      type(editor, typed)
      expect(shown(editor)).toEqual(expected)
    })

  const marks: Record<string, string> = {
    "a **b** c": "a <strong>b</strong> c",
    "a _b_ c": "a <em>b</em> c",
    "a ~~b~~ c": "a <s>b</s> c",
    "a `b` c": "a <code>b</code> c",
    "a ==b== c": "a <mark>b</mark> c",
  }
  for (const [typed, html] of Object.entries(marks))
    it(`${typed} becomes ${html}`, () => {
      const editor = open()
      type(editor, typed)
      expect(editor.view.dom.querySelector("p")?.innerHTML).toBe(html)
    })

  it("a link in brackets becomes one, unless its address is unsafe", () => {
    const editor = open()
    type(editor, "[a](https://example.org/)")
    expect(editor.view.dom.querySelector("a")?.getAttribute("href")).toBe("https://example.org/")
    press(editor, "Enter")
    type(editor, "[b](javascript:alert`1`)")
    expect(editor.view.dom.querySelectorAll("a")).toHaveLength(1)
  })

  it("do nothing inside code, and Backspace takes a rule back", () => {
    const editor = open()
    type(editor, "```# no **b**")
    expect(shown(editor)).toEqual(['code_block "# no **b**"'])
    const other = open()
    type(other, "- ")
    expect(shown(other)).toEqual(['bullet ""'])
    press(other, "Backspace")
    expect(shown(other)).toEqual(['"- "'])
  })
})

describe("keys", () => {
  it("Enter in a list goes on unticked; in an empty item it goes out, step by step", () => {
    const editor = open()
    type(editor, "[x] done")
    press(editor, "Tab")
    press(editor, "Enter")
    expect(shown(editor)).toEqual(['task checked +1 "done"', 'task +1 ""'])
    press(editor, "Enter")
    expect(shown(editor)[1]).toBe('task ""')
    press(editor, "Enter")
    expect(shown(editor)[1]).toBe('""')
  })

  it("Enter at the end of a heading begins a paragraph, at its start pushes it down", () => {
    const editor = open()
    type(editor, "# Title")
    press(editor, "Enter")
    expect(shown(editor)).toEqual(['heading1 "Title"', '""'])
    caret(editor, 1)
    press(editor, "Enter")
    expect(shown(editor)).toEqual(['""', 'heading1 "Title"', '""'])
  })

  it("Backspace at the start of an item first takes it out of the list, then joins", () => {
    const editor = open()
    type(editor, "one")
    press(editor, "Enter")
    type(editor, "- two")
    caret(editor, 6)
    press(editor, "Backspace")
    expect(shown(editor)).toEqual(['"one"', '"two"'])
    press(editor, "Backspace")
    expect(shown(editor)).toEqual(['"onetwo"'])
    caret(editor, 4)
    press(editor, "Enter")
    caret(editor, 4)
    press(editor, "Delete")
    expect(shown(editor)).toEqual(['"onetwo"'])
  })

  it("Enter in code is a line, and two at its end leave it", () => {
    const editor = open()
    type(editor, "```a")
    press(editor, "Enter")
    type(editor, "b")
    expect(shown(editor)).toEqual(['code_block "a\\nb"'])
    press(editor, "Enter")
    press(editor, "Enter")
    press(editor, "Enter")
    type(editor, "out")
    expect(shown(editor)).toEqual(['code_block "a\\nb"', '"out"'])
  })

  it("digits are found by their place, and AltGr types its character", () => {
    const editor = open()
    type(editor, "x")
    press(editor, "*", { code: "Digit8", ctrlKey: true, shiftKey: true })
    expect(shown(editor)).toEqual(['bullet "x"'])
    press(editor, "²", { code: "Digit2", ctrlKey: true, altKey: true, modifierAltGraph: true })
    expect(shown(editor)).toEqual(['bullet "x"'])
    press(editor, "2", { code: "Digit2", ctrlKey: true, altKey: true })
    expect(shown(editor)).toEqual(['heading2 "x"'])
  })

  it("Tab indents in lists only, and after Escape it leaves", () => {
    const editor = open()
    type(editor, "x")
    expect(press(editor, "Tab").defaultPrevented).toBe(false)
    editor.run("list", { kind: "bullet" })
    expect(press(editor, "Tab").defaultPrevented).toBe(true)
    expect(shown(editor)).toEqual(['bullet +1 "x"'])
    press(editor, "Escape")
    expect(press(editor, "Tab").defaultPrevented).toBe(false)
    expect(shown(editor)).toEqual(['bullet +1 "x"'])
  })

  it("work from a phone's keyboard, whose events are bare", () => {
    const editor = open()
    type(editor, "ab")
    const event = Object.assign(new Event("keydown", { bubbles: true, cancelable: true }), {
      key: "Enter",
      keyCode: 13,
    })
    editor.view.someProp("handleKeyDown", handle => handle(editor.view, event as unknown as KeyboardEvent))
    expect(shown(editor)).toEqual(['"ab"', '""'])
  })

  it("words typed at a dividing line begin a paragraph under it", () => {
    const editor = open()
    type(editor, "---")
    caret(editor, 1)
    type(editor, "x")
    expect(shown(editor)).toEqual(['divider ""', '"x"', '""'])
  })

  it("a block moves past its neighbour with the caret in it", () => {
    const editor = open()
    type(editor, "one")
    press(editor, "Enter")
    type(editor, "two")
    press(editor, "ArrowUp", { altKey: true, shiftKey: true })
    type(editor, "!")
    expect(shown(editor)).toEqual(['"two!"', '"one"'])
    press(editor, "ArrowDown", { altKey: true, shiftKey: true })
    expect(shown(editor)).toEqual(['"one"', '"two!"'])
  })

  it("undo takes back the last change only, and puts the caret back", () => {
    const editor = open()
    type(editor, "one")
    press(editor, "Enter")
    type(editor, "two")
    press(editor, "z", { ctrlKey: true })
    expect(shown(editor)).toEqual(['"one"', '""'])
    press(editor, "z", { ctrlKey: true })
    expect(shown(editor)).toEqual(['"one"'])
    expect(editor.view.state.selection.head).toBe(4)
    press(editor, "z", { ctrlKey: true, shiftKey: true })
    press(editor, "y", { ctrlKey: true })
    expect(shown(editor)).toEqual(['"one"', '"two"'])
  })
})

describe("tasks", () => {
  it("have a checkbox with the words as its name, and a tick is one undo step", () => {
    const editor = open()
    type(editor, "[] buy seeds")
    const box = () => {
      const found = editor.view.dom.querySelector<HTMLInputElement>("input[type=checkbox]")
      if (found === null) throw new Error("a task has a checkbox")
      return found
    }
    expect(box().getAttribute("aria-label")).toBe("buy seeds")
    box().click()
    expect(shown(editor)).toEqual(['task checked "buy seeds"'])
    expect(box().checked).toBe(true)
    editor.run("undo")
    expect(shown(editor)).toEqual(['task "buy seeds"'])
    expect(box().checked).toBe(false)
    editor.setEditable(false)
    box().click()
    expect(shown(editor)).toEqual(['task "buy seeds"'])
  })
})

describe("the clipboard", () => {
  it("takes a web page's nested lists as flat items, and none of its scripts or styles", () => {
    const editor = open()
    paste(editor, {
      "text/html": `<h2 onclick="x()" style="color:red">Plan</h2><ul><li>a<ul><li><p>b</p></li></ul></li><li>c</li></ul>
        <ol><li><b>d</b></li></ol><script>alert(1)</script><p><a href="javascript:x">e</a> <a href="https://e.org">f</a></p>
        <blockquote><p>g</p></blockquote><table><tr><td>h</td><td>i</td></tr></table>`,
    })
    expect(shown(editor)).toEqual([
      'heading2 "Plan"',
      'bullet "a"',
      'bullet +1 "b"',
      'bullet "c"',
      'ordered "d"',
      '"e f"',
      'quote "g"',
      'table "hi"',
    ])
    expect(editor.view.dom.querySelectorAll("a")).toHaveLength(1)
    expect(editor.view.dom.innerHTML).not.toMatch(/onclick|color:red|alert/)
  })

  it("takes the checkboxes of other programs as tasks", () => {
    const editor = open()
    paste(editor, {
      "text/html": `<ul><li><input type="checkbox" checked disabled> done</li><li><p><input type="checkbox">open</p></li>
        <ul><li>beside its item</li></ul></ul>`,
    })
    expect(shown(editor)).toEqual(['task checked "done"', 'task "open"', 'bullet +1 "beside its item"'])
  })

  it("takes the spaces of a page as the page shows them", () => {
    const editor = open()
    paste(editor, {
      "text/html": `<p>one
          <b>two </b> three<br>
          four </p>
        <p> five</p><pre>a
  b</pre>`,
    })
    expect(shown(editor)).toEqual(['"one two three\\nfour"', '"five"', 'code_block "a\\n  b"'])
  })

  it("does not take Google Docs' wrapper for bold", () => {
    const editor = open()
    paste(editor, {
      "text/html": `<b style="font-weight:normal" id="docs-internal-guid-1"><p><span style="font-weight:700">x</span> y</p><p>z</p></b>`,
    })
    expect(shown(editor)).toEqual(['"x y"', '"z"'])
    expect(editor.view.dom.querySelector("p")?.innerHTML).toBe("<strong>x</strong> y")
  })

  it("splits plain text into paragraphs, and keeps lines in code", () => {
    const editor = open()
    paste(editor, { "text/plain": "one\ntwo\r\n\r\nthree" })
    expect(shown(editor)).toEqual(['"one"', '"two"', '"three"'])
    const code = open()
    type(code, "```")
    paste(code, { "text/plain": "a\n\nb" })
    expect(shown(code)).toEqual(['code_block "a\\n\\nb"'])
  })

  it("reads text that is written in Markdown, and puts the text itself in its place when asked", async () => {
    let keep: (() => void) | null = null
    const editor = open({
      onFormatted: keepPlain => {
        keep = keepPlain
      },
    })
    editor.view.setProps({ handleScrollToSelection: () => true }) // there is no layout to scroll in
    const keepPlain = () => keep?.()
    type(editor, "before")
    press(editor, "Enter")
    paste(editor, { "text/plain": "## Soup\n\n- peel\n- boil" })
    await vi.waitFor(() => expect(keep).not.toBeNull())
    expect(shown(editor)).toEqual(['"before"', 'heading2 "Soup"', 'bullet "peel"', 'bullet "boil"'])
    keepPlain()
    expect(shown(editor)).toEqual(['"before"', '"## Soup"', '"- peel"', '"- boil"'])
    paste(editor, { "text/plain": "one - two" })
    expect(shown(editor).at(-1)).toBe('"- boilone - two"')
  })

  it("links the selected words to a pasted address", () => {
    const editor = open()
    type(editor, "see here")
    caret(editor, 5, 9)
    paste(editor, { "text/plain": "https://example.org/x" })
    expect(editor.view.dom.querySelector("a")?.textContent).toBe("here")
  })

  it("gives other programs nested lists and quotes, and reads them back as they were", () => {
    const editor = open()
    for (const line of ["- a", "b", "c"]) {
      type(editor, line)
      press(editor, "Enter")
      if (line === "- a") press(editor, "Tab")
    }
    press(editor, "Enter")
    press(editor, "Enter")
    type(editor, "> said")
    const { doc } = editor.view.state
    const { dom } = editor.view.serializeForClipboard(doc.slice(0, doc.content.size))
    const bare = dom.innerHTML.replace(/ (data-[\w-]+|dir)="[^"]*"/g, "")
    expect(bare).toBe(
      "<ul><li><p>a</p><ul><li><p>b</p></li><li><p>c</p></li></ul></li></ul><blockquote><p>said</p></blockquote>",
    )
    const other = open()
    paste(other, { "text/html": dom.innerHTML })
    expect(shown(other)).toEqual(shown(editor))
  })

  it("keeps what it does not understand when it is cut and pasted", () => {
    const doc = createDocument(1)
    bodyOf(doc).insertEmbed(0, new Y.Map<unknown>(Object.entries({ type: "future", blob: "b1" })))
    bodyOf(doc).insert(1, "words", { comment: "c1" })
    bodyOf(doc).insertEmbed(3, { mention: "ana" })
    const editor = open({ doc })
    const { dom } = editor.view.serializeForClipboard(
      editor.view.state.doc.slice(0, editor.view.state.doc.content.size),
    )
    editor.view.dispatch(editor.view.state.tr.delete(0, editor.view.state.doc.content.size))
    paste(editor, { "text/html": dom.innerHTML })
    const delta = bodyOf(doc).toDelta()
    const plain = delta.map((op: { insert: unknown }) =>
      op.insert instanceof Y.Map ? op.insert.toJSON() : op.insert,
    )
    expect(plain.slice(0, 4)).toEqual([{ type: "future", blob: "b1" }, "wo", { mention: "ana" }, "rds"])
    expect(delta[1].attributes).toEqual({ comment: "c1" })
  })

  it("keeps blocks between two documents of Sheaf", () => {
    const editor = open()
    type(editor, "# Title")
    press(editor, "Enter")
    type(editor, "[x] done")
    press(editor, "Tab")
    const { dom } = editor.view.serializeForClipboard(
      editor.view.state.doc.slice(0, editor.view.state.doc.content.size),
    )
    const other = open()
    paste(other, { "text/html": dom.innerHTML })
    expect(shown(other)).toEqual(shown(editor))
  })
})

describe("toolbar and carets", () => {
  it("says what is on at the caret and runs commands by name", () => {
    const states: ToolbarState[] = []
    const editor = open({ onState: state => states.push(state) })
    expect(states.at(-1)).toMatchObject({ block: "paragraph", list: null, canUndo: false })
    type(editor, "word")
    caret(editor, 1, 5)
    expect(editor.run("bold")).toBe(true)
    expect([...(states.at(-1)?.marks ?? [])]).toEqual(["bold"])
    editor.run("heading", { level: 2 })
    expect(states.at(-1)).toMatchObject({ block: "heading", level: 2, canUndo: true })
    expect(editor.run("link", { href: "javascript:x" })).toBe(false)
    expect(editor.run("link", { href: "https://example.org/" })).toBe(true)
    expect(states.at(-1)?.link).toBe("https://example.org/")
    editor.run("link", { href: null })
    expect(states.at(-1)?.link).toBeNull()
    expect(editor.run("no such command")).toBe(false)
    expect(editor.text()).toBe("word")
  })

  it("tells the own caret while the text has the focus", () => {
    const carets: unknown[] = []
    const editor = open({ onCaret: each => carets.push(each) })
    editor.focus()
    type(editor, "word")
    expect(JSON.parse(JSON.stringify(carets.at(-1)))).toEqual({
      anchor: { item: { client: 1, clock: 3 } },
      head: { item: { client: 1, clock: 3 } },
    })
  })

  it("draws others outside of the text, hidden from screen readers, whatever they send", async () => {
    const editor = open()
    type(editor, "word")
    Object.assign(editor.view, { coordsAtPos: () => ({ left: 5, right: 5, top: 1, bottom: 20 }) })
    const at = { item: { client: 1, clock: 1 } }
    editor.setCarets([
      { key: "a", name: "<img src=x onerror=x>", colour: "red;}", caret: { anchor: at, head: at } },
      { key: "b", name: "Bo", colour: "clay", caret: { anchor: at, head: at } },
      { key: "c", name: "gone", colour: "clay", caret: { anchor: null, head: "x" } },
      {
        key: "d",
        name: "later",
        colour: "clay",
        caret: { anchor: at, head: { item: { client: 9, clock: 9 } } },
      },
    ])
    await new Promise(resolve => requestAnimationFrame(resolve))
    const layer = document.querySelector(".remote-carets")
    expect(layer?.getAttribute("aria-hidden")).toBe("true")
    expect(editor.view.dom.contains(layer)).toBe(false)
    const drawn = [...document.querySelectorAll<HTMLElement>(".remote-caret")]
    expect(drawn.map(each => each.textContent)).toEqual(["<img src=x onerror=x>", "Bo"])
    expect(drawn.map(each => each.style.getPropertyValue("--caret-colour"))).toEqual([
      "var(--person-pine)",
      "var(--person-clay)",
    ])
    editor.setCarets([])
    await new Promise(resolve => requestAnimationFrame(resolve))
    expect(document.querySelector(".remote-caret")).toBeNull()
  })
})

describe("a remote change that comes before the browser has told where the caret went", () => {
  it("does not put the caret back", () => {
    const editor = open()
    type(editor, "hello world")
    editor.focus()
    caret(editor, 12)
    const text = editor.view.domAtPos(1).node
    // An arrow key has moved the browser's caret; the event that says so is still to come.
    document.getSelection()?.collapse(text.nodeType === Node.TEXT_NODE ? text : text.firstChild, 5)
    const other = createDocument(2)
    Y.applyUpdate(other, Y.encodeStateAsUpdate(docOf(editor)))
    bodyOf(other).insert(0, ">>")
    Y.applyUpdate(docOf(editor), Y.encodeStateAsUpdate(other), "arrived")
    expect(editor.view.state.selection.head).toBe(1 + 2 + 5)
    type(editor, "!")
    expect(editor.view.state.doc.textContent).toBe(">>hello! world")
  })
})
