// Keys that hold anywhere on the screen of a document, in the text or out of it. The keys of writing are the
// editor's own.
import { useEffect, useRef } from "preact/hooks"
import { isApple } from "./commands"

export interface ScreenKeys {
  /** null: there is nothing to link for somebody who only reads. */
  readonly onLink: (() => void) | null
  readonly onKeys: () => void
  readonly onSave: () => void
}

/** Keys that hold anywhere on the screen: to the toolbar, the link sheet, "is it saved?", the list of keys. */
export function useScreenKeys(screen: { readonly current: HTMLElement | null }, keys: ScreenKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const element = screen.current
    if (element === null) return
    const apple = isApple()
    const onKeyDown = (event: KeyboardEvent) => {
      // On Apple Ctrl K cuts a line and Ctrl S is free: only ⌘ is meant there.
      const mod = apple ? event.metaKey : event.ctrlKey
      if (event.altKey && event.key === "F10") {
        element.querySelector<HTMLElement>('.toolbar .tool[tabindex="0"], .format-bar .tool')?.focus()
      } else if (mod && !event.altKey && event.key.toLowerCase() === "s") {
        latest.current.onSave()
      } else if (mod && !event.altKey && event.key.toLowerCase() === "k" && latest.current.onLink !== null) {
        latest.current.onLink()
      } else if (mod && event.shiftKey && event.code === "Slash") {
        latest.current.onKeys()
      } else {
        return
      }
      event.preventDefault()
      event.stopPropagation()
    }
    element.addEventListener("keydown", onKeyDown, true)
    return () => element.removeEventListener("keydown", onKeyDown, true)
  }, [screen])
}
