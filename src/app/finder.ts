// Full-text search: an index of every document's words on this device, and the places in a text that answer a query.
// It runs in a worker (search-worker.ts) and knows neither a document nor a disk. Words are compared without accents,
// case, Arabic harakat and Hebrew niqqud, and scripts that are written without spaces are cut into words as their
// language does (Intl.Segmenter, UAX 29): who types "canco" finds "Cançó", who types "議事" finds "議事録".
import MiniSearch, { type Query } from "minisearch"
import type { Hit, Match } from "./model"

/** A document as it is searched. `text`: its blocks, a line each. */
export interface Searchable {
  readonly id: string
  readonly title: string
  readonly text: string
}

/** What answers a query: ids, the best first, each with the folded words of the index that matched in it. */
export interface Answer {
  readonly id: string
  readonly words: readonly string[]
}

/** A longer query says no more; it is cut. */
const QUERY_LENGTH_MAX = 200
const EXCERPT_LENGTH = 160
/** Words before the first match that an excerpt begins with. */
const LEAD_LENGTH = 40
/** The beginning of a word finds it from this length on. */
const PREFIX_LENGTH_MIN = 3
/** A typing error is forgiven in words of this length and longer. */
const FUZZY_LENGTH_MIN = 5

export class Finder {
  readonly #index = new MiniSearch<Searchable>({
    fields: ["title", "text"],
    tokenize: text => tokensOf(text).map(({ word }) => word),
    processTerm: word => word,
    autoVacuum: { minDirtFactor: 0.1, minDirtCount: 50, batchSize: 200, batchWait: 10 },
  })

  /** How many documents it holds. */
  get size(): number {
    return this.#index.documentCount
  }

  has(id: string): boolean {
    return this.#index.has(id)
  }

  /** Adds a document, or puts its words in place of those it had. */
  put(document: Searchable): void {
    if (this.#index.has(document.id)) this.#index.replace(document)
    else this.#index.add(document)
  }

  remove(id: string): void {
    if (this.#index.has(id)) this.#index.discard(id)
  }

  /** Documents that hold every word of the query; its last word may be only begun. Empty for an empty query. */
  find(query: string): Answer[] {
    const words = tokensOf(query.slice(0, QUERY_LENGTH_MAX)).map(({ word }) => word)
    const last = words.pop()
    if (last === undefined) return []
    const found = this.#index.search(
      { combineWith: "AND", queries: [...words, this.#begun(last)] },
      { fuzzy: word => (word.length >= FUZZY_LENGTH_MIN ? 1 : false), boost: { title: 3 } },
    )
    return found.map(({ id, terms }) => ({ id: String(id), words: terms }))
  }

  // A letter or two begin thousands of words: those are looked for in titles alone, until one more is typed.
  #begun(word: string): Query {
    if (word.length >= PREFIX_LENGTH_MIN || UNSPACED.test(word)) return { queries: [word], prefix: true }
    return { combineWith: "OR", queries: [word, { queries: [word], prefix: true, fields: ["title"] }] }
  }
}

/** A hit as it is shown: where the words that answered stand in the title, and in an excerpt of the text. */
export function hitOf({ id, title, text }: Searchable, words: readonly string[]): Hit {
  const wanted = new Set(words)
  const { excerpt, matches } = excerptOf(text, wanted)
  return { id, title, titleMatches: matchesIn(title, wanted), excerpt, matches }
}

function excerptOf(text: string, wanted: ReadonlySet<string>): { excerpt: string; matches: Match[] } {
  const first = matchesIn(text, wanted, 1)[0]
  if (!first) return { excerpt: "", matches: [] }
  const line = text.lastIndexOf("\n", first.from) + 1
  const from = Math.max(line, wordStart(text, first.from - LEAD_LENGTH))
  const cut = [...text.slice(from, from + 2 * EXCERPT_LENGTH)].slice(0, EXCERPT_LENGTH).join("")
  const before = from > line ? "… " : ""
  const after = from + cut.length < text.length ? " …" : ""
  const excerpt = `${before}${cut.replace(/\n/g, " ").trimEnd()}${after}`
  return { excerpt, matches: matchesIn(excerpt, wanted) }
}

// The start of the word at `at`, or of the one after it.
function wordStart(text: string, at: number): number {
  if (at <= 0) return 0
  const space = text.slice(at, at + LEAD_LENGTH).search(/\s/)
  return space < 0 ? at : at + space + 1
}

function matchesIn(text: string, wanted: ReadonlySet<string>, most = Number.POSITIVE_INFINITY): Match[] {
  const matches: Match[] = []
  for (const { word, from, to } of tokens(text)) {
    if (!wanted.has(word)) continue
    matches.push({ from, to })
    if (matches.length === most) break
  }
  return matches
}

interface Token {
  /** Folded. */
  readonly word: string
  readonly from: number
  readonly to: number
}

const tokensOf = (text: string): Token[] => [...tokens(text)]

const WORD = /[\p{L}\p{N}\p{M}]+/gu
// Scripts that put no spaces between words.
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/u
let segmenter: Intl.Segmenter | null = null

function* tokens(text: string): Generator<Token> {
  for (const { 0: run, index } of text.matchAll(WORD)) {
    if (!UNSPACED.test(run)) {
      yield { word: folded(run), from: index, to: index + run.length }
      continue
    }
    segmenter ??= new Intl.Segmenter(undefined, { granularity: "word" })
    for (const { segment, index: at } of segmenter.segment(run))
      yield { word: folded(segment), from: index + at, to: index + at + segment.length }
  }
}

// Combining marks of Latin, Greek and Cyrillic; harakat and tatweel; niqqud. In other scripts a mark is part of the word.
const MARKS = /[\u0300-\u036f\u0640\u064b-\u065f\u0670\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]/g
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ى: "ي",
  ة: "ه",
}

/** A word as it is compared: without accents and case, letters that stand for one another made one. */
export function folded(word: string): string {
  return word
    .normalize("NFKD")
    .replace(MARKS, "")
    .toLowerCase()
    .replace(/[ßæœøłđðþıςأإآىة]/g, letter => LETTERS[letter] ?? letter)
    .normalize("NFC")
}
