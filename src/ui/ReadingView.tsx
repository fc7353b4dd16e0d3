// The reading view: the same text as an ordinary page, with real lists, quotes and tables, no caret and no textbox, so
// that a screen reader's own keys find their way in it. It follows what others write, in pauses.
import { useEffect, useRef } from "preact/hooks"
import type { Editor } from "./editing"
import { words } from "./words"

interface ReadingViewProps {
  readonly editor: Editor
  readonly title: string
  readonly onClose: () => void
}

const PAUSE_MS = 400

export function ReadingView({ editor, title, onClose }: ReadingViewProps) {
  const page = useRef<HTMLElement>(null)
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const draw = () => page.current?.replaceChildren(editor.around.page())
    draw()
    let timer = 0
    const stop = editor.around.onChange(() => {
      clearTimeout(timer)
      timer = window.setTimeout(draw, PAUSE_MS)
    })
    close.current?.focus()
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [editor])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is a second way out, beside the button
    <div
      class="reading"
      onKeyDown={event => {
        if (event.key === "Escape") onClose()
      }}
    >
      <p class="reading-bar">
        <span>{words.reading.on}</span>
        <button ref={close} type="button" class="button small" onClick={onClose}>
          {words.reading.leave}
        </button>
      </p>
      <article ref={page} class="ProseMirror reading-page" aria-label={title} dir="auto" />
    </div>
  )
}
