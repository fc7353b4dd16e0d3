// What Markdown habits turn into while typing: "# ", "- ", "1. ", "[] ", "> ", "```", "---", and marks such as
// **bold**. Never inside code; Backspace right after takes the rule back and leaves what was typed.
import { InputRule, inputRules } from "prosemirror-inputrules"
import type { MarkType } from "prosemirror-model"
import type { EditorState, Plugin, Transaction } from "prosemirror-state"
import { safeAddress } from "../content/link"
import { LEVEL_MAX } from "../content/marker"
import { type BlockName, schema } from "../content/schema"
import { drawDivider } from "./commands"

export function markdownRules(): Plugin {
  const { bold, italic, strike, code, highlight } = schema.marks
  return inputRules({
    rules: [
      block(/^(#{1,3})\s$/, "heading", match => ({
        level: Math.min(LEVEL_MAX, match[1]?.length ?? 1),
        list: null,
      })),
      block(/^[-*+]\s$/, "paragraph", () => ({ list: "bullet" })),
      block(/^1[.)]\s$/, "paragraph", () => ({ list: "ordered" })),
      block(/^\[( |x|)\]\s$/i, "paragraph", match => ({
        list: "task",
        checked: match[1]?.toLowerCase() === "x",
      })),
      block(/^>\s$/, null, () => ({ in: "quote" })),
      block(/^```$/, "code_block", () => ({ list: null, checked: false })),
      rule(/^---$/, (state, _match, start, end) =>
        state.doc.resolve(start).depth > 1 ? null : drawDivider(state.tr.delete(start, end)),
      ),
      around(/(?:^|[^*])(\*\*([^*\s](?:[^*]*[^*\s])?)\*\*)$/, bold),
      around(/(?:^|[^_\p{L}\p{N}])(_([^_\s](?:[^_]*[^_\s])?)_)$/u, italic),
      around(/(?:^|[^~])(~~([^~\s](?:[^~]*[^~\s])?)~~)$/, strike),
      around(/(?:^|[^=])(==([^=\s](?:[^=]*[^=\s])?)==)$/, highlight),
      around(/(?:^|[^`])(`([^`]+)`)$/, code),
      rule(/\[([^[\]]+)\]\(([^()\s]+)\)$/, (state, match, start, end) => {
        const href = safeAddress(match[2])
        const words = match[1]
        if (href === null || words === undefined) return null
        return state.tr
          .replaceWith(start, end, schema.text(words, [schema.mark("link", { href })]))
          .removeStoredMark(schema.marks.link)
      }),
    ],
  })
}

type Handler = (state: EditorState, match: RegExpMatchArray, start: number, end: number) => Transaction | null

function rule(pattern: RegExp, handler: Handler): InputRule {
  return new InputRule(pattern, handler, { inCodeMark: false })
}

/** A beginning of a block that turns it into another; null keeps its kind. */
function block(
  pattern: RegExp,
  name: BlockName | null,
  attributes: (match: RegExpMatchArray) => Record<string, unknown>,
): InputRule {
  return rule(pattern, (state, match, start, end) => {
    const $start = state.doc.resolve(start)
    const type = name === null ? $start.parent.type : schema.nodes[name]
    if ($start.parentOffset !== 0 || $start.depth > 1) return null
    return state.tr
      .delete(start, end)
      .setNodeMarkup($start.before(), type, { ...$start.parent.attrs, ...attributes(match) })
  })
}

/** Signs around words that become a mark: group 1 is signs and words, group 2 the words. */
function around(pattern: RegExp, mark: MarkType): InputRule {
  return rule(pattern, (state, match, start, end) => {
    const [whole, signed, words] = match
    if (signed === undefined || words === undefined) return null
    const from = start + whole.length - signed.length
    const opening = signed.indexOf(words)
    // The last sign is not in the document yet: `end` is where it was about to be typed.
    const tr = state.tr.delete(from + opening + words.length, end).delete(from, from + opening)
    return tr.addMark(from, from + words.length, mark.create()).removeStoredMark(mark)
  })
}
