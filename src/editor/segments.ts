// A stretch of text as blocks of runs, and the writing of the difference between two states of one line: only the words
// and formats that differ are touched. The line may be a block of the body or a cell of a table.
import type { Mark, Node } from "prosemirror-model"
import { formatOf } from "../content/marks"
import { changeBetween, wellFormed } from "../content/words"
import type { Piece } from "./units"

/** Where words are written: a Y.Text, or what is used like one. */
export interface Words {
  insert(at: number, text: string, formats: Record<string, unknown>): void
  insertEmbed(at: number, embed: object, formats: Record<string, unknown>): void
  delete(at: number, length: number): void
  format(at: number, length: number, formats: Record<string, unknown>): void
}

type Line = Pick<Segment, "runs" | "text">

/** Makes the line that begins at `at` from `old` what is `wanted`; the unit at which it ends now. */
export function writeLine(words: Words, at: number, old: Line, wanted: Line): number {
  const { start, removed, inserted } = changeBetween(old.text, wanted.text)
  writeFormats(words, at, runsBetween(old.runs, 0, start), runsBetween(wanted.runs, 0, start))
  if (removed > 0) words.delete(at + start, removed)
  let unit = at + start
  for (const run of runsBetween(wanted.runs, start, start + inserted.length))
    unit += insertRun(words, unit, run)
  const [oldRest, newRest] = [start + removed, start + inserted.length]
  writeFormats(
    words,
    unit,
    runsBetween(old.runs, oldRest, old.text.length),
    runsBetween(wanted.runs, newRest, wanted.text.length),
  )
  return unit + wanted.text.length - newRest
}

/** Inserts a run and gives its length; 0 for more than a plain value, which cannot be made again. */
export function insertRun(words: Words, at: number, run: Run): number {
  // Yjs adds to the formats it is given, so each insertion gets its own.
  const formats = formatsOf(run.marks)
  if (run.kind === "text") words.insert(at, wellFormed(run.text), formats)
  else if (typeof run.embed === "object" && run.embed !== null)
    words.insertEmbed(at, copy(run.embed) as object, formats)
  else return 0
  return lengthOf(run)
}

/** Sets the formats that differ between two states of the same words, which begin at `unit`. */
function writeFormats(words: Words, unit: number, old: readonly Run[], wanted: readonly Run[]): void {
  let [i, j, oldUsed, newUsed, at] = [0, 0, 0, 0, unit]
  for (;;) {
    const [a, b] = [old[i], wanted[j]]
    if (a === undefined || b === undefined) return
    const length = Math.min(lengthOf(a) - oldUsed, lengthOf(b) - newUsed)
    const formats = formatChange(a.marks, b.marks)
    if (Object.keys(formats).length > 0) words.format(at, length, formats)
    at += length
    oldUsed += length
    newUsed += length
    if (oldUsed === lengthOf(a)) [i, oldUsed] = [i + 1, 0]
    if (newUsed === lengthOf(b)) [j, newUsed] = [j + 1, 0]
  }
}

export type Run = Exclude<Piece, { kind: "marker" }>

/** A block, or the part of one that lies in a range: `node` is null when its marker is not in the range. */
export interface Segment {
  readonly node: Node | null
  readonly runs: Run[]
  /** All runs as one string, an embed as U+FFFC. */
  text: string
}

/** The pieces, block by block; the first segment is what comes before the first marker of the range. */
export function segmentsOf(pieces: readonly Piece[]): Segment[] {
  let last: Segment = { node: null, runs: [], text: "" }
  const segments = [last]
  for (const piece of pieces) {
    if (piece.kind === "marker") {
      last = { node: piece.node, runs: [], text: "" }
      segments.push(last)
    } else {
      last.runs.push(piece)
      last.text += piece.kind === "text" ? piece.text : "\uFFFC"
    }
  }
  return segments
}

export function sameSegment(a: Segment | undefined, b: Segment | undefined): boolean {
  if (a === undefined || b === undefined || a.text !== b.text || a.runs.length !== b.runs.length) return false
  if ((a.node === null) !== (b.node === null)) return false
  if (a.node !== null && b.node !== null && !sameBlock(a.node, b.node)) return false
  return a.runs.every((run, i) => {
    const other = b.runs[i]
    return (
      other !== undefined &&
      run.kind === other.kind &&
      Object.keys(formatChange(run.marks, other.marks)).length === 0
    )
  })
}

/** Whether two blocks are the same but for the words that are compared as runs; a table's cells are not. */
function sameBlock(a: Node, b: Node): boolean {
  return a.isTextblock && b.isTextblock ? a.sameMarkup(b) : a.eq(b)
}

function runsBetween(runs: readonly Run[], from: number, to: number): Run[] {
  const cut: Run[] = []
  let start = 0
  for (const run of runs) {
    const end = start + lengthOf(run)
    if (end > from && start < to)
      cut.push(
        run.kind === "text" ? { ...run, text: run.text.slice(Math.max(0, from - start), to - start) } : run,
      )
    start = end
  }
  return cut
}

/** The formats that lead from one set of marks to another; null takes one away. */
function formatChange(before: readonly Mark[], after: readonly Mark[]): Record<string, unknown> {
  const formats: Record<string, unknown> = {}
  for (const mark of before) if (!mark.isInSet(after)) formats[formatOf(mark)[0]] = null
  for (const mark of after) {
    const [key, value] = formatOf(mark)
    if (!mark.isInSet(before)) formats[key] = value
  }
  return formats
}

export function formatsOf(marks: readonly Mark[]): Record<string, unknown> {
  return Object.fromEntries(marks.map(formatOf))
}

function lengthOf(run: Run): number {
  return run.kind === "text" ? run.text.length : 1
}

/** A value of its own: Yjs keeps what it is given, and the editor's attributes are shared. */
export function copy(value: unknown): unknown {
  return typeof value === "object" && value !== null ? structuredClone(value) : value
}
