// Finding words, and putting others in their place. What is found is kept as places that move with the text; after a
// change only the blocks that it touched are looked at again, and the first look at a long document goes on between
// the keys. Letters are compared as a reader would: case and accents do not matter unless they are asked for.
import type { Node } from "prosemirror-model"
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state"
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view"

export interface FindQuery {
  readonly text: string
  readonly matchCase: boolean
  readonly wholeWord: boolean
}

/** How the search stands, for whoever shows it. */
export interface Found {
  readonly query: FindQuery
  /** How many places there are so far. */
  readonly count: number
  /** Which of them is the one, counted from 1; 0: none yet. */
  readonly current: number
  /** Whether all of the document has been looked at. */
  readonly done: boolean
}

interface Match {
  readonly from: number
  readonly to: number
}

interface State {
  readonly query: FindQuery
  /** In order. */
  readonly matches: readonly Match[]
  readonly current: number
  /** Up to here the document has been looked at. */
  readonly reached: number
  readonly shown: DecorationSet
}

const key = new PluginKey<State | null>("find")
/** Beyond this it is no search any more. */
const MATCHES_MAX = 10_000
const SLICE_BLOCKS = 400
const PAUSE_MS = 12

type Told =
  | { readonly kind: "query"; readonly query: FindQuery | null }
  | { readonly kind: "more"; readonly matches: readonly Match[]; readonly reached: number }
  | { readonly kind: "current"; readonly current: number }

export class Find {
  readonly plugin: Plugin<State | null>
  /** Told whenever what is found changes; null: no search is on. */
  onFound: (found: Found | null) => void = () => undefined

  constructor() {
    this.plugin = new Plugin<State | null>({
      key,
      state: { init: () => null, apply: (tr, before, _old, state) => next(tr, before, state.doc) },
      props: { decorations: state => key.getState(state)?.shown ?? null },
      view: view => {
        let timer = 0
        const look = () => {
          timer = 0
          const found = key.getState(view.state)
          if (found == null || found.reached >= view.state.doc.content.size) return
          const { from, to } = sliceFrom(view.state.doc, found.reached)
          const more: Told = {
            kind: "more",
            matches: matchesIn(view.state.doc, from, to, found.query),
            reached: to,
          }
          view.dispatch(view.state.tr.setMeta(key, more))
        }
        return {
          update: (_view, before) => {
            const found = key.getState(view.state) ?? null
            if (found !== (key.getState(before) ?? null))
              this.onFound(found === null ? null : told(found, view.state))
            const more = found !== null && found.reached < view.state.doc.content.size
            if (more && timer === 0) timer = window.setTimeout(look, PAUSE_MS)
          },
          destroy: () => clearTimeout(timer),
        }
      },
    })
  }

  /** Begins a search, changes what is searched for, or (null) ends it. */
  search(view: EditorView, query: FindQuery | null): void {
    const wanted: Told = { kind: "query", query: query === null || query.text === "" ? null : query }
    view.dispatch(view.state.tr.setMeta(key, wanted))
    if (key.getState(view.state)?.current === 0) this.step(view, 1)
    if (wanted.query === null) this.onFound(null)
  }

  /** To the next place or the one before, round the ends; the page goes there, the focus stays where it is. */
  step(view: EditorView, by: -1 | 1): void {
    const found = key.getState(view.state)
    if (found == null || found.matches.length === 0) return
    const { matches } = found
    const { from, to } = view.state.selection
    let index = found.current - 1 + by
    if (found.current === 0) {
      const after = matches.findIndex(match => match.from >= from)
      index = by > 0 ? (after === -1 ? 0 : after) : matches.filter(match => match.to <= to).length - 1
    }
    const at = (index + matches.length) % matches.length
    const match = matches[at]
    if (match === undefined) return
    view.dispatch(
      view.state.tr
        .setSelection(TextSelection.create(view.state.doc, match.from, match.to))
        .setMeta(key, { kind: "current", current: at + 1 } satisfies Told)
        .scrollIntoView(),
    )
  }

  /** Puts other words in the place that is current, and goes to the next. */
  replace(view: EditorView, text: string): void {
    const found = key.getState(view.state)
    const match = found?.matches[(found.current || 1) - 1]
    if (match === undefined) return
    view.dispatch(put(view.state.tr, match, text).setMeta("uiEvent", "replace"))
    this.step(view, 1)
  }

  /** Puts other words in all places, as one step of undo; how many there were. */
  replaceAll(view: EditorView, text: string): number {
    const found = key.getState(view.state)
    if (found == null) return 0
    // What has not been looked at yet is looked at now.
    const rest = matchesIn(view.state.doc, found.reached, view.state.doc.content.size, found.query)
    const matches = [...found.matches, ...rest]
    const { tr } = view.state
    for (const match of matches.reverse()) put(tr, match, text)
    if (tr.docChanged) view.dispatch(tr.setMeta("uiEvent", "replace"))
    return matches.length
  }
}

function put(tr: Transaction, { from, to }: Match, text: string): Transaction {
  if (text === "") return tr.delete(from, to)
  const marks = tr.doc.resolve(from).marksAcross(tr.doc.resolve(to)) ?? []
  return tr.replaceWith(from, to, tr.doc.type.schema.text(text, marks))
}

function told({ query, matches, current, reached }: State, { doc }: EditorState): Found {
  return {
    query,
    count: matches.length,
    current,
    done: reached >= doc.content.size || matches.length >= MATCHES_MAX,
  }
}

