// A document as a file to take away, in formats that other programs read. What writes them is loaded when it is needed:
// nobody exports before the first key.
import type * as Y from "yjs"
import { readTitle } from "../content/document"
import { render } from "../content/render"
import type { DownloadFormat } from "./model"
import { fileNameOf, plainText } from "./summary"

export interface Exported {
  /** A file's name, safe on every system. */
  readonly name: string
  readonly type: string
  readonly text: string
}

export async function exported(doc: Y.Doc, format: DownloadFormat): Promise<Exported> {
  const title = readTitle(doc)
  const name = fileNameOf(title)
  switch (format) {
    case "markdown": {
      const { markdownOf } = await import("../formats/markdown-out")
      return { name: `${name}.md`, type: "text/markdown", text: markdownOf(title, render(doc)) }
    }
    case "html": {
      const { htmlPageOf } = await import("../formats/html-out")
      return { name: `${name}.html`, type: "text/html", text: htmlPageOf(title, render(doc)) }
    }
    case "text":
      return { name: `${name}.txt`, type: "text/plain", text: plainText(doc) }
    default:
      return format satisfies never
  }
}
