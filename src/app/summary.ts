// A document in few words: for its row in the list, and as a plain copy to take away. Reads what is drawn.
import { type ReadonlySignal, signal } from "@preact/signals-core"
import type { Node } from "prosemirror-model"
import type * as Y from "yjs"
import type { Stop } from "../bytes/world"
import { bodyOf, readTitle, titleOf } from "../content/document"
import { drawBlocks, render } from "../content/render"

const SNIPPET_LENGTH = 120

/** The first words of the text, on one line. Looks at the first few blocks only. */
export function snippetOf(doc: Y.Doc): string {
  const words: string[] = []
  let length = 0
  for (const { node } of drawBlocks(bodyOf(doc))) {
    const text = node.textContent.replace(/\s+/g, " ").trim()
    if (text) words.push(text)
    length += text.length
    if (length >= SNIPPET_LENGTH) break
  }
  return [...words.join(" · ")].slice(0, SNIPPET_LENGTH).join("")
}

/** All words, a line for each block or break: for the search. */
export function linesOf(doc: Y.Doc): string {
  return drawBlocks(bodyOf(doc))
    .map(({ node }) => textOf(node))
    .join("\n")
}

/** Whether anybody has written anything. */
export function isBlank(doc: Y.Doc): boolean {
  return readTitle(doc) === "" && doc.getText("body").length === 0
}

/** A title as the name of a file, without an ending: what file systems do not like is taken out. */
export function fileNameOf(title: string): string {
  return title.replace(/[\\/:*?"<>|\p{Cc}]+/gu, " ").trim() || "Untitled"
}

/** The whole document as plain text that any program reads: headings, lists and ticks as people type them. */
export function plainText(doc: Y.Doc): string {
  const lines: string[] = []
  const title = readTitle(doc)
  if (title) lines.push(`# ${title}`, "")
  const numbers: number[] = []
  render(doc).forEach(block => {
    const { list, indent } = block.attrs as { list?: string | null; indent?: number }
    const depth = indent ?? 0
    if (list === "ordered") numbers[depth] = (numbers[depth] ?? 0) + 1
    numbers.length = list ? Math.min(numbers.length, depth + 1) : 0
    lines.push(
      `${"  ".repeat(depth)}${prefixOf(block, numbers[depth] ?? 1)}${textOf(block)}`,
      ...(list ? [] : [""]),
    )
  })
  return `${lines.join("\n").trimEnd()}\n`
}

function prefixOf(block: Node, number: number): string {
  const { list, level, checked, in: container } = block.attrs as Record<string, unknown>
  const quote = container ? "> " : ""
  if (list === "ordered") return `${quote}${number}. `
  if (list === "task") return `${quote}- [${checked ? "x" : " "}] `
  if (list) return `${quote}- `
  if (block.type.name === "heading") return `${"#".repeat(Number(level) || 1)} `
  if (block.type.name === "divider") return "---"
  return quote
}

function textOf(block: Node): string {
  const { alt } = block.attrs
  if (block.type.name === "image" && block.content.size === 0) return typeof alt === "string" ? alt : ""
  return block.textBetween(0, block.content.size, "\n", "\n")
}

/** The title of a document as it is now, until it is stopped. */
export function watchTitle(doc: Y.Doc): { readonly title: ReadonlySignal<string>; readonly stop: Stop } {
  const title = signal(readTitle(doc))
  const text = titleOf(doc)
  const read = () => {
    title.value = readTitle(doc)
  }
  text.observe(read)
  return { title, stop: () => text.unobserve(read) }
}
