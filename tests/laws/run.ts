// One random run: three people do what people do to a document, hear of one another late and out of turn, and
// in the end of everything. The laws are checked on the way; a broken one is an error that tells the steps.
import * as prng from "lib0/prng"
import type { Node, Slice } from "prosemirror-model"
import { TextSelection, type Transaction } from "prosemirror-state"
import * as Y from "yjs"
import { bodyOf } from "../../src/content/document"
import { render } from "../../src/content/render"
import { schema } from "../../src/content/schema"
import { cutsPair } from "../../src/content/words"
import { crossesTable, deleteRange } from "../../src/editor/delete"
import { company, type Replica } from "./replica"
import {
  anyCell,
  changeColumns,
  changeRows,
  insertTable,
  isInTable,
  lostIn,
  placeInTable,
  tableIsGone,
} from "./tables"

/** What one step did, for the story of a failing run. */
export type Story = string[]

/** References of two pictures; nobody here has their bytes. */
const PICTURES = ["A", "B"].map(letter => `${letter.repeat(42)}A.${"A".repeat(43)}`)

const DEEDS = [
  ...[
    "type",
    "type",
    "type",
    "type",
    "delete",
    "delete",
    "split",
    "split",
    "join",
    "join",
    "retitle",
    "quote",
  ],
  ...["list", "indent", "tick", "mark", "mark", "unmark", "link", "cut", "paste", "move", "replace"],
  ...["table", "row", "row", "column", "column", "cell", "cell", "cell", "untable"],
  ...["undo", "undo", "redo", "compose", "hear", "hear", "hear", "hear"],
] as const
type Deed = (typeof DEEDS)[number]

/** Deeds that leave every word where it is: not one character is taken out or put in, here or in the text. */
const WORDLESS: ReadonlySet<Deed> = new Set([
  "split",
  "join",
  "retitle",
  "quote",
  "list",
  "indent",
  "tick",
  "mark",
  "unmark",
  "link",
])

/** Deeds of menus, which nobody opens while composing a word. */
const TABLE_DEEDS: ReadonlySet<Deed> = new Set(["table", "untable", "row", "column"])

