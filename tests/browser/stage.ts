// A bare page with the real editor and nothing else of the app, on which the typist is rehearsed. Documents
// are joined by passing Yjs updates through one socket: no seals, no storage. This file runs in the page;
// `rehearsal.ts` builds and serves it.
import * as Y from "yjs"
import { mountEditor } from "../../src/editor/editor"
import { createDocument } from "../../src/replica/document"

/** What a test can ask of the page, as `window.stage`. */
export interface Stage {
  /** The text of each block, top to bottom. */
  texts(): string[]
  /** Each block that is not an empty paragraph, with those attributes that a script speaks of. */
  shapes(): Shape[]
}

export interface Shape {
  readonly type: string
  readonly text: string
  readonly level: number | null
  readonly list: string | null
  readonly checked: boolean
  readonly indent: number
  readonly quote: boolean
  /** Marked runs, as "bold:text". */
  readonly marks: string[]
}

declare global {
  interface Window {
    stage?: Stage
  }
}

const ARRIVED = "arrived"

const doc = createDocument()
const place = document.createElement("div")
document.body.append(place)
const { view } = mountEditor({ place, doc, editable: true, label: "Rehearsal" })

const socket = new WebSocket(`ws://${location.host}/`)
socket.binaryType = "arraybuffer"
socket.onmessage = ({ data }) => Y.applyUpdate(doc, new Uint8Array(data), ARRIVED)
socket.onopen = () => {
  doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== ARRIVED) socket.send(new Uint8Array(update))
  })
  window.stage = {
    texts: () => view.state.doc.children.map(block => block.textContent),
    shapes: () =>
      view.state.doc.children
        .map(block => {
          const { level, list, checked, indent, in: path } = block.attrs
          return {
            type: block.type.name,
            text: block.textContent,
            level: level ?? null,
            list: list ?? null,
            checked: checked === true,
            indent: indent ?? 0,
            quote: typeof path === "string" && path.startsWith("quote"),
            marks: block.children.flatMap(run =>
              run.marks.map(mark => `${mark.type.name}:${run.text ?? ""}`),
            ),
          }
        })
        .filter(shape => shape.type !== "paragraph" || shape.text !== ""),
  }
}
