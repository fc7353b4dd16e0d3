// Which keys call which command (the list people know from other editors). Keys whose character differs
// between keyboard layouts are matched by their place on the keyboard too, and Ctrl+Alt that is really AltGr,
// as on many European layouts, is left to type its character.
import { chainCommands, selectAll } from "prosemirror-commands"
import { undoInputRule } from "prosemirror-inputrules"
import { keydownHandler } from "prosemirror-keymap"
import { type Command, Plugin } from "prosemirror-state"
import { schema } from "../content/schema"
import * as commands from "./commands"
import { backspace, deleteForward, enter } from "./typing"

/** Undo and redo are the binding's: they are about one's own changes of the text, not of the editor. */
export interface History {
  undo(): boolean
  redo(): boolean
}

/** @param apple whether Mod is ⌘ */
export function keys(history: History, apple: boolean): Plugin[] {
  return [leaving(), new Plugin({ props: { handleKeyDown: onKeyDown(history, apple) } })]
}

function onKeyDown(history: History, apple: boolean) {
  const marks = schema.marks
  const undo: Command = (_state, dispatch) => dispatch === undefined || history.undo() || true
  const redo: Command = (_state, dispatch) => dispatch === undefined || history.redo() || true
  const byName = keydownHandler({
    "Mod-z": undo,
    "Mod-Shift-z": redo,
    "Mod-y": redo,
    "Mod-b": commands.mark(marks.bold),
    "Mod-i": commands.mark(marks.italic),
    "Mod-u": commands.mark(marks.underline),
    "Mod-e": commands.mark(marks.code),
    "Mod-Shift-x": commands.mark(marks.strike),
    "Mod-Shift-h": commands.mark(marks.highlight),
    "Mod-Enter": commands.tick,
    "Alt-Enter": openLink,
    "Mod-]": commands.indent(1),
    "Mod-[": commands.indent(-1),
    "Mod-a": selectAll,
    Tab: commands.indentList(1),
    "Shift-Tab": commands.indentList(-1),
    "Alt-Shift-ArrowUp": commands.move(-1),
    "Alt-Shift-ArrowDown": commands.move(1),
    Enter: enter,
    "Shift-Enter": commands.hardBreak,
    Backspace: chainCommands(undoInputRule, backspace),
    "Shift-Backspace": backspace,
    Delete: deleteForward,
  })
  // By the key's place: modifiers in the order Mod, Alt, Shift.
  const byPlace: Readonly<Record<string, Command>> = {
    "Alt Shift Digit5": commands.mark(marks.strike),
    "Mod Alt Digit0": commands.paragraph,
    "Mod Alt Digit1": commands.heading(1),
    "Mod Alt Digit2": commands.heading(2),
    "Mod Alt Digit3": commands.heading(3),
    "Mod Shift Digit7": commands.list("ordered"),
    "Mod Shift Digit8": commands.list("bullet"),
    "Mod Shift Digit9": commands.list("task"),
    "Mod Shift Period": commands.quote,
    "Mod Alt KeyC": commands.codeBlock,
  }
  return (view: Parameters<typeof byName>[0], event: KeyboardEvent): boolean => {
    // Phones' keyboards send no real key events: ProseMirror makes bare ones, without modifiers to ask for.
    const alternativeGraphic = event instanceof KeyboardEvent && event.getModifierState("AltGraph")
    if (!alternativeGraphic) {
      const mod = apple ? event.metaKey : event.ctrlKey
      const other = apple ? event.ctrlKey : event.metaKey
      const place = `${mod ? "Mod " : ""}${event.altKey ? "Alt " : ""}${event.shiftKey ? "Shift " : ""}${event.code}`
      const command = other ? undefined : byPlace[place]
      if (command?.(view.state, view.dispatch, view)) return true
    } else if (event.ctrlKey && event.altKey) {
      return false
    }
    return byName(view, event)
  }
}

/** Opens the link at the caret in another tab, which learns nothing of this one. */
const openLink: Command = (state, _dispatch, view) => {
  const href = commands.linkAt(state)
  if (href === null) return false
  view?.dom.ownerDocument.defaultView?.open(href, "_blank", "noopener,noreferrer")
  return true
}

/** Escape, then Tab, leaves the text: without it a keyboard could get in but not out (WCAG 2.1.2). */
function leaving(): Plugin {
  let escaped = false
  return new Plugin({
    props: {
      handleDOMEvents: {
        // Returning true keeps ProseMirror from the key without preventing what the browser does with it.
        keydown: (_view, event) => {
          const leaves = escaped && event.key === "Tab"
          if (event.key !== "Shift") escaped = event.key === "Escape"
          return leaves
        },
        blur: () => {
          escaped = false
          return false
        },
      },
    },
  })
}