export function run(seed: number, steps: number, story: Story): void {
  const chance = prng.create(seed)
  const below = (count: number) => (count <= 0 ? -1 : prng.int32(chance, 0, count - 1))
  const { replicas, deliver } = company(3)
  const clips = new Map<Replica, Slice>()
  const typedBy = new Map<string, Replica>() // every character is typed once in a run, so it is its own name
  const gone = new Set<string>() // somebody took it out, or it was copied: it owes us nothing any more
  const next: { count: number } = { count: 0 }
  let untabled = false // a table became a paragraph, and may become one again
  const tableOf = new Map<string, Y.ID>() // a character that was typed into a cell, and the marker of its table
  const order = new Map<string, string>() // a typed character, and the one it was typed after

  const [opening] = replicas
  if (opening !== undefined && below(4) > 0) {
    // Most runs begin with a document that everybody has.
    opening.edit(tr => {
      const blocks = Array.from({ length: 2 + below(4) }, () => {
        const words = Array.from({ length: below(6) }, () =>
          String.fromCodePoint(0x4e00 + ++next.count),
        ).join("")
        for (const character of words) typedBy.set(character, opening)
        return schema.node("paragraph", null, words === "" ? [] : [schema.text(words)])
      })
      tr.replaceWith(0, tr.doc.content.size, blocks)
    })
    deliver()
  }

  for (let step = 0; step < steps; step++) {
    const replica = prng.oneOf(chance, replicas)
    const deed = prng.oneOf(chance, [...DEEDS])
    const before = [...replica.text, ...lostIn(replica).join("")]
    replica.takeWritten()
    story.push(`${step}: ${replicas.indexOf(replica)} ${deed} ${act(replica, deed)}`)
    const wrong = replica.difference()
    if (wrong !== null) throw new Error(`the editor does not show what the document says\n${wrong}`)
    if (deed === "hear" || deed === "compose") continue
    const after = new Set([...replica.text, ...lostIn(replica).join("")])
    for (const character of before) {
      if (after.has(character) || gone.has(character) || character === "¶" || character === "\n") continue
      if (WORDLESS.has(deed)) throw new Error(`${deed} took out ${character}`)
      if ((deed === "undo" || deed === "redo") && typedBy.get(character) !== replica)
        throw new Error(`${deed} took out ${character}, which somebody else typed`)
      gone.add(character)
    }
    if (WORDLESS.has(deed))
      for (const update of replica.takeWritten())
        if (
          Y.decodeUpdate(update).structs.some(
            struct => struct instanceof Y.Item && struct.content instanceof Y.ContentString,
          )
        )
          throw new Error(`${deed} wrote words`)
  }

  story.push("everyone hears everything")
  deliver()
  for (const replica of replicas) replica.finishWord()
  const [first] = replicas
  if (first === undefined) throw new Error("there are three replicas")
  for (const replica of replicas) {
    const wrong = replica.difference()
    if (wrong !== null)
      throw new Error(`in the end the editor does not show what the document says\n${wrong}`)
    if (!replica.state.doc.eq(first.state.doc))
      throw new Error(`documents differ\n${first.state.doc}\n${replica.state.doc}`)
    if (replica.uncalled > 0) throw new Error("something was written that nobody did")
    if (replica.text.includes("\uFFFD")) throw new Error("an emoji was cut in two")
  }
  const text = new Set(first.text)
  for (const lost of lostIn(first)) for (const character of lost) text.add(character)
  for (const character of typedBy.keys())
    if (!gone.has(character) && !text.has(character) && !tableIsGone(first, tableOf.get(character)))
      throw new Error(`${character} is lost`)
  const places = new Map([...first.text].map((character, place) => [character, place]))
  for (const [character, left] of order) {
    const [a, b] = [places.get(left), places.get(character)]
    if (a === undefined || b === undefined || gone.has(left) || gone.has(character)) continue
    if (a >= b) throw new Error(`${character} was typed after ${left} and stands before it`)
  }
  openingWritesNothing(first)

  function act(replica: Replica, deed: Deed): string {
    // While a word is composed, the editor shows an older document than the text's; so do its blocks.
    const doc = replica.state.doc
    const block = below(doc.childCount)
    const start = startOf(doc, block)
    const node = doc.child(block)
    switch (deed) {
      case "hear": {
        const caret = placeIn(doc, start, node)
        replica.edit(tr => tr.setSelection(TextSelection.create(tr.doc, caret)))
        let heard = 0
        for (let wanted = 1 + below(4); heard < wanted; heard++) {
          const [left, inCell] = [leftOf(replica), isInCell(replica)]
          if (!replica.receive(below)) break
          caretKept(replica, left, inCell)
        }
        return String(heard)
      }
      case "compose": {
        const [left, inCell] = [leftOf(replica), isInCell(replica)]
        if (replica.inWord) replica.finishWord()
        else replica.inWord = true
        caretKept(replica, left, inCell)
        return replica.inWord ? "begins" : "ends"
      }
      case "undo":
        return String(replica.binding.undo())
      case "redo":
        return String(replica.binding.redo())
      default: {
        let told = ""
        replica.edit(tr => {
          told = change(replica, deed, tr, block, start, node)
        })
        return told
      }
    }
  }

  function change(
    replica: Replica,
    deed: Exclude<Deed, "hear" | "compose" | "undo" | "redo">,
    tr: Transaction,
    block: number,
    start: number,
    node: Node,
  ): string {
    const doc = tr.doc
    if (replica.inWord && TABLE_DEEDS.has(deed)) return "nothing in the middle of a word"
    const set = (attributes: Record<string, unknown>) => {
      for (const [key, value] of Object.entries(attributes)) tr.setNodeAttribute(start, key, value)
      return `${block} ${JSON.stringify(attributes)}`
    }
    switch (deed) {
      case "type": {
        const at = placeIn(doc, start, node)
        const words = Array.from({ length: 1 + below(4) }, fresh).join("")
        let left = doc.resolve(at).nodeBefore?.text?.match(/.$/u)?.[0] ?? "\n"
        for (const character of words) {
          if (character !== "\n") typedBy.set(character, replica)
          if (character !== "\n" && left !== "\n") order.set(character, left)
          left = character
        }
        noteTable(replica, doc, at, words)
        tr.insertText(words, at)
        return `${JSON.stringify(words)} at ${at}`
      }
      case "delete":
      case "replace": {
        const [from, to] = range(doc)
        if (deed === "delete") deleteRange(tr, from, to)
        else {
          const word = fresh()
          if (word !== "\n") typedBy.set(word, replica)
          noteTable(replica, doc, from, word)
          if (crossesTable(doc, from, to)) {
            deleteRange(tr, from, to)
            tr.insertText(word, TextSelection.near(tr.doc.resolve(Math.min(from, tr.doc.content.size))).from)
          } else tr.insertText(word, from, to)
        }
        return `${from}–${to}`
      }
      case "split": {
        const at = placeIn(doc, start, node)
        if (doc.resolve(at).depth > 1) return "nothing in a table"
        const plain = below(3) === 0
        tr.split(at, 1, plain ? [{ type: schema.nodes.paragraph }] : undefined)
        return `at ${at}${plain ? " plain" : ""}`
      }
      case "join": {
        if (block === 0 || !node.isTextblock || !doc.child(block - 1).isTextblock) return "nothing"
        tr.join(start)
        return `at ${start}`
      }
      case "retitle": {
        const kind = prng.oneOf(chance, ["paragraph", "heading", "image", "code_block", "divider"] as const)
        if (!node.isTextblock) return "nothing"
        const number = kind === "heading" || kind === "image" ? below(3) : 0
        const special =
          kind === "image"
            ? { blob: PICTURES[number % 2], width: 640, height: 480, alt: [null, "", "a barn"][number] }
            : { level: 1 + number }
        tr.setNodeMarkup(start, schema.nodes[kind], { ...node.attrs, ...special })
        return `${block} ${kind}`
      }
      case "quote":
        return set({ in: node.attrs["in"] === null ? "quote" : null })
      case "list":
        return set({ list: prng.oneOf(chance, ["bullet", "ordered", "task", null]) })
      case "indent":
        return set({ indent: below(4), ...(below(2) === 0 ? { list: "bullet" } : {}) })
      case "tick":
        return set({ list: "task", checked: node.attrs["checked"] !== true })
      case "mark":
      case "unmark": {
        const [from, to] = range(doc)
        const mark = schema.mark(prng.oneOf(chance, ["bold", "italic", "code"] as const))
        if (deed === "mark") tr.addMark(from, to, mark)
        else tr.removeMark(from, to, mark)
        return `${mark.type.name} ${from}–${to}`
      }
      case "link": {
        const [from, to] = range(doc)
        tr.addMark(from, to, schema.mark("link", { href: `https://example.org/${below(3)}` }))
        return `${from}–${to}`
      }
      case "untable": {
        if (node.isTextblock) return "nothing"
        untabled = true
        // The table is emptied; what others write in it meanwhile is offered back.
        tr.replaceWith(start, start + node.nodeSize, schema.node("paragraph"))
        return `${block}`
      }
      case "table":
        return insertTable(tr, start, below)
      case "row":
        return changeRows(tr, below, next)
      case "column":
        return changeColumns(tr, below, next)
      case "cell": {
        const at = anyCell(doc, below)
        if (at === null) return "nothing"
        const words = fresh()
        if (words !== "\n") typedBy.set(words, replica)
        noteTable(replica, doc, at, words)
        tr.insertText(words, whole(doc, at))
        return `${JSON.stringify(words)} at ${at}`
      }
      case "cut": {
        const [from, to] = range(doc)
        clips.set(replica, doc.slice(from, to))
        deleteRange(tr, from, to)
        return `${from}–${to}`
      }
      case "paste": {
        const clip = clips.get(replica)
        if (clip === undefined) return "nothing"
        for (const character of clip.content.textBetween(0, clip.content.size, "¶")) gone.add(character)
        const at = placeIn(doc, start, node)
        tr.replaceRange(at, at, clip)
        return `${clip} at ${at}`
      }
      case "move": {
        if (block === 0) return "nothing"
        for (const character of node.textBetween(0, node.content.size)) gone.add(character)
        const target = startOf(doc, block - 1)
        tr.delete(start, start + node.nodeSize).insert(target, node)
        return `${block} up`
      }
      default: {
        const impossible: never = deed
        throw new Error(`no such deed: ${String(impossible)}`)
      }
    }
  }

  /** A character that was never taken out nor copied keeps the caret that stood after it. */
  function caretKept(replica: Replica, left: string | null, wasInCell: boolean): void {
    if (left === null || gone.has(left) || !replica.text.includes(left) || leftOf(replica) === left) return
    // Words that others brought into a table, or out of it, are drawn anew.
    if (wasInCell && untabled) return
    if (wasInCell !== isInTable(replica, left, "table_cell") || isInTable(replica, left, "table_caption"))
      return
    throw new Error(
      `the caret stood after ${left}, now after ${leftOf(replica) ?? "nothing"}: ${replica.state.doc}`,
    )
  }

  function isInCell(replica: Replica): boolean {
    return replica.state.selection.$head.parent.type.name === "table_cell"
  }

  /** The character before the caret; null at the start of a line. */
  function leftOf(replica: Replica): string | null {
    const { $head } = replica.state.selection
    if ($head.parent.type.name === "table_caption") return null
    return $head.nodeBefore?.text?.match(/.$/u)?.[0] ?? null
  }

  /** A character nobody typed before in this run: of one unit, of two, or a line break. */
  function fresh(): string {
    next.count++
    if (below(12) === 0) return "\n"
    return String.fromCodePoint((below(4) === 0 ? 0x20000 : 0x4e00) + next.count)
  }

  function noteTable(replica: Replica, doc: Node, at: number, words: string): void {
    const { node, index } = doc.childAfter(at)
    const marker = node?.type.name === "table" ? replica.binding.blocks.list[index]?.marker : null
    if (marker != null) for (const character of words) tableOf.set(character, marker.id)
  }

  function placeIn(doc: Node, start: number, node: Node): number {
    if (!node.isTextblock) return whole(doc, placeInTable(doc, start, node, below))
    return whole(doc, start + 1 + below(node.content.size + 1))
  }

  function range(doc: Node): [number, number] {
    const a = anyPlace(doc)
    const b = below(3) === 0 ? anyPlace(doc) : whole(doc, Math.min(doc.resolve(a).end(), a + below(7)))
    return a < b ? [a, b] : [b, a]
  }

  function anyPlace(doc: Node): number {
    const block = below(doc.childCount)
    return placeIn(doc, startOf(doc, block), doc.child(block))
  }
}

/** The nearest place to the left that does not cut an emoji: a person's caret cannot stand inside one. */
function whole(doc: Node, at: number): number {
  const place = doc.resolve(at)
  const text = place.parent.textBetween(0, place.parent.content.size)
  return cutsPair(text, place.parentOffset) ? at - 1 : at
}

function startOf(doc: Node, block: number): number {
  let start = 0
  for (let i = 0; i < block; i++) start += doc.child(i).nodeSize
  return start
}

function openingWritesNothing(replica: Replica): void {
  const { replicas } = company(1, 99)
  const [newcomer] = replicas
  if (newcomer === undefined) throw new Error("there is a newcomer")
  Y.applyUpdate(newcomer.doc, Y.encodeStateAsUpdate(replica.doc), "arrived")
  const written: unknown[] = []
  newcomer.doc.on("update", update => written.push(update))
  render(newcomer.doc)
  if (written.length > 0 || newcomer.uncalled > 0) throw new Error("opening a document wrote to it")
  if (!newcomer.state.doc.eq(replica.state.doc)) throw new Error("a newcomer sees another document")
  if (bodyOf(newcomer.doc).length !== bodyOf(replica.doc).length)
    throw new Error("a newcomer has another text")
}