function next(tr: Transaction, before: State | null, doc: Node): State | null {
  const meta: Told | undefined = tr.getMeta(key)
  if (meta?.kind === "query") return meta.query === null ? null : begin(doc, meta.query)
  if (before === null) return null
  const moved = tr.docChanged ? follow(tr, before, doc) : before
  if (meta?.kind === "current") return withCurrent(moved, doc, meta.current)
  if (meta?.kind !== "more") return moved
  const matches = [...moved.matches, ...meta.matches].slice(0, MATCHES_MAX)
  const shown = moved.shown.add(
    doc,
    meta.matches.map(match => drawn(match, false)),
  )
  const reached = matches.length >= MATCHES_MAX ? doc.content.size : meta.reached
  return { ...moved, matches, reached, shown }
}

function begin(doc: Node, query: FindQuery): State {
  const { from, to } = sliceFrom(doc, 0)
  const matches = matchesIn(doc, from, to, query)
  const shown = DecorationSet.create(
    doc,
    matches.map(match => drawn(match, false)),
  )
  return { query, matches, current: 0, reached: to, shown }
}

/** Places go with the text; those in the blocks that changed are looked for again. */
function follow(tr: Transaction, before: State, doc: Node): State {
  const changed = touched(tr, doc)
  const reached = Math.min(doc.content.size, tr.mapping.map(before.reached))
  if (changed === null) return { ...before, reached, shown: before.shown.map(tr.mapping, doc) }
  const [from, to] = changed
  const kept = before.matches
    .map(match => ({ from: tr.mapping.map(match.from, 1), to: tr.mapping.map(match.to, -1) }))
    .filter(match => match.from < match.to && (match.to < from || match.from > to))
  const fresh = from < reached ? matchesIn(doc, from, Math.min(to, reached), before.query) : []
  const matches = [...kept, ...fresh].sort((a, b) => a.from - b.from)
  const mapped = before.shown.map(tr.mapping, doc)
  const shown = mapped.remove(mapped.find(from, to)).add(
    doc,
    fresh.map(match => drawn(match, false)),
  )
  return { ...before, matches, reached, shown, current: Math.min(before.current, matches.length) }
}

/** The blocks that a transaction touched, from edge to edge; null: none. */
function touched(tr: Transaction, doc: Node): [from: number, to: number] | null {
  let [from, to] = [Number.POSITIVE_INFINITY, -1]
  for (const [index, map] of tr.mapping.maps.entries()) {
    const rest = tr.mapping.slice(index + 1)
    map.forEach((_from, _to, start, end) => {
      from = Math.min(from, rest.map(start, -1))
      to = Math.max(to, rest.map(end, 1))
    })
  }
  if (to < 0) return null
  const first = doc.childAfter(Math.min(from, Math.max(0, doc.content.size - 1)))
  const last = doc.childAfter(Math.min(to, Math.max(0, doc.content.size - 1)))
  return [first.offset, last.offset + (last.node?.nodeSize ?? 0)]
}

function withCurrent(state: State, doc: Node, current: number): State {
  const [old, now] = [state.matches[state.current - 1], state.matches[current - 1]]
  let { shown } = state
  for (const [match, isCurrent] of [
    [old, false],
    [now, true],
  ] as const) {
    if (match === undefined) continue
    shown = shown.remove(shown.find(match.from, match.to, spec => spec["of"] === match.from))
    shown = shown.remove(shown.find(match.from, match.to)).add(doc, [drawn(match, isCurrent)])
  }
  return { ...state, current, shown }
}

function drawn({ from, to }: Match, isCurrent: boolean): Decoration {
  return Decoration.inline(from, to, { class: isCurrent ? "is-found is-current" : "is-found" })
}

/** The next few blocks from a place on. */
function sliceFrom(doc: Node, from: number): { from: number; to: number } {
  if (from >= doc.content.size) return { from, to: doc.content.size }
  let { index, offset: to } = doc.childAfter(from)
  for (const end = Math.min(doc.childCount, index + SLICE_BLOCKS); index < end; index++)
    to += doc.child(index).nodeSize
  return { from, to }
}

function matchesIn(doc: Node, from: number, to: number, query: FindQuery): Match[] {
  const matches: Match[] = []
  const wanted = folded(query.text, query.matchCase).text
  if (from >= to || wanted === "") return matches
  doc.nodesBetween(from, to, (node, start) => {
    if (!node.isTextblock) return true
    const line = node.textBetween(0, node.content.size, "\n", "\uFFFC")
    const { text, at } = folded(line, query.matchCase)
    for (
      let found = text.indexOf(wanted);
      found !== -1;
      found = text.indexOf(wanted, found + wanted.length)
    ) {
      const [a, b] = [at(found), at(found + wanted.length)]
      if (query.wholeWord && !isWhole(line, a, b)) continue
      matches.push({ from: start + 1 + a, to: start + 1 + b })
    }
    return false
  })
  return matches
}

/**
 * A line without accents and, unless it matters, without case; and where in the line a place of it is.
 */
function folded(line: string, matchCase: boolean): { text: string; at: (place: number) => number } {
  const cased = matchCase ? line : line.toLowerCase()
  // Most lines have neither: then the places are the same.
  if (!/[^ -~\s]/.test(cased) && cased.length === line.length) return { text: cased, at: place => place }
  let text = ""
  const places: number[] = []
  let offset = 0
  for (const character of line) {
    const plain = (matchCase ? character : character.toLowerCase()).normalize("NFD").replace(/\p{M}/gu, "")
    for (let i = 0; i < plain.length; i++) places.push(offset)
    text += plain
    offset += character.length
  }
  // An accent that stands after its letter belongs to it.
  return { text, at: place => places[place] ?? line.length }
}

const WORD = /[\p{L}\p{N}\p{M}_]/u

function isWhole(line: string, from: number, to: number): boolean {
  const before = [...line.slice(Math.max(0, from - 2), from)].at(-1) ?? " "
  const after = [...line.slice(to, to + 2)][0] ?? " "
  return !WORD.test(before) && !WORD.test(after)
}
