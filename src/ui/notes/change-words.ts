// A suggestion in words, for its card and for whoever cannot see it in the text.
import { type Thread, wordsOf } from "../../content/notes"
import type { NoteKeys } from "../../records/note"
import { inSentence } from "../phrasing"
import { words } from "../words"

export function changeWords({ change, anchor }: Thread): string {
  if (change === null) return ""
  const said = words.notes.change
  switch (change.kind) {
    case "text": {
      const added = wordsOf(change)
      const taken = anchor.quote
      if (added.trim() === "" && added.includes("\n") && taken === "") return said.insert(said.newParagraph)
      if (added === "" && taken.trim() === "" && taken !== "") return said.joined
      if (added === "") return taken === "" ? said.nothing : said.remove(taken)
      return taken === "" ? said.insert(added) : said.replace(taken, added)
    }
    case "format":
      return said.format(
        change.keys.map(([key, value]) => formatName(key, value === null)).join(", "),
        anchor.quote,
      )
    case "block":
      return said.block(blockName(change.keys))
    default:
      return change satisfies never
  }
}

function formatName(key: string, off: boolean): string {
  const names: Readonly<Record<string, string>> = {
    bold: words.commands.bold,
    italic: words.commands.italic,
    underline: words.commands.underline,
    strike: words.commands.strike,
    code: words.commands.code,
    highlight: words.commands.highlight,
    link: words.commands.link,
  }
  const name = names[key] ?? key
  return off ? words.notes.change.off(inSentence(name)) : name
}

function blockName(keys: NoteKeys): string {
  const wanted = new Map(keys)
  if (wanted.get("type") === "heading")
    return inSentence(words.commands.heading(Number(wanted.get("level") ?? 1)))
  if (wanted.get("type") === "code") return inSentence(words.commands.codeBlock)
  if (wanted.get("list") === "bullet") return inSentence(words.commands.bulletList)
  if (wanted.get("list") === "ordered") return inSentence(words.commands.numberedList)
  if (wanted.get("list") === "task") return inSentence(words.commands.taskList)
  if (wanted.get("in") === "quote") return inSentence(words.commands.quote)
  return words.notes.change.plain
}
