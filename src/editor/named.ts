// The editor's commands by name, as toolbars, menus and keys ask for them. Undo and redo are not here: they are the
// binding's, for they are about one's own changes of the text. Those of tables have no keys: table-commands.ts.
import type { Command } from "prosemirror-state"
import { schema } from "../content/schema"
import * as commands from "./commands"
import type { Run } from "./shortcuts"

/** The command; null when there is none such, or what it was told makes no sense. */
export function commandNamed([name, args = {}]: Run): Command | null {
  switch (name) {
    case "bold":
    case "italic":
    case "underline":
    case "strike":
    case "code":
    case "highlight":
      return commands.mark(schema.marks[name])
    case "link":
      return commands.link(typeof args["href"] === "string" ? args["href"] : null)
    case "openLink":
      return openLink
    case "paragraph":
      return commands.paragraph
    case "heading":
      return commands.heading(Number(args["level"] ?? 1))
    case "list": {
      const kind = (["bullet", "ordered", "task"] as const).find(each => each === args["kind"])
      return kind === undefined ? null : commands.list(kind)
    }
    case "tick":
      return commands.tick
    case "quote":
      return commands.quote
    case "codeBlock":
      return commands.codeBlock
    case "callout": {
      const kind = commands.CALLOUTS.find(each => each === args["kind"])
      return kind === undefined ? null : commands.callout(kind)
    }
    case "syntax":
      return commands.syntax(typeof args["lang"] === "string" ? args["lang"] : null)
    case "direction": {
      const dir = (["ltr", "rtl"] as const).find(each => each === args["dir"])
      return commands.direction(dir ?? null)
    }
    case "divider":
      return commands.divider
    case "hardBreak":
      return commands.hardBreak
    case "indent":
      return commands.indent(1)
    case "outdent":
      return commands.indent(-1)
    case "moveUp":
      return commands.move(-1)
    case "moveDown":
      return commands.move(1)
    default:
      return null
  }
}

/** Opens the link at the caret in another tab, which learns nothing of this one. */
const openLink: Command = (state, _dispatch, view) => {
  const href = commands.linkAt(state)
  if (href === null) return false
  view?.dom.ownerDocument.defaultView?.open(href, "_blank", "noopener,noreferrer")
  return true
}
