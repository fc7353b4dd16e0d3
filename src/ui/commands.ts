// The formatting commands as buttons see them: what they are called, drawn and reached by, when they are
// pressed in, and which of the editor's commands they run. Toolbar, phone bar and menus read this one list.
import type { ToolbarState } from "./editing"
import type { IconName } from "./Icon"
import { words } from "./words"

export interface Command {
  readonly id: string
  readonly label: string
  readonly icon: IconName
  /** Keys as `shortcut` writes them; "Mod" is Ctrl, or ⌘ on Apple. */
  readonly keys?: string
  readonly run: readonly [name: string, args?: Record<string, unknown>]
  /** A toggle says whether it is on; other commands have none. */
  readonly isOn?: (state: ToolbarState) => boolean
  readonly isOff?: (state: ToolbarState) => boolean
}

const mark = (name: string, label: string, icon: IconName, keys: string): Command => ({
  id: name,
  label,
  icon,
  keys,
  run: [name],
  isOn: state => state.marks.has(name),
})

const list = (kind: string, label: string, icon: IconName, keys: string): Command => ({
  id: `${kind}-list`,
  label,
  icon,
  keys,
  run: ["list", { kind }],
  isOn: state => state.list === kind,
})

const said = words.commands

export const undo: Command = {
  id: "undo",
  label: said.undo,
  icon: "undo",
  keys: "Mod Z",
  run: ["undo"],
  isOff: state => !state.canUndo,
}
export const redo: Command = {
  id: "redo",
  label: said.redo,
  icon: "redo",
  keys: "Mod Shift Z",
  run: ["redo"],
  isOff: state => !state.canRedo,
}
export const bold = mark("bold", said.bold, "bold", "Mod B")
export const italic = mark("italic", said.italic, "italic", "Mod I")
export const underline = mark("underline", said.underline, "underline", "Mod U")
export const strike = mark("strike", said.strike, "strike", "Alt Shift 5")
export const code = mark("code", said.code, "code", "Mod E")
export const highlight = mark("highlight", said.highlight, "highlight", "Mod Shift H")
/** Asks for an address first: the screen opens the link sheet instead of running it at once. */
export const link = mark("link", said.link, "link", "Mod K")
export const bulletList = list("bullet", said.bulletList, "bulletList", "Mod Shift 8")
export const numberedList = list("ordered", said.numberedList, "numberedList", "Mod Shift 7")
export const taskList = list("task", said.taskList, "taskList", "Mod Shift 9")
export const quote: Command = {
  id: "quote",
  label: said.quote,
  icon: "blockQuote",
  keys: "Mod Shift .",
  run: ["quote"],
  isOn: state => state.quote,
}
export const codeBlock: Command = {
  id: "code-block",
  label: said.codeBlock,
  icon: "codeBlock",
  keys: "Mod Alt C",
  run: ["codeBlock"],
  isOn: state => state.block === "code_block",
}
export const divider: Command = { id: "divider", label: said.divider, icon: "divider", run: ["divider"] }
export const indent: Command = {
  id: "indent",
  label: said.indent,
  icon: "indent",
  keys: "Mod ]",
  run: ["indent"],
}
export const outdent: Command = {
  id: "outdent",
  label: said.outdent,
  icon: "outdent",
  keys: "Mod [",
  run: ["outdent"],
}

/** Groups of the desk's toolbar after the style menu; a group that does not fit moves into More whole. */
export const GROUPS: readonly (readonly Command[])[] = [
  [bold, italic, underline, strike, code, highlight],
  [link],
  [bulletList, numberedList, taskList],
  [quote, codeBlock, divider],
  [outdent, indent],
]

export interface BlockStyle {
  readonly label: string
  readonly level: number | null
  readonly keys: string
  readonly run: Command["run"]
}

export const STYLES: readonly BlockStyle[] = [
  { label: said.paragraph, level: null, keys: "Mod Alt 0", run: ["paragraph"] },
  { label: said.heading(1), level: 1, keys: "Mod Alt 1", run: ["heading", { level: 1 }] },
  { label: said.heading(2), level: 2, keys: "Mod Alt 2", run: ["heading", { level: 2 }] },
  { label: said.heading(3), level: 3, keys: "Mod Alt 3", run: ["heading", { level: 3 }] },
]

/** The style at the caret; null in a block that is none of them (code, a divider). */
export function styleAt(state: ToolbarState): BlockStyle | null {
  if (state.block === "heading") return STYLES.find(style => style.level === state.level) ?? null
  return state.block === "paragraph" ? (STYLES[0] ?? null) : null
}

/** Whether this is a machine with a ⌘ key. */
export const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform)

/** "Mod Shift 8" as this machine writes it: "Ctrl+Shift+8", or "⌘⇧8" on Apple. */
export function shortcut(keys: string, apple: boolean): string {
  const parts = keys.split(" ")
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
