// What a browser may do behind everybody's back: clear what it keeps. Beside its databases it keeps a small note, which is
// cleared by another rule: there this device writes down what it has, so that it can say what is gone.
import type { ReadonlySignal } from "@preact/signals-core"
import type { DocumentRow, Problem } from "./model"

/** The note: one text, where the databases are not. */
export interface Note {
  /** Null: there is none, or it cannot be read. */
  read(): string | null
  /** Null: takes it away. */
  write(text: string | null): void
}

interface Had {
  /** Titles of what is here, the last edited first. */
  readonly here: readonly string[]
  /** Of what was gone at some start; until somebody has read it. */
  readonly gone: readonly string[]
}

type Cleared = Extract<Problem, { kind: "storage-cleared" }>

const TITLES_MAX = 50
const NOTHING: Had = { here: [], gone: [] }

/**
 * Compares the list as it was read with what was here before; called once, when it has been read. Null: nothing is gone. From
 * then on the note follows the list.
 */
export function guard(rows: ReadonlySignal<readonly DocumentRow[]>, note: Note): Cleared | null {
  const had = read(note)
  // A list with anything in it was not cleared: browsers take all of it or nothing.
  const gone = rows.peek().length === 0 && had.here.length > 0 ? had.here : had.gone
  rows.subscribe(now => {
    const here = now.map(({ title }) => title).slice(0, TITLES_MAX)
    write(note, { ...read(note), here })
  })
  write(note, { ...read(note), gone })
  return gone.length === 0 ? null : { kind: "storage-cleared", titles: gone }
}

/** Somebody has read what is gone. */
export function acknowledge(note: Note): void {
  write(note, { ...read(note), gone: [] })
}

function write(note: Note, had: Had): void {
  note.write(had.here.length + had.gone.length === 0 ? null : JSON.stringify(had))
}

function read(note: Note): Had {
  const text = note.read()
  if (text === null) return NOTHING
  try {
    const { here, gone } = (JSON.parse(text) ?? {}) as Partial<Record<keyof Had, unknown>>
    return { here: titles(here), gone: titles(gone) }
  } catch (error) {
    if (error instanceof SyntaxError) return NOTHING
    throw error
  }
}

function titles(of: unknown): string[] {
  return Array.isArray(of) ? of.filter(each => typeof each === "string").slice(0, TITLES_MAX) : []
}
