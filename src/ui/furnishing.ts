// A bare text becomes a whole editor: how the desk does that, and what the editor tells it from then on.
import { useCallback, useEffect, useLayoutEffect, useState } from "preact/hooks"
import type { OpenDocument } from "../app/model"
import { furnish } from "../editor/editor"
import { type BareEditor, type Editor, NO_STATE, type ToolbarState } from "./editing"
import { words } from "./words"

interface Furnished {
  /** Null until it is whole, and when it is gone. */
  readonly editor: Editor | null
  readonly state: ToolbarState
  /** Puts plain text in the place of what was just pasted with its formats; null: nothing was. */
  readonly pasted: (() => void) | null
  readonly pastedOver: () => void
}

export function useFurnished(text: BareEditor | null, open: OpenDocument): Furnished {
  const [editor, setEditor] = useState<Editor | null>(null)
  const [state, setState] = useState<ToolbarState>(NO_STATE)
  const [pasted, setPasted] = useState<(() => void) | null>(null)
  const carets = open.carets.value

  useLayoutEffect(() => {
    if (text === null) return
    const whole = furnish(text, {
      onCaret: caret => open.caretMoved(caret),
      onState: setState,
      onFormatted: keepPlain => setPasted(() => keepPlain),
    })
    setEditor(whole)
    return () => setEditor(null)
  }, [text, open])

  useEffect(() => {
    editor?.setCarets(carets.map(caret => ({ ...caret, name: caret.name ?? words.people.you })))
  }, [editor, carets])

  const pastedOver = useCallback(() => setPasted(null), [])
  return { editor, state, pasted, pastedOver }
}
