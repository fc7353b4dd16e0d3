// The laws of a note's place, in random runs of three people who edit and comment: what is carried along is what a
// fresh look finds, everybody finds the same, no living word of a note ever falls out of it, and none from outside
// comes in. LAWS_SEED and LAWS_RUNS repeat one run, or look where nobody has looked yet.
import * as prng from "lib0/prng"
import { expect, it, test } from "vitest"
import { idOf, type SessionId } from "../../src/bytes/ids"
import { schema } from "../../src/content/schema"
import { type Found, NotePlaces, noteAnchor } from "../../src/editor/note-places"
import { look, notes, notesOf, type ShownNote, showNotes } from "../../src/editor/notes"
import { noteId } from "../../src/records/note"
import { company, type Replica } from "./replica"

const STEPS = 50
const RUNS = Number(process.env["LAWS_RUNS"] ?? 40)
const SEED = Number(process.env["LAWS_SEED"] ?? 1)
const SESSION = idOf<SessionId>(new Uint8Array(16))

const people = (count: number) =>
  company(count, 1, binding => [
    notes({ blocks: binding.blocks, isHeld: () => binding.held !== null, onChange: () => undefined }),
  ])

/** Comments on a stretch of words as somebody sees them; everybody is shown it at once. */
class Margin {
  readonly notes: ShownNote[] = []
  /** Characters of each note, and those that stood around it, as they were when it was made. */
  readonly inside: ReadonlySet<string>[] = []
  readonly outside: ReadonlySet<string>[] = []

  add(by: Replica, everybody: readonly Replica[], from: number, to: number): void {
    const anchor = noteAnchor(by.binding.blocks, by.state.doc, from, to)
    const text = (a: number, b: number) => [...by.state.doc.textBetween(a, b, "", "")]
    this.inside.push(new Set(text(from, to)))
    this.outside.push(new Set([...text(0, from), ...text(to, by.state.doc.content.size)]))
    const id = noteId(SESSION, this.notes.length)
    this.notes.push({ id, anchor, change: null, colour: "moss", title: "", own: false })
    for (const replica of everybody) this.show(replica)
  }

  show(replica: Replica): void {
    replica.binding.dispatch(showNotes(replica.state, this.notes, null))
  }
}

const words = (replica: Replica, found: Found | undefined): string =>
  typeof found === "object" ? replica.state.doc.textBetween(found.from, found.to, "¶", "") : String(found)

function place(replica: Replica, margin: Margin, index: number): Found | undefined {
  const note = margin.notes[index]
  return note && notesOf(replica.state).found.get(note.id)
}

/** As the view does once the binding has written. */
function settle(replica: Replica): void {
  if (notesOf(replica.state).stale.size > 0) replica.binding.dispatch(look(replica.state))
}

function check(replica: Replica, margin: Margin, deleted: ReadonlySet<string>): void {
  settle(replica)
  const places = new NotePlaces(replica.binding.blocks, replica.state.doc)
  const here = new Set(replica.state.doc.textContent)
  margin.notes.forEach((note, index) => {
    const found = place(replica, margin, index)
    expect(found, `what is carried of ${note.anchor.quote}`).toEqual(places.find(note.anchor))
    if (found === "unknown") return
    const shown = new Set(words(replica, found === "gone" ? { from: 1, to: 1 } : found))
    for (const character of margin.inside[index] ?? [])
      if (here.has(character) && !deleted.has(character))
        expect(shown.has(character), `${character} of ${note.anchor.quote} in ${[...shown].join("")}`).toBe(
          true,
        )
    for (const character of margin.outside[index] ?? [])
      if (!deleted.has(character)) expect(shown.has(character), `${character} came into a note`).toBe(false)
  })
}

