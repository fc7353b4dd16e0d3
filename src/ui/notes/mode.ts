// What typing does in an open document: one's right says what it may be, the switch and a key say what it is.
import { useCallback, useLayoutEffect, useState } from "preact/hooks"
import { type App, mayWrite, type OpenDocument } from "../../app/model"
import type { Editor, Mode } from "../editing"
import { announce } from "../Live"
import { words } from "../words"

export interface ModeInHand {
  readonly mode: Mode
  readonly setMode: (mode: Mode) => void
  /** Suggesting on or off; null: nothing may be suggested here. */
  readonly toggle: (() => void) | null
}

/** @param tell shows a short answer to something that was just done */
export function useMode(
  app: App,
  open: OpenDocument,
  editor: Editor | null,
  tell: (said: string) => void,
): ModeInHand {
  const { notes, right } = open
  const usual: Mode = mayWrite(right) ? "editing" : notes.maySuggest ? "suggesting" : "reading"
  // Chosen for this opening: a document that has just arrived comes with a right of its own.
  const [chosen, choose] = useState<{ readonly of: OpenDocument; readonly mode: Mode } | null>(null)
  const mode = chosen?.of === open ? chosen.mode : usual

  useLayoutEffect(() => {
    editor?.notes.suggestTo({
      suggest: (anchor, change) => notes.suggest(anchor, change),
      revise: (note, anchor, change) => notes.revise(note, anchor, change),
      remove: note => notes.remove(note),
      colour: () => app.me.peek().colour,
      refused: () => {
        announce(words.notes.cannotSuggest)
        tell(words.notes.cannotSuggest)
      },
    })
    editor?.setMode(mode)
  }, [app, editor, notes, mode, tell])

  const setMode = useCallback(
    (wanted: Mode) => {
      choose({ of: open, mode: wanted })
      announce(words.notes.mode.now(words.notes.mode[wanted]))
      editor?.focus()
    },
    [editor, open],
  )
  const other: Mode = mode === "suggesting" ? (mayWrite(right) ? "editing" : "reading") : "suggesting"
  return { mode, setMode, toggle: notes.maySuggest ? () => setMode(other) : null }
}
