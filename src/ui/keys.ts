// Keys that hold anywhere on the screen of a document, in the text or out of it, and the verbs they stand for. The
// keys themselves are in the one table of shortcuts.ts; the keys of writing are the editor's own.
import { useEffect, useRef } from "preact/hooks"
import { shortcutOf } from "../editor/shortcuts"
import { isApple } from "./commands"

/**
 * What the screen does, by the ids of the commands: keys, the palette and menus ask for it. What is absent cannot be
 * done here; a verb that gives false did nothing, and the browser may do what it does with the key.
 */
export type ScreenVerbs = Readonly<Partial<Record<string, () => unknown>>>

export function useScreenKeys(screen: { readonly current: HTMLElement | null }, verbs: ScreenVerbs): void {
  const latest = useRef(verbs)
  latest.current = verbs
  useEffect(() => {
    const element = screen.current
    if (element === null) return
    const apple = isApple()
    const onKeyDown = (event: KeyboardEvent) => {
      const id = shortcutOf(event, "screen", apple)
      const verb = id === null ? undefined : latest.current[id]
      if (verb === undefined || verb() === false) return
      event.preventDefault()
      event.stopPropagation()
    }
    element.addEventListener("keydown", onKeyDown, true)
    return () => element.removeEventListener("keydown", onKeyDown, true)
  }, [screen])
}

/** To the toolbar's button that had the focus last. */
export function focusToolbar(screen: HTMLElement | null): boolean {
  const tool = screen?.querySelector<HTMLElement>('.toolbar .tool[tabindex="0"], .format-bar .tool')
  tool?.focus()
  return tool != null
}