function run(seed: number): void {
  const chance = prng.create(seed)
  const below = (count: number) => (count <= 0 ? 0 : prng.int32(chance, 0, count - 1))
  const { replicas, deliver } = people(3)
  const [first] = replicas
  if (!first) throw new Error("nobody is here")
  let typed = 0
  const fresh = () => String.fromCodePoint(0x4e00 + ++typed) // each character is its own name
  const deleted = new Set<string>()
  const margin = new Margin()
  first.edit(tr =>
    tr.replaceWith(
      0,
      tr.doc.content.size,
      Array.from({ length: 3 }, () =>
        schema.node("paragraph", null, [schema.text(Array.from({ length: 6 }, fresh).join(""))]),
      ),
    ),
  )
  deliver()
  for (let step = 0; step < STEPS; step++) {
    const replica = prng.oneOf(chance, replicas)
    const { doc } = replica.state
    const index = below(doc.childCount)
    const block = doc.child(index)
    let start = 1
    for (let i = 0; i < index; i++) start += doc.child(i).nodeSize
    const at = start + below(block.content.size + 1)
    const end = Math.min(at + below(4), start + block.content.size)
    switch (below(9)) {
      case 0:
      case 1:
        replica.edit(tr => tr.insertText(fresh(), at))
        break
      case 2:
        for (const character of doc.textBetween(at, end)) deleted.add(character)
        if (at < end) replica.edit(tr => tr.delete(at, end))
        break
      case 3:
        if (block.isTextblock) replica.edit(tr => tr.split(at))
        break
      case 4:
        if (index > 0) replica.edit(tr => tr.join(start - 1))
        break
      case 5:
        replica.edit(tr => tr.setNodeMarkup(start - 1, schema.nodes.heading, { level: 1 + below(3) }))
        break
      case 6: {
        const to = Math.min(at + 1 + below(9), doc.content.size - 1)
        if (at < to && doc.resolve(to).parent.isTextblock && doc.textBetween(at, to) !== "")
          margin.add(replica, replicas, at, to)
        break
      }
      case 7:
        if (below(2) === 0) replica.binding.undo()
        else replica.edit(tr => tr.replaceWith(at, end, schema.text(fresh())))
        for (const character of doc.textBetween(at, end)) deleted.add(character)
        break
      default:
        while (replica.receive(count => below(count)));
    }
    // What was undone comes and goes by other names: the quote speaks for it, and these laws do not.
    for (const character of doc.textContent)
      if (!replica.state.doc.textContent.includes(character)) deleted.add(character)
    check(replica, margin, deleted)
  }
  deliver()
  for (const replica of replicas) check(replica, margin, deleted)
  const seen = replicas.map(replica =>
    margin.notes.map((_, index) => words(replica, place(replica, margin, index))),
  )
  for (const others of seen) expect(others).toEqual(seen[0])
}

it(`keeps the laws of a note's place in ${RUNS} random runs of ${STEPS} steps`, () => {
  console.info(`laws of notes: LAWS_SEED=${SEED} LAWS_RUNS=${RUNS}`)
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    try {
      run(seed)
    } catch (error) {
      throw new Error(`LAWS_SEED=${seed} LAWS_RUNS=1`, { cause: error })
    }
  }
})

const begin = (text: string) => {
  const { replicas, deliver } = people(2)
  const [a, b] = replicas
  if (!a || !b) throw new Error("two people were asked for")
  a.edit(tr => tr.insertText(text, 1))
  a.binding.undoManager.clear()
  deliver()
  const margin = new Margin()
  const from = text.indexOf("quick")
  margin.add(a, replicas, from + 1, from + 1 + "quick".length)
  const now = (replica: Replica) => {
    settle(replica)
    return words(replica, place(replica, margin, 0))
  }
  return { a, b, deliver, now, at: from + 1 }
}

test("a note on words that somebody deleted is about removed words, and finds them again when that is undone", () => {
  const { a, b, deliver, now, at } = begin("the quick fox")
  b.edit(tr => tr.delete(at - 1, at + 6))
  expect(now(b)).toBe("gone")
  deliver()
  expect(now(a)).toBe("gone")
  b.binding.undo()
  deliver()
  expect([now(a), now(b)]).toEqual(["quick", "quick"])
})

test("the same word elsewhere in the paragraph is not taken for it", () => {
  const { a, b, deliver, now, at } = begin("the quick fox is quick")
  a.edit(tr => tr.delete(at, at + 6))
  deliver()
  expect([now(a), now(b)]).toEqual(["gone", "gone"])
})

test("a block that is split in the words, joined and retitled keeps its note", () => {
  const { a, b, deliver, now, at } = begin("the quick fox")
  b.edit(tr => tr.split(at + 2))
  a.edit(tr => tr.setNodeMarkup(0, schema.nodes.heading, { level: 2 }))
  deliver()
  expect([now(a), now(b)]).toEqual(["qu¶ick", "qu¶ick"])
  a.edit(tr => tr.join(at + 3))
  deliver()
  expect([now(a), now(b)]).toEqual(["quick", "quick"])
})

test("a note on words that have not arrived yet waits for them", () => {
  const { replicas } = people(2)
  const [a, b] = replicas
  if (!a || !b) throw new Error("two people were asked for")
  const margin = new Margin()
  a.edit(tr => tr.insertText("words", 1))
  margin.add(a, replicas, 1, 6)
  expect(place(b, margin, 0)).toBe("unknown")
  while (b.receive(() => 0));
  settle(b)
  expect(words(b, place(b, margin, 0))).toBe("words")
})
