// What both peers have in common: the smallest schema, and a plain page.
import { Schema } from "prosemirror-model"
import "prosemirror-view/style/prosemirror.css"
import "./peer.css"

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", toDOM: () => ["p", 0], parseDOM: [{ tag: "p" }] },
    text: { group: "inline" },
  },
})

/** The document that these paragraphs make. */
export function documentOf(paragraphs: readonly string[]) {
  return schema.node(
    "doc",
    null,
    paragraphs.map(text => schema.node("paragraph", null, [schema.text(text)])),
  )
}
