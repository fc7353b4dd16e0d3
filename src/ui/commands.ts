// The commands as buttons and menus see them: what they are called, drawn and reached by, when they are pressed in,
// and what they run. Toolbar, phone bar, slash menu, palette and the sheet of shortcuts read these lists; a new command
// is a line here, its key a line of shortcuts.ts, and what it does a line of the editor's named.ts or of the screen.
import { type Run, SHORTCUTS, type Shortcut } from "../editor/shortcuts"
import type { ToolbarState } from "./editing"
import type { IconName } from "./Icon"
import { words } from "./words"

export interface Command {
  /** The same id as in the table of shortcuts, if it has one there. */
  readonly id: string
  readonly label: string
  readonly icon: IconName
  /** Other words by which people look for it in the slash menu and the palette. */
  readonly aka?: string
  /** The screen answers to some names (such as "link"); all others are the editor's. */
  readonly run: Run
  /** A toggle says whether it is on; other commands have none. */
  readonly isOn?: (state: ToolbarState) => boolean
  readonly isOff?: (state: ToolbarState) => boolean
}

/** The keys of a command as the table has them ("Mod Shift 8"); undefined: it has none. */
export function keysOf(id: string): string | undefined {
  const shortcut: Shortcut | undefined = Object.hasOwn(SHORTCUTS, id)
    ? SHORTCUTS[id as keyof typeof SHORTCUTS]
    : undefined
  return shortcut?.keys[0]
}

const mark = (name: string, label: string, icon: IconName): Command => ({
  id: name,
  label,
  icon,
  run: [name],
  isOn: state => state.marks.has(name),
})

const list = (kind: string, label: string, icon: IconName, aka: string): Command => ({
  id: `${kind}-list`,
  label,
  icon,
  aka,
  run: ["list", { kind }],
  isOn: state => state.list === kind,
})

const said = words.commands
const aka = words.aka

export const undo: Command = {
  id: "undo",
  label: said.undo,
  icon: "undo",
  run: ["undo"],
  isOff: state => !state.canUndo,
}
export const redo: Command = {
  id: "redo",
  label: said.redo,
  icon: "redo",
  run: ["redo"],
  isOff: state => !state.canRedo,
}
export const bold = mark("bold", said.bold, "bold")
export const italic = mark("italic", said.italic, "italic")
export const underline = mark("underline", said.underline, "underline")
export const strike = mark("strike", said.strike, "strike")
export const code = mark("code", said.code, "code")
export const highlight = mark("highlight", said.highlight, "highlight")
/** Asks for an address first: the screen opens the link sheet instead of running it at once. */
export const link = mark("link", said.link, "link")
/** Asks for a file first. */
export const picture: Command = {
  id: "picture",
  label: said.picture,
  icon: "picture",
  aka: aka.picture,
  run: ["picture"],
}
export const bulletList = list("bullet", said.bulletList, "bulletList", aka.bulletList)
export const numberedList = list("ordered", said.numberedList, "numberedList", aka.numberedList)
export const taskList = list("task", said.taskList, "taskList", aka.taskList)
export const quote: Command = {
  id: "quote",
  label: said.quote,
  icon: "blockQuote",
  aka: aka.quote,
  run: ["quote"],
  isOn: state => state.quote,
}
export const codeBlock: Command = {
  id: "code-block",
  label: said.codeBlock,
  icon: "codeBlock",
  aka: aka.codeBlock,
  run: ["codeBlock"],
  isOn: state => state.block === "code_block",
}
export const divider: Command = {
  id: "divider",
  label: said.divider,
  icon: "divider",
  aka: aka.divider,
  run: ["divider"],
}
export const indent: Command = { id: "indent", label: said.indent, icon: "indent", run: ["indent"] }
export const outdent: Command = { id: "outdent", label: said.outdent, icon: "outdent", run: ["outdent"] }

/** Begins a comment on what is selected: the screen opens a card for it. */
export const comment: Command = {
  id: "comment",
  label: words.notes.comment,
  icon: "comment",
  run: ["comment"],
}

