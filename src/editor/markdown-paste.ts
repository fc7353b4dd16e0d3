// Plain text that is written in Markdown is pasted as what it means, and the person who wanted the signs can have them.
// What reads Markdown is loaded at the first such paste.
import { Fragment, type Node, Slice } from "prosemirror-model"
import { Plugin } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import { CLIPBOARD_LENGTH_MAX, paragraphsOf } from "./clipboard"

/** What reads Markdown: a tenth of the app, and seldom needed. */
export const loadMarkdown = async (): Promise<(text: string) => Node[]> =>
  (await import("../formats/markdown-in")).blocksFromMarkdown

/**
 * @param undo takes back one's own last change
 * @param onFormatted text was pasted with its formats; `keepPlain` puts the text itself in their place
 */
export function markdownPaste(
  load: () => Promise<(text: string) => Node[]>,
  undo: () => void,
  onFormatted: (keepPlain: () => void) => void,
): Plugin {
  let plain = false // the key for pasting as it is was pressed
  const insert = (view: EditorView, slice: Slice) =>
    view.dispatch(
      view.state.tr
        .replaceSelection(slice)
        .scrollIntoView()
        .setMeta("paste", true)
        .setMeta("uiEvent", "paste"),
    )
  return new Plugin({
    props: {
      handleDOMEvents: {
        keydown: (_view, event) => {
          plain = event.shiftKey
          return false
        },
      },
      handlePaste(view, event) {
        const data = event.clipboardData
        const text = data?.getData("text/plain").slice(0, CLIPBOARD_LENGTH_MAX) ?? ""
        const into = view.state.selection.$from.parent
        if (plain || data?.getData("text/html") || into.type.spec.code || !isMarkdown(text)) return false
        void load().then(read => {
          if (view.isDestroyed || !view.editable) return
          const blocks = read(text)
          const own = view.state.selection.$from.parent.content.size === 0 ? 0 : 1
          insert(view, new Slice(Fragment.fromArray(blocks), own, own))
          onFormatted(() => {
            undo()
            insert(view, paragraphsOf(text, view.state.selection.$from.parent))
            view.focus()
          })
        })
        return true
      },
    },
  })
}

const BLOCK_SIGN = /^ {0,3}(#{1,6} |[-*+] |\d{1,3}[.)] |> |```|~~~|-{3,}\s*$|\|.+\|\s*$)/

/** Whether a text is surely meant as Markdown: two lines or more begin with the sign of a block. */
export function isMarkdown(text: string): boolean {
  let signs = 0
  for (const line of text.split("\n", 2_000)) if (BLOCK_SIGN.test(line) && ++signs >= 2) return true
  return false
}
