// Somebody at an editor: the real binding on an editor state without a view, and the deeds of a person who writes. What
// is typed and taken out is noted, so that it can be asked for afterwards.
import type { Node } from "prosemirror-model"
import { type EditorState, TextSelection, type Transaction } from "prosemirror-state"
import { VERB } from "../../src/app/verbs"
import { bodyOf, readTitle, writeTitle } from "../../src/content/document"
import { render } from "../../src/content/render"
import { schema } from "../../src/content/schema"
import { cutsPair } from "../../src/content/words"
import { Binding, isEditorOrigin } from "../../src/editor/binding"
import type { Replica } from "../../src/replica/replica"
import type { Chance } from "./chance"
import type { Life } from "./clockwork"
import type { Words } from "./words"

/** Typed now and then: whoever can read it where nobody should has caught us. */
export const CANARY = "canary:nobody-but-members-reads-this"

const DEEDS = [
  ...[
    "type",
    "type",
    "type",
    "type",
    "type",
    "type",
    "delete",
    "delete",
    "replace",
    "split",
    "split",
    "join",
  ],
  ...["heading", "list", "mark", "unmark", "title", "canary", "undo", "redo"],
] as const

/** Whether a change may leave the document: as the app says it. */
export function mayLeave(origin: unknown): boolean {
  return isEditorOrigin(origin) || origin === VERB
}

export class Person {
  readonly #replica: Replica
  readonly #binding: Binding
  readonly #words: Words
  readonly #life: Life
  readonly #device: string
  state: EditorState

  constructor(replica: Replica, words: Words, life: Life, device: string) {
    this.#replica = replica
    this.#words = words
    this.#life = life
    this.#device = device
    this.#binding = new Binding(replica.doc, {
      editable: () => true,
      captureTimeoutMs: 0,
      after: (ms, f) => life.world.after(ms, f),
    })
    this.state = this.#binding.createState([])
    this.#binding.attach(this)
  }

  show(next: EditorState): void {
    this.state = next
  }

  /** Everything that is to be read, the title too. */
  get text(): string {
    return readTitle(this.#replica.doc) + bodyOf(this.#replica.doc).toString()
  }

  /** Null when the editor shows what the document says. */
  difference(): string | null {
    const drawn = render(this.#replica.doc)
    return drawn.eq(this.#binding.shown) ? null : `editor: ${this.#binding.shown}\nrender: ${drawn}`
  }

  leave(): void {
    this.#binding.destroy()
  }

  /** Does something that a person does; returns what it was. */
  act(chance: Chance, mayUndo: boolean): string {
    const deed = chance.oneOf(DEEDS as readonly string[])
    const before = this.text
    if (deed === "undo" || deed === "redo") {
      if (!mayUndo) return "nothing"
      this.#words.undone = true
      if (deed === "undo") this.#binding.undo()
      else this.#binding.redo()
    } else if (deed === "title") this.#retitle(chance)
    else {
      const tr = this.state.tr
      this.#change(deed, tr, chance)
      this.#binding.dispatch(tr)
    }
    const after = new Set(this.text)
    for (const character of before)
      if (!after.has(character)) this.#words.removed(character, this.#life, this.#device)
    return deed
  }

  #fresh(chance: Chance, length = chance.between(1, 5)): string {
    const typed = Array.from({ length }, () => this.#words.next(chance.often(0.2)))
    for (const character of typed) this.#words.typed(character, this.#life, this.#device)
    return typed.join("")
  }

  #retitle(chance: Chance): void {
    const title = [...readTitle(this.#replica.doc)]
    const at = chance.below(title.length + 1)
    const removed = chance.often(0.3) ? 1 : 0
    title.splice(at, removed, ...(title.length < 60 ? this.#fresh(chance) : ""))
    writeTitle(this.#replica.doc, title.join(""), VERB)
  }

  #change(deed: string, tr: Transaction, chance: Chance): void {
    const { doc } = tr
    const index = chance.below(doc.childCount)
    const start = startOf(doc, index)
    const block = doc.child(index)
    const at = whole(doc, start + 1 + chance.below(block.content.size + 1))
    const end = whole(doc, Math.min(start + 1 + block.content.size, at + chance.between(1, 6)))
    switch (deed) {
      case "type":
        tr.setSelection(TextSelection.create(doc, at)).insertText(this.#fresh(chance), at)
        return
      case "canary":
        tr.insertText(CANARY, at)
        return
      case "delete":
        tr.delete(at, end)
        return
      case "replace":
        tr.insertText(this.#fresh(chance), at, end)
        return
      case "split":
        tr.split(at)
        return
      case "join":
        if (index > 0) tr.join(start)
        return
      case "heading":
        tr.setNodeMarkup(start, chance.oneOf([schema.nodes.heading, schema.nodes.paragraph]), block.attrs)
        return
      case "list":
        tr.setNodeAttribute(start, "list", chance.oneOf(["bullet", "task", null]))
        return
      case "mark":
        tr.addMark(at, end, schema.mark("bold"))
        return
      case "unmark":
        tr.removeMark(at, end, schema.mark("bold"))
        return
      default:
        throw new Error(`no such deed: ${deed}`)
    }
  }
}

function startOf(doc: Node, index: number): number {
  let start = 0
  for (let before = 0; before < index; before++) start += doc.child(before).nodeSize
  return start
}

// The nearest place to the left that does not cut an emoji: a person's caret cannot stand inside one.
function whole(doc: Node, at: number): number {
  const place = doc.resolve(at)
  const text = place.parent.textBetween(0, place.parent.content.size)
  return cutsPair(text, place.parentOffset) ? at - 1 : at
}
