// Searching 10,000 documents as one types, beside a plain scan of every text with the same folding of accents and case.
// Made-up documents of some 250 words, from a vocabulary in which few words are common and most are rare (Zipf).
import * as prng from "lib0/prng"
import { Finder, folded, hitOf, type Searchable } from "../../src/app/finder"
import type { Bench } from "./bench"

const DOCUMENTS = 10_000
const WORDS = 250
const VOCABULARY = 30_000
const QUERIES = 60

export const bench: Bench = {
  about: `typing a query into a search over ${DOCUMENTS} documents, beside a scan of all texts`,
  targets: { scan: { atMost: 0.5 } },
  run: async say => {
    const chance = prng.create(1)
    const vocabulary = Array.from({ length: VOCABULARY }, (_, rank) => wordOf(chance, rank))
    const documents = Array.from({ length: DOCUMENTS }, (_, number) => documentOf(chance, vocabulary, number))
    say(`${DOCUMENTS} documents are made`)

    const finder = new Finder()
    const indexed = timed(() => {
      for (const document of documents) finder.put(document)
    })
    say("all are in the index")

    const byId = new Map(documents.map(document => [document.id, document]))
    const keys: number[] = []
    const scans: number[] = []
    for (let query = 0; query < QUERIES; query++) {
      const asked = [drawn(chance, vocabulary), drawn(chance, vocabulary)].slice(0, 1 + (query % 2)).join(" ")
      // Each key asks anew, from the second letter on: that is what a person waits for.
      for (let length = 2; length <= asked.length; length++)
        keys.push(
          timed(() => {
            for (const { id, words } of finder.find(asked.slice(0, length)).slice(0, 50)) {
              const document = byId.get(id)
              if (document) hitOf(document, words)
            }
          }),
        )
      if (query % 6 === 0) scans.push(timed(() => scan(documents, asked)))
    }
    const key = at(keys, 0.95)
    const scanned = at(scans, 0.5)
    return {
      ratios: { scan: key / scanned },
      figures: {
        keyMsMedian: at(keys, 0.5),
        keyMs95: key,
        scanMsMedian: scanned,
        indexMsPerDocument: indexed / DOCUMENTS,
        heapMB: process.memoryUsage().heapUsed / 1e6,
      },
    }
  },
}

function scan(documents: readonly Searchable[], query: string): number {
  const wanted = folded(query).split(" ")
  return documents.filter(({ title, text }) => {
    const words = folded(`${title} ${text}`)
    return wanted.every(word => words.includes(word))
  }).length
}

function wordOf(chance: prng.PRNG, rank: number): string {
  const letters = "etaoinshrdlucmfwypvbgkéçñ"
  const length = 2 + Math.min(10, Math.floor(Math.log2(rank + 2) / 2)) + prng.int32(chance, 0, 3)
  return Array.from({ length }, () => letters[prng.int32(chance, 0, letters.length - 1)]).join("")
}

function drawn(chance: prng.PRNG, vocabulary: readonly string[]): string {
  const rank = Math.floor(vocabulary.length ** prng.real53(chance)) - 1
  return vocabulary[Math.max(0, rank)] ?? ""
}

function documentOf(chance: prng.PRNG, vocabulary: readonly string[], number: number): Searchable {
  const words = (count: number) => Array.from({ length: count }, () => drawn(chance, vocabulary)).join(" ")
  return {
    id: `d${number}`,
    title: words(4),
    text: Array.from({ length: 10 }, () => words(WORDS / 10)).join("\n"),
  }
}

function timed(work: () => void): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