const callout = (kind: "info" | "tip" | "warning", icon: IconName): Command => ({
  id: `callout-${kind}`,
  label: said.callouts[kind],
  icon,
  aka: aka.callouts[kind],
  run: ["callout", { kind }],
  isOn: state => state.callout === kind,
})

export const CALLOUTS: readonly Command[] = [
  callout("info", "info"),
  callout("tip", "tip"),
  callout("warning", "warning"),
]

/** Three by three; the toolbar and the sheet of sizes make others. */
export const table: Command = {
  id: "table",
  label: said.table,
  icon: "table",
  aka: aka.table,
  run: ["table", { rows: 3, columns: 3 }],
}

const ofTable = (
  name: Exclude<keyof typeof said, "heading" | "callouts" | "directions">,
  icon: IconName,
  isOn?: Command["isOn"],
): Command => ({
  id: name,
  label: said[name],
  icon,
  run: [name],
  isOff: state => state.table === null,
  ...(isOn === undefined ? {} : { isOn }),
})

const headed = (which: string) => (state: ToolbarState) =>
  state.table !== null && (state.table.header === which || state.table.header === "both")

/** What can be done to the table of the caret, in groups. */
export const TABLE: readonly (readonly Command[])[] = [
  [
    ofTable("rowAbove", "rowAbove"),
    ofTable("rowBelow", "rowBelow"),
    ofTable("columnBefore", "columnBefore"),
    ofTable("columnAfter", "columnAfter"),
  ],
  [
    ofTable("moveRowUp", "up"),
    ofTable("moveRowDown", "down"),
    ofTable("moveColumnBack", "backward"),
    ofTable("moveColumnOn", "forward"),
  ],
  [
    ofTable("headerRow", "headerRow", headed("row")),
    ofTable("headerColumn", "headerColumn", headed("column")),
    ofTable("caption", "caption"),
  ],
  [ofTable("deleteRow", "trash"), ofTable("deleteColumn", "trash"), ofTable("deleteTable", "trash")],
]

/** The languages that a code block is most often in; any other that is stored is shown as it is. */
export const SYNTAXES: readonly string[] = [
  "bash",
  "css",
  "html",
  "javascript",
  "json",
  "markdown",
  "python",
  "rust",
  "sql",
  "typescript",
  "yaml",
]

export const syntax = (lang: string | null): Command => ({
  id: `syntax-${lang ?? "plain"}`,
  label: lang ?? said.plainCode,
  icon: "codeBlock",
  run: ["syntax", { lang }],
  isOn: state => state.lang === lang,
})

const direction = (dir: "ltr" | "rtl" | null, icon: IconName): Command => ({
  id: `direction-${dir ?? "auto"}`,
  label: said.directions[dir ?? "auto"],
  icon,
  aka: aka.direction,
  run: ["direction", { dir }],
})

export const DIRECTIONS: readonly Command[] = [
  direction("ltr", "ltr"),
  direction("rtl", "rtl"),
  direction(null, "text"),
]

/** Groups of the desk's toolbar after the style menu; a group that does not fit moves into More whole. */
export const GROUPS: readonly (readonly Command[])[] = [
  [bold, italic, underline, strike, code, highlight],
  [link, picture, comment],
  [bulletList, numberedList, taskList],
  [quote, codeBlock, table, divider],
  [outdent, indent],
]

export interface BlockStyle extends Command {
  readonly level: number | null
}

const style = (level: number | null): BlockStyle => ({
  id: level === null ? "paragraph" : `heading-${level}`,
  label: level === null ? said.paragraph : said.heading(level),
  icon: level === null ? "text" : "heading",
  aka: level === null ? aka.paragraph : `${aka.heading} h${level} ${"#".repeat(level)}`,
  level,
  run: level === null ? ["paragraph"] : ["heading", { level }],
})

