// Files of other programs as new documents: Markdown, web pages, plain text. What reads them is loaded when one comes.
import type { Node } from "prosemirror-model"
import { FormatError } from "../bytes/errors"
import { concat } from "../bytes/writer"
import { schema } from "../content/schema"
import type { LocalFile } from "./model"

/** What a document begins with. */
export interface Beginning {
  readonly title: string
  readonly blocks: readonly Node[]
}

/** A book fits. */
const FILE_BYTES_MAX = 10 * 1024 * 1024

/** Whether a file is one to be made a document, by its name. */
export function isImportable(name: string): boolean {
  return /\.(md|markdown|html?|txt|text)$/i.test(name)
}

/** Reads a file; its title is what it calls itself, else its name. Null: it is too large, or not a text. */
export async function imported(file: LocalFile): Promise<Beginning | null> {
  try {
    return await read(file)
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}

async function read(file: LocalFile): Promise<Beginning> {
  const text = await textOf(file)
  const name = file.name.replace(/\.[^.]*$/, "")
  if (/\.(md|markdown)$/i.test(file.name)) {
    const { documentFromMarkdown } = await import("../formats/markdown-in")
    const { title, blocks } = documentFromMarkdown(text)
    return { title: title ?? name, blocks }
  }
  if (/\.html?$/i.test(file.name)) {
    const { blocksOfPage, titleOfPage } = await import("../editor/clipboard")
    return { title: titleOfPage(text) || name, blocks: blocksOfPage(text) }
  }
  const lines = text.split(/\r\n?|\n/).filter(line => line.trim() !== "")
  return { title: name, blocks: lines.map(line => schema.node("paragraph", null, schema.text(line))) }
}

async function textOf(file: LocalFile): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of file.pieces()) {
    bytes += piece.length
    if (bytes > FILE_BYTES_MAX) throw new FormatError(`expected a file of at most ${FILE_BYTES_MAX} bytes`)
    pieces.push(piece)
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(concat(...pieces))
  } catch (error) {
    if (error instanceof TypeError) throw new FormatError("expected a text in UTF-8", { cause: error })
    throw error
  }
}
