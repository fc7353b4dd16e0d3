// Every key of Sheaf in one table: the editor's keymap, the screen's keys, the tooltips, the sheet of shortcuts and
// the command palette all read it. It is data and a comparison; what a command does is said elsewhere, by its id.
// (The list is the one people know from other editors. Enter, Backspace and Tab are typing, and typing.ts's.)

/** What a key runs in the editor: the name of a command and what it is told. */
export type Run = readonly [name: string, args?: Readonly<Record<string, unknown>>]

export interface Shortcut {
  /** "Mod Shift 7": Mod is Ctrl, or ⌘ on Apple. Alternatives follow; the first is the one that is shown. */
  readonly keys: readonly [string, ...string[]]
  /** The editor's command; absent: the screen around it knows what to do. */
  readonly run?: Run
}

const of = (keys: string | readonly [string, ...string[]], ...run: [] | Run): Shortcut => {
  const all: readonly [string, ...string[]] = typeof keys === "string" ? [keys] : keys
  const [name, args] = run
  if (name === undefined) return { keys: all }
  return { keys: all, run: args === undefined ? [name] : [name, args] }
}

/** By the id of the command. Mod S, Mod P and the like hold anywhere; what runs in the editor, in the text only. */
export const SHORTCUTS = {
  undo: of("Mod Z", "undo"),
  redo: of(["Mod Shift Z", "Mod Y"], "redo"),
  bold: of("Mod B", "bold"),
  italic: of("Mod I", "italic"),
  underline: of("Mod U", "underline"),
  strike: of(["Alt Shift 5", "Mod Shift X"], "strike"),
  code: of("Mod E", "code"),
  highlight: of("Mod Shift H", "highlight"),
  link: of("Mod K"),
  "open-link": of("Alt Enter", "openLink"),
  paragraph: of("Mod Alt 0", "paragraph"),
  "heading-1": of("Mod Alt 1", "heading", { level: 1 }),
  "heading-2": of("Mod Alt 2", "heading", { level: 2 }),
  "heading-3": of("Mod Alt 3", "heading", { level: 3 }),
  "ordered-list": of("Mod Shift 7", "list", { kind: "ordered" }),
  "bullet-list": of("Mod Shift 8", "list", { kind: "bullet" }),
  "task-list": of("Mod Shift 9", "list", { kind: "task" }),
  tick: of("Mod Enter", "tick"),
  quote: of("Mod Shift .", "quote"),
  "code-block": of("Mod Alt C", "codeBlock"),
  indent: of("Mod ]", "indent"),
  outdent: of("Mod [", "outdent"),
  "move-up": of("Alt Shift ↑", "moveUp"),
  "move-down": of("Alt Shift ↓", "moveDown"),
  "line-break": of("Shift Enter", "hardBreak"),
  "paste-plain": of("Mod Shift V"),
  find: of("Mod F"),
  replace: of(["Mod H", "Mod Alt F"]),
  "find-next": of("Mod G"),
  "find-previous": of("Mod Shift G"),
  outline: of("Mod Alt O"),
  focus: of("Mod Shift F"),
  comment: of("Mod Alt M"),
  "next-comment": of("Mod Alt N"),
  "previous-comment": of("Mod Alt P"),
  suggesting: of("Mod Alt Shift X"),
  palette: of(["Mod /", "Mod Shift P"]),
  keys: of("Mod Shift /"),
  toolbar: of("Alt F10"),
  leave: of("Esc Tab"),
  save: of("Mod S"),
  print: of("Mod P"),
} as const satisfies Record<string, Shortcut>

export type ShortcutId = keyof typeof SHORTCUTS

const CODES: Readonly<Record<string, string>> = {
  ".": "Period",
  "/": "Slash",
  "[": "BracketLeft",
  "]": "BracketRight",
}
const NAMES: Readonly<Record<string, string>> = { "↑": "arrowup", "↓": "arrowdown" }

/**
 * Whether an event is the pressing of these keys. Layouts differ: a digit is known by its place, a letter by what it
 * types or, where that is no Latin letter, by its place. Ctrl+Alt that is really AltGr types a character and is none.
 * @param apple whether Mod is ⌘
 */
export function isPressed(event: KeyboardEvent, keys: string, apple: boolean): boolean {
  const parts = keys.split(" ")
  const key = parts.at(-1) ?? ""
  const [mod, other] = apple ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey]
  if (other || mod !== parts.includes("Mod")) return false
  if (event.altKey !== parts.includes("Alt") || event.shiftKey !== parts.includes("Shift")) return false
  // Phones' keyboards send no real key events: ProseMirror makes bare ones, without modifiers to ask for.
  if (event.altKey && event instanceof KeyboardEvent && event.getModifierState("AltGraph")) return false
  const typed = event.key.toLowerCase()
  if (/^[0-9]$/.test(key)) return event.code === `Digit${key}`
  if (/^[A-Z]$/.test(key))
    return typed === key.toLowerCase() || (!/^[a-z]$/.test(typed) && event.code === `Key${key}`)
  if (typed === (NAMES[key] ?? key.toLowerCase())) return true
  // With Shift a sign's key types another: it is known by its place. Without, its place may be another sign's.
  return (event.shiftKey || !/^[ -~]$/.test(typed)) && event.code === CODES[key]
}

/** The id of the shortcut that was pressed, among those that the text (or the screen) answers to; null: none. */
export function shortcutOf(
  event: KeyboardEvent,
  where: "text" | "screen",
  apple: boolean,
): ShortcutId | null {
  if (!event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey) return null
  for (const id of Object.keys(SHORTCUTS) as ShortcutId[]) {
    const shortcut: Shortcut = SHORTCUTS[id]
    if ((shortcut.run !== undefined) !== (where === "text")) continue
    if (shortcut.keys.some(keys => isPressed(event, keys, apple))) return id
  }
  return null
}