export const STYLES: readonly BlockStyle[] = [style(null), style(1), style(2), style(3)]

/** What the slash menu offers: everything that makes a block, in the order of use. */
export const INSERTS: readonly Command[] = [
  ...STYLES.slice(1),
  bulletList,
  numberedList,
  taskList,
  quote,
  ...CALLOUTS,
  codeBlock,
  table,
  picture,
  divider,
  ...STYLES.slice(0, 1),
]

const screen = (id: string, label: string, icon: IconName, aka?: string): Command => ({
  id,
  label,
  icon,
  ...(aka === undefined ? {} : { aka }),
  run: [id],
})

/** What the screen does rather than the editor; it is offered where the screen has a verb of that id. */
export const SCREEN: readonly Command[] = [
  link,
  screen("suggesting", words.notes.mode.toggle, "comment"),
  screen("next-comment", words.notes.next, "comment"),
  screen("previous-comment", words.notes.previous, "comment"),
  screen("find", words.find.open, "search", aka.find),
  screen("replace", words.find.openReplace, "replace", aka.replace),
  screen("outline", words.outline.heading, "outline", aka.outline),
  screen("focus", words.focus.on, "focus", aka.focus),
  screen("reading", words.reading.open, "read", aka.reading),
  screen("history", words.history.open, "restore", aka.history),
  screen("duplicate", words.duplicate.make, "copy", aka.duplicate),
  screen("document", words.document.heading, "language", aka.document),
  screen("share", words.share.open, "share", aka.share),
  screen("truth", words.truth.open, "lock"),
  screen("download", words.places.download, "download", aka.download),
  screen("print", words.keys.of.print, "printer", aka.print),
  screen("keys", words.keys.heading, "keyboard"),
  screen("about", words.about.heading, "info"),
]

/** Every command there is, for the palette and the sheet of shortcuts. */
export const COMMANDS: readonly Command[] = [
  undo,
  redo,
  ...STYLES,
  ...GROUPS.flat().filter(command => command !== link),
  ...CALLOUTS,
  ...DIRECTIONS,
  ...TABLE.flat(),
  ...SCREEN,
]

/** The style at the caret; null in a block that is none of them (code, a divider). */
export function styleAt(state: ToolbarState): BlockStyle | null {
  if (state.block === "heading") return STYLES.find(style => style.level === state.level) ?? null
  return state.block === "paragraph" ? (STYLES[0] ?? null) : null
}

/** "Mod Shift 8" as this machine writes it: "Ctrl+Shift+8", or "⌘⇧8" on Apple. */
export function shortcut(keys: string, apple: boolean): string {
  const parts = keys.split(" ")
  // Escape and Tab are pressed one after the other, all others together.
  if (keys === "Esc Tab") return parts.join(", ")
  if (!apple) return parts.map(part => (part === "Mod" ? "Ctrl" : part)).join("+")
  const signs: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥" }
  return parts.map(part => signs[part] ?? part).join("")
}

/**
 * How many leading groups fit side by side in `available` px, when whatever does not fit needs a More button
 * of `moreWidth` px.
 */
export function groupsThatFit(widths: readonly number[], available: number, moreWidth: number): number {
  const total = widths.reduce((sum, width) => sum + width, 0)
  if (total <= available) return widths.length
  let used = moreWidth
  let fitting = 0
  for (const width of widths) {
    used += width
    if (used > available) break
    fitting += 1
  }
  return fitting
}

/** Where an arrow, Home or End leads in a row of `amount` buttons; null when the key is not for the row. */
export function toolbarStep(key: string, at: number, amount: number, rightToLeft: boolean): number | null {
  if (amount === 0) return null
  const forward = rightToLeft ? "ArrowLeft" : "ArrowRight"
  const backward = rightToLeft ? "ArrowRight" : "ArrowLeft"
  if (key === forward) return (at + 1) % amount
  if (key === backward) return (at - 1 + amount) % amount
  if (key === "Home") return 0
  return key === "End" ? amount - 1 : null
}
