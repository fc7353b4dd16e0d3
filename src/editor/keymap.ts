// Which keys call which command. What people look up is the table of shortcuts.ts; here are the keys of typing, and
// how a key reaches its command. Ctrl+Alt that is really AltGr, as on many European layouts, types its character.
import { chainCommands, selectAll } from "prosemirror-commands"
import { undoInputRule } from "prosemirror-inputrules"
import { keydownHandler } from "prosemirror-keymap"
import { type Command, Plugin, Selection } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import * as commands from "./commands"
import { deleteAcross } from "./delete"
import { commandNamed } from "./named"
import { SHORTCUTS, type Shortcut, shortcutOf } from "./shortcuts"
import { arrow, enterInTable, intoTable, nextCell } from "./tables"
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
  const typing = keydownHandler({
    "Mod-a": selectAll,
    // In a table the browser's own go no further than the cell.
    "Mod-Home": toEnd(-1),
    "Mod-End": toEnd(1),
    Tab: chainCommands(nextCell(1), commands.indentList(1)),
    "Shift-Tab": chainCommands(nextCell(-1), commands.indentList(-1)),
    ArrowUp: arrow(-1),
    ArrowDown: arrow(1),
    Enter: chainCommands(enterInTable, enter),
    Backspace: chainCommands(undoInputRule, deleteAcross, intoTable(-1), backspace),
    "Shift-Backspace": chainCommands(deleteAcross, intoTable(-1), backspace),
    Delete: chainCommands(deleteAcross, intoTable(1), deleteForward),
  })
  return (view: EditorView, event: KeyboardEvent): boolean => {
    const id = shortcutOf(event, "text", apple)
    if (id === null) return typing(view, event)
    const { run }: Shortcut = SHORTCUTS[id]
    // Nothing to take back is no reason for the browser to take something back.
    if (id === "undo") return history.undo() || true
    if (id === "redo") return history.redo() || true
    if (run === undefined) return false
    return commandNamed(run)?.(view.state, view.dispatch, view) ?? false
  }
}

function toEnd(side: -1 | 1): Command {
  return (state, dispatch) => {
    if (state.selection.$head.depth < 2) return false
    const { tr, doc } = state
    tr.setSelection(side < 0 ? Selection.atStart(doc) : Selection.atEnd(doc))
    dispatch?.(tr.scrollIntoView())
    return true
  }
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
