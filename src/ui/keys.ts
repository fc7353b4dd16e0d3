// Keys that hold anywhere on the screen of a document, in the text or out of it, and the verbs they stand for. The
// keys themselves are in the one table of shortcuts.ts; the keys of writing are the editor's own.
import { useCallback, useEffect, useRef } from "preact/hooks"
import { shortcutOf } from "../editor/shortcuts"

/**
 * What the screen does, by the ids of the commands: keys, the palette and menus ask for it. What is absent cannot be
 * done here; a verb that gives false did nothing, and the browser may do what it does with the key.
 */
export type ScreenVerbs = Readonly<Partial<Record<string, () => unknown>>>

/** Whether this is a machine with a ⌘ key. */
export const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform)

/** The key that the browser itself answers, and the editor when it pastes. */
const THE_BROWSERS = "paste-plain"

/**
 * Listens on the whole screen. Its result takes the verbs as they are now; a key that was pressed before there were any
 * is answered with the first of them.
 */
export function useScreenKeys(screen: {
  readonly current: HTMLElement | null
}): (verbs: ScreenVerbs) => void {
  const latest = useRef<ScreenVerbs | null>(null)
  const early = useRef<string | null>(null)
  useEffect(() => {
    const element = screen.current
    if (element === null) return
    const apple = isApple()
    const onKeyDown = (event: KeyboardEvent) => {
      const id = shortcutOf(event, "screen", apple)
      if (id === null || id === THE_BROWSERS) return
      if (latest.current === null) early.current = id
      else {
        const verb = latest.current[id]
        if (verb === undefined || verb() === false) return
      }
      event.preventDefault()
      event.stopPropagation()
    }
    element.addEventListener("keydown", onKeyDown, true)
    return () => element.removeEventListener("keydown", onKeyDown, true)
  }, [screen])
  return useCallback(verbs => {
    latest.current = verbs
    const id = early.current
    early.current = null
    if (id !== null) verbs[id]?.()
  }, [])
}

/** To the toolbar's button that had the focus last. */
export function focusToolbar(screen: HTMLElement | null): boolean {
  const tool = screen?.querySelector<HTMLElement>('.toolbar .tool[tabindex="0"], .format-bar .tool')
  tool?.focus()
  return tool != null
}
