// What is compared: an editor with a way to store a document and open it again, and somebody else who types. The words
// are the same for all. Runs in the page.

import { type EditorState, Plugin } from "prosemirror-state"
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view"

export interface Subject {
  /** Writes a document of so many paragraphs into this browser's storage, where it stays. */
  fill(paragraphs: readonly string[]): Promise<void>
  /** Opens what was stored, from its bytes, into `place`, which is empty. */
  open(place: HTMLElement): Promise<Opened>
}

export interface Opened {
  readonly view: EditorView
  /** Somebody else has typed one character into a block; the function returned makes it arrive here. */
  typedElsewhere(block: number): () => void
  /** So many comments stand in the document, as this editor draws them; absent: as a set of decorations. */
  addAnchors?(count: number): void
  /** So many others have their carets in the document, evenly spread. */
  showCarets(count: number): void
}

const VOCABULARY =
  "the of and a to in we is that for it on with as was be this by at from our or which have an they not are but had her his were all there when who more if no out so up said what its about than into them can only other time new some could these two may first then do any like my now over such made after also did many must before between each because those where much own well down should good state year under through most".split(
    " ",
  )

/** Paragraphs of forty words: the same for everybody who asks for as many. */
export function paragraphs(count: number): string[] {
  let seed = 20_260_101
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: 40 }, () => VOCABULARY[next(VOCABULARY.length)])
    return `${words.join(" ")}.`
  })
}

/** Where the words of so many comments are, evenly spread. */
export function anchorRanges(size: number, count: number): { from: number; to: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * size) / count) + 2
    return { from, to: from + 12 }
  })
}

/** A state with so many short underlinings, as comments are drawn: they map through every change. */
export function withAnchors(state: EditorState, count: number): EditorState {
  const plugin: Plugin<DecorationSet> = new Plugin<DecorationSet>({
    state: {
      init: (_config, { doc }) => {
        const ranges = anchorRanges(doc.content.size, count)
        return DecorationSet.create(
          doc,
          ranges.map(({ from, to }) => Decoration.inline(from, to, { class: "anchored" })),
        )
      },
      apply: (tr, anchors) => anchors.map(tr.mapping, tr.doc),
    },
    props: { decorations: state => plugin.getState(state) },
  })
  return state.reconfigure({ plugins: [...state.plugins, plugin] })
}
