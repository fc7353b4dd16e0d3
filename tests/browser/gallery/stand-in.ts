// An editor for the gallery: a plain editable place with a page of text, enough to see the screens by.
import type { EditorState, MountEditor } from "../../../src/ui/editing"

const PAGE = `
  <h2>1. Opening</h2>
  <p>Present: Ana, Bo, Leila. Apologies: Jo. The minutes of the last meeting were <strong>agreed</strong> with
  one change: the seed order is due <em>before</em> the frost, not after it.</p>
  <h3>Matters arising</h3>
  <ul><li>The polytunnel needs a new sheet; Bo has two offers.</li>
  <li>Rent goes up in March. <a href="https://example.org">The letter is here.</a></li></ul>
  <p>We talked about who holds the keys of the shop and found that <mark>nobody knew</mark>. From now on the list
  hangs behind the counter, and whoever takes a key writes it down.</p>
  <blockquote><p>Whoever opens, closes. Whoever closes, counts the till.</p></blockquote>
  <h2>2. Budget</h2>
  <p>Leila showed the numbers for spring. We are eleven growers on four hectares of rented land, and this year the
  tools are paid for. It was agreed to keep a third of what is left for the roof.</p>`

const STATE: EditorState = {
  marks: new Set(["bold"]),
  block: "heading",
  level: 2,
  list: null,
  canUndo: true,
  canRedo: false,
}

export const mountStandIn: MountEditor = ({ place, doc, editable, label, onState }) => {
  const text = document.createElement("div")
  text.className = "ProseMirror"
  text.setAttribute("role", "textbox")
  text.setAttribute("aria-multiline", "true")
  text.setAttribute("aria-label", label)
  text.tabIndex = 0
  text.contentEditable = String(editable)
  if (doc.getText("body").length > 0) text.innerHTML = PAGE
  place.append(text)
  onState(STATE)
  return {
    focus: () => text.focus(),
    setEditable: allowed => {
      text.contentEditable = String(allowed)
    },
    setCarets: () => undefined,
    run: () => true,
    text: () => text.textContent ?? "",
    destroy: () => text.remove(),
  }
}
