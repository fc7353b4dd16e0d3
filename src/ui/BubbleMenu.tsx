// The few commands that float by a selection made with a mouse or the keyboard. A convenience and no more:
// never for touch, where the system has a menu of its own; never in the Tab order, for the toolbar has all
// of it; gone on Escape, on scrolling, and while a selection is still being drawn.
import { computePosition, flip, inline, offset, shift } from "@floating-ui/dom"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import type { Command } from "./commands"
import * as commands from "./commands"
import type { ToolbarState } from "./editing"
import { CommandButton } from "./Toolbar"
import { words } from "./words"

const SETTLE_MS = 150
const SHOWN: readonly Command[] = [
  commands.bold,
  commands.italic,
  commands.highlight,
  commands.link,
  commands.comment,
]

interface BubbleMenuProps {
  readonly state: ToolbarState
  /** Who may not write the text can still comment on it. */
  readonly onlyComment?: boolean
  readonly onCommand: (command: Command["run"]) => void
}

export function BubbleMenu({ state, onlyComment = false, onCommand }: BubbleMenuProps) {
  const bubble = useRef<HTMLDivElement>(null)
  const range = useSettledSelection()

  useLayoutEffect(() => {
    const element = bubble.current
    if (range === null || element === null) return
    void computePosition(range, element, {
      placement: "top",
      strategy: "fixed",
      middleware: [inline(), offset(8), flip({ padding: 8 }), shift({ padding: 8 })],
    }).then(({ x, y }) => {
      element.style.left = `${x}px`
      element.style.top = `${y}px`
    })
  }, [range])

  if (range === null || (state.block === "code_block" && !onlyComment)) return null
  return (
    <div ref={bubble} class="bubble" role="toolbar" aria-label={words.editor.selection}>
      {(onlyComment ? [commands.comment] : SHOWN).map(command => (
        <CommandButton key={command.id} command={command} state={state} onCommand={onCommand} tabIndex={-1} />
      ))}
    </div>
  )
}

/** The selection in the text once it has been still for a moment; null when there is none to act on. */
function useSettledSelection(): Range | null {
  const [range, setRange] = useState<Range | null>(null)
  useEffect(() => {
    if (!matchMedia("(hover: hover) and (pointer: fine)").matches) return
    let timer = 0
    let drawing = false
    const hide = () => {
      clearTimeout(timer)
      setRange(null)
    }
    const settle = () => {
      hide()
      if (!drawing) timer = window.setTimeout(() => setRange(selectionInText()), SETTLE_MS)
    }
    const onDown = (event: PointerEvent) => {
      // A press on the bubble itself acts on the selection: it does not end it.
      if (onBubble(event)) return
      drawing = true
      hide()
    }
    const onUp = (event: PointerEvent) => {
      drawing = false
      if (!onBubble(event)) settle()
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide()
    }
    const stop = new AbortController()
    const { signal } = stop
    document.addEventListener("selectionchange", settle, { signal })
    document.addEventListener("pointerdown", onDown, { signal, capture: true })
    document.addEventListener("pointerup", onUp, { signal, capture: true })
    document.addEventListener("keydown", onKey, { signal })
    document.addEventListener("scroll", hide, { signal, capture: true, passive: true })
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [])
  return range
}

const onBubble = (event: Event): boolean =>
  event.target instanceof Element && event.target.closest(".bubble") !== null

function selectionInText(): Range | null {
  const selection = document.getSelection()
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  const at = range.commonAncestorContainer
  const element = at instanceof Element ? at : at.parentElement
  const inText = element?.closest(".surface .ProseMirror") != null
  // A picture that is selected whole is no words, although its caption is among them.
  if (element?.querySelector("figure.is-selected") != null || element?.closest("figure.is-selected") != null)
    return null
  // A selected divider has no words to be made bold.
  return inText && range.toString().trim() !== "" ? range : null
}
