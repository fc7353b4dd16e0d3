// The tools around the text as one state: which of them are open, and the verbs by which keys, menus and the palette
// open them. What each looks like is its own file's, and comes when it is first asked for.
import { useEffect, useRef, useState } from "preact/hooks"
import type { Editor } from "./editing"
import type { ScreenVerbs } from "./keys"
import { announce } from "./Live"
import { useHeadings } from "./Outline"
import { words } from "./words"

/** From so many headings on, the outline is there without being asked for. */
const HEADINGS_SHOWN = 3

export interface WritingTools {
  readonly bar: "find" | "replace" | null
  readonly outline: boolean
  readonly focusing: boolean
  readonly reading: boolean
  closeBar(): void
  closeOutline(): void
  stopReading(): void
  readonly verbs: ScreenVerbs
}

/** The name in an address's fragment that a heading's link has; null: it has none. */
export function linkedHeading(hash: string): string | null {
  return /^#h=([\w.-]{1,60})$/.exec(hash)?.[1] ?? null
}

/** @param roomy whether there is room beside the sheet for an outline that nobody asked for */
export function useWritingTools(editor: Editor | null, editable: boolean, roomy: boolean): WritingTools {
  const [bar, setBar] = useState<WritingTools["bar"]>(null)
  const [wanted, setWanted] = useState<boolean | null>(null)
  const [focusing, setFocusing] = useState(false)
  const [reading, setReading] = useState(false)
  const { headings } = useHeadings(editor)
  const outline = wanted ?? (roomy && headings.length >= HEADINGS_SHOWN)

  // A link to a heading leads to it, once the text is there.
  const linked = useRef(linkedHeading(location.hash))
  useEffect(() => {
    const heading = headings.find(each => each.id !== null && each.id === linked.current)
    if (editor === null || heading === undefined) return
    linked.current = null
    editor.around.goTo(heading.start)
  }, [editor, headings])

  useEffect(() => {
    if (editor === null) return
    editor.around.setFocusMode(focusing)
    if (!focusing) return
    const onKey = (event: KeyboardEvent) => {
      // What lies over the text, or beside it, is closed first.
      if (event.key !== "Escape" || document.querySelector("dialog[open], .completion, .find-bar")) return
      setFocusing(false)
      announce(words.focus.ended)
    }
    document.addEventListener("keydown", onKey, true)
    return () => document.removeEventListener("keydown", onKey, true)
  }, [editor, focusing])

  const find = (kind: "find" | "replace") => () => {
    const field = document.querySelector<HTMLElement>(".find-bar .find-field")
    // The second time it is the browser's own search that is meant.
    if (kind === "find" && field !== null && document.activeElement === field) return false
    setBar(kind)
    field?.focus()
    return true
  }
  const step = (by: -1 | 1) => () => {
    if (editor === null || bar === null) return false
    editor.find.step(editor.view, by)
    return true
  }
  return {
    bar,
    outline,
    focusing,
    reading,
    closeBar: () => setBar(null),
    closeOutline: () => setWanted(false),
    stopReading: () => {
      setReading(false)
      editor?.focus()
    },
    verbs:
      editor === null
        ? {}
        : {
            find: find("find"),
            ...(editable ? { replace: find("replace") } : {}),
            "find-next": step(1),
            "find-previous": step(-1),
            outline: () => setWanted(!outline),
            focus: () => setFocusing(!focusing),
            reading: () => setReading(!reading),
          },
  }
}
